"""When what the office keeps is to be counted: once a month (field practice)."""

from datetime import datetime, timedelta

from app.declaring import clock


def month_after(counted: datetime) -> datetime:
    """The end of the month after the one in which something was last counted, or came into custody."""
    month = clock.local(counted).date().replace(day=1)
    for _month in range(2):
        month = (month + timedelta(days=31)).replace(day=1)
    return clock.day_start(month) - timedelta(minutes=1)
