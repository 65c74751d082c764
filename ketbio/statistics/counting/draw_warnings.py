"""What too few draws cannot show, in sentences: it is the draws that are few, not the design."""

from fractions import Fraction

from ketbio.wording import count_of, format_p


def draws_warning(p_floor: float, *, n_draws: int, alpha: Fraction) -> tuple[str, ...]:
    """Say so where no p that this many draws can give is below the level.

    Parameters
    ----------
    p_floor : float
        The smallest p of the draws that were planned.
    n_draws : int
        How many those are.
    alpha : Fraction
        The level.

    Examples
    --------
    >>> draws_warning(0.1, n_draws=9, alpha=Fraction(1, 20))[0][:46]
    'The smallest p value that 9 draws can give is '
    """
    if p_floor < float(alpha):
        return ()
    return (
        f"The smallest p value that {count_of(n_draws, 'draw')} can give is "
        f"{format_p(p_floor, symbol=False)}, not below {float(alpha):g}: draw more (n_resamples).",
    )


def open_limit_warning(where: str, *, n_draws: int, level: float, stopped_after: int | None) -> str:
    """Say that draws were too few for a limit, which more of them would give.

    Parameters
    ----------
    where : {"below", "above", "on both sides"}
        Where the interval is open.
    n_draws : int
        How many draws were made.
    level : float
        The confidence level.
    stopped_after : int or None
        At how many draws as extreme drawing was stopped; None where it was not.
    """
    more = "draw more (n_resamples)" if stopped_after is None else "leave stop_after out"
    return (
        f"Too few draws were made ({n_draws:,}) for a {100 * level:g}% interval: it is open "
        f"{where}. To have one, {more}."
    )
