"""interviews of the year

Revision ID: interviews_of_the_year
Follows: interview_figures
"""

import sqlalchemy as sa
from alembic import op

revision = 'interviews_of_the_year'
down_revision = 'interview_figures'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    with op.batch_alter_table('interview', schema=None) as batch_op:
        batch_op.create_index('ix_interview_unit_id_met_at', ['unit_id', 'met_at'], unique=False)



def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table('interview', schema=None) as batch_op:
        batch_op.drop_index('ix_interview_unit_id_met_at')

