"""Who is rung up next: by rule, the number at hand, one after the other; who isn't content is passed on. Run
by tests/app/test_another_trade.py in a process of its own.
"""

import re
from collections.abc import Callable

from conftest import sender
from flask import Flask
from flask.testing import FlaskClient
from library_report import DamageReport
from test_a_link import Books, boxes, post, reported

AsUser = Callable[[str], FlaskClient]


def looked_at(clerk: FlaskClient, **typed: str) -> int:
    """A damage that was looked at, so that its reader is to be rung up."""
    key = reported(clerk, **{"reader": "Ada Reader", "cover": "paper", **typed})
    assert post(clerk, f"step/look/?id={key}").status_code == 302
    return key


def test_one_after_the_other_with_the_number_at_hand(app: Flask, as_user: AsUser) -> None:
    clerk, books = as_user("clara"), Books(app)
    first, second, silent = looked_at(clerk), looked_at(clerk), looked_at(clerk, phone="")
    page = clerk.get("/calls/").text
    main = page[page.index("<main") :]
    at = [int(key) for key in re.findall(r"at=damage_report:(\d+):ring", main)]
    assert at[-2:] == [first, second]
    assert silent not in at, "it isn't the time yet"
    assert "13900001234" not in page
    assert "All whose book was looked at." in main
    picked = clerk.get(f"/calls/?at=damage_report:{first}:ring").text
    assert "Old maps" in picked
    shown = post(clerk, f"reveal/?id={first}&field=phone")
    assert "13900001234" in shown.text
    assert books.acts("damage_report", first)[-1] == "look:phone"
    sent = {"liked": "yes", "back": "/calls/"}
    answer = post(clerk, f"step/ring/?id={first}", **sent)
    assert answer.headers["Location"] == f"/calls/?after=damage_report:{first}"
    page = clerk.get(answer.headers["Location"]).text
    assert f"at=damage_report:{first}:ring" not in page
    assert f"at=damage_report:{second}:ring" in page
    assert "become/to_amends" not in page


def test_who_is_not_content_is_passed_on_linked(app: Flask, as_user: AsUser) -> None:
    clerk, books = as_user("clara"), Books(app)
    key = looked_at(clerk)
    answer = post(clerk, f"step/ring/?id={key}", liked="no", back="/calls/")
    page = clerk.get(answer.headers["Location"]).text
    address = f"/admin/damage_report/become/to_amends/?id={key}"
    assert address in page
    filled = boxes(clerk.get(address).text)
    place = sender("/admin/damage_report/")
    assert place(clerk, f"become/to_amends/?id={key}", **{**filled, "cover": "paper"}).status_code == 302
    assert "link:to_amends" in books.acts("damage_report", key)
    assert address not in clerk.get(answer.headers["Location"]).text


def test_calls_are_theirs_whose_duty_they_are(app: Flask, as_user: AsUser) -> None:
    key = looked_at(as_user("clara"))
    libby = as_user("libby")
    assert "/calls/" not in libby.get("/").text
    refused = libby.get("/calls/")
    assert (refused.status_code, "Clara" in refused.text) == (403, True)
    clerk = as_user("clara")
    for forged in ("damage_report:99999:ring", f"damage_report:{key}:settle", "nothing:1:ring", "x"):
        assert clerk.get(f"/calls/?at={forged}").status_code == 404
        assert clerk.get(f"/calls/?after={forged}").status_code == 200
    assert post(clerk, f"step/ring/?id={key}", liked="yes", back="https://elsewhere/").headers[
        "Location"
    ] == (f"/admin/damage_report/details/?id={key}")
    assert DamageReport.calls
