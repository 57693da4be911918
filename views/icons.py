"""Icons: one file each in ``templates/icons``, drawn into the page; a trade brings its own along."""

from collections.abc import Callable, Iterable

from flask import Flask
from jinja2 import TemplateNotFound
from markupsafe import Markup

from app.ground.spelling import DeclarationError, hint

FRAME = Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>')


def icons_of(app: Flask, declared: Iterable[str]) -> Callable[[str], Markup]:
    """What draws an icon by its name, each read once; those that forms declare are read at the start."""
    drawn: dict[str, Markup] = {}

    def icon(name: str) -> Markup:
        if name not in drawn:
            drawn[name] = FRAME.format(_drawing(app, name))
        return drawn[name]

    for name in declared:
        icon(name)
    return icon


def _drawing(app: Flask, name: str) -> Markup:
    try:
        return Markup(app.jinja_env.get_template(f"icons/{name}.svg").render().strip())  # noqa: S704
    except TemplateNotFound:
        files = app.jinja_env.list_templates(extensions=["svg"])
        known = {file.removeprefix("icons/").removesuffix(".svg") for file in files}
        raise DeclarationError(f"icon speaks of {name!r}; {hint(name, known)}") from None
