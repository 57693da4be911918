"""Signing in and out; the choice of language and theme, which one has before signing in too."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Flask, abort, g, redirect, render_template, request, session
from flask_login import current_user
from werkzeug.wrappers import Response

from app.gate import devices, sign_in
from app.ground import clock, given, proxies
from app.ground.database import db
from app.ground.language import LOCALES, short_moment
from app.ground.language import gettext as _

THEMES = ("light", "dark", "system")


def said_before() -> str:
    """Why somebody sees this page who was signed in a moment ago."""
    why = given.address().text("why")
    if why == "kept":
        return _(
            "Your sign-in has ended. What you typed is kept in this browser: sign in, and it is there again."
        )
    return _("Your sign-in has ended. Please sign in again.") if why == "ended" else ""


def page(fault: str = "", status: int = 200) -> tuple[str, int]:
    """The sign-in page, with what went wrong."""
    typed, wanted = given.boxes().text("username", 100), given.boxes().path("next")
    onwards = wanted if wanted != "/" else given.address().path("next")
    said = "" if fault else said_before()
    return render_template("login.html", fault=fault, said=said, next=onwards, username=typed), status


def login() -> Any:
    """The page, and the try. Every failure says the same: neither name nor password is given away."""
    if request.method != "POST":
        return redirect(given.address().path("next")) if current_user.is_authenticated else page()
    outcome = sign_in.attempt(
        given.boxes().text("username"), given.boxes().secret("password"), proxies.address()
    )
    if outcome.crowded:
        abort(429)
    if outcome.locked_until is not None:
        until = short_moment(clock.minute(outcome.locked_until + timedelta(seconds=59)))
        return page(
            _(
                "Too many wrong tries. Signing in under this name is possible again after %(until)s.",
                until=until,
            ),
            401,
        )
    if outcome.user_id is None:
        return page(_("User name or password isn't right. Please try again."), 401)
    if current_user.is_authenticated:
        sign_in.end()
    sign_in.begin(outcome.user_id)
    db.session.commit()
    return redirect(given.boxes().path("next"))


def logout() -> Response:
    """Sign out at this browser."""
    sign_in.end()
    db.session.commit()
    return redirect("/login")


def language() -> Response:
    """Choose the language of the screens."""
    if not (chosen := given.boxes().one_of("locale", LOCALES)):
        return redirect(back())
    session["locale"] = g.locale = chosen
    return remembered("locale", chosen)


def theme() -> Response:
    """Choose light, dark, or as the system has it."""
    return remembered("theme", given.boxes().one_of("theme", THEMES, "system"))


def remembered(name: str, value: str) -> Response:
    """Back to the page one came from, with a choice kept in this browser for a year."""
    answer: Response = devices.for_a_year(redirect(back()), name, value)
    return answer


def back() -> str:
    """The page a small form was sent from; from the sign-in page back to it, with where it leads to."""
    wanted = given.boxes().path("next")
    return (
        "/login?" + urlencode({"next": wanted}, safe="/") if given.boxes().text("page") == "login" else wanted
    )


def init(app: Flask) -> None:
    """Register the addresses."""
    app.add_url_rule("/login", "login", login, methods=["GET", "POST"])
    app.add_url_rule("/logout", "logout", logout, methods=["POST"])
    app.add_url_rule("/language", "language", language, methods=["POST"])
    app.add_url_rule("/theme", "theme", theme, methods=["POST"])
