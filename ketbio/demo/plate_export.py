"""Simulated plates as the text of a plate reader: levels → optical densities → lines of a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ketbio.demo.draws import normal

ROWS = "ABCDEFGH"
COLUMNS = range(1, 13)
EMPTY_OD = 0.012
"""Of a well that nothing was put in, above the plastic."""
PLASTIC_OD = 0.040
PLASTIC_SD = 0.002
READER_SD = 0.003
READER_SHARE = 0.004
"""Noise of a reading: a little everywhere, and a share of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A standard curve of four parameters.

    Attributes
    ----------
    lower, upper : float
        Asymptotes, OD.
    ec50 : float
        pg/mL.
    slope : float
        Above 0: the response rises.
    """

    lower: float
    upper: float
    ec50: float
    slope: float

    def response(self, concentration: float) -> float:
        """Return the OD of a concentration (pg/mL).

        Examples
        --------
        >>> Curve(lower=0.0, upper=2.0, ec50=900.0, slope=1.2).response(900.0)
        1.0
        """
        if concentration <= 0:
            return self.lower
        share: float = 1 / (1 + (self.ec50 / concentration) ** self.slope)
        return self.lower + (self.upper - self.lower) * share


def export_text(
    plates: Mapping[str, Mapping[str, tuple[float, float]]],
    curves: Mapping[str, Curve],
    run_dates: Mapping[str, str],
    stream: np.random.Generator,
) -> str:
    r"""Return plates as a reader's text export in the manner of Gen5, two wavelengths each.

    Parameters
    ----------
    plates : mapping of str to mapping
        Plate → well → the concentration in it (pg/mL) and an OD that a bubble adds. All 96 wells
        are read, also those that nothing was put in.
    curves : mapping of str to Curve
        Plate → its curve.
    run_dates : mapping of str to str
        Plate → day of the run.
    stream : numpy.random.Generator
        Where the noise comes from.

    Examples
    --------
    >>> from ketbio.demo.draws import random_stream
    >>> curve = Curve(lower=0.05, upper=2.0, ec50=900.0, slope=1.2)
    >>> text = export_text({"PL1": {"A1": (900.0, 0.0)}}, {"PL1": curve}, {"PL1": "2024-08-12"},
    ...                    random_stream(1, table=0))
    >>> text.splitlines()[2].split("\t")
    ['Experiment File Path:', 'simulated data; no participant is real']
    """
    lines: list[list[str]] = []
    for plate, wells in plates.items():
        lines += [*_head(plate, run_dates[plate]), *_grid(wells, curves[plate], stream), [""]]
    return "".join("\t".join(line) + "\n" for line in lines)


def _head(plate: str, run_date: str) -> Iterator[list[str]]:
    yield ["Software Version", "3.11.19"]
    yield [""]
    yield ["Experiment File Path:", "simulated data; no participant is real"]
    yield ["Protocol File Path:", "BDNF ELISA, 450 nm with reference 620 nm"]
    yield [""]
    yield ["Plate Number", plate]
    yield ["Date", run_date]
    yield ["Reader Type:", "simulated reader"]
    yield [""]
    yield ["Procedure Details"]
    yield [""]
    yield ["Plate Type", "96 WELL PLATE"]
    yield ["Read", "Absorbance Endpoint"]
    yield ["", "Wavelengths:  450, 620"]
    yield [""]
    yield ["Results"]
    yield ["Actual Temperature:", "25.0"]
    yield [""]


def _grid(
    wells: Mapping[str, tuple[float, float]], curve: Curve, stream: np.random.Generator
) -> Iterator[list[str]]:
    """Yield the lines of the readings: each letter at 450 nm, then at 620 nm."""
    yield ["", *map(str, COLUMNS)]
    for row in ROWS:
        pairs = [_readings(wells.get(f"{row}{column}"), curve, stream) for column in COLUMNS]
        yield [row, *(f"{main:.3f}" for main, _ in pairs), "450"]
        yield ["", *(f"{reference:.3f}" for _, reference in pairs), "620"]


def _readings(
    held: tuple[float, float] | None, curve: Curve, stream: np.random.Generator
) -> tuple[float, float]:
    """Return what a well reads at 450 and at 620 nm."""
    plastic = normal(stream, mean=PLASTIC_OD, sd=PLASTIC_SD)
    noise, share = normal(stream, sd=READER_SD), normal(stream, sd=READER_SHARE)
    if held is None:
        return plastic + EMPTY_OD + noise, plastic
    concentration, bubble = held
    # A bubble scatters light at both wavelengths, the more the shorter they are.
    colour = curve.response(concentration) * (1 + share) + noise
    return plastic + colour + bubble, plastic + bubble / 3
