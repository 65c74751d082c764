"""Western blots: bands to one value per participant × visit.

The road is: intensity − background; each band ÷ the loading control or stain of its own lane and
membrane where the plan says so; phospho ÷ total (or ÷ loading control or stain) in the same gel and
lane; ÷ the gel's reference lanes where asked; lanes pooled by the geometric mean within gel, then
over gels, so that replicates never count as participants; stimulated ÷ basal within each gel; log2
where asked. A band that cannot be used (saturated, not above background, without partner) is named
by gel and lane in the reason or the note.
"""

import pandas as pd

from ketbio.endpoints.band_lanes import lane_ratios
from ketbio.endpoints.band_plan import CV_LIMIT, FORMS, UNITS, band_plan
from ketbio.endpoints.band_pools import combined
from ketbio.endpoints.frames import endpoint_table
from ketbio.vocabulary import PARTICIPANT_ID, VISIT

__all__ = ["FORMS", "derive_band_ratio"]


def derive_band_ratio(
    blots: pd.DataFrame,
    *,
    marker: str,
    target: str | None = None,
    site: str | None = None,
    form: str = "phospho/total",
    correct_by: str | None = None,
    loading_control: str | None = None,
    condition: str | None = "insulin/basal",
    scale: str = "log2",
    per_reference: bool = False,
    cv_limit: float = CV_LIMIT,
    outside_linear_range: str = "flag",
) -> pd.DataFrame:
    """Return a band ratio, one row per participant × visit.

    Parameters
    ----------
    blots : DataFrame
        The validated ``blots`` table, one row per band. Lanes of the role ``reference`` or
        ``dilution`` are never participants.
    marker : str
        Name of the result, for instance ``"p_mTOR_S2448"``.
    target, site : str, optional
        Protein and phosphorylation site; those of the marker in `ketbio.vocabulary.MARKERS` when
        None. An empty ``site`` takes every site.
    form : {"phospho/total", "phospho/loading", "phospho/stain", "total/loading", "total/stain"}
        What is divided by what, within gel and lane. A stain is the band of the form ``stain`` or
        the column ``lane_stain`` beside the band.
    correct_by : {"loading", "stain"}, optional
        What the phospho and the total band are each divided by before their ratio: the loading
        control or stain of the lane on their own membrane. Where both are on one membrane it
        cancels.
    loading_control : str, optional
        Target of the loading control, needed where a lane has several.
    condition : str, optional
        One condition (``"basal"``), or ``"insulin/basal"`` for stimulated ÷ basal. None where the
        table has one condition only, or none.
    scale : {"log2", "ratio"}
        Scale of the result.
    per_reference : bool
        Whether each lane is divided by the geometric mean of its gel's ``reference`` lanes, so that
        gels compare. A gel without one gives no value.
    cv_limit : float
        Percent; lanes of a gel, or gels, that differ by more are called so in the note.
    outside_linear_range : {"flag", "exclude"}
        Whether a lane with a band beyond the linear range of its gel's dilution series (lanes of
        the role ``dilution``) is named in the note or left out.

    Returns
    -------
    DataFrame
        The endpoints table; ``note`` gives the lanes and gels pooled and their CV in percent.

    Raises
    ------
    TableError
        Unknown target, site, form, condition or scale; two loading controls in a lane.

    Examples
    --------
    >>> import pandas as pd
    >>> blots = pd.DataFrame({"participant_id": ["P01"] * 4, "visit": ["baseline"] * 4,
    ...     "gel_id": ["g1"] * 4, "lane": ["1", "1", "2", "2"], "replicate": ["1"] * 4,
    ...     "condition": ["basal", "basal", "insulin", "insulin"], "target": ["mTOR"] * 4,
    ...     "form": ["phospho", "total"] * 2, "site": ["S2448", "", "S2448", ""],
    ...     "intensity": [110.0, 210.0, 410.0, 210.0], "background": [10.0] * 4})
    >>> derive_band_ratio(blots, marker="p_mTOR_S2448")[["value", "unit", "note"]]
       value        unit                          note
    0    2.0  log2 ratio  insulin: 1 lane; basal: 1 lane
    """
    plan = band_plan(
        blots,
        marker,
        {
            "target": target,
            "site": site,
            "form": form,
            "correct_by": correct_by,
            "loading_control": loading_control,
            "condition": condition,
            "scale": scale,
            "per_reference": per_reference,
            "cv_limit": cv_limit,
            "outside_linear_range": outside_linear_range,
        },
    )
    lanes = lane_ratios(blots, plan)
    samples = lanes[lanes["role"] == "sample"]
    return endpoint_table(
        {
            PARTICIPANT_ID: participant,
            VISIT: visit,
            "marker": marker,
            "unit": UNITS[scale],
            "scale": scale,
            **combined(rows, plan),
        }
        for (participant, visit), rows in samples.groupby([PARTICIPANT_ID, VISIT], sort=False)
    )
