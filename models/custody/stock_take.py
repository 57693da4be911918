"""When what the office keeps is to be counted: every so many months."""

from datetime import datetime, timedelta

from app.declaring import clock


def months_after(counted: datetime, months: int) -> datetime:
    """The end of the month that comes so many after the one in which something was last counted, or came into
    custody.
    """
    begins = clock.day_start(clock.local(counted).date().replace(day=1))
    return clock.months_after(begins, months + 1) - timedelta(minutes=1)
