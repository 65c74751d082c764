"""Settings that every test shares."""

from hypothesis import HealthCheck, settings

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
