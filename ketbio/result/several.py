"""Several results, in the order of the plan."""

from collections.abc import Iterable
from typing import Any, SupportsIndex, overload

import pandas as pd

from ketbio.result.record import Result
from ketbio.result.tidy_rows import tidy
from ketbio.result.views import results_html
from ketbio.wording import count_of


class Results(tuple[Result, ...]):
    """Several results, in the order of the plan.

    Examples
    --------
    >>> one = Result(analysis="describe", marker="MADRS", outcome="total at baseline",
    ...              groups=("all",), n={"all": 10}, role="description",
    ...              estimate=39.1, estimate_name="mean", unit="points", spread=6.297)
    >>> Results([one]).tidy()[["marker", "estimate", "n"]]
      marker  estimate   n
    0  MADRS      39.1  10
    """

    __slots__ = ()

    def __new__(cls, results: Iterable[Result] = ()) -> "Results":
        """Keep the results given, in their order."""
        return super().__new__(cls, tuple(results))

    @overload
    def __getitem__(self, index: SupportsIndex) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> "Results": ...
    def __getitem__(self, index: Any) -> Any:
        """Return one result by place, or several by slice."""
        chosen = super().__getitem__(index)
        return Results(chosen) if isinstance(index, slice) else chosen

    def __repr__(self) -> str:
        """Return one line per result."""
        return "\n".join([f"<Results: {count_of(len(self), 'result')}>", *map(repr, self)])

    def tidy(self) -> pd.DataFrame:
        """Return one row per result and companion; see `tidy`."""
        return tidy(self)

    def sentences(self, style: str = "full") -> tuple[str, ...]:
        """Return one sentence per result, in a style of `SENTENCE_STYLES`."""
        return tuple(result.sentence(style) for result in self)

    def _repr_html_(self) -> str:
        return results_html(self)
