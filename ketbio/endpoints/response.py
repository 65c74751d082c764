"""Response and remission on a rating scale."""

from collections.abc import Iterable

import pandas as pd

from ketbio.endpoints.change import derive_change
from ketbio.endpoints.frames import require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import (
    NON_RESPONDER,
    NOTE,
    PARTICIPANT_ID,
    REASON,
    RESPONDER,
    SCALES,
)

RATING_SCALE = "rating_scale"
RESPONSE_COLUMNS = (
    PARTICIPANT_ID,
    RATING_SCALE,
    "baseline_value",
    "endpoint_value",
    "change",
    "percent_reduction",
    "response",
    "is_responder",
    "is_remitter",
    "response_percent",
    "remission_at_or_below",
    REASON,
    NOTE,
)
"""Columns of the response table: one row per participant."""

MISSING_POLICIES = ("exclude", "non_responder")


def derive_response(
    endpoints: pd.DataFrame,
    *,
    baseline: str,
    endpoint: str,
    scale: str = "MADRS",
    reduction_percent: float | None = None,
    remission_at_or_below: float | None = None,
    missing: str = "exclude",
    participants: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return who responded and who remitted, one row per participant.

    Percent reduction is 100·(baseline − post)/(baseline − floor of the scale).

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table, with the scale as a marker.
    baseline, endpoint : str
        The two visits.
    scale : str
        Name of the scale.
    reduction_percent : float, optional
        Least percent reduction that is a response; the scale's own when None (50).
    remission_at_or_below : float, optional
        Highest total that is a remission; the scale's own when None (10 for the MADRS).
    missing : {"exclude", "non_responder"}
        A participant without the endpoint visit has no response value, or counts as
        non-responder and ``note`` says so.
    participants : iterable of str, optional
        Whom to expect; all in ``endpoints`` when None.

    Returns
    -------
    DataFrame
        `RESPONSE_COLUMNS`; ``response`` is ``"responder"``, ``"non-responder"`` or ``""``.

    Raises
    ------
    TableError
        Unknown scale, visit or policy; a percent outside 0 to 100.

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_scale_total
    >>> ratings = pd.DataFrame({"participant_id": ["P01", "P01", "P02", "P02"],
    ...     "visit": ["baseline", "day_14"] * 2, "madrs_total": [38.0, 19.0, 31.0, 16.0]})
    >>> response = derive_response(derive_scale_total(ratings), baseline="baseline",
    ...                            endpoint="day_14")
    >>> response[["participant_id", "percent_reduction", "response"]].round(1)
      participant_id  percent_reduction       response
    0            P01               50.0      responder
    1            P02               48.4  non-responder
    """
    require_one_of("scale", scale, SCALES)
    require_one_of("missing", missing, MISSING_POLICIES)
    definition = SCALES[scale]
    percent = definition.response_percent if reduction_percent is None else reduction_percent
    if not 0 < percent <= 100:
        raise TableError(
            f"reduction_percent is {percent!r}; more than 0 and at most 100 is allowed."
        )
    cut = (
        definition.remission_at_or_below if remission_at_or_below is None else remission_at_or_below
    )
    change = derive_change(
        endpoints, baseline=baseline, endpoint=endpoint, markers=[scale], participants=participants
    )
    table = change[[PARTICIPANT_ID, "baseline_value", "endpoint_value", "change", REASON]].copy()
    table[RATING_SCALE] = scale
    table[REASON] = table[REASON].str.replace("no value", f"no {scale}")
    span = table["baseline_value"] - definition.floor
    at_floor = span <= 0
    reduction = -table["change"]
    table["percent_reduction"] = (100 * reduction / span).where(~at_floor)
    table.loc[at_floor & (table[REASON] == ""), REASON] = (
        f"baseline is at the floor of the {scale}: a reduction in percent does not exist"
    )
    known = table["percent_reduction"].notna()
    # 100·reduction ≥ percent·span, not the quotient: 50 % of 33 points must not hang on rounding
    responds = (100 * reduction >= percent * span) & known
    remits = (table["endpoint_value"] <= cut) & table["endpoint_value"].notna()
    table["is_responder"] = responds.astype("boolean").where(known)
    table["is_remitter"] = remits.astype("boolean").where(table["endpoint_value"].notna())
    table[NOTE] = ""
    if missing == "non_responder":
        imputed = ~known & table["endpoint_value"].isna() & table["baseline_value"].notna()
        table.loc[imputed, ["is_responder", "is_remitter"]] = False
        table.loc[imputed, NOTE] = (
            f"no {scale} at {endpoint}: counted as non-responder, as the plan says"
        )
        table.loc[imputed, REASON] = ""
    table["response"] = (
        table["is_responder"].map({True: RESPONDER, False: NON_RESPONDER}).fillna("").astype("str")
    )
    table["response_percent"] = float(percent)
    table["remission_at_or_below"] = float(cut)
    return table[list(RESPONSE_COLUMNS)].astype({REASON: "str", NOTE: "str"})
