"""Every text a person sees has its Chinese: collected from the source as `make translate` does, and looked up
in the catalogue.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

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
    found = {}
    for file, _line, text, _comments, _context in extract_from_dir(ROOT, methods, options, keywords=KEYWORDS):
        found.update({one: file for one in (text if isinstance(text, tuple) else (text,)) if one})
    return found


@cache
def catalogue() -> Catalog:
    """The Chinese."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def test_there_are_texts() -> None:
    assert len(texts()) > 700


def test_each_has_its_chinese() -> None:
    silent = {
        text: file
        for text, file in texts().items()
        if (one := catalogue().get(text)) is None or not one.string or one.fuzzy
    }
    assert silent == {}


def test_the_chinese_is_chinese() -> None:
    found = {text: catalogue()[text].string for text in texts()}
    assert {
        text: said
        for text, said in found.items()
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
    assert [one.id for one in catalogue() if one.id and one.id not in texts()] == []


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
