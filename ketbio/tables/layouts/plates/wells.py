"""Wells of a plate: their names, their places, and lists of them."""

import re
from collections.abc import Iterable

from ketbio.tables.rules.plate_rules import well_row

Well = tuple[int, int]
"""Row and column, both from 0."""
SHAPES = ((8, 12), (16, 24))
"""Rows and columns of the plates that are read."""
_WELL = re.compile(r"\s*([A-Za-z])\s*0*([1-9][0-9]?)\s*")


def well_at(name: str) -> Well | None:
    """Return the place of a well by its name, None where it is none.

    Examples
    --------
    >>> well_at("A1"), well_at("h12"), well_at("P024"), well_at("12A")
    ((0, 0), (7, 11), (15, 23), None)
    """
    found = _WELL.fullmatch(name)
    return (ord(found[1].upper()) - ord("A"), int(found[2]) - 1) if found else None


def well_name(well: Well) -> str:
    """Return the name of a well.

    Examples
    --------
    >>> well_name((7, 11))
    'H12'
    """
    return f"{well_row(well[0])}{well[1] + 1}"


def listed_wells(wells: Iterable[Well]) -> str:
    """Return all wells, neighbours of a row together.

    Examples
    --------
    >>> listed_wells([(0, 0), (0, 1), (0, 2), (1, 0), (1, 5), (1, 6)])
    'A1–A3, B1, B6, B7'
    """
    runs: list[list[Well]] = []
    for well in sorted(set(wells)):
        if runs and runs[-1][-1] == (well[0], well[1] - 1):
            runs[-1].append(well)
        else:
            runs.append([well])
    told: list[str] = []
    for run in runs:
        names = [well_name(well) for well in run]
        told += [f"{names[0]}–{names[-1]}"] if len(run) > 2 else names
    return ", ".join(told)


def shape_of(n_rows: int, n_columns: int) -> tuple[int, int] | None:
    """Return the smallest plate that has so many rows and columns, None where none has.

    Examples
    --------
    >>> shape_of(8, 12), shape_of(2, 3), shape_of(9, 12), shape_of(20, 12)
    ((8, 12), (8, 12), (16, 24), None)
    """
    fitting = ((r, c) for r, c in SHAPES if n_rows <= r and n_columns <= c)
    return next(fitting, None)
