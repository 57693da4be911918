"""A kind of field that the engine hasn't: a week of the year. One class, and its widget's macros."""

import re
from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.types import TypeEngine

from app.declaring import filters, kinds


class WeekKind(kinds.Kind):
    """Typed as browsers say it (2026-W48), read as week 48 of 2026."""

    widget = "week"
    filter = filters.Filter()
    width = 15

    def column(self) -> TypeEngine[Any]:
        return String(8)

    def parse(self, typed: str) -> str:
        week = re.fullmatch(r"(\d{4})-W(\d\d)", typed)
        try:
            date.fromisocalendar(int(week[1]), int(week[2]), 1) if week else int(typed)
        except ValueError:
            raise ValueError("There is no such week; please write it as 2026-W48.") from None
        return typed

    def show(self, value: str) -> str:
        return f"Week {int(value[6:])} of {value[:4]}"

    def cell(self, value: str) -> str:
        return self.show(value)

    def typed_cell(self, value: Any) -> str:
        week = re.fullmatch(r"[Ww]eek (\d+) of (\d{4})", str(value).strip())
        return f"{week[2]}-W{int(week[1]):02d}" if week else str(value).strip()

    def words(self, value: str) -> str:
        return self.show(value)
