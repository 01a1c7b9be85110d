"""What an article says about itself."""

from datetime import date

import pytest

from domain.extraction import Metadata, with_year


@pytest.mark.parametrize(
    ("told", "received", "means"),
    [
        ("--03-06", date(2026, 11, 22), "2026-03-06"),
        ("--03-06", date(2026, 3, 6), "2026-03-06"),
        ("--03-07", date(2026, 3, 6), "2026-03-07"),
        ("--03-08", date(2026, 3, 6), "2025-03-08"),
        ("--12-30", date(2026, 1, 2), "2025-12-30"),
        ("--01-01", date(2025, 12, 31), "2026-01-01"),
        ("--02-29", date(2026, 3, 6), "2024-02-29"),
        ("--02-29", date(1904, 1, 1), "1896-02-29"),
        ("2026-03-06", date(2030, 1, 1), "2026-03-06"),
        ("2026-03-06T14:05+02:00", date(2020, 1, 1), "2026-03-06T14:05+02:00"),
        (None, date(2026, 3, 6), None),
    ],
)
def test_a_day_without_its_year_has_the_latest_one_that_may_be_meant(
    told: str | None, received: date, means: str | None
) -> None:
    """It is no later than the day on which the article came in, or the next, which it may be elsewhere already."""
    assert with_year(Metadata(headline="Sale off", date_published=told), received) == Metadata(
        headline="Sale off", date_published=means
    )
