"""units, buildings and the register stand in house order

Revision ID: in_house_order
Follows: 8d1f0a6c2b47
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = 'in_house_order'
down_revision = '8d1f0a6c2b47'
branch_labels = None
depends_on = None

LABELS = {
    "area": "SELECT id, code_name FROM area",
    "unit": "SELECT id, code_name FROM unit",
    "owner_register": "SELECT r.id, u.code_name FROM owner_register r JOIN unit u ON u.id = r.unit_id",
}
SIGNS = "零一二三四五六七八九"
NUMBER = re.compile(f"[0-9]+|[{SIGNS}十]+")
BYTEWISE = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
PART = 5_000


def natural(label: str) -> str:
    """A label as it stands in order: numbers by their size."""
    return NUMBER.sub(lambda found: by_size(found[0]), unicodedata.normalize("NFKC", label[:60]).upper()[:60])


def by_size(number: str) -> str:
    digits = (str(chinese(number)) if number[0] > "9" else number).lstrip("0") or "0"
    return f"{len(digits):02d}{digits}"


def chinese(signs: str) -> int:
    if "十" not in signs:
        return int("".join(str(SIGNS.index(sign)) for sign in signs))
    tens, _ten, ones = signs.partition("十")
    return (chinese(tens) if tens else 1) * 10 + (chinese(ones.replace("十", "")) if ones.strip("十") else 0)


def upgrade() -> None:
    """Bring the schema up; what is there takes its place."""
    connection = op.get_bind()
    for table, labels in LABELS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('order_key', BYTEWISE, nullable=False, server_default=''))
        set_key = sa.text(f'UPDATE "{table}" SET order_key = :order_key WHERE id = :id')
        rows = connection.execute(sa.text(labels)).all()
        for at in range(0, len(rows), PART):
            part = [{"id": key, "order_key": natural(label or "")} for key, label in rows[at : at + PART]]
            connection.execute(set_key, part)
        for scope in ("office", "area"):
            op.create_index(f'ix_{table}_{scope}_order_key', table, [f'{scope}_id', 'order_key', 'id'], unique=False)


def downgrade() -> None:
    """Take it back."""
    for table in LABELS:
        for scope in ("office", "area"):
            op.drop_index(f'ix_{table}_{scope}_order_key', table_name=table)
        op.execute(f'ALTER TABLE "{table}" DROP COLUMN order_key')
