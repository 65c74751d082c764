"""Treatments compared within participants: crossovers, adjusted for period."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ketbio.analyses.combinations import refuse_impossible
from ketbio.analyses.companions import permutation_fields, without_repeats
from ketbio.analyses.crossovers.companions import Beside
from ketbio.analyses.crossovers.contrast import Contrast
from ketbio.analyses.crossovers.design import CrossoverDesign, crossover_design
from ketbio.analyses.crossovers.rows import (
    CrossoverRows,
    crossover_rows,
    participant_sequences,
    with_contrasts,
)
from ketbio.analyses.family import adjust_family
from ketbio.analyses.limits import NAMED_AT_MOST, bounded_limits, influence, leave_one_out_table
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.values import markers_asked
from ketbio.endpoints.periods import SEQUENCE
from ketbio.errors import StatisticsError
from ketbio.result import Result, Results
from ketbio.statistics.crossover.label_permutation import ESTIMATE
from ketbio.statistics.max_t import LABELS as JOINT
from ketbio.statistics.records import NAN
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import count_of, join_words

CITED = ("hills1979", "jones2014", "fisher1935")
DEALT = (
    "This tests whether each participant would have responded alike whatever the sequence: the "
    "sequences are dealt anew among the participants, as they were allocated, and each keeps the "
    "responses of all periods. The interval takes the treatment to shift every response by the "
    "same amount. Without random allocation to the sequences it describes."
)
CARRIED = (
    "What a treatment leaves in the next period (carry-over) is taken to be the same for all "
    "treatments; a washout has to see to that. Its test is reported and decides nothing: it has "
    "little power, and choosing the analysis by it spoils the level (Freeman 1989)."
)
ADJUSTED = (
    "Residuals of the period differences on those of the baselines are dealt anew between the "
    "sequences; the interval takes the treatment to shift every response by the same amount. "
    "Without random allocation to the sequences it describes."
)
BASELINES = {
    "change": "Changes are counted from the baseline of the same period; where baseline and "
    "outcome are weakly correlated this is less precise than the value itself.",
    "covariate": "The treatment difference is adjusted for the difference of the periods' "
    "baselines.",
    "none": "",
}


def compare_crossover(
    endpoints: pd.DataFrame,
    *,
    marker: str | list[str] | tuple[str, ...],
    participants: pd.DataFrame,
    sequences: Mapping[str, Sequence[str]],
    periods: Sequence[Mapping[str, str]],
    sequence: str = SEQUENCE,
    at: str | Sequence[str] | None = None,
    baseline: str = "baseline",
    baseline_as: str | None = None,
    reference: str | None = None,
    alternative: str = "two-sided",
    adjust: str = "holm",
    confidence_level: float = 0.95,
    exact: bool | str = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
) -> Results:
    """Compare treatments within participants of a crossover, adjusted for period.

    One result per marker, visit of the periods and contrast (treatment − reference). The estimate
    is that of least squares within participants (in AB/BA: half the difference of the period
    differences between the sequences), with the exact permutation test of the sequence labels and
    the interval that inverts it. Beside it, as companions: means (SD) per treatment and per
    sequence and period, the Hills–Armitage t, the mixed model with every participant, Wilcoxon's
    form (Koch 1972), the paired t that ignores the period, the period effect, the carry-over.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table.
    marker : str or list of str
        The markers, each with its own results.
    participants : DataFrame
        The ``participants`` table, with the column of the sequence.
    sequences : mapping of str to sequence of str
        Sequence → its treatments in the order of the periods.
    periods : sequence of mapping of str to str
        Per period its visits by role: ``{"baseline": "period_1_baseline", "day_1":
        "period_1_day_1"}``. The same roles in each.
    sequence : str
        Column of ``participants``.
    at : str or sequence of str, optional
        The roles analysed; all but the baseline when None.
    baseline : str
        The role of the periods' baseline.
    baseline_as : {"change", "covariate", "none"}, optional
        Analyse the change from the period's baseline, adjust for it, or leave it alone. None:
        ``"change"`` where the periods have a baseline.
    reference : str, optional
        The treatment subtracted; the last of the first sequence when None.
    alternative : {"two-sided", "less", "greater", "two-sided-doubled"}
        Of the treatment against the reference.
    adjust : {"holm", "hochberg", "fdr_bh", "fdr_by", "max_t", "min_p", "none"}
        Adjustment over all results of the call; the joint ones for two treatments in two
        sequences.
    confidence_level : float
        Of every interval.
    exact, n_resamples, seed
        As `permutation_test` takes them.

    Returns
    -------
    Results
        ``data``: one row per participant × period with a response (`participant_id, sequence,
        period, treatment, baseline_value, value, response, is_complete, difference`); those with
        every period are compared, the others are in ``excluded`` and in the mixed model.

    Raises
    ------
    TableError
        Unknown markers, visits or sequences; what is no crossover.
    StatisticsError
        An unknown word, or words that cannot be had together.

    Notes
    -----
    Hills & Armitage (1979); Jones & Kenward (2014); Senn (2002). Carry-over: Freeman (1989).

    Examples
    --------
    >>> import pandas as pd
    >>> from ketbio.endpoints import derive_periods
    >>> long = pd.DataFrame({"participant_id": ["P1", "P1", "P2", "P2", "P3", "P3", "P4", "P4"],
    ...     "period": [1, 2] * 4, "treatment": ["K", "S", "K", "S", "S", "K", "S", "K"],
    ...     "madrs": [12.0, 20, 15, 24, 25, 14, 22, 13]})
    >>> found = derive_periods(long, marker="MADRS", value="madrs", sequence=None)
    >>> result = compare_crossover(found.endpoints, marker="MADRS",
    ...     participants=found.participants, sequences=found.sequences, periods=found.periods)[0]
    >>> result.groups, result.estimate, round(result.p_value, 4)
    (('K', 'S'), -9.25, 0.3333)
    """
    names = markers_asked(marker)
    refuse_impossible(
        "compare_crossover",
        names,
        baseline_as=baseline_as,
        alternative=alternative,
        adjust=adjust,
        confidence_level=confidence_level,
        n_resamples=n_resamples,
    )
    design = crossover_design(
        sequences=sequences,
        periods=periods,
        at=at,
        baseline=baseline,
        baseline_as=baseline_as,
        reference=reference,
    )
    _refuse_joint(design, adjust)
    settings = Settings(
        alternative=alternative,
        confidence_level=confidence_level,
        exact=exact,
        n_resamples=n_resamples,
        seed=seed,
    )
    known = participant_sequences(participants, sequence=sequence, design=design)
    tables = [
        crossover_rows(endpoints, known, marker=name, role=role, design=design)
        for name in names
        for role in design.roles
    ]
    done = [
        _compare(rows, design, treatment, settings)
        for rows in tables
        for treatment in design.treatments[:-1]
    ]
    return adjust_family(done, method=adjust, settings=settings, noun="comparisons")


def _refuse_joint(design: CrossoverDesign, adjust: str) -> None:
    if adjust in JOINT and not design.has_joint_test:
        raise StatisticsError(
            f"adjust is {adjust!r}, whose joint test is for two treatments in two sequences "
            f"without a covariate; here there are {len(design.treatments)} treatments in "
            f'{len(design.sequences)} sequences, baseline_as="{design.baseline_as}". Write '
            'adjust="holm".'
        )


def _compare(
    rows: CrossoverRows, design: CrossoverDesign, treatment: str, settings: Settings
) -> Result:
    """Return one contrast of one marker at one visit."""
    counts = rows.complete.drop_duplicates(PARTICIPANT_ID)[SEQUENCE].value_counts()
    question = Question(
        analysis="compare_crossover",
        marker=rows.marker,
        outcome=rows.outcome,
        groups=(treatment, design.reference),
        n={label: int(counts.get(label, 0)) for label in design.sequences},
        unit=rows.unit,
    )
    try:
        fitted = Contrast.of(rows, design, treatment, settings)
    except StatisticsError as refused:
        why = str(refused).rstrip(".")
        data = rows.rows.assign(difference=NAN)  # the figure shows them all the same
        return question.without_answer(why, data=data, excluded=rows.excluded)
    test, left_out = fitted.test(), fitted.left_out()
    warnings = (
        *test.warnings,
        *bounded_limits(rows.excluded),
        *influence(left_out, fitted.participants, test.p_value),
        *_of_design(rows, question),
        ADJUSTED if design.baseline_as == "covariate" else DEALT,
        CARRIED,
        *filter(None, [BASELINES[design.baseline_as]]),
    )
    result = question.answer(
        **permutation_fields(test) | {"warnings": warnings, "estimate_name": ESTIMATE},
        data=with_contrasts(rows, fitted.arrays, design, treatment),
        excluded=rows.excluded,
        leave_one_out=leave_one_out_table(left_out, fitted.participants),
        references=CITED,
        companions=Beside(
            question=question,
            rows=rows,
            arrays=fitted.arrays,
            design=design,
            settings=settings.beside,
        ).companions(),
    )
    return without_repeats(result)


def _of_design(rows: CrossoverRows, question: Question) -> tuple[str, ...]:
    """Say which sequences are thin, and who is in the mixed model only."""
    said = [
        f"Sequence {label} has {count_of(count, 'participant')} with every period"
        + ("." if count == 0 else ": its own spread is not known.")
        for label, count in question.n.items()
        if count < 2
    ]
    partly = list(dict.fromkeys(rows.rows.loc[~rows.rows["is_complete"], PARTICIPANT_ID]))
    if partly:
        who = join_words(partly)
        if len(partly) > NAMED_AT_MOST:
            who = count_of(len(partly), "participant")
        verb = "lacks" if len(partly) == 1 else "lack"
        are = "is" if len(partly) == 1 else "are"
        said.append(
            f"{who} {verb} a period and {are} in the mixed model only, which takes what is missing "
            "to depend on what was seen."
        )
    return tuple(said)
