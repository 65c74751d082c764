"""`Plate` and `GroupWell`: the readings of one plate, and what its file says of the wells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ketbio.tables.layouts.plates.pages import Cell, Page
from ketbio.tables.layouts.plates.wells import Well


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWell:
    """A well of a group: its sample, and what the group says of it.

    Attributes
    ----------
    group, sample, concentration, unit, dilution_factor : str
        As written; the unit is that of the column's name.
    cell : Cell
        Where the well is named.
    is_masked : bool
        Whether a value of the well is given as masked.
    """

    group: str
    sample: str
    concentration: str
    unit: str
    dilution_factor: str
    cell: Cell
    is_masked: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plate:
    """The readings of one plate.

    Attributes
    ----------
    name : str
        Its code; empty where the file has none.
    page : Page
        Where it stands.
    row : int
        The first row of it there.
    shape : tuple of int
        Rows and columns of the plate.
    waves : mapping of str to mapping of Well to Cell
        Wavelength (empty where it is not said) → well → reading.
    rows : frozenset of int
        The rows that its readings take.
    groups : sequence of GroupWell
        What the groups of a SoftMax Pro export say of its wells.
    """

    name: str
    page: Page
    row: int
    shape: tuple[int, int]
    waves: Mapping[str, Mapping[Well, Cell]]
    rows: frozenset[int] = field(default_factory=frozenset)
    groups: Sequence[GroupWell] = ()

    def with_groups(self, groups: Sequence[GroupWell]) -> "Plate":
        """Return the plate with its groups."""
        return replace(self, groups=tuple(groups))

    def with_name(self, name: str) -> "Plate":
        """Return the plate under another code."""
        return replace(self, name=name)

    @property
    def title(self) -> str:
        """How a message names it before it has a code of its own."""
        return f"{self.name!r} (row {self.row})" if self.name else f"the plate of row {self.row}"
