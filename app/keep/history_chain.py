"""One record's history, line by line: whether it is chained, under keys that may, and sealed; and what it
comes to.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from app.ground.language import gettext as _
from app.keep import history_seals
from app.keep.history import Line, Seal, chained
from app.keep.history_keys import keys
from app.keep.history_seals import Sealed


class Fault(str):
    """A sentence, and what it is about."""

    form: str
    record: str
    record_id: int
    line: int

    def __new__(cls, form: str, record: str, record_id: int, line: int, sentence: str) -> "Fault":
        """Say it of a form, a record or a line of its history (0 where it is about no single one)."""
        told = super().__new__(
            cls, f"{form} {record}: {sentence}" if record else f"{form}: {sentence}" if form else sentence
        )
        told.form, told.record, told.record_id, told.line = form, record, record_id, line
        return told


class Rule:
    """Which keys may have signed what no seal covers."""

    def __init__(self, connection: Connection) -> None:
        names = [key.id for key in keys().all()]
        used = set(connection.execute(select(Seal.key_id).distinct()).scalars())
        older = [name for name in names[1:] if not used and _in_use(connection, name)]
        self.unsealed = bool(older) or bool(used and names[0] not in used)
        known = [name for name in names if name in used]
        self.lost = sorted(used - set(names))
        self.sealing = None if self.lost else keys().get(known[0] if known else names[0])
        self.open = set(
            names[: names.index(known[0]) + 1] if known else names if older or self.lost else names[:1]
        )
        self.unknown: Counter[str] = Counter()

    def faults(self) -> Iterator[Fault]:
        """What can be said before anything is read."""
        for name in self.lost:
            yield Fault("", "", 0, 0, _("The seals are under the key %(key)s, which isn't here.", key=name))
        if self.unsealed and not self.lost:
            yield Fault(
                "",
                "",
                0,
                0,
                _(
                    "The present key hasn't sealed what is under an older one: flask --app wsgi history"
                    " rotate"
                ),
            )


def _in_use(connection: Connection, name: str) -> bool:
    return connection.execute(select(Line.id).where(Line.key_id == name).limit(1)).first() is not None


class Chain:
    """The lines of one record: whether they are whole, and what they come to."""

    def __init__(self, form: str, rule: Rule, number: str, key: int, seal: Sealed | None) -> None:
        self.form, self.rule, self.number, self.key, self.seal = form, rule, number, key, seal
        self.whole = True
        self.values: dict[str, Any] = {}
        self.made: dict[str, Any] = {}
        self.state_at: Any = None
        self.keyed_from_the_start = False

    def _fault(self, line: int, sentence: str) -> Fault:
        self.whole = False
        return Fault(self.form, self.number, self.key, line, sentence)

    def faults(self, lines: Iterable[Mapping[str, Any]], record: Mapping[str, Any]) -> Iterator[Fault]:
        """Follow the lines to the head that stands on the record; told is the first that is wrong, and a
        wrong end.
        """
        seq, head = 0, ""
        for line in lines:
            seq += 1
            if self.whole and (fault := self._line(line, seq, head)) is not None:
                yield fault
            head, last = line["hash"], line["seq"]
            self._take(line)
        last = last if seq else 0
        if last < record["version"]:
            yield self._fault(last + 1, _("line %(line)s is missing at the end", line=last + 1))
        elif last > record["version"] or head != record["head"]:
            yield self._fault(last, _("line %(line)s was added or changed", line=last))
        if self.seal is not None and last < self.seal.version:
            yield self._fault(last + 1, _("line %(line)s was sealed and is missing", line=last + 1))

    def _line(self, line: Mapping[str, Any], seq: int, head: str) -> Fault | None:
        rule, key_id = self.rule, line["key_id"]
        if line["seq"] != seq:
            return self._fault(seq, _("line %(line)s is missing", line=seq))
        try:
            right = chained(head, line) == line["hash"]
        except KeyError:
            rule.unknown[key_id] += 1
            self.whole = False
            return None
        if not right:
            return self._fault(seq, _("line %(line)s was changed or isn't where it was", line=seq))
        if key_id not in rule.open and (self.seal is None or seq > self.seal.version):
            return self._fault(
                seq, _("line %(line)s isn't under the present key, and no seal covers it", line=seq)
            )
        if self.seal is not None and seq == self.seal.version and not self._as_sealed(self.seal, line):
            return self._fault(seq, _("the lines up to %(line)s aren't those that were sealed", line=seq))
        return None

    def _as_sealed(self, seal: Sealed, line: Mapping[str, Any]) -> bool:
        key = self.rule.sealing
        return (
            key is None
            or history_seals.marked(key, self.form, self.key, seal.version, line["hash"]) == seal.mark
        )

    def _take(self, line: Mapping[str, Any]) -> None:
        for name, pair in line["changes"].items():
            self.values[name] = pair[1]
        if line["seq"] == 1:
            self.keyed_from_the_start = bool(line["key_id"])
            self.made = {"created_at": line["at"], "created_by_id": line["user_id"]}
        if "state" in line["changes"] and line["key_id"]:
            self.state_at = line["at"]
        elif "state" in line["changes"]:
            self.state_at = None
