"""Run in a process of its own: makes the form of every_word.py once for each of its words, that word
misspelt; prints what became of each.

What a word of a declaration is, is asked of the source: the strings that name fields, states, steps and
columns, the keywords, the class's own attributes, its hooks, and the attributes of a record that its
functions speak of.
"""

import ast
import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from app.declare import declaration, setting
from app.declare.form import Form
from app.declare.record import registry
from app.ground.spelling import DeclarationError

SOURCE = Path(__file__).with_name("every_word.py").read_text(encoding="utf-8")
WORDS = {name for base in Form.__mro__ for name in vars(base)}  # what a form's class may say of itself


def slip(tree: ast.Module) -> ast.ClassDef:
    """The form's class."""
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "RepairSlip")


def named(node: ast.Call) -> str:
    """The name of what is called."""
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def defined(node: ast.Assign) -> str:
    """The name that an assignment defines."""
    return node.targets[0].id if isinstance(node.targets[0], ast.Name) else ""


def strings(tree: ast.Module, known: set[str]) -> Iterator[tuple[int, int, str]]:
    """Line, column and word of each string of the form that is a name, or holds one."""
    defines = [
        node
        for node in slip(tree).body
        if isinstance(node, ast.Assign) and defined(node) in ("photo_kinds", "act_words")
    ]
    defined_here = {id(node_inside) for node in defines for node_inside in ast.walk(node)}
    for node in ast.walk(slip(tree)):
        if id(node) in defined_here:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.lineno == node.end_lineno:
            text = (
                SOURCE.splitlines()[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()
            )
            plain = re.fullmatch(r"[a-z_]+[?!]?|[a-z_]+:[a-z_]+\??|[a-z_]+(?:\.[a-z_]+)+", node.value)
            spoken = re.finditer(r"[a-z_]+", text) if plain else re.finditer(r"(?<=%\()[a-z_]+(?=\))", text)
            for match in spoken:
                if match[0] in known:
                    yield node.lineno, node.col_offset + len(text[: match.start()].encode()), match[0]


def keywords(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """Each keyword of the form's class and of what is called in it, but those that define states; and of
    settings.
    """
    for keyword in slip(tree).keywords:
        yield keyword.lineno, keyword.col_offset, str(keyword.arg)
    settings = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and named(node) == "setting")
    for node in (*ast.walk(slip(tree)), *settings):
        if isinstance(node, ast.Call) and named(node) not in ("States", "sum"):
            yield from ((keyword.lineno, keyword.col_offset, str(keyword.arg)) for keyword in node.keywords)


def attributes(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """The class's own words, its hooks, and what its functions and guards read and write of their record."""
    for node in slip(tree).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id in WORDS
        ):
            yield node.lineno, node.col_offset, node.targets[0].id
        elif (
            isinstance(node, ast.FunctionDef)
            and not node.name.startswith("_")  # its own, and nobody else's word
            and not any(isinstance(decorator, ast.Call) for decorator in node.decorator_list)
        ):
            yield node.lineno, node.col_offset + 4, node.name
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda) and node.args.args:
            argument = node.args.args[0].arg
            for inner in ast.walk(node):
                if (
                    isinstance(inner, ast.Attribute)
                    and rooted(inner) == argument
                    and inner.end_col_offset is not None
                ):
                    yield inner.end_lineno or 0, inner.end_col_offset - len(inner.attr), inner.attr


def rooted(node: ast.expr) -> str:
    """The name that a chain of attributes starts from."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def misspelt(word: str) -> str:
    """The word as a hand slips: two letters the wrong way round, or one twice."""
    for at in range(len(word) - 2, 0, -1):
        if word[at] != word[at + 1] and "_" not in word[at : at + 2]:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word + word[-1]


def made(source: str, at: int) -> str:
    """What becomes of a source: nothing, or the sentence with which the start stops."""
    table = f"repair_slip_{at}"
    place = Path(sys.argv[1]) / f"slip_{at}.py"
    source = source.replace('"repair_slip.', f'"{table}.').replace('of="repair_slip"', f'of="{table}"')
    source = source.replace('"receipt.', f'"receipt_{at}.')
    place.write_text(re.sub(r"\b(RepairSlip|Receipt|Order|Drawer)\b", rf"\1_{at}", source), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(place.stem, place)
    assert spec is not None
    assert spec.loader is not None
    setting.settings.clear()
    module = sys.modules[place.stem] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        if at:
            names = (table, f"receipt_{at}", "user")
            declaration.check_between({name: registry[name] for name in names})
        setting.check(registry)
    except DeclarationError as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main() -> None:
    """All cases, as JSON."""
    tree = ast.parse(SOURCE)
    first = made(SOURCE, 0)
    form = registry["repair_slip_0"] if not first else None
    known = (
        {"repair_slip"}
        if form is None
        else {
            *form.fields,
            *form.states,
            *form.steps,
            *form.fields["worth"].kind.options,
            *declaration.LISTED,
            *declaration.SPOTS,
            *form.photo_kinds,
            *form.fields["spot"].kind.target.fields,
            "photos",
            *form.fields["pieces"].kind.line.fields,
            "other",
            "repair_slip",
            "receipt",
            "slip",
            "parts",
            "there",
            "record",
        }
    )
    cases = sorted({*strings(tree, known), *keywords(tree), *attributes(tree)})
    told = []
    for at, (line, column, word) in enumerate(cases, 1):
        lines = SOURCE.splitlines()
        raw = lines[line - 1].encode()
        assert raw[column:].decode().startswith(word), (line, column, word, lines[line - 1])
        lines[line - 1] = (
            raw[:column] + misspelt(word).encode() + raw[column + len(word.encode()) :]
        ).decode()
        told.append(
            {
                "line": line,
                "word": word,
                "misspelt": misspelt(word),
                "said": made("\n".join(lines) + "\n", at),
            }
        )
    print(json.dumps({"first": first, "cases": told}))


if __name__ == "__main__":
    main()
