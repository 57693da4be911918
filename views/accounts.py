"""Passwords for others: a new account's one-time password, another one for who forgot theirs, and the first
sign-in with it.
"""

from typing import Any

from flask import Flask, abort, redirect, render_template, request

from app.declare.record import registry
from app.gate import passwords, sign_in, tries
from app.ground import database, given
from app.ground.database import db
from app.ground.language import gettext as _
from app.people import access
from app.people.refusal import Refusal
from app.people.users import User
from views import profile
from views.frame import person

ACT = "one_time_password"


def is_new(key: int) -> bool:
    """Whether an account has no password of its person's own yet."""
    user = db.session.get(User, key)
    return user is not None and (user.password_hash is None or user.one_time_until is not None)


def give(key: int) -> Any:
    """A one-time password for an account, told on this one answer; all its sign-ins end."""
    db.session.rollback()
    database.stop_writing()
    word = passwords.generated()
    kept = passwords.hashed(word)
    database.start_writing()
    user: Any = db.session.get(User, key)
    clause = access.may_here(person(), user, "edit") or access.may_here(person(), user, "create")
    passwords.put(user, kept, person(), ACT, str(clause or ""), once=True)
    sign_in.end_all(user.id)
    tries.forgive(user.username)
    db.session.commit()
    return render_template(
        "one_time_password.html", cls=User, user=user, word=word, days=passwords.ONE_TIME.days
    )


def reset(form: str) -> Any:
    """Give somebody a new one-time password: asked first, then done."""
    cls: Any = registry.get(form)
    if cls is None or not cls.signs_in:
        abort(404)
    user = access.get(person(), cls, given.address().number("id") or 0)
    if user is None:
        abort(404)
    if (refusal := in_the_way(user)) is not None:
        raise refusal
    return (
        give(user.id)
        if request.method == "POST"
        else render_template("reset_password.html", cls=cls, user=user)
    )


def in_the_way(user: Any) -> Refusal | None:
    """Why this person can't give an account a new password, or None. One's own needs the old one."""
    if access.may_here(person(), user, "edit") is None:
        return Refusal("duty", _("Editing this isn't among your duties."), user.access.by("edit"), user)
    if user.id == person().id:
        return Refusal("guard", _("Your own password is changed under My account."))
    return None


def first() -> Any:
    """A password of one's own in place of the one-time one, before anything else."""
    who, sent = person(), given.boxes()
    if not who.must_change:
        return redirect("/profile")
    if request.method != "POST":
        return _first({}, given.address().path("next"))
    new, again, onwards = sent.secret("new"), sent.secret("again"), sent.path("next")
    faults = profile.faults_of(new, again, who.username)
    if not faults and _is_present(new):
        faults = {"new": _("The new password is the old one.")}
    if faults:
        return _first(faults, onwards), 422
    profile.keep(new)
    return redirect(onwards)


def _is_present(word: str) -> bool:
    kept = db.session.get(User, person().id)
    assert kept is not None
    hash_ = kept.password_hash
    db.session.rollback()
    database.stop_writing()
    matches = passwords.verify(hash_, word)
    database.start_writing()
    return matches


def _first(faults: dict[str, str], onwards: str) -> str:
    return render_template("first_password.html", who=person(), faults=faults, next=onwards)


def init(app: Flask) -> None:
    """Register the addresses."""
    app.add_url_rule("/admin/<form>/password/", "reset_password", reset, methods=["GET", "POST"])
    app.add_url_rule("/password", "first_password", first, methods=["GET", "POST"])
    app.jinja_env.globals["may_reset"] = lambda record: record.signs_in and in_the_way(record) is None
