"""Random numbers that come out alike on every machine.

The permuted congruential generator's uniform numbers are the same everywhere; the normal numbers
of a library are built on ``log`` and ``exp``, whose last bit is not. So a normal number here is
the sum of twelve uniforms less six (Irwin–Hall): mean 0, SD 1, never beyond ±6, and exact, because
``math.fsum`` rounds once. What is printed has far fewer decimals than could ever differ.
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence

import numpy as np

UNIFORMS_PER_NORMAL = 12


def random_stream(seed: int, *, table: int) -> np.random.Generator:
    """Return the stream of one table, so that a change in one leaves the others as they are.

    Parameters
    ----------
    seed : int
        The study's seed.
    table : int
        Number of the table.

    Examples
    --------
    >>> float(random_stream(1, table=0).random()) == float(random_stream(1, table=0).random())
    True
    >>> float(random_stream(1, table=0).random()) == float(random_stream(1, table=1).random())
    False
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, table])))


def normal(stream: np.random.Generator, *, mean: float = 0.0, sd: float = 1.0) -> float:
    """Return a nearly normal number (Irwin–Hall, twelve uniforms).

    Parameters
    ----------
    stream : numpy.random.Generator
        Where the numbers come from.
    mean, sd : float
        Of the distribution.

    Examples
    --------
    >>> normal(random_stream(1, table=0), mean=5.0, sd=0.0)
    5.0
    """
    uniforms = stream.random(UNIFORMS_PER_NORMAL).tolist()
    return mean + sd * (math.fsum(uniforms) - UNIFORMS_PER_NORMAL / 2)


def uniform(stream: np.random.Generator, *, low: float, high: float) -> float:
    """Return a number between ``low`` and ``high``, all alike likely.

    Examples
    --------
    >>> 2.0 <= uniform(random_stream(1, table=0), low=2.0, high=3.0) < 3.0
    True
    """
    return low + (high - low) * float(stream.random())


def clipped(value: float, *, low: float, high: float) -> float:
    """Return the value, or the bound that it passes.

    Examples
    --------
    >>> clipped(7.0, low=0.0, high=6.0), clipped(-1.0, low=0.0, high=6.0)
    (6.0, 0.0)
    """
    return min(max(value, low), high)


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a table as the text of a CSV file, one ``\n`` after each line on every system.

    Parameters
    ----------
    columns : sequence of str
        The header.
    rows : iterable of sequence of str
        The cells, as they are to be written.

    Examples
    --------
    >>> csv_text(["participant_id", "visit"], [["K01", "day_1"]])
    'participant_id,visit\nK01,day_1\n'
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()
