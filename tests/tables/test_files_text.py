"""Text files: encoding, delimiter, decimal mark, header; what is found is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketbio.errors import FileError, SchemaError
from ketbio.tables import check_table
from ketbio.tables.files.decimals import found_decimal
from ketbio.tables.files.delimited import found_delimiter, parse_delimited
from ketbio.tables.files.encodings import decode_text
from ketbio.tables.files.source import read_source


def refused(path, **how):
    with pytest.raises(FileError) as caught:
        read_source(path, **how)
    return str(caught.value)


# -- encoding ------------------------------------------------------------------------------------
PORTUGUESE = "Id;Depressão_resistente;Medicação\n1;não;sertralina\n2;sim;fluoxetina\n"
GERMAN = "Patient;Größe;Straße\n1;Müller;Köln\n2;Jäger;Düsseldorf\n"
FRENCH = "identifiant;âge;prénom\n1;12;déjà\n2;13;élève\n"
POLISH = "uczestnik;wiek;miasto\n1;12;Łódź\n2;13;Gdańsk\n"
SYMBOLS = "id;dose_µg;temp\nP01;12;37°C\nP02;13;m²\n"
RUSSIAN = "участник;возраст\n1;12\n2;Москва\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (PORTUGUESE, "cp1252"), (PORTUGUESE, "cp850"), (GERMAN, "cp1252"), (FRENCH, "cp1252"),
        (FRENCH, "mac_roman"), (FRENCH, "cp850"), (POLISH, "cp1250"), (SYMBOLS, "cp1252"),
    ],
)  # fmt: skip
def test_an_older_encoding_is_found_and_said(text, encoding):
    decoded = decode_text(text.encode(encoding), "a.csv")
    assert decoded.text == text
    assert decoded.how == f"{encoding.upper()} (found; no UTF-8)"


@pytest.mark.parametrize(
    ("encoding", "how"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16 (found by its byte-order mark)"),
        ("utf-32", "UTF-32 (found by its byte-order mark)"),
        ("utf-16-le", "UTF-16-LE (found; no byte-order mark)"),
        ("utf-16-be", "UTF-16-BE (found; no byte-order mark)"),
    ],
)
def test_unicode_is_found_and_said(encoding, how):
    decoded = decode_text(FRENCH.encode(encoding), "a.csv")
    assert (decoded.text, decoded.how) == (FRENCH, how)


def test_the_note_names_encoding_and_delimiter(csv_file):
    path = csv_file("participant_id;site", "P01;Évora", "P02;São Paulo", encoding="cp1252")
    check = check_table(path, "participants")
    assert check.accepted["site"].tolist() == ["Évora", "São Paulo"]
    assert check.notes == (
        "Read as CP1252 (found; no UTF-8) with the semicolon as delimiter.",
        "1 word, such as in line 3, would read otherwise in CP1250: set encoding (--encoding on "
        "the command line) if letters look wrong.",
    )


@pytest.mark.parametrize(
    ("encoding", "city", "shown", "others"),
    [
        ("cp1250", "České", "Èeské", "CP1250, ISO8859_2 or CP1257"),
        ("cp1250", "Plzeňský", "Plzeòský", "CP1250, ISO8859_2, CP1254 or CP1257"),
        ("cp1254", "Işık", "Iþýk", "CP1250, ISO8859_2, CP1254 or CP1257"),
        ("cp1257", "Ģimene", "Ìimene", "CP1250, ISO8859_2 or CP1257"),
        ("iso8859_2", "Łódź", "£ód¼", "ISO8859_2"),
    ],
)
def test_letters_that_are_rare_in_the_west_are_a_guess_that_is_seen(
    csv_file, encoding, city, shown, others
):
    path = csv_file("participant_id;site", "P01;Bern", f"P02;{city}", encoding=encoding)
    check = check_table(path, "participants")
    assert check.accepted["site"].tolist() == ["Bern", shown]
    assert check.complaints[["row", "rule", "severity"]].to_numpy().tolist() == [
        [3, "encoding_guess", "warning"]
    ]
    assert check.complaints["message"].tolist() == [
        f"The file was taken as CP1252, which is a guess: look at row 3, {shown!r}. If its letters "
        f"are wrong, set encoding (--encoding on the command line), for instance to {others}."
    ]


@pytest.mark.parametrize(
    "word",
    [
        "São",
        "Évora",
        "MEDICAÇÕES",
        "Köln",
        "Ørsted",
        "Niño",
        "Orléans",
        "hôtel",
        "Größe",
        "août",
        "più",
        "naïf",
    ],
)
def test_letters_that_are_common_in_the_west_are_no_guess(csv_file, word):
    path = csv_file("participant_id;site", f"P01;{word}", encoding="cp1252")
    check = check_table(path, "participants")
    assert check.accepted["site"].tolist() == [word]
    assert not check.sentences()


def test_encodings_that_differ_are_for_the_caller_to_choose(csv_file):
    path = csv_file("participant_id;site", "P01;Év", "P02;São Paulo", encoding="mac_roman")
    assert refused(path) == (
        "table.csv is not UTF-8 and may be MAC_ROMAN or CP850, which differ in line 2: set "
        'encoding = "mac_roman" (--encoding mac_roman on the command line) or another of them, or '
        "save it as 'CSV UTF-8'."
    )
    assert read_source(path, encoding="mac_roman").rows[1] == ("P02", "São Paulo")


def test_another_script_is_never_taken_for_accented_letters():
    with pytest.raises(FileError) as caught:
        decode_text(RUSSIAN.encode("cp1251"), "a.csv")
    assert str(caught.value) == (
        "a.csv is not UTF-8 (line 1, column 1), and its encoding cannot be told; it may be CP1251: "
        "set encoding (--encoding on the command line), or save it as 'CSV UTF-8'."
    )


@given(st.text(max_size=60))
def test_utf_8_is_read_as_it_is(text):
    plain = text.replace("\0", "").removeprefix("\ufeff")
    assert decode_text(plain.encode(), "a.csv").text == plain


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        grid = parse_delimited(content, "a.csv")
    except FileError:
        return
    assert [row for row, _ in grid.lines] == list(range(1, len(grid.lines) + 1))


# -- delimiter -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("id;level;age\nP01;24,1;15,0\nP02;22,5;16,1\n", ";"),
        ("Levels of site 2, in March, final\n\n;;\nid;level;age\n1;2,5;3,5\n2;1,5;2,5\n", ";"),
        ('"a, b and c"\tx\n"1, 2"\t3\n', "\t"),
        ("a|b\n1|2,5\n", "|"),
        ("participant_id\nP01\n", ","),
        ('"id"\n"two\nlines; of, text"\n', ","),
        ("", ","),
    ],
)
def test_the_delimiter_is_that_of_most_rows(text, delimiter):
    assert found_delimiter(text) == delimiter


def test_the_line_that_names_the_delimiter_is_no_row(csv_file):
    source = read_source(csv_file("sep=;", "participant_id;age_years", "P01;15"))
    assert (source.header_row, source.row_numbers) == (1, (2,))
    assert "The line 'sep=' that names the delimiter is no row." in source.notes


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "mixed"])
def test_every_end_of_line_counts_one_row(tmp_path, end):
    lines = ["participant_id,site", "P01,S1", "P02,\u2028S2", 'P03,"a\nb"']
    ends = ["\r\n", "\r", "\n", "\r\n"] if end == "mixed" else [end] * 4
    path = tmp_path / "a.csv"
    path.write_bytes("".join(map("".join, zip(lines, ends, strict=True))).encode())
    source = read_source(path)
    assert source.row_numbers == (2, 3, 4)
    assert source.rows[1:] == (("P02", "\u2028S2"), ("P03", "a\nb"))


# -- decimal mark --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.5", "2"], "."),
        (["1,5", "2"], ","),
        (["<0,5 ng/mL", "−2,25"], ","),
        (["0,125"], ","),
        (["1,234"], "."),
        (["1,234,567"], "."),
        (["1,5", "1.234"], ","),
        (["31.01.2026", "a,b", "1,2,3", ",", "."], "."),
        (["1,5", "2.5"], "."),
        ([], "."),
    ],
)
def test_the_decimal_mark_is_that_of_the_numbers(cells, mark):
    assert found_decimal([(2, cells)]).mark == mark


def test_a_decimal_comma_is_used_and_said(csv_file):
    path = csv_file("participant_id;age_years", "P01;15,5", "P02;16", "P03;17,25")
    check = check_table(path, "participants")
    assert check.accepted["age_years"].tolist() == [15.5, 16.0, 17.25]
    assert "Read with the decimal comma, found in 2 cells (first in row 2)." in check.notes


def test_both_marks_are_no_guess(csv_file):
    path = csv_file("participant_id;age_years", "P01;15,5", "P02;16.5")
    check = check_table(path, "participants")
    assert check.notes[1].startswith(
        "Decimals are written with a comma in 1 cell (in row 2) and with a point in 1 cell (in row "
        "3); the point was taken"
    )
    assert check.rejected["participant_id"].tolist() == ["P01"]


def test_the_mark_given_is_not_doubted(csv_file):
    source = read_source(csv_file("id;x", "1;15,5"), decimal=".")
    assert source.decimal == "."
    assert len(source.notes) == 1


# -- header --------------------------------------------------------------------------------------
def test_the_header_row_given_is_used_and_what_is_above_counted(csv_file):
    path = csv_file("Ratings of site 2,", "", "participant_id,age_years", "P01,15", "P02,200")
    check = check_table(path, "participants", header_row=3)
    assert check.complaints["row"].tolist() == [5]
    assert "1 filled row above the header (header_row = 3) left out." in check.notes


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (2, "header_row is 2, but row 2 of table.csv is blank; "),
        (9, "header_row is 9, but row 9 of table.csv is not there: the last row is 3; "),
    ],
)
def test_a_header_row_without_names_is_refused(csv_file, row, said):
    path = csv_file("participant_id", "", "P01")
    assert refused(path, header_row=row).startswith(said)


@pytest.mark.parametrize("row", [0, -1, True, 1.5, "2"])
def test_a_header_row_that_is_no_row_is_refused(csv_file, row):
    with pytest.raises(SchemaError, match="a whole number from 1 is wanted"):
        read_source(csv_file("participant_id", "P01"), header_row=row)


def test_signs_that_are_not_seen_are_no_part_of_a_name(csv_file):
    path = csv_file("participant\u200b_id\u00a0,age\u00a0in years,\u2060", "P01,15,")
    source = read_source(path)
    assert source.header == ("participant_id", "age in years")
    assert source.notes[-1] == (
        "2 column names written without line breaks, hard blanks and signs that are not seen."
    )


def test_names_alike_but_for_what_is_not_seen_are_two_of_one_name(csv_file):
    assert refused(csv_file("participant_id,age,age\u200b", "P01,1,2")) == (
        "table.csv has two columns of the same name: 'age'; rename one of each."
    )
