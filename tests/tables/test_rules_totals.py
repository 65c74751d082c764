"""Totals against items for scales of any make: lists of lists, floors above 0, unequal items."""

import pandas as pd
import pytest

from ketbio.errors import SchemaError
from ketbio.tables import check_table

SCALE = """\
name: mixed
version: "1.0"
title: A mixed scale
one_row: a rating
columns:
  participant_id: {meaning: code, type: text, required: true}
  visit: {meaning: visit, type: text, required: true}
  falling_asleep: {meaning: item, type: integer, minimum: 0, maximum: 3}
  waking_early: {meaning: item, type: integer, minimum: 0, maximum: 3}
  mood: {meaning: item, type: integer, minimum: 1, maximum: 7}
  appetite: {meaning: item, type: integer, minimum: 0, maximum: 2}
  total: {meaning: total, type: integer, minimum: 1, maximum: 12}
rules:
  - name: total_is_sum
    check: total_is_sum
    with: {total: total, items: &items [[falling_asleep, waking_early], mood, appetite]}
  - name: total_fits_items
    check: total_fits_items
    with:
      total: total
      items: *items
      item_minimum: {falling_asleep: 0, mood: 1, appetite: 0}
      item_maximum: {falling_asleep: 3, mood: 7, appetite: 2}
"""


@pytest.fixture
def scale(tmp_path):
    path = tmp_path / "mixed.yaml"
    path.write_text(SCALE, encoding="utf-8")
    return path


def said(scale, **scores):
    line = {"participant_id": "P01", "visit": "a", **scores}
    return check_table(pd.DataFrame([line]), scale).complaints["message"].tolist()


def test_of_items_listed_together_the_highest_counts(scale):
    scores = {"falling_asleep": 1, "waking_early": 3, "mood": 4, "appetite": 0}
    assert not said(scale, **scores, total=7)
    assert said(scale, **scores, total=8) == [
        "total is 8, but its 3 scored items add up to 7; correct the total or the item that is "
        "wrong."
    ]


def test_what_is_missing_can_be_its_lowest_or_its_highest(scale):
    scores = {"falling_asleep": 1, "waking_early": 3, "mood": None, "appetite": 2}
    assert not said(scale, **scores, total=6)
    assert not said(scale, **scores, total=12)
    assert said(scale, **scores, total=5) == [
        "total is 5, but the 2 items that are there allow 6 to 12; correct the total or the item "
        "that is wrong."
    ]


def test_half_of_a_pair_is_not_the_highest_of_it(scale):
    scores = {"falling_asleep": 1, "waking_early": None, "mood": 4, "appetite": 0}
    assert not said(scale, **scores, total=7)
    assert said(scale, **scores, total=9)


def test_a_setting_that_is_not_known_and_one_that_belongs_to_the_study(tmp_path):
    for bad, named in (("itms: [mood]", "itms"), ("visits: [a]", "visits")):
        path = tmp_path / "bad.yaml"
        path.write_text(SCALE.replace("with: {total: total, items", f"with: {{{bad}, items"))
        with pytest.raises(SchemaError, match=named):
            check_table(pd.DataFrame({"participant_id": ["P01"], "visit": ["a"]}), path)
