"""A password that others have seen is changed at the first sign-in.

Revision ID: b3f1a90c6d27
Follows: 644e981e9fb6
"""

import sqlalchemy as sa
from alembic import op

revision = "b3f1a90c6d27"
down_revision = "644e981e9fb6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those who have a password have one of their own."""
    op.add_column("user", sa.Column("one_time_until", sa.DateTime(), nullable=True))


def downgrade() -> None:
    """Take it back; who hasn't changed theirs keeps it."""
    op.drop_column("user", "one_time_until")
