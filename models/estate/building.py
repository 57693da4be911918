"""Buildings: the areas somebody is responsible for."""

from collections.abc import Sequence

from sqlalchemy.orm import Mapped

from app.declaring import Access, Area, Columns, Office, User, fields
from models.duties import KNOWS_ESTATE, M1, M2, M3, S7
from models.estate.spoken_place import buildings_meant
from models.parts import ESTATE

Area.access = Access(read=KNOWS_ESTATE)
Office.access = Access(read=(M1, M2), create=(M2,), edit=(M2,), look_up=KNOWS_ESTATE)
User.access = Access(read=(M1, M2), create=(M1,), edit=(M1,), export=(M1,), look_up=KNOWS_ESTATE)


class Building(Area, title=("楼栋", "Building"), part=ESTATE):
    """A building of the estate; ``code_name`` is what stands first in its units' codes."""

    icon = "building"
    menu_at = 4
    entrances: Mapped[int | None] = fields.whole("单元数", "Entrances", max=40)
    floors: Mapped[int | None] = fields.whole("层数", "Floors", max=200)
    address: Mapped[str | None] = fields.text("地址", "Address", max=120)

    @classmethod
    def spoken(cls, text: str) -> Sequence[str]:
        """11, 11号楼, 十一幢: a building by its number, whatever the estate calls it."""
        return buildings_meant(text)

    access = Access(read=KNOWS_ESTATE, create=(M3,), edit=(M3, S7), export=(M3, S7))
    shows = Columns("code_name", "entrances", "floors", "address")
