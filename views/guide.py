"""The staff's guide, in the reader's language: what holds of every form, and what each says of itself."""

from flask import Flask, render_template

from views.frame import readable


def init(app: Flask) -> None:
    """The guide's page."""

    @app.get("/guide")
    def guide() -> str:
        return render_template("guide.html", forms=[cls for cls in readable().values() if cls.guide])
