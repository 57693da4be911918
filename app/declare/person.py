"""A person at work: what a user may do as it is at this request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.utils import cached_property

from app.declare.duties import clauses, roles


@dataclass(frozen=True)
class Person:
    """A signed-in user's rights; taken anew whenever the user's ``rights`` counter has moved."""

    id: int
    name: str
    username: str
    office_id: int
    roles: tuple[str, ...]
    offices: tuple[int, ...]
    areas: tuple[int, ...]
    area_names: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict, compare=False)
    must_change: bool = False  # the password, before anything else

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """For Flask-Login; the session itself is looked up by its own token."""
        return str(self.id)

    @cached_property
    def clauses(self) -> frozenset[str]:
        """The codes of all duties of the person's roles."""
        return frozenset(code for code, clause in clauses.items() if clause.role.name in self.roles)

    @property
    def title(self) -> str:
        """The roles' titles."""
        return "、".join(str(roles[name].title) for name in self.roles if name in roles)


SYSTEM = Person(0, "system", "system", 0, (), (), (), ())
