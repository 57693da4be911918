"""mypy's plugin: what a record has is what it declares.

A reference declared as ``unit`` has its column ``unit_id``, as the class gets it when it is built; so nobody
who declares a form has to write it down, and ``unti_id`` is an error. And a method that writes to
``self.finishd_at`` doesn't make a new attribute of it.
"""

from collections.abc import Callable

from mypy.checker import TypeChecker
from mypy.errorcodes import ATTR_DEFINED
from mypy.nodes import AssignmentStmt, CallExpr, MemberExpr, NameExpr, TypeInfo
from mypy.plugin import ClassDefContext, FunctionContext, Plugin
from mypy.plugins.common import add_attribute_to_class
from mypy.types import NoneType, Type, UnionType

BUILT = ("app.declare.record.Record", "app.declare.record.Line")


FIELDS = "app.declare.fields."


class DeclaredAttributes(Plugin):
    """Knows the attributes of each class that is built of declared fields."""

    def get_base_class_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        """For a class on top of a record or a line."""
        symbol = self.lookup_fully_qualified(fullname)
        if symbol is None or not isinstance(symbol.node, TypeInfo):
            return None
        return add_columns if any(symbol.node.has_base(name) for name in BUILT) else None

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """For each box of a class: by then its methods are known."""
        return refuse_new if fullname.startswith(FIELDS) else None


def refuse_new(context: FunctionContext) -> Type:
    """An error for each attribute that methods of the class write and nobody declares."""
    checker = context.api
    assert isinstance(checker, TypeChecker)
    cls = checker.scope.active_class()
    for name, symbol in cls.names.items() if cls is not None else ():
        if cls is not None and symbol.implicit and symbol.node is not None:
            checker.fail(f'"{cls.name}" has no attribute "{name}"', symbol.node, code=ATTR_DEFINED)
    return context.default_return_type


def add_columns(context: ClassDefContext) -> None:
    """A column for each ``name: Mapped[Other] = fields.reference(…)``, None in it where the other may be."""
    for statement in context.cls.defs.body:
        if not isinstance(statement, AssignmentStmt) or not isinstance(statement.rvalue, CallExpr):
            continue
        (target, *_more), maker = statement.lvalues, statement.rvalue.callee
        if isinstance(target, NameExpr) and isinstance(maker, MemberExpr) and maker.name == "reference":
            number = context.api.named_type("builtins.int")
            optional = "None" in str(statement.unanalyzed_type)
            kept = UnionType([number, NoneType()]) if optional else number
            column = context.api.named_type_or_none("sqlalchemy.orm.base.Mapped", [kept])
            if column is None:
                context.api.defer()
                return
            add_attribute_to_class(context.api, context.cls, f"{target.name}_id", column)


def plugin(_version: str) -> type[Plugin]:
    """What mypy asks for."""
    return DeclaredAttributes
