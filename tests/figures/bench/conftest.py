"""Laboratory results to draw, with invented numbers, in the formats that the analyses return."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from ketbio.figures import draw, draw_plate_map
from ketbio.result import Result

NAN = float("nan")
STANDARDS = [0.0, 7.8, 15.6, 31.2, 62.5, 125.0, 250.0, 500.0]
LONG_MARKER = "phospho_S6_ribosomal_protein_Ser235_236_to_total_in_PBMC_$x_1"


def companion(name: str, value: float, unit: str = "ng/mL", half: float = NAN) -> Result:
    return Result(
        analysis="of the bench",
        marker="BDNF_serum",
        outcome="",
        groups=("all",),
        n={"all": 1},
        role="description",
        estimate=value,
        estimate_name=name,
        unit=unit,
        ci_low=value - half,
        ci_high=value + half,
    )


def absorbance(x: Any) -> Any:
    return 2.4 - 2.35 / (1 + (np.asarray(x, dtype=float) / 90.0) ** 1.1)


def well_name(place: int, columns: int = 12) -> str:
    rows = {12: 8, 24: 16}[columns]
    return f"{chr(65 + place % rows)}{place // rows + 1}"


def well(place: int, role: str, columns: int = 12, **fields: Any) -> dict[str, Any]:
    usual = {
        "plate_id": "PL1",
        "well": well_name(place, columns),
        "role": role,
        "label": "",
        "participant_id": "",
        "visit": "",
        "nominal": NAN,
        "response": NAN,
        "concentration": NAN,
        "ci_low": NAN,
        "ci_high": NAN,
        "recovery_percent": NAN,
        "is_accepted": None,
        "side": "",
        "limit": NAN,
        "is_masked": False,
        "note": "",
    }
    return usual | fields


def standards(columns: int = 12) -> list[dict[str, Any]]:
    rows = []
    for place in range(16):
        nominal = STANDARDS[place % 8]
        off = 1 + 0.03 * np.sin(3.0 * place)
        rows.append(
            well(
                place,
                "standard",
                columns,
                label=f"{nominal:g} ng/mL",
                nominal=nominal,
                response=float(absorbance(nominal) * off),
                recovery_percent=100 * off**2 if nominal else NAN,
                is_accepted=True if nominal else None,
            )
        )
    return rows


def samples(count: int, columns: int = 12, start: int = 16) -> list[dict[str, Any]]:
    rows = []
    for place in range(count):
        inside = float(10 ** (0.95 + 1.7 * ((place * 7) % max(count, 1)) / max(count, 1)))
        who, visit = f"P{place // 2 + 1:02d}", ("baseline", "day_14")[place % 2]
        rows.append(
            well(
                start + place,
                "sample",
                columns,
                label=f"{who} {visit.replace('_', ' ')}",
                participant_id=who,
                visit=visit,
                response=float(absorbance(inside)),
                concentration=inside,
                ci_low=inside * 0.93,
                ci_high=inside * 1.08,
            )
        )
    return rows


def curve_points() -> list[dict[str, Any]]:
    grid = np.geomspace(3.9, 800, 80)
    height = absorbance(grid)
    return [
        well(0, "curve", nominal=x, response=y, ci_low=y - 0.05 - y / 60, ci_high=y + 0.05 + y / 60)
        | {"well": ""}
        for x, y in zip(grid.tolist(), height.tolist(), strict=True)
    ]


def curve(rows: list[dict[str, Any]] | None = None, **fields: Any) -> Result:
    given = [*standards(), *samples(40)] if rows is None else rows
    data = pd.DataFrame([*given, *curve_points()])
    usual = {
        "marker": "BDNF_serum",
        "outcome": "standard curve of plate PL1",
        "groups": ("standard wells",),
        "n": {"standard wells": 16},
        "estimate": 90.0,
        "estimate_name": "EC50",
        "unit": "ng/mL",
        "ci_low": 84.0,
        "ci_high": 97.0,
        "ci_method": "profile likelihood",
        "role": "description",
        "data": data,
        "companions": (
            companion("LOD", 3.1),
            companion("LLOQ", 7.8),
            companion("ULOQ", 500.0),
            companion("slope", 1.1, ""),
        ),
    }
    return Result(analysis="fit_standard_curve", **(usual | fields))


def masked_and_beyond() -> Result:
    rows = [*standards(), *samples(24)]
    rows[2] |= {"is_masked": True, "response": 0.9, "recovery_percent": NAN, "is_accepted": None}
    rows[9] |= {"recovery_percent": 310.0, "is_accepted": False}
    rows[7] |= {"recovery_percent": 68.0, "is_accepted": False}
    for place, side, limit, od in ((16, "left", 7.8, 0.07), (17, "right", 500.0, 2.31),
                                   (18, "right", 500.0, 2.38)):  # fmt: skip
        rows[place] |= {"side": side, "limit": limit, "response": od, "concentration": NAN,
                        "ci_low": NAN, "ci_high": NAN}  # fmt: skip
    rows[20] |= {"response": NAN, "concentration": NAN, "ci_low": NAN, "ci_high": NAN}
    rows[21] |= {"ci_high": float("inf")}
    rows += [well(40 + n, "blank", nominal=0.0, response=0.04 + 0.01 * n) for n in range(2)]
    rows += [
        well(42 + n, "control", label="QC low", concentration=30.0 + n, response=0.62,
             ci_low=28.0, ci_high=33.0)
        for n in range(2)
    ]  # fmt: skip
    return curve(rows)


def everything_censored() -> Result:
    rows = [*standards(), *samples(20)]
    for row in rows[16:]:
        row |= {"side": "left", "limit": 7.8, "response": 0.06, "concentration": NAN,
                "ci_low": NAN, "ci_high": NAN}  # fmt: skip
    return curve(rows)


def no_curve() -> Result:
    found = curve(
        estimate=NAN, ci_low=NAN, ci_high=NAN, companions=(),
        warnings=("Nothing could be computed: the curve is flat.",),
    )  # fmt: skip
    wells = found.data.loc[found.data["role"] != "curve"]
    wells = wells.assign(
        concentration=NAN, ci_low=NAN, ci_high=NAN, recovery_percent=NAN, is_accepted=None
    )
    return curve(
        estimate=NAN, ci_low=NAN, ci_high=NAN, companions=(), warnings=found.warnings, data=wells
    )


def whole_plate(columns: int = 12) -> Result:
    count = {12: 96, 24: 384}[columns] - 20
    rows = [*standards(columns), *samples(count, columns)]
    rows += [well(16 + count + n, "blank", columns, nominal=0.0, response=-0.01) for n in range(2)]
    rows += [
        well(18 + count + n, "control", columns, response=1.1, concentration=80.0) for n in range(2)
    ]
    for place in (3, 30, 57):
        rows[place] |= {"is_masked": True}
    rows[40] |= {"response": NAN}
    return curve(rows)


def replicates(count: int = 12, flagged: int = 2, **fields: Any) -> Result:
    cv = [1.5 + 11 * abs(np.sin(2.1 * n)) for n in range(count)]
    cv = [22.0 + 3 * n if n < flagged else value for n, value in enumerate(cv)]
    mean = [float(8 * 1.35 ** ((5 * n) % 13)) for n in range(count)]
    data = pd.DataFrame(
        {
            "sample": [f"P{n // 2 + 1:02d} {('baseline', 'day 14')[n % 2]}" for n in range(count)],
            "participant_id": [f"P{n // 2 + 1:02d}" for n in range(count)],
            "visit": [("baseline", "day_14")[n % 2] for n in range(count)],
            "run": "PL1",
            "n": 2,
            "mean": mean,
            "sd": [m * c / 100 for m, c in zip(mean, cv, strict=True)],
            "cv_percent": cv,
            "cv_limit_percent": 20.0,
            "is_flagged": [n < flagged for n in range(count)],
        }
    )
    usual = {
        "marker": "BDNF_serum",
        "outcome": "replicates",
        "groups": ("samples",),
        "n": {"samples": count},
        "role": "description",
        "estimate": 8.4,
        "estimate_name": "within-run CV",
        "unit": "%",
        "data": data,
        "companions": (
            companion("between-run CV", 11.2, "%"),
            companion("ICC(A,1)", 0.93, "", 0.05),
            companion("standard error of measurement", 2.2),
        ),
    }
    return Result(analysis="summarise_replicates", **(usual | fields))


def gel(lanes: int = 8, bands: int = 2, **fields: Any) -> Result:
    forms = [("phospho", "S6", "Ser235/236"), ("total", "S6", ""), ("", "GAPDH", ""),
             ("phospho", "mTOR", "Ser2448"), ("total", "mTOR", "")][:bands]  # fmt: skip
    rows = []
    for lane in range(1, lanes + 1):
        is_reference = lane == lanes
        for place, (form, target, site) in enumerate(forms):
            signal = float((place + 1) * 900 * (1.6 + np.sin(lane * (place + 2))))
            rows.append(
                {
                    "gel_id": "G1",
                    "lane": lane,
                    "participant_id": "" if is_reference else f"P{(lane + 1) // 2:02d}",
                    "visit": "" if is_reference else ("baseline", "day_14")[lane % 2],
                    "condition": "" if is_reference else "basal",
                    "replicate": "1",
                    "role": "reference" if is_reference else "sample",
                    "target": target,
                    "form": form,
                    "site": site,
                    "intensity": signal + 120,
                    "background": 120.0,
                    "signal": signal,
                    "normalised": 0.4 + 0.2 * abs(np.sin(lane)) if place == 0 else NAN,
                    "fault": "",
                    "label": "reference" if is_reference else f"P{(lane + 1) // 2:02d}",
                }
            )
    usual = {
        "marker": "p_S6_S235_236",
        "outcome": "gel G1",
        "groups": ("bands",),
        "n": {"bands": len(rows)},
        "role": "description",
        "data": pd.DataFrame(rows),
    }
    return Result(analysis="summarise_gel", **(usual | fields))


def faulty_gel() -> Result:
    data = gel(16, 5).data
    data.loc[[0, 15], "fault"] = "saturated"
    data.loc[22, ["signal", "fault"]] = [-40.0, "negative signal"]
    data.loc[31, ["signal", "fault"]] = [NAN, "missing"]
    data.loc[47, "fault"] = "smear, excluded by the laboratory"
    return gel(data=data)


def long_gel() -> Result:
    data = gel(16, 2).data
    named = data["role"] == "sample"
    data.loc[named, "participant_id"] = "SITE-$_07/SCREENING-2025"
    data.loc[named, "condition"] = "insulin 100 nmol/L 10 min"
    return gel(data=data, marker=LONG_MARKER)


def methods(count: int = 14, **fields: Any) -> Result:
    first = [20 + 2.1 * n + 1.7 * np.sin(4.0 * n) for n in range(count)]
    second = [19 + 2.0 * n + 1.2 * np.cos(7.0 * n) for n in range(count)]
    mean = [(a + b) / 2 for a, b in zip(first, second, strict=True)]
    difference = [a - b for a, b in zip(first, second, strict=True)]
    usual = {
        "marker": "BDNF_serum",
        "outcome": "agreement of kit A and kit B",
        "groups": ("kit A", "kit B"),
        "n": {"pairs": count},
        "role": "description",
        "estimate": 1.7,
        "estimate_name": "mean difference",
        "unit": "ng/mL",
        "ci_low": 0.9,
        "ci_high": 2.5,
        "data": pd.DataFrame(
            {
                "participant_id": [f"P{n:02d}" for n in range(count)],
                "visit": "baseline",
                "first": first,
                "second": second,
                "mean": mean,
                "difference": difference,
            }
        ),
        "companions": (
            companion("lower limit of agreement", -1.4, half=1.1),
            companion("upper limit of agreement", 4.8, half=1.1),
        ),
    }
    return Result(analysis="compare_methods", **(usual | fields))


def chart(count: int = 8, **fields: Any) -> Result:
    value = [100 + 4 * np.sin(2.0 * n) for n in range(count)]
    if count > 5:
        value[4] = 113.0
    sd = 4.0 if count > 1 else NAN
    usual = {
        "marker": "BDNF_serum",
        "outcome": f"control QC low over {count} plates",
        "groups": ("plates",),
        "n": {"plates": count},
        "role": "description",
        "estimate": 100.6,
        "estimate_name": "mean",
        "unit": "ng/mL",
        "spread": sd,
        "data": pd.DataFrame(
            {
                "plate_id": [f"PL{n + 1}" for n in range(count)],
                "run_date": [f"2024-03-{n % 28 + 1:02d}" for n in range(count)],
                "value": value,
                "n_wells": 2,
                "z": [(v - 100.6) / sd for v in value],
                "is_outside": [abs(v - 100.6) > 3 * sd for v in value],
                "low_2sd": 100.6 - 2 * sd,
                "high_2sd": 100.6 + 2 * sd,
                "low_3sd": 100.6 - 3 * sd,
                "high_3sd": 100.6 + 3 * sd,
                "expected": 100.0,
            }
        ),
        "companions": (
            companion("CV of plate levels", 4.0, "%"),
            companion("within-run CV", 2.5, "%"),
        ),
    }
    return Result(analysis="chart_controls", **(usual | fields))


def dilutions(count: int = 3, **fields: Any) -> Result:
    rows = [
        {
            "label": f"P{n + 1:02d} baseline",
            "dilution_factor": factor,
            "concentration": 100.0 / factor,
            "expected": 100.0 / factor,
            "recovery_percent": 100 + (8 + 3 * n) * step * (-1) ** n,
            "is_accepted": abs((8 + 3 * n) * step) <= 20,
        }
        for n in range(count)
        for step, factor in enumerate([2.0, 4.0, 8.0, 16.0])
    ]
    usual = {
        "marker": "BDNF_serum",
        "outcome": "dilution linearity",
        "groups": ("samples",),
        "n": {"samples": count},
        "role": "description",
        "estimate": 97.0,
        "estimate_name": "mean recovery",
        "unit": "%",
        "data": pd.DataFrame(rows),
    }
    return Result(analysis="summarise_dilutions", **(usual | fields))


def spikes() -> Result:
    data = pd.DataFrame(
        {
            "label": [f"P{n:02d} baseline" for n in range(1, 5)],
            "spike": [50.0, 50.0, 100.0, 100.0],
            "concentration": [70.0, 66.0, 118.0, 160.0],
            "expected": [72.0, 70.0, 121.0, 120.0],
            "recovery_percent": [97.2, 94.3, 97.5, 133.3],
            "is_accepted": [True, True, True, False],
        }
    )
    return Result(
        analysis="summarise_spikes", marker="BDNF_serum", outcome="spike recovery",
        groups=("samples",), n={"samples": 4}, role="description", estimate=105.6,
        estimate_name="mean recovery", unit="%", data=data,
    )  # fmt: skip


CASES: dict[str, Callable[[], Result]] = {
    "curve": masked_and_beyond,
    "curve_forty": curve,
    "curve_censored": everything_censored,
    "curve_failed": no_curve,
    "curve_long": lambda: curve(marker=LONG_MARKER, unit="arbitrary densitometric units"),
    "curve_close_limits": lambda: curve(
        companions=(companion("LOD", 7.2), companion("LLOQ", 7.8), companion("ULOQ", 500.0))
    ),
    "map": whole_plate,
    "map_384": lambda: whole_plate(24),
    "cv": replicates,
    "cv_forty": lambda: replicates(40, 14),
    "cv_all_flagged": lambda: replicates(40, 40),
    "cv_one": lambda: replicates(1, 0, companions=()),
    "gel": gel,
    "gel_sixteen": faulty_gel,
    "gel_long": long_gel,
    "methods": methods,
    "methods_long": lambda: methods(
        40, groups=("plate reader of the university hospital", "mass spectrometry, reference"),
        marker=LONG_MARKER,
    ),
    "methods_tied": lambda: methods(companions=(), ci_low=NAN, ci_high=NAN),
    "chart": chart,
    "chart_one": lambda: chart(1, companions=()),
    "chart_forty": lambda: chart(40),
    "dilutions": dilutions,
    "dilutions_many": lambda: dilutions(20),
    "spikes": spikes,
}  # fmt: skip


def draw_case(name: str, style: str = "report") -> Figure:
    how = draw_plate_map if name.startswith("map") else draw
    return how(CASES[name](), style=style, note="Simulated data")


@pytest.fixture(scope="session")
def drawn_bench() -> Callable[..., Figure]:
    """Draw a case once per preset: the tests only look."""
    done: dict[tuple[str, str], Figure] = {}

    def get(name: str, style: str = "report") -> Figure:
        if (name, style) not in done:
            done[name, style] = draw_case(name, style)
        return done[name, style]

    return get


@pytest.fixture
def bench() -> dict[str, Callable[[], Result]]:
    """Builders of results by name."""
    return CASES
