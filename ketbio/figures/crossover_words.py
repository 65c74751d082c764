"""What is said of the figure of a crossover: how to read it, who is drawn."""

from collections.abc import Sequence

import pandas as pd

from ketbio.figures.labels import spoken
from ketbio.figures.parts import group_means
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import count_of, format_number, join_words

ANALYSIS = "compare_crossover"


def by_sequence(label: str, period: int, treatment: str) -> str:
    """Return how a result names the mean of one period of a sequence.

    Examples
    --------
    >>> by_sequence("KS", 1, "ketamine")
    'KS, period 1 (ketamine)'
    """
    return f"{label}, period {period} ({treatment})"


def sequence_words(label: str, treatments: Sequence[str], count: int) -> str:
    """Return a sequence with its treatments and its n, as a legend names it.

    Examples
    --------
    >>> sequence_words("KS", ["ketamine", "saline"], 8)
    'KS: ketamine, then saline (n = 8)'
    """
    return f"{spoken(label)}: {', then '.join(map(spoken, treatments))} (n = {count:,})"


def read_crossover(result: Result) -> list[str]:
    """Return how to read the figure of a crossover."""
    first, second = result.groups
    said = ["Left: each line is one participant over the periods of the sequence."]
    short = _short(result.data)
    if short:
        said.append(f"Open ({short}): a period is missing; not in the comparison.")
    if group_means(result):
        said.append("Thick lines and bars: mean and SD of those with every period.")
    said.append(
        f"Right: each point is one participant's {spoken(first)} less {spoken(second)}, not "
        "adjusted for period; the estimate with its interval is."
    )
    return said


def tell_crossover(result: Result) -> list[str]:
    """Return what the figure of a crossover shows, for those who do not see it."""
    data = result.data
    told = []
    for label, own in data.groupby("sequence", sort=False):
        order = own.drop_duplicates("period").sort_values("period")["treatment"]
        everyone = count_of(own[PARTICIPANT_ID].nunique(), "participant")
        told.append(f"{spoken(str(label))} ({', then '.join(map(spoken, order))}), {everyone}")
    differences = data[data["is_complete"]].drop_duplicates(PARTICIPANT_ID)["difference"].dropna()
    said = [f"One line per participant over the periods, by sequence: {'; '.join(told)}."]
    if len(differences):
        low, high = (format_number(float(end)) for end in (differences.min(), differences.max()))
        counts = (int((differences < 0).sum()), int((differences > 0).sum()))
        ways = zip(counts, ("below 0", "above 0"), strict=True)
        where = join_words(f"{count} {way}" for count, way in ways if count)
        said.append(f"Differences between the treatments {low} to {high}; {where or 'all 0'}.")
    return said


def _short(data: pd.DataFrame) -> int:
    """Return how many lack a period."""
    return int(data.loc[~data["is_complete"].astype(bool), PARTICIPANT_ID].nunique())


READING = {ANALYSIS: read_crossover}
TELLER = {ANALYSIS: ("Crossover plot", tell_crossover)}
