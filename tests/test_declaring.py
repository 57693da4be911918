"""docs/declaring.md has every word that a declaration can be written with: those of tests/app/every_word.py,
which has all there are. And its examples hold.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

from app import declaring

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "declaring.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```python(?: (form))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BY_PLACE = {  # arguments that are said by where they stand
    *("box", "chinese", "english", "field", "kind", "looks", "of", "other", "sentence", "source"),
    *("target", "to"),
    *("when", "while_in"),
}
BESIDE = {  # what rules ask of the engine beside
    *(
        "SYSTEM",
        "Office",
        "access",
        "chore",
        "deadlines",
        "handing_on",
        "offer_roles",
        "registry",
        "working_time",
    ),
    "writing",
}

Word = tuple[str, str]  # what is called, or "class"; the option


def examples() -> Iterator[ast.Module]:
    """The page's, each as it is built."""
    for match in FENCED.finditer(PAGE):
        yield ast.parse("class Example:\n" + indent(match[2], "    ") if match[1] else match[2])


def spoken(tree: ast.AST) -> Iterator[Word]:
    """What a source calls with which options; those of boxes are one another's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            of_a_box = isinstance(node.func, ast.Attribute)
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, ""
            yield from (("a box" if of_a_box else name, str(keyword.arg)) for keyword in node.keywords)
        elif isinstance(node, ast.ClassDef):
            yield from (("class", str(keyword.arg)) for keyword in node.keywords)


def attributes(tree: ast.AST) -> set[str]:
    """What classes say of themselves."""
    bodies = [part for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for part in node.body]
    targets = [target for part in bodies if isinstance(part, ast.Assign) for target in part.targets]
    hooks = {part.name for part in bodies if isinstance(part, ast.FunctionDef)}
    return hooks | {target.id for target in targets if isinstance(target, ast.Name)}


def test_the_page_has_every_word_of_a_declaration() -> None:
    every = ast.parse((ROOT / "tests" / "app" / "every_word.py").read_text(encoding="utf-8"))
    said = {word for tree in examples() for word in spoken(tree)}
    known = {*vars(declaring), *vars(declaring.fields)}
    wanted = {
        (name, option)
        for name, option in spoken(every)
        if option not in BY_PLACE and name != "States" and (name in known or option)
    }
    assert sorted(wanted - said) == []
    declared = {name for name in attributes(every) if hasattr(declaring.Form, name) or name == "area_from"}
    assert sorted(declared - {"fields"} - set().union(*map(attributes, examples()))) == []


def test_each_word_has_an_example_where_no_form_of_tests_speaks_it() -> None:
    """What gives a form its place, its guide and its hints; a kind and a filter of one's own; another
    record's change.
    """
    trees = list(examples())
    called = {name for tree in trees for name, option in spoken(tree) if not option}
    of_classes = {option for tree in trees for name, option in spoken(tree) if name == "class"}
    assert {"of_kind", "Filter", "changing"} - called == set()
    assert "part" in of_classes
    words = {"menu_at", "on_home", "guide", "found_as", "act_words", "filter"}
    assert words - set().union(*map(attributes, trees)) == set()
    absent = [name for name in re.findall(r"`saving\.(\w+)", PAGE) if not hasattr(declaring.saving, name)]
    assert absent == [], "the page calls what isn't there"


def test_the_page_names_all_that_the_door_gives() -> None:
    silent = {
        name for name in declaring.__all__ if not re.search(rf"(?<![A-Za-z_.]){name}(?![A-Za-z_])", PAGE)
    }
    assert silent - BESIDE == set()
    units = {
        name
        for name, made in vars(declaring.units).items()
        if "Measure" in str(getattr(made, "__annotations__", ""))
    }
    assert len(units) > 9
    assert {name for name in units if f"`{name}`" not in PAGE and f"units.{name}(" not in PAGE} == set()


def test_its_examples_are_forms_that_work() -> None:
    library = ROOT / "tests" / "library"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts="]
    command += ["--confcutdir", str(library), str(library / "declaring_page.py")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
