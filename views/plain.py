"""Flask-Admin's plain views beside the forms: what they read is bounded, and what a database can't take for a
value of theirs isn't there.
"""

from typing import Any

from flask import Flask
from flask_admin.contrib.sqla import ModelView
from flask_admin.helpers import get_current_view
from sqlalchemy.exc import DataError, InvalidRequestError

from app.ground import given
from views import errors
from views.form_view import FormView


def of_value(error: Exception) -> Any:
    """An id or a filter's value that isn't of its column's type; in a form of ours that would be a fault."""
    errors.log(error)
    view = get_current_view()
    return errors.answer(404 if isinstance(view, ModelView) and not isinstance(view, FormView) else 500)


def init(app: Flask) -> None:
    """Bound what Flask-Admin reads by itself, and answer for it."""
    app.before_request(given.hand_on)
    for kind in (DataError, InvalidRequestError):
        app.register_error_handler(kind, of_value)
