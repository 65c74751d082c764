"""Rating scales beside the MADRS: one table each, and a study that responds on them."""

import pandas as pd
import pytest

from ketbio.endpoints import derive_response, derive_scale_total
from ketbio.errors import StudyError
from ketbio.report.bibliography import known_keys
from ketbio.report.methods import describe_methods
from ketbio.study import analyse_study, read_study
from ketbio.tables import check_table, load_schema, render_schema, schema_names
from ketbio.tables.forms.scale_words import scale_sentences
from ketbio.vocabulary import ALL_SCALES, SAFETY_SCALES, SCALE_OF_TABLE, SCALES

# The ranges and cut-offs as their sources give them, typed again: floor, ceiling, remission.
PUBLISHED = {
    "MADRS": (0, 60, 10),
    "HAM-D17": (0, 52, 7),
    "CDRS-R": (17, 113, 28),
    "QIDS-SR16": (0, 27, 5),
    "BDI-II": (0, 63, 13),
    "YMRS": (0, 60, 12),
    "C-SSRS": (0, 5, None),
    "CADSS": (0, 92, None),
}


def test_ranges_and_cut_offs_are_the_published_ones():
    found = {
        name: (scale.floor, scale.ceiling, getattr(scale, "remission_at_or_below", None))
        for name, scale in ALL_SCALES.items()
    }
    assert found == PUBLISHED


@pytest.mark.parametrize("scale", ALL_SCALES.values(), ids=ALL_SCALES)
def test_a_scale_and_its_table_agree(scale):
    assert SCALE_OF_TABLE[scale.table] == scale.name
    assert scale.table in schema_names()
    total = load_schema(scale.table).columns[scale.total]
    assert (total.minimum, total.maximum, total.type) == (scale.floor, scale.ceiling, "integer")
    assert set(scale.references) <= known_keys()


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_every_cut_off_lies_inside_and_has_a_source_that_the_bibliography_knows(scale):
    cuts = {scale.remission_at_or_below: scale.remission_source, **scale.remission_alternatives}
    for cut, key in cuts.items():
        assert scale.floor < cut < scale.ceiling
        assert not key or key in known_keys()
        assert scale.cut_off_source(cut) == ((key,) if key else ())
    bands = [lowest for lowest, _ in scale.severity_bands]
    assert bands == sorted(bands)
    assert not bands or bands[0] == scale.floor


@pytest.mark.parametrize("scale", ALL_SCALES.values(), ids=ALL_SCALES)
def test_totals_outside_the_scale_are_refused_and_its_ends_are_not(scale):
    totals = [scale.floor - 1, scale.floor, scale.ceiling, scale.ceiling + 1, scale.floor + 0.5]
    ratings = pd.DataFrame(
        {
            "participant_id": [f"P{number}" for number in range(5)],
            "visit": "baseline",
            scale.total: [str(total) for total in totals],
        }
    )
    check = check_table(ratings, scale.table)
    assert check.accepted[scale.total].tolist() == [scale.floor, scale.ceiling]
    assert len(check.accepted) + len(check.rejected) == 5
    assert (
        f"allowed: a whole number from {scale.floor} to {scale.ceiling}." in check.sentences()[-1]
    )


@pytest.mark.parametrize("table", [scale.table for scale in ALL_SCALES.values()])
def test_both_of_two_ratings_of_a_visit_are_kept_out(table):
    scale = ALL_SCALES[SCALE_OF_TABLE[table]]
    twice = pd.DataFrame(
        {"participant_id": ["P01"] * 2, "visit": ["a"] * 2, scale.total: ["20"] * 2}
    )
    if scale.ceiling < 20:
        twice[scale.total] = "2"
    assert check_table(twice, table).rejected["row"].tolist() == [2, 3]


def test_ideation_with_intent_is_a_safety_complaint_and_no_reason_to_reject():
    ratings = pd.DataFrame(
        {
            "participant_id": ["P01", "P02", "P02", "P03", "P03"],
            "visit": ["first", "first", "second", "first", "second"],
            "cssrs_ideation": ["4", "0", "2", "3", "3"],
            "cssrs_intensity": ["18", "", "5", "9", "10"],
        }
    )
    check = check_table(ratings, "cssrs", visits=["first", "second"])
    flagged = check.complaints[check.complaints["severity"] == "safety"]
    assert sorted(flagged["row"]) == [2, 4]  # intent, and a rise by two
    assert len(check.accepted) == 5
    assert check.ok


def test_the_dictionary_tells_the_cut_offs_of_a_scale():
    assert scale_sentences("hamd17")[2] == (
        "Remission: 7 points or less (Frank 1991); also in use: 4 or less (Sawamura 2018) and 6 or "
        "less (Riedel 2010)."
    )
    assert "a convention of trials" in render_schema("ymrs")
    assert "no remission" in render_schema("cadss", format="html")
    assert scale_sentences("bdnf") == []


# -- a study ---------------------------------------------------------------------------------
STUDY = """[study]
id = "small"
title = "A small study"

[visits]
order = ["baseline", "day_14"]
baseline = "baseline"
endpoint = "day_14"

[tables.participants]
file = "participants.csv"

[tables.{table}]
file = "ratings.csv"

[tables.imaging]
file = "imaging.csv"
schema = "markers"

[response]
scale = "{scale}"

[markers.entropy]
from = "imaging"
unit = "nats"

[[analyses]]
kind = "compare_visits"
markers = ["{scale}"]

[[analyses]]
kind = "compare_responders"
markers = ["entropy"]

[[analyses]]
kind = "correlate_changes"
markers = ["entropy"]
"""
PEOPLE = [f"P{number:02}" for number in range(1, 9)]


@pytest.fixture
def scale_study(tmp_path):
    """Write a study whose ratings are of one scale; return the path of its file."""

    def write(scale, before, after, text=STUDY):
        total = ALL_SCALES[scale].total
        ids = "".join(f"{one}\n" for one in PEOPLE)
        rows = [
            (one, visit, values[place])
            for visit, values in (("baseline", before), ("day_14", after))
            for place, one in enumerate(PEOPLE)
        ]
        lines = "".join(f"{one},{visit},{value}\n" for one, visit, value in rows)
        noise = "".join(
            f"{one},{visit},{1 + (7 * place) % 5 / 10 + (visit == 'day_14') * place / 10}\n"
            for visit in ("baseline", "day_14")
            for place, one in enumerate(PEOPLE)
        )
        (tmp_path / "participants.csv").write_text(f"participant_id\n{ids}")
        (tmp_path / "ratings.csv").write_text(f"participant_id,visit,{total}\n{lines}")
        (tmp_path / "imaging.csv").write_text(f"participant_id,visit,entropy\n{noise}")
        path = tmp_path / "study.toml"
        path.write_text(text.format(scale=scale, table=ALL_SCALES[scale].table))
        return path

    return write


@pytest.mark.parametrize(
    ("scale", "before", "after", "expected"),
    [
        # half of the baseline: 11 of 22 responds, 12 of 22 does not; remission at 7
        ("HAM-D17", [22, 22, 24, 20, 26, 30, 28, 24], [11, 12, 7, 8, 25, 30, 20, 6], (4, 2)),
        # half of (baseline − 17): from 57 to 37 responds (20 of 40), to 38 does not; at 28
        ("CDRS-R", [57, 57, 61, 45, 77, 65, 59, 60], [37, 38, 28, 29, 70, 60, 40, 17], (4, 2)),
        ("QIDS-SR16", [16, 16, 18, 20, 17, 22, 19, 15], [8, 9, 5, 6, 15, 20, 12, 4], (4, 2)),
    ],
)
def test_a_study_responds_on_any_outcome_scale(scale_study, scale, before, after, expected):
    responders, remitters = expected
    run = analyse_study(read_study(scale_study(scale, before, after)))
    assert int(run.response["is_responder"].sum()) == responders
    assert int(run.response["is_remitter"].sum()) == remitters
    rate = next(one for one in run.results if one.analysis == "summarise_response")
    assert (rate.marker, rate.statistic) == (scale, responders)
    assert SCALES[scale].references[0] in rate.references
    correlation = next(one for one in run.results if one.analysis == "correlate_changes")
    assert f"against the change of {scale}" in correlation.outcome
    assert run.flow["step"].tolist()[1:3] == [f"{scale} at baseline", f"{scale} at day_14"]
    told = "\n".join(describe_methods(run.results, run.study))
    source = SCALES[scale].remission_source
    assert f"[@{source}]" in told
    assert "a convention of trials" not in told


def test_the_floor_of_the_cdrsr_is_taken_off_by_hand():
    totals = derive_scale_total(
        pd.DataFrame(
            {"participant_id": ["P01"] * 2, "visit": ["a", "b"], "cdrsr_total": [57.0, 37.0]}
        ),
        scale="CDRS-R",
    )
    table = derive_response(totals, baseline="a", endpoint="b", scale="CDRS-R")
    assert table.loc[0, "percent_reduction"] == 100 * 20 / 40
    assert table.loc[0, "response"] == "responder"


def test_another_scale_beside_the_response_scale_is_not_called_circular(scale_study, tmp_path):
    values = ([22, 22, 24, 20, 26, 30, 28, 24], [11, 12, 7, 8, 25, 30, 20, 6])
    more = STUDY.replace("[response]", '[tables.ymrs]\nfile = "mania.csv"\n\n[response]').replace(
        'kind = "compare_responders"\nmarkers = ["entropy"]',
        'kind = "compare_responders"\nmarkers = ["YMRS", "{scale}"]',
    )
    path = scale_study("HAM-D17", *values, text=more)
    lines = [f"{one},{v},{n}" for v in ("baseline", "day_14") for n, one in enumerate(PEOPLE)]
    (tmp_path / "mania.csv").write_text("participant_id,visit,ymrs_total\n" + "\n".join(lines))
    found = [one for one in analyse_study(read_study(path)).results if one.groups[0] == "responder"]
    circular = {one.marker: any("this very scale" in w for w in one.warnings) for one in found}
    assert circular == {"YMRS": False, "HAM-D17": True, "entropy": False}


def test_a_response_scale_without_its_table_is_refused(scale_study):
    text = STUDY.replace('scale = "{scale}"\n\n[markers', 'scale = "MADRS"\n\n[markers')
    with pytest.raises(StudyError) as refused:
        read_study(scale_study("HAM-D17", [22] * 8, [10] * 8, text=text))
    assert (
        "compare_responders needs [tables.madrs] for the response on the MADRS; add it, or set "
        "scale = 'HAM-D17' in [response]."
    ) in str(refused.value)


def test_a_safety_scale_has_no_response(scale_study):
    assert not set(SAFETY_SCALES) & set(SCALES)
    with pytest.raises(StudyError, match=r"scale is 'CADSS'; allowed: 'MADRS', 'HAM-D17'"):
        read_study(scale_study("CADSS", [22] * 8, [10] * 8))


def test_the_real_hamd17_trial_reads_as_a_table(study_data):
    trial = pd.read_csv(study_data("hamd17_trial") / "antidepressant_data.csv", dtype=str)
    check = check_table(
        trial,
        "hamd17",
        columns={"participant_id": "PATIENT", "visit": "VISIT", "hamd17_total": "HAMDTL17"},
        ignore=[name for name in trial if name not in ("PATIENT", "VISIT", "HAMDTL17")],
    )
    assert check.ok
    assert len(check.accepted) == len(trial) == 608
