"""What the caller says the study knows, refused where it cannot be meant."""

from collections.abc import Collection, Mapping, Sequence

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.rules.contract import Known


def known_of(
    visits: Sequence[str] | None,
    participants: Collection[str] | None,
    baseline: str,
    windows: Mapping[str, Sequence[float]] | None,
) -> Known:
    """Return what the study knows, for the arguments of `check_table`.

    Raises
    ------
    SchemaError
        There are windows and no baseline to count them from, or the baseline or a window is that
        of a visit that is not among the study's.

    Examples
    --------
    >>> known_of(["baseline", "day_7"], None, "baseline", {"day_7": (6, 8)}).windows
    {'day_7': (6, 8)}
    """
    if windows and not baseline:
        raise SchemaError(
            "windows are given, but no visit that they count from; name it under baseline "
            "(--baseline on the command line)."
        )
    if visits is not None:
        named = {"baseline": [baseline] if baseline else [], "the visit of a window": windows or ()}
        for what, words in named.items():
            absent = [word for word in words if word not in visits]
            if absent:
                raise SchemaError(unknown_word(what, absent[0], visits))
    return Known(
        visits=None if visits is None else tuple(visits),
        participants=None if participants is None else frozenset(map(str, participants)),
        baseline=baseline,
        windows={visit: (days[0], days[1]) for visit, days in (windows or {}).items()},
    )
