import numpy as np
import pytest

from ketbio.errors import StudyError, UnreadableTablesError, ValidationError
from ketbio.study import analyse_study, check_study, read_study, run_study


def test_results_come_in_the_order_of_the_plan(study_folder):
    results = run_study(read_study(study_folder()))
    kinds = list(dict.fromkeys(result.analysis for result in results))
    assert kinds == [
        "summarise_participants",
        "summarise_response",
        "compare_visits",
        "compare_responders",
        "correlate_changes",
    ]


def test_numbers_by_hand(study_folder):
    results = {result.analysis: result for result in run_study(read_study(study_folder()))}
    visits = results["compare_visits"]
    # changes −30, −23, −18, −8, −5, −9: mean −15.5, all of one sign, so 2 of 64 arrangements
    assert visits.estimate == pytest.approx(-15.5)
    assert (visits.p_value, visits.n_extreme) == (2 / 64, 2)
    # responders P01–P03 (75, 61, 50 %): entropy changes .35, .41, .25 against −.03, .11, −.11
    groups = results["compare_responders"]
    assert groups.n == {"responder": 3, "non-responder": 3}
    assert groups.estimate == pytest.approx((0.35 + 0.41 + 0.25) / 3 - (-0.03 + 0.11 - 0.11) / 3)
    assert groups.p_value == 2 / 20
    assert groups.label == "accumbens entropy"
    assert results["summarise_response"].statistic == 3


def test_run_is_reproducible(study_folder):
    study = read_study(study_folder())
    first, second = (run_study(study).tidy() for _ in range(2))
    assert first.equals(second)


def test_errors_in_the_data_stop_the_run_with_every_place(study_folder):
    bad = "participant_id,visit,madrs_total\nP01,baseline,61\nP99,day_14,10\n"
    with pytest.raises(ValidationError) as stopped:
        run_study(read_study(study_folder(madrs=bad)))
    assert "madrs.csv, row 2: " in str(stopped.value)
    assert "madrs.csv, row 3: " in str(stopped.value)
    assert "P99" in str(stopped.value)


def test_rejected_rows_are_left_out_and_counted_when_the_plan_says_so(study_folder):
    path = study_folder(("simulated = true", 'simulated = true\nrejected_rows = "exclude"'))
    madrs = path.parent / "madrs.csv"
    madrs.write_text(madrs.read_text().replace("P06,day_14,28", "P06,day_14,128"))
    run = analyse_study(read_study(path))
    assert [len(check.rejected) for check in run.checks] == [0, 1, 0]
    visits = next(result for result in run.results if result.analysis == "compare_visits")
    assert visits.n == {"pairs": 5}
    assert visits.excluded.to_dict("records") == [
        {"participant_id": "P06", "reason": "day_14: rejected: madrs.csv row 13"}
    ]


def test_flow_and_inputs_tell_where_everybody_went(study_folder):
    run = analyse_study(read_study(study_folder()))
    assert run.flow["step"].tolist() == [
        "in the study table",
        "MADRS at baseline",
        "MADRS at day_14",
        "accumbens entropy at both visits",
    ]
    assert run.flow["n"].tolist() == [6, 6, 6, 6]
    assert run.inputs["file"].tolist() == ["participants.csv", "madrs.csv", "imaging.csv"]
    assert all(len(one) == 64 for one in run.inputs["sha256"])
    assert run.software["package"].tolist()[:2] == ["Python", "ketbio"]


def test_every_primary_result_names_its_limits(study_folder):
    for result in run_study(read_study(study_folder())):
        if result.p_method:
            assert any("Not adjusted" in sentence for sentence in result.warnings)
            assert not np.isnan(result.p_floor)


def test_safety_is_told_first_even_where_errors_stop_the_run(study_folder):
    rows = (
        "participant_id,visit,madrs_total,suicidal_thoughts\nP01,baseline,40,6\nP02,baseline,61,1\n"
    )
    with pytest.raises(ValidationError) as stopped:
        run_study(read_study(study_folder(madrs=rows)))
    lines = str(stopped.value).splitlines()
    assert "SAFETY madrs.csv, row 2" in lines[1]
    assert "madrs.csv, row 3" in lines[2]


def test_excluding_rows_does_not_excuse_a_table_that_lacks_a_column(study_folder):
    path = study_folder(
        ("simulated = true", 'simulated = true\nrejected_rows = "exclude"'),
        madrs="participant_id,visit,madrs_totl\nP01,baseline,40\n",
    )
    with pytest.raises(ValidationError, match="madrs_totl"):
        run_study(read_study(path))


def test_unreadable_tables_are_all_named_and_the_others_checked(study_folder):
    path = study_folder()
    for name in ("imaging", "participants"):
        (path.parent / f"{name}.csv").write_bytes(b"")
    with pytest.raises(UnreadableTablesError) as refused:
        check_study(read_study(path))
    first, second = str(refused.value).splitlines()
    assert first.startswith("[tables.participants] participants.csv is empty")
    assert second.startswith("[tables.imaging] imaging.csv is empty")
    assert list(refused.value.checks) == ["madrs"]


def test_checks_carry_the_studys_name_of_the_table(study_folder):
    checks = check_study(read_study(study_folder()))
    assert [check.table for check in checks.values()] == ["participants", "madrs", "imaging"]


def test_marker_that_cannot_be_derived_is_named_with_the_study_file(study_folder):
    path = study_folder(('unit = "nats"', 'unit = "nats"\ncolumn = "entropi"'))
    with pytest.raises(StudyError, match=r"study.toml, \[markers.entropy\]: .*'entropi'"):
        run_study(read_study(path))
