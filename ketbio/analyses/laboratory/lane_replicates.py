"""Lanes of gels as replicates of the quantity that is analysed."""

import pandas as pd

from ketbio.result import Results
from ketbio.vocabulary import PARTICIPANT_ID, VALUE, VISIT

GEL, REPLICATE = "gel_id", "replicate"
_KEY = [PARTICIPANT_ID, VISIT, GEL]


def lane_replicates(gels: Results, *, condition: str | None = None) -> pd.DataFrame:
    """Return one row per replicate lane, or per pair of lanes where two conditions are compared.

    Parameters
    ----------
    gels : Results
        Of `summarise_gels`.
    condition : str, optional
        As in `ketbio.derive_band_ratio`. For ``"insulin/basal"`` the n-th usable lane of one
        condition is divided by the n-th of the other, of the same participant, visit and gel: which
        lanes are paired is arbitrary, the variance of such ratios is that of the quantity analysed.

    Returns
    -------
    DataFrame
        ``participant_id, visit, gel_id, value``, the value on its raw scale.

    Examples
    --------
    >>> lane_replicates(Results()).columns.tolist()
    ['participant_id', 'visit', 'gel_id', 'value']
    """
    columns = [*_KEY, VALUE]
    if not gels:
        return pd.DataFrame(columns=columns)
    bands = pd.concat([one.data for one in gels], ignore_index=True)
    lanes = bands[(bands["role"] == "sample") & bands["normalised"].notna()]
    lanes = lanes.rename(columns={"normalised": VALUE})
    names = condition.split("/") if condition else []
    if names:
        lanes = lanes[lanes["condition"].isin(names)]
    if len(names) < 2:
        return lanes[columns].reset_index(drop=True)
    # one row per lane: a lane's ratio stands on the band that was divided
    place = lanes.groupby([*_KEY, "condition"], sort=False).cumcount()
    placed = lanes.assign(place=place)
    first, second = (placed[placed["condition"] == name] for name in names)
    pairs = first.merge(second, on=[*_KEY, "place"], suffixes=("", "_below"))
    return pairs.assign(**{VALUE: pairs[VALUE] / pairs[f"{VALUE}_below"]})[columns]
