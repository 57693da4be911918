"""The ground everything stands on: files, names, pinned packages, and what the README and the Makefile
promise.
"""

import ast
import re
import stat
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base2"}
FEW_LINES = 500  # at 110 columns a form of 400 readable ones is better than one of 300 squeezed ones
PINNED = re.compile(
    r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


@cache
def files() -> list[Path]:
    """The project's own files: those in git, and new ones that git doesn't ignore; without git, all but what
    is made.
    """
    ask = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        said = subprocess.run(ask, capture_output=True, check=True, text=True).stdout
        paths = [ROOT / name for name in said.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        made = {".venv", "data", "__pycache__", ".git", "node_modules"}
        paths = [
            path
            for path in ROOT.rglob("*")
            if not made & set(path.relative_to(ROOT).parts) and ".cache" not in path.name
        ]
    return sorted(path for path in paths if path.is_file())


def named(path: Path) -> str:
    """A file's place in the project."""
    return path.relative_to(ROOT).as_posix()


def pinned(name: str) -> dict[str, str]:
    """Packages and versions of a requirements file; only those with hashes."""
    return {package.lower(): version for package, version, _ in PINNED.findall((ROOT / name).read_text())}


def asked(name: str) -> set[str]:
    """Packages that a requirements.in asks for by name, extras left out."""
    lines = (re.sub(r"\s*#.*|\[.*?\]", "", line).strip() for line in (ROOT / name).read_text().splitlines())
    return {line.lower() for line in lines if line and not line.startswith("-")}


def test_each_source_file_says_what_it_is_for() -> None:
    silent = []
    for path in files():
        if path.suffix == ".py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if tree.body and not ast.get_docstring(tree):
                silent.append(named(path))
    assert silent == []


def test_no_source_file_is_long() -> None:
    """Tests and migrations may be; so may catalogues, styles and drawings, which aren't read from top to
    bottom.
    """
    sources = [
        path
        for path in files()
        if path.suffix in (".py", ".html") and not re.match(r"tests/|models/migrations/", named(path))
    ]
    long = {
        named(path): lines
        for path in sources
        if (lines := path.read_text(encoding="utf-8").count("\n")) > FEW_LINES
    }
    assert long == {}


def test_nothing_is_worked_out_under_a_lock_of_all() -> None:
    """Python 3.11's own cached_property holds one lock for all objects: whoever waits for the database in it
    holds up everybody.
    """
    own = re.compile("^from functools import .*cached_property", re.MULTILINE)
    assert [
        named(path)
        for path in files()
        if path.suffix == ".py" and own.search(path.read_text(encoding="utf-8"))
    ] == []


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    empty = {
        named(path)
        for path in files()
        if FORBIDDEN_NAMES & {part.split(".")[0].lower() for part in path.relative_to(ROOT).parts}
    }
    assert empty == set()


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_each_package_asked_for_is_pinned_with_hashes(name: str) -> None:
    versions = pinned(f"{name}.txt")
    text = (ROOT / f"{name}.txt").read_text()
    assert asked(f"{name}.in") - set(versions) == set()
    assert len(versions) == len(re.findall(r"^[A-Za-z0-9]", text, re.MULTILINE)), (
        "a line without a version or a hash"
    )


def test_what_is_tested_is_what_runs() -> None:
    dev = pinned("requirements-dev.txt")
    assert {
        name: version for name, version in pinned("requirements.txt").items() if dev.get(name) != version
    } == {}


def test_each_package_that_runs_has_its_reason() -> None:
    lines = [
        line
        for line in (ROOT / "requirements.in").read_text().splitlines()
        if line and not line.startswith(("#", "-"))
    ]
    assert [line for line in lines if not re.search(r"#\s*\S+", line)] == []


def test_no_file_names_a_place_on_one_machine() -> None:
    places = re.compile(
        "|".join(
            (
                "/wo" + "rk/",
                "/ro" + "ot/",
                "file:" + "///",
                "--(extra-)?index" + "-url [^ ]*://",
                "--trusted" + "-host [^ ]+[.]",
            )
        )
    )
    named_paths = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        named_paths += [f"{named(path)}: {match[0]}" for match in places.finditer(text)]
    assert named_paths == []


def test_no_page_fetches_anything_from_elsewhere() -> None:
    elsewhere = re.compile(
        r"""(?:\b(?:src|href|action)=["']?|url\(["']?|@import ["']?|\bfrom ["'])(?:https?:)?//[^"'\s)]+"""
    )
    pages = [
        path
        for path in files()
        if named(path).startswith(("templates/", "app/static/"))
        and path.suffix in (".html", ".css", ".js", ".svg")
    ]
    assert [
        f"{named(path)}: {match[0]}"
        for path in pages
        for match in elsewhere.finditer(path.read_text(encoding="utf-8"))
    ] == []


def test_the_makefile_tells_what_each_of_its_targets_does() -> None:
    text = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert targets
    said = subprocess.run(
        ["make", "-C", str(ROOT), "--no-print-directory"], capture_output=True, text=True, check=True
    ).stdout
    assert {
        name for name in targets[1].split() if not re.search(rf"^  {name} +\S", said, re.MULTILINE)
    } == set()


def test_the_checks_on_a_fresh_machine_are_the_readmes() -> None:
    script = ROOT / ".ci" / "run"
    assert stat.S_IMODE(script.stat().st_mode) & 0o111
    text = script.read_text()
    assert "set -euo pipefail" in text
    assert re.search(r"^make( --no-print-directory)? test$", text, re.MULTILINE)
    assert "REQUIRE_BROWSER=1 REQUIRE_POSTGRES=1" in text


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_the_readme_names_the_two_commands(command: str) -> None:
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_form_knows_the_engine_by_one_door() -> None:
    """What it is declared with, and what its rules ask, comes from ``app.declaring``."""
    past = [
        f"{named(path)}:{number}"
        for path in files()
        if named(path).startswith("models/") and "(Form, " in (source := path.read_text(encoding="utf-8"))
        for number, line in enumerate(source.splitlines(), 1)
        if re.match(r"\s*(?:from|import) app\b", line)
        and not re.match(r"from app\.(?:declaring|workbook\.\w+) import", line)
    ]
    assert past == []
