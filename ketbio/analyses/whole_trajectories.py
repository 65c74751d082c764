"""Long rows of a longitudinal analysis as whole trajectories: participants × visits."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ketbio.analyses.covariates import numeric_columns
from ketbio.analyses.question import Settings
from ketbio.vocabulary import PARTICIPANT_ID, VISIT
from ketbio.wording import count_of, join_words, spaced

ADJUSTED_FOR = (
    "Adjusted for {names} by an analysis of covariance at each visit, made again for every "
    "permutation of the arms; unlike the model it uses the values at that visit alone."
)
UNADJUSTED_ARMS = "Not adjusted for the baseline or any covariate, visit by visit."
LACKING = "{who} left out of the permutation test: {names} not known."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trajectories:
    """Participants in rows.

    Attributes
    ----------
    values : DataFrame
        Visits in columns, indexed by ``participant_id``; NaN where missing.
    arms : Series of str
        The arm of each.
    covariates : array of shape (N, q)
        Complete.
    limits : tuple of str
        What has to be said of them.
    """

    values: pd.DataFrame
    arms: "pd.Series[str]"
    covariates: pd.DataFrame
    limits: tuple[str, ...]


def wide_trajectories(
    data: pd.DataFrame,
    *,
    arm: str,
    measure: str,
    visits: Sequence[str] | None,
    baseline_value: str | None,
    covariates: pd.DataFrame | None,
    settings: Settings,
) -> Trajectories:
    """Return the trajectories of those who have any value and lack nothing that is adjusted for."""
    order = list(dict.fromkeys(data[VISIT])) if visits is None else list(visits)
    rows = data[data[VISIT].isin(order)]
    people = list(dict.fromkeys(rows[PARTICIPANT_ID]))
    first = rows.drop_duplicates(PARTICIPANT_ID).set_index(PARTICIPANT_ID)
    values = (
        rows.pivot_table(index=PARTICIPANT_ID, columns=VISIT, values=measure, aggfunc="first")
        .reindex(index=people, columns=order)
        .astype(np.float64)
    )
    known = pd.DataFrame(index=pd.Index(people, name=PARTICIPANT_ID))
    if baseline_value is not None:
        of_each = rows.groupby(PARTICIPANT_ID)[baseline_value].first()
        known[baseline_value] = of_each.reindex(people).to_numpy(dtype=np.float64)
    if covariates is not None:
        known = known.join(covariates.reindex(people))
    lacks = known.isna().any(axis=1).to_numpy(dtype=np.bool_)
    if settings.blocks.name:
        lacks = lacks | ~np.isin(people, list(settings.blocks.labels.index))
    keep = ~lacks & values.notna().any(axis=1).to_numpy()
    kept = [one for one, stays in zip(people, keep, strict=True) if stays]
    table = numeric_columns(known.loc[kept].reset_index(drop=True))
    return Trajectories(
        values=values.loc[kept],
        arms=first[arm].astype("str").loc[kept],
        covariates=pd.DataFrame(table, index=pd.Index(kept)),
        limits=_limits(known, int((lacks & values.notna().any(axis=1).to_numpy()).sum()), settings),
    )


def _limits(known: pd.DataFrame, n_lacking: int, settings: Settings) -> tuple[str, ...]:
    names = [spaced(str(name)) for name in known.columns]
    adjusted = ADJUSTED_FOR.format(names=join_words(names)) if names else UNADJUSTED_ARMS
    if not n_lacking:
        return (adjusted,)
    blocks = [settings.blocks.in_words] if settings.blocks.name else []
    what = join_words([*names, *blocks], last="or")
    return (
        adjusted,
        LACKING.format(who=count_of(n_lacking, "participant"), names=what),
    )
