"""When records are next due for an act of the office's own.

Revision ID: due_acts
Follows: duty_logs
"""

import sqlalchemy as sa
from alembic import op

revision = "due_acts"
down_revision = "duty_logs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is due yet; the server's upkeep works out what is."""
    op.create_table(
        "due_act",
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("record_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=True),
        sa.Column("acted_for", sa.DateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed_at", sa.DateTime(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("form", "record_id", "rule", name=op.f("pk_due_act")),
    )
    op.create_index("ix_due_act_at", "due_act", ["at", "form", "record_id", "rule"])
    faults = sa.text("tries > 0")
    op.create_index(
        "ix_due_act_tries", "due_act", ["tries"], sqlite_where=faults, postgresql_where=faults
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_table("due_act")
