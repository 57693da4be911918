"""Stock Flask-Admin 2.x over the table, set up as its documentation advises for a large one."""

import flask
import flask_admin
import table
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import SecureForm
from sqlalchemy.orm import scoped_session, sessionmaker

session = scoped_session(sessionmaker(table.engine()))


class WorkOrderView(ModelView):
    column_list = table.LISTED
    column_default_sort = ("created_at", True)
    column_filters = ["state"]
    column_searchable_list = ["description"]
    column_choices = form_choices = {"state": list(table.STATES.items())}
    named_filter_urls = True
    page_size = table.PAGE
    can_view_details = True
    form_base_class = SecureForm  # its CSRF protection
    form_ajax_refs = {"unit": {"fields": ["code"], "page_size": 10}}
    can_export = True
    export_types = ["csv", "xlsx"]
    export_max_rows = 100_000
    column_export_list = table.EXPORTED


app = flask.Flask(__name__)
app.secret_key = "only for timing"
flask_admin.Admin(app, name="Peers").add_view(WorkOrderView(table.WorkOrder, session, endpoint="workorder"))
app.teardown_appcontext(lambda error: session.remove())
