"""A form is added to the office's own tree by its file, one import, its migration and the duties table, and
taken out by the same; nothing else is touched, and afterwards all is as it was.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORM = ROOT / "tests/library/library_binding.py"
IMPORT = "from models.service import binding as binding\n"
OPEN = """
import re
from wsgi import create_app
client = create_app().test_client()
mark = lambda page: re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
login = {"username": "specialist", "password": "guanjia-demo", "csrf_token": mark(client.get("/login").text)}
assert client.post("/login", data=login).status_code == 302
boxes = {"floor": "1栋", "book": "云笈七签", "ready_on": "2026-12-20", "cover": "paper"}
sent = {**boxes, "csrf_token": mark(client.get("/admin/binding/new/").text)}
made = client.post("/admin/binding/new/", data=sent)
assert made.status_code == 302, made.text
for address in ("/", "/admin/binding/", "/search?q=云笈七签", made.location, "/admin/binding/print/"):
    page = client.get(address, follow_redirects=True)
    assert page.status_code == 200, (address, page.text)
    assert address == "/" or "云笈七签" in page.text, address
"""


class Tree:
    """A copy of what the office runs on, with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "tree"
        self.base = folder / "office.db"
        skip = shutil.ignore_patterns("__pycache__", "*.pyc")
        for name in ("app", "models", "views", "seeds", "templates"):
            shutil.copytree(ROOT / name, self.folder / name, ignore=skip)
        shutil.copy(ROOT / "wsgi.py", self.folder)
        self.environ = {
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": f"sqlite:///{self.base}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def run(self, *command: str) -> str:
        """A command's output."""
        done = subprocess.run(
            [sys.executable, *command], cwd=self.folder, env=self.environ, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def flask(self, *command: str) -> str:
        """One of the application's own."""
        return self.run("-m", "flask", "--app", "wsgi", *command)

    def duties(self) -> list[str]:
        """The table of who may do what."""
        self.flask("duties", "--write", str(self.base.with_suffix(".txt")))
        return self.base.with_suffix(".txt").read_text(encoding="utf-8").splitlines()

    def files(self) -> dict[str, bytes]:
        """All files by their names."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in paths}

    def schema(self) -> set[str]:
        """All tables and indexes."""
        with sqlite3.connect(self.base) as base:
            rows = base.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
            return {row[0] for row in rows}


@pytest.mark.long
def test_a_form_comes_and_goes(tmp_path: Path) -> None:
    tree = Tree(tmp_path)
    tree.flask("db", "upgrade")
    tree.flask("demo", "--units", "20", "--records", "20")
    files, schema, duties = tree.files(), tree.schema(), tree.duties()

    mine = FORM.read_text(encoding="utf-8")
    office = "from models.duties import M1 as L1\nfrom models.duties import P7 as C1\n"
    office += "from models.parts import SERVICE as LIBRARY"
    (tree.folder / "models/service/binding.py").write_text(
        mine.replace("from library_duties import C1, L1, LIBRARY", office), encoding="utf-8"
    )
    door = tree.folder / "models/__init__.py"
    door.write_text(
        door.read_text(encoding="utf-8").replace("\nMIGRATIONS", f"{IMPORT}\nMIGRATIONS"), encoding="utf-8"
    )
    tree.flask("db", "migrate", "-m", "binding")
    tree.flask("db", "upgrade")

    changed = {name for name, data in tree.files().items() if files.get(name) != data}
    (migration,) = (name for name in changed if name.startswith("models/migrations/versions/"))
    assert changed == {"models/service/binding.py", "models/__init__.py", migration}
    added = list(unified_diff(duties, tree.duties(), n=0, lineterm=""))[2:]
    assert not [line for line in added if line.startswith("-")]
    assert "+  finish: given -> bound" in added
    tree.run("-c", OPEN)
    assert tree.schema() > schema

    tree.flask("db", "downgrade")
    for name in ("models/service/binding.py", migration):
        (tree.folder / name).unlink()
    door.write_text(door.read_text(encoding="utf-8").replace(IMPORT, ""), encoding="utf-8")
    assert tree.files() == files
    assert (tree.schema(), tree.duties()) == (schema, duties)
    tree.flask("history", "verify")
