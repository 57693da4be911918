"""The demo estate: made from a fixed seed, the same each time, and nobody's."""

import random
import time
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import Flask, current_app
from sqlalchemy import func, select

from app.act import ledgers
from app.act.bulk import tell
from app.ground import clock
from app.ground.database import db, writing
from app.people.users import Office, User
from models.custody.key_loan import KeyLoan, mark_those_out
from models.custody.release_slip import ReleaseSlip
from models.custody.storage import Storage
from models.premises.vacancy_change import VacancyChange
from models.premises.vacancy_ledger import VacancyLedger
from models.service.communication_record import CommunicationRecord
from models.service.complaint import Complaint
from models.service.interview import Interview
from models.service.violation import Violation
from models.service.work_order import WorkOrder
from seeds import (
    complaints,
    contacts,
    estate,
    keys,
    lending,
    releases,
    repairs,
    shifts,
    storing,
    vacancies,
    violations,
)


def fill(units: int, records: int, seed: int, each: int = 0) -> None:
    """Make the estate and its records: of each hundred 90 work orders, 4 complaints and 6 key loans; the
    other forms beside, each by its own share. Or so many of ``each`` form, as far as an estate has them.
    """

    def share(percent: float) -> int:
        return each or int(records * percent) // 100

    chance, now = random.Random(seed), clock.now().replace(second=0, microsecond=0)
    span = min(1460, max(30, (each or records) * 36 // max(units, 1)))
    made = estate.make(units, chance, now - timedelta(days=span + 2))
    tell(WorkOrder, repairs.stories(share(90), made, now, chance))
    tell(Complaint, complaints.stories(share(4), made, now, chance))
    tell(KeyLoan, keys.loans(share(6), keys.register(made, chance), made, now, chance))
    mark_those_out()
    tell(Violation, violations.stories(share(2), made, now, seed))
    tell(ReleaseSlip, releases.stories(share(3), made, now, seed))
    tell(CommunicationRecord, contacts.communications(share(3), made, now, seed))
    contacts.pass_on(made)
    tell(Interview, contacts.interviews(share(2), made, now, seed))
    shifts.fill(share(2.5), made, now, random.Random(f"{seed} duty_log"))
    lending.fill(share(3), made, now, random.Random(f"{seed} item loan"))
    tell(Storage, storing.stories(share(2), made, now, random.Random(f"{seed} storage")))
    mine = random.Random(f"{seed} vacancy_change")
    tell(VacancyChange, vacancies.changes(share(6), made, now, mine))
    for _line in ledgers.remade(VacancyLedger):
        pass
    db.session.commit()


@click.command("demo")
@click.option("--units", default=600, show_default=True, type=click.IntRange(4, 200_000))
@click.option("--records", default=3000, show_default=True, type=click.IntRange(0, 5_000_000))
@click.option("--each", default=0, help="So many of every form instead.", type=click.IntRange(0, 1_000_000))
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--now", "at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="The office's time to make it for."
)
@click.option("--if-empty", is_flag=True, help="Do nothing where there is data.")
def demo(units: int, records: int, each: int, seed: int, at: datetime | None, if_empty: bool) -> None:
    """Fill an empty database with a demo estate; its people, numbers and stories are generated."""
    there = (
        db.session.execute(select(func.count()).select_from(Office)).scalar_one()
        + db.session.execute(select(func.count()).select_from(User)).scalar_one()
    )
    unfinished = Path(current_app.config["SETTINGS"].data_dir) / "demo-unfinished"
    if there:
        if unfinished.exists():
            where = db.engine.url.render_as_string()
            raise click.ClickException(
                f"An earlier filling of {where} broke off, and left only generated data. Please empty it,"
                " then fill it again."
            )
        if not if_empty:
            raise click.ClickException(
                "This database isn't empty; the demo estate only goes into an empty one."
            )
        return
    started = time.monotonic()
    unfinished.touch()
    with writing(), clock.set_to(clock.from_local(at) if at else clock.now()):
        fill(units, records, seed, each)
        db.session.commit()
    unfinished.unlink()
    made = f"{each:,} records of each form" if each else f"{records:,} records"
    click.echo(f"{units:,} units and {made}, all generated, in {time.monotonic() - started:.0f} s.")


def init(app: Flask) -> None:
    """Register the command."""
    app.cli.add_command(demo)
