"""The smallest p value that a design can give, told where p is."""

import math

from ketbio.number_formats import NumberFormat, write_p
from ketbio.result import Result


def smallest_p_sentence(result: Result, house: str | NumberFormat = "ketbio") -> str:
    """Return what the smallest p value is that the design of a result can give.

    Parameters
    ----------
    result : Result
    house : str or NumberFormat
        Number format.

    Returns
    -------
    str
        Empty where it is not known.

    Examples
    --------
    >>> smallest_p_sentence(Result(analysis="a", marker="m", outcome="", groups=(), n={},
    ...     p_value=4 / 462, p_floor=2 / 462, n_arrangements=462, is_exact=True))
    'The smallest p value that this design can give is .0043 (2 of 462).'
    """
    if math.isnan(result.p_floor):
        return ""
    floor = write_p(result.p_floor, house, symbol=False)
    n = result.n_arrangements
    is_count = result.n_extreme is not None  # a mid-p or doubled p is no count of arrangements
    counted = f" ({round(result.p_floor * n):,} of {n:,})" if n and is_count else ""
    return f"The smallest p value that this design can give is {floor}{counted}."
