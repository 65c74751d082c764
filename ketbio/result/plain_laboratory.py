"""What the laboratory's checks found, in everyday words."""

import re
from typing import TYPE_CHECKING

from ketbio.result.plain_numbers import everyday, level_of, spread_of
from ketbio.result.plain_people import people_of
from ketbio.wording import count_of, spaced

if TYPE_CHECKING:
    from ketbio.result.record import Result
    from ketbio.result.told import Told

LABORATORY = {
    "fit_standard_curve": "how amounts are read from test wells of known content",
    "chart_controls": "whether a sample of known content reads the same every time",
    "summarise_dilutions": "whether diluted samples read as they should",
    "summarise_spikes": "how much of a known, added amount is found again",
    "summarise_gel": "how strong the bands on a gel are",
    "summarise_replicates": "how well repeated measurements agree",
    "compare_methods": "how well two ways of measuring agree",
    "summarise_linear_range": "over which amounts a band grows in step",
}
"""Analyses of the laboratory, and what each looks into."""

_NAMES = {
    "EC50": "the amount at the middle of the curve, which was",
    "LOD": "the smallest amount that can be told from none, which was",
    "LLOQ": "the smallest amount that can be measured reliably, which was",
    "ULOQ": "the largest amount that can be measured reliably, which was",
    "mean": "an average of",
    "mean recovery": "an average of",
    "recovery": "a share of",
    "within-run CV": "a typical spread between repeats of",
    "within-run geometric CV": "a typical spread between repeats of",
    "median replicate CV": "a typical spread between repeats of",
    "CV of plate levels": "a typical spread between plates of",
    "slope on dilution": "a slope (1 would be perfect) of",
    "log-log slope": "a slope (1 would be perfect) of",
    "lowest linear amount": "a lowest such amount of",
    "highest linear amount": "a highest such amount of",
    "largest departure": "a largest deviation of",
    "standard error of measurement": "a typical error of a single measurement of",
    "share of variance between samples": "a share of the spread that lies between samples of",
    "reliability of the change": "an agreement (1 would be perfect) of",
}
"""Names of the laboratory's numbers, in everyday words."""


_ERRORS = ("standard error of measurement",)
"""Names of what is a distance: on a logarithmic scale, a percentage."""


def laboratory_finding(result: "Result", told: "Told") -> str:
    """Return what a check of the laboratory found, without the full stop."""
    check = f"A laboratory check of {LABORATORY[result.analysis]}"
    about = f"{result.label} ({told_place(result)})"
    if told.unit in told.name.split():
        # lanes used, bands outside: what is counted is in the name
        name = told.name if told.value != 1 else re.sub(r"(lane|band)s", r"\1", told.name)
        return f"{check} counted {everyday(told.value)} {name} for {about}"
    value = (spread_of if told.name in _ERRORS else level_of)(told.value, told.unit)
    return f"{check} gave {_name(told)} {value} for {about}"


def told_place(result: "Result") -> str:
    """Return where the check was made and of how many: ``plate PL1; 16 standard wells``."""
    counted = [_counted(group, count) for group, count in result.n.items()]
    where = spaced(result.outcome).removesuffix(f", {result.estimate_name}")
    return "; ".join(part for part in (where, *counted) if part) or people_of(0)


def _name(told: "Told") -> str:
    if told.name.startswith("ICC"):
        return "an agreement (1 would be perfect) of"
    if told.name.startswith("geometric mean"):
        return "a typical ratio of"
    return _NAMES.get(told.name, f"the {told.name or 'number'}, which was")


def _counted(group: str, count: int) -> str:
    if group == "all":
        return people_of(count)
    if group == "pairs":
        return count_of(count, "pair of measurements", "pairs of measurements")
    name = spaced(group)
    return (
        count_of(count, name.removesuffix("s"), name) if name.endswith("s") else f"{count} {name}"
    )
