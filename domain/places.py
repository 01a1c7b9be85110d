"""Places, as far as clocks go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A city, or a zone by itself, with its IANA zone; ``country`` is an ISO 3166 code."""

    name: str
    timezone: str
    country: str | None = None
