"""How long failures make one wait."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.jobs import backoff


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 60), (7, 60), (10**9, 60)]
)
def test_the_wait_doubles_from_two_seconds_up_to_a_minute(failures: int, seconds: int):
    assert backoff(failures) == timedelta(seconds=seconds)


@given(st.integers(0, 10**12))
def test_more_failures_never_make_the_wait_shorter(failures: int):
    assert timedelta(0) < backoff(failures) <= backoff(failures + 1)
