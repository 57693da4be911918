"""The type checker sees through a form: each attribute that a form's methods, guards and rules read or write
of a record, misspelt, is an error. One run of mypy over copies in which all of them are misspelt at once.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.misspell import misspelt, rooted

ROOT = Path(__file__).resolve().parents[1]
COPIED = [
    path
    for path in sorted((ROOT / "models").rglob("*.py"))
    if re.search(r"\((?:Form|Record|Area), |_rules\.py$", path.read_text(encoding="utf-8") + path.name)
]
LIBRARY = [ROOT / "tests" / "library" / f"library_{name}.py" for name in ("loan", "room", "binding")]

Place = tuple[str, int, str]  # file, line, the word as it is misspelt there


def spoken(tree: ast.Module) -> Iterator[ast.Attribute]:
    """What functions say of their first argument, each chain of attributes by its last one."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.args.args:
            argument = function.args.args[0]
            inner = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Attribute)}
            if argument.annotation is None and argument.arg != "self":
                continue
            if argument.annotation is not None and not isinstance(argument.annotation, ast.Constant):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Attribute) and id(node) not in inner and rooted(node) == argument.arg:
                    yield node


def copied(path: Path, to: Path) -> Iterator[Place]:
    """A copy with all of them misspelt; where each stands."""
    lines = path.read_text(encoding="utf-8").splitlines()
    places = {
        (node.end_lineno or 0, (node.end_col_offset or 0) - len(node.attr), node.attr)
        for node in spoken(ast.parse("\n".join(lines)))
    }
    for at, (line, column, word) in enumerate(sorted(places, reverse=True)):
        raw, slip = (
            lines[line - 1].encode(),
            f"{misspelt(word)}_{at}",
        )  # each its own, as if it were the only one
        lines[line - 1] = (raw[:column] + slip.encode() + raw[column + len(word) :]).decode()
        yield to.name, line, slip
    to.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.long
def test_each_attribute_misspelt_is_an_error(tmp_path: Path) -> None:
    places = [
        place
        for path in [*COPIED, *LIBRARY]
        for place in copied(path, tmp_path / f"copy_of_{path.name.removeprefix('library_')}")
    ]
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", "--no-error-summary"]
    command += ["--hide-error-context", "--no-pretty", str(tmp_path)]
    paths = f"{ROOT}:{ROOT / 'tests' / 'library'}"
    done = subprocess.run(
        command, cwd=ROOT, env={"MYPYPATH": paths, "PATH": ""}, capture_output=True, text=True, check=False
    )
    errors = re.findall(r"(?m)^\S*?(\w+\.py):(\d+): error: (.*)$", done.stdout)
    told = {(file, int(line), word) for file, line, said in errors for word in re.findall(r'"(\w+)"', said)}
    print(f"{len(places)} attributes misspelt")
    assert [place for place in places if place not in told] == [], done.stdout[-3000:] + done.stderr[-3000:]
    assert len(places) > 150
