"""What a design cannot show, in sentences that a reader of its p values must see."""

from fractions import Fraction
from math import isnan

from ketbio.wording import format_number, format_p

SMALL_SIZE = Fraction(1, 2)
"""A true size below this share of the level is told: the test is stricter than it says."""


def floor_warning(p_floor: float, alpha: Fraction) -> tuple[str, ...]:
    """Say so where no p that the design can give is below the level.

    Parameters
    ----------
    p_floor : float
        The smallest p that the design can give; NaN where nothing was permuted.
    alpha : Fraction
        The level.

    Examples
    --------
    >>> floor_warning(0.1, Fraction(1, 20))[0][:59]
    'The smallest p value that this design can give is .10, not '
    """
    if isnan(p_floor) or p_floor < float(alpha):
        return ()
    return (
        f"The smallest p value that this design can give is {format_p(p_floor, symbol=False)}, "
        f"not below {float(alpha):g}: no result of it can be significant at that level.",
    )


def family_warning(
    p_floor: float,
    *,
    family: int,
    alpha: Fraction = Fraction(1, 20),
    what: str = "this design",
) -> tuple[str, ...]:
    """Say so where the design's smallest p cannot pass the level of the first Holm step.

    Parameters
    ----------
    p_floor : float
        The smallest p that the design can give; NaN where nothing was permuted.
    family : int
        How many tests the family has.
    alpha : Fraction
        The level.
    what : str
        What cannot give a smaller p: ``"this design"``, or so many draws of it.
    """
    level = float(alpha)
    if isnan(p_floor) or family < 2 or p_floor >= level or p_floor * family < level:
        return ()
    return (
        f"The smallest p value that {what} can give is {format_p(p_floor, symbol=False)}; "
        f"as the smallest of {family} it cannot pass the adjusted level {level:g}/{family}.",
    )


def size_warning(true_size: float, p_floor: float, alpha: Fraction) -> tuple[str, ...]:
    """Say so where p falls below the level far less often than the level says.

    Parameters
    ----------
    true_size : float
        The share of arrangements whose own p is below the level; NaN where not known.
    p_floor : float
        The smallest p that the design can give.
    alpha : Fraction
        The level.
    """
    level = float(alpha)
    if isnan(true_size) or p_floor >= level or true_size >= float(SMALL_SIZE) * level:
        return ()
    return (
        f"The p values of this design come in large steps: p falls below {level:g} in only "
        f"{format_number(100 * true_size, digits=2)}% of arrangements, so that the test is "
        "stricter than it says.",
    )
