"""what records make of one another

Revision ID: links
Follows: complaints_by_the_clock
"""

import sqlalchemy as sa
from alembic import op

revision = 'links'
down_revision = 'complaints_by_the_clock'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table('link',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('form', sa.String(length=40), nullable=False),
    sa.Column('record_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('made_form', sa.String(length=40), nullable=False),
    sa.Column('made_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_link'))
    )
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.create_index('ix_link_made', ['made_form', 'made_id', 'id'], unique=True)
        batch_op.create_index('ix_link_source', ['form', 'record_id', 'id'], unique=False)



def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table('link', schema=None) as batch_op:
        batch_op.drop_index('ix_link_source')
        batch_op.drop_index('ix_link_made')

    op.drop_table('link')
