"""One imputed contrast as a result: the estimate, what stands beside it, what must be said."""

from ketbio.analyses.imputation.companions import (
    Completed,
    arm_means,
    contrast_fields,
    missing_information,
    of_those_measured,
    said_or_shown,
    tip,
    without_draws,
)
from ketbio.analyses.imputation.data import imputed_data
from ketbio.analyses.imputation.words import (
    IMPUTED,
    UNTESTABLE,
    assumption_words,
    beyond_words,
    conservative_words,
    draws_words,
    few_words,
    imputed_words,
    meaning_words,
)
from ketbio.analyses.question import Question
from ketbio.errors import StatisticsError
from ketbio.result import Result
from ketbio.statistics.imputation.assumptions import REFERENCE_BASED

RUBIN = "Rubin's rules, Barnard–Rubin degrees of freedom"
CITED = {
    "mar": ("schafer1997", "rubin1987", "barnard1999"),
    "delta": ("schafer1997", "rubin1987", "barnard1999", "cro2020"),
    **dict.fromkeys(
        REFERENCE_BASED, ("carpenter2013", "schafer1997", "rubin1987", "barnard1999", "cro2019")
    ),
}


def imputed_answer(of: Completed, arm: str, *, shift: str) -> Result:
    """Return the contrast of one arm under one assumption, with what stands beside it."""
    rows, reference = of.rows, of.rows.arms.reference
    visit, unit = rows.follow_up.visits[of.place], rows.unit
    question = Question(
        analysis="compare_imputed",
        marker=rows.marker,
        outcome=f"change, {rows.follow_up.baseline} to {visit}{IMPUTED}"
        f"{assumption_words(of.assumption, shift)}",
        groups=(arm, reference),
        n={one: int(rows.members(one).sum()) for one in (arm, reference)},
        unit=unit,
    )
    try:
        found = of.pooled(rows.contrast(arm))
    except StatisticsError as refused:
        return question.without_answer(str(refused).rstrip("."), excluded=rows.excluded)
    beside: list[Result | str] = [
        of_those_measured(question, of, arm),
        without_draws(question, of, arm) if found.between else "",
        *arm_means(question, of, (arm, reference)),
        *([missing_information(question, found)] if found.between else []),
        *([tip(question, of, arm)] if of.assumption in {"mar", "delta"} else []),
    ]
    companions, said = said_or_shown(beside)
    return question.answer(
        **contrast_fields(
            found,
            how=RUBIN if found.between else "Student's t of ANCOVA",
            p_method="multiple imputation, Rubin's rules"
            if found.between
            else "ANCOVA, nothing imputed at the visit",
        ),
        seed=of.imputations.seed if found.between else None,
        warnings=(
            imputed_words(rows, visit),
            meaning_words(of.assumption, reference=reference, shift=shift),
            *beyond_words(rows),
            *draws_words(found, seed=of.imputations.seed, unit=unit),
            *conservative_words(of.assumption),
            *filter(None, said),
            *few_words(rows),
            UNTESTABLE,
            *rows.arms.warnings,
            *rows.follow_up.warnings,
        ),
        data=imputed_data(rows, of.filled),
        excluded=rows.excluded,
        references=CITED[of.assumption] if found.between else ("vickers2001",),
        companions=companions,
    )
