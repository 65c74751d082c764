"""What the in-memory road makes of single words, so that each word is looked at once."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.tables.batches.batch import Incoming, Lines
from ketbio.tables.contracts.schema import TableSchema
from ketbio.tables.files.source import Source
from ketbio.tables.privacy.masks import DIRECT_IDENTIFIER
from ketbio.tables.reading import check_source
from ketbio.tables.records.arrange import Records, arrange_records, trimmed
from ketbio.tables.records.columns import Plan, Wish
from ketbio.tables.records.typed import type_records
from ketbio.tables.rules.contract import Known

_AT_ONCE = 20_000
_GUARD, _PLAIN_NUMBER = "guard", "3"
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a word of one column comes to.

    Attributes
    ----------
    text : str
        The word as it counts: trimmed and recoded, empty where it means that there is no value.
    is_odd : bool
        Whether there is, or may be, something to say about it.
    value : float
        A number, a flag (0 or 1), or a day in microseconds; missing else.
    """

    text: str
    is_odd: bool
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Asks the in-memory road about words, many at once.

    Attributes
    ----------
    incoming, contract, wish, known, plan
        As the in-memory road has them.
    probes : tuple of int
        The columns of numbers.
    spoilt : set of int
        Those of them where a plain number is none, because other cells name their units.
    """

    incoming: Incoming
    contract: TableSchema
    wish: Wish
    known: Known
    plan: Plan
    probes: tuple[int, ...] = ()
    spoilt: set[int] = field(default_factory=set)

    def verdicts(self, words: Mapping[int, Sequence[str]]) -> dict[int, list[Verdict]]:
        """Return the verdict on each word, by the place of its column."""
        longest = max((len(listed) for listed in words.values()), default=0)
        found: dict[int, list[Verdict]] = {place: [] for place in words}
        for start in range(0, longest, _AT_ONCE):
            part = {place: listed[start : start + _AT_ONCE] for place, listed in words.items()}
            for place, verdicts in self._some(part).items():
                found[place] += verdicts
        return found

    def constants(self) -> dict[str, Verdict]:
        """Return the verdict on each constant of the caller's."""
        if not self.wish.constants:
            return {}
        width, first = len(self.incoming.header), self.incoming.header_row + 1
        lines = Lines(rows=[first, first + 1], cells=[[_GUARD] * width] * 2)
        source = self.incoming.excerpt(lines)
        check = check_source(source, self.contract, self.wish, self.known)
        odd = {one.column for one in check.found if one.positions}
        records, typed = self._typed(source)
        return {
            name: Verdict(
                text=str(records.cells[name].iloc[0]),
                is_odd=name in odd,
                value=float(_as_numbers(typed[name])[0]) if name in typed else np.nan,
            )
            for name in self.wish.constants
            if name in records.cells
        }

    @property
    def _cells_only(self) -> TableSchema:
        """The schema of single cells: words beside each other here are not so in the file."""
        columns = {
            name: replace(spec, required=False) for name, spec in self.contract.columns.items()
        }
        return replace(self.contract, rules=(), columns=columns)

    def _is_date(self, place: int) -> bool:
        name = self.incoming.header[place]
        own = next(
            (ours for (ours, _), incoming in self.plan.feeds.items() if incoming == name), ""
        )
        return own in self.contract.columns and self.contract.columns[own].type == "date"

    def values(self, words: Mapping[int, Sequence[str]]) -> dict[int, list[float]]:
        """Return the number that each word of columns of numbers stands for, missing for none."""
        source, at = self._laid_out(words)
        _, typed = self._typed(source)
        ours = {incoming: name for (name, _), incoming in self.plan.feeds.items()}
        found = {}
        for place, listed in words.items():
            numbers = _as_numbers(typed[ours[self.incoming.header[place]]])
            found[place] = [
                float(numbers[at[i]]) if i in at else np.nan for i in range(len(listed))
            ]
        return found

    def _laid_out(self, words: Mapping[int, Sequence[str]]) -> tuple[Source, dict[int, int]]:
        """Return words beside each other as rows of the file, and the record of each row."""
        width = len(self.incoming.header)
        n = max(len(listed) for listed in words.values())
        cells = [[""] * width for _ in range(n + 1)]
        for place, listed in words.items():
            for i, word in enumerate(listed):
                cells[i][place] = word
        for place in self.probes:
            cells[n][place] = _PLAIN_NUMBER
        # A last row that is filled throughout: else the words look like notes under the table.
        cells.append([_GUARD] * width)
        first = self.incoming.header_row + 1
        source = self.incoming.excerpt(Lines(rows=range(first, first + n + 2), cells=cells))
        return source, {row - first: i for i, row in enumerate(source.row_numbers)}

    def _typed(self, source: Source) -> tuple[Records, pd.DataFrame]:
        records = arrange_records(source, self.plan, self.wish)
        typed = type_records(records, self.contract, decimal=source.decimal, wish=self.wish)
        return records, typed.frame

    def _some(self, words: Mapping[int, Sequence[str]]) -> dict[int, list[Verdict]]:
        source, at = self._laid_out(words)
        n = max(len(listed) for listed in words.values())
        # A day in another form is read by what the other days of its column are.
        is_unsure = {
            place for place in words if self.wish.date_order is None and self._is_date(place)
        }
        check = check_source(source, self._cells_only, self.wish, self.known)
        # An identifier hides all else that there is to say, so that every word is odd then.
        is_stopped = any(one.rule == DIRECT_IDENTIFIER for one in check.found)
        odd = {(position, one.column) for one in check.found for position in one.positions}
        records, typed = self._typed(source)
        ours = {incoming: name for (name, _), incoming in self.plan.feeds.items()}
        for place in self.probes:
            own = ours[self.incoming.header[place]]
            if n in at and np.isnan(_as_numbers(typed[own])[at[n]]):
                self.spoilt.add(place)
        found: dict[int, list[Verdict]] = {}
        for place, listed in words.items():
            name = self.incoming.header[place]
            own = ours.get(name, "")
            texts = records.cells[own].to_list() if own in records.cells else None
            values = _as_numbers(typed[own]).tolist() if own in typed else None
            found[place] = [
                _verdict(word, at.get(i), name, texts, values, odd, is_unsure=place in is_unsure)
                for i, word in enumerate(listed)
            ]
            if is_stopped:
                found[place] = [replace(one, is_odd=True) for one in found[place]]
        return found


def _verdict(  # noqa: PLR0917 what is known of a word
    word: str,
    record: int | None,
    name: str,
    texts: Sequence[str] | None,
    values: Sequence[float] | None,
    odd: Collection[tuple[int, str]],
    *,
    is_unsure: bool,
) -> Verdict:
    if record is None:
        return Verdict(text=trimmed(word), is_odd=True, value=np.nan)
    text = trimmed(word) if texts is None else texts[record]
    is_guess = is_unsure and not _ISO.fullmatch(word) and (texts is None or text != "")
    return Verdict(
        text=text,
        is_odd=is_guess or (record, name) in odd or trimmed(word) != word,
        value=np.nan if values is None else values[record],
    )


def _as_numbers(values: "pd.Series[Any]") -> "NDArray[np.float64]":
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        days = values.to_numpy(dtype="datetime64[us]")
        return np.where(np.isnat(days), np.nan, days.astype(np.int64).astype(np.float64))
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(dtype=np.float64, na_value=np.nan)
    return np.full(len(values), np.nan)
