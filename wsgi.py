"""The composition root: the application put together from its rooms."""

import os
from collections.abc import Mapping

from flask import Flask

import models
import seeds
import views
from app import again, commands, database, language, request_log, security, server, settings, sign_in, upkeep
from app import statistics as statistics  # a chore of upkeep

__all__ = ["create_app"]


def create_app(environ: Mapping[str, str] | None = None, command_line: bool = True) -> Flask:
    """An application from its environment; a wrong setting raises ``SettingsError`` with a sentence.

    A server needs no ``command_line``, nor the migrations and the demo estate that come with it.
    """
    chosen = settings.load(os.environ if environ is None else environ)
    app = Flask(
        "guanjia",
        root_path=os.path.dirname(os.path.abspath(__file__)),
        static_folder="app/static",
        template_folder="templates",
    )
    settings.init(app, chosen)
    migrations = models.MIGRATIONS if command_line else ""
    database.init(app, chosen.database_url, migrations, chosen.sqlite_synchronous, chosen.database_pooler)
    language.init(app, chosen.default_locale)
    request_log.init(app)
    security.init(app)
    sign_in.init(app)
    again.init(app)
    views.init(app)
    upkeep.init(app, serves=not command_line)
    if command_line:
        commands.init(app)
        seeds.init(app)
    return app


if __name__ == "__main__":
    server.serve(create_app(command_line=False))
