"""the register says a unit's size

Revision ID: 644e981e9fb6
Follows: 969aefa7d5da
"""

import sqlalchemy as sa
from alembic import op

revision = '644e981e9fb6'
down_revision = '969aefa7d5da'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up; each line takes its unit's size."""
    op.add_column("owner_register", sa.Column("area", sa.BigInteger(), nullable=True))
    op.execute("UPDATE owner_register SET area = (SELECT unit.area FROM unit WHERE unit.id = owner_register.unit_id)")


def downgrade() -> None:
    """Take it back."""
    op.drop_column("owner_register", "area")
