"""Points of one column stand beside each other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ketbio.figures.swarm import swarm_offsets

HEIGHTS = st.lists(st.floats(0, 60), min_size=1, max_size=40)


def test_by_hand():
    # 3-4-5: a point 3 higher than its neighbour must stand 4 aside to be 5 away
    assert swarm_offsets([0.0, 3.0], diameter=5.0).tolist() == [0.0, 4.0]
    assert swarm_offsets([3.0, 0.0], diameter=5.0).tolist() == [4.0, 0.0]
    assert swarm_offsets([], diameter=5.0).tolist() == []


@given(HEIGHTS)
def test_no_two_points_overlap(heights):
    y = np.array(heights)
    x = swarm_offsets(y, diameter=4.0)
    distance = np.hypot(x[:, None] - x, y[:, None] - y)[~np.eye(len(y), dtype=bool)]
    assert distance.size == 0 or distance.min() >= 4.0 * (1 - 1e-6)


@given(HEIGHTS)
def test_offsets_stay_in_the_room(heights):
    assert np.abs(swarm_offsets(heights, diameter=4.0, room=3.0)).max() <= 3.0 * (1 + 1e-12)


@given(HEIGHTS)
def test_same_heights_same_places(heights):
    first, second = (swarm_offsets(heights, diameter=4.0) for _ in range(2))
    assert first.tolist() == second.tolist()
