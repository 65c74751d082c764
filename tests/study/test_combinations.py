"""Words of a plan that cannot be had together are refused while it is read, with their lines."""

import pytest

from ketbio.errors import StudyError
from ketbio.study import read_study, run_study

VISITS = 'markers = ["MADRS"]'
GROUPS = 'title = "Entropy by response"\nmarkers = ["entropy"]'
BOTH = ('[markers.entropy]', '[markers.again]\nfrom = "imaging"\ncolumn = "entropy"\n\n'
        '[markers.entropy]')  # fmt: skip
"""A second marker, so that there is something to test jointly; four lines more."""


def two(*words):
    """Two markers in place of one, with further words on the lines after them."""
    return "\n".join(['markers = ["again", "entropy"]', *words])


@pytest.mark.parametrize(
    ("replaced", "line", "sentence"),
    [
        (
            (VISITS, two('adjust = "max_t"', 'alternative = "two-sided-doubled"')),
            36,
            "alternative is 'two-sided-doubled', which has no joint test for adjust='max_t'; "
            "allowed with it: 'two-sided', 'greater' or 'less'.",
        ),
        (
            (GROUPS, two('statistic = "welch_t"', 'adjust = "min_p"')),
            39,
            "statistic is 'welch_t', which has no joint test for adjust='min_p'; allowed with it: "
            "'mean_difference' or 'rank_sum'. Choose one of these, or adjust=\"holm\".",
        ),
        (
            (GROUPS, two('statistic = "rank_sum"', 'adjust = "max_t"', 'blocks = "sex"')),
            39,
            "statistic is 'rank_sum', which has no joint test for adjust='max_t' within blocks of "
            "'sex'; allowed with it: 'mean_difference'.",
        ),
        (
            (VISITS, two('statistic = "signed_rank"', 'adjust = "max_t"', 'blocks = "sex"')),
            35,
            "within blocks of 'sex'; allowed with it: 'mean' or 'sign'.",
        ),
        (
            (GROUPS, 'markers = ["entropy"]\nstatistic = "median_difference"\nblocks = "sex"'),
            39,
            "statistic is 'median_difference', which takes no blocks, and blocks is 'sex'; allowed "
            "with blocks: 'mean_difference', 'rank_sum', 'welch_t' or 'brunner_munzel'.",
        ),
        ((VISITS, f"{VISITS}\nstop_after = 0"), 35, "stop_after is 0; allowed:"),
        ((VISITS, f"{VISITS}\nn_resamples = 0"), 35, "n_resamples is 0; allowed:"),
        ((VISITS, f"{VISITS}\nconfidence_level = 95"), 35, "confidence_level is 95; allowed:"),
        (
            (VISITS, f"{VISITS}\nn_resamples = 99\nstop_after = 100"),
            36,
            "stop_after is 100, but n_resamples is 99, so that it can never stop; allowed: 1 to 99",
        ),
        ((VISITS, f"{VISITS}\nstop_after = 10000"), 35, "but n_resamples is 9,999"),
        (
            (VISITS, 'markers = ["MADRS", "entropy", "MADRS"]'),
            34,
            "markers names 'MADRS' twice; allowed: each marker once",
        ),
    ],
)
def test_what_cannot_be_had_together_is_refused_with_its_line(
    study_folder, replaced, line, sentence
):
    with pytest.raises(StudyError) as refused:
        read_study(study_folder(BOTH, replaced))
    assert str(refused.value).startswith(f"study.toml, line {line}: ")
    assert sentence in str(refused.value)


def test_kendall_has_no_joint_test(study_folder):
    kind = 'kind = "correlate_changes"\n'
    planned = kind + two('method = "kendall"', 'adjust = "max_t"')
    replaced = (f'{kind}markers = ["entropy"]', planned)
    with pytest.raises(StudyError, match=r"line 44: method is 'kendall'.* 'pearson' or 'spearman'"):
        read_study(study_folder(BOTH, replaced))


def test_all_of_them_are_told_at_once(study_folder):
    words = two('adjust = "max_t"', 'statistic = "welch_t"', "stop_after = -1", "n_resamples = 0")
    with pytest.raises(StudyError) as refused:
        read_study(study_folder(BOTH, (GROUPS, words)))
    lines = str(refused.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        f"study.toml, line {number}" for number in (40, 41, 42)
    ]


def test_one_marker_needs_no_joint_test(study_folder):
    words = 'markers = ["entropy"]\nstatistic = "welch_t"\nadjust = "max_t"'
    assert read_study(study_folder((GROUPS, words))).analyses[1].options["adjust"] == "max_t"


@pytest.mark.parametrize("statistic", ["sign", "signed_rank_pratt"])
def test_every_statistic_of_pairs_can_be_planned_within_blocks(study_folder, statistic):
    words = f'{VISITS}\nstatistic = "{statistic}"\nblocks = "sex"'
    result = next(
        one
        for one in run_study(read_study(study_folder((VISITS, words))))
        if one.analysis == "compare_visits"
    )
    assert result.p_value == 2 / 64
