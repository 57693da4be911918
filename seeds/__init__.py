"""The demo estate."""

from flask import Flask


def init(app: Flask) -> None:
    """Nothing yet."""
