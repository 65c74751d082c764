"""Batches of cells → arrays under our names, and which records need a closer look."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ketbio.tables.batches.batch import Batch, Incoming
from ketbio.tables.batches.judging import Judge
from ketbio.tables.batches.numbers import Ends, Numbers
from ketbio.tables.batches.preparing import Prepared, Preparer
from ketbio.tables.batches.words import PLAIN, Words
from ketbio.tables.contracts.schema import ColumnSpec, TableSchema
from ketbio.tables.records.columns import Plan, Wish
from ketbio.tables.rules.contract import Known
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

NUMBERS = ("number", "integer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The records of a batch under our names.

    Attributes
    ----------
    n : int
        How many there are.
    codes : mapping of str to ndarray of uint32
        Text columns; 0 where empty, else the place in ``words``.
    words : mapping of str to list of str
        The words of each text column.
    values : mapping of str to ndarray of float64
        Numbers, flags (0 or 1) and days (microseconds); missing where empty.
    odd : ndarray of bool
        Records with a cell about which there is, or may be, something to say.
    ends : mapping of str to Ends
        Of the columns of numbers that the file has.
    n_empty : mapping of str to int
        Empty cells for which something else was taken.
    memory : dict
        What the forms of several rules share, worked out once.
    """

    n: int
    codes: Mapping[str, NDArray[np.uint32]]
    words: Mapping[str, list[str]]
    values: Mapping[str, NDArray[np.float64]]
    odd: NDArray[np.bool_]
    ends: Mapping[str, Ends] = field(default_factory=dict)
    n_empty: Mapping[str, int] = field(default_factory=dict)
    memory: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def filled(self, name: str) -> NDArray[np.bool_]:
        """Return which records have a value."""
        if name in self.codes:
            return self.codes[name] != 0
        return ~np.isnan(self.values[name])


class Screen:
    """Reads batch after batch; each word that is not plain goes to the judge once."""

    def __init__(  # noqa: PLR0917 what a screen is made of
        self,
        incoming: Incoming,
        contract: TableSchema,
        wish: Wish,
        known: Known,
        plan: Plan,
        decimal: str,
        spoilt: frozenset[int] = frozenset(),
        unsure: frozenset[int] = frozenset(),
    ) -> None:
        self._contract, self._wish, self._known, self._decimal = contract, wish, known, decimal
        ours = {name: own for (own, _), name in plan.feeds.items()}
        self._own = {i: ours.get(name, "") for i, name in enumerate(incoming.header)}
        self._specs = {i: self._spec(own) for i, own in self._own.items()}
        numbers = tuple(i for i, spec in self._specs.items() if spec.type in NUMBERS)
        self.judge = Judge(
            incoming=incoming,
            contract=contract,
            wish=wish,
            known=known,
            plan=plan,
            probes=numbers,
        )
        as_written = self._as_written(numbers) - spoilt
        self.judge.spoilt.update(spoilt)
        self._constants = self.judge.constants()
        self.columns: dict[int, Words | Numbers] = {
            i: self._column(i, spec, as_written) for i, spec in self._specs.items()
        }
        for place, column in self.columns.items():
            if isinstance(column, Numbers):
                column.asks_marks = place in unsure
        is_words = [isinstance(one, Words) for one in self.columns.values()]
        self._preparer = Preparer(is_words, decimal)

    @property
    def unsure(self) -> frozenset[int]:
        """The columns of numbers whose mark may be that of thousands, none telling which."""
        return frozenset(
            place
            for place, column in self.columns.items()
            if isinstance(column, Numbers) and column.has_unsure and not column.sure_word
        )

    def _spec(self, own: str) -> ColumnSpec:
        if own in self._contract.columns:
            return self._contract.columns[own]
        is_number = bool(own) and self._contract.extra_columns == "numbers"
        return ColumnSpec(name=own, meaning=own, type="number" if is_number else "text")

    def _as_written(self, numbers: tuple[int, ...]) -> frozenset[int]:
        """Return the columns where a plain number means itself."""
        words = [f"2{self._decimal}5", "3"]
        found = self.judge.values(dict.fromkeys(numbers, words)) if numbers else {}
        return frozenset(place for place, values in found.items() if values == [2.5, 3.0])

    def _column(self, place: int, spec: ColumnSpec, as_written: frozenset[int]) -> Words | Numbers:
        missing = {*self._wish.missing, *self._wish.missing_in.get(spec.name, ())}
        special = {*missing, *self._wish.values.get(spec.name, {})}
        if spec.type in NUMBERS:
            return Numbers(
                spec, decimal=self._decimal, special=special, is_as_written=place in as_written
            )
        takes_any = spec.type == "text" and not spec.pattern and not spec.allowed
        passed = set(spec.allowed)
        for key, listed in (
            (PARTICIPANT_ID, self._known.participants),
            (VISIT, self._known.visits),
        ):
            if spec.name == key and listed is not None:
                takes_any = False
                passed |= {word for word in listed if PLAIN.fullmatch(word)}
        if spec.pattern or spec.type != "text":
            passed = set()
        return Words(
            passed=passed - special,
            takes_plain=takes_any and not any(map(PLAIN.fullmatch, special)),
            takes_blank="" not in special,
            takes_days=spec.type == "date" and not special,
            is_required=spec.required,
        )

    def cells(self, batch: Batch) -> Cells:
        """Return a batch under our names."""
        return self.read(batch, self.prepared(batch))

    def prepared(self, batch: Batch) -> Prepared:
        """Return the cells with numbers for them: what needs no knowledge of other batches."""
        return self._preparer.prepared(batch.columns)

    def read(self, batch: Batch, prepared: Prepared) -> Cells:
        """Return a batch that was prepared under our names."""
        asked: dict[int, list[str]] = {}
        for place, column in self.columns.items():
            cells, own = prepared.texts.to_series(place), prepared.made.to_series(place)
            if isinstance(column, Words):
                kept = prepared.kept[place]
                asked[place] = column.take(cells, own.to_numpy(), kept, self._decimal)
            else:
                asked[place] = column.take(cells, own, prepared.ends.get(place))
        words = {place: listed for place, listed in asked.items() if listed}
        verdicts = self.judge.verdicts(words) if words else {}
        for place, column in self.columns.items():
            column.learn(verdicts.get(place, []))
        return self._gathered(batch)

    def _gathered(self, batch: Batch) -> Cells:
        n = len(batch.rows)
        odd = np.zeros(n, dtype=np.bool_)
        odd[list(batch.ragged)] = True
        codes: dict[str, NDArray[np.uint32]] = {}
        words: dict[str, list[str]] = {}
        values: dict[str, NDArray[np.float64]] = {}
        for place, column in self.columns.items():
            own, spec = self._own[place], self._specs[place]
            if isinstance(column, Numbers):
                odd |= column.odd
                values[own] = column.values
                continue
            is_odd = column.odd
            if is_odd is not None:
                odd |= is_odd
            if not own:
                continue
            if spec.type == "text":
                codes[own], words[own] = column.codes, column.texts
            else:
                values[own] = column.values
        ends = {
            self._own[place]: one.ends
            for place, one in self.columns.items()
            if isinstance(one, Numbers)
        }
        odd |= self._put_constants(n, codes, words, values)
        n_empty = self._fill_in(n, codes, words, values)
        return Cells(
            n=n, codes=codes, words=words, values=values, odd=odd, ends=ends, n_empty=n_empty
        )

    def _put_constants(
        self,
        n: int,
        codes: dict[str, NDArray[np.uint32]],
        words: dict[str, list[str]],
        values: dict[str, NDArray[np.float64]],
    ) -> bool:
        """Put in what the caller gives for every record; return whether it has to be looked at."""
        for name, one in self._constants.items():
            if self._spec(name).type == "text":
                words[name] = ["", one.text or str(self._spec(name).if_empty or "")]
                codes[name] = np.broadcast_to(np.uint32(1 if one.text else 0), n)
            else:
                values[name] = np.broadcast_to(np.float64(one.value), n)
        return any(
            one.is_odd or (self._spec(name).required and not one.text)
            for name, one in self._constants.items()
        )

    def _fill_in(
        self,
        n: int,
        codes: dict[str, NDArray[np.uint32]],
        words: dict[str, list[str]],
        values: dict[str, NDArray[np.float64]],
    ) -> dict[str, int]:
        """Put in what stands where a column is absent or a cell empty; count those cells."""
        n_empty: dict[str, int] = {}
        for name, spec in self._contract.columns.items():
            is_there = name in values or name in codes
            taken = spec.if_empty if is_there else spec.if_absent
            if spec.type == "text":
                if not is_there:
                    words[name] = ["", str(taken or "")]
                    codes[name] = np.broadcast_to(np.uint32(taken is not None), n)
                    n_empty[name] = n
                elif taken is not None:
                    is_empty = codes[name] == 0
                    n_empty[name] = int(np.count_nonzero(is_empty))
                    codes[name] = np.where(is_empty, self._code_of(name, str(taken)), codes[name])
            elif not is_there:
                filler = np.float64(np.nan if taken is None else float(taken))
                values[name] = np.broadcast_to(filler, n)
            elif taken is not None:
                is_empty = np.isnan(values[name])
                n_empty[name] = int(np.count_nonzero(is_empty))
                values[name] = np.where(is_empty, float(taken), values[name])
        return n_empty

    def _code_of(self, name: str, word: str) -> np.uint32:
        """Return what stands for a word of a column that the file or the caller gives."""
        for place, column in self.columns.items():
            if self._own[place] == name and isinstance(column, Words):
                return column.code_of(word)
        return np.uint32(1)
