"""keys are counted; complaints are escalated

Revision ID: 969aefa7d5da
Follows: 0001
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = '969aefa7d5da'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up; the keys that are there are in custody, and to be counted within the month."""
    with op.batch_alter_table('complaint', schema=None) as batch_op:
        batch_op.add_column(sa.Column('escalated_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('escalation', sa.String(length=200), nullable=True))

    with op.batch_alter_table('key', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=24), nullable=False, server_default='kept'))
        batch_op.add_column(sa.Column('state_at', sa.DateTime(), nullable=False, server_default='1970-01-01 00:00:00'))
        batch_op.add_column(sa.Column('due_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('due_name', sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column('held_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('resumed_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('held_seconds', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('counted_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('void_reason', sa.Text(), nullable=True))
        batch_op.create_index('ix_key_area_due_at', ['area_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_key_area_state', ['area_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_key_office_due_at', ['office_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_key_office_state', ['office_id', 'state', 'created_at', 'id'], unique=False)

    with op.batch_alter_table('key_loan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('extended', sa.Boolean(), nullable=True))

    key = sa.table("key", sa.column("state_at", sa.DateTime), sa.column("created_at", sa.DateTime), sa.column("due_at", sa.DateTime), sa.column("due_name"))
    counted_by = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(days=30)
    op.execute(key.update().values(state_at=key.c.created_at, due_at=counted_by, due_name="count_due"))
    tally = sa.table("tally", sa.column("form"), sa.column("state"))
    op.execute(tally.update().where(tally.c.form == "key").values(state="kept"))


def downgrade() -> None:
    """Take it back, column by column: a table that others refer to isn't made anew."""
    op.drop_column("key_loan", "extended")
    for name in ("office_state", "office_due_at", "area_state", "area_due_at"):
        op.drop_index(f"ix_key_{name}", "key")
    for name in (
        "void_reason", "counted_at", "held_seconds", "resumed_at", "held_at", "due_name", "due_at", "state_at", "state",
    ):
        op.drop_column("key", name)
    for name in ("escalation", "escalated_at"):
        op.drop_column("complaint", name)
