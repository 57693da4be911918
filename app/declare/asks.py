"""What a step's dialog asks for, as a declaration writes it: ``cause``, ``fee?``, ``reading!``,
``photos:after``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.declare.fields import Field
from app.declare.kinds import PhotosKind
from app.ground.words import Words

PHOTOS = "photos:"  # before a kind of photo; the name of its box too


@dataclass(frozen=True)
class Ask:
    """One box of a step's dialog; ``photos`` is the kind of photo it takes instead of a field's value."""

    name: str
    needed: bool = True
    anew: bool = False
    photos: str = ""

    @classmethod
    def of(cls, said: str) -> "Ask":
        """As it is written: behind a name ``?`` for what may stay empty, ``!`` for what is asked anew,
        whatever the record says.
        """
        name = said.rstrip("?!")
        marks = said[len(name) :]
        return cls(
            name, "?" not in marks, "!" in marks, name.removeprefix(PHOTOS) if name.startswith(PHOTOS) else ""
        )

    def field(self, fields: Mapping[str, Field], photo_kinds: Mapping[str, Words]) -> Field:
        """The box, as needed there."""
        if not self.photos:
            return replace(fields[self.name], required=self.needed, anew=self.anew)
        kind = photo_kinds[self.photos]
        label = Words(f"照片（{kind.chinese}）", f"Photos ({kind.english})")
        return Field(label, PhotosKind(self.photos), required=self.needed, wide=True, name=self.name)
