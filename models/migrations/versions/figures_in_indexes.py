"""What figures ask of records stands in the indexes of their moments, so that a year is counted without reading
its rows.

Revision ID: figures_in_indexes
Follows: vacancies_follow
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

revision = "figures_in_indexes"
down_revision = "vacancies_follow"
branch_labels = None
depends_on = None

ASKED: Mapping[tuple[str, str], Sequence[str]] = {
    ("complaint", "answered_at"): ("satisfied", "state"),
    ("interview", "appointed_at"): ("met_at", "state"),
    ("interview", "met_at"): ("cleaning", "desk", "greenery", "repair", "security", "state"),
    ("work_order", "finished_at"): ("on_time", "outcome", "paid", "rating", "state", "total"),
}


def make(table: str, at: str, asked: Sequence[str]) -> None:
    """The indexes of a moment, with what is asked beside it."""
    there = sa.text(f"{at} IS NOT NULL")
    for scope in ("area", "office"):
        name, columns = f"ix_{table}_{scope}_{at}", [f"{scope}_id", at, "id", *asked]
        op.drop_index(name, table)
        op.create_index(name, table, columns, sqlite_where=there, postgresql_where=there)


def upgrade() -> None:
    """The same indexes, wider."""
    for (table, at), asked in ASKED.items():
        make(table, at, asked)


def downgrade() -> None:
    """As they were."""
    for table, at in ASKED:
        make(table, at, ())
