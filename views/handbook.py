"""The handbook: a page a flow and a regulation, drawn from the declarations of the forms it goes by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, abort, render_template
from markupsafe import Markup

from app.declare import flow, setting
from app.declare.duties import Clause
from app.declare.flow import Flow
from app.declare.form import Form, Step
from app.declare.record import Record, registry
from app.declare.setting import Setting
from app.ground import given
from app.ground.language import gettext as _
from app.ground.words import Words
from app.people import access
from views import diagram
from views.frame import comma, person
from views.searching import Page


@dataclass(frozen=True)
class Told:
    """A step as the handbook tells it: its number in the drawing, from where to where, who, and what of."""

    number: str
    label: str
    sources: str
    targets: str
    who: Sequence[tuple[str, str]]  # by whose duty, and what that says
    never: str
    help: str


@dataclass(frozen=True)
class Sheet:
    """A form as the handbook tells it."""

    cls: type[Record]
    steps: Sequence[Told]
    picture: Markup
    limits: Sequence[tuple[Setting[Any], str]]
    may_read: bool
    may_print: bool


def declared() -> list[Flow]:
    """The flows and regulations whose forms this application has, and those that have none yet."""
    return [each for each in flow.flows.values() if all(form in registry for form in each.forms)]


def sheet(cls: type[Record]) -> Sheet:
    """What a form's declaration says."""
    limits = [
        (each, each.shown(each.now(person().office_id)))
        for each in setting.of_forms([cls.name]).get(cls.name, ())
    ]
    steps, picture = [], Markup("")
    if issubclass(cls, Form) and cls.states:
        steps = [*_steps(cls), *_by_itself(cls)]
        picture = _picture(cls, steps)
    read, printed = (access.may(person(), cls, operation) is not None for operation in ("read", "print"))
    return Sheet(cls, steps, picture, limits, read and cls.part is not None, printed and bool(cls.code))


def _steps(cls: type[Form]) -> Iterable[Told]:
    for at, step in enumerate(cls.steps.values(), 1):
        yield Told(
            str(at),
            str(step.label),
            _labels(cls, step.source),
            _labels(cls, diagram.leads(step.source, step.targets)),
            [_who(cls, by) for by in step.by],
            _listed(_named(cls, name) for name in step.not_by),
            str(step.help or ""),
        )


def _by_itself(cls: type[Form]) -> Iterable[Told]:
    """What the office does of itself, after the steps."""
    for at, act in enumerate(cls.acts.values(), len(cls.steps) + 1):
        targets = () if act.target is None else (act.target,)
        system = [(_("The system"), "")]
        yield Told(str(at), str(act.label), _labels(cls, act.source), _labels(cls, targets), system, "", "")


def _picture(cls: type[Form], steps: Sequence[Told]) -> Markup:
    moves = [(step.source, step.targets) for step in cls.steps.values()]
    moves += [(act.source, () if act.target is None else (act.target,)) for act in cls.acts.values()]
    shown = ((told.number, told.label, *move) for told, move in zip(steps, moves, strict=True))
    called = _("Steps of %(what)s; the table below has them all.", what=cls.title)
    return diagram.Drawing(cls, diagram.moves(cls, shown)).draw(called)


def _labels(cls: type[Form], names: Iterable[str]) -> str:
    return _listed(str(cls.states[name].label) for name in names)


def _listed(words: Iterable[str]) -> str:
    return comma().join(words)


def _who(cls: type[Form], by: Any) -> tuple[str, str]:
    if isinstance(by, Clause):
        return f"{by.role.title} {by.code}", str(by.text)
    return str(cls.fields[by.field].label), ""


def _named(cls: type[Form], name: str) -> str:
    """Whom a step names as its second pair of eyes."""
    step: Step | None = cls.steps.get(name)
    if step is not None:
        return _("who took “%(step)s”", step=step.label)
    return _("who made it") if name == "created_by" else str(cls.fields[name].label)


def pages() -> list[Page]:
    """What a search finds of them: by their titles, and those of their forms."""
    found = []
    for each in declared():
        titles = [registry[form].title for form in each.forms]
        about = Words(
            "、".join(title.chinese for title in titles), ", ".join(title.english for title in titles)
        )
        kind = _("Regulation") if each.is_regulation else _("Flow")
        found.append(Page(each.title, f"/handbook/{each.name}", kind, about))
    return found


def init(app: Flask) -> None:
    """The pages."""

    @app.get("/handbook")
    def handbook() -> str:
        return render_template("handbook.html", flows=declared(), registry=registry)

    @app.get("/handbook/<name>")
    def handbook_page(name: str) -> str:
        named = given.part("name")
        each = next((each for each in declared() if each.name == named), None) or abort(404)
        sheets = [sheet(registry[form]) for form in each.forms]
        return render_template("flow.html", flow=each, sheets=sheets)
