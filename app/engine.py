"""The engine put together: one application with its settings, database, history, log and gate.

The screens and the commands of an office come on top (``wsgi.create_app``); a second trade is another call.
"""

from collections.abc import Collection

from flask import Flask

from app.declare import flow, setting
from app.declare.record import Record, registry
from app.gate import commands, office_clock, security, sign_in
from app.ground import again, assets, database, language, request_log, settings, upkeep
from app.ground import statistics as statistics  # a chore of upkeep
from app.ground.settings import Settings
from app.keep import history_keys, history_marks


def create(
    name: str,
    chosen: Settings,
    root: str,
    migrations: str = "",
    command_line: bool = True,
    forms: Collection[type[Record]] = (),
) -> Flask:
    """An application of the engine alone, with its templates and static files under ``root``. It is made of
    these ``forms``, so that another of other forms can stand in the same process; or of all there are.

    A server needs no ``command_line``, nor the ``migrations`` (a folder) that come with it; it does the
    chores of upkeep instead.
    """
    app = Flask(name, root_path=root, static_folder="app/static", template_folder="templates")
    registry.choose(app, forms)
    setting.check(registry.every)
    flow.check(registry.every)
    settings.init(app, chosen)
    history_keys.init(app, history_keys.keys_of(chosen))
    history_marks.init(app, chosen.data_dir / "history")
    database.init(app, chosen.database_url, migrations, chosen.sqlite_synchronous, chosen.database_pooler)
    language.init(app, chosen.default_locale)
    assets.init(app)
    request_log.init(app)
    security.init(app)
    sign_in.init(app)
    again.init(app)
    upkeep.init(app, serves=not command_line)
    office_clock.init(app)
    if command_line:
        commands.init(app)
    return app
