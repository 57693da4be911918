"""Widgets: the macros that draw a kind, a file each in ``templates/widgets``; a trade brings its own."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Flask

from app.declare.kind import Kind


class Widget(NamedTuple):
    """How a kind of field is drawn: its box to fill in, and its values."""

    box: Any
    shown: Any


def widgets_of(app: Flask, declared: Iterable[Kind]) -> Callable[[Kind], Widget]:
    """What draws a kind, each read once; a start without the widget of a declared one stops."""
    read: dict[str, Widget] = {}

    def widget(kind: Kind) -> Widget:
        if kind.widget not in read or app.jinja_env.auto_reload:
            read[kind.widget] = _widget(app, kind.widget)
        return read[kind.widget]

    for kind in declared:
        widget(kind)
    return widget


def _widget(app: Flask, name: str) -> Widget:
    """A widget's macros; its values as most are, where it has none for them."""
    own, parts = (app.jinja_env.get_template(f"widgets/{file}.html").module for file in (name, "parts"))
    return Widget(getattr(own, "box", None), getattr(own, "shown", None) or parts.shown)  # type: ignore[attr-defined]
