"""The staff's guide, in the language of whoever reads it."""

from flask import Flask, render_template


def init(app: Flask) -> None:
    """The guide's page."""

    @app.get("/guide")
    def guide() -> str:
        return render_template("guide.html")
