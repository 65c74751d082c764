"""A small study on disk: six participants, MADRS at two visits, one marker."""

import pytest

PARTICIPANTS = """participant_id,sex,age_years
P01,female,15
P02,male,16
P03,female,14
P04,male,17
P05,female,16
P06,female,15
"""
MADRS = """participant_id,visit,madrs_total
P01,baseline,40
P02,baseline,38
P03,baseline,36
P04,baseline,41
P05,baseline,35
P06,baseline,37
P01,day_14,10
P02,day_14,15
P03,day_14,18
P04,day_14,33
P05,day_14,30
P06,day_14,28
"""
IMAGING = """participant_id,visit,entropy
P01,baseline,1.10
P02,baseline,1.20
P03,baseline,1.15
P04,baseline,1.05
P05,baseline,1.22
P06,baseline,1.31
P01,day_14,1.45
P02,day_14,1.61
P03,day_14,1.40
P04,day_14,1.02
P05,day_14,1.33
P06,day_14,1.20
"""
STUDY = """seed = 7

[study]
id = "small"
title = "A small study"
simulated = true

[visits]
order = ["baseline", "day_14"]
baseline = "baseline"
endpoint = "day_14"

[tables.participants]
file = "participants.csv"

[tables.madrs]
file = "madrs.csv"

[tables.imaging]
file = "imaging.csv"
schema = "markers"

[markers.entropy]
from = "imaging"
label = "accumbens entropy"
unit = "nats"

[[analyses]]
kind = "compare_visits"
markers = ["MADRS"]

[[analyses]]
kind = "compare_responders"
title = "Entropy by response"
markers = ["entropy"]

[[analyses]]
kind = "correlate_changes"
markers = ["entropy"]
"""


@pytest.fixture
def study_folder(tmp_path):
    """Return a function that writes the study, with text replaced or files changed."""

    def write(*replaced, **files):
        text = STUDY
        for old, new in replaced:
            assert old in text, old
            text = text.replace(old, new)
        contents = {"participants": PARTICIPANTS, "madrs": MADRS, "imaging": IMAGING} | files
        for name, content in contents.items():
            (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
        path = tmp_path / "study.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
