"""Another process, with other hashes of words and another clock, writes the same documents."""

import os
import pickle
import subprocess
import sys

from ketbio.report import write_report

WRITE = """
import pickle, sys
from pathlib import Path
from ketbio.report import write_report
result = pickle.loads(Path(sys.argv[1], "result").read_bytes())
for name in ("r.html", "r.docx", "r.pdf"):
    write_report(result, Path(sys.argv[1]) / name, results=False)
"""


def test_another_process_writes_the_same_files(tmp_path, run):
    result = run.results[7]
    (tmp_path / "result").write_bytes(pickle.dumps(result))
    own = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}  # SOURCE_DATE_EPOCH is that of this process
    subprocess.run(
        [sys.executable, "-c", WRITE, str(tmp_path)], env={**os.environ, **own}, check=True
    )
    for ending in ("html", "docx", "pdf"):
        here = write_report(result, tmp_path / f"here.{ending}", results=False)
        assert here.read_bytes() == (tmp_path / f"r.{ending}").read_bytes(), ending
