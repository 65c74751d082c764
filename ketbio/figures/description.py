"""What a figure shows, in words, for those who do not see it."""

from collections.abc import Callable

import pandas as pd

from ketbio.figures import course_words, crossover_words, event_words
from ketbio.figures.bench_words import KINDS, tell_bench
from ketbio.figures.captions import answer
from ketbio.figures.labels import quantity_label, spoken
from ketbio.figures.parts import columns_of, require_result, value_unit
from ketbio.figures.readings import reading
from ketbio.result import Result
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import capitalised, count_of, format_number, join_words


def alternative_text(result: Result) -> str:
    """Return what the figure of a result shows, in words, for those who do not see it.

    Parameters
    ----------
    result : Result
        A result that `draw` draws.

    Returns
    -------
    str
        The kind of figure, the range of what is drawn, and the answer.

    Raises
    ------
    FigureError
        Not a result, or one without rows.

    Examples
    --------
    >>> one = Result(analysis="compare_responders", marker="BDNF_serum", outcome="baseline",
    ...     groups=("responder", "non-responder"), n={"responder": 1, "non-responder": 1},
    ...     estimate=2.0, estimate_name="mean difference", unit="ng/mL",
    ...     data=pd.DataFrame({"participant_id": ["P1", "P2"],
    ...     "group": ["responder", "non-responder"], "value": [20.0, 18.0]}))
    >>> print(alternative_text(one))
    Estimation plot of serum BDNF, baseline. Responder: 1 participant, 20.0 to 20.0 ng/mL.
    Non-responder: 1 participant, 18.0 to 18.0 ng/mL. Mean difference 2.00 ng/mL (responder −
    non-responder), no interval.
    """
    require_result(result, caller="alternative_text")
    kind, tell = _TELLERS.get(result.analysis, ("Figure", _tell_nothing))
    subject = quantity_label(result)
    if not any(letter.isupper() for letter in subject.split(" ", 1)[0][1:]):
        subject = subject[:1].lower() + subject[1:]
    return " ".join([f"{kind} of {subject}.", *tell(result), f"{answer(result)}."])


def kind_of(result: Result) -> str:
    """Return what the figure of a result is called.

    Examples
    --------
    >>> kind_of(Result(analysis="compare_visits", marker="m", outcome="", groups=(), n={}))
    'Slope plot'
    """
    return _TELLERS.get(result.analysis, ("Figure", _tell_nothing))[0]


def _tell_nothing(_result: Result) -> list[str]:
    return []


def _span(values: pd.Series, unit: str) -> str:
    low, high = format_number(float(values.min())), format_number(float(values.max()))
    return f"{low} to {high}{'' if unit in ('', '%') else ' '}{unit}"


def _tell_estimation(result: Result) -> list[str]:
    data = columns_of(result, [PARTICIPANT_ID, "group", "value"])
    said = []
    for group in result.groups:
        values = data.loc[data["group"] == group, "value"].dropna()
        shown = f", {_span(values, value_unit(result))}" if len(values) else ""
        said.append(f"{capitalised(spoken(group))}: {count_of(len(values), 'participant')}{shown}.")
    return said


def _tell_slopes(result: Result) -> list[str]:
    data = columns_of(result, ["baseline_value", "endpoint_value", "change"])
    change = data["change"].dropna()
    counts = (int((change < 0).sum()), int((change > 0).sum()), int((change == 0).sum()))
    ways = zip(counts, ("fell", "rose", "did not change"), strict=True)
    moved = join_words(f"{count} {way}" for count, way in ways if count)
    return [
        f"One line per participant ({count_of(len(data), 'participant')}) "
        f"from baseline ({_span(data['baseline_value'], result.unit)}) "
        f"to endpoint ({_span(data['endpoint_value'], result.unit)}); {moved}."
    ]


def _tell_scatter(result: Result) -> list[str]:
    data = columns_of(result, ["x", "y"])
    return [
        f"{count_of(len(data), 'participant')}, from {_span(data['x'], '')} across and "
        f"{_span(data['y'], '')} upwards.",
        reading(result),
    ]


def _tell_parallels(result: Result) -> list[str]:
    data = columns_of(result, ["x", "y"])
    people = count_of(int(data[PARTICIPANT_ID].nunique()), "participant")
    return [
        f"{count_of(len(data), 'pair')} of values of {people}, from {_span(data['x'], '')} across "
        f"and {_span(data['y'], '')} upwards.",
        reading(result),
    ]


def _tell_waterfall(result: Result) -> list[str]:
    data = columns_of(result, ["percent_reduction", "response_percent"])
    reduction = data["percent_reduction"].dropna()
    line = format_number(float(data["response_percent"].iloc[0]))
    worse = int((reduction < 0).sum()) or "none"
    return [
        f"One bar per participant ({len(data)}), reductions from {_span(reduction, '%')}; "
        f"the response line is at {line}%; {worse} worse than at baseline."
    ]


_TELLERS: dict[str, tuple[str, Callable[[Result], list[str]]]] = {
    "compare_responders": ("Estimation plot", _tell_estimation),
    "compare_visits": ("Slope plot", _tell_slopes),
    "correlate_changes": ("Scatter plot", _tell_scatter),
    "correlate_markers": ("Scatter plot", _tell_scatter),
    "correlate_baseline_change": ("Baseline–change plot", _tell_scatter),
    "correlate_repeated": ("Parallel lines", _tell_parallels),
    "summarise_response": ("Waterfall plot", _tell_waterfall),
    **course_words.TELLER,
    **event_words.TELLER,
    **crossover_words.TELLER,
    **{analysis: (kind, tell_bench) for analysis, kind in KINDS.items()},
}
