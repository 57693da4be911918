"""The search table, as each database keeps it.

Revision ID: 0000
"""

from alembic import op

from app.act.search import create_tables

revision = "0000"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    create_tables(op.get_bind())


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE search")
