"""The screens: Flask-Admin's views, generated from the declarations; a few drawn by hand."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Theme

from app.declare import declaration
from app.declare.record import registry
from views import (
    accounts,
    calls,
    errors,
    files,
    frame,
    guide,
    handbook,
    home,
    imports,
    look,
    own_acts,
    plain,
    profile,
    record_links,
    searching,
    settings,
    sign_in,
    statistics_page,
)
from views.form_view import FormView

PARTS = (
    frame,
    look,
    record_links,
    guide,
    handbook,
    files,
    imports,
    sign_in,
    errors,
    plain,
    profile,
    accounts,
)


def init(app: Flask) -> None:
    """Register every screen of the forms that the application is made of."""
    with app.app_context():
        declaration.check_between(registry)
        forms = [FormView(cls) for cls in frame.placed()]
        admin = Admin(
            app,
            name="管家",
            index_view=home.HomeView(),
            theme=Theme(folder="guanjia", base_template="frame.html"),
        )
        screens = [statistics_page.StatisticsView(), settings.SettingsView(), own_acts.OwnActsView()]
        if (follow_ups := calls.view()) is not None:
            screens.insert(0, follow_ups)
        admin.add_views(*forms, *screens)
        app.extensions["screens"] = {view.menu: view.model for view in forms}
        app.extensions["form_views"] = {view.model: view for view in forms}
        for part in PARTS:
            part.init(app)
        searching.init(app, (settings.pages, handbook.pages))
