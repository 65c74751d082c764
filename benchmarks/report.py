"""Where the processor time of the whole demo report goes, each format in a fresh process.

Run ``python benchmarks/report.py``. Seconds are of the processor (user and system, pandoc's
included), not of the clock; the size is that of the document. Targets: less than 20 s and less
than 5 MB for HTML.
"""

import json
import os
import subprocess
import sys

FORMATS = ("html", "docx", "pdf")
STAGES = ("imports", "study and checks", "analyses", "drawing", "text", "conversion", "total")

MEASURE = """
import os, sys, json, tempfile, dataclasses
from pathlib import Path

def spent():
    return sum(os.times()[:4])

begun, stages = 0.0, {}
def lap(name):
    global begun
    now = spent()
    stages[name] = stages.get(name, 0.0) + now - begun
    begun = now

from importlib.resources import files
from ketbio.cli.running import collect_rarely
collect_rarely()  # as ``ketbio report`` does
import ketbio.study.run as running
from ketbio.report import convert, write, write_report
from ketbio.study import analyse_study, read_study
lap("imports")
study = read_study(str(files("ketbio.demo").joinpath("study.toml")))
check = running.check_study
def checked(given):
    lap("analyses")
    found = check(given)
    lap("study and checks")
    return found
running.check_study = checked
run = analyse_study(study)
lap("analyses")
gather, convertor = write.gather_contents, convert.FORMATS[sys.argv[1]]
def gathered(*given):
    lap("drawing")
    return gather(*given)
def converted(*given):
    lap("text")
    written = convertor.write(*given)
    lap("conversion")
    return written
write.gather_contents = gathered
convert.FORMATS[sys.argv[1]] = dataclasses.replace(convertor, write=converted)
with tempfile.TemporaryDirectory() as folder:
    path = write_report(run, Path(folder) / f"report.{sys.argv[1]}", results=False)
    size = path.stat().st_size
stages["total"] = spent()
print(json.dumps({"stages": stages, "megabytes": size / 1e6}))
"""


def measured(format_: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, format_],
        check=True, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    found = {format_: measured(format_) for format_ in FORMATS}
    print(f"{'':<20}" + "".join(f"{format_:>10}" for format_ in FORMATS))
    for stage in STAGES:
        seconds = "".join(f"{found[one]['stages'].get(stage, 0):>8.1f} s" for one in FORMATS)
        print(f"{stage:<20}{seconds}")
    print(f"{'size':<20}" + "".join(f"{found[one]['megabytes']:>7.2f} MB" for one in FORMATS))


if __name__ == "__main__":
    main()
