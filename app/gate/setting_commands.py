"""The command that lists the settings: what is in force of each, and what comes."""

import json
from typing import Any

import click

from app.declare import in_force, setting
from app.declare.in_force import EVERYWHERE, SetTo
from app.declare.record import registry
from app.declare.setting import Setting
from app.ground import clock


def described(each: Setting[Any]) -> dict[str, Any]:
    """A setting as ``settings --json`` lists it."""
    rows, now = in_force.rows().get(each.name, ()), clock.now()
    row = in_force.holding(rows, now, EVERYWHERE)
    return {
        "name": each.name,
        "form": each.form,
        "label": str(each.label),
        "unit": each.unit.name,
        "value": _plain(each, each.default if row is None else each.value_of(row)),
        "default": _plain(each, each.default),
        "least": _plain(each, each.least),
        "most": _plain(each, each.most),
        "by": [clause.code for clause in each.by],
        "not_over": each.not_over.name if each.not_over else None,
        "set": [_set_to(each, row) for row in rows],
    }


def _set_to(each: Setting[Any], row: SetTo) -> dict[str, Any]:
    return {
        "value": _plain(each, each.value_of(row)),
        "office": row.office or None,
        "from": row.from_at.isoformat(),
        "set_at": row.set_at.isoformat(),
        "set_by": row.set_by,
        "because": row.because,
    }


def _plain(each: Setting[Any], value: Any) -> Any:
    return value if value is None or isinstance(value, int | str | list) else each.kind.dump(value)


@click.command("settings")
@click.option("--json", "as_json", is_flag=True)
def settings(as_json: bool) -> None:
    """List the settings of the registered forms: what is in force, and all they were set to."""
    listed = [each for group in setting.of_forms(registry).values() for each in group]
    if as_json:
        click.echo(json.dumps([described(each) for each in listed], ensure_ascii=False, indent=1))
    else:
        for each in listed:
            click.echo(f"{each.name:32} {each.shown(each.now()):>14}  {each.label}")
