"""An interview asks questions of the list alone.

Revision ID: questions_of_the_list
Follows: duty_logs_gather
"""

import sqlalchemy as sa
from alembic import op

revision = "questions_of_the_list"
down_revision = "duty_logs_gather"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was asked beside it stands with the answer."""
    with op.batch_alter_table("interview_question") as table:
        table.drop_column("own")


def downgrade() -> None:
    """An empty box."""
    op.add_column("interview_question", sa.Column("own", sa.String(100), nullable=True))
