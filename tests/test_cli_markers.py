"""`ketbio markers`, as a person types it."""


def test_all_markers_are_listed_a_line_each(typed):
    status, out, err = typed("markers")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == 55 + 1
    assert lines[-1].startswith("`ketbio markers NAME`")


def test_one_marker_is_told_under_any_of_its_names(typed):
    status, out, err = typed("markers", "pGSK-3β (Ser9)")
    assert (status, err) == (0, "")
    assert out.startswith("p-GSK3β (Ser9) (p_GSK3B_S9)\n")
    assert "Direction that a plan could pre-specify: none" in out


def test_a_word_that_leaves_something_open_is_unusable(typed):
    status, out, err = typed("markers", "BDNF")
    assert (status, out) == (2, "")
    assert err == (
        "ketbio: 'BDNF' leaves open the specimen; name BDNF_serum, BDNF_plasma or BDNF_brain.\n"
    )
