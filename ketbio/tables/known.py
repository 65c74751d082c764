"""What the caller says the study knows, refused where it cannot be meant."""

from collections.abc import Collection, Mapping, Sequence

from ketbio.errors import SchemaError, unknown_word
from ketbio.tables.keywords import several, windows_of, word_of
from ketbio.tables.rules.contract import Known


def known_of(
    visits: Sequence[str] | None,
    participants: Collection[str] | None,
    baseline: str | None,
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
    >>> known_of([0, 14], None, "", None).visits
    ('0', '14')
    """
    known = Known(
        visits=None if visits is None else several(visits, "visits"),
        participants=None
        if participants is None
        else frozenset(several(participants, "participants")),
        baseline="" if baseline is None else word_of(baseline),
        windows=windows_of(windows),
    )
    if known.windows and not known.baseline:
        raise SchemaError(
            "windows are given, but no visit that they count from; name it under baseline "
            "(--baseline on the command line)."
        )
    if known.visits is not None:
        first = [known.baseline] if known.baseline else []
        for what, words in {"baseline": first, "the visit of a window": known.windows}.items():
            absent = [word for word in words if word not in known.visits]
            if absent:
                raise SchemaError(unknown_word(what, absent[0], known.visits))
    return known
