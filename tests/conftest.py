"""Settings and fixtures that every test shares."""

import pytest
from hypothesis import HealthCheck, settings

from ketbio.cli import run

# The same examples every time, none kept on disk: a failure here is a failure everywhere.
settings.register_profile(
    "ketbio",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=40,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("ketbio")


@pytest.fixture
def typed(capsys):
    """Return a function that runs one command line: (status, what it printed, its errors)."""

    def run_line(*words):
        status = run([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return run_line
