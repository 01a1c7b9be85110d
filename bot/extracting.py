"""``presswatch extract``: articles to records and cards, without an archive."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from domain.articles import ArticleState
from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata, Passage
from domain.ledger import ArticleReference, Card, Claimant, LedgerClaim
from domain.record import to_record
from extraction.extractor import load_extractor
from handlers.replies import cards
from services.reading import lead_in

_FAILURES = {
    FailureReason.UNREADABLE_SCRIPT: "the text is in a script that the model cannot read",
    FailureReason.TIMEOUT: "it took too long",
    FailureReason.CRASH: "it could not be read",
}


def record(model: str, name: str, text: str, given: Metadata | None = None) -> dict[str, Any]:
    """Return an article's record, or its ``id`` and an ``error``."""
    result = load_extractor(model).extract(text, given)
    if isinstance(result, ExtractionFailure):
        return {"id": name, "error": _FAILURES[result.reason]}
    return to_record(name, text, result)


def lines(model: str, stream: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Return a record for each line of JSON, in order; a line that cannot be read gives its ``error``."""
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield _line(model, number, line)


def _line(model: str, number: int, line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except ValueError:
        return {"id": number, "error": "this line is no JSON"}
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        identity = given.get("id", number) if isinstance(given, dict) else number
        return {"id": identity, "error": 'this line has no "text"'}
    found = record(model, given.get("id", number), given["text"], given_metadata(given))
    found.pop("articleBody", None)
    return found


def given_metadata(line: dict[str, Any]) -> Metadata:
    """Return what a line of JSON says of its article besides the text."""
    known = {
        key: line[key] for key in ("headline", "publisher", "datePublished", "url") if isinstance(line.get(key), str)
    }
    return Metadata(
        headline=known.get("headline"),
        publisher=known.get("publisher"),
        date_published=known.get("datePublished"),
        url=known.get("url"),
    )


def card_text(model: str, text: str, console: Console) -> None:
    """Print an article's card with all its claims."""
    result = load_extractor(model).extract(text)
    if isinstance(result, ExtractionFailure):
        console.print(Text(_FAILURES[result.reason]))
        return
    for line in cards.card(_card(text, result)).text.split("\n"):
        console.print(Text(line.striptags()))


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
