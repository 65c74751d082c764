"""`Check`: what came of holding one incoming table against its schema."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.complaints import Complaint, complaints_frame
from ketbio.tables.contracts.schema import SEVERITIES
from ketbio.tables.files.source import Source
from ketbio.tables.outcome.notebook import notebook_check
from ketbio.tables.outcome.rule_counts import rule_counts
from ketbio.tables.outcome.sentences import complaint_sentences, outcome_sentence
from ketbio.tables.records.arrange import Records


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Check:
    """The outcome of a check; a failed check is data, not a crash.

    Attributes
    ----------
    table, schema : str
        The table's name in the study, and the schema it was held against.
    file, sheet, sha256 : str
        Base name, sheet and hash of the file; empty for a DataFrame.
    header_row : int
        Spreadsheet row of the header.
    accepted : DataFrame
        The rows without an error, typed; every column of the schema, then the extra ones.
    records : Records
        Every incoming record as written (``records.written``), with its row (``records.rows``).
    kept : ndarray of bool
        Which of the records are in ``accepted``, in the same order.
    complaints : DataFrame
        One row per complaint, safety first, then errors, then warnings.
    notes : tuple of str
        What was decided while reading: encoding, delimiter, units converted …
    found : tuple of Complaint
        The complaints as records.
    source : Source or None
        The cells as they came in, direct identifiers masked.
    schema_version : str
        Version of the schema.

    Examples
    --------
    >>> from ketbio.tables import check_table
    >>> ratings = pd.DataFrame({"participant_id": ["P01", "P02"], "visit": ["day_1", "day_1"],
    ...                         "madrs_total": ["12", "99"]})
    >>> check = check_table(ratings, "madrs")
    >>> check.ok, check.n_incoming, len(check.accepted), check.rejected["row"].tolist()
    (False, 2, 1, [3])
    """

    table: str
    schema: str
    file: str
    sheet: str
    sha256: str
    header_row: int
    accepted: pd.DataFrame = field(repr=False)
    records: Records = field(repr=False)
    kept: NDArray[np.bool_] = field(repr=False)
    complaints: pd.DataFrame = field(init=False, repr=False)
    notes: tuple[str, ...] = ()
    found: tuple[Complaint, ...] = field(default=(), repr=False)
    source: Source | None = field(default=None, repr=False)
    schema_version: str = ""

    def __post_init__(self) -> None:
        frame = complaints_frame(self.found, table=self.table, file=self.file, sheet=self.sheet)
        object.__setattr__(self, "complaints", frame)

    @property
    def n_incoming(self) -> int:
        """Records that came in (a wide row is one per visit with a value)."""
        return len(self.records.written)

    @property
    def n_accepted(self) -> int:
        """Records without an error."""
        return len(self.accepted)

    @property
    def n_rejected(self) -> int:
        """Records with an error."""
        return self.n_incoming - self.n_accepted

    @property
    def rejected(self) -> pd.DataFrame:
        """The records kept out, as written: a list to work through.

        ``row``, the cells as text under our names, ``extra_cells`` (where a row had cells past the
        header) and ``complaint``: the messages of the record, joined by ``" | "``. When such a file
        is checked again these columns are left out.
        """
        records, out_of = self.records, np.flatnonzero(~self.kept)
        out = records.written.iloc[out_of].reset_index(drop=True)
        out.insert(0, "row", records.sheet_rows[out_of], allow_duplicates=True)
        extra = [records.extra_cells[i] for i in out_of]
        told = self._told()
        added = {"extra_cells": extra} if any(extra) else {}
        added["complaint"] = [" | ".join(told.get(int(i), ())) for i in out_of]
        for name, words in added.items():
            out.insert(len(out.columns), name, pd.Series(words, dtype="str"), allow_duplicates=True)
        return out

    def _told(self) -> dict[int, list[str]]:
        """Return the messages of each record, without e-mail addresses."""
        told: dict[int, list[str]] = {}
        for one, message in zip(self.found, self.complaints["message"], strict=True):
            for position in one.positions:
                told.setdefault(position, []).append(str(message))
        return told

    @property
    def accepted_rows(self) -> NDArray[np.int64]:
        """The spreadsheet row of each accepted record."""
        return self.records.sheet_rows[self.kept]

    @property
    def ok(self) -> bool:
        """Whether no complaint is an error."""
        return not any(one.severity == "error" for one in self.found)

    def counts(self) -> dict[str, int]:
        """Return how many complaints there are of each severity."""
        return {word: sum(one.severity == word for one in self.found) for word in SEVERITIES}

    def counts_by_rule(self) -> pd.DataFrame:
        """Return how many complaints each rule has.

        Returns
        -------
        DataFrame
            Columns ``severity``, ``rule``, ``complaints`` and ``rows`` (how many spreadsheet rows
            they concern); safety first, then errors, then warnings, most complaints first.

        Examples
        --------
        >>> from ketbio.tables import check_table
        >>> ages = pd.DataFrame({"participant_id": ["P01", ""], "age_years": ["150", "-1"]})
        >>> check_table(ages, "participants").counts_by_rule()
          severity      rule  complaints  rows
        0    error     range           2     2
        1    error  required           1     1
        """
        return rule_counts(self.found, self.records)

    def sentences(self, severity: str | None = None) -> tuple[str, ...]:
        """Return one sentence per complaint, each with its place.

        Parameters
        ----------
        severity : str, optional
            Only those of this severity.
        """
        return complaint_sentences(self, severity)

    def summary(self) -> str:
        """Return the outcome in one sentence."""
        return outcome_sentence(self)

    def __repr__(self) -> str:
        return f"<Check {self.file or 'DataFrame'}: {self.summary()}>"

    def _repr_html_(self) -> str:
        return notebook_check(self.summary(), self.counts_by_rule(), self.complaints, self.notes)
