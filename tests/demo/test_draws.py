import math
import statistics

import pytest

from ketbio.demo.draws import clipped, csv_text, normal, random_stream, uniform


def test_normal_is_the_sum_of_twelve_uniforms_less_six():
    uniforms = random_stream(3, table=1).random(12).tolist()
    expected = 10 + 2 * (math.fsum(uniforms) - 6)
    assert normal(random_stream(3, table=1), mean=10, sd=2) == expected


def test_normal_has_the_mean_and_sd_asked_for():
    stream = random_stream(4, table=0)
    numbers = [normal(stream, mean=5, sd=2) for _ in range(4000)]
    # Standard errors at n = 4,000: 0.032 of the mean, 0.022 of the SD.
    assert statistics.mean(numbers) == pytest.approx(5, abs=0.13)
    assert statistics.stdev(numbers) == pytest.approx(2, abs=0.09)


def test_tables_have_streams_of_their_own():
    first = [random_stream(5, table=table).random() for table in range(4)]
    assert len(set(first)) == 4


def test_uniform_stays_inside_and_fills_its_range():
    stream = random_stream(6, table=0)
    numbers = [uniform(stream, low=-1, high=3) for _ in range(500)]
    assert -1 <= min(numbers) < -0.9
    assert 2.9 < max(numbers) < 3


def test_clipped_leaves_what_lies_between():
    assert [clipped(value, low=0, high=6) for value in (-2, 0, 3.5, 6, 9)] == [0, 0, 3.5, 6, 6]


def test_csv_text_quotes_what_needs_it():
    assert csv_text(["a", "b"], [["1,5", ""]]) == 'a,b\n"1,5",\n'
