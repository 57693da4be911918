"""What figures of interviews ask for: when they were appointed for and held, in order.

Revision ID: interview_figures
Follows: unmanned_shifts
"""

import sqlalchemy as sa
from alembic import op

revision = "interview_figures"
down_revision = "unmanned_shifts"
branch_labels = None
depends_on = None

MOMENTS = ("appointed_at", "met_at")


def upgrade() -> None:
    """Only those that have such a moment stand in it."""
    for at in MOMENTS:
        there = sa.text(f"{at} IS NOT NULL")
        for scope in ("area", "office"):
            name, columns = f"ix_interview_{scope}_{at}", [f"{scope}_id", at, "id"]
            op.create_index(name, "interview", columns, sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Take them back."""
    for at in MOMENTS:
        for scope in ("area", "office"):
            op.drop_index(f"ix_interview_{scope}_{at}", "interview")
