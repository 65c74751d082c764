"""No label lies over another or outside the page, at the presets that are hardest on labels.

``frontiers_single`` has 85 mm and nothing smaller than 8 pt, ``poster`` the largest type on the
largest page. The figures of the bench are in
``bench/test_bench_layout.py``, families, courses and flows in ``test_every_kind.py``, and many
more cases at 85 mm in ``test_layout.py``.
"""

from dataclasses import replace

import pytest
from matplotlib.figure import Figure

from ketbio.errors import FigureError
from ketbio.figures import STYLES, draw

TIGHTEST = "frontiers_single"
KINDS = ["estimation_null", "slopes", "scatter", "waterfall"]
HARD = ["estimation_long", "slopes_forty", "waterfall_long_ids"]
NAMES = {
    "sixty": "phospho_S6_ribosomal_protein_Ser235_236_to_total_in_PBMC_$x_1",
    "chinese": "血清脑源性神经营养因子浓度（酶联免疫吸附测定法）",
    "arabic": "عامل التغذية العصبية المشتق من الدماغ في المصل",
    "markup": r"<script>alert(1)</script> $\frac{1}{2}$ %&_^{}#~ 🙂",
}


def test_the_tightest_preset_is_the_tightest():
    per_point = {name: style.width_mm / style.small_pt for name, style in STYLES.items()}
    assert min(per_point, key=per_point.get) == TIGHTEST


@pytest.mark.parametrize(
    ("name", "style"),
    [*((name, TIGHTEST) for name in KINDS), ("estimation_null", "poster")],
)  # fmt: skip
def test_every_kind_at_the_extreme_presets(drawn, text_faults, name, style):
    assert text_faults(drawn(name, style)) == []


@pytest.mark.parametrize("name", HARD)
def test_hard_cases_at_the_tightest_preset(drawn, text_faults, name):
    assert text_faults(drawn(name, TIGHTEST)) == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [("sixty", "slopes"), ("chinese", "estimation_null"), ("arabic", "waterfall"),
     ("markup", "estimation_null")],
)  # fmt: skip
def test_any_name_at_the_tightest_preset(make, text_faults, name, kind):
    result = replace(make[kind](), marker="x", label=NAMES[name])
    assert text_faults(draw(result, style=TIGHTEST, note="Simulated data")) == []


def test_the_helper_finds_what_overlaps_or_is_clipped(text_faults):
    figure = Figure(figsize=(2, 2))
    for word in ("one", "two", "three", "four"):
        figure.text(0.4, 0.5, word)
    figure.text(0.95, 0.1, "outside")
    faults = text_faults(figure)
    assert sum(fault.startswith("over: ") for fault in faults) == 6
    assert sum(fault.startswith("outside: ") for fault in faults) == 1


def test_a_figure_that_cannot_be_drawn_is_refused_at_any_preset(make):
    empty = replace(make["slopes"](), data=make["slopes"]().data.iloc[:0])
    with pytest.raises(FigureError, match="has no rows, so there is nothing to draw"):
        draw(empty, style=TIGHTEST)
