import json

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketbio.report.convert import SYNTAX
from ketbio.report.markdown import (
    Markdown,
    anchor,
    as_markdown,
    escape_markdown,
    join_markdown,
    link,
    markdown_table,
)

PLAIN_INLINES = {"Str", "Space", "SoftBreak"}
WRITTEN = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cn", "Zl", "Zp"]), max_size=40
)


def blocks_of(markdown: str) -> list[dict]:
    return json.loads(pypandoc.convert_text(markdown, "json", format=SYNTAX))["blocks"]


def text_of(inlines: list[dict]) -> str:
    assert {inline["t"] for inline in inlines} <= PLAIN_INLINES
    return "".join(inline.get("c", " ") for inline in inlines)


@given(st.lists(WRITTEN, min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
def test_any_text_comes_through_pandoc_as_the_same_plain_text(texts):
    paragraphs = "\n\n".join(f"t{escape_markdown(text)}t" for text in texts)
    blocks = blocks_of(paragraphs)
    assert [block["t"] for block in blocks] == ["Para"] * len(texts)
    for block, text in zip(blocks, texts, strict=True):
        # runs of blanks become one blank, and none is left at the ends: Markdown has no others
        wanted = " ".join(part for part in text.split(" ") if part)
        assert text_of(block["c"]) == f"t{wanted}t"


@pytest.mark.parametrize(
    "text", ["# no heading", "- no list", "1. no list", "> no quote", "a | b", "::: x", "---"]
)
def test_what_begins_a_block_begins_none(text):
    (block,) = blocks_of(escape_markdown(text))
    assert block["t"] == "Para"
    assert text_of(block["c"]) == text


def test_line_breaks_and_tabs_become_one_blank():
    assert escape_markdown(" a\r\n\tb\u2028c ") == "a b c"


def test_what_cannot_be_printed_or_turns_the_text_around_is_shown_as_replaced():
    assert escape_markdown("a\x00b\u202ec\ud800d") == "a\ufffdb\ufffdc\ufffdd"


def test_blanks_that_are_meant_stay():
    assert escape_markdown("5\u00a0mg\u2009/\u2009kg") == "5\u00a0mg\u2009\\/\u2009kg"


def test_markdown_is_kept_only_as_its_own_type():
    assert as_markdown(Markdown("**a**")) == "**a**"
    assert as_markdown("**a**") == r"\*\*a\*\*"
    assert as_markdown(Markdown("**a**") + "") == r"\*\*a\*\*"  # pasted text is no longer trusted


def test_parts_are_joined_without_the_empty_ones():
    assert join_markdown(["", "a", Markdown("*b*")], separator="; ") == "a; *b*"


def test_link_and_anchor_meet():
    (block,) = blocks_of(f"{anchor('a]b', identifier='here')} {link('c](d', identifier='here')}")
    span, _, link_ = block["c"]
    assert (span["t"], span["c"][0][0], text_of(span["c"][1])) == ("Span", "here", "a]b")
    assert (link_["t"], link_["c"][2][0], text_of(link_["c"][1])) == ("Link", "#here", "c](d")


def table_of(**fields):
    given_ = {"headings": ["Id", "Value"], "caption": "Seen", "identifier": "t", **fields}
    (block,) = blocks_of(markdown_table(**given_))
    assert block["t"] == "Table"
    return block["c"]


def test_a_cell_keeps_pipes_and_line_breaks_inside_itself():
    attributes, _, _, head, bodies, _ = table_of(
        rows=[["P|01", "a\nb|c"], ["", Markdown("*d*")]], right=["Value"], classes=["stub"]
    )
    cells = [[cell[4] for cell in row[1]] for row in bodies[0][3]]
    assert attributes[:2] == ["t", ["stub"]]
    assert len(head[1]) == 1
    assert [len(row) for row in cells] == [2, 2]
    assert text_of(cells[0][0][0]["c"]) == "P|01"
    assert text_of(cells[0][1][0]["c"]) == "a b|c"
    assert cells[1][0] == []
    assert cells[1][1][0]["c"][0]["t"] == "Emph"


def test_columns_have_widths_by_what_they_hold_and_their_alignment():
    columns = table_of(rows=[["P01", "word " * 30]], right=["Value"])[2]
    assert [column[0]["t"] for column in columns] == ["AlignLeft", "AlignRight"]
    narrow, wide = (column[1]["c"] for column in columns)
    assert narrow + wide == pytest.approx(1)
    assert 0.04 < narrow < 0.2


def test_a_hash_fits_its_column():
    columns = table_of(rows=[["madrs.csv", "ab12" * 16]])[2]
    assert columns[1][1]["c"] > 64 / 110


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        markdown_table([["a"]], headings=["A", "B"], caption="c", identifier="t")
