from dataclasses import replace

import pytest

from ketbio.report.limitations import describe_limitations
from ketbio.report.markdown import escape_markdown
from ketbio.report.methods import describe_methods, describe_techniques
from ketbio.report.row_numbers import number_rows
from ketbio.result import Results
from ketbio.study import MarkerPlan, ResponsePlan


def test_only_what_was_done_is_told(run):
    text = "\n".join(describe_methods(run.results[7:], None))
    assert "Visits were compared within participants" in text
    assert "Responders" not in text
    assert "Participants are described" not in text


def test_no_analysis_is_told_to_cause_anything(run):
    text = "\n".join(describe_methods(run.results, run.study))
    assert "not what caused it" in text


def test_the_definition_of_response_is_the_studys(run):
    text = "\n".join(describe_methods(run.results, run.study))
    assert r"by day\_14 of at least 50\% of the total at baseline\, and remission a total" in text
    assert r"Response on MADRS [@montgomery1979; @snaith1986] was a reduction" in text
    assert r"at day\_14\, a convention of trials\." in text


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (ResponsePlan(remission_at_or_below=12), r"at day\_14 [@popova2019]."),
        (ResponsePlan(remission_at_or_below=9), r"at day\_14 [@hawley2002]."),
        (ResponsePlan(missing="non_responder"), r"was counted as a non\-responder\."),
        (
            ResponsePlan(scale="CDRS-R", remission_at_or_below=28),
            r"at baseline less the scale\'s floor of 17\,",
        ),
    ],
)
def test_another_plan_is_told_otherwise(run, plan, said):
    text = "\n".join(describe_methods(run.results, replace(run.study, response=plan)))
    assert said in text


def test_techniques_are_told_once_with_all_their_rows(run):
    main = run.results[6]
    again = replace(main, marker="BDNF_serum", p_method="exact, 210 arrangements", companions=())
    results = Results([main, again])
    first, *others = describe_techniques(results, number_rows(results))
    assert first == (
        r"**mean difference** \[rows [1](#row-1), [4](#row-4)\]: "
        r"p\: exact\, 210 to 462 arrangements\; two\-sided\; 95\% interval\: inversion of the "
        r"exact test\; standardised as Hedges\' g\; adjusted by Holm "
        "[@fisher1935; @pitman1937; @holm1979]"
    )
    assert len(others) == 1  # Welch's; a mean needs no technique


@pytest.mark.parametrize(
    ("methods", "said"),
    [
        (["exact, 120 arrangements"] * 2, "exact, 120 arrangements"),
        (["exact, 1,024 arrangements", "exact, 462 arrangements"], "exact, 462 to 1,024 arr"),
        (["99 draws, seed 3", "9,999 draws, seed 3"], "99 to 9,999 draws, seed 3"),
        (["t, 8.5 df", "t, 11 df", "t, 9 df"], "t, 8.5 to 11 df"),
    ],
)
def test_methods_that_differ_in_numbers_are_told_with_their_range(run, methods, said):
    main = run.results[6]
    results = Results([replace(main, p_method=method, companions=()) for method in methods])
    (told,) = describe_techniques(results, number_rows(results))
    assert escape_markdown(f": p: {said}").removeprefix("\\") in told
    assert "/" not in told


def test_limitations_are_each_warning_once_with_its_rows(run):
    again = replace(run.results[7], warnings=run.results[6].warnings)
    results = Results([*run.results[:7], again])
    (limit,) = describe_limitations(results, number_rows(results))
    assert limit.sentence == "Groups formed by the outcome."
    assert limit.rows == r"\[rows [7](#row-7), [10](#row-10)\]"


def test_markers_are_told_with_how_they_were_derived(run):
    marker = MarkerPlan(
        name="p_mTOR_S2448",
        label="p-mTOR (Ser2448)",
        table="blots",
        options={"form": "phospho/total", "condition": "insulin/basal", "targets": ["a", "b"]},
    )
    text = "\n".join(describe_methods([], replace(run.study, markers=(marker,))))
    assert (
        escape_markdown(
            "p-mTOR (Ser2448) was derived from the table blots (form: phospho/total; condition: "
            "insulin/basal; targets: a and b)."
        )
        in text
    )


@pytest.mark.parametrize(
    ("word", "said"),
    [("stop", "nothing would have been analysed"), ("exclude", "are left out and counted above")],
)
def test_what_was_done_with_rejected_rows_is_told(run, word, said):
    text = "\n".join(describe_methods([], replace(run.study, rejected_rows=word)))
    assert said in text
    assert "Response on" not in text  # no analysis here stands on it


def test_intervals_of_another_level_are_a_technique_of_their_own(run):
    main = replace(run.results[6], companions=())
    results = Results([main, replace(main, ci_level=0.9)])
    told = describe_techniques(results, number_rows(results))
    assert ["95" in one for one in told] == [True, False]
    assert ["90" in one for one in told] == [False, True]
