"""Violations: what was seen, said, ordered, mended, reported.

Revision ID: violations
Follows: a_third_telephone
"""

import sqlalchemy as sa
from alembic import op

revision = 'violations'
down_revision = 'a_third_telephone'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""

    op.create_table('violation',
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
    sa.Column('place', sa.String(length=80), nullable=True),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('person', sa.String(length=60), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.Column('finding', sa.Text(), nullable=False),
    sa.Column('rule_broken', sa.String(length=200), nullable=True),
    sa.Column('works_firm', sa.String(length=80), nullable=True),
    sa.Column('foreman', sa.String(length=60), nullable=True),
    sa.Column('witness', sa.String(length=60), nullable=True),
    sa.Column('times', sa.BigInteger(), nullable=True),
    sa.Column('spoken_by', sa.String(length=60), nullable=True),
    sa.Column('spoken_at', sa.DateTime(), nullable=True),
    sa.Column('spot_result', sa.String(length=24), nullable=True),
    sa.Column('demand', sa.Text(), nullable=True),
    sa.Column('mend_by', sa.DateTime(), nullable=True),
    sa.Column('notified_at', sa.DateTime(), nullable=True),
    sa.Column('served', sa.String(length=24), nullable=True),
    sa.Column('signed', sa.String(length=24), nullable=True),
    sa.Column('undertaking', sa.Boolean(), nullable=True),
    sa.Column('second_order', sa.Text(), nullable=True),
    sa.Column('second_mend_by', sa.DateTime(), nullable=True),
    sa.Column('objection', sa.Text(), nullable=True),
    sa.Column('objected_at', sa.DateTime(), nullable=True),
    sa.Column('objection_answer', sa.Text(), nullable=True),
    sa.Column('objection_result', sa.String(length=24), nullable=True),
    sa.Column('mended_at', sa.DateTime(), nullable=True),
    sa.Column('reported_to', sa.String(length=80), nullable=True),
    sa.Column('report_reference', sa.String(length=60), nullable=True),
    sa.Column('reported_at', sa.DateTime(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('building_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['building_id'], ['area.id'], name=op.f('fk_violation_building_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_violation_customer_id')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_violation_office_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_violation_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_violation'))
    )
    with op.batch_alter_table('violation', schema=None) as batch_op:
        batch_op.create_index('ix_violation_area_created_at', ['area_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_area_due_at', ['area_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_area_kind', ['area_id', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_area_state', ['area_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_area_state_due_at', ['area_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_area_state_kind', ['area_id', 'state', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_building_id', ['building_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_customer_id', ['customer_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_office_created_at', ['office_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_office_due_at', ['office_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_office_kind', ['office_id', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_office_state', ['office_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_office_state_due_at', ['office_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_office_state_kind', ['office_id', 'state', 'kind', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_violation_unit_id', ['unit_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('uq_violation_number', ['office_id', 'number'], unique=True)

def downgrade() -> None:
    """Take it back."""

    with op.batch_alter_table('violation', schema=None) as batch_op:
        batch_op.drop_index('uq_violation_number')
        batch_op.drop_index('ix_violation_unit_id')
        batch_op.drop_index('ix_violation_office_state_kind')
        batch_op.drop_index('ix_violation_office_state_due_at')
        batch_op.drop_index('ix_violation_office_state')
        batch_op.drop_index('ix_violation_office_kind')
        batch_op.drop_index('ix_violation_office_due_at')
        batch_op.drop_index('ix_violation_office_created_at')
        batch_op.drop_index('ix_violation_customer_id')
        batch_op.drop_index('ix_violation_building_id')
        batch_op.drop_index('ix_violation_area_state_kind')
        batch_op.drop_index('ix_violation_area_state_due_at')
        batch_op.drop_index('ix_violation_area_state')
        batch_op.drop_index('ix_violation_area_kind')
        batch_op.drop_index('ix_violation_area_due_at')
        batch_op.drop_index('ix_violation_area_created_at')

    op.drop_table('violation')

