"""`[crossover]` in a study file: read, refused with the line, run."""

from importlib.resources import files
from pathlib import Path

import pytest

from ketbio.errors import StudyError
from ketbio.report.methods import describe_methods
from ketbio.study import analyse_study, read_study
from ketbio.study.deviations import compare_plans

SHIPPED = Path(str(files("ketbio.demo"))) / "crossover"
TEXT = (SHIPPED / "study.toml").read_text(encoding="utf-8")
SECOND = '[[crossover.periods]]\nbaseline = "period_2_baseline"'


@pytest.fixture
def plan(tmp_path):
    """A function: replacements in the shipped study file → the study read."""
    for name in ("simulated_participants.csv", "simulated_madrs.csv"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())

    def read(*changes):
        text = TEXT
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        (tmp_path / "study.toml").write_text(text, encoding="utf-8")
        return read_study(tmp_path / "study.toml")

    return read


def line_of(words):
    return next(n for n, line in enumerate(TEXT.splitlines(), 1) if line.startswith(words))


REFUSED = {
    "same treatment": ('KS = ["ketamine", "saline"]', 'KS = ["saline", "saline"]',
                       "sequences.KS", "sequence 'KS' has 'saline' in both periods"),
    "a word for a list": ('KS = ["ketamine", "saline"]', 'KS = "ketamine"',
                          "sequences.KS", "the sequence 'KS' is 'ketamine'; its treatments"),
    "unknown visit": ('day_1 = "period_2_day_1"', 'day_1 = "period_2_day_2"',
                      'day_1 = "period_2', "period 2 is 'period_2_day_2'"),
    "unequal periods": (SECOND, "[[crossover.periods]]", "[[crossover.periods", "period 2 lacks"),
    "reference": ('reference = "saline"', 'reference = "placebo"',
                  "reference", "reference is 'placebo'"),
    "unknown key": ('reference = "saline"', 'referenc = "saline"',
                    "reference", "a key of [crossover] is 'referenc'"),
    "at": ('at = ["min_165", "day_1"]', 'at = ["min_165", "day_7"]', "at =", "at is 'day_7'"),
    "use": ('baseline_as = "covariate"', 'baseline_as = "ratio"',
            "baseline_as", "baseline_as is 'ratio'"),
    "two-treatment words": ('kind = "compare_crossover"', 'kind = "compare_responders"',
                            "[[analyses]]", "needs a response to one treatment"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_fault_is_told_with_its_line(plan, case):
    old, new, at, sentence = REFUSED[case]
    changes = [(old, new)]
    if case == "two-treatment words":
        changes.append(('at = ["min_165", "day_1"]\n', ""))
    with pytest.raises(StudyError) as refused:
        plan(*changes)
    told = [one for one in str(refused.value).splitlines() if sentence in one]
    assert told, str(refused.value)
    assert told[0].startswith(f"study.toml, line {line_of(at)}: ")


def test_an_analysis_without_a_crossover_is_refused(plan):
    start, end = TEXT.index("[crossover]"), TEXT.index("# Both visits")
    with pytest.raises(StudyError, match=r"compare_crossover needs \[crossover\]"):
        plan((TEXT[start:end], ""))


def test_a_plan_is_read_and_held_against_a_registered_one(plan):
    study = plan()
    assert study.crossover.sequences == {
        "KS": ("ketamine", "saline"), "SK": ("saline", "ketamine"),
    }  # fmt: skip
    other = plan(('reference = "saline"', 'reference = "ketamine"'))
    assert compare_plans(study, other) == (
        "Crossover, reference. Registered: saline; done: ketamine.",
    )


def test_a_study_without_a_response_is_run(plan):
    faster = (('adjust = "max_t"', 'adjust = "holm"'), ('baseline_as = "covariate"\n', ""))
    run = analyse_study(plan(*faster, ("seed = ", "seed = 1")))
    assert run.response.empty
    kinds = [one.analysis for one in run.results]
    assert kinds.count("compare_crossover") == 3
    assert "summarise_response" not in kinds
    main = next(one for one in run.results if one.analysis == "compare_crossover")
    assert (main.aim, main.groups) == ("primary", ("ketamine", "saline"))
    assert main.excluded["participant_id"].to_list() == ["C11"]
    said = "".join(describe_methods(run.results, run.study))
    assert "changes run from the baseline of each period to its later visits" in said
