"""Key and folder of an installation

Revision ID: 8d1f0a6c2b47
Follows: 5b0d7c1e9a42
"""

import sqlalchemy as sa
from alembic import op

revision = "8d1f0a6c2b47"
down_revision = "5b0d7c1e9a42"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "installation_mark",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation_mark")),
    )


def downgrade() -> None:
    """Bring it down again."""
    op.drop_table("installation_mark")
