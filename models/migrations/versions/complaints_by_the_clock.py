"""What a complaint's level was judged to be, beside what it has become.

Revision ID: complaints_by_the_clock
Follows: figures
"""

import sqlalchemy as sa
from alembic import op

revision = "complaints_by_the_clock"
down_revision = "figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is open was judged as it stands."""
    op.add_column("complaint", sa.Column("judged", sa.String(24), nullable=True))


def downgrade() -> None:
    """Only what it has become is known."""
    with op.batch_alter_table("complaint") as table:
        table.drop_column("judged")
