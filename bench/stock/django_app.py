"""Django admin 5.2 over the table. `python django_app.py` makes Django's own tables; `django_app:application`
serves.
"""

import os
import sys

import django
import sqlalchemy
import table
from django.apps import AppConfig
from django.conf import settings

url = sqlalchemy.make_url(os.environ["PEERS_URL"])
sqlite = url.get_backend_name() == "sqlite"


class Peers(AppConfig):
    name = __name__
    path = os.path.dirname(__file__)
    default_auto_field = "django.db.models.AutoField"


class NoLogin:
    """Everybody is user 1, without a query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.user = User(pk=1, username="peers", is_staff=True, is_superuser=True)
        return self.get_response(request)


if not settings.configured:
    settings.configure(
        SECRET_KEY="only for timing",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        USE_TZ=False,
        STATIC_URL="/static/",
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            f"{__name__}.Peers",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            f"{__name__}.NoLogin",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends." + ("sqlite3" if sqlite else "postgresql"),
                "NAME": url.database,
                "CONN_MAX_AGE": 600,
                **({} if sqlite else {"HOST": url.host, "PORT": url.port, "USER": url.username}),
            }
        },
    )
    django.setup()

from django.contrib import admin  # noqa: E402  (Django's models load only after its settings)
from django.contrib.auth.models import User  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402


class Unit(models.Model):
    code = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label, db_table, managed = __name__, "peer_unit", False

    def __str__(self):
        return self.code


def text(length, **options):
    return models.CharField(max_length=length, **options)


class WorkOrder(models.Model):
    number = text(20, unique=True)
    state = text(12, choices=list(table.STATES.items()), db_index=True)
    unit = models.ForeignKey(Unit, models.PROTECT)
    reporter, phone, source, category, nature, urgency, location = (
        text(20),
        text(20),
        text(8),
        text(8),
        text(8),
        text(8),
        text(40),
    )
    description = models.TextField()
    assignee, department = text(20, null=True, blank=True), text(20, null=True, blank=True)
    created_at = models.DateTimeField(db_index=True)
    appointed_at, finished_at = (
        models.DateTimeField(null=True, blank=True),
        models.DateTimeField(null=True, blank=True),
    )
    fee = models.DecimalField(max_digits=10, decimal_places=2)
    rating = models.IntegerField(null=True, blank=True)
    remark = text(80, null=True, blank=True)

    class Meta:
        app_label, db_table, managed = __name__, "peer_work_order", False

    def __str__(self):
        return self.number


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    search_fields = ["code"]


@admin.register(WorkOrder)
class WorkOrderAdmin(admin.ModelAdmin):
    list_display = table.LISTED
    list_select_related = ["unit"]
    list_filter = ["state"]
    search_fields = ["description"]
    ordering = ["-created_at"]
    list_per_page = table.PAGE
    autocomplete_fields = ["unit"]


urlpatterns = [path("admin/", admin.site.urls)]
application = get_wsgi_application()

if __name__ == "__main__":
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    User.objects.get_or_create(pk=1, defaults={"username": "peers"})
    sys.exit()
