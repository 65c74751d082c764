"""What the wells of each plate hold: from a grid, a table, or the groups of the export."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ketbio.errors import FileError
from ketbio.tables.layouts.plates.blocks import Block
from ketbio.tables.layouts.plates.options import ROLES
from ketbio.tables.layouts.plates.pages import Cell, Page
from ketbio.tables.layouts.plates.reading import GroupWell, Plate
from ketbio.tables.layouts.plates.tables import WellRow
from ketbio.tables.layouts.plates.wells import Well, well_at, well_name
from ketbio.tables.layouts.plates.words import (
    EMPTY_WORDS,
    Content,
    Vocabulary,
    WordError,
    content_of,
)
from ketbio.tables.phrases import listed_words, quoted
from ketbio.tables.privacy.masks import REMOVED
from ketbio.tables.privacy.titles import text_kind
from ketbio.wording import count_of

_NUMBERED_STANDARD = re.compile(r"(?:standard|std)[\s_-]*([0-9]+)", re.IGNORECASE)
_CODE = re.compile(r"(?P<kind>STD|SPL|CTL|NEG|POS)\s*[0-9]+", re.IGNORECASE)
_SEVERAL = 3
_GROUP_ROLES = {
    "standard": "standard", "std": "standard", "blank": "blank", "control": "control",
    "qc": "control", "ctrl": "control", "unk": "sample", "sample": "sample",
}  # fmt: skip
"""A word in the name of a group → the role of its wells."""
_TRUE = ("1", "true", "yes", "y", "x", "masked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a layout says of one well.

    Attributes
    ----------
    name : str
        The well as written.
    well : Well or None
        Its place; None for a name that is none.
    content : Content or None
        What it holds; None where that cannot be read, or the well is empty.
    cell : Cell
        Where it is said.
    problem : str
        Why it cannot be read.
    unit : str
        The unit that the layout names for all its concentrations.
    """

    name: str
    well: Well | None
    content: Content | None
    cell: Cell
    problem: str = ""
    unit: str = ""


# -- grids -------------------------------------------------------------------------------------
def block_entries(block: Block, words: Vocabulary) -> list[Entry]:
    """Return what a grid of words says of its wells, but for the empty ones."""
    layers = {"".join(label.casefold().split()): cells for label, cells in block.layers.items()}
    codes = next((layers[name] for name in ("wellid", "layout", "") if name in layers), None)
    codes = codes if codes is not None else next(iter(layers.values()))
    levels, names = layers.get("conc/dil", {}), layers.get("name", {})
    entries = []
    for well, cell in codes.items():
        level = levels[well].text if well in levels else ""
        name = names[well].text if well in names else ""
        entry = _entry(well_name(well), well, cell, _told(cell.text, name, level, words), words)
        if entry is not None:
            entries.append(_diluted(entry, level))
    return _without_numbers(entries, words)


def _told(code: str, name: str, level: str, words: Vocabulary) -> str:
    """Return what a code of Gen5 (STD1, SPL1) says with the lines below it."""
    found = _CODE.fullmatch(code)
    if found is None or words.meaning(code) != code:
        return code
    if found["kind"].upper() == "STD":
        return f"STD {level}" if level else code
    if name:
        return words.meaning(name)
    return f"CTL {code}" if found["kind"].upper() in ("NEG", "POS") else code


def _diluted(entry: Entry, level: str) -> Entry:
    made = entry.content
    if made is None or made.role != "sample" or not level or made.dilution_factor:
        return entry
    fold = level.removeprefix("1:").strip()
    return replace(entry, content=replace(made, dilution_factor=fold))


def _entry(name: str, well: Well | None, cell: Cell, text: str, words: Vocabulary) -> Entry | None:
    kind = text_kind(text)
    try:
        content = content_of(text, words)
    except WordError as error:
        problem = _not_shown(kind) if kind else str(error)
        shown = replace(cell, text=REMOVED) if kind else cell
        return Entry(name=name, well=well, content=None, cell=shown, problem=problem)
    if content is None:
        return None
    if told := next(filter(None, map(text_kind, (content.mask_reason, content.control_name))), ""):
        shown, problem = replace(cell, text=REMOVED), _not_shown(told)
        return Entry(name=name, well=well, content=None, cell=shown, problem=problem)
    return Entry(name=name, well=well, content=content, cell=cell)


def _not_shown(kind: str) -> str:
    return f"what seems to be a direct identifier ({kind}), not shown; remove it from the file."


def _without_numbers(entries: Sequence[Entry], words: Vocabulary) -> list[Entry]:
    """Refuse STD1, STD2, STD3 …, which are numbers of standards and hardly concentrations."""
    numbered = {
        place: int(found[1])
        for place, entry in enumerate(entries)
        if (found := _NUMBERED_STANDARD.fullmatch(entry.cell.text))
        and words.meaning(entry.cell.text) == entry.cell.text
        and entry.content is not None
        and entry.content.concentration == found[1]
    }
    numbers = set(numbered.values())
    if len(numbers) < _SEVERAL or numbers != set(range(1, len(numbers) + 1)):
        return list(entries)
    why = (
        f"'STD1' to 'STD{len(numbers)}' are numbers of standards, or concentrations that happen "
        'to count up; say under key what each is, {"STD1" = "STD 1000 pg/mL"}, or write the unit '
        "in the cell."
    )
    return [
        replace(entry, content=None, problem=why) if place in numbered else entry
        for place, entry in enumerate(entries)
    ]


def blocks_for(
    plates: Sequence[Plate], layouts: Sequence[tuple[str, Block]], page_title: str
) -> list[Block]:
    """Return the layout of each plate: of its name, of its sheet, or the one there is.

    Raises
    ------
    FileError
        A plate has no layout, or it cannot be told which of several is its own.
    """
    found = []
    for plate in plates:
        named = [block for name, block in layouts if name and name == plate.name]
        beside = [block for _, block in layouts if block.page is plate.page]
        unnamed = [block for _, block in layouts]
        own = next((some for some in (named, beside, unnamed) if len(some) == 1), None)
        is_others = len(layouts) == 1 and is_alike(layouts[0][0], plate.name)
        is_others = is_others or (own is unnamed and _is_named(layouts[0][0], plates, plate))
        if own is None or is_others:
            listed = listed_words(quoted(name or f"row {b.header_row}") for name, b in layouts)
            raise FileError(
                f"{page_title}: which layout is that of plate {plate.name!r}? There "
                f"{'is' if len(layouts) == 1 else 'are'} {count_of(len(layouts), 'layout')} "
                f"({listed}). Write the plate's code above its layout, or in its corner."
            )
        found.append(own[0])
    return found


def _is_named(name: str, plates: Sequence[Plate], plate: Plate) -> bool:
    """Return whether the only layout is named after another plate."""
    return name != plate.name and name in [one.name for one in plates]


def is_alike(name: str, other: str) -> bool:
    """Return whether two codes differ, and in their numbers only: PL1 and PL2."""
    stems = {re.sub(r"[0-9]+", "#", one.casefold()) for one in (name, other)}
    return name.casefold() != other.casefold() and len(stems) == 1


# -- tables ------------------------------------------------------------------------------------
def row_entries(rows: Sequence[WellRow], words: Vocabulary) -> list[Entry]:
    """Return what a table says of its wells, but for the empty ones."""
    found = (_row_entry(row, words) for row in rows)
    return [replace(entry, unit=row.unit) for row, entry in zip(rows, found, strict=True) if entry]


def _row_entry(row: WellRow, words: Vocabulary) -> Entry | None:
    cell = row.cells.get("content") or row.cells.get("role") or next(iter(row.cells.values()))
    if row.text("role") and row.text("role") not in ROLES:
        folded = row.text("role").casefold()
        if folded in EMPTY_WORDS:
            return None
        why = f"the role is {quoted(row.text('role'))}; allowed: {', '.join(map(repr, ROLES))}."
        if folded not in ROLES:
            return Entry(name=row.name, well=row.well, content=None, cell=cell, problem=why)
    if not row.text("role"):
        entry = _entry(row.name, row.well, cell, row.text("content"), words)
        if entry is None or entry.content is None:
            return entry
        return replace(entry, content=_with_columns(entry.content, row))
    content = Content(role=row.text("role").casefold())
    made = _with_columns(content, row)
    if made.role == "sample" and not made.visit:
        made = replace(made, visit=words.visit)
    return Entry(name=row.name, well=row.well, content=made, cell=cell)


def _with_columns(content: Content, row: WellRow) -> Content:
    """Return what the other columns of the row add; what its cell says stays."""
    names = (
        "participant_id", "visit", "concentration", "dilution_factor", "control_name", "spike",
        "mask_reason", "specimen", "analyte",
    )  # fmt: skip
    added = {n: row.text(n) for n in names if row.text(n) and not getattr(content, n)}
    made = replace(content, **added)  # type: ignore[arg-type]  # every field named is text
    return replace(made, is_masked=made.is_masked or row.text("is_masked").casefold() in _TRUE)


# -- groups ------------------------------------------------------------------------------------
def group_entries(plate: Plate, roles: Mapping[str, str], words: Vocabulary) -> Iterator[Entry]:
    """Return what the groups of an export say of the wells of a plate.

    Raises
    ------
    FileError
        A group's role cannot be told from its name.
    """
    for one in plate.groups:
        role = roles.get(one.group) or _group_role(one.group, plate.page)
        content = _group_content(one, role, words)
        name, well = one.cell.text, well_at(one.cell.text)
        problem = ""
        if isinstance(content, str):
            problem, content = content, None
        yield Entry(
            name=name, well=well, content=content, cell=one.cell, problem=problem, unit=one.unit
        )


def _group_role(group: str, page: Page) -> str:
    folded = group.casefold()
    found = {role for word, role in _GROUP_ROLES.items() if word in folded}
    if len(found) == 1:
        return found.pop()
    raise FileError(
        f"{page.title}: the group {group!r} is {'of no known role' if not found else 'unclear'}; "
        f'say it under plate: groups = {{"{group}" = "sample"}} (or standard, blank, control).'
    )


def _group_content(one: GroupWell, role: str, words: Vocabulary) -> Content | str | None:
    reason = "masked in the reader's export" if one.is_masked else ""
    made = Content(role=role)
    if role in ("standard", "control"):
        made = replace(made, concentration=one.concentration)
    if role == "control":
        made = replace(made, control_name=f"{one.group} {one.sample}".strip())
    if role == "sample":
        made = replace(made, participant_id=one.sample, visit=words.visit)
        if words.meaning(one.sample) != one.sample:
            try:
                said = content_of(one.sample, words)
            except WordError as error:
                return str(error)
            if said is None:
                return None
            made = said
        fold = made.dilution_factor or one.dilution_factor
        made = replace(made, dilution_factor=fold)
    return replace(
        made, mask_reason=reason or made.mask_reason, is_masked=one.is_masked or made.is_masked
    )
