"""What the office does by itself: by form, under which rule; and what went wrong and is tried again."""

from dataclasses import dataclass
from typing import Any

from flask_admin import BaseView, expose

from app.declare.acts import OfficeAct
from app.declare.form import Form
from app.declare.part import SETTINGS
from app.declare.record import Record, registry
from app.ground.language import gettext as _
from app.ground.language import lazy_gettext as _l
from app.keep import due_acts
from app.keep.due_acts import DueAct
from app.people import access
from app.people.refusal import Refusal
from app.people.users import Office
from views.frame import person, readable


@dataclass
class Fault:
    """An act that went wrong on a record."""

    record: Record
    act: OfficeAct
    row: DueAct


def faults() -> list[Fault]:
    """What went wrong on records within this person's reach."""
    wrong = []
    for row in due_acts.faults():
        cls: Any = registry.get(row.form)
        act = cls.acts.get(row.rule) if cls is not None else None
        if act is not None and (record := access.get(person(), cls, row.record_id)) is not None:
            wrong.append(Fault(record, act, row))
    return wrong


class OwnActsView(BaseView):  # type: ignore[misc]
    """The page of acts, for whoever keeps the office."""

    icon = "clock"

    def __init__(self) -> None:
        super().__init__(
            _l("Done by itself"),
            SETTINGS.label,
            endpoint="own_acts",
            url="/admin/own_acts",
            static_folder=None,
        )

    def is_accessible(self) -> bool:
        """Whoever keeps the office's own papers."""
        return access.may(person(), Office, "read") is not None

    def inaccessible_callback(self, name: Any, **kwargs: Any) -> Any:
        """Say who could."""
        title = _("Done by itself")
        raise Refusal("duty", _("%(title)s isn't among your duties.", title=title), Office.access.by("read"))

    @expose("/")
    def index(self) -> Any:
        """All of it."""
        forms = [cls for cls in readable().values() if issubclass(cls, Form) and cls.acts]
        return self.render("own_acts.html", forms=forms, faults=faults())
