"""What an article says once its corrections have been applied to what the machine read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.corrections import Correction
from domain.extraction import Extraction


@dataclass(frozen=True, slots=True)
class Corrected:
    """What holds of an article.

    ``pinned`` tells by index who a person of the extraction is: a person's number, or None for somebody new.
    ``reopened`` are the corrections whose place is not in the article's text any more.
    """

    extraction: Extraction
    pinned: Mapping[int, int | None] = field(default_factory=dict)
    reopened: tuple[Correction, ...] = ()


def corrected(text: str, extraction: Extraction, corrections: Sequence[Correction]) -> Corrected:
    """Return the extraction of ``text`` as its standing corrections, oldest first, leave it."""
    return Corrected(extraction)
