"""What is said of imputed outcomes: the assumption in words, and the limits of the answer."""

from collections.abc import Mapping

import numpy as np

from ketbio.analyses.imputation.rows import ImputedRows
from ketbio.statistics.imputation.assumptions import REFERENCE_BASED
from ketbio.statistics.imputation.rubin import PooledEstimate
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import count_of, format_number, join_words

IMPUTED = ", imputed: "
"""What stands between the outcome and the assumption under which it was completed."""

NAMES = {
    "mar": "missing at random",
    "delta": "shifted after drop-out",
    "jump_to_reference": "jump to reference",
    "copy_increments": "copy increments in reference",
    "copy_reference": "copy reference",
}
"""Word of a plan → how readers are told of it."""

MEANINGS = {
    "mar": "Missing at random: who dropped out is taken to have gone on as those of the same arm "
    "who stayed and had been alike until then.",
    "delta": "Shifted after drop-out ({shift}): who dropped out is taken to have gone on as those "
    "of the same arm, and so much higher (a negative shift: lower). Gaps before a later value are "
    "not shifted.",
    "jump_to_reference": "Jump to reference: who dropped out is taken to have had, from then on, "
    "the mean of the arm {reference}.",
    "copy_increments": "Copy increments in reference: who dropped out is taken to have kept the "
    "effect had until then and to have changed from then on as the arm {reference} did.",
    "copy_reference": "Copy reference: who dropped out is taken to have been as in the arm "
    "{reference} from the beginning.",
}
CONSERVATIVE = (
    "Rubin's rules with {name} keep the share of information that the missing values cost at "
    "random: the interval is wider and the p value larger than over repeated trials. The "
    "conditional-mean estimate with its jackknife interval, beside it, is about repeated trials."
)
UNTESTABLE = (
    "No data can tell which assumption holds for values that nobody has: read the assumptions side "
    "by side, beside the mixed model of what was measured."
)
FEW = (
    "An arm has {n}: the t distribution rests on normal values there. Read it with the "
    "permutation test beside the mixed model."
)
FEW_BELOW = 10
NAMED_AT_MOST = 8


def assumption_words(assumption: str, shift: str = "") -> str:
    """Return an assumption as a reader is told of it, a shift with its size."""
    return f"{NAMES[assumption]}, {shift}" if shift else NAMES[assumption]


def meaning_words(assumption: str, *, reference: str, shift: str) -> str:
    """Return what is assumed of those who dropped out, in a sentence."""
    return MEANINGS[assumption].format(reference=reference, shift=shift or "no shift")


def imputed_words(rows: ImputedRows, visit: str) -> str:
    """Say how many values were imputed at a visit, of whom, and how many of them are gaps."""
    place = rows.follow_up.visits.index(visit)
    missing = rows.trajectories.is_missing[:, place]
    if not missing.any():
        return f"No value at {visit} is missing: nothing was imputed there."
    gaps = missing & ~rows.trajectories.dropped_out[:, place]
    told = []
    for arm in (*rows.arms.names[1:], rows.arms.reference):
        members = rows.members(arm)
        who = rows.people.loc[members & missing, PARTICIPANT_ID].astype("str").to_list()
        named = f" ({_some(who)})" if who else ""
        told.append(f"{arm} {len(who)} of {int(members.sum())}{named}")
    at_random = ""
    if gaps.any():
        at_random = (
            f" {count_of(int(gaps.sum()), 'of them is', 'of them are')} a gap before a later "
            "value, imputed at random under every assumption."
        )
    return f"Imputed at {visit}: {'; '.join(told)}.{at_random}"


def beyond_words(rows: ImputedRows) -> tuple[str, ...]:
    """Say so where a value beyond a limit was imputed as if nothing were known of it."""
    count = int(rows.beyond.to_numpy(dtype=np.bool_).sum())
    if not count:
        return ()
    are = "is" if count == 1 else "are"
    return (
        f"{count_of(count, 'value')} beyond a limit {are} imputed as if missing, though the limit "
        "is known: summarise_levels uses it.",
    )


def draws_words(found: PooledEstimate, *, seed: int, unit: str) -> tuple[str, ...]:
    """Say that values were drawn, with the error of drawing, and whether more are wanted."""
    if not found.between:
        return ()
    named = f" {unit}" if unit else ""
    said = [
        f"Drawn at random: {found.n_imputations:,} imputations, seed {seed}; another seed moves "
        f"the estimate by about {format_number(found.monte_carlo_error)}{named} (Monte Carlo "
        f"standard error). {format_number(100 * found.missing_information)}% of the information "
        "is missing; relative efficiency "
        f"{format_number(100 * found.relative_efficiency, digits=4)}%."
    ]
    wanted = int(np.ceil(100 * found.missing_information))
    if found.n_imputations < wanted:
        said.append(
            f"At least {wanted} imputations are advised for so much missing information (one per "
            "percent); set n_imputations."
        )
    return tuple(said)


def few_words(rows: ImputedRows) -> tuple[str, ...]:
    """Say so where an arm is too small to lean on the normal distribution."""
    smallest = min(int(rows.members(arm).sum()) for arm in rows.arms.names)
    if smallest >= FEW_BELOW:
        return ()
    return (FEW.format(n=count_of(smallest, "participant")),)


def conservative_words(assumption: str) -> tuple[str, ...]:
    """Say what Rubin's rules mean where the reference arm is borrowed from."""
    if assumption not in REFERENCE_BASED:
        return ()
    return (CONSERVATIVE.format(name=NAMES[assumption]),)


def counts_by_arm(rows: ImputedRows) -> Mapping[str, int]:
    """Return how many were analysed per arm."""
    return {arm: int(rows.members(arm).sum()) for arm in rows.arms.names}


def _some(who: list[str]) -> str:
    more = len(who) - NAMED_AT_MOST
    return join_words([*who[:NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])])
