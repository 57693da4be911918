"""What settings were set to, when and by whom.

Revision ID: settings_set
Follows: vacant_units
"""

import sqlalchemy as sa
from alembic import op

revision = "settings_set"
down_revision = "vacant_units"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is set yet: what is declared holds."""
    op.create_table(
        "setting_value",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("area_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("setting", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("from_at", sa.DateTime(), nullable=False),
        sa.Column("everywhere", sa.Boolean(), nullable=True),
        sa.Column("because", sa.String(length=200), nullable=True),
        sa.Column("withdraws", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_setting_value_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_value")),
    )
    with op.batch_alter_table("setting_value", schema=None) as batch_op:
        batch_op.create_index(
            "ix_setting_value_area_created_at", ["area_id", "created_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_setting_value_office_created_at", ["office_id", "created_at", "id"], unique=False
        )
        batch_op.create_index("uq_setting_value_number", ["office_id", "number"], unique=True)


def downgrade() -> None:
    """Forget what was set."""
    with op.batch_alter_table("setting_value", schema=None) as batch_op:
        batch_op.drop_index("uq_setting_value_number")
        batch_op.drop_index("ix_setting_value_office_created_at")
        batch_op.drop_index("ix_setting_value_area_created_at")

    op.drop_table("setting_value")
