"""a shift that nobody came to is still the only one of its name

Revision ID: unmanned_shifts
Follows: extra_rounds
"""

import sqlalchemy as sa
from alembic import op

revision = 'unmanned_shifts'
down_revision = 'extra_rounds'
branch_labels = None
depends_on = None

BEFORE = sa.text("state IN ('planned', 'manned', 'over')")
AFTER = sa.text("state IN ('planned', 'manned', 'unmanned', 'over')")


def upgrade() -> None:
    """Bring the schema up."""
    with op.batch_alter_table('shift', schema=None) as batch_op:
        batch_op.drop_index('uq_shift_slot')
        batch_op.create_index('uq_shift_slot', ['office_id', 'slot'], unique=True, sqlite_where=AFTER, postgresql_where=AFTER)


def downgrade() -> None:
    """Take it back."""
    op.execute("UPDATE shift SET state = 'planned' WHERE state = 'unmanned'")
    with op.batch_alter_table('shift', schema=None) as batch_op:
        batch_op.drop_index('uq_shift_slot')
        batch_op.create_index('uq_shift_slot', ['office_id', 'slot'], unique=True, sqlite_where=BEFORE, postgresql_where=BEFORE)
