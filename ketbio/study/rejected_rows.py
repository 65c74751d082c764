"""Rejected rows among the endpoints: what was rejected is named, and never merely absent."""

from collections.abc import Callable, Collection, Iterator

import numpy as np
import pandas as pd

from ketbio.endpoints.band_plan import CORRECTIONS, FORMS
from ketbio.endpoints.concentration import specimen_of
from ketbio.endpoints.frames import endpoint_table
from ketbio.study.plan import MarkerPlan
from ketbio.tables import Check
from ketbio.tables.alike import folded_word
from ketbio.tables.phrases import listed_words
from ketbio.vocabulary import (
    CENSORED,
    MARKER,
    MARKERS,
    NOTE,
    PARTICIPANT_ID,
    REASON,
    SCALE,
    SPECIMENS,
    UNIT,
    VALUE,
    VISIT,
)
from ketbio.wording import count_of


def with_rejected(
    part: pd.DataFrame,
    check: Check,
    *,
    participants: Collection[str],
    visits: Collection[str],
    plan: MarkerPlan | None = None,
) -> pd.DataFrame:
    """Return endpoints that name the rejected rows of their table.

    Parameters
    ----------
    part : DataFrame
        The endpoints of one scale or marker, derived from the accepted rows.
    check : Check
        The table that they were derived from.
    participants, visits : collection of str
        Those of the study; a row of nobody in it says nothing about anybody in it.
    plan : MarkerPlan, optional
        The marker, where a table holds several: rows that are plainly another's are left alone.

    Returns
    -------
    DataFrame
        A participant × visit without an endpoint has a row with the reason; a value that could
        not be had says so in its reason, and one that was had without the rejected rows in its
        note.
    """
    if part.empty:
        return part
    lines = rejected_lines(check, plan)
    lines = lines[lines[PARTICIPANT_ID].isin(participants) & lines[VISIT].isin(visits)]
    of_key = {
        (str(who), str(visit)): own
        for (who, visit), own in lines.groupby([PARTICIPANT_ID, VISIT], sort=False)
    }
    told = [{str(name): cell for name, cell in row.items()} for row in part.to_dict("records")]
    for row in told:
        own = of_key.pop((row[PARTICIPANT_ID], row[VISIT]), None)
        if own is not None:
            is_there = pd.notna(row[VALUE]) or row[CENSORED] != ""
            column, word = (NOTE, "left out as rejected") if is_there else (REASON, "rejected")
            said = [_not_absent(str(row[column]), own), f"{word}: {_rows(check, own)}"]
            row[column] = "; ".join(filter(None, said))
    same = {name: part[name].iloc[0] for name in (MARKER, UNIT, SCALE)}
    rows = [
        {PARTICIPANT_ID: who, VISIT: visit, **same, REASON: f"rejected: {_rows(check, own)}"}
        for (who, visit), own in of_key.items()
    ]
    return endpoint_table([*told, *rows])


def _rows(check: Check, lines: pd.DataFrame) -> str:
    return f"{check.file} row {listed_words(map(str, sorted(set(lines['row']))))}"


def _not_absent(text: str, lines: pd.DataFrame) -> str:
    """Return what a derivation said of bands that it did not see, those rejected called so."""
    if {"gel_id", "lane"} <= set(lines):
        for gel, lane in zip(lines["gel_id"], lines["lane"], strict=True):
            where = f"(gel {gel} lane {lane})"
            text = text.replace(f"band absent {where}", f"band rejected {where}")
    for condition in lines["condition"].unique() if "condition" in lines else ():
        text = text.replace(f"{condition}: no bands", f"{condition}: bands rejected")
    return text


def rejected_words(check: Check, plan: MarkerPlan) -> str:
    """Return how many rows that a marker could have been derived from were rejected, or nothing."""
    n = len(rejected_lines(check, plan))
    return f" {count_of(n, 'row')} of {check.file} for it {_were(n)} rejected." if n else ""


def _were(n: int) -> str:
    return "was" if n == 1 else "were"


def rejected_lines(check: Check, plan: MarkerPlan | None) -> pd.DataFrame:
    """Return the rejected records under our names and words, those of the plan's marker only."""
    out_of = np.flatnonzero(~check.kept)
    lines = check.records.cells.iloc[out_of].assign(row=check.records.sheet_rows[out_of])
    if not {PARTICIPANT_ID, VISIT} <= set(lines):
        return pd.DataFrame({PARTICIPANT_ID: [], VISIT: [], "row": []})
    chosen = _MARKER_OF.get(check.schema)
    if plan is None or chosen is None:
        return lines
    is_others = np.zeros(len(lines), dtype=np.bool_)
    for mask in chosen(lines, plan, check.accepted):
        is_others |= mask.to_numpy()
    return lines[~is_others]


# -- which rows are plainly another marker's -------------------------------------------------
def _is_another(
    lines: pd.DataFrame, column: str, wanted: Collection[str], known: Collection[str]
) -> "pd.Series[bool]":
    """Return where a known word stands that is none of the wanted; a word unknown may be any."""
    if column not in lines:
        return pd.Series(False, index=lines.index)
    others = {folded_word(str(word)) for word in known if pd.notna(word)}
    others -= {folded_word(word) for word in wanted}
    return lines[column].map(folded_word).isin(others)


def _other_levels(
    lines: pd.DataFrame, plan: MarkerPlan, _accepted: pd.DataFrame
) -> Iterator["pd.Series[bool]"]:
    specimen = str(plan.options.get("specimen") or specimen_of(plan.name))
    yield _is_another(lines, "specimen", [specimen], SPECIMENS)


def _other_bands(
    lines: pd.DataFrame, plan: MarkerPlan, accepted: pd.DataFrame
) -> Iterator["pd.Series[bool]"]:
    known = MARKERS.get(plan.name)
    target = str(plan.options.get("target") or (known.target if known else ""))
    site = str(plan.options.get("site") or (known.site if known else ""))
    used = str(plan.options.get("form", "phospho/total")).split("/")
    used.append(str(plan.options.get("correct_by", "")))
    yield _is_another(lines, "form", used, ["phospho", *FORMS.values()])
    is_other_protein = _is_another(lines, "target", [target], accepted["target"].unique())
    # A loading control or stain has a target of its own, and serves every protein of the lane.
    forms = lines.get("form", pd.Series("", index=lines.index))
    yield is_other_protein & ~forms.isin(CORRECTIONS)
    if site:
        yield _is_another(lines, "site", [site], accepted["site"].unique())
    if condition := plan.options.get("condition"):
        wanted = str(condition).split("/")
        yield _is_another(lines, "condition", wanted, accepted["condition"].unique())


_MARKER_OF: dict[
    str, Callable[[pd.DataFrame, MarkerPlan, pd.DataFrame], Iterator["pd.Series[bool]"]]
] = {"blots": _other_bands, "bdnf": _other_levels, "elisa_plates": _other_levels}
"""Schema of a table of several markers → what finds the rows of the others."""
