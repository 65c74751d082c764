"""The permutation companion of longitudinal models: arms permuted, trajectories kept together.

`permute_arms` takes the long table of an analysis over visits (the ``data`` of `fit_mmrm`) and
returns what stands beside each model-based contrast:

    beside = permute_arms(data, question=question, settings=settings, reference="saline",
                          outcomes={"day_14": "change, baseline to day_14", …})
    beside["ketamine", "day_14"]     # a Result, role "sensitivity", for arm − reference at day_14
    beside["ketamine", AVERAGE]      # its average over visits
    beside["ketamine", ANY_VISIT]    # p of any visit: beside the overall arm × visit F

It never stops the model: whatever cannot be permuted is a Result without numbers that says why.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isnan
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from ketbio.analyses.companions import permutation_fields
from ketbio.analyses.question import Question, Settings
from ketbio.analyses.whole_trajectories import Trajectories, wide_trajectories
from ketbio.result import ANY_VISIT, AVERAGE, Result
from ketbio.statistics import PermutationTest
from ketbio.statistics.trajectories.trajectory_records import TrajectoryTest
from ketbio.statistics.trajectory_permutation import trajectory_permutation_test
from ketbio.statistics.trajectory_residual_permutation import trajectory_residual_test
from ketbio.wording import count_of

FEW_PER_ARM = 10
"""Below so many in an arm, the p of a model is not to be trusted alone."""

NOT_ALONE = (
    "The smaller arm has {n}: fewer than {few} per arm are too few to rest on a model's p value "
    "alone, and the permutation test beside it is to be read with it."
)
CITED = {True: ("rosenbaum2002", "westfall1993"), False: ("freedman1983", "westfall1993")}
STEP_DOWN = "step-down max T over {visits}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one call asks of every arm."""

    question: Question
    settings: Settings
    outcomes: Mapping[str, str]
    randomised: bool

    def about(self, place: str, **changes: Any) -> Question:
        """Return the question of one visit, or of what is tested over the visits together."""
        words = self.outcomes.get(place, f"{self.question.outcome}, {place}")
        return self.question.about(outcome=words, **changes)


def permute_arms(
    data: pd.DataFrame,
    *,
    reference: str,
    question: Question,
    settings: Settings,
    outcomes: Mapping[str, str] = MappingProxyType({}),
    arm: str = "arm",
    measure: str = "change",
    visits: Sequence[str] | None = None,
    baseline_value: str | None = "baseline_value",
    covariates: pd.DataFrame | None = None,
    randomised: bool = True,
) -> Mapping[tuple[str, str], Result]:
    """Return the permutation test beside every contrast of arm and reference.

    Parameters
    ----------
    data : DataFrame
        Long, one row per participant × visit after the baseline: ``participant_id, visit``, the
        arm, ``baseline_value`` and the measure; NaN where missing. Rows of the baseline visit
        itself are to be left out, or not named in ``visits``.
    reference : str
        The arm that the others are compared with.
    question : Question
        Whose ``analysis``, ``marker``, ``label`` and ``unit`` the results have.
    settings : Settings
        How to test; its blocks (such as a site) are those that arms are dealt within.
    outcomes : mapping of str to str
        Visit (and `AVERAGE`, `ANY_VISIT`) → the ``outcome`` of its result; where one is not there,
        ``question.outcome`` and the visit.
    arm : str
        Column that says the arm.
    measure : str
        Column tested.
    visits : sequence of str, optional
        In order; all of ``data`` in their order of appearance when None.
    baseline_value : str, optional
        Column to adjust for, constant within a participant; None: unadjusted.
    covariates : DataFrame, optional
        More columns to adjust for, indexed by ``participant_id``; texts become indicators.
    randomised : bool
        Whether chance assigned the arms. Where it did not, residual trajectories are permuted
        (Freedman–Lane): approximate, and without intervals.

    Returns
    -------
    mapping of (arm, visit) to Result
        For each arm but the reference: every visit, `AVERAGE` and `ANY_VISIT`. All have
        ``role="sensitivity"`` and ``groups=(arm, reference)``; visits have ``p_adjusted`` by
        step-down max T over the visits. `ANY_VISIT` has a p value and no estimate.

    Notes
    -----
    Each arm is compared with the reference among these two alone. `trajectory_permutation_test`
    says when p is exact; the first result of each arm carries the limits.
    """
    wide = wide_trajectories(
        data,
        arm=arm,
        measure=measure,
        visits=visits,
        baseline_value=baseline_value,
        covariates=covariates,
        settings=settings,
    )
    found: dict[tuple[str, str], Result] = {}
    for name in dict.fromkeys(wide.arms):
        if name != reference:
            found |= _against(
                wide, name, reference, _Asked(question, settings, outcomes, randomised)
            )
    return found


def few_per_arm(n: Mapping[str, int]) -> tuple[str, ...]:
    """Return the sentence that belongs to a model-based p value where an arm has fewer than ten.

    Examples
    --------
    >>> few_per_arm({"ketamine": 12, "saline": 9})[0][:24]
    'The smaller arm has 9: f'
    """
    least = min(n.values(), default=FEW_PER_ARM)
    return (NOT_ALONE.format(n=least, few=FEW_PER_ARM),) if least < FEW_PER_ARM else ()


def _against(
    wide: Trajectories, name: str, reference: str, asked: _Asked
) -> dict[tuple[str, str], Result]:
    pair = wide.arms.isin([name, reference])
    ids = list(wide.arms.index[pair])
    is_x = (wide.arms[pair] == name).to_numpy(dtype=np.bool_)
    visits = [str(one) for one in wide.values.columns]
    n = {name: int(is_x.sum()), reference: int((~is_x).sum())}
    if 0 in n.values():
        [nobody] = [one for one, count in n.items() if not count][:1]
        why = f"{nobody} has nobody whose trajectory could be permuted"
        return {
            (name, place): asked.about(place, groups=(name, reference), n=n).without_answer(
                why, role="sensitivity"
            )
            for place in (*visits, AVERAGE, ANY_VISIT)
        }
    blocks = asked.settings.blocks
    given = (wide.values[pair], is_x, wide.covariates[pair].to_numpy(dtype=np.float64))
    words, within = _words(asked.settings), blocks.of(ids)
    level = asked.settings.confidence_level
    test = (
        trajectory_permutation_test(*given, blocks=within, confidence_level=level, **words)
        if asked.randomised
        else trajectory_residual_test(*given, blocks=within, **words)
    )
    limits = (*test.warnings, *wide.limits, *blocks.limits(ids))
    return {
        (name, place): replace(one, references=CITED[asked.randomised])
        for place, one in _results(test, visits, n, asked, limits)
    }


def _words(settings: Settings) -> dict[str, Any]:
    two_sided = settings.alternative == "two-sided-doubled"
    return {
        "alternative": "two-sided" if two_sided else settings.alternative,
        "exact": settings.beside.exact,
        "n_resamples": settings.n_resamples,
        "seed": settings.seed,
    }


def _results(
    test: TrajectoryTest,
    visits: Sequence[str],
    n: Mapping[str, int],
    asked: _Asked,
    limits: tuple[str, ...],
) -> Iterator[tuple[str, Result]]:
    groups = tuple(n)
    family = STEP_DOWN.format(visits=count_of(len(visits), "visit"))
    for place, one, p, there in zip(
        visits, test.visits, test.p_adjusted, test.n.tolist(), strict=True
    ):
        about = asked.about(place, groups=groups, n=dict(zip(groups, there, strict=True)))
        adjusted = {"p_adjusted": float(p), "adjustment": family} if len(visits) > 1 else {}
        yield place, _beside(about, one, limits, adjusted)
    yield AVERAGE, _beside(asked.about(AVERAGE, groups=groups, n=n), test.average, limits, {})
    yield ANY_VISIT, _any_visit(asked.about(ANY_VISIT, groups=groups, n=n, unit=""), test, limits)


def _beside(
    question: Question, test: PermutationTest, limits: tuple[str, ...], adjusted: dict[str, Any]
) -> Result:
    said = dict.fromkeys((*test.warnings, *limits))
    fields = permutation_fields(test) | adjusted | {"warnings": tuple(said)}
    if isnan(test.ci_low):
        fields |= {
            "ci_level": 0.95,
            "ci_low": float("nan"),
            "ci_high": float("nan"),
            "ci_method": "",
        }
    return question.answer(role="sensitivity", **fields)


def _any_visit(question: Question, test: TrajectoryTest, limits: tuple[str, ...]) -> Result:
    one = test.average
    size = "|t|" if one.alternative == "two-sided" else "t"
    return question.answer(
        role="sensitivity",
        statistic=test.largest,
        statistic_name=f"largest {size} over the visits",
        p_value=test.p_any_visit,
        p_method=one.method,
        p_definition=one.p_definition,
        p_interval=test.p_any_visit_interval,
        is_exact=one.is_exact,
        p_floor=one.p_floor,
        n_arrangements=one.n_arrangements,
        alternative=one.alternative,
        seed=one.seed,
        warnings=limits,
    )
