"""What an exact count may cost: seconds on an ordinary processor, and memory.

Costs are worked out from the design beforehand, with fixed constants measured once on one core of
an ordinary laptop or server, so that whether a test is exact or drawn depends on the data and the
budget, never on the machine or on what else it is doing.
"""

import math
from dataclasses import dataclass

import numpy as np

from ketbio.errors import StatisticsError

GIBIBYTE = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What counting every arrangement may cost.

    Attributes
    ----------
    seconds : float
        Of one core, by the cost model (a fast machine needs less).
    gibibytes : float
        Of memory at one time; 3 where not given.

    Raises
    ------
    StatisticsError
        Either is negative, missing or no number.

    Examples
    --------
    >>> Budget(seconds=60, gibibytes=2)
    Budget(seconds=60, gibibytes=2)
    """

    seconds: float
    gibibytes: float = 3

    def __post_init__(self) -> None:
        """Refuse what is no budget."""
        for name, value in (("seconds", self.seconds), ("gibibytes", self.gibibytes)):
            is_number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
            if not is_number or math.isnan(value) or value < 0:
                raise StatisticsError(
                    f"The budget's {name} is {value!r}; allowed: a number from 0 on, such as 60. "
                    "0 never counts every arrangement."
                )

    def allows(self, cost: "Cost") -> bool:
        """Whether a method of this cost may be used."""
        return cost.seconds <= self.seconds and cost.gibibytes <= self.gibibytes


AUTO = Budget(seconds=5, gibibytes=1)
"""What ``exact="auto"`` may spend."""

FORCED = Budget(seconds=300, gibibytes=3)
"""What ``exact=True`` may spend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a method costs, by the cost model.

    Attributes
    ----------
    seconds : float
        Of one core.
    gibibytes : float
        Of memory at one time.
    """

    seconds: float
    gibibytes: float

    def __str__(self) -> str:
        """Return ``"about 12 s and 0.5 GiB"``."""
        return f"about {self.seconds:,.3g} s and {self.gibibytes:,.2g} GiB"


OUT_OF_REACH = Cost(seconds=math.inf, gibibytes=math.inf)
"""Of a method that cannot be used at all."""


def check_budget(budget: object) -> Budget | None:
    """Return a budget or None, or refuse it."""
    if budget is None or isinstance(budget, Budget):
        return budget
    raise StatisticsError(
        f"budget is {budget!r}; allowed: None or a Budget, such as Budget(seconds=60, gibibytes=2)."
    )


def budget_of(exact: bool | str, given: Budget | None) -> Budget:
    """Return what may be spent: what was given, or the default of ``exact``."""
    if given is not None:
        return given
    return FORCED if exact is True else AUTO


def refusal(what: str, cost: Cost, budget: Budget) -> str:
    """Return the sentence that refuses ``exact=True``.

    Parameters
    ----------
    what : str
        What would have to be counted, as in ``"1.3e+20 arrangements of 70 values"``.
    cost : Cost
        Of the cheapest exact method.
    budget : Budget
        What may be spent.
    """
    draw = 'Give exact="auto" or exact=False to draw arrangements instead'
    if math.isinf(cost.seconds):
        return (
            f"exact is True, and {what} cannot be counted by any exact method here, whatever the "
            f"budget. {draw}."
        )
    return (
        f"exact is True, and {what} would take {cost} by the cheapest exact method; allowed: "
        f"{budget.seconds:g} s and {budget.gibibytes:g} GiB. {draw}, or a larger budget."
    )
