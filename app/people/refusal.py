"""A refusal: what stands in the way of an operation, and who could do it."""

from collections.abc import Iterable

from werkzeug.utils import cached_property

from app.declare.duties import By
from app.declare.record import Record
from app.ground.language import gettext as _
from app.people.rights import holders


class Refusal(Exception):
    """What stands in the way of an operation, and who could do it.

    ``kind`` is duty, area, state, guard (``at`` a box), second or version; the screens, bulk results and
    messages read this one object. ``see`` is the other record that stands in the way, for whoever may read
    it.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        by: Iterable[By] = (),
        record: Record | None = None,
        at: str = "",
        see: Record | None = None,
    ) -> None:
        super().__init__(message)
        self.kind, self.message, self.at, self.see = kind, message, at, see
        self._by, self.record = tuple(by), record

    @property
    def clauses(self) -> tuple[str, ...]:
        """The codes of the clauses that would open it."""
        return tuple(str(clause) for clause in self._by)

    @cached_property
    def who(self) -> tuple[str, ...]:
        """A few people who could do it, found only when somebody reads it."""
        return holders(self._by, self.record) if self._by else ()

    def __str__(self) -> str:
        return self.message + (" " + _("%(who)s may.", who="、".join(self.who)) if self.who else "")
