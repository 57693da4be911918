"""Every text a person sees has its Chinese: the engine's and the screens' are collected from the source as
`make translate` does, and looked up in the catalogue; declarations have both languages in their own files.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import models
from app.declare import duties
from app.declare.record import Line, Record, registry
from app.ground.words import Words

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "app" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None}
PLACE = re.compile(r"%\((\w+)\)[sd]")
NOT_TEXT = re.compile(
    r"<script.*?</script>|<style.*?</style>|<svg.*?</svg>|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<!--.*?-->|<[^>]*>|&\w+;",
    re.DOTALL,
)
ALIKE = {
    "OK",
    "Excel",
    "Guanjia",
    "PDF",
    "QR",
    "Ctrl",
    "管",
}  # said the same in both languages; the sign of the house
ATTRIBUTE = re.compile(r'[\w-]+="[^"]*"| (?:required|disabled|checked|hidden)\b')
TEMPLATES = [
    path for path in sorted((ROOT / "templates").rglob("*.html")) if path.parent.name != "guide"
]  # the guide has a file a language


@cache
def texts() -> dict[str, str]:
    """Every marked text, and the file that has it."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    texts_here = {}
    for file, _line, text, _comments, _context in extract_from_dir(ROOT, methods, options, keywords=KEYWORDS):
        texts_here.update({said: file for said in (text if isinstance(text, tuple) else (text,)) if said})
    return texts_here


@cache
def catalogue() -> Catalog:
    """The Chinese."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def words_in(thing: Any, seen: set[int]) -> Iterator[Words]:
    """The words of whatever a declaration is made of, however deep they stand."""
    if isinstance(thing, Words):
        yield thing
        return
    of_a_declaration = isinstance(thing, type) and issubclass(thing, Record | Line)
    if id(thing) in seen or not (
        of_a_declaration
        or isinstance(thing, dict | list | tuple)
        or type(thing).__module__.startswith("app.declare")
    ):
        return
    seen.add(id(thing))
    if isinstance(thing, dict):
        parts: Iterable[Any] = thing.values()
    elif isinstance(thing, list | tuple):
        parts = thing
    else:
        slots = [name for cls in type(thing).__mro__ for name in getattr(cls, "__slots__", ())]
        parts = [*vars(thing).values()] if hasattr(thing, "__dict__") else []
        parts = [*parts, *(getattr(thing, name, None) for name in slots)]
    for part in parts:
        yield from words_in(part, seen)


@cache
def declared() -> dict[str, set[str]]:
    """Every English word of a declaration, with its Chinese."""
    declared_words: dict[str, set[str]] = {}
    for words in words_in([*registry.values(), duties.roles, duties.clauses], set()):
        declared_words.setdefault(words.english, set()).add(words.chinese)
    return declared_words


def said() -> Iterator[tuple[str, int, ast.Call]]:
    """Every ``say(…)`` of a form: its file, its line, itself."""
    for path in sorted(Path(models.__path__[0]).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                yield path.name, node.lineno, node


def pairs() -> Iterator[tuple[str, str]]:
    """The Chinese and the English of all that declarations and forms say."""
    for english, ways in declared().items():
        yield from ((chinese, english) for chinese in ways)
    for _file, _line, call in said():
        chinese, english = (ast.literal_eval(argument) for argument in call.args)
        yield chinese, english


def test_there_are_texts() -> None:
    assert len(texts()) > 450
    assert len(list(pairs())) > 450
    assert len(list(said())) > 15


def test_each_word_of_a_declaration_has_both_languages() -> None:
    wrong = [
        (chinese, english)
        for chinese, english in pairs()
        if not re.search("[一-鿿]", chinese)
        or not re.search("[A-Za-z]", english)
        or re.search("[一-鿿]", english)
        or chinese != chinese.strip()
        or english != english.strip()
    ]
    assert wrong == []


def test_each_word_of_a_declaration_names_the_same_places() -> None:
    assert [
        (chinese, english)
        for chinese, english in pairs()
        if set(PLACE.findall(chinese)) != set(PLACE.findall(english))
    ] == []


def test_what_a_form_says_is_given_what_its_places_name() -> None:
    wrong = [
        (file, line)
        for file, line, call in said()
        if {keyword.arg for keyword in call.keywords} != set(PLACE.findall(ast.literal_eval(call.args[1])))
    ]
    assert wrong == []


def test_a_form_looks_nothing_up_in_the_catalogue() -> None:
    """Its words mean what they mean there, and nowhere else."""
    names = [
        path.name
        for path in Path(models.__path__[0]).rglob("*.py")
        if "gettext" in path.read_text(encoding="utf-8") and not path.name.startswith("register_")
    ]
    assert names == []


def test_each_has_its_chinese() -> None:
    silent = {
        text: file
        for text, file in texts().items()
        if (message := catalogue().get(text)) is None or not message.string or message.fuzzy
    }
    assert silent == {}


def test_the_chinese_is_chinese() -> None:
    chinese = {text: catalogue()[text].string for text in texts()}
    assert {
        text: said
        for text, said in chinese.items()
        if re.search("[a-z]{3}", text) and not re.search("[一-鿿]", said) and text not in ALIKE
    } == {}


def test_each_names_the_same_places() -> None:
    wrong = {
        text: str(catalogue()[text].string)
        for text in texts()
        if set(PLACE.findall(text)) != set(PLACE.findall(str(catalogue()[text].string)))
    }
    assert wrong == {}


def test_nothing_is_kept_that_nobody_says() -> None:
    assert [message.id for message in catalogue() if message.id and message.id not in texts()] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_a_text_of_its_own(path: Path) -> None:
    """Words outside the marks would be said in one language only."""
    bare = ATTRIBUTE.sub(" ", NOT_TEXT.sub(" ", path.read_text(encoding="utf-8")))
    assert set(re.findall(r"[A-Za-z]{3,}(?: [A-Za-z]+)*|[一-鿿]+", bare)) <= ALIKE, path


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_attribute_has_a_text_of_its_own(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert (
        re.findall(r'(?:title|placeholder|aria-label|alt)="([A-Z][a-z]+[^"{]*|[^"{]*[一-鿿][^"{]*)"', source)
        == []
    ), path
