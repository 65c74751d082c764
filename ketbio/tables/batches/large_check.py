"""`LargeCheck`: what came of holding a table too large for memory against its schema."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.complaints import Complaint, complaints_frame
from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.outcome.notebook import notebook_check
from ketbio.tables.outcome.rule_counts import RULE_COUNT_COLUMNS
from ketbio.tables.outcome.sentences import complaint_sentences, outcome_sentence, place_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many complaints a rule has, and how many rows of the file they concern."""

    rule: str
    severity: str
    complaints: int
    rows: int

    @property
    def place(self) -> tuple[int, int, str]:
        """What comes first among the counts."""
        return SEVERITIES.index(self.severity), -self.complaints, self.rule


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class LargeCheck:
    """The outcome of a check of a large table; it says what `Check` says, without the records.

    Attributes
    ----------
    table, schema : str
        The table's name in the study, and the schema it was held against.
    file, sheet, sha256 : str
        Base name and hash of the file; it has no sheets.
    header_row : int
        Spreadsheet row of the header.
    kept : ndarray of bool
        Which of the records were accepted, in the order of the file.
    tallies : tuple of Tally
        For each rule and severity how many complaints there are, listed or not.
    complaints : DataFrame
        One row per complaint listed, safety first, then errors, then warnings.
    notes : tuple of str
        What was decided while reading.
    found : tuple of Complaint
        The complaints listed, as records.
    schema_version : str
        Version of the schema.
    source : None
        The cells are not kept.
    """

    table: str
    schema: str
    file: str
    sha256: str
    header_row: int
    kept: NDArray[np.bool_] = field(repr=False)
    tallies: tuple[Tally, ...]
    complaints: pd.DataFrame = field(init=False, repr=False)
    notes: tuple[str, ...] = ()
    found: tuple[Complaint, ...] = field(default=(), repr=False)
    schema_version: str = ""
    sheet: str = ""
    source: None = None

    def __post_init__(self) -> None:
        frame = complaints_frame(self.found, table=self.table, file=self.file, sheet=self.sheet)
        object.__setattr__(self, "complaints", frame)

    @property
    def n_incoming(self) -> int:
        """Records that came in."""
        return len(self.kept)

    @property
    def n_accepted(self) -> int:
        """Records without an error."""
        return int(np.count_nonzero(self.kept))

    @property
    def n_rejected(self) -> int:
        """Records with an error."""
        return self.n_incoming - self.n_accepted

    @property
    def ok(self) -> bool:
        """Whether no complaint is an error."""
        return self.counts()["error"] == 0

    def counts(self) -> dict[str, int]:
        """Return how many complaints there are of each severity."""
        return {
            word: sum(one.complaints for one in self.tallies if one.severity == word)
            for word in SEVERITIES
        }

    def counts_by_rule(self) -> pd.DataFrame:
        """Return how many complaints each rule has, and how many rows they concern.

        Every complaint counts, listed or not. Columns as those of `Check.counts_by_rule`.
        """
        rows = [
            (one.severity, one.rule, one.complaints, one.rows)
            for one in sorted(self.tallies, key=lambda one: one.place)
        ]
        frame = pd.DataFrame(rows, columns=list(RULE_COUNT_COLUMNS))
        return frame.astype(
            {"severity": "str", "rule": "str", "complaints": "int64", "rows": "int64"}
        )

    def sentences(self, severity: str | None = None) -> tuple[str, ...]:
        """Return one sentence per complaint listed, each with its place.

        Parameters
        ----------
        severity : str, optional
            Only those of this severity. Where not all complaints of a rule are listed, a last
            sentence says how many there are.
        """
        said = [*complaint_sentences(self, severity)]
        listed = Counter((one.rule, one.severity) for one in self.found)
        for one in self.tallies:
            n = listed[one.rule, one.severity]
            if n < one.complaints and severity in (None, one.severity):
                said.append(
                    f"{place_of(self)}: {one.complaints:,} complaints of {one.rule}, {n:,} of them "
                    "listed."
                )
        return tuple(said)

    def summary(self) -> str:
        """Return the outcome in one sentence."""
        return outcome_sentence(self)

    def __repr__(self) -> str:
        return f"<LargeCheck {self.file}: {self.summary()}>"

    def _repr_html_(self) -> str:
        return notebook_check(self.summary(), self.counts_by_rule(), self.complaints, self.notes)
