"""any two filters of a list, and what is due in each state, are served by an index

Revision ID: any_two_filters
Follows: in_house_order
"""

from collections.abc import Iterator

from alembic import op

revision = "any_two_filters"
down_revision = "in_house_order"
branch_labels = None
depends_on = None

AREA, OFFICE, HANDLER, ASSIGNEE = "area_id", "office_id", "handler_id", "assignee_id"
# Table → by whose scope, or in whose hands → what it is filtered by.
MADE: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {
    "customer": {(AREA, OFFICE): ("is_company",)},
    "user": {(AREA, OFFICE): ("active",)},
    "unit": {(AREA, OFFICE): ("kind", "kind use", "use")},
    "complaint": {
        (AREA, OFFICE): ("state due_at", "state level", "state subject", "subject level"),
        (AREA,): ("level", "subject"),
        (HANDLER,): ("level", "state", "subject"),
    },
    "key": {
        (AREA, OFFICE): (
            "kind", "kind lendable", "lendable", "state due_at", "state kind", "state lendable",
        ),
    },
    "owner_register": {(AREA,): ("to_put_right",)},
    "work_order": {
        (AREA, OFFICE): ("category urgency", "state category", "state due_at", "state urgency"),
        (AREA,): ("category", "urgency"),
        (ASSIGNEE,): ("category", "state", "urgency"),
    },
    "key_loan": {
        (AREA, OFFICE): ("state borrower_kind", "state due_at"),
        (AREA,): ("borrower_kind",),
    },
}
HELD = {"complaint": HANDLER, "work_order": ASSIGNEE}  # lists of what somebody has in hand
NEWEST = ["created_at", "id"]
SCOPE = [OFFICE, AREA]


def made() -> Iterator[tuple[str, str, list[str]]]:
    """Name, table and columns of each index; of those by hands also what a scope asks of the rows."""
    for table, scopes in MADE.items():
        for scope, filters in ((scope, filters) for some, filters in scopes.items() for scope in some):
            said = scope.removesuffix("_id") if scope in SCOPE else scope
            for words in (line.split() for line in filters):
                columns = [scope, *words, *NEWEST, *([] if scope in SCOPE else SCOPE)]
                yield "_".join(("ix", table, said, *words)), table, columns


def upgrade() -> None:
    """Make the indexes; those by hands alone are widened."""
    for name, table, columns in made():
        op.create_index(name, table, columns)
    for table, column in HELD.items():
        hold(table, column, SCOPE)


def downgrade() -> None:
    """Take them away."""
    for table, column in HELD.items():
        hold(table, column, [])
    for name, table, _columns in made():
        op.drop_index(name, table)


def hold(table: str, column: str, more: list[str]) -> None:
    """Make the index by hands alone anew."""
    op.drop_index(f"ix_{table}_{column}", table)
    op.create_index(f"ix_{table}_{column}", table, [column, *NEWEST, *more])
