"""The columns of results for machines: which are numbers, and how those without bound are told."""

import math

SCHEMA_VERSION = "1.0"
"""Of ``results.json``; the first number changes where a reader would have to."""

NUMBERS = frozenset({
    "estimate", "spread", "ci_low", "ci_high", "ci_level", "null_value", "effect_size",
    "effect_size_ci_low", "effect_size_ci_high", "statistic", "p_value", "p_interval_low",
    "p_interval_high", "p_floor", "true_size", "p_adjusted", "leave_one_out_low",
    "leave_one_out_high", "leave_one_out_p_low", "leave_one_out_p_high",
})  # fmt: skip
"""Columns of tidy that are NaN where not known."""

COUNTS = frozenset({"row", "n", "n_excluded", "n_arrangements", "seed"})
"""Columns that are whole numbers; the last two may be missing."""

FLAGS = frozenset({"is_exact"})

UNBOUNDED = {math.inf: "Infinity", -math.inf: "-Infinity"}
"""Limits that JSON has no number for."""

ENDINGS = (".json", ".csv")


def unknown_ending(name: str) -> str:
    """Return the sentence for a file of results that ends in neither way."""
    return (
        f"The file name {name!r} does not tell how results are to be kept; end it in "
        f"{' or '.join(ENDINGS)}, or give a folder."
    )
