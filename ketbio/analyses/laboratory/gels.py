"""Gels, one result each: every band with its signal, every lane with its ratio or the reason."""

from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.question import Question
from ketbio.endpoints.band_lanes import lane_ratios
from ketbio.endpoints.band_plan import BandPlan, band_plan, roles_of
from ketbio.endpoints.band_pools import geometric_mean
from ketbio.endpoints.band_signals import place_words, prepared_bands
from ketbio.endpoints.variation import cv_percent
from ketbio.result import Result, Results
from ketbio.vocabulary import EXCLUDED_COLUMNS, PARTICIPANT_ID, VISIT
from ketbio.wording import count_of

ANALYSIS = "summarise_gel"
DATA_COLUMNS = (
    "gel_id", "lane", PARTICIPANT_ID, VISIT, "condition", "replicate", "role", "target", "form",
    "site", "membrane", "intensity", "background", "signal", "lane_stain", "normalised", "fault",
    "label",
)  # fmt: skip
"""Columns of ``Result.data``: one row per band of the marker's lanes."""

_NUMBERS = ("intensity", "background", "signal", "lane_stain", "normalised")
_SAMPLE = [PARTICIPANT_ID, VISIT, "condition"]


def summarise_gels(blots: pd.DataFrame, *, marker: str, **options: Any) -> Results:
    """Return one result per gel: its lanes' ratios, what was left out, how replicates agree.

    Parameters
    ----------
    blots : DataFrame
        The validated ``blots`` table.
    marker : str
        Name of the marker, for instance ``"p_mTOR_S2448"``.
    **options
        Every keyword of `ketbio.derive_band_ratio`; ``condition`` and ``scale`` change nothing, as
        every lane is shown with its ratio.

    Returns
    -------
    Results
        Per gel the geometric mean ratio of the sample lanes, with the companions "lanes used",
        "lanes left out", "reference lanes" and "median replicate CV" (percent, of the lanes that
        one participant × visit × condition has on the gel). ``n`` counts participants, never lanes;
        ``data`` has one row per band (`DATA_COLUMNS`), ``normalised`` being the lane's ratio on the
        row of the band that was divided. Warnings name every lane that gave no ratio.

    Raises
    ------
    TableError
        As `ketbio.derive_band_ratio`; an option that is not known.

    Examples
    --------
    >>> blots = pd.DataFrame({"participant_id": ["P01"] * 2, "visit": ["baseline"] * 2,
    ...     "gel_id": ["G1"] * 2, "lane": ["1"] * 2, "condition": ["basal"] * 2,
    ...     "target": ["mTOR"] * 2, "form": ["phospho", "total"], "site": ["S2448", None],
    ...     "intensity": [100.0, 200.0]})
    >>> result = summarise_gels(blots, marker="p_mTOR_S2448")[0]
    >>> result.outcome, result.estimate, result.companions[0].estimate
    ('gel G1', 0.5, 1.0)
    """
    has_condition = options.get("condition") is not None
    plan = band_plan(blots, marker, options, by_condition=has_condition)
    blots = blots.reset_index(drop=True).assign(role=roles_of(blots).to_numpy())
    lanes = lane_ratios(blots, plan)
    bands = prepared_bands(blots, plan)
    return Results(
        _gel(str(gel), own, bands[bands["gel_id"] == gel], marker, plan)
        for gel, own in lanes.groupby("gel_id", sort=False)
    )


def _gel(gel: str, lanes: pd.DataFrame, bands: pd.DataFrame, marker: str, plan: BandPlan) -> Result:
    samples = lanes[lanes["role"] == "sample"]
    used = samples[samples["ratio"].notna()]
    who = used[PARTICIPANT_ID].nunique()
    question = Question(
        analysis=ANALYSIS,
        marker=marker,
        outcome=f"gel {gel}",
        groups=("all",),
        n={"all": who},
    )
    spreads = _replicate_cvs(used)
    return question.answer(
        role="description",
        estimate=geometric_mean(used["ratio"].to_numpy(dtype=float)),
        estimate_name=f"geometric mean {ratio_words(plan)}",
        warnings=tuple(_warnings(gel, lanes, spreads, plan)),
        data=_data(gel, lanes, bands, plan),
        excluded=_without_value(samples, gel),
        companions=(
            *_counts(question, lanes),
            question.about(unit="%").answer(
                role="description",
                estimate=float(spreads.median()) if len(spreads) else float("nan"),
                estimate_name="median replicate CV",
                warnings=() if len(spreads) else ("No sample has two lanes on the gel.",),
            ),
        ),
    )


def ratio_words(plan: BandPlan) -> str:
    """Return what was divided by what, in words.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ratio_words(SimpleNamespace(above="phospho", below="total", correct_by="stain",
    ...                             per_reference=True))
    'phospho ÷ total (each ÷ stain), ÷ reference'
    """
    words = f"{plan.above} ÷ {plan.below}"
    words += f" (each ÷ {plan.correct_by})" if plan.correct_by else ""
    return f"{words}, ÷ reference" if plan.per_reference else words


def _counts(question: Question, lanes: pd.DataFrame) -> list[Result]:
    is_sample, has_ratio = lanes["role"] == "sample", lanes["ratio"].notna()
    counts = {
        "lanes used": is_sample & has_ratio,
        "lanes left out": is_sample & ~has_ratio,
        "reference lanes": (lanes["role"] == "reference") & has_ratio,
    }
    return [
        question.about(unit="lanes").answer(
            role="description", estimate=float(which.sum()), estimate_name=name
        )
        for name, which in counts.items()
    ]


def _replicate_cvs(used: pd.DataFrame) -> "pd.Series[float]":
    """Return the CV of each sample with two lanes or more on the gel, in percent."""
    ratios = used.assign(condition=used["condition"].fillna("")).groupby(_SAMPLE, sort=False)
    spreads = ratios["ratio"].apply(lambda own: cv_percent(own.to_numpy(dtype=float)))
    return spreads.dropna()


def _warnings(
    gel: str, lanes: pd.DataFrame, spreads: "pd.Series[float]", plan: BandPlan
) -> list[str]:
    lost = lanes.loc[lanes["left_out"] != "", "left_out"]
    said = [f"Left out: {words}." for words in dict.fromkeys(lost)]
    flagged = lanes[lanes["flag"] != ""]
    said += [
        f"{flag} ({place_words(gel, lane)})."
        for flag, lane in zip(flagged["flag"], flagged["lane"], strict=True)
    ]
    for key, cv in spreads[spreads > plan.cv_limit].items():
        who = " ".join(str(part) for part in (key if isinstance(key, tuple) else (key,)) if part)
        said.append(
            f"The lanes of {who} on gel {gel} have a CV of {cv:.0f} %, above the limit of "
            f"{plan.cv_limit:g} %."
        )
    if not (lanes["role"] == "reference").any() and plan.per_reference:
        n_lanes = count_of(int((lanes["role"] == "sample").sum()), "lane")
        said.append(f"Gel {gel} has no reference lane, so that its {n_lanes} give no value.")
    return said


def _without_value(samples: pd.DataFrame, gel: str) -> pd.DataFrame:
    """Return the participants of the gel of whom no lane gave a ratio."""
    has_value = set(samples.loc[samples["ratio"].notna(), PARTICIPANT_ID])
    lost = samples[~samples[PARTICIPANT_ID].isin(has_value)].drop_duplicates(PARTICIPANT_ID)
    table = lost.assign(reason=f"no lane of gel {gel} that can be used")
    return table[list(EXCLUDED_COLUMNS)].reset_index(drop=True)


def _data(gel: str, lanes: pd.DataFrame, bands: pd.DataFrame, plan: BandPlan) -> pd.DataFrame:
    """Return the bands that the ratio is made of, absent ones among them."""
    shown = bands[_is_used(bands, plan)]
    there = lanes[lanes["band"] >= 0].set_index("band")
    words = there["fault"].where(there["fault"] != "", there["flag"])
    own = shown["fault"].where(~shown.index.isin(there.index), words.reindex(shown.index))
    rows = shown.assign(normalised=there["ratio"].reindex(shown.index), fault=own)
    absent = lanes[lanes["band"] < 0].assign(
        target=plan.target, form=plan.above, site=plan.site or None
    )
    table = pd.concat([rows, absent.drop(columns=["ratio", "flag", "left_out", "band"])])
    table = table.reindex(columns=list(dict.fromkeys([*table.columns, *DATA_COLUMNS])))
    if "background" not in bands.columns:
        table = table.assign(background=0.0)
    table = table.assign(gel_id=gel, label=[lane_label(row) for _, row in table.iterrows()])
    numbers = {name: table[name].astype("float64") for name in _NUMBERS}
    order = _lane_order(bands, table)
    return table.assign(**numbers).iloc[order][list(DATA_COLUMNS)].reset_index(drop=True)


def _lane_order(bands: pd.DataFrame, table: pd.DataFrame) -> "np.ndarray[Any, np.dtype[np.intp]]":
    """Return the rows by lane, in the order in which the lanes first occur on the gel."""
    lanes = {lane: place for place, lane in enumerate(dict.fromkeys(bands["lane"]))}
    return np.argsort(table["lane"].map(lanes).to_numpy(), kind="stable")


def _is_used(bands: pd.DataFrame, plan: BandPlan) -> "pd.Series[bool]":
    is_target = bands["target"] == plan.target
    above = is_target & (bands["form"] == plan.above)
    if plan.site:
        above &= bands["site"] == plan.site
    lower = [plan.below, plan.correct_by]
    beside = bands["form"].isin([form for form in lower if form in ("loading", "stain")])
    if plan.loading_control:
        beside &= (bands["form"] != "loading") | (bands["target"] == plan.loading_control)
    total = is_target & (bands["form"] == "total") & ("total" in lower)
    return above | beside | total


def lane_label(row: "pd.Series[Any]") -> str:
    """Return what readers see under a lane: whose it is, or what it holds.

    Examples
    --------
    >>> lane_label(pd.Series({"role": "sample", "participant_id": "P01", "visit": "baseline",
    ...                       "condition": "basal", "replicate": "2"}))
    'P01 baseline basal (2)'
    >>> lane_label(pd.Series({"role": "dilution", "load_amount": 10.0}))
    '10 µg'
    """
    if row["role"] == "dilution":
        return f"{row['load_amount']:g} µg"
    if row["role"] == "reference":
        return "reference"
    parts = [str(row[name]) for name in _SAMPLE if pd.notna(row[name]) and row[name] != ""]
    replicate = row.get("replicate")
    is_told = pd.notna(replicate) and replicate != ""
    return " ".join(parts) + (f" ({replicate})" if is_told else "")
