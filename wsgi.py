"""The composition root: the office's application put together from its rooms."""

import os
from collections.abc import Mapping

from flask import Flask

import models
import seeds
import views
from app import engine
from app.gate import server
from app.ground import settings

__all__ = ["create_app"]


def create_app(environ: Mapping[str, str] | None = None, command_line: bool = True) -> Flask:
    """An application from its environment; a wrong setting raises ``SettingsError`` with a sentence.

    A server needs no ``command_line``, nor the migrations and the demo estate that come with it.
    """
    chosen = settings.load(os.environ if environ is None else environ)
    root = os.path.dirname(os.path.abspath(__file__))
    app = engine.create("guanjia", chosen, root, models.MIGRATIONS if command_line else "", command_line)
    views.init(app)
    if command_line:
        seeds.init(app)
    return app


if __name__ == "__main__":
    server.serve(create_app(command_line=False))
