"""The report in a browser: no word in the console, no sideways scroll, no script run."""

import json
import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from ketbio.report import write_report

WIDTHS = (390, 1280)
CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--allow-file-access-from-files", "--enable-logging=stderr",
    "--window-size=1500,900", "--virtual-time-budget=5000", "--dump-dom",
]  # fmt: skip
WRAPPER = """<!DOCTYPE html><title>wrapper</title><body>
{frames}
<pre id="measured"></pre>
<script>
onload = () => {{
  const measured = [...document.querySelectorAll("iframe")].map(frame => {{
    const root = frame.contentDocument.documentElement;
    return {{ width: frame.clientWidth, needed: root.scrollWidth,
             scripts: frame.contentDocument.scripts.length,
             headings: frame.contentDocument.querySelectorAll("h1").length }};
  }});
  document.getElementById("measured").textContent = JSON.stringify(measured);
}};
</script>"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")


def seen_in_browser(page: Path, folder: Path) -> tuple[list[dict[str, int]], list[str]]:
    """Open a page in frames as wide as a telephone and a desk; return measures and console."""
    frames = "\n".join(
        f'<iframe src="{page.as_uri()}" style="width:{width}px;height:800px;border:0"></iframe>'
        for width in WIDTHS
    )
    wrapper = folder / "wrapper.html"
    wrapper.write_text(WRAPPER.format(frames=frames), encoding="utf-8")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", wrapper.as_uri()]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    found = re.search(r'<pre id="measured">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-2000:]
    return json.loads(found[1]), [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize("which_run", ["run", "nasty"])
def test_no_console_word_no_sideways_scroll_no_script(which_run, request, tmp_path):
    page = write_report(request.getfixturevalue(which_run), tmp_path / "report.html")
    measured, console = seen_in_browser(page, tmp_path)
    assert console == []
    assert [frame["width"] for frame in measured] == list(WIDTHS)
    for frame in measured:
        assert frame["needed"] <= frame["width"]
        assert frame["scripts"] == 0
        assert frame["headings"] == 1


def test_a_page_that_scrolls_sideways_and_complains_is_noticed(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        '<!DOCTYPE html><h1>Bad</h1><div style="width:2000px">wide</div>'
        "<script>console.error('noticed')</script>",
        encoding="utf-8",
    )
    measured, console = seen_in_browser(page, tmp_path)
    assert all(frame["needed"] > frame["width"] for frame in measured)
    assert all("noticed" in line for line in console)
    assert len(console) == len(WIDTHS)
