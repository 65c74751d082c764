"""Grids of a page in the shape of a plate: numbers above, letters at the left."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ketbio.errors import FileError
from ketbio.tables.layouts.plates.pages import Cell, Page
from ketbio.tables.layouts.plates.wells import Well
from ketbio.tables.phrases import quoted
from ketbio.tables.rules.plate_rules import well_row

CORNERS = ("", "<>")
"""What a reader writes where the numbers and the letters meet."""
PLATE_WORDS = ("plate", "plate number", "plate no", "plate id", "plate name", "plate_id", "platte")
GENERIC = (
    "results", "result", "raw data", "readings", "absorbance", "od", "layout", "data", "endpoint",
    "plate layout", "reading",
)  # fmt: skip
"""Titles that name no plate."""
_BEFORE_WAVES = (
    "read", "raw", "data", "reading", "od", "a", "abs", "absorbance", "wavelength", "result",
    "results", "endpoint", "nm",
)  # fmt: skip
_BETWEEN = re.compile(r"[\s:()\[\],_-]+")
_LETTER = re.compile(r"[A-Za-z]")
_MOST_COLUMNS = 24
_WHOLE_ROWS = (8, 16)
"""Letters of a whole plate: what stands below is no more of it."""
_NANOMETRES = re.compile(r"([2-9][0-9]{2}|1000)(?:nm)?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """A grid in the shape of a plate.

    Attributes
    ----------
    page : Page
        Where it stands.
    title : str
        What its corner or the line above calls it.
    header_row : int
        The row of the numbers.
    n_rows, n_columns : int
        How many letters and numbers it has.
    layers : mapping of str to mapping of Well to Cell
        What stands behind its lines (a wavelength, ``Conc/Dil``) → well → cell; one layer but
        where each letter has several lines.
    rows : frozenset of int
        The rows that it takes, its title among them.
    """

    page: Page
    title: str
    header_row: int
    n_rows: int
    n_columns: int
    layers: Mapping[str, Mapping[Well, Cell]]
    rows: frozenset[int]

    @property
    def filled(self) -> list[Cell]:
        """The cells of the first layer that hold something."""
        return [cell for cell in next(iter(self.layers.values())).values() if cell.text]


def wavelength(title: str) -> str:
    """Return the wavelength that a title states, empty where it states none.

    Examples
    --------
    >>> wavelength("450"), wavelength("Read 1:620"), wavelength("Raw data (450 nm)")
    ('450', '620', '450')
    >>> wavelength("Blank 450"), wavelength("PL450"), wavelength("Plate 1")
    ('', '', '')
    """
    words = [word for word in _BETWEEN.split(title.casefold()) if word]
    waves = [found[1] for word in words if (found := _NANOMETRES.fullmatch(word))]
    others = [word for word in words if not _NANOMETRES.fullmatch(word)]
    is_plain = all(word in _BEFORE_WAVES or re.fullmatch("[0-9]{1,2}", word) for word in others)
    return waves[0] if len(waves) == 1 and is_plain else ""


def named_plate(cells: Sequence[str]) -> str:
    """Return the plate that a line such as ``Plate Number: | PL1`` names, empty for other lines."""
    words = [cell for cell in cells if cell]
    if not words:
        return ""
    key = words[0].casefold().rstrip(": ")
    if key in PLATE_WORDS and len(words) > 1:
        return words[1]
    before, colon, after = words[0].partition(":")
    return after.strip() if colon and before.casefold().strip() in PLATE_WORDS else ""


def blocks_of(page: Page) -> list[Block]:
    """Return the grids of a page, from its top."""
    found: list[Block] = []
    taken: set[int] = set()
    for row, cells in page.lines.items():
        if row in taken:
            continue
        beside = list(_beside(page, row, [run for run in number_runs(cells) if run[0]], taken))
        found += beside
        taken = taken.union(*(block.rows for block in beside))
    return found


def _beside(
    page: Page, row: int, runs: Sequence[tuple[int, int]], taken: set[int]
) -> Iterator[Block]:
    """Return the grids whose numbers stand in one line, from the left."""
    for place, (start, stop) in enumerate(runs):
        end = runs[place + 1][0] - 1 if place + 1 < len(runs) else None
        block = _block(page, row, start, stop - start, taken, has_tail=end is None or end > stop)
        if block is not None:
            _refuse_gap(page, row, stop, end)
            yield block


def _refuse_gap(page: Page, row: int, stop: int, end: int | None) -> None:
    """Raise where the numbers above a grid leave one out: the wells behind it would be lost."""
    cells = page.lines[row]
    behind = [cell for cell in cells[stop:end] if cell.isdecimal() and int(cell) <= _MOST_COLUMNS]
    if behind:
        raise FileError(
            f"{page.title}, row {row}: the numbers above the grid go to {cells[stop - 1]}, and "
            f"{behind[0]} stands further right; number every column, 1, 2, 3 …"
        )


def number_runs(cells: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Return where a line counts 1, 2, 3 … over its cells: first place, and the one behind.

    Examples
    --------
    >>> list(number_runs(["", "1", "2", "3", "", "1", "2"]))
    [(1, 4), (5, 7)]
    """
    place = 0
    while place < len(cells):
        n = 0
        while place + n < len(cells) and cells[place + n] == str(n + 1):
            n += 1
        if n > 1:
            yield place, place + n
        place += max(n, 1)


def _block(
    page: Page, header_row: int, start: int, width: int, taken: set[int], *, has_tail: bool
) -> Block | None:
    rows = [row for row in page.lines if row > header_row and row not in taken]
    layers: dict[str, dict[Well, Cell]] = {}
    used = [header_row]
    letter, line = -1, 0
    for row in rows:
        label = page.cell(row, start - 1).text
        filled = [page.cell(row, start + i) for i in range(width)]
        tail = page.cell(row, start + width).text if has_tail else ""
        texts = [cell.text for cell in filled]
        if label.upper() == well_row(letter + 1):
            letter, line = letter + 1, 0
        elif label or letter < 0 or not _goes_on(row, used[-1], [*texts, tail]):
            if row == used[-1] + 1 and letter >= 0:
                _refuse_wrong_letter(page, row, label, well_row(letter + 1), texts)
            break
        else:
            line += 1
        layer = layers.setdefault(tail or (f"line {line + 1}" if line else ""), {})
        layer |= {(letter, i): cell for i, cell in enumerate(filled)}
        used.append(row)
    if letter < 1:
        return None
    title, title_row = _title(page, header_row, start, taken)
    return Block(
        page=page,
        title=title,
        header_row=header_row,
        n_rows=letter + 1,
        n_columns=width,
        layers=layers,
        rows=frozenset([*used, *title_row]),
    )


def _goes_on(row: int, above: int, cells: Sequence[str]) -> bool:
    """Return whether a line without a letter belongs to the wells above: right below, no header."""
    is_header = cells[:-1] == [str(number + 1) for number in range(len(cells) - 1)]
    return row == above + 1 and any(cells) and not is_header


def _refuse_wrong_letter(
    page: Page, row: int, label: str, wanted: str, texts: Sequence[str]
) -> None:
    """Raise where a grid goes on with another letter than the next: its wells would be lost."""
    if _LETTER.fullmatch(label):
        raise FileError(
            f"{page.title}, row {row}: the grid has the letter {label!r} where {wanted!r} is "
            "wanted; correct the letters."
        )
    is_whole = wanted in map(well_row, _WHOLE_ROWS)
    is_header = list(texts) == [str(number + 1) for number in range(len(texts))]
    if label and not is_whole and not is_header and sum(map(bool, texts)) > 1:
        raise FileError(
            f"{page.title}, row {row}: the grid goes on with {quoted(label)} where the letter "
            f"{wanted!r} is wanted; correct it, or leave a row empty below the grid."
        )


def _title(page: Page, header_row: int, start: int, taken: set[int]) -> tuple[str, list[int]]:
    """Return what the corner says, or the line right above with one word, and its row."""
    corner = page.cell(header_row, start - 1).text
    if corner not in CORNERS:
        return corner, []
    above = max((row for row in page.lines if row < header_row), default=0)
    if not above or above in taken:
        return "", []
    words = [cell for cell in page.lines[above] if cell]
    if plate := named_plate(words):
        return plate, [above]
    return (words[0], [above]) if len(words) == 1 else ("", [])
