"""Six participants, one scale, two markers: small enough to work out by hand."""

import pandas as pd
import pytest

from ketbio.endpoints import derive_column, derive_response, derive_scale_total

IDS = [f"P{number:02}" for number in range(1, 8)]
VISITS = {"baseline": "before", "endpoint": "after"}


def long_table(name, before, after):
    """Two visits of one column; None is a visit that did not take place."""
    rows = [
        (one, visit, value)
        for visit, values in (("before", before), ("after", after))
        for one, value in zip(IDS, values, strict=True)
        if value is not None
    ]
    return pd.DataFrame(rows, columns=["participant_id", "visit", name])


@pytest.fixture
def totals():
    """P01–P03 respond, P04–P06 do not, P07 never comes back."""
    table = long_table("madrs_total", [40, 38, 36, 41, 35, 37, 39], [10, 15, 18, 33, 30, 28, None])
    return derive_scale_total(table.astype({"madrs_total": float}))


@pytest.fixture
def response(totals):
    return derive_response(totals, **VISITS)


@pytest.fixture
def endpoints(totals):
    """The scale and the marker ``entropy``, which P06 lacks at the second visit."""
    table = long_table("entropy", [1.0] * 7, [1.5, 1.4, 1.6, 1.1, 0.9, None, 1.3])
    return pd.concat([totals, derive_column(table, column="entropy", unit="nats")])
