"""A marker measured repeatedly: every participant, and the means of the mixed model before them."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ketbio.errors import FigureError
from ketbio.figures.course_parts import ALL, GROUP
from ketbio.figures.labels import spoken
from ketbio.figures.model_parts import arm_order
from ketbio.figures.parts import columns_of, require_result
from ketbio.figures.style import Style
from ketbio.figures.trajectory import draw_trajectory
from ketbio.figures.visit_axis import DAY
from ketbio.result import MARGINAL_MEAN, Result
from ketbio.vocabulary import PARTICIPANT_ID, REASON, VALUE, VISIT
from ketbio.wording import join_words

ARM, VISIT_MEAN = "arm", "visit_mean"


def draw_repeated_markers(
    results: Result | Sequence[Result],
    *,
    ax: Axes | None = None,
    style: str | Style | None = None,
    note: str = "",
) -> Figure:
    """Draw every participant over the visits and the estimated means with their intervals.

    Replicates of a participant at a visit are drawn as their mean; the headline is that of the last
    estimate. Arms have the marks that `draw_mmrm_trajectory` gives them.

    Parameters
    ----------
    results : Result or sequence of Result
        Of `fit_random_effects`, of one marker; the first has the means of all visits beside it.
    ax : Axes, optional
        Draw inside the place of these axes of a figure of one's own; None, a page by itself.
    style : str or Style, optional
        A preset of `STYLES`; ``"report"`` when None.
    note : str
        Printed on top of the figure, for instance ``"Simulated data"``.

    Returns
    -------
    Figure
        Panels: the courses, the number of participants at each visit.

    Raises
    ------
    FigureError
        Several markers, nothing to draw, a column is not there, or no such style.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"participant_id": ["P1", "P1", "P2", "P2"], "arm": "all",
    ...     "visit": ["day_0", "day_7"] * 2, "day": [0.0, 7.0] * 2, "reason": "",
    ...     "value": [21.0, 25.0, 19.0, 24.0], "visit_mean": [21.0, 25.0, 19.0, 24.0]})
    >>> one = Result(analysis="fit_random_effects", marker="BDNF_serum", groups=("all",),
    ...     n={"all": 2}, outcome="change, day_0 to day_7", estimate=4.5, data=rows,
    ...     estimate_name="estimated marginal mean change", unit="ng/mL")
    >>> [text.get_text() for text in draw_repeated_markers(one).axes[1].texts]
    ['2', '2']
    """
    several = results if isinstance(results, list | tuple) else [results]
    given = [require_result(one, caller="draw_repeated_markers") for one in several]
    if not given:
        raise FigureError("draw_repeated_markers() was given no result; give it those of a marker.")
    markers = list(dict.fromkeys(one.label for one in given))
    if len(markers) > 1:
        raise FigureError(
            f"draw_repeated_markers() draws one marker; these are of {join_words(markers)}. Draw "
            "each of them in turn."
        )
    return draw_trajectory(_as_course(given), ax=ax, style=style, note=note)


def _as_course(given: list[Result]) -> Result:
    """Return the last estimate with one row per participant × visit, and the means of the first."""
    wanted = [PARTICIPANT_ID, ARM, VISIT, DAY, VISIT_MEAN, REASON]
    rows = columns_of(given[-1], wanted)[wanted]
    # where some replicates are missing and others not, the visit has a value
    rows = rows.sort_values(REASON, kind="stable").drop_duplicates([PARTICIPANT_ID, VISIT])
    rows = rows.sort_index().rename(columns={VISIT_MEAN: VALUE, ARM: GROUP})
    rows[GROUP] = rows[GROUP].where(rows[GROUP] != ALL, "")
    means: dict[tuple[str, tuple[str, ...]], Result] = {}
    for one in given:
        for beside in one.companions:
            if beside.estimate_name == MARGINAL_MEAN:
                means.setdefault((beside.outcome, beside.groups), beside)
    rows = _in_order(rows, given, list(means.values()))
    last = given[-1]
    unit = next((one.unit for one in means.values()), last.unit)
    # the axis is of values: a slope says in its name that it is per day
    per_day = last.unit.removeprefix(unit) if last.unit != unit else ""
    return replace(
        last,
        data=rows.reset_index(drop=True),
        companions=tuple(means.values()),
        unit=unit,
        estimate_name=f"{_when(last)}{last.estimate_name}{per_day}",
    )


def _in_order(rows: pd.DataFrame, given: list[Result], means: list[Result]) -> pd.DataFrame:
    """Return the rows by visit, as the means have them, and by arm, the reference first."""
    told = (one.outcome.removeprefix("value at ") for one in means)
    visits = list(dict.fromkeys([*told, *map(str, rows[VISIT])]))
    arms = arm_order(given, list(dict.fromkeys(map(str, rows[GROUP]))))
    places = {
        VISIT: {name: at for at, name in enumerate(visits)},
        GROUP: {name: at for at, name in enumerate(arms)},
    }
    return rows.sort_values(
        [VISIT, GROUP], key=lambda column: column.map(places[str(column.name)]), kind="stable"
    )


def _when(one: Result) -> str:
    """Return the visit of a change, before its name; nothing where the outcome names none."""
    _, changes, visit = one.outcome.partition(" to ")
    is_change = changes and one.outcome.startswith("change, ")
    return f"{spoken(visit)}, " if is_change else ""
