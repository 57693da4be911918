"""One of several writers at once: makes so many work orders as a front desk does, and tells their numbers.
Run by test_writers.
"""

import json
import sys
import time

from flask import Flask
from office import HISTORY_KEY, Estate

import models  # noqa: F401 (declares the forms)
from app.ground import database
from app.ground.database import db
from app.keep import history_keys


def main(url: str, name: str, count: int) -> None:
    """Make the orders; an error ends the writer with its trace."""
    app = Flask("writer")
    history_keys.init(app, history_keys.Keys([HISTORY_KEY]))
    database.init(app, url)
    longest, numbers = 0.0, []
    with app.app_context():
        office = Estate(app).look()
        for at in range(count):
            began = time.monotonic()
            numbers.append(office.order(name, description=f"{name} {at}").number)
            longest = max(longest, time.monotonic() - began)
        db.session.remove()
    json.dump({"numbers": numbers, "longest": longest}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
