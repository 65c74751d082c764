"""How a crossover is made: its sequences, its periods, and what of each period is analysed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ketbio.errors import TableError, unknown_word
from ketbio.wording import count_of, join_words

BASELINE_USES = ("change", "covariate", "none")
"""What is done with a period's baseline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverDesign:
    """A crossover, its words checked.

    Attributes
    ----------
    sequences : dict of str to tuple of str
        Sequence → its treatments in the order of the periods.
    periods : tuple of dict of str to str
        Per period: role → visit.
    roles : tuple of str
        The roles analysed, in order.
    baseline : str
        The role of the periods' baseline; empty where there is none.
    baseline_as : str
        One of `BASELINE_USES`.
    reference : str
        The treatment that is subtracted.
    """

    sequences: dict[str, tuple[str, ...]]
    periods: tuple[dict[str, str], ...]
    roles: tuple[str, ...]
    baseline: str
    baseline_as: str
    reference: str

    @property
    def treatments(self) -> tuple[str, ...]:
        """Every treatment, in order of appearance, the reference last."""
        named = dict.fromkeys(one for given in self.sequences.values() for one in given)
        return (*(one for one in named if one != self.reference), self.reference)

    @property
    def has_joint_test(self) -> bool:
        """Whether several results can be permuted together: one number per participant each."""
        return (
            len(self.sequences) == 2
            and len(self.treatments) == 2
            and self.baseline_as != "covariate"
        )


def crossover_design(
    *,
    sequences: Mapping[str, Sequence[str]],
    periods: Sequence[Mapping[str, str]],
    at: str | Sequence[str] | None = None,
    baseline: str = "baseline",
    baseline_as: str | None = None,
    reference: str | None = None,
) -> CrossoverDesign:
    """Return a crossover's design, or refuse what is none.

    Parameters
    ----------
    sequences : mapping of str to sequence of str
        Sequence → its treatments in the order of the periods.
    periods : sequence of mapping of str to str
        Per period: role → visit; the same roles in each.
    at : str or sequence of str, optional
        The roles analysed; all but the baseline when None.
    baseline : str
        The role of the periods' baseline.
    baseline_as : {"change", "covariate", "none"}, optional
        None: ``"change"`` where the periods have a baseline.
    reference : str, optional
        The treatment subtracted; the last of the first sequence when None.

    Raises
    ------
    TableError
        Anything that is no crossover, in one sentence.

    Examples
    --------
    >>> found = crossover_design(sequences={"KS": ["ketamine", "saline"],
    ...     "SK": ["saline", "ketamine"]}, periods=[{"day_1": "p1_day_1"}, {"day_1": "p2_day_1"}])
    >>> found.roles, found.baseline_as, found.reference
    (('day_1',), 'none', 'saline')
    """
    visits = periods_asked(periods)
    orders = sequences_asked(sequences, len(visits))
    roles = list(visits[0])
    has_baseline = baseline in roles
    use = baseline_as if baseline_as is not None else ("change" if has_baseline else "none")
    if use not in BASELINE_USES:
        raise TableError(unknown_word("baseline_as", use, BASELINE_USES))
    if use != "none" and not has_baseline:
        raise TableError(
            f"baseline_as is {use!r}, and the periods have no visit in the role {baseline!r}; they "
            f"have {join_words(map(repr, roles))}. Name the baseline's visits in periods, or write "
            'baseline_as="none".'
        )
    if use == "covariate" and (len(orders) > 2 or len(visits) > 2):
        raise TableError(
            "baseline_as is 'covariate', which is for two sequences of two periods; here there are "
            f'{len(orders)} sequences of {len(visits)} periods. Write "change" or "none".'
        )
    present = dict.fromkeys(one for given in orders.values() for one in given)
    chosen = reference if reference is not None else next(iter(orders.values()))[-1]
    if chosen not in present:
        raise TableError(unknown_word("reference", chosen, present))
    return CrossoverDesign(
        sequences=orders,
        periods=visits,
        roles=_roles(at, roles, baseline if has_baseline else ""),
        baseline=baseline if has_baseline else "",
        baseline_as=use,
        reference=chosen,
    )


def periods_asked(periods: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], ...]:
    """Return the visits of each period by role, or refuse what are no periods."""
    is_list = isinstance(periods, Sequence)
    if not is_list or not all(isinstance(one, Mapping) for one in periods):
        raise TableError(
            "periods is no list of tables; wanted: for each period its visits by role, such as "
            '[{"day_1": "period_1_day_1"}, {"day_1": "period_2_day_1"}].'
        )
    found = tuple(dict(one) for one in periods)
    if len(found) < 2:
        raise TableError(
            f"periods has {count_of(len(found), 'period')}; a crossover has at least two. Name the "
            "visits of each."
        )
    for number, one in enumerate(found[1:], start=2):
        lacking = [role for role in found[0] if role not in one]
        extra = [role for role in one if role not in found[0]]
        if lacking or extra:
            what = f"lacks {lacking[0]!r}" if lacking else f"has {extra[0]!r}, which period 1 lacks"
            raise TableError(
                f"period {number} {what}; every period needs the same visits, by the same names of "
                "their roles."
            )
    seen: dict[str, int] = {}
    for number, one in enumerate(found, start=1):
        for visit in one.values():
            if visit in seen:
                raise TableError(
                    f"the visit {visit!r} is in period {seen[visit]} and in period {number}; a "
                    "visit belongs to one period, once."
                )
            seen[visit] = number
    if not found[0]:
        raise TableError("periods name no visit; name at least one per period, by its role.")
    return found


def sequences_asked(
    sequences: Mapping[str, Sequence[str]], n_periods: int
) -> dict[str, tuple[str, ...]]:
    """Return the treatments of each sequence, or refuse what is no crossover."""
    if not isinstance(sequences, Mapping) or not all(
        isinstance(given, Sequence) for given in sequences.values()
    ):
        raise TableError(
            "sequences is no table; wanted: the treatments of each sequence in the order of the "
            'periods, such as {"KS": ["ketamine", "saline"], "SK": ["saline", "ketamine"]}.'
        )
    found = {str(label): tuple(map(str, given)) for label, given in sequences.items()}
    if len(found) < 2:
        named = f"names {next(iter(found))!r} only" if found else "is empty"
        raise TableError(
            f"sequences {named}; with one sequence treatment and period cannot be told apart. Name "
            "at least two."
        )
    for label, given in found.items():
        if len(given) != n_periods:
            raise TableError(
                f"sequence {label!r} names {count_of(len(given), 'treatment')} for "
                f"{count_of(n_periods, 'period')}; name one treatment per period, in order."
            )
        if len(set(given)) == 1:
            raise TableError(
                f"sequence {label!r} has {given[0]!r} in {'both' if n_periods == 2 else 'all'} "
                "periods; a participant of a crossover receives at least two treatments. Correct "
                "the sequence."
            )
    labels = list(found)
    for place, label in enumerate(labels):
        for other in labels[:place]:
            if found[label] == found[other]:
                raise TableError(
                    f"sequences {other!r} and {label!r} have the same treatments in the same "
                    "order; give them one name."
                )
    return found


def _roles(at: str | Sequence[str] | None, roles: Sequence[str], baseline: str) -> tuple[str, ...]:
    outcomes = [role for role in roles if role != baseline]
    named = [at] if isinstance(at, str) else at
    if not isinstance(named, Sequence | None):
        raise TableError(unknown_word("at", named, outcomes))
    chosen = outcomes if named is None else list(named)
    for role in chosen:
        if role not in outcomes:
            raise TableError(unknown_word("at", role, outcomes))
    if not chosen:
        raise TableError(
            f"no visit is left to analyse: the periods have {join_words(map(repr, roles))} alone. "
            "Name the visits whose outcome is compared."
        )
    if len(set(chosen)) != len(chosen):
        raise TableError(f"at names a visit twice: {chosen!r}; name each once.")
    return tuple(chosen)
