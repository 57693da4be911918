"""The search table, as each database keeps it.

Revision ID: 0000
"""

from alembic import op

revision = "0000"
down_revision = None
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(tokens, detail=none,"
    """ tokenize="unicode61 remove_diacritics 0 tokenchars '-_.@'")""",
)
POSTGRES = (
    "CREATE TABLE IF NOT EXISTS search (key BIGINT PRIMARY KEY, tokens TEXT[] NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_search_tokens ON search USING gin (tokens)",
)


def upgrade() -> None:
    """Make it."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE search")
