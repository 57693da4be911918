"""What the README tells an office to run, run: line by line, in an empty folder; and what it only tries,
done.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import xlsxwriter
from serving import ROOT

OWNERS = (
    ("房号", "业主姓名", "联系电话", "身份证号码", "建筑面积"),
    ("1-1-101", "王建国", "13800001111", "11010119800307123X", 89.5),
    ("1-1-102", "李秀英", "13900002222", "", 89.5),
)


def commands() -> list[str]:
    """The commands of the table, in their order."""
    section = (ROOT / "README.md").read_text().partition("\n## In an office\n")[2].partition("\n## ")[0]
    return [span for span in re.findall(r"`([^`]+)`", section) if span.startswith("flask --app wsgi ")]


def write_owners(path: Path) -> None:
    """A register as an office has it."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("业主")
        for at, row in enumerate(OWNERS):
            sheet.write_row(at, 0, row)


def test_the_readme_tells_an_office_where_to_begin() -> None:
    told = " ".join(commands())
    for words in (
        "db upgrade",
        "user add",
        "import owner_register",
        "export work_order",
        "history verify",
        "forms --json",
        "duties --json",
    ):
        assert words in told, words


def test_each_line_works_in_an_empty_folder(tmp_path: Path) -> None:
    write_owners(tmp_path / "业主信息.xlsx")
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")
    }
    environment |= {"DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    wrong = []
    told = commands()
    for command in (
        *told,
        *(command.replace(" --dry-run", "") for command in told if " --dry-run" in command),
    ):
        words = [sys.executable, "-m", *shlex.split(command)]
        ran = subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        if ran.returncode or "Traceback" in ran.stderr:
            wrong.append((command, ran.returncode, ran.stdout[-400:], ran.stderr[-400:]))
    assert not wrong, "\n".join(map(str, wrong))
    assert (tmp_path / "派工单.xlsx").stat().st_size > 1000
