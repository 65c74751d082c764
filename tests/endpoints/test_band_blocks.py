"""Gels as blocks: who shares one, who joins several, and the exact p within them by brute force."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from ketbio.analyses import compare_responders
from ketbio.endpoints import derive_band_ratio, derive_gel_blocks, derive_response
from ketbio.endpoints.frames import endpoint_table
from ketbio.errors import TableError


def on(**gels):
    """Bands by participant: P01="G1 G2" is one on two gels."""
    return pd.DataFrame(
        [
            {"participant_id": who, "gel_id": gel, "role": "sample"}
            for who, several in gels.items()
            for gel in several.split()
        ]
    )


def blocks(table, **options):
    return derive_gel_blocks(table, **options).set_index("participant_id")["gel"].to_dict()


def test_those_on_one_gel_share_a_block():
    assert blocks(on(P01="G1", P02="G1", P03="G2")) == {"P01": "G1", "P02": "G1", "P03": "G2"}


def test_one_on_several_gels_joins_them():
    found = blocks(on(P01="G1", P02="G2", P03="G3", P04="G2 G3", P05="G4"))
    assert found == {
        "P01": "G1", "P02": "G2 + G3", "P03": "G2 + G3", "P04": "G2 + G3", "P05": "G4",
    }  # fmt: skip


def test_joining_goes_on_along_a_chain():
    found = blocks(on(P01="G3 G4", P02="G1 G2", P03="G2 G3"))
    assert set(found.values()) == {"G1 + G2 + G3 + G4"}


def test_references_join_nothing():
    table = pd.concat([on(P01="G1", P02="G2"), on(R="G1 G2").assign(role="reference")])
    assert blocks(table) == {"P01": "G1", "P02": "G2"}


def test_only_the_gels_of_the_marker_count():
    table = on(P01="G1 G2", P02="G2").assign(
        target=["mTOR", "GSK3B", "mTOR"], site=["S2448", "S9", "S2448"]
    )
    assert blocks(table) == {"P01": "G1 + G2", "P02": "G1 + G2"}
    assert blocks(table, marker="p_mTOR_S2448") == {"P01": "G1", "P02": "G2"}
    with pytest.raises(TableError, match="target is 'AKT'; allowed: 'mTOR', 'GSK3B'"):
        blocks(table, target="AKT")


RATIOS = [1.0, 2.0, 4.0, 8.0, 30.0, 20.0, 50.0, 10.0]
MADRS = [10.0, 11.0, 30.0, 31.0, 9.0, 32.0, 33.0, 12.0]


def eight_on_two_gels():
    """P1 to P4 on G1 and P5 to P8 on G2, which is ten times brighter."""
    people = [f"P{i}" for i in range(1, 9)]
    blots = pd.DataFrame(
        {
            "participant_id": who, "visit": "baseline", "gel_id": "G1" if i < 4 else "G2",
            "lane": str(i), "condition": "basal", "target": "mTOR", "form": form,
            "site": "S2448" if form == "phospho" else None,
            "intensity": 100 * RATIOS[i] if form == "phospho" else 100.0,
        }
        for i, who in enumerate(people)
        for form in ("phospho", "total")
    )  # fmt: skip
    ratings = endpoint_table(
        {"participant_id": who, "visit": visit, "marker": "MADRS", "unit": "points", "value": value}
        for i, who in enumerate(people)
        for visit, value in (("baseline", 34.0), ("day_14", MADRS[i]))
    )
    return people, blots, ratings


def test_the_exact_p_within_gels_is_that_of_brute_force():
    people, blots, ratings = eight_on_two_gels()
    ratios = derive_band_ratio(blots, marker="p_mTOR_S2448", condition="basal")
    response = derive_response(ratings, baseline="baseline", endpoint="day_14")
    found = compare_responders(
        ratios, response=response, marker="p_mTOR_S2448", measure="baseline", baseline="baseline",
        endpoint="day_14", blocks="gel",
        participants=derive_gel_blocks(blots, marker="p_mTOR_S2448"),
    )  # fmt: skip
    values, is_x = np.log2(RATIOS), np.array(MADRS) < 20
    # Every way to deal the labels within each gel: C(4, 2) × C(4, 2) = 36 sums.
    ways = product(*(combinations(range(first, first + 4), 2) for first in (0, 4)))
    sums = np.array([values[list(one)].sum() + values[list(two)].sum() for one, two in ways])
    far = np.abs(sums - sums.mean())
    p = float(np.mean(far >= abs(values[is_x].sum() - sums.mean()) - 1e-9))
    assert found.n_arrangements == 36
    assert found.is_exact
    assert found.p_value == pytest.approx(p)
    assert any("Permuted within gel only (2 of them)" in one for one in found.warnings)
    assert len(people) == found.n_total
