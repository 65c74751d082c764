"""A delta as it is asked for: one number, one per visit, one per arm, or one per arm and visit."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ketbio.errors import TableError
from ketbio.wording import MINUS, join_words

Delta = float | Mapping[str, float | Mapping[str, float]]
"""What ``delta`` can be."""


def shifts_asked(
    delta: object, *, arms: Sequence[str], visits: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Return the shift of each arm at each visit, in the unit of the marker.

    Parameters
    ----------
    delta : number, or mapping
        A number or a mapping of visits to numbers shifts every arm but the reference; a mapping of
        arms says it for each of them.
    arms, visits : sequence of str
        The reference first; the visits after baseline.

    Raises
    ------
    TableError
        Neither a number nor a mapping, or names that are neither arms nor visits.

    Examples
    --------
    >>> shifts_asked({"day_7": 2.0}, arms=("saline", "ketamine"), visits=("day_1", "day_7"))
    {'saline': array([0., 0.]), 'ketamine': array([0., 2.])}
    """
    none = np.zeros(len(visits))
    if isinstance(delta, Mapping) and delta and set(map(str, delta)) <= set(arms):
        given = {arm: _of_visits(delta[arm], visits, arms) for arm in arms if arm in delta}
        return {arm: given.get(arm, none) for arm in arms}
    shift = _of_visits(delta, visits, arms)
    return {arm: shift if place else none for place, arm in enumerate(arms)}


def _of_visits(delta: object, visits: Sequence[str], arms: Sequence[str]) -> NDArray[np.float64]:
    if not isinstance(delta, Mapping):
        return np.full(len(visits), _number(delta))
    for name in delta:
        if name not in visits:
            raise TableError(
                f"delta names {name!r}, which is no visit after baseline and no arm; visits are "
                f"{join_words(map(repr, visits))}, arms {join_words(map(repr, arms))}. Write one "
                "of these, or one number for all visits."
            )
    return np.array([_number(delta.get(visit, 0.0)) for visit in visits])


def _number(given: Any) -> float:
    is_number = isinstance(given, (int, float, np.number)) and not isinstance(given, bool)
    if is_number and isfinite(float(given)):
        return float(given)
    raise TableError(
        f"delta is {given!r}; allowed: a number in the unit of the marker, such as 3, or a "
        'mapping of visits (or arms) to numbers, such as {"day_7": 3}.'
    )


def shift_words(
    shifts: Mapping[str, NDArray[np.float64]],
    visits: Sequence[str],
    *,
    unit: str,
    accumulate: bool,
) -> str:
    """Return in words what is added to whom.

    Examples
    --------
    >>> shifts = {"saline": np.zeros(2), "ketamine": np.array([3.0, 3.0])}
    >>> shift_words(shifts, ("day_1", "day_7"), unit="points", accumulate=False)
    'ketamine +3 points'
    """
    named = f" {unit}" if unit else ""
    told = []
    for arm, of in shifts.items():
        if not of.any():
            continue
        if np.ptp(of) == 0:
            each = " more at each visit missed" if accumulate else ""
            told.append(f"{arm} {_signed(of[0])}{named}{each}")
            continue
        parts = [
            f"{_signed(one)}{named} at {visit}"
            for one, visit in zip(of, visits, strict=True)
            if one
        ]
        told.append(f"{arm} {join_words(parts)}{', added up' if accumulate else ''}")
    return "; ".join(told) or "no shift"


def _signed(shift: float) -> str:
    return f"{shift:+g}".replace("-", MINUS)
