"""The shipped study file through the public road: read, run, and the groups as designed."""

import pytest

from ketbio.vocabulary import NON_RESPONDER, RESPONDER


def test_the_study_says_that_it_is_simulated(demo_run):
    assert demo_run.study.is_simulated


def test_response_is_as_designed(demo_run):
    response = demo_run.response.set_index("participant_id")["response"]
    assert set(response.index[response == RESPONDER]) == {"K02", "K04", "K07", "K08", "K13"}
    assert (response == NON_RESPONDER).sum() == 7


@pytest.mark.parametrize(
    ("marker", "responders", "non_responders"),
    [
        ("nacc_entropy", 5, 6),
        ("p_mTOR_S2448", 5, 5),
        ("p_GSK3B_S9", 5, 5),  # the saturated lane drops out, its replicate stays
        ("BDNF_serum", 5, 7),
        ("BDNF_plasma", 5, 7),  # below the limit, and ranked all the same
    ],
)
def test_groups_are_as_large_as_designed(marker, responders, non_responders, demo_run):
    (result,) = [
        one
        for one in demo_run.results
        if one.analysis == "compare_responders" and one.marker == marker
    ]
    assert dict(result.n) == {RESPONDER: responders, NON_RESPONDER: non_responders}
