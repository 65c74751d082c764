"""Exports of the bench to be fuzzed: plates, what their wells hold, bands."""

import tempfile
from pathlib import Path

from reading_laws import assert_sentence

from ketbio.errors import KetbioError
from ketbio.tables import check_table

WORK = Path(tempfile.mkdtemp(prefix="ketbio-fuzz-bench-"))
WELLS = [f"{row}{column}" for row in "ABCDEFGH" for column in range(1, 13)]
HEAD = ",".join(["PL1", *(str(column) for column in range(1, 13))])
LAYOUT_WORDS = (
    "STD 500 pg/mL", "STD250", "STD 0.5 ng/mL", "BLANK", "QC low", "QC high = 0.5 ng/mL",
    "P01 baseline", "P01|day 14|1:10", "P02 baseline x10", "P02 baseline spike 5 pg/mL",
    "P03 baseline [masked: air bubble]", "S1", "500", "C4", "EMPTY", "-", "STD 1,000", "",
)  # fmt: skip
WORDS = (
    *filter(None, LAYOUT_WORDS), "##BLOCKS= 1", "Plate:", "Group: Standards", "~End", "<>",
    "Software Version", "Well ID", "Conc/Dil", "OVRFLW", "****", "450", "620", "Lane",
    "Adj. Volume (Int)", "RawIntDen", "Channel", "Signal", "Bkgnd.", "ladder", "reference",
    "phospho", "total",
)  # fmt: skip
LANES = (
    "lane,participant_id,visit,condition,replicate,role\n1,,,,,ladder\n2,P01,baseline,basal,1,\n"
    "3,P01,baseline,insulin,1,sample\n4,,,,,reference\n"
)
BANDS = {
    "1": {"target": "mTOR", "form": "phospho", "site": "S2448"},
    "2": {"target": "mTOR", "form": "total"},
}


def held(name: str, content: bytes, schema: str, **how: object) -> None:
    """Check a file; a sentence is fine, a lost record or a traceback is not."""
    path = WORK / name
    path.write_bytes(content)
    try:
        check = check_table(path, schema, **how)  # type: ignore[arg-type]
    except KetbioError as error:
        assert_sentence(error)
        return
    assert len(check.accepted) + len(check.rejected) == check.n_incoming, "a record was lost"
    assert len(check.accepted) == int(check.kept.sum()), "a record is accepted and rejected"
    assert "Traceback" not in "".join(check.sentences()), "a traceback inside a sentence"


def plates(data: bytes) -> None:
    """Read an export of any kind, by what stands in it or as it is told."""
    if not data:
        return
    options = (
        {},
        {"unit": "pg/mL"},
        {"layout": "groups", "unit": "pg/mL", "visit": "baseline"},
        {"unit": "ng/mL", "masked": ["A3"], "samples": {"Un1": "P01 baseline"}},
    )[data[0] % 4]
    held(("a.txt", "a.csv")[data[0] // 4 % 2], data[1:], "elisa_plates", plate=options)


def plate_layout(data: bytes) -> None:
    """Put text into the wells of a layout beside readings that are well formed."""
    cells = [cell.replace('"', '""') for cell in data.decode("utf-8", "replace").split("\n")]
    cells = [*cells, *[""] * 96][:96]
    rows = [
        "ABCDEFGH"[n] + "".join(f',"{one}"' for one in cells[12 * n : 12 * n + 12])
        for n in range(8)
    ]
    (WORK / "layout.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    options = {"layout": str(WORK / "layout.csv"), "unit": "pg/mL"}
    held("readings.csv", readings().encode(), "elisa_plates", plate=options)


def readings() -> str:
    """Return a grid of readings."""
    rows = (
        f"{row}," + ",".join(f"{0.05 * column:.2f}" for column in range(1, 13))
        for row in "ABCDEFGH"
    )
    return "\n".join([HEAD, *rows]) + "\n"


def densitometry(data: bytes) -> None:
    """Read a table of bands with a lane key that is well formed, or the other way round."""
    if not data:
        return
    is_key = data[0] % 2
    lanes = data[1:] if is_key else LANES.encode()
    (WORK / "lanes.csv").write_bytes(lanes)
    bands = image_lab().encode() if is_key else data[1:]
    options = {"lanes": str(WORK / "lanes.csv"), "bands": BANDS, "gel": "G1"}
    held("bands.csv", bands, "blots", densitometry=options)


def image_lab() -> str:
    """Return a table of two bands in each of three lanes."""
    lines = ["Lane,Band No.,Mol. Wt. (KDa),Rel. Front,Volume (Int),Adj. Volume (Int)"]
    for lane in (2, 3, 4):
        lines += [f"{lane},{band},250,0.1,{500 * band},{450 * band}" for band in (1, 2)]
    return "\n".join(lines) + "\n"


TITLE = (
    "Plate:", "Plate1", "1.3", "TimeFormat", "Endpoint", "Absorbance", "Raw", "FALSE", "1", "", "",
    "", "", "", "2", "450 620 ", "1", "12", "96", "1", "8",
)  # fmt: skip
"""The title line of a plate in an export of SoftMax Pro."""


def softmax() -> str:
    """Return an export of one plate at two wavelengths, with its groups."""
    lines = [
        "##BLOCKS= 3",
        "\t".join(TITLE),
        "\t".join(["", "Temperature(C)", *WELLS]),
        "\t".join(["", "25.1", *(f"{0.02 * n:.2f}" for n in range(1, 97))]),
        "",
        "\t".join(["", "25.1", *["0.04"] * 96]),
        "~End",
        "Group: Standards",
        "Sample\tConcentration pg/mL\tWells\tValue",
        *(f"{n}\t{1000 / 2**n}\t{'ABCDEF'[n]}1\t0.5" for n in range(6)),
        "~End",
        "Group: Unknowns",
        "Sample\tWells\tValue\tDilution",
        "Un1\tA3\t0.5\t10",
        "~End",
    ]  # fmt: skip
    return "\r\n".join(lines) + "\r\n"


TARGETS = (plates, plate_layout, densitometry)


def seeds(name: str) -> list[bytes]:
    """Return what a target starts from."""
    both = readings() + "\nlayout\n" + readings()
    return {
        "plates": [
            bytes([n]) + text.encode() for n in range(8) for text in (softmax(), readings(), both)
        ],
        "plate_layout": [
            "\n".join(LAYOUT_WORDS).encode(),
            *(word.encode() for word in LAYOUT_WORDS),
        ],
        "densitometry": [b"\0" + image_lab().encode(), b"\1" + LANES.encode()],
    }[name]
