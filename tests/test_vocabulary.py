"""What the words promise: scales that add up, thresholds with a source, ids that are safe."""

import re

import pytest

from ketbio.vocabulary import MADRS_ITEMS, MARKERS, SCALES, marker_label


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_scale_adds_up_and_names_its_source(scale):
    assert scale.floor < scale.remission_at_or_below < scale.ceiling
    assert 0 < scale.response_percent <= 100
    assert scale.references
    if scale.items:
        assert len(scale.items) * scale.item_maximum == scale.ceiling


def test_madrs_has_ten_items_and_two_cuts_with_sources():
    assert len(MADRS_ITEMS) == 10
    assert SCALES["MADRS"].remission_alternatives == {9: "hawley2002", 12: "popova2019"}


@pytest.mark.parametrize("name", MARKERS)
def test_marker_ids_are_column_safe_and_have_a_label(name):
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name)
    assert marker_label(name) != name
