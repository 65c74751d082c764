"""The limits of a longitudinal model, as sentences."""

import pandas as pd

from ketbio.analyses.limits import UNCONTROLLED
from ketbio.analyses.trajectory_permutation import few_per_arm
from ketbio.analyses.visit_models.model import Fitted
from ketbio.analyses.visit_models.permutation import UP_TO, is_too_many
from ketbio.analyses.visit_models.rows import Trajectories
from ketbio.endpoints.change import BOUNDED
from ketbio.result import NOT_IMPUTED
from ketbio.statistics.mixed.structures.choice import STRUCTURE_WORDS
from ketbio.vocabulary import PARTICIPANT_ID, REASON, VISIT
from ketbio.wording import count_of, join_words

NAMED_AT_MOST = 8
"""Who is missing at a visit is named up to here, and counted beyond."""

MISSING_AT_RANDOM = (
    "{n} of {all} values after baseline {are} missing ({who})" + NOT_IMPUTED + " The model takes "
    "missing values to be missing at random: given the arm, the baseline and the values that are "
    "there, what is missing is like what was seen. The data cannot show that."
)
COMPLETE = "No value after baseline is missing in those analysed."
BEYOND = (
    "{count} after baseline left out because {are} beyond a limit of quantification: that is not "
    "at random, and leaving {them} out can bias the estimate."
)
NORMAL = (
    "{covariance} covariance over the visits, fitted by {method} to {formula}; estimated marginal "
    "means {grid}. The model takes values to be normal and means to be linear in its terms."
)
FEW_IN_ALL = (
    "{n} for {h} covariance parameters and {p} effects: with so few the model's intervals and p "
    "values hold only roughly."
)
FEW_FOR_ROBUST = 40
ROBUST_FEW = (
    "The robust standard errors ({covariance}) rest on {n}; with fewer than {few} they are rough."
)
WEIGHTED = (
    "Rows are weighted: the variance of a row is divided by its weight. A permutation test beside "
    "the model knows no weights."
)
NOT_PERMUTED = (
    "Not permuted: {n} are more than the {most} up to which it is done unasked; permutation=True "
    "does it."
)


def model_limits(fitted: Fitted, permutation: bool | str) -> tuple[str, ...]:
    """Say what the model is, and what it takes for granted."""
    model = fitted.model
    people = count_of(model.n_participants, "participant")
    name = STRUCTURE_WORDS[model.structure.name]
    told = [
        NORMAL.format(
            covariance=f"{name[0].upper()}{name[1:]}"
            + (", each arm its own," if fitted.words.by_arm else ""),
            method=model.method.upper(),
            formula=fitted.effects.text,
            grid=fitted.design.grid or "of the cells themselves",
        )
    ]
    if model.n_participants < model.n_parameters + model.n_columns:
        told.append(FEW_IN_ALL.format(n=people, h=model.n_parameters, p=model.n_columns))
    if fitted.words.covariance != "model" and model.n_participants < FEW_FOR_ROBUST:
        kind = fitted.words.covariance
        told.append(ROBUST_FEW.format(covariance=kind, n=people, few=FEW_FOR_ROBUST))
    if fitted.inputs.weights is not None:
        told.append(WEIGHTED)
    if is_too_many(fitted, permutation):
        told.append(NOT_PERMUTED.format(n=people, most=UP_TO))
    return tuple(told)


def row_limits(rows: Trajectories) -> tuple[str, ...]:
    """Say what of the rows is missing, and what the model takes that to mean."""
    table = rows.table
    missing = table[table[REASON] != ""]
    if not len(missing):
        return (COMPLETE,)
    told = MISSING_AT_RANDOM.format(
        n=len(missing),
        all=len(table),
        are="is" if len(missing) == 1 else "are",
        who=_who(rows, missing),
    )
    return (told, *_beyond(missing))


def design_limits(rows: Trajectories) -> tuple[str, ...]:
    """Say what the arms do not allow to conclude."""
    if rows.arms.reference:
        sizes = rows.table.drop_duplicates(PARTICIPANT_ID)["arm"].value_counts()
        n = {name: int(sizes.get(name, 0)) for name in rows.arms.names}
        return (*rows.arms.warnings, *rows.follow_up.warnings, *few_per_arm(n))
    return (*rows.arms.warnings, *rows.follow_up.warnings, UNCONTROLLED)


def _who(rows: Trajectories, missing: pd.DataFrame) -> str:
    told = []
    for visit in rows.follow_up.visits:
        who = missing.loc[missing[VISIT] == visit, PARTICIPANT_ID].astype("str").to_list()
        more = len(who) - NAMED_AT_MOST
        shown = [*who[:NAMED_AT_MOST], *([f"{more} more"] if more > 0 else [])]
        told += [f"{len(who)} at {visit}: {join_words(shown)}"] if who else []
    return "; ".join(told)


def _beyond(missing: pd.DataFrame) -> tuple[str, ...]:
    reasons = missing[REASON].astype("str")
    n = int(reasons.str.contains(BOUNDED, regex=False).sum())
    if not n:
        n = int(reasons.str.contains("below the LLOQ|above the ULOQ", regex=True).sum())
    if not n:
        return ()
    return (
        BEYOND.format(
            count=count_of(n, "value"),
            are="it is" if n == 1 else "they are",
            them="it" if n == 1 else "them",
        ),
    )
