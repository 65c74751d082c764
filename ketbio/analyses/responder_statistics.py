"""The statistics that responders are compared by: effect size, citations, and fewest values."""

from collections.abc import Callable
from dataclasses import dataclass

from ketbio.errors import StatisticsError, unknown_word
from ketbio.statistics import Estimate, hedges_g, probability_of_superiority
from ketbio.wording import count_of

_G_CITED = ("hedges1981", "cumming2001")
_A_CITED = ("brunner2000",)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupStatistic:
    """What belongs to a statistic of two groups.

    Attributes
    ----------
    effect : callable
        The standardised effect shown with it.
    cited : tuple of str
        Citation keys of the test.
    effect_cited : tuple of str
        Citation keys of the effect.
    fewest : int
        Values per group that it needs.
    """

    effect: Callable[..., Estimate]
    cited: tuple[str, ...]
    effect_cited: tuple[str, ...]
    fewest: int = 1


STATISTICS = {
    "mean_difference": GroupStatistic(
        effect=hedges_g,
        cited=("fisher1935", "pitman1937", "horowitz1974", "garthwaite1996"),
        effect_cited=_G_CITED,
    ),
    "rank_sum": GroupStatistic(
        effect=probability_of_superiority,
        cited=("wilcoxon1945", "mann1947", "hodges1963"),
        effect_cited=_A_CITED,
    ),
    "welch_t": GroupStatistic(
        effect=hedges_g,
        cited=("welch1947", "janssen1997", "chung2013"),
        effect_cited=_G_CITED,
        fewest=2,
    ),
    "brunner_munzel": GroupStatistic(
        effect=probability_of_superiority,
        cited=("brunner2000", "neubert2007", "pauly2016"),
        effect_cited=_A_CITED,
        fewest=2,
    ),
    "median_difference": GroupStatistic(
        effect=probability_of_superiority,
        cited=("fisher1935", "pitman1937"),
        effect_cited=_A_CITED,
    ),
    "trimmed_mean_difference": GroupStatistic(
        effect=probability_of_superiority,
        cited=("fisher1935", "pitman1937", "yuen1974"),
        effect_cited=_A_CITED,
    ),
}
"""The words of ``statistic`` in `compare_responders`."""

DEFAULT = "mean_difference"


def statistic_asked(
    asked: str | None, n_censored: int, marker: str, *, where: str = "below the LLOQ"
) -> str:
    """Return what is permuted: ranks where values are beyond a limit, else what was asked for.

    Parameters
    ----------
    asked : str or None
        A word of `STATISTICS`, or None.
    n_censored : int
        Values beyond a limit.
    marker, where : str
        The marker and where those values lie, for the sentence.

    Raises
    ------
    StatisticsError
        An unknown word, or one that needs values where some are only known to be beyond a limit.

    Examples
    --------
    >>> statistic_asked(None, 0, "BDNF_serum"), statistic_asked(None, 2, "BDNF_serum")
    ('mean_difference', 'rank_sum')
    """
    if asked is not None and asked not in STATISTICS:
        raise StatisticsError(unknown_word("statistic", asked, list(STATISTICS)))
    if not n_censored:
        return asked or DEFAULT
    if asked not in (None, "rank_sum"):
        raise StatisticsError(
            f"statistic is {asked!r}, but {count_of(n_censored, 'value')} of {marker} "
            f"{where} can only be ranked; allowed here: 'rank_sum'."
        )
    return "rank_sum"
