"""What a participant's mean is taken to be after the last visit measured, by assumption."""

from collections.abc import Callable

import numpy as np

from ketbio.statistics.records import FloatArray

Means = Callable[[FloatArray, FloatArray, int], tuple[FloatArray, FloatArray]]
"""``means(own, reference, last)``: means (m, r, T) in the own and the reference arm, and the place
of the last visit measured (−1: none) → means that hold up to it, and after it."""


def _at_random(own: FloatArray, _reference: FloatArray, _last: int) -> tuple[FloatArray, ...]:
    return own, own


def _jump_to_reference(
    own: FloatArray, reference: FloatArray, _last: int
) -> tuple[FloatArray, ...]:
    return own, reference


def _copy_reference(_own: FloatArray, reference: FloatArray, _last: int) -> tuple[FloatArray, ...]:
    return reference, reference


def _copy_increments(own: FloatArray, reference: FloatArray, last: int) -> tuple[FloatArray, ...]:
    # Changes are zero at baseline in both arms: with no visit measured the increments count from
    # there, and it is the reference's course.
    gained = own[..., last] - reference[..., last] if last >= 0 else np.zeros(own.shape[:-1])
    return own, reference + gained[..., None]


ASSUMPTIONS: dict[str, Callable[..., tuple[FloatArray, ...]]] = {
    "mar": _at_random,
    "delta": _at_random,
    "jump_to_reference": _jump_to_reference,
    "copy_increments": _copy_increments,
    "copy_reference": _copy_reference,
}
"""Word of a plan → the means it takes (Carpenter, Roger & Kenward 2013). ``delta`` is missing at
random with a shift added afterwards."""

REFERENCE_BASED = ("jump_to_reference", "copy_increments", "copy_reference")
"""Those that borrow from the reference arm."""
