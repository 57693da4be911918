"""One's own account: who one is here, the look of the screens, the password, and where one is signed in."""

from typing import Any

from flask import Flask, flash, redirect, render_template
from werkzeug.wrappers import Response

from app.gate import passwords, sign_in
from app.ground import database, given
from app.ground.database import db
from app.ground.language import gettext as _
from app.people.users import Office, User
from views.frame import person


def profile(faults: dict[str, str] | None = None, status: int = 200) -> tuple[str, int]:
    """The page, with what is wrong with a new password if one was sent."""
    who = person()
    office = db.session.get(Office, who.office_id)
    sign_ins = sign_in.going_on(who.id)
    page = render_template(
        "profile.html",
        who=who,
        office=office,
        faults=faults or {},
        sign_ins=sign_ins,
        is_current=sign_in.is_current,
    )
    return page, status


def change_password() -> Any:
    """Set a new password after the old one was given; every other sign-in of the person ends."""
    who, sent = person(), given.boxes()
    new, again = sent.secret("new"), sent.secret("again")
    if faults := faults_of(new, again, who.username):
        return profile(faults, 422)
    outcome = sign_in.attempt(who.username, sent.secret("old"))
    if outcome.user_id != who.id:
        locked = _("Too many wrong tries. Please try again later.")
        return profile(
            {"old": locked if outcome.locked_until else _("The present password isn't right.")}, 422
        )
    if new == sent.secret("old"):
        return profile({"new": _("The new password is the old one.")}, 422)
    keep(new)
    return redirect("/profile")


def faults_of(new: str, again: str, username: str) -> dict[str, str]:
    """What is wrong with a new password, box by box."""
    fault = passwords.fault(new, username)
    return {"new": fault} if fault else {"again": _("The two new passwords differ.")} if new != again else {}


def keep(new: str) -> None:
    """Make it the password of whoever is signed in; every other sign-in of theirs ends."""
    who = person()
    db.session.rollback()
    database.stop_writing()
    kept = passwords.hashed(new)
    database.start_writing()
    user = db.session.get(User, who.id)
    assert user is not None
    passwords.put(user, kept, who)
    sign_in.end_all(who.id)
    sign_in.begin(who.id)
    db.session.commit()
    flash(_("The password is changed. You are signed out everywhere else."))


def sign_out_everywhere() -> Response:
    """End all sign-ins of the person, this one too."""
    sign_in.end_all(person().id)
    sign_in.end()
    db.session.commit()
    return redirect("/login")


def init(app: Flask) -> None:
    """Register the addresses."""
    app.add_url_rule("/profile", "profile", profile, methods=["GET"])
    app.add_url_rule("/profile/password", "profile_password", change_password, methods=["POST"])
    app.add_url_rule(
        "/profile/sign-out-everywhere", "sign_out_everywhere", sign_out_everywhere, methods=["POST"]
    )
