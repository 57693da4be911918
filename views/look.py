"""What a page looks like and does by itself: it names the components it is made of, and asks for their styles
and scripts. ``app/static/components`` holds one of each a component.
"""

from functools import cache

from flask import Flask
from markupsafe import Markup

from app.ground import assets

START = "components/start.js"


@cache
def styles(*names: str, media: str = "all") -> Markup:
    """The link to the styles of components, in the order given."""
    link = Markup('<link rel="stylesheet" href="{}" media="{}">')
    return link.format(assets.address(f"components/{'+'.join(names)}.css"), media)


def print_styles(*names: str) -> Markup:
    """The same for what holds on paper alone; a screen doesn't wait for them."""
    return styles(*names, media="print")


def preloads() -> Markup:
    """Asks for all scripts at once, not for one after another as they name each other."""
    link = Markup('<link rel="modulepreload" href="{}" fetchpriority="low">')
    return Markup("\n").join(link.format(assets.address(name)) for name in assets.modules(START)[1:])


def init(app: Flask) -> None:
    """Give the templates the components."""
    app.jinja_env.globals.update(
        asset=assets.address,
        styles=styles,
        print_styles=print_styles,
        preloads=preloads(),
    )
