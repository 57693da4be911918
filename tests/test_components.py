"""Styles and scripts: one file of each a component, each asked for by a page, with nothing left over and no
text of their own.
"""

import re
from pathlib import Path

import pytest
from flask import Flask

from app.ground import assets
from views.look import START

ROOT = Path(__file__).resolve().parents[1]
COMPONENTS = assets.FOLDER / "components"
STYLES = sorted(COMPONENTS.glob("*.css"))
SCRIPTS = sorted(COMPONENTS.glob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WIDE, LONG = 110, 200
REMARK = re.compile(r"/\*.*?\*/|(?<![:\w\"'`])//[^\n]*", re.DOTALL)
NAME = re.compile(r"[\w-]+")
LITERAL = re.compile(r"""(["'`])((?:(?!\1)[^\n])*)\1""")
# What isn't said to anybody: a selector, a key, a class.
FOR_THE_PAGE = re.compile(
    r"""(?:(?:\$\$?|closest|matches|matchMedia)(?:\?\.)?\(|\.key === |className = )(["'`])(?:(?!\1).)*\1"""
)
CLASSES = re.compile(r'\bclass(?:Name)?\s*=\s*"([^"]*)"')
MARKS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{\w*\}", re.DOTALL)


def ids(path: Path) -> str:
    """A file's name."""
    return path.name


def bare(path: Path) -> str:
    """A file without what it remarks."""
    return REMARK.sub("", path.read_text(encoding="utf-8"))


def selected(path: Path) -> set[str]:
    """The classes that a style sheet speaks of."""
    rules = re.findall(r"([^{}]+)\{", bare(path))
    return {name for rule in rules for name in re.findall(r"\.([A-Za-z][\w-]*)", rule)}


def spoken() -> set[str]:
    """Every word of what draws pages: templates, views, scripts, and the tones that declarations give."""
    places = [*TEMPLATES, *SCRIPTS, *(ROOT / "views").glob("*.py"), *(ROOT / "app").rglob("*.py")]
    return {word for path in places for word in NAME.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("path", [*STYLES, *SCRIPTS], ids=ids)
def test_each_says_what_it_is_for_and_can_be_read(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("/* " if path.suffix == ".css" else "// ")
    assert len(lines) <= LONG
    assert [line for line in lines if len(line) > WIDE] == []


def said(script: str) -> list[str]:
    """The literals of a script that read like words to a person."""
    literals = [match[2] for match in LITERAL.finditer(FOR_THE_PAGE.sub("", script))]
    plain = [re.sub(r"\$\{[^}]*\}", "", literal) for literal in literals]
    return [
        text for text in plain if re.search(r"[^\x00-\x7f]|^[A-Z][a-z]|[A-Za-z]{2,}[,.!?;:]? [A-Za-z]", text)
    ]


@pytest.mark.parametrize("path", SCRIPTS, ids=ids)
def test_no_script_has_a_text_of_its_own(path: Path) -> None:
    """What it says comes of the catalogue, by the page: in one language it would be said to all."""
    assert said(bare(path)) == []
    assert re.findall(r"[^\x00-\x7f]+", bare(path)) == []


def test_a_text_in_a_script_would_be_seen() -> None:
    for text in ('"No connection."', "'Please try again'", "`Not saved, yet ${n}`", '"Remove"', '"保存"'):
        assert said(f"say({text});"), text
        assert said(f"button.textContent = {text};"), text


def test_each_text_that_a_script_asks_for_is_there() -> None:
    asked = {name for path in SCRIPTS for name in re.findall(r'\btext\("(\w+)"\)', bare(path))}
    page = (ROOT / "templates" / "texts.html").read_text(encoding="utf-8")
    assert asked == set(re.findall(r'data-(\w+)="\{\{ _\(', page))


def test_each_is_asked_for_by_a_page() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    calls = "".join(re.findall(r"styles\(([^)]*)\)", pages))
    assert set(re.findall(r'"(\w+)"', calls)) == {path.stem for path in STYLES}
    started = {START, *re.findall(r"asset\('(components/\w+\.js)'\)", pages)}
    asked = {name for start in started for name in assets.modules(start)}
    assert asked == {f"components/{path.name}" for path in SCRIPTS}


def test_no_style_is_left_over_and_none_is_missing() -> None:
    styled = {name for path in STYLES for name in selected(path)}
    assert styled - spoken() == set()
    used = {
        name
        for path in [*TEMPLATES, *SCRIPTS, *(ROOT / "views").glob("*.py")]
        for classes in CLASSES.findall(MARKS.sub("~", path.read_text(encoding="utf-8")))
        for name in classes.split()
        if "~" not in name
    }
    scripts = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    handles = set(re.findall(r"\.([a-z][\w-]*)", scripts))
    assert used - styled - handles == set()


def test_what_a_script_imports_is_found_under_the_same_mark() -> None:
    """So that a browser keeps all of them, and one version's scripts meet only their own."""
    app = Flask("small", static_folder=str(assets.FOLDER))
    assets.init(app)
    client = app.test_client()
    for name in assets.modules(START):
        address = assets.address(name)
        script = client.get(address)
        assert script.status_code == 200
        assert script.mimetype == "text/javascript"
        for other in re.findall(r'from "\./(\w+\.js)"', script.text):
            beside = address.rpartition("/")[0] + "/" + other
            assert beside == assets.address(f"components/{other}")
            assert client.get(beside).status_code == 200


def test_several_styles_come_in_one_answer() -> None:
    app = Flask("small", static_folder=str(assets.FOLDER))
    assets.init(app)
    client, (first, second, *_more) = app.test_client(), STYLES
    answer = client.get(assets.address(f"components/{second.stem}+{first.stem}.css"))
    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    assert answer.text == second.read_text(encoding="utf-8") + "\n" + first.read_text(encoding="utf-8")
    for name in ("theme+no_such", "theme+..%2Ftheme", "theme+", "+theme", "start.js+theme"):
        assert client.get(f"/static/components/{name}.css").status_code == 404, name
