"""``presswatch extract``: articles to records and cards, without an archive."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import structlog
from rich.console import Console
from rich.text import Text

from domain.articles import ArticleState
from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata, Passage
from domain.ledger import ArticleReference, Card, Claimant, LedgerClaim
from domain.record import to_record
from extraction.extractor import load_extractor
from handlers.replies import cards
from readers.lines import read_line
from services.reading import lead_in

log = structlog.get_logger()

FAILURES = {
    FailureReason.UNREADABLE_SCRIPT: "the text is in a script that the model cannot read",
    FailureReason.TIMEOUT: "it took too long",
    FailureReason.CRASH: "it could not be read",
}


def record(model: str, name: Any, text: str, given: Metadata | None = None) -> dict[str, Any]:
    """Return an article's record, or its ``id`` and an ``error``."""
    result = _extract(model, text, given)
    if isinstance(result, ExtractionFailure):
        return {"id": name, "error": FAILURES[result.reason]}
    return to_record(name, text, result)


def lines(model: str, stream: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Return a record for each line of JSON, in order; a line that cannot be read gives its ``error``."""
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield _line(model, number, line)


def _line(model: str, number: int, line: bytes) -> dict[str, Any]:
    read = read_line(number, line)
    if read.text is None:
        return {"id": read.id, "error": read.reason}
    found = record(model, read.id, read.text, read.given)
    found.pop("articleBody", None)
    return found


def card_text(model: str, text: str, console: Console) -> bool:
    """Print an article's card with all its claims, or why there is none; return whether there is one."""
    result = _extract(model, text)
    if isinstance(result, ExtractionFailure):
        console.print(Text(FAILURES[result.reason]))
        return False
    for line in cards.card(_card(text, result)).text.split("\n"):
        console.print(Text(line.striptags()))
    return True


def _extract(model: str, text: str, given: Metadata | None = None) -> Extraction | ExtractionFailure:
    extractor = load_extractor(model)
    try:
        return extractor.extract(text, given)
    except Exception as error:  # noqa: BLE001  # the process's edge: one bad article costs itself alone
        # The message of an error may quote the article, so the type must do.
        log.error("extraction failed", action="extract.error", error=type(error).__name__, characters=len(text))
        return ExtractionFailure(FailureReason.CRASH)


def _card(text: str, extraction: Extraction) -> Card:
    now = datetime.now(UTC)
    meta = extraction.metadata
    reference = ArticleReference(0, meta.headline, meta.publisher, now, None)
    claims = tuple(_claim(text, extraction, index, reference) for index in range(len(extraction.claims)))
    return Card(reference, ArticleState.READ, None, meta, claims, extraction.people)


def _claim(text: str, extraction: Extraction, index: int, reference: ArticleReference) -> LedgerClaim:
    key = extraction.claims[index]
    attribution = extraction.attributions[key.attribution] if key.attribution is not None else None
    source = attribution.source if attribution else None
    claimant = None
    if source is not None:
        person = extraction.people[source.person] if source.person is not None else None
        title = person.job_titles[0] if person and person.job_titles else None
        claimant = Claimant(source.text, source.person, person.name if person else None, title)
    return LedgerClaim(
        id=index,
        text=key.text,
        factuality=key.factuality,
        kind=attribution.kind if attribution else None,
        claimant=claimant,
        cue=attribution.cue.text if attribution and attribution.cue else None,
        lead_in=lead_in(text, source, attribution.cue, Passage(key.text, key.spans)) if attribution else None,
        rank=key.rank,
        article=reference,
    )
