"""The record: its head with the steps one may take, its way through the states, its boxes, and what belongs
to it.
"""

from typing import Any

from app.act import saving, steps
from app.declare.form import Form
from app.ground.language import gettext as _
from app.ground.language import short_moment
from app.keep import history
from app.lists.highlights import marked, title_of
from app.lists.related import related
from app.people import access
from views import becoming, cards, files, posted
from views.boxes import Story, checks_of, shown_groups
from views.frame import person

SHOWN_LINES = 30


def told(record: Any) -> dict[str, Any]:
    """What the record's template needs."""
    who = person()
    is_form = isinstance(record, Form) and bool(record.states)
    lines = list(reversed(history.lines(record.name, record.id)))
    judged = steps.judged(record, who) if is_form else []
    offered = [step for step, refusal in judged if refusal is None]
    return {
        "record": record,
        "title": title_of(record),
        "mark": marked(record),
        "is_form": is_form,
        "groups": shown_groups(record, who),
        "offered": [step for step in offered if not step.danger],
        "dangerous": [step for step in offered if step.danger],
        "refused": [(step, refusal) for step, refusal in judged if refusal is not None],
        "editable": saving.may_edit(record, who) is None,
        "path": _path(record, lines) if is_form else [],
        "lines": lines[:SHOWN_LINES],
        "more_lines": max(0, len(lines) - SHOWN_LINES),
        "story": Story(type(record), who),
        "checks": checks_of(record, who, [step for step, _refusal in judged]) if is_form else [],
        "related": related(record, who),
        "posted": posted.told(record, who),
        "card": cards.card(record, who),
        "files": files.of(record),
        **becoming.told(record, who),
        "can": {name: access.may_here(who, record, name) for name in ("personal", "attach", "print")},
    }


def _path(record: Any, lines: list[Any]) -> list[dict[str, Any]]:
    """The stations of its way: those it passed, each with who and when, where it stands, and what lies ahead
    of it unless it ends there.
    """
    way = [name for name, state in record.states.items() if not state.side]
    reached: dict[str, Any] = {}
    for line in lines:
        if change := line.changes.get("state"):
            reached.setdefault(change[1], line)
    here = next(
        (change[1] for line in lines if (change := line.changes.get("state")) and change[1] in way), way[0]
    )
    here = record.state if record.state in way else here
    at, now = way.index(here), record.states[record.state]
    passed = [name for name in way[:at] if name in reached]
    if now.name != here:
        passed += [here]
    ahead = [] if now.final else way[at + 1 :]
    stations = (
        [(name, "past") for name in passed]
        + [(now.name, "past" if now.final else "now")]
        + [(name, "") for name in ahead]
    )
    return [
        _station(record.states[name], kind, reached.get(name) if kind else None) for name, kind in stations
    ]


def _station(state: Any, kind: str, line: Any) -> dict[str, Any]:
    who = line.user_name if line is not None and line.user_id else _("The system")
    return {
        "label": state.label,
        "class": kind,
        "small": f"{short_moment(line.at)} {who}" if line is not None else "",
    }
