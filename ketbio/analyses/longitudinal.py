"""The mixed model for repeated measures (MMRM): arms compared at every visit after baseline."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ketbio.analyses.question import Settings
from ketbio.analyses.values import markers_asked
from ketbio.analyses.visit_models.answer import answer
from ketbio.analyses.visit_models.asked import asked_of, prepare, weights_of
from ketbio.analyses.visit_models.family import adjust_contrasts
from ketbio.analyses.visit_models.model import ModelWords, fit_rows
from ketbio.analyses.visit_models.words import refuse_words
from ketbio.endpoints.frames import select_markers
from ketbio.result import Results


def fit_mmrm(
    endpoints: pd.DataFrame,
    *,
    marker: str | Sequence[str],
    participants: pd.DataFrame | None,
    arm: str | None = "arm",
    reference: str | None = None,
    baseline: str,
    visits: Sequence[str] | None = None,
    days: Mapping[str, float] | None = None,
    covariates: str | Sequence[str] | None = None,
    formula: str | None = None,
    outcome: str = "change",
    structure: str = "unstructured",
    by_arm: bool = False,
    fallbacks: bool = True,
    method: str = "reml",
    df: str | None = None,
    covariance: str = "model",
    weights: str | None = None,
    adjust: str = "holm",
    alternative: str = "two-sided",
    confidence_level: float = 0.95,
    permutation: bool | str = "auto",
    n_resamples: int = 9_999,
    seed: int | None = None,
) -> Results:
    """Compare arms at every visit by a mixed model for repeated measures.

    All values after baseline of all participants are modelled together: fixed effects arm × visit +
    baseline × visit (+ covariates), and a covariance over the visits, unstructured unless asked
    otherwise, by REML with Kenward and Roger's degrees of freedom. Whoever has a baseline and any
    value after it is in; under missingness at random nothing is imputed. The estimates are
    differences of estimated marginal means, arm − reference, at each visit and on average over
    them. Without arms they are the changes from baseline.

    Beside each, as companions: the estimated marginal means, the permutation test that keeps every
    participant's trajectory together, the same contrast with other degrees of freedom; with
    ``adjust="mvt"`` the simultaneous interval. Beside the first: overall F tests, the covariance
    estimated, and covariance structures compared by likelihood ratio, AIC and BIC.

    Parameters
    ----------
    endpoints : DataFrame
        The endpoints table, one row per participant × visit × marker.
    marker : str or list of str
        One model each.
    participants : DataFrame or None
        The validated ``participants`` table, with arms and covariates; None only with ``arm=None``.
    arm : str or None
        Its column of arms; None: everybody is one arm, and changes from baseline are told.
    reference : str, optional
        The arm that others are compared with; when None the one named placebo, saline, midazolam
        or control, where there is exactly one (a warning says so).
    baseline : str
        The visit before treatment.
    visits : sequence of str, optional
        The visits after it in order; when None all, by the days that their names say, else in
        order of appearance.
    days : mapping of str to float, optional
        Visit → its day, as `summarise_course` takes it.
    covariates : str or list of str, optional
        Columns of ``participants``; numbers as they are, texts as factors.
    formula : str, optional
        Fixed effects of one's own, such as ``"arm * visit + baseline * visit + age_years"``. It
        names ``arm``, ``visit``, ``baseline``, ``day`` and columns of ``participants``; names with
        spaces stand in backticks.
    outcome : {"change", "value"}
        What is modelled: value − baseline value, or the value. With the usual fixed effects the
        differences between arms are the same.
    structure : str
        Covariance over the visits: ``"unstructured"``, ``"heterogeneous_toeplitz"``,
        ``"toeplitz"``, ``"heterogeneous_ar1"``, ``"ar1"``, ``"heterogeneous_compound_symmetry"``,
        ``"compound_symmetry"``, ``"heterogeneous_ante_dependence"``, ``"ante_dependence"``,
        ``"spatial_exponential"`` (over days).
    by_arm : bool
        Whether each arm has a covariance of its own.
    fallbacks : bool
        Whether a simpler structure is taken where the one asked for cannot be fitted; a warning
        says so. False: it is refused.
    method : {"reml", "ml"}
        Restricted or full maximum likelihood.
    df : str, optional
        Degrees of freedom: ``"kenward_roger_linear"`` (as SAS; the default),
        ``"kenward_roger"``, ``"satterthwaite"`` (the default of robust standard errors),
        ``"between_within"``, ``"residual"`` or ``"normal"``.
    covariance : {"model", "CR0", "CR2", "CR3"}
        Standard errors of the model, or robust ones.
    weights : str, optional
        Column of ``endpoints`` or ``participants``: the variance of a row is divided by its weight.
    adjust : {"holm", "hochberg", "fdr_bh", "fdr_by", "mvt", "none"}
        Over the contrasts at the visits (all arms and markers); ``"mvt"`` knows how those of one
        marker correlate. The average over visits is beside that family.
    alternative : {"two-sided", "less", "greater"}
        ``"less"``: the arm's mean is below the reference's.
    confidence_level : float
        Of every interval.
    permutation : {"auto", True, False}
        Whether the permutation test stands beside; ``"auto"``: where arms are compared or where
        one arm's changes can be tested, up to 200 participants.
    n_resamples, seed
        Draws of the permutation test where exact is out of reach, and their seed.

    Returns
    -------
    Results
        Per marker, one `Result` for each arm − reference × visit in their order, then the average
        over the visits. ``data`` has one row per participant analysed × visit: ``participant_id,
        arm, visit, day, baseline_value, value, change, reason, fitted, residual``, where
        ``fitted`` is the mean that the fixed effects give and ``reason`` says why an outcome is
        missing. ``leave_one_out`` has each contrast without each participant.

    Raises
    ------
    TableError
        Unknown marker, visit, arm or column; rows that share participant and visit; a visit with
        one participant; an arm without follow-up.
    StatisticsError
        An unknown word; a formula that cannot be read; a singular design; a covariance that
        cannot be fitted.

    Notes
    -----
    Mallinckrodt and others (2008) for the model; Kenward & Roger (1997) for its degrees of freedom;
    estimated marginal means as R's emmeans takes them: equal weights over the levels of factors,
    numbers at their mean over the rows.

    Examples
    --------
    Four participants per arm at two visits:

    >>> from ketbio.endpoints import derive_scale_total
    >>> ids = [f"P{i}" for i in range(1, 9)]
    >>> people = pd.DataFrame({"participant_id": ids, "arm": ["ketamine", "saline"] * 4})
    >>> ratings = pd.DataFrame({"participant_id": ids * 3,
    ...     "visit": ["baseline"] * 8 + ["day_1"] * 8 + ["day_7"] * 8,
    ...     "madrs_total": [30, 31, 34, 33, 36, 38, 32, 29.0, 16, 27, 20, 31, 25, 33, 14, 25.0,
    ...                     20, 26, 21, 25, 30, 36, 19, 24.0]})
    >>> results = fit_mmrm(derive_scale_total(ratings), marker="MADRS", participants=people,
    ...     baseline="baseline", seed=1)
    >>> for one in results:
    ...     print(f"{one.outcome}: {one.estimate:.2f}, {one.statistic_name}, p = {one.p_value:.3f}")
    change, baseline to day_1: -10.53, t(5.0), p = 0.002
    change, baseline to day_7: -5.60, t(5.0), p = 0.038
    change, baseline to day_7, average over visits: -8.07, t(5.0), p = 0.003
    """
    names = markers_asked(marker)
    words = ModelWords(
        structure=structure,
        by_arm=by_arm,
        method=method,
        df=df,
        covariance=covariance,
        fallbacks=fallbacks,
        alternative=alternative,
        level=confidence_level,
    )
    refuse_words(words, outcome=outcome, adjust=adjust, permutation=permutation, draws=n_resamples)
    select_markers(endpoints, names)
    asked = asked_of(
        endpoints, participants, arm=arm, reference=reference, baseline=baseline, visits=visits,
        days=days, covariates=covariates, formula=formula, outcome=outcome,
    )  # fmt: skip
    settings = Settings(
        alternative=alternative,
        confidence_level=confidence_level,
        exact="auto",
        n_resamples=n_resamples,
        seed=seed,
    )
    answered = []
    for name in names:
        rows, effects, design = prepare(endpoints, name, asked)
        row_weights = weights_of(weights, rows, endpoints, participants)
        fitted = fit_rows(rows, effects, design, words, row_weights)
        answered.append(answer(fitted, settings, permutation))
    return adjust_contrasts(answered, method=adjust, settings=settings)
