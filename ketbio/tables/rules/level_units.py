"""The unit of a level: rules that compare levels know it by the end of the column's name."""

from ketbio.vocabulary import MASS_CONCENTRATION_PER_NG_ML

_PER_NG_ML = {
    f"_{unit.replace('/', '_').replace('µ', 'u').lower()}": n
    for unit, n in MASS_CONCENTRATION_PER_NG_ML.items()
}


def per_ng_ml(column: str) -> float:
    """Return how many of the unit in a column's name make 1 ng/mL; 1 where it names none.

    Examples
    --------
    >>> per_ng_ml("bdnf_pg_ml"), per_ng_ml("bdnf_ng_ml"), per_ng_ml("level")
    (1000.0, 1.0, 1.0)
    """
    return next((n for end, n in _PER_NG_ML.items() if column.endswith(end)), 1.0)


def unit_fault(column: str, unit: str) -> str:
    """Return why the levels of a column cannot be compared, empty where they can.

    Examples
    --------
    >>> unit_fault("bdnf_pg_ml", "pg/mL")
    ''
    >>> unit_fault("level", "pg/mL")
    "is in 'pg/mL', while its name says ng/mL, as one without a unit at its end does; ..."
    """
    if MASS_CONCENTRATION_PER_NG_ML.get(unit) == per_ng_ml(column):
        return ""
    ends = ", ".join(end.removeprefix("_") for end in _PER_NG_ML)
    named = [end for end in _PER_NG_ML if column.endswith(end)]
    says = named[0].removeprefix("_") if named else "ng/mL, as one without a unit at its end does"
    return (
        f"is in {unit or 'no unit'!r}, while its name says {says}; let unit and name agree "
        f"(names end in {ends})."
    )
