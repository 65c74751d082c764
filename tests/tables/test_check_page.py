"""The page of a check: read without script, worked through with it, in a real browser."""

import base64
import hashlib
import json
import re
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from shutil import which

import pandas as pd
import pytest

from ketbio.tables import check_table, render_checks
from ketbio.tables.outcome import check_page
from ketbio.tables.outcome.lines import lines_of, shown_lines

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--allow-file-access-from-files", "--enable-logging=stderr",
    "--window-size=1500,900", "--virtual-time-budget=5000", "--dump-dom",
]  # fmt: skip
VOID = {"meta", "link", "input", "br", "img"}
ITEMS = [
    "apparent_sadness", "reported_sadness", "inner_tension", "reduced_sleep", "reduced_appetite",
    "concentration_difficulties", "lassitude", "inability_to_feel", "pessimistic_thoughts",
    "suicidal_thoughts",
]  # fmt: skip


class Outline(HTMLParser):
    """Tags as they open and close, headings in order, ids and targets."""

    def __init__(self, page):
        super().__init__()
        self.open, self.headings, self.ids, self.targets = [], [], [], []
        self.tags, self.texts, self.is_balanced = [], [], True
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.ids += [given["id"]] if "id" in given else []
        self.targets += [given["href"][1:]] if given.get("href", "").startswith("#") else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.is_balanced &= bool(self.open) and self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def of(self, name):
        return [given for tag, given in self.tags if tag == name]


@pytest.fixture
def ratings():
    cells = {name: ["1", "2", "1"] for name in ITEMS}
    cells |= {"suicidal_thoughts": ["1", "5", "1"], "lassitude": ["9", "2", "<i>2</i>"]}
    frame = pd.DataFrame(
        {"participant_id": ["P01", "P02", "P03"], "visit": ["baseline"] * 3, **cells,
         "madrs_total": ["10", "23", "10"]}
    )  # fmt: skip
    return check_table(frame, "madrs")


@pytest.fixture
def people():
    ages = {"participant_id": ["P01", "P01"], "age_years": ["150", "20"]}
    return check_table(pd.DataFrame(ages), "participants")


def page_of(*checks):
    return render_checks(checks, format="html")


def many(n, more=""):
    people = pd.DataFrame(
        {"participant_id": [f"P{i:04}" for i in range(n)],
         "age_years": [f"-{i + 1}{more}" for i in range(n)],
         "sex": ["male"] * (n - 1) + ["x"]}
    )  # fmt: skip
    return check_table(people, "participants")


def test_the_page_is_well_formed_and_its_links_lead_somewhere(ratings, people):
    outline = Outline(page_of(ratings, people))
    assert outline.is_balanced
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.targets) <= set(outline.ids)
    assert outline.headings[0] == 1
    steps = zip(outline.headings, outline.headings[1:], strict=False)
    assert all(later <= before + 1 for before, later in steps)
    assert outline.headings.count(1) == 1


def test_the_page_has_landmarks_language_and_table_words(ratings, people):
    outline = Outline(page_of(ratings, people))
    assert outline.of("html")[0]["lang"] == "en"
    assert [len(outline.of(name)) for name in ("header", "nav", "main", "footer")] == [1] * 4
    assert len(outline.of("caption")) == len(outline.of("table"))
    assert all("scope" in given for given in outline.of("th"))
    regions = [given for given in outline.of("div") if given.get("class") == "scroll"]
    assert len(regions) == len(outline.of("table"))
    assert all(one["tabindex"] == "0" and one["aria-label"] for one in regions)


def test_the_outcome_comes_first_then_safety_then_the_rows(ratings):
    page = page_of(ratings)
    places = [page.index(words) for words in
              ("1 safety complaint</a>", 'id="outcome"', "Complaints by rule", 'id="safety"',
               'id="table-1"', 'id="reading"')]  # fmt: skip
    assert places == sorted(places)
    assert "Not ready: 2 errors to correct. 2 records cannot be used until then." in page


def test_a_cell_is_shown_in_its_place(ratings):
    block = page_of(ratings).split('id="t1-r2"')[1].split("</article>")[0]
    letters = re.findall(r"<td[^>]*>([A-Z…])</td>", block.split("</tr>")[0])
    assert letters == ["A", "B", "…", "H", "I", "J"]
    names = re.findall(r'<th scope="col"[^>]*>([^<]+)<', block)
    assert names == ["participant_id", "visit", "concentration_difficulties", "lassitude",
                     "inability_to_feel"]  # fmt: skip
    bad = re.findall(r'<td class="bad error">(.*?)</td>', block)
    assert len(bad) == 1
    assert "×" in bad[0]
    assert "Error: " in bad[0]
    assert '<span class="text">9</span>' in bad[0]
    assert "I2 · lassitude" in block
    assert "The rest of row 2: 8 more filled cells" in block


def test_complaints_are_numbered_as_their_cells_stand():
    rows = {"participant_id": ["P01"], "visit": ["a"], "lassitude": ["x"], "madrs_total": ["61"],
            "rating_date": ["31.02.2026"]}  # fmt: skip
    check = check_table(pd.DataFrame(rows).iloc[:, [4, 0, 1, 3, 2]], "madrs")
    block = page_of(check).split('id="t1-r2"')[1].split("</article>")[0]
    excerpt, listed = block.split('<ol class="complaints">')
    marks = [int(n) for n in re.findall(r"complaint </span>(\d+)</a>", excerpt)]
    assert marks == list(range(1, len(check.found) + 1))
    assert len(marks) > 2
    assert re.findall(r'class="place">([A-Z])2', listed) == sorted(
        re.findall(r'class="place">([A-Z])2', listed)
    )


def test_the_row_is_marked_where_no_cell_is_meant(people):
    block = page_of(people).split('id="t1-r3"')[1].split("</article>")[0]
    assert '<th scope="row" class="number here bad error">' in block
    assert "2 rows of the same participant" in block


def test_columns_that_are_not_known_are_marked_in_the_header():
    frame = pd.DataFrame(
        {"participant_id": ["P01"], "visit": ["v"], "madrs_total": ["9"], "X": ["7"]}
    )
    block = page_of(check_table(frame, "madrs")).split('id="t1-r1"')[1].split("</article>")[0]
    assert '<th scope="col" class="bad error">' in block
    assert "<td>7</td>" in block


def test_what_came_in_is_text(ratings):
    page = page_of(ratings)
    assert "<i>2" not in page
    assert "&lt;i&gt;2&lt;/i&gt;" in page
    outline = Outline(page)
    assert len(outline.of("script")) == len(outline.of("style")) == 1


def test_the_page_loads_nothing_and_allows_its_own_script_only(ratings):
    page = page_of(ratings)
    outline = Outline(page)
    policy = next(one["content"] for one in outline.of("meta") if "http-equiv" in one)
    assert policy.startswith("default-src 'none'; ")
    for tag in ("script", "style"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not re.search(r"(?:src|href)=\"(?!#|data:,)", page)
    assert " style=" not in page


def test_identifiers_are_not_shown_again():
    frame = pd.DataFrame(
        {"participant_id": ["P01", "someone@example.org"], "age_years": ["15", "150"],
         "Surname": ["Doe", "Doe"]}
    )  # fmt: skip
    page = page_of(check_table(frame, "participants"))
    assert "someone@example.org" not in page
    assert "Doe" not in page


def test_thousands_of_complaints_make_a_small_page_that_counts_the_rest():
    check = many(5000)
    page = page_of(check)
    assert len(page.encode()) < 2_000_000
    n_shown = page.count("<li id=")
    assert n_shown == check_page.MOST_SHOWN
    assert f"… and {len(check.found) - n_shown:,} more complaints not shown here" in page
    # The one complaint of another rule is not pushed off the page by the 5,000.
    assert 'data-rule="allowed"' in page


def test_very_long_cells_make_a_page_that_shows_fewer(monkeypatch):
    monkeypatch.setattr(check_page, "LARGEST_PAGE", 100_000)
    page = page_of(many(300, more="x" * 250))
    assert len(page.encode()) < 100_000
    assert "more complaints not shown here" in page


def test_safety_is_shown_before_all_else_is(ratings):
    lines = lines_of(ratings)
    assert [line.severity for line in shown_lines(lines, 1)] == ["safety"]
    assert shown_lines(lines, len(lines)) == lines


def test_a_clean_table_has_a_page_too():
    page = page_of(check_table(pd.DataFrame({"participant_id": ["P01"]}), "participants"))
    assert "All records can be used; there is nothing to complain of." in page
    assert Outline(page).is_balanced


def test_a_check_without_its_cells_still_tells(ratings):
    object.__setattr__(ratings, "source", None)
    page = page_of(ratings)
    assert "row 2 · lassitude" in page
    assert '<table class="sheet' not in page


# -- in a browser ------------------------------------------------------------------------------
WRAPPER = """<!DOCTYPE html><title>wrapper</title><body>
<iframe src="{page}" style="width:390px;height:800px;border:0"></iframe>
<iframe src="{page}" style="width:1280px;height:800px;border:0"></iframe>
<iframe sandbox="allow-same-origin" src="{page}" style="width:390px;height:800px"></iframe>
<pre id="measured"></pre>
<script>
onload = () => {{
  const seen = [...document.querySelectorAll("iframe")].map(frame => {{
    const page = frame.contentDocument, root = page.documentElement;
    return {{ width: frame.clientWidth, needed: root.scrollWidth,
             hasTools: !page.getElementById("tools").hidden,
             isCut: [...page.querySelectorAll(".counts")].some(
               table => table.parentElement.scrollWidth > table.parentElement.clientWidth),
             nTicks: page.querySelectorAll(".done input").length,
             text: page.body.innerText }};
  }});
  const page = document.querySelector("iframe").contentDocument;
  const shown = () => page.querySelectorAll(".complaints li:not([hidden])").length;
  const pick = (id, value) => {{
    page.getElementById(id).value = value;
    page.getElementById(id).dispatchEvent(new Event("input", {{bubbles: true}}));
    return shown();
  }};
  const counts = {{ all: shown(), safety: pick("by-severity", "safety"),
                   back: pick("by-severity", ""), ofP01: pick("by-who", "p01"),
                   none: pick("by-rule", "suicidality"), whole: pick("by-who", "") }};
  pick("by-rule", "");
  page.querySelector(".done input").click();
  page.getElementById("hide-done").click();
  counts.undone = shown();
  counts.state = page.getElementById("state").textContent;
  counts.kept = Object.keys(localStorage).filter(key => key.startsWith("ketbio-done-")).length;
  document.getElementById("measured").textContent = JSON.stringify({{seen, counts}});
}};
</script>"""


@pytest.fixture
def in_browser(tmp_path):
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")

    def look(page: str):
        (tmp_path / "page.html").write_text(page, encoding="utf-8")
        wrapper = tmp_path / "wrapper.html"
        wrapper.write_text(WRAPPER.format(page=(tmp_path / "page.html").as_uri()), encoding="utf-8")
        command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", wrapper.as_uri()]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
        found = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.DOTALL)
        assert found, done.stderr[-2000:]
        words = found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        return json.loads(words), [line for line in done.stderr.splitlines() if "CONSOLE" in line]

    return look


def test_in_a_browser(in_browser, ratings):
    # The longest name of a rule among them.
    told = [replace(one, rule="madrs_total_is_the_sum_of_its_items_where_all_are_there")
            if one.rule == "range" else one for one in ratings.found]  # fmt: skip
    measured, console = in_browser(page_of(replace(ratings, found=tuple(told))))
    phone, desk, unscripted = measured["seen"]
    # The sandbox itself says that it blocks the script; nothing else may be said.
    assert [line for line in console if "sandboxed" not in line] == []
    for frame in (phone, desk, unscripted):
        assert frame["needed"] <= frame["width"] <= 1280
        assert not frame["isCut"]
        assert "lassitude is 9; allowed: a whole number from 0 to 6." in frame["text"]
        assert "<i>2</i>" in frame["text"]
    assert (phone["hasTools"], phone["nTicks"]) == (True, 3)
    assert (unscripted["hasTools"], unscripted["nTicks"]) == (False, 0)
    counts = measured["counts"]
    assert counts == {
        "all": 3, "safety": 1, "back": 3, "ofP01": 1, "none": 0, "whole": 1, "undone": 2,
        "state": "2 complaints of 3 shown, 1 done.", "kept": 1,
    }  # fmt: skip


def test_a_page_of_wide_nasty_cells_does_not_scroll_sideways(in_browser):
    frame = pd.DataFrame(
        {"participant_id": ["P" * 300], "age_years": ["9" * 300], "c_" + "x" * 120: ["W" * 400],
         **{f"extra_{i}": ["y" * 50] for i in range(40)}}
    )  # fmt: skip
    measured, console = in_browser(page_of(check_table(frame, "participants")))
    assert [line for line in console if "sandboxed" not in line] == []
    assert all(one["needed"] <= one["width"] for one in measured["seen"])


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([light(one), light(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast(scheme):
    style = (Path(check_page.__file__).parent / "check_page.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", style.split(":root {")[scheme + 1]))
    pairs = [("ink", "paper"), ("faint", "paper"), ("faint", "shade"), ("link", "paper"),
             ("paper", "link"), ("good", "shade"), ("ink", "shade")]  # fmt: skip
    for name in ("safety", "error", "warning"):
        pairs += [(name, "paper"), (name, "shade")]
        pairs += [(other, f"{name}-paper") for other in (name, "ink", "link")]
    assert {pair: contrast(colours[pair[0]], colours[pair[1]]) >= 4.5 for pair in pairs} == (
        dict.fromkeys(pairs, True)
    )
