"""The order of records that stand by their labels: numbers by their size, kept in a column that an index
serves.
"""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import MappedColumn, mapped_column

from app.ground.text import natural

ORDER = "order_key"
_BYTEWISE = String(200).with_variant(String(200, collation="C"), "postgresql")


def order_column() -> MappedColumn[str]:
    """The column, sorted alike by every database."""
    return mapped_column(_BYTEWISE, nullable=False, default="")


def put_in_order(record: Any) -> None:
    """Keep a record's place in step with its label."""
    if type(record).in_order:
        setattr(record, ORDER, natural(str(record)))


def may_be_empty(cls: Any, sort: str) -> bool:
    """Whether a record may have nothing in a column that a list is sorted by."""
    return bool(cls.__table__.c[sort].nullable)
