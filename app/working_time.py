"""Placeholder being replaced."""
from datetime import datetime, timedelta
def add_working(start: datetime, minutes: int | None = None, days: int | None = None) -> datetime:
    return start + timedelta(minutes=minutes or 0, days=days or 0)

def calendar_warning(today: object) -> str | None:
    return None
