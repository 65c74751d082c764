"""Columns of the participants table as covariates: numbers as they are, texts as indicators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ketbio.analyses.participants import MOST_LEVELS
from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import PARTICIPANT_ID, REASON
from ketbio.wording import join_words, spaced


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covariates:
    """What is to be adjusted for.

    Attributes
    ----------
    names : tuple of str
        Columns of the participants table; empty where none were asked for.
    table : DataFrame
        These columns as they came, indexed by ``participant_id``; missing texts are NA.
    """

    names: tuple[str, ...]
    table: pd.DataFrame

    def of(self, participants: "pd.Series[str]") -> pd.DataFrame:
        """Return the covariates of these participants, in their order."""
        return self.table.reindex(participants).reset_index(drop=True)


def covariates_asked(
    covariates: str | Sequence[str] | None, participants: pd.DataFrame | None
) -> Covariates:
    """Return the columns asked for, or refuse what cannot be a covariate.

    Parameters
    ----------
    covariates : str or list of str, or None
        Columns of the participants table.
    participants : DataFrame or None
        The validated ``participants`` table, one row per participant.

    Raises
    ------
    TableError
        No list of names, no participants table, an unknown column, a column of dates, of too many
        texts or with an infinite number, or a participant in two rows.

    Examples
    --------
    >>> people = pd.DataFrame({"participant_id": ["P1", "P2"], "age_years": [15, 17]})
    >>> covariates_asked(["age_years"], people).of(pd.Series(["P2"]))["age_years"].tolist()
    [17]
    """
    names = _names(covariates)
    if not names:
        return Covariates(names=(), table=pd.DataFrame())
    if participants is None:
        raise TableError(
            f"covariates names {join_words(map(repr, names))}, but participants is None; give "
            "the participants table, one row per participant."
        )
    require_columns(participants, [PARTICIPANT_ID], what="participants")
    for name in names:
        columns = [str(one) for one in participants.columns if one != PARTICIPANT_ID]
        require_one_of("covariates", name, columns)
    twice = participants[PARTICIPANT_ID][participants[PARTICIPANT_ID].duplicated()]
    if len(twice):
        raise TableError(
            f"participants has two rows of {twice.iloc[0]}; one row per participant is allowed. "
            "Remove the duplicate."
        )
    kept = participants[[PARTICIPANT_ID, *names]].set_index(PARTICIPANT_ID)
    table = pd.DataFrame({name: _usable(kept[name], name) for name in names})
    return Covariates(names=names, table=table)


def _names(covariates: object) -> tuple[str, ...]:
    if covariates is None:
        return ()
    if isinstance(covariates, str):
        return (covariates,)
    if not isinstance(covariates, Iterable):
        raise TableError(
            f"covariates is {covariates!r}; allowed: names of columns of the participants table, "
            'such as ["age_years", "sex"].'
        )
    return tuple(dict.fromkeys(covariates))


def numeric_columns(table: pd.DataFrame) -> dict[str, NDArray[np.float64]]:
    """Return each column as numbers, texts as one indicator for each level but the first.

    Parameters
    ----------
    table : DataFrame
        Covariates without missing values.

    Examples
    --------
    >>> numeric_columns(pd.DataFrame({"sex": ["male", "female", "male"]}))
    {'sex male': array([1., 0., 1.])}
    """
    columns: dict[str, NDArray[np.float64]] = {}
    for name in table.columns:
        column = table[name]
        if not _is_text(column):
            columns[str(name)] = column.to_numpy(dtype=np.float64)
            continue
        texts = column.astype(str)
        levels = sorted(set(texts))
        # One level for all is kept as a constant, so that it can be named as such.
        for level in levels[1:] or levels:
            columns[f"{name} {level}"] = (texts == level).to_numpy().astype(np.float64)
    return columns


def without_covariates(table: pd.DataFrame, participants: "pd.Series[str]") -> pd.DataFrame:
    """Return ``participant_id, reason`` of those who lack a covariate."""
    rows = [
        (one, "no " + " and no ".join(spaced(str(name)) for name in table.columns[lacking]))
        for one, lacking in zip(participants, table.isna().to_numpy(), strict=True)
        if lacking.any()
    ]
    return pd.DataFrame(rows, columns=[PARTICIPANT_ID, REASON], dtype=str)


def _is_text(column: "pd.Series[Any]") -> bool:
    is_number = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
    return not is_number


def _usable(column: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    if pd.api.types.is_datetime64_any_dtype(column) or pd.api.types.is_timedelta64_dtype(column):
        raise TableError(
            f"covariates names {name!r}, a column of dates or durations; allowed: numbers, true "
            "and false, or texts. Make a number of it first, such as years."
        )
    if not _is_text(column):
        return _finite(column, name)
    texts = column.mask(column.astype(str).str.strip() == "")
    n_levels = int(texts.nunique())
    if n_levels > MOST_LEVELS:
        raise TableError(
            f"covariates names {name!r}, a text column with {n_levels} different texts; allowed: "
            f"up to {MOST_LEVELS}. Group them first."
        )
    return texts


def _finite(column: "pd.Series[Any]", name: str) -> "pd.Series[Any]":
    infinite = np.isinf(column.to_numpy(dtype=np.float64, na_value=np.nan))
    if infinite.any():
        raise TableError(
            f"covariates names {name!r}, which is infinite for {column.index[infinite][0]}; "
            "allowed: finite numbers, empty where the value is missing. Correct it."
        )
    return column
