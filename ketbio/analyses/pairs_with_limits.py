"""Two levels per participant of which some are beyond a limit: what stands beside."""

from dataclasses import dataclass

import pandas as pd

from ketbio.analyses.censored import pairings_beside
from ketbio.analyses.question import Question, Settings
from ketbio.result import Result
from ketbio.vocabulary import CENSORED, LIMIT, REASON, VALUE

COLUMNS = (VALUE, CENSORED, LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Limited:
    """Both sides of the pairs analysed: ``value, censored, limit``, in the order of the rows."""

    x: pd.DataFrame
    y: pd.DataFrame

    @classmethod
    def of(cls, table: pd.DataFrame) -> "Limited":
        """Return the sides of a table of `side_by_side`, without those who carry a reason."""
        used = table[table[REASON] == ""].reset_index(drop=True)
        other = {f"{name}_y": name for name in COLUMNS}
        return cls(x=used[list(COLUMNS)], y=used[list(other)].rename(columns=other))

    @property
    def is_any(self) -> bool:
        """Whether any value is beyond a limit."""
        return any(bool((side[CENSORED] != "").any()) for side in (self.x, self.y))


def limited_columns(limited: Limited, data: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a `Result` with side and limit where any value is beyond one."""
    if not limited.is_any:
        return data
    return data.assign(
        **{
            f"{name}_{column}": side[column]
            for name, side in (("x", limited.x), ("y", limited.y))
            for column in (CENSORED, LIMIT)
        }
    )


def limited_beside(
    question: Question, limited: Limited, ids: list[str], settings: Settings
) -> tuple[Result, ...]:
    """Return the correlation of Gehan's scores, which takes limits as limits."""
    if not limited.is_any:
        return ()
    return (pairings_beside(question, limited.x, limited.y, ids, settings),)
