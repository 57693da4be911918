"""Calls: which of a form's records somebody is to ring up about, and the step by which that is done."""

from collections.abc import Sequence

from app.declare.guards import Guard
from app.ground.spelling import known_options
from app.ground.words import Pair, words


@known_options()
class Call:
    """A call by rule. ``step`` is what the caller fills in, due by a deadline; ``who`` and ``phone`` are the
    boxes that say whom to call, ``tells`` those that a caller wants at hand.

    ``rule`` says in words which records are called about, and how many. Before ``ready`` holds it isn't yet
    the time. ``unhappy`` is the link by which a customer who isn't satisfied is passed on.
    """

    def __init__(
        self,
        step: str,
        *,
        due: str,
        who: str,
        phone: str,
        rule: Pair,
        tells: Sequence[str] = (),
        ready: Guard | None = None,
        unhappy: str = "",
    ) -> None:
        self.step, self.due, self.who, self.phone = step, due, who, phone
        self.rule, self.tells, self.ready, self.unhappy = words(rule), tuple(tells), ready, unhappy
