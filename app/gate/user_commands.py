"""``flask user add|disable|password``: how the first people come in, and the way back for one who is locked
out.
"""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.act import saving
from app.declare import duties
from app.declare.person import SYSTEM
from app.gate import passwords, sign_in, tries
from app.ground import clock, database
from app.ground.database import db
from app.ground.language import gettext as _
from app.people.users import Area, Office, User, name_taken

user = AppGroup("user", help="The people who sign in.")


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role", "roles", multiple=True, required=True, help="A role's name; may be given several times."
)
@click.option("--office", "code", default="", help="The code of the office; needed where there are several.")
@click.option("--office-name", default="", help="The name of the first office, made when there is none.")
@click.option(
    "--area",
    "areas",
    multiple=True,
    help="A building the person is responsible for; may be given several times.",
)
@click.option("--password", default="", help="Without it one is generated and printed once.")
def add(
    username: str,
    name: str,
    roles: tuple[str, ...],
    code: str,
    office_name: str,
    areas: tuple[str, ...],
    password: str,
) -> None:
    """Add somebody who signs in."""
    try:
        username = User.fields["username"].kind.parse(username)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if unknown := [role for role in roles if role not in duties.roles]:
        raise click.ClickException(
            _(
                "There is no role %(role)s; there are %(roles)s.",
                role=unknown[0],
                roles=", ".join(duties.roles),
            )
        )
    kept, told = _new_password(password, username)
    with database.writing():
        db.session.rollback()
        if name_taken(username):
            raise click.ClickException(_("There is already a user %(username)s.", username=username))
        office = _office(code, office_name)
        account = User(
            office_id=office.id,
            full_name=name,
            username=username,
            roles=list(dict.fromkeys(roles)),
            areas=_areas(areas, office),
            password_hash=kept,
            one_time_until=clock.now() + passwords.ONE_TIME if told else None,
        )
        saving.add(account, SYSTEM)
        db.session.commit()
    click.echo(_("Added %(username)s.", username=username))
    _tell(told)


@user.command("disable")
@click.argument("username")
def disable(username: str) -> None:
    """Disable an account; it is out at its next request."""
    with database.writing():
        db.session.rollback()
        account = _user(username)
        with saving.changing(account, SYSTEM, "edit"):
            account.active = False
        sign_in.end_all(account.id)
        db.session.commit()
    click.echo(_("Disabled %(username)s.", username=username))


@user.command("password")
@click.argument("username")
@click.option("--password", default="", help="Without it one is generated and printed once.")
def new_password(username: str, password: str) -> None:
    """Set a new password, lift a lock and sign the person out everywhere."""
    kept, told = _new_password(password, username)
    with database.writing():
        db.session.rollback()
        user = _user(username)
        passwords.put(user, kept, SYSTEM, once=bool(told))
        sign_in.end_all(user.id)
        tries.forgive(username)
        db.session.commit()
    click.echo(_("Set a new password for %(username)s.", username=username))
    _tell(told)


def _new_password(given: str, username: str) -> tuple[str, str]:
    """The hash, and the generated password to be told, if it was generated."""
    if given and (fault := passwords.fault(given, username)):
        raise click.ClickException(fault)
    chosen = given or passwords.generated()
    return passwords.hashed(chosen), "" if given else chosen


def _tell(password: str) -> None:
    if password:
        click.echo(
            _(
                "The password is good for %(n)s days, and changed at the first sign-in.",
                n=passwords.ONE_TIME.days,
            )
        )
        click.echo(_("Password, shown only now: %(password)s", password=password))


def _user(username: str) -> User:
    user: User | None = saving.find(User, username=username)
    if user is None:
        raise click.ClickException(_("There is no user %(username)s.", username=username))
    return user


def _office(code: str, name: str) -> Office:
    """The office of this code, the only one, or the first one made now."""
    offices = db.session.execute(select(Office).order_by(Office.id)).scalars().all()
    if not offices:
        if not name:
            raise click.ClickException(
                _("There is no office yet: give the first one a name with --office-name.")
            )
        office = Office(full_name=name, short_code=code or "01")
        saving.add(office, SYSTEM)
        return office
    fitting = [office for office in offices if not code or office.short_code == code]
    if len(fitting) != 1:
        codes = ", ".join(office.short_code for office in offices)
        raise click.ClickException(_("Give one of the offices with --office: %(codes)s.", codes=codes))
    return fitting[0]


def _areas(names: tuple[str, ...], office: Office) -> list[int]:
    asked = select(Area.code_name, Area.id).where(Area.office_id == office.id, Area.code_name.in_(names))
    ids = {row.code_name: row.id for row in db.session.execute(asked)}
    if missing := [name for name in names if name not in ids]:
        raise click.ClickException(_("There is no building %(name)s in this office.", name=missing[0]))
    return [ids[name] for name in dict.fromkeys(names)]
