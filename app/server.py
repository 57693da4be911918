"""How gunicorn serves: its settings (``gunicorn --config python:app.server``), and what happens in the process that answers."""

from typing import Any

from app import memory

workers = 1  # one process of several threads: SQLite's writers queue in one place
worker_class = "gthread"
timeout = 120
graceful_timeout = 20
keepalive = 75
control_socket_disable = True  # nobody steers it from outside


def post_worker_init(worker: Any) -> None:
    """The application is loaded."""
    memory.keep_for_good()
