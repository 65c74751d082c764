"""The arms of a trial: who is in which, and which of them the others are compared with."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ketbio.endpoints.frames import require_columns, require_one_of
from ketbio.errors import TableError
from ketbio.vocabulary import PARTICIPANT_ID
from ketbio.wording import join_words

REFERENCES = ("placebo", "saline", "midazolam", "control")
"""Words in the name of an arm that make it the one others are compared with."""

EVERYBODY = "all"
"""What the one arm is called where there are none."""

MOST_ARMS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """Who is in which arm.

    Attributes
    ----------
    of : mapping of str to str
        Participant → arm; ``""`` where it is not known.
    names : tuple of str
        The reference first, then the others by name.
    column : str
        What the column is called; ``""`` where there are no arms.
    warnings : tuple of str
        What was decided here that nobody said.
    """

    of: Mapping[str, str]
    names: tuple[str, ...]
    column: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        """The arm that others are compared with; ``""`` where there is one arm only."""
        return self.names[0] if len(self.names) > 1 else ""


def arms_asked(
    participants: pd.DataFrame | None,
    *,
    arm: str | None,
    reference: str | None,
    everybody: Sequence[str],
) -> Arms:
    """Return the arms of a participants table, the reference found or refused.

    Parameters
    ----------
    participants : DataFrame or None
        The validated ``participants`` table.
    arm : str or None
        Its column of arms; None where everybody is one arm.
    reference : str or None
        The arm that the others are compared with.
    everybody : sequence of str
        Participants of the endpoints, who are the one arm where there is no table.

    Raises
    ------
    TableError
        No table or no such column; no such arm; several that could be the reference.

    Examples
    --------
    >>> people = pd.DataFrame({"participant_id": ["P1", "P2"], "arm": ["ketamine", "saline"]})
    >>> arms_asked(people, arm="arm", reference=None, everybody=[]).names
    ('saline', 'ketamine')
    """
    if arm is None:
        return _one_arm(participants, reference, everybody)
    if participants is None:
        raise TableError(
            f"arm is {arm!r}, but participants is None; give the participants table, one row per "
            "participant, or arm=None where everybody is one arm."
        )
    require_columns(participants, [PARTICIPANT_ID], what="participants")
    if arm not in participants.columns:
        here = join_words((repr(str(one)) for one in participants.columns), last="or")
        raise TableError(
            f"participants has no column {arm!r} of arms; its columns are {here}. Name the column "
            "with arm=, or write arm=None where everybody is one arm."
        )
    _once_each(participants)
    known = [_as_text(one) for one in participants[arm]]
    names = sorted(set(known) - {""})
    _possible(names, arm)
    of = dict(zip(participants[PARTICIPANT_ID].astype("str"), known, strict=True))
    if len(names) == 1:
        if reference is not None:
            raise TableError(
                f"reference is {reference!r}, but everybody is in the arm {names[0]!r}; two arms "
                "are wanted for a comparison. Correct the column, or leave reference out."
            )
        told = (
            f"Everybody is in the arm {names[0]}: there is nothing to compare with, and what is "
            "told is the change from baseline."
        )
        return Arms(of=of, names=(names[0],), column=arm, warnings=(told,))
    chosen, told_too = _reference(names, reference, arm)
    return Arms(
        of=of,
        names=(chosen, *(one for one in names if one != chosen)),
        column=arm,
        warnings=told_too,
    )


def _one_arm(
    participants: pd.DataFrame | None, reference: str | None, everybody: Sequence[str]
) -> Arms:
    if reference is not None:
        raise TableError(
            f"reference is {reference!r}, but arm is None, so that everybody is one arm; name the "
            "column of arms, or leave reference out."
        )
    if participants is not None:
        require_columns(participants, [PARTICIPANT_ID], what="participants")
        _once_each(participants)
        everybody = participants[PARTICIPANT_ID].astype("str").to_list()
    return Arms(of=dict.fromkeys(everybody, EVERYBODY), names=(EVERYBODY,))


def _once_each(participants: pd.DataFrame) -> None:
    twice = participants[PARTICIPANT_ID][participants[PARTICIPANT_ID].duplicated()]
    if len(twice):
        raise TableError(
            f"participants has two rows of {twice.iloc[0]}; one row per participant is allowed. "
            "Remove the duplicate."
        )


def _as_text(one: Any) -> str:
    """Return an arm as its name: a number is written without a point where it is whole."""
    if pd.isna(one):
        return ""
    if isinstance(one, float) and one.is_integer():
        one = int(one)
    return str(one).strip()


def _possible(names: Sequence[str], arm: str) -> None:
    if not names:
        raise TableError(
            f"participants has no arm of anybody in {arm!r}; write the arm of each participant, "
            "or arm=None where everybody is one arm."
        )
    if len(names) > MOST_ARMS:
        raise TableError(
            f"participants has {len(names)} different texts in {arm!r}, such as {names[0]!r} and "
            f"{names[1]!r}; up to {MOST_ARMS} arms are allowed. Name the column of arms."
        )


def _reference(names: Sequence[str], asked: str | None, arm: str) -> tuple[str, tuple[str, ...]]:
    if asked is not None:
        require_one_of("reference", _as_text(asked), names)
        return _as_text(asked), ()
    found = [name for name in names if _is_named_reference(name)]
    if len(found) == 1:
        told = f"Compared with {found[0]}, taken as the reference by its name."
        return found[0], (told,)
    listed = join_words(map(repr, names))
    why = (
        f"{join_words(map(repr, found))} could each be what the others are compared with"
        if found
        else f"none is named {join_words(REFERENCES, last='or')}"
    )
    raise TableError(
        f"reference is not given, and of the arms {listed} in {arm!r} {why}; write "
        f"reference={(found or names)[0]!r}, or the arm it is."
    )


def _is_named_reference(name: str) -> bool:
    return not set(re.findall(r"[^\W_]+", name.casefold())).isdisjoint(REFERENCES)
