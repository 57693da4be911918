"""A person of a unit has up to three telephones.

Revision ID: a_third_telephone
Follows: sheet_layouts
"""

import sqlalchemy as sa
from alembic import op

revision = "a_third_telephone"
down_revision = "sheet_layouts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has one yet."""
    with op.batch_alter_table("owner_register_occupancy", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone3", sa.String(length=20), nullable=True))


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("owner_register_occupancy", schema=None) as batch_op:
        batch_op.drop_column("phone3")
