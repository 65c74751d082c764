"""What the rows of a longitudinal model do not allow, each in one sentence, before it is fitted."""

import numpy as np
import pandas as pd

from ketbio.analyses.covariates import Covariates
from ketbio.analyses.visit_models.formula import ARM, TAKEN, VISIT, FixedEffects
from ketbio.analyses.visit_models.rows import Trajectories
from ketbio.errors import StatisticsError, TableError
from ketbio.vocabulary import MARKER, PARTICIPANT_ID, VALUE
from ketbio.vocabulary import VISIT as VISIT_COLUMN
from ketbio.wording import format_number, join_words


def refuse_names(covariates: Covariates, arm: str | None) -> None:
    """Refuse covariates called like a part of the model, or that are the arms themselves."""
    for name in covariates.names:
        if arm is not None and name == arm:
            raise TableError(
                f"covariates names {name!r}, the column of arms, which is in the model anyway; "
                "leave it out of covariates."
            )
        if name in TAKEN:
            raise TableError(
                f"covariates names {name!r}, which is what the model calls something of its own "
                f"({join_words(sorted(TAKEN))}); rename the column in participants."
            )


def refuse_values(endpoints: pd.DataFrame, marker: str) -> None:
    """Refuse values that are texts or infinite."""
    own = endpoints[endpoints[MARKER] == marker]
    if not pd.api.types.is_numeric_dtype(own[VALUE]):
        raise TableError(
            f"endpoints has values of {marker} that are no numbers, such as "
            f"{own[VALUE].dropna().iloc[0]!r}; write numbers, empty where the value is missing."
        )
    values = own[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(values).any():
        row = own[np.isinf(values)].iloc[0]
        raise TableError(
            f"endpoints has an infinite value of {marker}, of {row[PARTICIPANT_ID]} at "
            f"{row[VISIT_COLUMN]}; write a finite number, or leave it empty with a reason."
        )


def refuse_rows(rows: Trajectories, effects: FixedEffects) -> None:
    """Refuse rows that no model can be fitted to.

    Raises
    ------
    TableError
        A visit with one participant; an arm without a value at a visit.
    StatisticsError
        An outcome that is the same in every row; arms that the formula does not name.
    """
    known = rows.modelled
    _lonely_visit(rows, known)
    if {ARM, VISIT} <= effects.names:
        _empty_cell(rows, known)
    if len(rows.arms.names) > 1 and ARM not in effects.names:
        called = rows.arms.column
        why = f"; the column {called!r} is called 'arm' there" if called in effects.names else ""
        raise StatisticsError(
            f"formula {effects.text!r} does not name 'arm', so that arms cannot be compared{why}; "
            "add arm, or write arm=None."
        )
    values = known[rows.outcome]
    if (values == values.iloc[0]).all():
        one = format_number(float(known[rows.outcome].iloc[0]))
        what = "change of" if rows.outcome == "change" else "value of"
        raise StatisticsError(
            f"every {what} {rows.marker} is {one}, in all {len(known)} rows; there is nothing to "
            "model. Look at the values."
        )


def _lonely_visit(rows: Trajectories, known: pd.DataFrame) -> None:
    for visit in rows.follow_up.visits:
        here = known.loc[known[VISIT_COLUMN] == visit, PARTICIPANT_ID]
        if len(here) > 1:
            continue
        who = f"of {here.iloc[0]} alone" if len(here) else "of nobody who can be analysed"
        others = [one for one in rows.follow_up.visits if one != visit]
        way = f"leave it out: visits={others!r}" if others else "name another visit"
        raise TableError(
            f"{rows.marker} has a value at {visit!r} {who}; at least two participants are wanted "
            f"at each visit. {way[0].upper()}{way[1:]}."
        )


def _empty_cell(rows: Trajectories, known: pd.DataFrame) -> None:
    seen = set(zip(known["arm"], known[VISIT_COLUMN], strict=True))
    for visit in rows.follow_up.visits:
        for arm in rows.arms.names:
            if (arm, visit) not in seen:
                raise TableError(
                    f"{rows.marker} has no value of the arm {arm!r} at {visit!r}, so that arms "
                    "cannot be compared there; leave the visit out of visits."
                )
