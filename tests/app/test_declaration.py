"""A declaration is checked whole: each of its words, misspelt, stops the start with the file, the line and
the right word.
"""

import ast
import inspect
import json
import re
import subprocess
import sys
from dataclasses import fields as dataclass_fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from serving import ROOT

from app.declare import fields, figure, form, guards
from app.declare.acts import act
from app.declare.balances import Balance, posts
from app.declare.becoming import becomes
from app.declare.calls import Call
from app.declare.checks import Check
from app.declare.duties import OPERATIONS
from app.declare.fields import SET_LATER, Field
from app.declare.form import Deadline, Form, Paper, State, step
from app.declare.record import OneEach, Record
from app.declare.scanned import Scanned
from app.declare.setting import setting

HERE = Path(__file__).parent
ENGINES_OWN = {
    "metadata",
    "registry",
    "name",
    "fields",
    "steps",
    "deadlines",
    "guards",
    "acts",
    "kept_in",
    "cadences",
    "links",
    "posts",
}  # of a class, but not declared by it


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What became of the form with each of its words misspelt."""
    command = [sys.executable, str(HERE / "misspell.py"), str(tmp_path_factory.mktemp("slips"))]
    done = subprocess.run(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_rightly_spelt_it_starts(told: Any) -> None:
    assert told["first"] == ""


def test_each_word_misspelt_stops_the_start(told: Any) -> None:
    wrong = []
    for case in told["cases"]:
        said = re.sub(r"_\d+\b", "", case["said"])
        right = re.findall(r"did you mean '([\w.:]+)'", said)
        if (
            f".py:{case['line']}: " not in said
            or case["misspelt"] not in said
            or not any(case["word"] in re.split("[.:]", word) for word in right)
        ):
            wrong.append((case["line"], case["misspelt"], said))
    print(f"{len(told['cases'])} words misspelt")
    assert wrong == []
    assert len(told["cases"]) > 150


@cache
def spoken() -> tuple[dict[str, set[str]], set[str]]:
    """The keywords of each call of the form's file, and what its class says of itself."""
    tree = ast.parse((HERE / "every_word.py").read_text(encoding="utf-8"))
    calls: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            calls.setdefault(name, set()).update(str(keyword.arg) for keyword in node.keywords)
    slip: Any = next(
        node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "RepairSlip"
    )
    own = {target.id for node in slip.body if isinstance(node, ast.Assign) for target in node.targets}
    return calls, own | {node.name for node in slip.body if isinstance(node, ast.FunctionDef)} | {
        keyword.arg for keyword in slip.keywords
    }


def test_the_form_speaks_every_word_there_is() -> None:
    """So that a word which the engine learns is misspelt here too."""
    calls, own = spoken()
    makers = {
        name
        for name, value in vars(fields).items()
        if inspect.isfunction(value) and not name.startswith("_") and value.__module__ == fields.__name__
    }
    assert makers - calls.keys() - {"known_words", "dataclass_fields", "replace", "count"} == set()
    options = {field.name for field in dataclass_fields(Field) if field.init} - set(SET_LATER)
    assert options - set().union(*(calls[name] for name in makers if name in calls)) == set()
    assert set(inspect.signature(step).parameters) - calls["step"] == set()
    assert set(inspect.signature(becomes).parameters) - calls["becomes"] == {"to", "label"}
    by_place = {"name", "label", "measure"}
    assert set(inspect.signature(setting).parameters) - calls["setting"] - by_place == set()
    assert set(inspect.signature(act).parameters) - calls["act"] == set()
    assert {field.name for field in dataclass_fields(Deadline)} - calls["deadline"] - {
        "label",
        "name",
    } == set()
    assert set(inspect.signature(figure.figure).parameters) - calls["figure"] == set()
    assert set(inspect.signature(Paper).parameters) - calls["Paper"] == set()
    assert set(inspect.signature(OneEach).parameters) - calls["OneEach"] == set()
    assert set(inspect.signature(Call).parameters) - calls["Call"] == {"step"}
    assert set(inspect.signature(Check).parameters) - calls["Check"] == set()
    assert set(inspect.signature(Scanned).parameters) - calls["Scanned"] == set()
    assert set(inspect.signature(Balance).parameters) - calls["Balance"] == set()
    assert set(inspect.signature(posts).parameters) - calls["posts"] - {"path"} == set()
    assert set(OPERATIONS) - calls["Access"] == set()
    shared = {
        name: set(inspect.signature(value).parameters)
        for name, value in vars(guards).items()
        if inspect.isfunction(value) and value.__module__ == guards.__name__ and not name.startswith("_")
    }
    assert shared.keys() >= {"guard", "not_ahead", "not_before", "needed_when", "some_photo"}
    assert shared.keys() - calls.keys() == set()
    assert {name for name, known in shared.items() if known - calls[name] - {"box", "when"}} == set()
    tones = [
        name
        for name, value in vars(form).items()
        if inspect.isfunction(value) and inspect.signature(value).return_annotation is State
    ]
    assert set(tones) - calls.keys() == set()
    declared = {
        name
        for base in (Record, Form)
        for name in inspect.get_annotations(base)
        if str(inspect.get_annotations(base)[name]).find("ClassVar") >= 0
    }
    assert declared - own - ENGINES_OWN == set()
    hooks = {"check", "saved", "hint", "facts", "work_out", "area_from"}
    assert hooks - own == set()
