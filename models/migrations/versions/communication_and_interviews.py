"""communication records and interviews

Revision ID: communication_and_interviews
Follows: release_slips
"""

import sqlalchemy as sa
from alembic import op

revision = 'communication_and_interviews'
down_revision = 'release_slips'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table('communication_record',
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
    sa.Column('way', sa.String(length=24), nullable=False),
    sa.Column('talked_at', sa.DateTime(), nullable=False),
    sa.Column('spoke_with', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('matter', sa.String(length=24), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('opinion', sa.Text(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('follow_up_on', sa.Date(), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('building_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answered_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['answered_by_id'], ['user.id'], name=op.f('fk_communication_record_answered_by_id')),
    sa.ForeignKeyConstraint(['building_id'], ['area.id'], name=op.f('fk_communication_record_building_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_communication_record_customer_id')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_communication_record_office_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_communication_record_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_communication_record'))
    )
    with op.batch_alter_table('communication_record', schema=None) as batch_op:
        batch_op.create_index('ix_communication_record_answered_by_id', ['answered_by_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_area_created_at', ['area_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_area_due_at', ['area_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_area_matter', ['area_id', 'matter', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_area_state', ['area_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_area_state_due_at', ['area_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_area_state_matter', ['area_id', 'state', 'matter', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_area_state_way', ['area_id', 'state', 'way', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_area_way', ['area_id', 'way', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_area_way_matter', ['area_id', 'way', 'matter', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_building_id', ['building_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_customer_id', ['customer_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_office_created_at', ['office_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_office_due_at', ['office_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_office_matter', ['office_id', 'matter', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_office_state', ['office_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_office_state_due_at', ['office_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_office_state_matter', ['office_id', 'state', 'matter', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_office_state_way', ['office_id', 'state', 'way', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_office_way', ['office_id', 'way', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_office_way_matter', ['office_id', 'way', 'matter', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_communication_record_unit_id', ['unit_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('uq_communication_record_number', ['office_id', 'number'], unique=True)

    op.create_table('interview',
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
    sa.Column('occasion', sa.String(length=24), nullable=False),
    sa.Column('audience', sa.String(length=24), nullable=False),
    sa.Column('interviewee', sa.String(length=60), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('interviewers', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('way', sa.String(length=24), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=True),
    sa.Column('appointed_at', sa.DateTime(), nullable=False),
    sa.Column('met_at', sa.DateTime(), nullable=True),
    sa.Column('security', sa.String(length=24), nullable=True),
    sa.Column('cleaning', sa.String(length=24), nullable=True),
    sa.Column('greenery', sa.String(length=24), nullable=True),
    sa.Column('repair', sa.String(length=24), nullable=True),
    sa.Column('desk', sa.String(length=24), nullable=True),
    sa.Column('suggestions', sa.Text(), nullable=True),
    sa.Column('personal_notes', sa.Text(), nullable=True),
    sa.Column('measures', sa.Text(), nullable=True),
    sa.Column('sign_offered', sa.Boolean(), nullable=True),
    sa.Column('signed', sa.Boolean(), nullable=True),
    sa.Column('review', sa.String(length=300), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('building_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reviewed_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('remark', sa.Text(), nullable=True),
    sa.Column('void_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['building_id'], ['area.id'], name=op.f('fk_interview_building_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_interview_customer_id')),
    sa.ForeignKeyConstraint(['office_id'], ['office.id'], name=op.f('fk_interview_office_id')),
    sa.ForeignKeyConstraint(['reviewed_by_id'], ['user.id'], name=op.f('fk_interview_reviewed_by_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_interview_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interview'))
    )
    with op.batch_alter_table('interview', schema=None) as batch_op:
        batch_op.create_index('ix_interview_area_audience', ['area_id', 'audience', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_area_created_at', ['area_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_area_due_at', ['area_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_area_occasion', ['area_id', 'occasion', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_area_occasion_audience', ['area_id', 'occasion', 'audience', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_area_state', ['area_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_area_state_audience', ['area_id', 'state', 'audience', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_area_state_due_at', ['area_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_area_state_occasion', ['area_id', 'state', 'occasion', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_building_id', ['building_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_customer_id', ['customer_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_office_audience', ['office_id', 'audience', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_office_created_at', ['office_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_office_due_at', ['office_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_office_occasion', ['office_id', 'occasion', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_office_occasion_audience', ['office_id', 'occasion', 'audience', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_office_state', ['office_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_office_state_audience', ['office_id', 'state', 'audience', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_office_state_due_at', ['office_id', 'state', 'due_at', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_office_state_occasion', ['office_id', 'state', 'occasion', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_reviewed_by_id', ['reviewed_by_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_interview_unit_id', ['unit_id', 'created_at', 'id'], unique=False)
        batch_op.create_index('uq_interview_number', ['office_id', 'number'], unique=True)

    op.create_table('communication_record_further_contact',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('spoken_at', sa.DateTime(), nullable=False),
    sa.Column('way', sa.String(length=24), nullable=False),
    sa.Column('gist', sa.String(length=500), nullable=False),
    sa.Column('spoken_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['spoken_by_id'], ['user.id'], name=op.f('fk_communication_record_further_contact_spoken_by_id')),
    sa.ForeignKeyConstraint(['of_id'], ['communication_record.id'], name=op.f('fk_communication_record_further_contact_of_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_communication_record_further_contact'))
    )
    with op.batch_alter_table('communication_record_further_contact', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_communication_record_further_contact_of_id'), ['of_id'], unique=False)

    op.create_table('interview_matter',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('settled', sa.String(length=24), nullable=True),
    sa.Column('result', sa.String(length=300), nullable=True),
    sa.ForeignKeyConstraint(['of_id'], ['interview.id'], name=op.f('fk_interview_matter_of_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interview_matter'))
    )
    with op.batch_alter_table('interview_matter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interview_matter_of_id'), ['of_id'], unique=False)

    op.create_table('interview_question',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=24), nullable=False),
    sa.Column('own', sa.String(length=100), nullable=True),
    sa.Column('answer', sa.String(length=500), nullable=True),
    sa.ForeignKeyConstraint(['of_id'], ['interview.id'], name=op.f('fk_interview_question_of_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interview_question'))
    )
    with op.batch_alter_table('interview_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interview_question_of_id'), ['of_id'], unique=False)



def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table('interview_question', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interview_question_of_id'))

    op.drop_table('interview_question')
    with op.batch_alter_table('interview_matter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interview_matter_of_id'))

    op.drop_table('interview_matter')
    with op.batch_alter_table('communication_record_further_contact', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_communication_record_further_contact_of_id'))

    op.drop_table('communication_record_further_contact')
    with op.batch_alter_table('interview', schema=None) as batch_op:
        batch_op.drop_index('uq_interview_number')
        batch_op.drop_index('ix_interview_unit_id')
        batch_op.drop_index('ix_interview_reviewed_by_id')
        batch_op.drop_index('ix_interview_office_state_occasion')
        batch_op.drop_index('ix_interview_office_state_due_at')
        batch_op.drop_index('ix_interview_office_state_audience')
        batch_op.drop_index('ix_interview_office_state')
        batch_op.drop_index('ix_interview_office_occasion_audience')
        batch_op.drop_index('ix_interview_office_occasion')
        batch_op.drop_index('ix_interview_office_due_at')
        batch_op.drop_index('ix_interview_office_created_at')
        batch_op.drop_index('ix_interview_office_audience')
        batch_op.drop_index('ix_interview_customer_id')
        batch_op.drop_index('ix_interview_building_id')
        batch_op.drop_index('ix_interview_area_state_occasion')
        batch_op.drop_index('ix_interview_area_state_due_at')
        batch_op.drop_index('ix_interview_area_state_audience')
        batch_op.drop_index('ix_interview_area_state')
        batch_op.drop_index('ix_interview_area_occasion_audience')
        batch_op.drop_index('ix_interview_area_occasion')
        batch_op.drop_index('ix_interview_area_due_at')
        batch_op.drop_index('ix_interview_area_created_at')
        batch_op.drop_index('ix_interview_area_audience')

    op.drop_table('interview')
    with op.batch_alter_table('communication_record', schema=None) as batch_op:
        batch_op.drop_index('uq_communication_record_number')
        batch_op.drop_index('ix_communication_record_unit_id')
        batch_op.drop_index('ix_communication_record_office_way_matter')
        batch_op.drop_index('ix_communication_record_office_way')
        batch_op.drop_index('ix_communication_record_office_state_way')
        batch_op.drop_index('ix_communication_record_office_state_matter')
        batch_op.drop_index('ix_communication_record_office_state_due_at')
        batch_op.drop_index('ix_communication_record_office_state')
        batch_op.drop_index('ix_communication_record_office_matter')
        batch_op.drop_index('ix_communication_record_office_due_at')
        batch_op.drop_index('ix_communication_record_office_created_at')
        batch_op.drop_index('ix_communication_record_customer_id')
        batch_op.drop_index('ix_communication_record_building_id')
        batch_op.drop_index('ix_communication_record_area_way_matter')
        batch_op.drop_index('ix_communication_record_area_way')
        batch_op.drop_index('ix_communication_record_area_state_way')
        batch_op.drop_index('ix_communication_record_area_state_matter')
        batch_op.drop_index('ix_communication_record_area_state_due_at')
        batch_op.drop_index('ix_communication_record_area_state')
        batch_op.drop_index('ix_communication_record_area_matter')
        batch_op.drop_index('ix_communication_record_area_due_at')
        batch_op.drop_index('ix_communication_record_area_created_at')
        batch_op.drop_index('ix_communication_record_answered_by_id')

    op.drop_table('communication_record')
