"""Densitometry tables of Image Lab, ImageJ and LI-COR: bands, keys, what is not there."""

import pandas as pd
import pytest

from ketbio.endpoints import derive_band_ratio
from ketbio.errors import FileError, SchemaError
from ketbio.tables import check_large_table, check_table

LANES = (
    "lane,participant_id,visit,condition,replicate,role,load_amount",
    "1,,,,,ladder,",
    "2,P01,baseline,basal,1,,",
    "3,P01,baseline,insulin,1,sample,",
    "4,,,,,reference,",
)
PHOSPHO = {"target": "mTOR", "form": "phospho", "site": "S2448"}
TOTAL = {"target": "mTOR", "form": "total"}


@pytest.fixture
def check(csv_file):
    """Return a function: a table as a program wrote it → the check."""

    def checked(source, bands, lanes=LANES, **options):
        key = csv_file(*lanes, name="lanes.csv")
        how = {"lanes": key, "bands": bands, "gel": "G1", **options}
        return check_table(source, "blots", densitometry={k: v for k, v in how.items() if v})

    return checked


def shown(check, *names):
    return check.accepted[list(names)].astype("object").where(lambda f: f.notna(), "").to_numpy()


def image_lab(**changed):
    """Two bands in each of the lanes 2, 3 and 4, and one in the ladder's."""
    columns = {
        "Lane": ["1", "2", "2", "3", "3", "4", "4"],
        "Band No.": ["1", "1", "2", "1", "2", "1", "2"],
        "Mol. Wt. (KDa)": ["250"] * 7,
        "Rel. Front": ["0.1"] * 7,
        "Adj. Volume (Int)": ["9", "410.5", "900", "820", "900", "400", "800"],
        "Volume (Int)": ["99", "500", "990", "910", "990", "490", "890"],
    }
    return pd.DataFrame(columns | changed)


BY_NUMBER = {"1": PHOSPHO, "2": TOTAL}


def test_image_lab_by_band_number(check):
    made = check(image_lab(), BY_NUMBER)
    assert made.ok
    names = ("gel_id", "lane", "participant_id", "condition", "role", "form", "site", "intensity")
    assert shown(made, *names).tolist() == [
        ["G1", "2", "P01", "basal", "sample", "phospho", "S2448", 410.5],
        ["G1", "2", "P01", "basal", "sample", "total", "", 900],
        ["G1", "3", "P01", "insulin", "sample", "phospho", "S2448", 820],
        ["G1", "3", "P01", "insulin", "sample", "total", "", 900],
        ["G1", "4", "", "", "reference", "phospho", "S2448", 400],
        ["G1", "4", "", "", "reference", "total", "", 800],
    ]
    assert made.accepted["background"].tolist() == [0] * 6
    for note in (
        "Densitometry of Image Lab (found by its columns; set kind if it is another).",
        "Adj. Volume (Int) read as intensity: background was taken off by Image Lab.",
        "1 band of lanes without a sample left out.",
        "Columns not read: Mol. Wt. (KDa), Rel. Front and Volume (Int).",
    ):
        assert note in made.notes
    value = derive_band_ratio(made.accepted, marker="p_mTOR_S2448", scale="ratio")["value"].iloc[0]
    assert value == pytest.approx(820 / 410.5)


def test_the_row_of_the_file_is_named(check, csv_file):
    frame = image_lab(**{"Adj. Volume (Int)": ["9", "410.5", "900", "-7", "900", "400", "dark"]})
    lines = [",".join(frame.columns), *(",".join(row) for row in frame.to_numpy())]
    made = check(csv_file("", *lines, name="gel.csv"), BY_NUMBER)
    found = made.complaints.set_index("row")["message"].to_dict()
    assert set(found) >= {6, 9}
    assert found[6].startswith("intensity -7 minus background 0 is -7")
    assert "dark" in found[9]
    # The band below its background stays, and has no ratio.
    reason = derive_band_ratio(made.accepted, marker="p_mTOR_S2448")["reason"].iloc[0]
    assert reason == "insulin: phospho band not above background (gel G1 lane 3)"


def test_band_labels_go_before_numbers_and_saturated_pixels_make_a_flag(check):
    more = {
        "Band Label": ["", *["p-mTOR", "mTOR"] * 3],
        "Saturated Pixels": ["0", "0", "0", "0", "0", "12", "0"],
    }
    frame = image_lab(**more).drop(index=[3]).reset_index(drop=True)
    made = check(frame, {"p-mTOR": PHOSPHO, "mTOR": TOTAL})
    assert made.accepted["form"].tolist() == ["phospho", "total", "total", "phospho", "total"]
    assert made.accepted["is_saturated"].tolist() == [False, False, False, True, False]


def test_raw_volumes_are_read_only_when_asked_for(check):
    raw = image_lab().drop(columns="Adj. Volume (Int)")
    with pytest.raises(FileError) as refused:
        check(raw, BY_NUMBER)
    assert "only 'Volume (Int)'; export them, or set background = \"none\"" in str(refused.value)
    made = check(raw, BY_NUMBER, background="none")
    assert made.accepted["intensity"].iloc[0] == 500
    assert "Volume (Int) read as intensity: no background is taken off." in made.notes


def test_licor_by_channel(check):
    table = pd.DataFrame(
        {
            "Image Name": ["0001_01"] * 4,
            "Channel": ["700", "800"] * 2,
            "Name": ["Lane 02", "Lane 02", "Lane 03", "Lane 03"],
            "Signal": ["1000", "20.5", "900", "-3"],
            "Total": ["1200", "80", "1100", "60"],
            "Area": ["50"] * 4,
            "Bkgnd.": ["4", "1.19", "4", "1.26"],
            "Trim Signal": ["1000", "20", "900", "0"],
        }
    )
    made = check(table, {"700": TOTAL, "800": PHOSPHO})
    assert shown(made, "lane", "form", "intensity", "background").tolist() == [
        ["2", "total", 1000, 0], ["2", "phospho", 20.5, 0],
        ["3", "total", 900, 0], ["3", "phospho", -3, 0],
    ]  # fmt: skip
    assert made.complaints["rule"].tolist() == ["above_background"]
    assert made.ok
    assert "Gel G1 lane 4 has no band 700 and 800." in made.notes


def test_licor_shapes_are_named_by_the_lane_key(check):
    table = pd.DataFrame(
        {
            "Channel": ["700", "800"], "Name": ["00000001", "00000002"],
            "Display Name": ["", "B"], "Signal": ["10", "20"], "Bkgnd.": ["1", "1"],
        }
    )  # fmt: skip
    lanes = (
        "lane,name,participant_id,visit",
        "7,1,P01,baseline",
        "7,B,P01,baseline",
    )
    made = check(table, {"700": TOTAL, "800": PHOSPHO}, lanes=lanes)
    assert made.ok
    assert made.accepted["lane"].tolist() == ["7", "7"]


def imagej(*labels, **changed):
    columns = {
        " ": [str(i) for i in range(1, len(labels) + 1)],
        "Label": list(labels),
        "Area": ["100"] * len(labels),
        "Mean": [str(10 * i) for i in range(1, len(labels) + 1)],
        "IntDen": [str(1000 * i) for i in range(1, len(labels) + 1)],
        "RawIntDen": ["1"] * len(labels),
    }
    return pd.DataFrame(columns | changed)


BY_IMAGE = {"pmTOR": PHOSPHO, "mTOR.tif": TOTAL}


def test_imagej_takes_off_the_background_of_the_image(check):
    labels = ("pmTOR.tif:2", "pmTOR.tif:3", "pmTOR.tif:bg", "mTOR.tif:bg_1", "mTOR.tif:bg_2",
              "mTOR.tif:Lane 2", "mTOR.tif:Lane 3")  # fmt: skip
    made = check(imagej(*labels), BY_IMAGE)
    assert made.ok
    # pmTOR: mean 30 × area 100; mTOR: mean of 40 and 50
    assert shown(made, "lane", "form", "intensity", "background").tolist() == [
        ["2", "phospho", 1000, 3000], ["3", "phospho", 2000, 3000],
        ["2", "total", 6000, 4500], ["3", "total", 7000, 4500],
    ]  # fmt: skip
    assert made.accepted["participant_id"].tolist() == ["P01"] * 4


def test_imagej_regions_may_name_the_band_and_have_a_background_by_lane(check):
    labels = ("2_pmTOR", "2 mTOR", "2_bg", "3_pmTOR", "3_mTOR", "3_bg")
    made = check(imagej(*labels), {"pmTOR": PHOSPHO, "mTOR": TOTAL})
    assert made.accepted["background"].tolist() == [3000, 3000, 6000, 6000]
    assert made.accepted["form"].tolist() == ["phospho", "total"] * 2


def test_imagej_without_a_background_region_is_refused(check):
    with pytest.raises(FileError) as refused:
        check(imagej("pmTOR.tif:2", "mTOR.tif:2", "mTOR.tif:bg"), BY_IMAGE)
    assert "no region of background for 'pmTOR.tif:2' (row 2): call one 'bg'" in str(refused.value)
    made = check(imagej("pmTOR.tif:2", "mTOR.tif:2"), BY_IMAGE, background="none")
    assert "IntDen read as intensity: no background is taken off." in made.notes
    with pytest.raises(FileError, match="Area or Mean is no number"):
        check(imagej("2_pmTOR", "bg", Mean=["1", ""]), {"pmTOR": PHOSPHO})


def test_the_gel_analyser_goes_lane_by_lane(check):
    peaks = pd.DataFrame({" ": ["1", "2", "3"], "Area": ["100.5", "200", "50"]})
    made = check(peaks, {"actin": {"target": "actin", "form": "loading"}})
    assert shown(made, "lane", "target", "intensity").tolist() == [
        ["2", "actin", 100.5], ["3", "actin", 200], ["4", "actin", 50],
    ]  # fmt: skip
    with pytest.raises(FileError) as refused:
        check(peaks, BY_NUMBER)
    assert "has 3 peaks, which know no lane; the lane key has 3 lanes and bands names 2" in str(
        refused.value
    )


def test_the_gel_analyser_goes_by_the_lanes_as_the_densitometry_calls_them(check):
    # the lane that was loaded as 3 was measured as 5, the one loaded as 5 as 3
    lanes = ("lane,name,participant_id,visit", "3,5,P01,baseline", "5,3,P02,baseline")
    peaks = pd.DataFrame({" ": ["1", "2"], "Area": ["100", "200"]})
    made = check(peaks, {"actin": {"target": "actin", "form": "loading"}}, lanes=lanes)
    assert shown(made, "lane", "participant_id", "intensity").tolist() == [
        ["3", "P01", 100], ["5", "P02", 200],
    ]  # fmt: skip


def test_the_gel_analyser_leaves_out_a_lane_however_it_is_written(check):
    peaks = pd.DataFrame({" ": ["1", "2"], "Area": ["100.5", "50"]})
    actin = {"actin": {"target": "actin", "form": "loading"}}
    made = check(peaks, actin, ignore_lanes=["Lane 03"])
    assert shown(made, "lane", "intensity").tolist() == [["2", 100.5], ["4", 50]]


def test_several_gels_in_one_table(check):
    lanes = (
        "gel_id,lane,participant_id,visit",
        "G1,2,P01,baseline", "G2,2,P02,baseline", "G2,3,P03,baseline",
    )  # fmt: skip
    labels = ("one.tif:2_mTOR", "two.tif:2_mTOR", "two.tif:3_mTOR")
    made = check(
        imagej(*labels), {"mTOR": TOTAL}, lanes=lanes, gel="", background="none",
        gels={"one": "G1", "two.tif": "G2"},
    )  # fmt: skip
    assert shown(made, "gel_id", "participant_id").tolist() == [
        ["G1", "P01"], ["G2", "P02"], ["G2", "P03"],
    ]  # fmt: skip
    with pytest.raises(FileError, match=r"The gel of row 2 \(lane '2'\) is not named; set gel"):
        check(imagej(*labels), {"mTOR": TOTAL}, lanes=lanes, gel="", background="none")


def test_a_lane_or_band_of_neither_key_is_an_error_that_names_it(check):
    frame = image_lab(**{"Lane": ["1", "2", "2", "3", "3", "7", "7"],
                         "Band No.": ["1", "1", "2", "2", "3", "1", "2"]})  # fmt: skip
    made = check(frame, BY_NUMBER)
    assert not made.ok
    told = sorted(one for one in made.sentences("error") if "does not name" in one)
    assert "The band is '3', which bands does not name (1 row: row 6)." in told[0]
    assert (
        "The lane is '7', which the lane key lanes.csv does not name (2 rows: rows 7 and 8)."
        in told[1]
    )
    left_out = check(frame, BY_NUMBER, ignore_bands=["3"], ignore_lanes=["7"])
    assert left_out.ok
    assert "3 bands left out, as asked for." in left_out.notes
    assert "Gel G1 lane 3 has no band 1." in left_out.notes


def test_a_band_that_stands_twice_is_named(check):
    twice = pd.concat([image_lab(), image_lab().iloc[[1]]], ignore_index=True)
    made = check(twice, BY_NUMBER)
    assert made.rejected["row"].tolist() == [3, 9]
    assert set(made.complaints["rule"]) == {"one_band"}


def test_a_file_of_rejected_rows_comes_back(check, tmp_path, csv_file):
    made = check(image_lab(**{"Volume (Int)": ["dark"] * 7}), BY_NUMBER, background="none")
    path = tmp_path / "rejected.csv"
    made.rejected.to_csv(path, index=False)
    text = path.read_text("utf-8").replace("dark", "500")
    assert check(csv_file(*text.splitlines(), name="mended.csv"), BY_NUMBER).ok


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bands": BY_NUMBER}, "densitometry lacks 'lanes'"),
        ({"lanes": "lanes.csv"}, "densitometry lacks 'bands'"),
        ({"lanes": "lanes.csv", "bands": {}}, "bands is {}; a table per band is wanted"),
        ({"lanes": "l", "bands": {"1": {"target": "mTOR"}}}, "bands.1 lacks 'form'"),
        ({"lanes": "l", "bands": {"1": {"protein": "x"}}}, "a word of bands.1 is 'protein'"),
        ({"lanes": "l", "bands": BY_NUMBER, "kind": "imagelab"}, "Did you mean 'image_lab'?"),
        ({"lanes": "l", "bands": BY_NUMBER, "lane": "x"}, "option is 'lane'"),
        ({"lanes": 5, "bands": BY_NUMBER}, "lanes is 5; text is wanted"),
        ({"lanes": "l", "bands": BY_NUMBER, "ignore_lanes": [1]}, "a list of text is wanted"),
        ({"lanes": "l", "bands": BY_NUMBER, "gels": {"a": 1}}, "text = text is wanted"),
    ],
)
def test_words_that_cannot_be_used(options, said):
    with pytest.raises(SchemaError) as refused:
        check_table(image_lab(), "blots", densitometry=options)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("lanes", "said"),
    [
        (("lane,patient", "1,P01"), "the lane key lanes.csv: a column is 'patient'"),
        (("participant_id,visit", "P01,baseline"), "lanes.csv has no column 'lane'"),
        (("lane,role", "1,", "Lane 01,"), "has lane Lane 01 twice (rows 2 and 3)"),
        (("lane,role", "1,", ",sample"), "row 3: lane is empty"),
    ],
)
def test_lane_keys_that_cannot_be_used(check, lanes, said):
    with pytest.raises(FileError) as refused:
        check(image_lab(), BY_NUMBER, lanes=lanes)
    assert said in str(refused.value)


def test_other_tables_and_other_schemas_are_refused(check, csv_file):
    with pytest.raises(FileError, match="does not look like a table of Image Lab"):
        check(pd.DataFrame({"Well": ["A1"], "OD": ["1"]}), BY_NUMBER)
    with pytest.raises(FileError, match="has no column 'Signal', which a table of LI-COR has"):
        check(image_lab(), BY_NUMBER, kind="licor")
    options = {"lanes": csv_file(*LANES), "bands": BY_NUMBER}
    with pytest.raises(FileError, match="the schema madrs has no column 'gel_id'"):
        check_table(image_lab(), "madrs", densitometry=options)
    with pytest.raises(SchemaError, match="adam and densitometry are both given"):
        check_table(image_lab(), "blots", densitometry=options, adam={"parameters": {}})
    path = csv_file("Lane,Volume (Int)", "1,5", name="large.csv")
    with pytest.raises(SchemaError, match="densitometry table is checked as a whole"):
        check_large_table(path, "blots", densitometry=options)
