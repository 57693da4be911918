"""things are lent and kept at the desk

Revision ID: lent_and_kept
Follows: due_acts
"""

import sqlalchemy as sa
from alembic import op

revision = 'lent_and_kept'
down_revision = 'due_acts'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Neither is there yet."""
    op.create_table('item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('state_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('due_name', sa.String(length=24), nullable=True),
    sa.Column('held_at', sa.DateTime(), nullable=True),
    sa.Column('resumed_at', sa.DateTime(), nullable=True),
    sa.Column('held_seconds', sa.Integer(), nullable=False),
    sa.Column('called', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('numbered', sa.Boolean(), nullable=True),
    sa.Column('point', sa.String(length=40), nullable=False),
    sa.Column('lent_to', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('limit_days', sa.BigInteger(), nullable=False),
    sa.Column('at_a_time', sa.BigInteger(), nullable=False),
    sa.Column('deposit', sa.BigInteger(), nullable=False),
    sa.Column('price', sa.BigInteger(), nullable=True),
    sa.Column('conditions', sa.Text(), nullable=True),
    sa.Column('in_stock', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('deposits', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('taken_in', sa.BigInteger(), nullable=True),
    sa.Column('came', sa.BigInteger(), nullable=True),
    sa.Column('counted', sa.BigInteger(), nullable=True),
    sa.Column('counted_at', sa.DateTime(), nullable=True),
    sa.Column('difference', sa.String(length=200), nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_item_office_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item'))
    )
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.create_index('ix_item_area_created_at', ['area_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_area_due_at', ['area_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_item_area_kind', ['area_id', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_area_state', ['area_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_area_state_due_at', ['area_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_area_state_kind', ['area_id', 'state', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_office_created_at', ['office_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_office_due_at', ['office_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_item_office_kind', ['office_id', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_office_state', ['office_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_office_state_due_at', ['office_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_office_state_kind', ['office_id', 'state', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('uq_item_called', ['office_id', 'called'], unique=True, sqlite_where=sa.text("state IN ('kept')"), postgresql_where=sa.text("state IN ('kept')"))
        batch_op.create_index('uq_item_number', ['office_id', 'number'], unique=True)

    op.create_table('item_piece',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('state_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('due_name', sa.String(length=24), nullable=True),
    sa.Column('held_at', sa.DateTime(), nullable=True),
    sa.Column('resumed_at', sa.DateTime(), nullable=True),
    sa.Column('held_seconds', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=30), nullable=False),
    sa.Column('looks', sa.String(length=100), nullable=True),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_item_piece_item_id')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_item_piece_office_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_piece'))
    )
    with op.batch_alter_table('item_piece', schema=None) as batch_op:
        batch_op.create_index('ix_item_piece_area_created_at', ['area_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_piece_area_due_at', ['area_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_item_piece_area_state', ['area_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_piece_area_state_due_at', ['area_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_piece_item_id', ['item_id', 'created_at', 'id', 'office_id', 'area_id'], unique=False)
        batch_op.create_index('ix_item_piece_item_id_state', ['item_id', 'state', 'created_at', 'id', 'office_id', 'area_id'], unique=False)
        batch_op.create_index('ix_item_piece_office_created_at', ['office_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_piece_office_due_at', ['office_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_item_piece_office_state', ['office_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_piece_office_state_due_at', ['office_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('uq_item_piece_number', ['office_id', 'number'], unique=True)
        batch_op.create_index('uq_item_piece_tag', ['office_id', 'tag'], unique=True, sqlite_where=None, postgresql_where=None)

    op.create_table('item_loan',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('state_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('due_name', sa.String(length=24), nullable=True),
    sa.Column('held_at', sa.DateTime(), nullable=True),
    sa.Column('resumed_at', sa.DateTime(), nullable=True),
    sa.Column('held_seconds', sa.Integer(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('borrower_kind', sa.String(length=24), nullable=False),
    sa.Column('borrower', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('id_shown', sa.String(length=24), nullable=False),
    sa.Column('purpose', sa.String(length=100), nullable=True),
    sa.Column('told', sa.Boolean(), nullable=True),
    sa.Column('deposit', sa.BigInteger(), nullable=True),
    sa.Column('lent_at', sa.DateTime(), nullable=False),
    sa.Column('due_back', sa.DateTime(), nullable=True),
    sa.Column('reminded_at', sa.DateTime(), nullable=True),
    sa.Column('returned_at', sa.DateTime(), nullable=True),
    sa.Column('returner', sa.String(length=60), nullable=True),
    sa.Column('condition', sa.String(length=24), nullable=True),
    sa.Column('given_back', sa.BigInteger(), nullable=True),
    sa.Column('what_happened', sa.Text(), nullable=True),
    sa.Column('fee', sa.BigInteger(), nullable=True),
    sa.Column('item_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('piece_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_item_loan_item_id')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_item_loan_office_id')),
    sa.ForeignKeyConstraint(['piece_id'], ['item_piece.id'], name=op.f('fk_item_loan_piece_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_item_loan_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_item_loan'))
    )
    with op.batch_alter_table('item_loan', schema=None) as batch_op:
        batch_op.create_index('ix_item_loan_area_borrower_kind', ['area_id', 'borrower_kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_area_created_at', ['area_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_area_due_at', ['area_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_area_state', ['area_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_area_state_borrower_kind', ['area_id', 'state', 'borrower_kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_area_state_due_at', ['area_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_item_id', ['item_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_office_borrower_kind', ['office_id', 'borrower_kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_office_created_at', ['office_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_office_due_at', ['office_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_office_state', ['office_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_office_state_borrower_kind', ['office_id', 'state', 'borrower_kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_office_state_due_at', ['office_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_piece_id', ['piece_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_item_loan_unit_id', ['unit_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('uq_item_loan_number', ['office_id', 'number'], unique=True)
        batch_op.create_index('uq_item_loan_piece_id', ['piece_id'], unique=True, sqlite_where=sa.text("state IN ('lent', 'damaged', 'lost')"), postgresql_where=sa.text("state IN ('lent', 'damaged', 'lost')"))

    op.create_table('storage',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('office_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('area_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False),
    sa.Column('state', sa.String(length=24), nullable=False),
    sa.Column('state_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=True),
    sa.Column('due_name', sa.String(length=24), nullable=True),
    sa.Column('held_at', sa.DateTime(), nullable=True),
    sa.Column('resumed_at', sa.DateTime(), nullable=True),
    sa.Column('held_seconds', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('tag', sa.String(length=20), nullable=True),
    sa.Column('none_of', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('shelf', sa.String(length=30), nullable=False),
    sa.Column('left_at', sa.DateTime(), nullable=False),
    sa.Column('collect_by', sa.DateTime(), nullable=False),
    sa.Column('depositor', sa.String(length=60), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('id_kind', sa.String(length=24), nullable=True),
    sa.Column('id_number', sa.String(length=30), nullable=True),
    sa.Column('finder', sa.String(length=60), nullable=True),
    sa.Column('place', sa.String(length=80), nullable=True),
    sa.Column('notice_place', sa.String(length=80), nullable=True),
    sa.Column('notice_at', sa.DateTime(), nullable=True),
    sa.Column('reminded_at', sa.DateTime(), nullable=True),
    sa.Column('tag_shown', sa.String(length=20), nullable=True),
    sa.Column('description', sa.String(length=200), nullable=True),
    sa.Column('collector', sa.String(length=60), nullable=True),
    sa.Column('collector_id_kind', sa.String(length=24), nullable=True),
    sa.Column('collector_id', sa.String(length=30), nullable=True),
    sa.Column('collected_at', sa.DateTime(), nullable=True),
    sa.Column('signed', sa.Boolean(), nullable=True),
    sa.Column('handed_at', sa.DateTime(), nullable=True),
    sa.Column('end', sa.String(length=24), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('counted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recounted_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['counted_by_id'], ['user.id'], name=op.f('fk_storage_counted_by_id')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_storage_office_id')),
    sa.ForeignKeyConstraint(['recounted_by_id'], ['user.id'], name=op.f('fk_storage_recounted_by_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_storage_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_storage'))
    )
    with op.batch_alter_table('storage', schema=None) as batch_op:
        batch_op.create_index('ix_storage_area_created_at', ['area_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_area_due_at', ['area_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_area_kind', ['area_id', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_area_state', ['area_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_area_state_due_at', ['area_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_area_state_kind', ['area_id', 'state', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_counted_by_id', ['counted_by_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_office_created_at', ['office_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_office_due_at', ['office_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_office_kind', ['office_id', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_office_state', ['office_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_office_state_due_at', ['office_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_office_state_kind', ['office_id', 'state', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_recounted_by_id', ['recounted_by_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_storage_unit_id', ['unit_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('uq_storage_number', ['office_id', 'number'], unique=True)
        batch_op.create_index('uq_storage_tag', ['office_id', 'tag'], unique=True, sqlite_where=sa.text("state IN ('kept', 'with_supervisor')"), postgresql_where=sa.text("state IN ('kept', 'with_supervisor')"))

    op.create_table('storage_goods',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('pieces', sa.BigInteger(), nullable=False),
    sa.Column('features', sa.String(length=120), nullable=True),
    sa.Column('value', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['of_id'], ['storage.id'], name=op.f('fk_storage_goods_of_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_storage_goods'))
    )
    with op.batch_alter_table('storage_goods', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_storage_goods_of_id'), ['of_id'], unique=False)



def downgrade() -> None:
    """Forget both."""
    for table in ("storage_goods", "storage", "item_loan", "item_piece", "item"):
        op.drop_table(table)
