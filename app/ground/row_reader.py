"""Run by app.ground.streaming in a process of its own: asks a SQLite file one question and passes
the rows on, some at a time, each time led by their length.
"""

import marshal
import signal
import sqlite3
import sys
from typing import Any

LENGTH = 4  # bytes that say how long the next rows are; none are left where it is nought


def main() -> None:
    """Read the question from the standard input, write its rows to the standard output; a fault of the
    database is told by its words alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # whoever asked has gone
    place, options, settings, statement, values, part = marshal.load(sys.stdin.buffer)  # noqa: S302 (it comes from the application)
    out = sys.stdout.buffer

    def pass_on(rows: Any) -> None:
        said = marshal.dumps(rows)
        out.write(len(said).to_bytes(LENGTH, "big"))
        out.write(said)

    try:
        connection = sqlite3.connect(*place, **options)
        for name, value in settings.items():
            connection.execute(f"PRAGMA {name}={value}")
        cursor = connection.execute(statement, values)
        while rows := cursor.fetchmany(part):
            pass_on(rows)
    except sqlite3.Error as error:
        pass_on(str(error))
    out.write(bytes(LENGTH))


if __name__ == "__main__":
    main()
