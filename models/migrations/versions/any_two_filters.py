"""any two filters of a list, and what is due in each state, are served by an index

Revision ID: any_two_filters
Follows: in_house_order
"""

from alembic import op

revision = "any_two_filters"
down_revision = "in_house_order"
branch_labels = None
depends_on = None

MADE: dict[str, tuple[tuple[str, ...], ...]] = {
    "customer": (
        ("area_id", "is_company", "created_at", "id"),
        ("office_id", "is_company", "created_at", "id"),
    ),
    "user": (
        ("area_id", "active", "created_at", "id"),
        ("office_id", "active", "created_at", "id"),
    ),
    "unit": (
        ("area_id", "kind", "created_at", "id"),
        ("area_id", "kind", "use", "created_at", "id"),
        ("area_id", "use", "created_at", "id"),
        ("office_id", "kind", "created_at", "id"),
        ("office_id", "kind", "use", "created_at", "id"),
        ("office_id", "use", "created_at", "id"),
    ),
    "complaint": (
        ("area_id", "level", "created_at", "id"),
        ("area_id", "state", "due_at", "created_at", "id"),
        ("area_id", "state", "level", "created_at", "id"),
        ("area_id", "state", "subject", "created_at", "id"),
        ("area_id", "subject", "created_at", "id"),
        ("area_id", "subject", "level", "created_at", "id"),
        ("handler_id", "level", "created_at", "id", "office_id", "area_id"),
        ("handler_id", "state", "created_at", "id", "office_id", "area_id"),
        ("handler_id", "subject", "created_at", "id", "office_id", "area_id"),
        ("office_id", "state", "due_at", "created_at", "id"),
        ("office_id", "state", "level", "created_at", "id"),
        ("office_id", "state", "subject", "created_at", "id"),
        ("office_id", "subject", "level", "created_at", "id"),
    ),
    "key": (
        ("area_id", "kind", "created_at", "id"),
        ("area_id", "kind", "lendable", "created_at", "id"),
        ("area_id", "lendable", "created_at", "id"),
        ("area_id", "state", "due_at", "created_at", "id"),
        ("area_id", "state", "kind", "created_at", "id"),
        ("area_id", "state", "lendable", "created_at", "id"),
        ("office_id", "kind", "created_at", "id"),
        ("office_id", "kind", "lendable", "created_at", "id"),
        ("office_id", "lendable", "created_at", "id"),
        ("office_id", "state", "due_at", "created_at", "id"),
        ("office_id", "state", "kind", "created_at", "id"),
        ("office_id", "state", "lendable", "created_at", "id"),
    ),
    "owner_register": (
        ("area_id", "to_put_right", "created_at", "id"),
    ),
    "work_order": (
        ("area_id", "category", "created_at", "id"),
        ("area_id", "category", "urgency", "created_at", "id"),
        ("area_id", "state", "category", "created_at", "id"),
        ("area_id", "state", "due_at", "created_at", "id"),
        ("area_id", "state", "urgency", "created_at", "id"),
        ("area_id", "urgency", "created_at", "id"),
        ("assignee_id", "category", "created_at", "id", "office_id", "area_id"),
        ("assignee_id", "state", "created_at", "id", "office_id", "area_id"),
        ("assignee_id", "urgency", "created_at", "id", "office_id", "area_id"),
        ("office_id", "category", "urgency", "created_at", "id"),
        ("office_id", "state", "category", "created_at", "id"),
        ("office_id", "state", "due_at", "created_at", "id"),
        ("office_id", "state", "urgency", "created_at", "id"),
    ),
    "key_loan": (
        ("area_id", "borrower_kind", "created_at", "id"),
        ("area_id", "state", "borrower_kind", "created_at", "id"),
        ("area_id", "state", "due_at", "created_at", "id"),
        ("office_id", "state", "borrower_kind", "created_at", "id"),
        ("office_id", "state", "due_at", "created_at", "id"),
    ),
}
WIDENED = {"complaint": "handler_id", "work_order": "assignee_id"}  # with what a scope asks of the rows
NEWEST = ("created_at", "id")
SCOPE = ("office_id", "area_id")


def named(table: str, columns: tuple[str, ...]) -> str:
    """An index is named by what it begins with, a scope without its ``_id``."""
    first, *more = [one for one in columns if one not in NEWEST and (one not in SCOPE or one == columns[0])]
    return f"ix_{table}_{'_'.join([first.removesuffix('_id') if first in SCOPE else first, *more])}"


def upgrade() -> None:
    """Make the indexes."""
    for table, indexes in MADE.items():
        for columns in indexes:
            op.create_index(named(table, columns), table, list(columns))
    for table, column in WIDENED.items():
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column, *NEWEST, *SCOPE])


def downgrade() -> None:
    """Take them away."""
    for table, column in WIDENED.items():
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column, *NEWEST])
    for table, indexes in MADE.items():
        for columns in indexes:
            op.drop_index(named(table, columns), table)
