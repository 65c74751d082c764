"""What each analysis asks, in words."""

from ketbio.result import Result

QUESTIONS = {
    "compare_responders": "Do responders and non-responders differ in {label} ({outcome})?",
    "compare_response_rates": "Do the arms differ in {outcome}, by {label}?",
    "compare_visits": "Does {label} differ between the visits ({outcome})?",
    "compare_crossover": "Does {label} differ between the treatments ({outcome})?",
    "compare_imputed": "Do the arms differ in {label} ({outcome})?",
    "describe_time_to_response": "What was the {outcome}, by {label}?",
    "describe_missing_visits": "Which visits of {label} are missing, and in whom?",
    "correlate_changes": "Does {label} go together with the clinical outcome ({outcome})?",
    "correlate_markers": "Does {label} go together with another marker ({outcome})?",
    "correlate_baseline_change": "Does the change of {label} depend on its level ({outcome})?",
    "correlate_repeated": "Does {label} go together with the outcome within participants "
    "({outcome})?",
    "summarise_course": "How does {label} run over the visits ({outcome})?",
    "summarise_response": "How many participants responded, by {label}?",
    "fit_mmrm": "Do the arms differ in {label} over the visits ({outcome})?",
    "fit_random_effects": "How does {label} differ and run ({outcome})?",
}
"""What each analysis asks, in words."""

OTHER_QUESTION = "What was found for {label}, {outcome}?"


def question(result: Result) -> str:
    """Return what a result answers, as a question.

    Parameters
    ----------
    result : Result

    Returns
    -------
    str

    Examples
    --------
    >>> question(Result(analysis="compare_visits", marker="BDNF_serum", n={},
    ...                 outcome="day_14 against baseline", groups=()))
    'Does serum BDNF differ between the visits (day_14 against baseline)?'
    """
    return question_of(result, result.outcome)


def question_of(result: Result, outcome: str) -> str:
    """Return what results answer together, as a question of their common outcome."""
    words = QUESTIONS.get(result.analysis, OTHER_QUESTION)
    return words.format(label=result.label, outcome=outcome)
