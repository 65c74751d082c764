"""How the plates of one assay are read: the plan's choices, each named in the results."""

from dataclasses import dataclass

from ketbio.errors import TableError, unknown_word

BLANKS = ("auto", "subtract", "zero_standard", "ignore")
"""What becomes of blank wells: taken off every well, fitted as a standard of 0, or left aside."""
POOLS = ("responses", "concentrations")
"""Whether replicate wells are averaged before they are read from the curve, or after."""
CORRECTIONS = ("none", "controls")
"""Whether levels are brought to one plate by the controls that plates share."""
CURVES = ("4pl", "5pl", "aicc")
WEIGHTS = ("none", "relative")
POINTS = ("means", "wells")
INTERVALS = ("profile", "delta")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateSettings:
    """How plates are read.

    Attributes
    ----------
    curve, weights, points : str
        As in `ketbio.statistics.fit_dose_response`.
    blank : str
        One of `BLANKS`; ``"auto"`` subtracts them where the plate has a standard of 0, and takes
        them for one where it has none.
    pool : str
        One of `POOLS`.
    interval : str
        One of `INTERVALS`, for concentrations.
    cv_limit : float
        Replicates that vary by more, in percent, are flagged.
    recovery_limit, recovery_limit_at_lloq : float
        By how many percent a standard read from its own curve may be off, and at the LLOQ.
    control_limit : float
        By how many percent a control may be off its expected value.
    lloq, uloq : float or None
        Limits that the plan states, in ng/mL in the well; from the standards where None.
    plate_correction : str
        One of `CORRECTIONS`.
    confidence_level : float
        Of the intervals.
    """

    curve: str = "4pl"
    weights: str = "none"
    points: str = "means"
    blank: str = "auto"
    pool: str = "responses"
    interval: str = "profile"
    cv_limit: float = 20.0
    recovery_limit: float = 20.0
    recovery_limit_at_lloq: float = 25.0
    control_limit: float = 20.0
    lloq: float | None = None
    uloq: float | None = None
    plate_correction: str = "none"
    confidence_level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse words and numbers that mean nothing here."""
        for name, allowed in _WORDS.items():
            if getattr(self, name) not in allowed:
                raise TableError(unknown_word(name, getattr(self, name), allowed))
        for name in ("cv_limit", "recovery_limit", "recovery_limit_at_lloq", "control_limit"):
            given = getattr(self, name)
            if not 0 < given < 1000:
                raise TableError(f"{name} is {given!r}; a percentage above 0 is allowed.")
        for name in ("lloq", "uloq"):
            given = getattr(self, name)
            if given is not None and not given > 0:
                raise TableError(f"{name} is {given!r}; a concentration above 0 is allowed.")
        if self.lloq is not None and self.uloq is not None and self.lloq >= self.uloq:
            raise TableError(
                f"lloq is {self.lloq:g} and uloq is {self.uloq:g}; the lower limit has to be below "
                "the upper one. Exchange or correct them."
            )


_WORDS = {
    "curve": CURVES,
    "weights": WEIGHTS,
    "points": POINTS,
    "blank": BLANKS,
    "pool": POOLS,
    "interval": INTERVALS,
    "plate_correction": CORRECTIONS,
}
