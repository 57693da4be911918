"""A declaration is checked whole as its class is made: every name it speaks leads somewhere, or the start
stops.

What is looked at: the names of states, fields and steps that steps, deadlines, sections of paper and lists
speak of; the places in their sentences; the attributes that guards, deadlines, rules and effects read and
write of their record; the class's own public attributes. All that is wrong is told at once, each with its
file, its line and the nearest right word.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any

from sqlalchemy.orm import MappedColumn, RelationshipProperty

from app.declare import balance_words, cadence_words, call_words, ledger_words, link_words
from app.declare.asks import PHOTOS
from app.declare.conditions import Conditions, values_of
from app.declare.duties import Clause, Holder
from app.declare.faults import Fault, wrong
from app.declare.fields import Field, Section
from app.declare.figure import AREA, MADE, STATE
from app.declare.function_words import astray, chains, returned
from app.declare.part import DAILY, STOCK, Part
from app.declare.setting import Setting
from app.ground import periods
from app.ground.spelling import DeclarationError
from app.ground.words import Words

LISTED = ("number", "state", "due_at", "created_at", "created_by")  # a list's columns beside the fields
SPOTS = ("title", "line", "mark")
SIZES = ("A4", "A5")


def check(cls: Any, body: Mapping[str, Any]) -> None:
    """Raise DeclarationError for what a class declares and leads nowhere; ``body`` is what stood in the class
    itself.
    """
    faults = [
        *_attributes(cls, body),
        *_fields(cls),
        *_lists(cls),
        *_steps(cls),
        *(_guards(cls) if hasattr(cls, "steps") else ()),
        *_deadlines(cls),
        *_acts(cls),
        *_checks(cls),
        *_scanned(cls),
        *ledger_words.faults_of(cls),
        *_figures(cls),
        *link_words.faults_of(cls),
        *call_words.faults_of(cls),
        *balance_words.faults_of(cls, _spoken(cls, body)),
        *cadence_words.faults_of(cls),
        *_functions(cls, body),
    ]
    if faults:
        raise DeclarationError("\n".join(dict.fromkeys(fault.told(cls) for fault in faults)))


def places(cls: Any) -> tuple[str, ...]:
    """The references by which a record lies somewhere: to an area, or to what lies in one itself. A form with
    several says which (``lies_in``).
    """
    named = [
        field
        for field in cls.fields.values()
        if field.is_reference and not field.by_step and field.kind.target.is_place
    ]
    return tuple(field.name for field in named[:1]) if len(named) == 1 or "area_from" in vars(cls) else ()


def check_keywords(cls: Any, spoken: Iterable[str], known: Collection[str]) -> None:
    """Raise DeclarationError for what a class is declared with and doesn't know."""
    for word in spoken:
        raise DeclarationError(Fault("the class", word, known).told(cls))


def check_between(classes: Mapping[str, Any]) -> None:
    """Raise DeclarationError for what classes say of each other, once all are there."""
    references = {path: target for other in classes.values() for path, target in _references(other)}
    faults = [
        (cls, fault)
        for cls in classes.values()
        for link in getattr(cls, "links", {}).values()
        for fault in link_words.filled(cls, link)
    ]
    if faults:
        raise DeclarationError("\n".join(dict.fromkeys(fault.told(cls) for cls, fault in faults)))
    for cls in classes.values():
        if cls.found_through and cls.found_through not in references:
            raise DeclarationError(Fault("found_through", cls.found_through, references).told(cls))
        known = {path for path, target in references.items() if target is cls}
        for rule in getattr(cls, "acts", {}).values():
            for fault in wrong(f"after of {rule.name}", rule.after, known):
                raise DeclarationError(fault.told(cls))


def _references(cls: Any) -> Iterator[tuple[str, Any]]:
    """The boxes by which a class names others, those of its lines too, each with what it names."""
    for field in cls.fields.values():
        if field.is_reference:
            yield f"{cls.name}.{field.name}", field.kind.target
        for part in field.kind.line.fields.values() if field.is_lines else ():
            if part.is_reference:
                yield f"{cls.name}.{field.name}.{part.name}", part.kind.target


def _places(sentence: Words | None) -> Sequence[str]:
    """The places that a sentence names, if there is one."""
    return sentence.places if sentence else ()


def _attributes(cls: Any, body: Mapping[str, Any]) -> Iterator[Fault]:
    """The class's own: what isn't declared by a field, a heading or a mapped column is one of the engine's
    words; no box hides one.
    """
    above = {name: value for base in reversed(cls.__mro__[1:]) for name, value in vars(base).items()}
    words = {
        name
        for name, value in above.items()
        if not name.startswith("_") and not isinstance(value, MappedColumn)
    }
    for name, value in body.items():
        if name.startswith("_"):
            continue
        if isinstance(value, Field | Section):
            if name in above and name not in cls.__mro__[1].fields:
                yield Fault("a box of a name that the engine needs for itself", name, ())
        elif not isinstance(value, MappedColumn | RelationshipProperty) and name not in words:
            yield Fault("the class", name, words)


def _fields(cls: Any) -> Iterator[Fault]:
    for field in cls.fields.values():
        yield from _conditions(cls, f"shown_when of {field.name}", field.shown_when)
        if field.name in _hangs_on(cls, field):
            yield Fault(f"shown_when of {field.name}, which so hangs on itself,", field.name, ())
        if type(field.default) is str and (options := getattr(field.kind, "options", None)):
            yield from wrong(f"default of {field.name}", (field.default,), options)
        if field.sums:
            yield from wrong(f"sums of {field.name}", field.sums, field.kind.line.fields)


def _conditions(cls: Any, speaker: str, conditions: Conditions | None, far: bool = False) -> Iterator[Fault]:
    """What is said of other boxes (those ``far`` are of a reference's own: ``key.kind``), and of what they
    can say.
    """
    for path, wanted in (conditions or {}).items():
        of, field = cls, None
        for name in path.split(".") if far else (path,):
            if of is None or name not in of.fields:
                yield Fault(speaker, name, of.fields if of is not None else ())
                break
            field = of.fields[name]
            of = field.kind.target if field.is_reference else None
        else:
            options = getattr(field and field.kind, "options", None)
            if options:
                yield from wrong(
                    speaker, (str(value) for value in values_of(wanted) if value is not None), options
                )


def _hangs_on(cls: Any, field: Field) -> set[str]:
    """All boxes on which it hangs whether a box is there."""
    hangs: set[str] = set()
    ahead = list(field.shown_when or {})
    while ahead:
        if (name := ahead.pop()) not in hangs:
            hangs.add(name)
            ahead += (cls.fields[name].shown_when or {}) if name in cls.fields else ()
    return hangs


def _columns(cls: Any) -> set[str]:
    """The names of a class's columns."""
    above = {
        name for base in cls.__mro__ for name, value in vars(base).items() if isinstance(value, MappedColumn)
    }
    return above | {field.column for field in cls.fields.values() if not field.is_lines}


def _lists(cls: Any) -> Iterator[Fault]:
    """What lists, cards, prints and uniqueness speak of."""
    if not hasattr(cls, "shows"):
        return
    fields, states, listed = cls.fields, getattr(cls, "states", {}), {*cls.fields, *LISTED}
    references = {field.name for field in fields.values() if field.is_reference}
    leading = {field.name for field in fields.values() if field.is_reference and field.kind.target.is_place}
    entered = sorted(name for name in leading if not fields[name].by_step)
    yield from wrong("lies_in", cls.lies_in, leading)
    if len(entered) > 1 and not cls.lies_in and "area_from" not in vars(cls):
        yield Fault("lies_in is needed: which gives the area? The class", cls.__name__, entered)
    yield from wrong("shows", cls.shows, listed)
    yield from wrong("sorts", cls.sorts, _columns(cls))
    yield from wrong("label", (cls.label,), {*fields, "number"})
    yield from wrong("about", filter(None, (cls.about,)), references)
    if not isinstance(cls.part, Part | None):
        yield Fault("part, which isn't one of the office's,", str(cls.part), ())
    yield from wrong("on_home", filter(None, (cls.on_home,)), (DAILY, STOCK))
    yield from wrong("edit_in", getattr(cls, "edit_in", ()), states)
    yield from wrong("papers", cls.papers, cls.photo_kinds)
    for kind, when in cls.papers.items():
        yield from _conditions(cls, f"papers of {kind}", when)
    yield from wrong("in_diary", cls.in_diary, {"create", *getattr(cls, "steps", {})})
    yield from wrong("carried_over", cls.carried_over, states)
    for item, rule in cls.on_books.items():
        yield from wrong(f"on_books of {item}", rule.states, states)
        yield from wrong(f"on_books of {item}", filter(None, (rule.adds,)), fields)
    yield from wrong("paper's columns", cls.paper.columns, listed)
    yield from wrong("paper's tear_off", cls.paper.tear_off, fields)
    yield from wrong("paper's size", (cls.paper.size,), SIZES)
    for operation, clauses in cls.access.opens.items():
        yield from wrong(
            f"access to {operation}",
            (str(clause) for clause in clauses if not isinstance(clause, Clause)),
            (),
        )
    yield from _one_each(cls, states)
    yield from _highlights(cls)


def _one_each(cls: Any, states: Collection[str]) -> Iterator[Fault]:
    for rule in cls.one_each:
        yield from wrong("one_each", (rule.field,), cls.fields)
        yield from wrong(f"one_each of {rule.field}", rule.states, states)
        yield from wrong(
            f"the sentence of one_each of {rule.field}",
            _places(rule.sentence),
            ("other", "number"),
        )


def _highlights(cls: Any) -> Iterator[Fault]:
    highlights = getattr(cls, "highlights", {})
    yield from wrong("highlights", highlights, SPOTS)
    for spot, spoken in highlights.items():
        names, _sep, value = (",".join(spoken) if isinstance(spoken, tuple) else spoken).partition(":")
        name = names.partition(",")[0]
        yield from wrong(f"highlights' {spot}", names.split(","), cls.fields)
        if value and name in cls.fields:
            options = getattr(cls.fields[name].kind, "options", {})
            yield from wrong(f"highlights' {spot}", (value,), options)


def _steps(cls: Any) -> Iterator[Fault]:
    people = {field.name for field in cls.fields.values() if field.is_reference} | {"created_by"}
    for step in getattr(cls, "steps", {}).values():
        yield from wrong(step.name, (*step.source, *step.targets), cls.states)
        asks = f"asks of {step.name}"
        known = {*cls.fields, *(PHOTOS + kind for kind in cls.photo_kinds)}
        yield from wrong(asks, (ask.name for ask in step.asked if not ask.photos), known)
        yield from wrong(asks, filter(None, (ask.photos for ask in step.asked)), cls.photo_kinds)
        if step.bulk and any(ask.photos for ask in step.asked):
            yield Fault(f"{asks}, which is taken over a selection,", "photos", ("photos of each record",))
        yield from wrong(f"not_by of {step.name}", step.not_by, {*people, *cls.steps})
        yield from wrong(f"story of {step.name}", _places(step.story), cls.fields)
        yield from wrong(
            f"by of {step.name}", (clause.field for clause in step.by if isinstance(clause, Holder)), people
        )


def _guards(cls: Any) -> Iterator[Fault]:
    """The boxes that guards stand at and the words that the shared ones speak; one that no step names would
    guard nothing.
    """
    times = {field.name for field in cls.fields.values() if field.kind.tells_when}
    photos = {PHOTOS + kind for kind in cls.photo_kinds}
    named: list[Any] = [(step, guard) for step in cls.steps.values() for guard in step.guards]
    named += [(link, guard) for link in cls.links.values() for guard in link.guards]
    for step, guard in named:
        speaker = f"{guard.name}, a guard of {step.name},"
        yield from wrong(speaker, filter(None, (guard.at,)), {*cls.fields, *photos})
        yield from wrong(speaker, guard.moments, times)
        yield from wrong(speaker, filter(None, (guard.box,)), cls.fields)
        yield from wrong(speaker, filter(None, (guard.photos,)), cls.photo_kinds)
        yield from _conditions(cls, speaker, guard.conditions, far=True)
    spoken = [guard for _step, guard in named] + [call.ready for call in cls.calls]
    for name, guard in cls.guards.items():
        if guard not in spoken:
            yield Fault("a guard that no step names: the class", name, ())


def _figures(cls: Any) -> Iterator[Fault]:
    """What figures are of, what they add up, by what they are told apart, and when their records count."""
    fields, states = cls.fields, getattr(cls, "states", {})
    open_ones = {name: field for name, field in fields.items() if not field.personal}
    told = {name for name, field in open_ones.items() if field.is_reference or _is_one_of_a_few(field)}
    told |= {AREA, *([STATE] if states else ())}
    added = {
        name for name, field in open_ones.items() if field.kind.numeric or getattr(field.kind, "scale", False)
    }
    when = {MADE} | {name for name, field in fields.items() if field.kind.tells_when}
    for rule in getattr(cls, "figures", {}).values():
        for word, conditions in (("of", rule.of), ("share", rule.share)):
            speaker, own = f"{word} of {rule.name}", dict(conditions or {})
            yield from wrong(speaker, map(str, values_of(own.pop(STATE, ()))), states)
            yield from wrong(speaker, own, {*fields, STATE})
            yield from _conditions(cls, speaker, {name: own[name] for name in own if name in fields})
        yield from wrong(f"by of {rule.name}", rule.by, told)
        for word, box in (("sum", rule.sum), ("mean", rule.mean)):
            yield from wrong(f"{word} of {rule.name}", filter(None, (box,)), added)
        yield from wrong(f"per of {rule.name}", (rule.per,), periods.KINDS)
        yield from wrong(f"at of {rule.name}", (rule.at,), when)
        if sum((rule.share is not None, bool(rule.sum), bool(rule.mean))) > 1:
            yield Fault("a figure that tells two things at once: the class", rule.name, ())
        if "figure" in fields:
            yield Fault("a box of the name by which lists are asked for a figure's records", "figure", ())


def _is_one_of_a_few(field: Field) -> bool:
    return field.kind.filter is not None and field.kind.filter.few


def _deadlines(cls: Any) -> Iterator[Fault]:
    for rule in getattr(cls, "deadlines", {}).values():
        yield from wrong(rule.name, rule.while_in, cls.states)
        yield from wrong(f"step of {rule.name}", filter(None, (rule.step,)), cls.steps)
        if isinstance(rule.within, Setting) and rule.within.unit.moved is None:
            yield Fault(f"within of {rule.name}, which is no length of time,", rule.within.short, ())
        for word, value in (("since", rule.since), ("until", rule.until)):
            yield from wrong(
                f"{word} of {rule.name}", (value,) if isinstance(value, str) else (), _columns(cls)
            )


def _acts(cls: Any) -> Iterator[Fault]:
    """Where acts lead, and the moments they wait for; one without any, or with two, would never be due or
    twice.
    """
    for rule in getattr(cls, "acts", {}).values():
        yield from wrong(rule.name, (*rule.source, *filter(None, (rule.target,))), cls.states)
        if (rule.at is None) == (rule.when is None):
            speaker = f"{rule.name} acts at a moment, or when something holds; the class"
            yield Fault(speaker, rule.name, ("at", "when"))
        if isinstance(rule.at, str):
            moments = {field.name for field in cls.fields.values() if field.kind.tells_when}
            yield from wrong(f"at of {rule.name}", (rule.at,), moments | cls.deadlines.keys())
        if rule.target is None and rule.does is None:
            yield Fault(f"{rule.name} stays and does nothing; the class", rule.name, ("does",))


def _checks(cls: Any) -> Iterator[Fault]:
    for check in getattr(cls, "checks", ()):
        yield from wrong(f"before of the check {check.label.english!r}", check.before, cls.steps)


def _scanned(cls: Any) -> Iterator[Fault]:
    if (rule := getattr(cls, "scanned", None)) is None:
        return
    yield from wrong("scanned", (rule.passes, rule.refuses), cls.steps)
    yield from wrong("scanned's compares", rule.compares, cls.fields)
    yield from wrong("scanned's keeps", rule.keeps, cls.fields)


def _functions(cls: Any, body: Mapping[str, Any]) -> Iterator[Fault]:
    """What functions of a record read and write of it, the states and choices they compare it with, and those
    that steps return.
    """
    for speaker, function in _spoken(cls, body):
        if (fault := _untyped(cls, speaker, function)) is not None:
            yield fault
        for spoken in chains(function):
            if (fault := astray(cls, speaker, spoken)) is not None:
                yield fault
    for step in getattr(cls, "steps", {}).values():
        if len(step.targets) > 1:
            yield from wrong(f"the effect of {step.name}", returned(step.effect), step.targets)


def _untyped(cls: Any, speaker: str, function: Any) -> Fault | None:
    """What no type checker sees through: a lambda, or a function of something else than this record. The
    engine's own are about any.
    """
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType) or function.__module__.startswith("app."):
        return None
    if function.__name__ == "<lambda>":
        speaker = f"{speaker} needs a named function typed on {cls.__name__} (`def …(self)`); it"
        return Fault(speaker, "lambda", (), code.co_filename, code.co_firstlineno)
    said = function.__annotations__.get(code.co_varnames[0], cls) if code.co_argcount else cls
    name = said if isinstance(said, str) else said.__name__
    known = {base.__name__ for base in cls.__mro__}
    return None if name in known else Fault(speaker, name, known, code.co_filename, code.co_firstlineno)


def _spoken(cls: Any, body: Mapping[str, Any]) -> Iterator[tuple[str, Callable[..., Any] | None]]:
    """The functions of one record that a class declares: who speaks them, and themselves."""
    for name, value in body.items():
        if isinstance(value, FunctionType | property):
            yield name, value.fget if isinstance(value, property) else value
    for field in cls.fields.values():
        yield field.name, field.worked_out
    for step in getattr(cls, "steps", {}).values():
        yield from ((step.name, step.effect), (f"by_when of {step.name}", step.by_when))
        for guard in step.guards:
            yield from ((f"a guard of {step.name}", guard.holds), (f"a guard of {step.name}", guard.since))
    for rule in getattr(cls, "acts", {}).values():
        yield from ((rule.name, part) for part in (rule.at, rule.when, rule.does) if callable(part))
    for check in getattr(cls, "checks", ()):
        yield f"the check {check.label.english!r}", check.looks
    for link in getattr(cls, "links", {}).values():
        yield from ((f"fill of {link.name}", part) for part in link.fill.values() if callable(part))
        yield from ((f"a guard of {link.name}", guard.holds) for guard in link.guards)
    for call in getattr(cls, "calls", ()):
        if call.ready is not None:
            yield f"ready of the call of {call.step}", call.ready.holds
    for rule in getattr(cls, "deadlines", {}).values():
        yield from (
            (rule.name, part)
            for part in (rule.since, rule.minutes, rule.working_days, rule.within, rule.until)
            if callable(part)
        )
