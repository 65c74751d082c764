"""Two runs in two processes, with other hashes of words, give the same documents."""

import os
import subprocess
import sys

WRITE = """
import sys, hashlib
from pathlib import Path
import pandas as pd
from ketbio.report import write_report
from ketbio.result import Result
rows = pd.DataFrame({"participant_id": ["P1", "P2", "P3"], "change": [-19.0, -11.0, -4.0],
                     "baseline_value": [38.0, 31.0, 30.0], "endpoint_value": [19.0, 20.0, 26.0]})
one = Result(analysis="compare_visits", marker="MADRS", outcome="total", n={"pairs": 3},
             groups=("day_14", "baseline"), estimate=-11.3, estimate_name="mean change",
             unit="points", data=rows, references=("student1908",))
for name in ("r.html", "r.docx", "r.pdf"):
    path = write_report(one, Path(sys.argv[1]) / name, results=False)
    print(name, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_two_processes_write_the_same_files(tmp_path):
    found = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        folder = tmp_path / seed
        folder.mkdir()
        own = {"PYTHONHASHSEED": seed, "TZ": zone, "SOURCE_DATE_EPOCH": "1767225600"}
        done = subprocess.run(
            [sys.executable, "-c", WRITE, str(folder)],
            capture_output=True, text=True, env={**os.environ, **own}, check=True,
        )  # fmt: skip
        found.append(done.stdout.splitlines())
    assert len(found[0]) == 3
    assert found[0] == found[1]
