"""A kind of field that a trade brings along is entered, listed, filtered, sorted, printed, taken out and
brought in like any other: nothing else is touched.
"""

import io
from collections.abc import Callable

import openpyxl
import pytest
from conftest import sender, workbook
from flask import Flask
from flask.testing import FlaskClient
from library_rota import Reading
from sqlalchemy import select

from app.ground.database import db
from app.keep import history

AsUser = Callable[[str], FlaskClient]
PLACE = "/admin/reading/"
post = sender(PLACE)


@pytest.fixture
def plan(as_user: AsUser) -> Callable[[str, str], int]:
    """Plans a reading at the screen; the new record's id."""

    def planned(week: str, reader: str) -> int:
        answer = post(as_user("clara"), "new/", week=week, reader=reader)
        assert answer.status_code == 302, answer.text
        return int(answer.headers["Location"].rsplit("=", 1)[1])

    return planned


def test_entered_and_read(app: Flask, as_user: AsUser, plan: Callable[[str, str], int]) -> None:
    clerk = as_user("clara")
    assert 'type="week"' in clerk.get(f"{PLACE}new/").text
    wrong = post(clerk, "new/", week="2026-W60", reader="Ada")
    assert wrong.status_code == 422
    assert "There is no such week" in wrong.text
    key = plan("2026-W48", "Ada")
    page = clerk.get(f"{PLACE}details/?id={key}").text
    assert '<time datetime="2026-W48">Week 48 of 2026</time>' in page
    assert post(clerk, f"step/hold/?id={key}", week="2026-W49", version="1").status_code == 302
    assert "Week 48 of 2026 → Week 49 of 2026" in clerk.get(f"{PLACE}details/?id={key}").text
    with app.app_context():
        assert [line.changes.get("week") for line in history.lines("reading", key)] == [
            [None, "2026-W48"],
            ["2026-W48", "2026-W49"],
        ]


def test_listed_filtered_sorted_and_found(as_user: AsUser, plan: Callable[[str, str], int]) -> None:
    for week, reader in (("2027-W03", "Bea"), ("2027-W01", "Cyd"), ("2027-W02", "Dan")):
        plan(week, reader)
    clerk = as_user("clara")
    listed = clerk.get(PLACE).text
    assert "Week 3 of 2027" in listed
    assert 'type="week"' in listed, "the filter offers the kind's own box"
    filtered = clerk.get(f"{PLACE}?week=2027-W03").text
    assert "Bea" in filtered
    assert "Dan" not in filtered
    assert "Week 3 of 2027 <span" in filtered, "the filter says what is set"
    assert "Dan" in clerk.get(f"{PLACE}?week=nonsense").text
    sorted_ = clerk.get(f"{PLACE}?sort=-week&size=20").text
    assert sorted_.index("Bea") < sorted_.index("Dan") < sorted_.index("Cyd")
    after = clerk.get(f"{PLACE}?sort=-week&size=20&after=2027-W03~1&page=2").text
    assert "Cyd" in after
    assert "Bea" not in after
    assert "Bea" in clerk.get(f"{PLACE}?search=week 3 of 2027").text


def test_its_filter_has_an_index_where_its_values_are_few() -> None:
    assert Reading.fields["week"].kind.filter is not None
    assert not Reading.fields["week"].kind.filter.few
    assert any("week" in index.columns for index in Reading.__table__.indexes)


def test_on_paper(as_user: AsUser, plan: Callable[[str, str], int]) -> None:
    key = plan("2026-W30", "Eve")
    clerk = as_user("clara")
    assert "Week 30 of 2026" in clerk.get(f"{PLACE}print/?id={key}").text
    assert "Week 30 of 2026" in clerk.get(f"{PLACE}print/?week=2026-W30").text


def test_out_to_excel_and_in_again(app: Flask, as_user: AsUser, plan: Callable[[str, str], int]) -> None:
    plan("2026-W31", "Fay")
    librarian = as_user("libby")
    data = librarian.get(f"{PLACE}export/xlsx/?week=2026-W31").data
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    assert ["Week", "Week 31 of 2026"] in [row[:2] for row in cells], "the cover says the filter"
    assert any("Fay" in row and "Week 31 of 2026" in row for row in cells)
    small = workbook(["Number", "Week", "Reader"], ["", "week 5 of 2027", "Gus"], ["", "2027-W06", "Hal"])
    clerk = as_user("clara")
    preview = post(clerk, "import/", sheet=(io.BytesIO(small), "readings.xlsx"))
    mark = preview.text.split('name="submission" value="')[1][:32]
    assert post(clerk, "import/", confirm="1", submission=mark).status_code == 302
    with app.app_context():
        asked = select(Reading.week).where(Reading.reader.in_(["Gus", "Hal"])).order_by(Reading.week)
        assert db.session.execute(asked).scalars().all() == ["2027-W05", "2027-W06"]
