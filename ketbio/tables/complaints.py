"""Complaints: one record each while checking, one table of them for the reader."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ketbio.tables.alike import alike_codes, folded_code
from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.phrases import SHOWN_IN_TABLE, VALUES_HINT, cut, quoted, recode_hint
from ketbio.tables.privacy.identifiers import without_emails
from ketbio.tables.visit_words import nearest_visit
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import join_words

COMPLAINT_COLUMNS = (
    "table", "file", "sheet", "row", "participant_id", "visit", "column", "value", "rule",
    "message", "severity",
)  # fmt: skip
"""Columns of the table of complaints, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One complaint.

    Attributes
    ----------
    rule, message : str
        The rule's name; what was found, what is allowed and what to do.
    row : int
        Spreadsheet row; that of the header where the whole table is meant.
    positions : tuple of int
        The records it concerns (0-based); an error keeps all of them out.
    participant_id, visit : str
        Whose record, empty where several or none are meant.
    column : str
        Column name as it stands in the file.
    value : str
        The cell as written.
    severity : str
        ``"safety"``, ``"error"`` or ``"warning"``.
    rank : tuple of float
        What comes first among complaints of one severity, before the row.
    whole_table : bool
        Whether the table as a whole cannot be used, and not only the records it names.
    stands_for : str
        The column of ours that an unknown column seems to hold.
    together : str
        What is said once where many cells of the column have this in common; empty where each is
        said by itself.
    where : str
        What the record is called where its row does not tell it from others, such as "well A1".
    """

    rule: str
    message: str
    row: int
    positions: tuple[int, ...] = ()
    participant_id: str = ""
    visit: str = ""
    column: str = ""
    value: str = ""
    severity: str = "error"
    rank: tuple[float, ...] = ()
    whole_table: bool = False
    stands_for: str = ""
    together: str = ""
    where: str = ""


def merged_complaints(complaints: Iterable[Complaint]) -> list[Complaint]:
    """Return complaints in reading order, each said once.

    A wide row makes several records, so that a fault of a shared cell is found once for each.

    Examples
    --------
    >>> one = Complaint(rule="r", message="m", row=2, positions=(0,))
    >>> again = Complaint(rule="r", message="m", row=2, positions=(1,))
    >>> [complaint.positions for complaint in merged_complaints([one, again])]
    [(0, 1)]
    """
    by_cell: dict[tuple[object, ...], Complaint] = {}
    for complaint in complaints:
        key = (complaint.rule, complaint.message, complaint.row, complaint.column, complaint.value)
        seen = by_cell.get(key)
        if seen is None:
            by_cell[key] = complaint
        else:
            positions = tuple(sorted({*seen.positions, *complaint.positions}))
            by_cell[key] = replace(seen, positions=positions)
    return sorted(by_cell.values(), key=_reading_order)


def _reading_order(one: Complaint) -> tuple[int, tuple[float, ...], int, int]:
    place = min(one.positions, default=-1)
    return SEVERITIES.index(one.severity), one.rank, one.row, place


def complaints_frame(
    complaints: Sequence[Complaint], *, table: str, file: str, sheet: str
) -> pd.DataFrame:
    """Return the table of complaints, e-mail addresses masked.

    Parameters
    ----------
    complaints : sequence of Complaint
        In the order to show them.
    table, file, sheet : str
        Where they belong.

    Returns
    -------
    DataFrame
        One row per complaint, columns `COMPLAINT_COLUMNS`.

    Examples
    --------
    >>> complaints_frame([], table="madrs", file="a.csv", sheet="").shape
    (0, 11)
    """
    rows = [
        (
            table, file, sheet, one.row, cut(without_emails(one.participant_id), SHOWN_IN_TABLE),
            cut(without_emails(one.visit), SHOWN_IN_TABLE), without_emails(one.column),
            cut(without_emails(one.value), SHOWN_IN_TABLE), one.rule,
            without_emails(one.message), one.severity,
        )
        for one in complaints
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(COMPLAINT_COLUMNS))
    words = [name for name in COMPLAINT_COLUMNS if name != "row"]
    return frame.astype({"row": "int64", **dict.fromkeys(words, "str")})


def _orphan_words(label: str, word: str, known: Collection[str]) -> str:
    return (
        f"{label} is {quoted(word)}, who is not in the participants table.{near_hint(word, known)} "
        "Correct it, or add the participant there."
    )


def near_hint(word: str, known: Collection[str]) -> str:
    """Return a question after the codes that look like a word, empty where none does.

    Examples
    --------
    >>> near_hint("p1", ["P01"]), near_hint("P08", ["P07"])
    (" Did you mean 'P01'?", '')
    >>> near_hint("PO1", ["P01"])
    " Did you mean 'P01' (O and 0, I, l and 1 look alike)?"
    >>> near_hint("1.0", ["001"])
    " Did you mean '001' (the code was stored as a number, which loses its zeros)?"
    """
    near = alike_codes(word, known)
    if not near:
        return ""
    how = "" if folded_code(near[0]) == folded_code(word) else f" ({_how_alike(near[0], word)})"
    return f" Did you mean {join_words(map(quoted, near[:3]), last='or')}{how}?"


def _how_alike(near: str, word: str) -> str:
    whole, point, zeros = word.partition(".")
    if point and not zeros.strip("0") and folded_code(whole) == folded_code(near):
        return "the code was stored as a number, which loses its zeros"
    return "O and 0, I, l and 1 look alike"


def _visit_words(label: str, word: str, known: Collection[str]) -> str:
    near = nearest_visit(word, tuple(known))
    listed = ", ".join(map(repr, known))
    said = f"{label} is {quoted(word)}; allowed: {listed}."
    if near:
        recode = recode_hint(VISIT, word, near)
        return f"{said} Did you mean {near!r}? Correct it, or {VALUES_HINT}: {recode}."
    return f"{said} Correct it, or {VALUES_HINT}."


KEY_RULES: dict[str, tuple[str, Callable[[str, str, Collection[str]], str]]] = {
    PARTICIPANT_ID: ("known_participant", _orphan_words),
    VISIT: ("known_visit", _visit_words),
}
"""For each key: the rule's name, and the sentence from (label, word, known words)."""
UNSEEN, UNSURE = "safety_unseen", "safety_unsure"
SAFETY_GAPS = (UNSEEN, UNSURE)
"""Rules that say where the safety check could not see; what stops a table never hides them."""
NOT_DONE = "the safety check could not be done"
"""What a note says where a table has nothing for it."""
