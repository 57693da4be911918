"""What figures ask for: whether a repair was finished on time, and when repairs ended and complaints were
answered in order.

Revision ID: figures
Follows: settings_set
"""

import sqlalchemy as sa
from alembic import op

revision = "figures"
down_revision = "settings_set"
branch_labels = None
depends_on = None

MOMENTS = (("complaint", "answered_at"), ("work_order", "finished_at"))


def upgrade() -> None:
    """What was finished before isn't judged: nobody said then by when it was due."""
    op.add_column("work_order", sa.Column("on_time", sa.Boolean(), nullable=True))
    for table, at in MOMENTS:
        there = sa.text(f"{at} IS NOT NULL")
        for scope in ("area", "office"):
            name, columns = f"ix_{table}_{scope}_{at}", [f"{scope}_id", at, "id"]
            op.create_index(name, table, columns, sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Take them back."""
    for table, at in MOMENTS:
        for scope in ("area", "office"):
            op.drop_index(f"ix_{table}_{scope}_{at}", table)
    op.drop_column("work_order", "on_time")
