"""What people said of the layouts of sheets is remembered.

Revision ID: sheet_layouts
Follows: any_two_filters
"""

import sqlalchemy as sa
from alembic import op

revision = "sheet_layouts"
down_revision = "any_two_filters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None is known yet."""
    op.create_table(
        "sheet_layout",
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.String(40), nullable=False),
        sa.Column("layout", sa.String(32), nullable=False),
        sa.Column("columns", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("meanings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("agreed_by", sa.String(60), nullable=False),
        sa.Column("agreed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", "form", "layout", name=op.f("pk_sheet_layout")),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("sheet_layout")
