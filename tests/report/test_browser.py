"""The report in a browser: silent, accessible in light and dark, with and without its script."""

import itertools
import re
from pathlib import Path
from shutil import which

import pytest

from ketbio.report import write_report

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed"
)

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
PHONE, DESK = {"width": 390, "height": 800}, {"width": 1280, "height": 900}
SORT_CELLS = """([id, column]) => [...document.querySelectorAll(`#${id} tbody tr`)]
    .map(row => row.cells[column].textContent.trim())"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(module_run, tmp_path_factory):
    return write_report(module_run, tmp_path_factory.mktemp("browser") / "r.html", results=False)


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def page(browser, report, said):
    """Open the report once; ``said`` collects its console and what it asks for."""
    opened = browser.new_page(viewport=DESK)
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on(
        "request",
        lambda one: said.append(one.url) if not one.url.startswith(("file:", "data:")) else None,
    )
    opened.goto(report.as_uri())
    return opened


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_in_light_and_dark(page, colours):
    page.emulate_media(color_scheme=colours)
    violations = axe.Axe().run(page).response["violations"]
    found = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in violations]
    assert found == []


def test_axe_would_find_a_grey_on_grey(browser):
    bad = browser.new_page()
    bad.set_content(
        '<html lang="en"><title>t</title><main><p style="color:#aaa">grey words</p></main>'
    )
    violations = {one["id"] for one in axe.Axe().run(bad).response["violations"]}
    bad.close()
    assert "color-contrast" in violations


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_scrolls_sideways(page, size):
    page.set_viewport_size(size)
    needed = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(DESK)
    assert needed <= size["width"]


def test_images_headings_and_tables_are_marked_up(page):
    assert page.locator("main img").count() == page.locator("main img[alt]:not([alt=''])").count()
    drawn = "[...document.images].every(one => one.naturalWidth > 100)"
    assert page.evaluate(drawn)
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map(one => Number(one.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - one <= 1 for one, later in itertools.pairwise(levels))
    assert page.locator("table").count() == page.locator("table caption").count() > 5
    assert page.locator("th:not([scope])").count() == 0


def test_a_column_sorts_as_numbers_and_back_again(page):
    head = page.locator("#table-results thead th").filter(has_text="estimate").first
    column = head.evaluate("one => one.cellIndex")
    given = page.evaluate(SORT_CELLS, ["table-results", column])
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    rising = page.evaluate(SORT_CELLS, ["table-results", column])
    assert sorted(given) == sorted(rising)
    shown = [re.match(r"[−-]?[\d,.]+", one) for one in rising]
    numbers = [float(one[0].replace("−", "-").replace(",", "")) for one in shown if one]
    assert len(numbers) > 5
    assert numbers == sorted(numbers)
    assert numbers[0] < 0 < numbers[-1]
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    assert page.evaluate(SORT_CELLS, ["table-results", column]) == given


def test_a_table_whose_rows_belong_together_is_not_sorted(page):
    assert page.locator("#table-participants tbody tr").count() > 2
    assert page.locator("#table-participants button.sort").count() == 0


def test_p_values_sort_by_size_and_what_is_none_stands_last(page):
    cells = ["p = .95", "< .001", "—", "p = .0020", "1,024", "−3.5"]
    body = "".join(f"<tr><td>{one}</td></tr>" for one in cells)
    page.evaluate(
        """body => document.querySelector("main").insertAdjacentHTML("beforeend",
            `<div id="probe"><table><thead><tr><th scope="col">p</th></tr></thead>
             <tbody>${body}</tbody></table></div>`)""",
        body,
    )
    script = page.evaluate("document.scripts[0].textContent").replace("main table", "#probe table")
    page.evaluate(script.replace("main figure", "#probe figure"))
    page.locator("#probe button.sort").click()
    sorted_cells = page.evaluate(
        "[...document.querySelectorAll('#probe td')].map(one => one.textContent)"
    )
    page.evaluate("document.getElementById('probe').remove()")
    assert sorted_cells == ["−3.5", "< .001", "p = .0020", "p = .95", "1,024", "—"]


def test_a_figure_is_enlarged_by_keyboard_and_the_focus_comes_back(page):
    opener = page.get_by_role("button", name="Enlarge Figure 1", exact=True)
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Figure 1")
    assert dialog.is_visible()
    assert dialog.locator("img").get_attribute("alt")
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    assert opener.evaluate("one => one === document.activeElement")


def test_a_long_table_closes_and_opens_for_a_link_into_it(page):
    table = page.locator("#table-results")
    page.evaluate(
        """() => {
            document.querySelectorAll("button.fold, .zoom").forEach(one => one.remove());
            const body = document.querySelector("#table-results tbody");
            while (body.rows.length < 20) body.append(body.rows[1].cloneNode(true));
        }"""
    )
    page.evaluate(page.evaluate("document.scripts[0].textContent"))
    page.get_by_role("button", name="Close Table").last.click()
    assert not table.is_visible()
    page.evaluate("location.hash = 'row-1'")
    table.wait_for(state="visible")


def test_it_prints(page):
    printed = page.pdf()
    assert printed.startswith(b"%PDF")
    assert len(printed) > 20_000


def test_nothing_else_may_run_and_the_console_is_silent(page, said):
    assert said == []
    policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    assert "default-src 'none'" in policy
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        "document.body.append(s)"
    )
    assert page.evaluate("window.ran") is None
    said.clear()


def test_it_reads_without_script(browser, report):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    plain = context.new_page()
    plain.goto(Path(report).as_uri())
    assert plain.locator("main table").first.is_visible()
    assert plain.locator("main img").first.is_visible()
    assert plain.locator("main button").count() == 0
    assert not plain.locator("dialog").is_visible()
    context.close()


def test_text_of_the_users_own_runs_nothing(browser, nasty, tmp_path):
    path = write_report(nasty, tmp_path / "r.html", results=False)
    opened, alerts = browser.new_page(viewport=PHONE), []
    opened.on("dialog", lambda one: alerts.append(one.message))
    opened.on("console", lambda message: alerts.append(message.text))
    opened.goto(path.as_uri())
    assert opened.evaluate("document.scripts.length") == 1
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert alerts == []
    opened.close()
