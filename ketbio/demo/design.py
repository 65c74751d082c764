"""The design of the demo study: who is in it, when they are seen, and what goes wrong.

Nothing here is drawn. Counts that the study must have (13 participants, 11 with scans before and
after, 10 with blots, 5 responders and 6 non-responders among those with scans) follow from this
table, whatever the seed. No participant is real.
"""

from dataclasses import dataclass

BASELINE_VISIT = "baseline"
ENDPOINT_VISIT = "day_14"
VISIT_DAYS = {"baseline": 0, "day_1": 1, "day_4": 4, "day_7": 7, "day_11": 11, "day_14": 14}
"""Days from the first infusion; the rating of day 0 comes before it."""

INFUSION_DAYS = (0, 2, 4, 7, 9, 11)
"""Six infusions over two weeks."""

SITE = "site_A"
ARM = "ketamine"
DIAGNOSIS = "treatment-resistant depression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A simulated participant: what is planned for them and what is missing.

    Attributes
    ----------
    participant_id : str
        ``"K01"`` to ``"K13"``.
    responds : bool
        Whether the simulated MADRS falls by half or more between baseline and day 14.
    is_scanned : bool
        Whether imaging markers are there.
    has_blots : bool
        Whether blood cells were enough for blots; these are run in pairs, before and after.
    missed_visits : tuple of str
        Visits that did not take place: nothing is measured at them.
    missed_ratings : tuple of str
        Visits without a MADRS rating.
    """

    participant_id: str
    responds: bool = False
    is_scanned: bool = True
    has_blots: bool = True
    missed_visits: tuple[str, ...] = ()
    missed_ratings: tuple[str, ...] = ()

    def attends(self, visit: str) -> bool:
        """Return whether the visit took place."""
        return visit not in self.missed_visits

    def is_rated(self, visit: str) -> bool:
        """Return whether there is a MADRS rating at the visit."""
        return self.attends(visit) and visit not in self.missed_ratings


PARTICIPANTS = (
    Participant(participant_id="K01"),
    Participant(participant_id="K02", responds=True),
    Participant(participant_id="K03", has_blots=False),
    Participant(participant_id="K04", responds=True),
    Participant(participant_id="K05", missed_ratings=("day_7",)),
    Participant(participant_id="K06"),
    Participant(participant_id="K07", responds=True),
    Participant(participant_id="K08", responds=True),
    Participant(participant_id="K09", has_blots=False, missed_visits=("day_14",)),
    Participant(participant_id="K10"),
    Participant(participant_id="K11", has_blots=False),
    Participant(participant_id="K12", is_scanned=False),
    Participant(participant_id="K13", responds=True, missed_ratings=("day_4",)),
)

# -- the faults, each meant ------------------------------------------------------------------
MISSING_ITEM = ("K06", "day_4", "reduced_appetite")
"""The rating in which one item was not asked; its total is left empty, to be prorated."""

SUICIDALITY_RISE = ("K11", "day_7")
"""The rating in which suicidal thoughts are worse by two than at the visit before."""

BELOW_LLOQ = ("K04", "day_14")
"""The plasma sample whose wells read below the lower limit of quantification."""

BELOW_LLOQ_NG_ML = 0.03
"""What that sample holds; the lowest standard, at the dilution of plasma, stands for 0.1."""

DISAGREEING_PAIR = ("serum", "K06", "baseline")
"""The sample whose two wells differ by a CV beyond 20 %: one too high, one as much too low."""

MASKED_WELL = ("plasma", "K10", "day_14", 2)
"""The well with an air bubble: specimen, participant, visit, replicate. The bench masked it."""

DILUTED_FURTHER = (("serum", "K03", "baseline"), ("serum", "K11", "baseline"))
"""Samples that were also run at two higher dilutions."""

SPIKED = (("serum", "K01", "baseline"), ("serum", "K12", "baseline"), ("plasma", "K02", "baseline"))
"""Samples to which BDNF was added, in a pair of wells of their own."""

SATURATED_BAND = ("K08", "day_14", "insulin", "2", "GSK3B", "total")
"""The band at the camera's ceiling: participant, visit, condition, replicate, target, form."""

CAMERA_CEILING = 65535.0
"""Highest intensity that a 16-bit image can hold."""


# -- calibration -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A published MADRS figure that the simulated ratings come near to.

    Attributes
    ----------
    name : str
        What is matched, in words.
    value : float
        The published figure, in points.
    tolerance : float
        How far the simulated figure may be from it, in points.
    """

    name: str
    value: float
    tolerance: float


TARGETS = {
    "baseline_mean": Target(name="mean at baseline", value=39.1, tolerance=0.5),
    "baseline_sd": Target(name="SD at baseline", value=6.3, tolerance=0.5),
    "day_1_mean": Target(name="mean at day 1", value=26.8, tolerance=1.0),
    "day_1_sd": Target(name="SD at day 1", value=8.4, tolerance=1.0),
    "day_1_fall": Target(name="mean fall by day 1", value=12.3, tolerance=1.5),
}
"""From 10 adolescents before and 24 h after esketamine: 39.1 (6.3) → 26.8 (8.4). In the crossover
of 16 adults, 21.2 (5.9) → 10.3 (4.6), the fall is 10.9: within the tolerance of the last line."""

REMITTERS = (1, 2, 3)
"""How many of the responders may end at or below the remission threshold."""
