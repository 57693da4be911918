"""Collecting the texts to translate from declarations: beside the marked texts, what each step is for.

The docstring of a step is shown on its form (``_(step.doc)``), so it is a text like any other. Babel calls
``extract`` through ``babel.cfg``; nothing here runs while the application serves.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from babel.messages.extract import extract_python

Found = tuple[int, str | None, Any, list[str]]


def _is_step(method: ast.FunctionDef) -> bool:
    """Whether the method is declared by ``@step(…)``."""
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "step"
        for one in method.decorator_list
    )


def extract(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Found]:
    """Babel's extractor for Python files that declare forms: the marked texts, then the steps' docstrings, as
    the form's step keeps them.
    """
    yield from extract_python(fileobj, keywords, comment_tags, options)  # type: ignore[arg-type, misc]
    fileobj.seek(0)
    for node in ast.walk(ast.parse(fileobj.read())):
        if isinstance(node, ast.FunctionDef) and _is_step(node):
            text = (ast.get_docstring(node, clean=False) or "").strip()
            if text:
                yield node.lineno, None, text, []
