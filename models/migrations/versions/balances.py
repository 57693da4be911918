"""what is posted to balances

Revision ID: balances
Follows: questions_of_the_list
"""

import sqlalchemy as sa
from alembic import op

revision = 'balances'
down_revision = 'questions_of_the_list'
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Nothing is posted yet."""
    op.create_table('posting',
    sa.Column('id', KEY, nullable=False),
    sa.Column('form', sa.String(length=40), nullable=False),
    sa.Column('box', sa.String(length=40), nullable=False),
    sa.Column('record_id', KEY, nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('by_form', sa.String(length=40), nullable=False),
    sa.Column('by_id', KEY, nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=60), nullable=False),
    sa.Column('user_id', KEY, nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posting'))
    )
    with op.batch_alter_table('posting', schema=None) as batch_op:
        batch_op.create_index('ix_posting_by', ['by_form', 'by_id'], unique=False)
        batch_op.create_index('ix_posting_record', ['form', 'box', 'record_id', 'id'], unique=False)


def downgrade() -> None:
    """Forget what was."""
    op.drop_table('posting')
