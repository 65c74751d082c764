"""Ranges of a column that hold nothing, and bounds that are none."""

import math
import re

from ketbio.tables.contracts.schema import ColumnSpec


def finite_bound(value: int | float) -> float | None:
    """Return a bound as a number, None where it is infinite, no number or past all numbers.

    Examples
    --------
    >>> finite_bound(3), finite_bound(float("nan")), finite_bound(10**400)
    (3.0, None, None)
    """
    try:
        bound = float(value)
    except OverflowError:
        return None
    return bound if math.isfinite(bound) else None


def nothing_left(spec: ColumnSpec) -> str:
    """Return the sentence for a column that no value can fill any more."""
    low = spec.minimum if spec.minimum is not None else spec.above
    is_open = spec.minimum is None
    high = spec.maximum
    if low is not None and high is not None and (low > high or (is_open and low == high)):
        return (
            f"{spec.name!r} would lie {'above' if is_open else 'from'} {low:g} "
            f"{'and at most' if is_open else 'to'} {high:g}, where nothing lies; correct the range."
        )
    fits = [word for word in spec.allowed if re.fullmatch(spec.pattern or ".*", word)]
    if spec.allowed and not fits:
        return (
            f"no word allowed for {spec.name!r} is of the form {spec.form or spec.pattern}; "
            "correct one of the two."
        )
    return ""
