"""No screen and nothing of the engine asks for a form, a field, a state, a role or a clause of this office by
name: what they need of it, the declaration says. The names come from the registry, so that a new form's are
looked for too.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import jinja2

import models
from app.declare.duties import clauses, roles
from app.declare.form import Form
from app.declare.record import Record, registry

ROOT = Path(__file__).parent.parent.parent

# Reviewed: words of the engine's own that some form says too, where they stand and what they are there.
COINCIDENCES = {
    "amount": {  # a kind of a sheet's cells
        "app/declare/kind.py",
        "app/declare/kinds.py",
        "app/workbook/sheet_writer.py",
        "app/workbook/sheet_xml.py",
    },
    "class_": {"app/ground/database.py"},  # of a session, as SQLAlchemy names it
    "closed": {"app/declaring.py"},  # how a state is declared
    "book": {"templates/guide.html", "templates/record.html"},  # an icon
    "kept": {  # what a request keeps
        "app/gate/security.py",
        "views/frame.py",
        "views/sign_in.py",
    },
    "hours": {"app/declare/units.py"},  # what a setting is counted in
    "count": {  # of the kept counts, of what is open, of a setting, of a figure
        "app/act/tally.py",
        "app/declare/figure.py",
        "app/declare/units.py",
        "app/lists/figures.py",
        "app/lists/related.py",
        "templates/file.html",
    },
    "day": {  # a kind of box, a span of time
        "app/declare/kinds.py",
        "app/ground/periods.py",
        "app/ground/settings.py",
        "app/lists/figures.py",
    },
    "details": {"views/form_view.py"},  # a page of Flask-Admin's
    "gate": {"templates/bare.html", "templates/error.html"},  # the sign-in's styles
    "refused": {"views/boxes.py", "views/record_page.py"},  # an act, steps that one may not take
    "key": {  # of the search index, of an installation, of a page, of what a file lists
        "app/act/search.py",
        "app/gate/installation.py",
        "app/lists/listing.py",
        "app/lists/whole_file.py",
    },
    "kind": {  # of a field, of a file, of what waits
        "app/declare/fields.py",
        "app/keep/attachments.py",
        "app/lists/waiting.py",
        "views/files.py",
    },
    "layout": {"views/imports.py"},  # of a sheet
    "missing": {"templates/file.html"},  # papers that a file lacks
    "people": {"app/people/users.py"},  # an icon
    "proposed": {"templates/import.html"},  # what a sheet's head may mean
    "quantity": {  # a kind of a sheet's cells
        "app/declare/kind.py",
        "app/declare/kinds.py",
        "app/workbook/sheet_writer.py",
        "app/workbook/sheet_xml.py",
    },
    "reason": {"app/gate/commands.py", "app/sheets/sheet_import.py"},  # of a clause, of a row left out
    "since": {"app/declare/declaration.py"},  # a word of a deadline
    "statement": {"app/ground/database.py"},  # what a database is asked
    "space": {"app/ground/apart.py", "app/ground/apart_process.py"},  # memory of a process
    "total": {"app/lists/whole_file.py", "app/sheets/sheet_import.py"},  # of a file's records, a sheet's rows
    "unit": {"app/gate/setting_commands.py"},  # what a setting is counted in
    "until": {"app/declare/declaration.py"},  # a word of a deadline
}


def of_the_engine(cls: type[Record]) -> bool:
    """Whether a class is the engine's own: a user, an area, an office."""
    return cls.__module__.startswith("app.")


def names_of(cls: type[Record]) -> Iterator[str]:
    """What a form is called, its boxes, those of its tables, its states."""
    yield cls.name
    for field in cls.fields.values():
        yield field.name
        if field.is_lines:
            yield from field.kind.line.fields
    yield from getattr(cls, "states", ())


def office() -> set[str]:
    """The names that this office's handbook speaks and the engine doesn't."""
    own = {name for cls in registry.values() if of_the_engine(cls) for name in names_of(cls)}
    theirs = {name for cls in registry.values() if not of_the_engine(cls) for name in names_of(cls)}
    return (theirs | set(roles) | set(clauses)) - own - {"void", *Form.fields}


def python_words(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a source, what explains it aside; and the attributes that can be nobody else's: of several
    words.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value
        if isinstance(node, ast.Attribute) and "_" in node.attr:
            yield node.lineno, node.attr


def template_words(path: Path) -> Iterator[tuple[int, str]]:
    """The texts that a template's expressions speak, and such attributes."""
    for line, kind, text in jinja2.Environment().lex(path.read_text(encoding="utf-8")):
        if kind == "string":
            yield line, text[1:-1]
        elif kind == "name" and "_" in text:
            yield line, text


def sources() -> Iterable[Path]:
    """All that draws or carries a form."""
    return (path for room in ("app", "views", "templates") for path in sorted((ROOT / room).rglob("*")))


def asked() -> Iterator[tuple[str, int, str]]:
    """Where a name of the office's is spoken: the file, its line, the name."""
    names, readers = office(), {".py": python_words, ".html": template_words}
    for path in sources():
        for line, word in readers.get(path.suffix, lambda _path: iter(()))(path):
            if word in names:
                yield path.relative_to(ROOT).as_posix(), line, word


def test_nothing_asks_for_a_form_by_name() -> None:
    assert models.MIGRATIONS
    assert {"work_order", "borrower", "dispatched", "frontdesk", "P7"} <= office()
    assert [
        f"{file}:{line}: {word!r}" for file, line, word in asked() if file not in COINCIDENCES.get(word, ())
    ] == []


def test_each_coincidence_is_still_one() -> None:
    spoken: dict[str, set[str]] = {}
    for file, _line, word in asked():
        spoken.setdefault(word, set()).add(file)
    assert {word: files - spoken.get(word, set()) for word, files in COINCIDENCES.items()} == {
        word: set() for word in COINCIDENCES
    }


def test_no_screen_imports_a_form() -> None:
    imported = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sources()
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and (getattr(node, "module", None) or node.names[0].name).partition(".")[0] == "models"
    ]
    assert imported == []
