"""``presswatch extract``: articles to records and cards, without an archive."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import structlog
from markupsafe import Markup
from rich.console import Console
from rich.text import Text

from bot.failures import FAILURES
from domain.articles import ArticleState
from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata
from domain.intake import FoundArticle
from domain.ledger import ArticleReference, Card, Claimant, LedgerClaim
from domain.record import to_record
from extraction.extractor import load_extractor
from extraction.languages import FurtherModels
from handlers.replies import cards
from handlers.replies.layout import join
from handlers.replies.wording import claim
from readers.lines import read_line
from services.reading import ledger_claims
from storage.claims import NewClaim

# The English pipeline, and those of other languages.
Models = tuple[str, FurtherModels]

log = structlog.get_logger()


def record(models: Models, name: Any, text: str, given: Metadata | None = None) -> dict[str, Any]:
    """Return an article's record, or its ``id`` and an ``error``."""
    result = _extract(models, text, given)
    if isinstance(result, ExtractionFailure):
        return {"id": name, "error": FAILURES[result.reason]}
    return to_record(name, text, result)


def lines(models: Models, stream: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Return a record for each line of JSON, in order; a line that cannot be read gives its ``error``."""
    for number, line in enumerate(stream, start=1):
        if line.strip():
            yield _line(models, number, line)


def _line(models: Models, number: int, line: bytes) -> dict[str, Any]:
    read = read_line(number, line)
    if read.text is None:
        return {"id": read.id, "error": read.reason}
    found = record(models, read.id, read.text, read.given)
    found.pop("articleBody", None)
    return found


def card_text(models: Models, article: FoundArticle, console: Console) -> bool:
    """Print an article's card and its other claims, or why there are none; return whether there are any."""
    text = article.text
    result = _extract(models, text, article.metadata)
    if isinstance(result, ExtractionFailure):
        console.print(Text(FAILURES[result.reason]))
        return False
    shown = _card(text, result)
    _print(cards.card(shown, "").text, console)
    others = [Markup("• {}").format(claim(found)) for found in shown.claims if found.rank is None]
    if others:
        _print(join([Markup("\nOther claims"), *others]), console)
    return True


def _print(html: Markup, console: Console) -> None:
    for line in html.split("\n"):
        console.print(Text(line.striptags()))


def _extract(models: Models, text: str, given: Metadata | None = None) -> Extraction | ExtractionFailure:
    extractor = load_extractor(*models)
    try:
        return extractor.extract(text, given)
    except Exception as error:  # noqa: BLE001  # the process's edge: one bad article costs itself alone
        # The message of an error may quote the article, so the type must do.
        log.error("extraction failed", action="extract.error", error=type(error).__name__, characters=len(text))
        return ExtractionFailure(FailureReason.CRASH)


def _card(text: str, extraction: Extraction) -> Card:
    """Return the card that the archive would show; people have their place in the article for a number."""
    now = datetime.now(UTC)
    meta = extraction.metadata
    reference = ArticleReference(0, meta.headline, meta.publisher, now, None)
    found = ledger_claims(text, extraction, range(len(extraction.people)))
    in_order = sorted(found, key=lambda each: each.rank or len(found))
    claims = tuple(_claim(each, extraction, reference) for each in in_order)
    return Card(reference, ArticleState.READ, None, meta, claims, extraction.people, reading=extraction.reading)


def _claim(found: NewClaim, extraction: Extraction, reference: ArticleReference) -> LedgerClaim:
    person = extraction.people[found.source_person] if found.source_person is not None else None
    source, name = found.source, person.name if person else None
    return LedgerClaim(
        id=0,
        text=found.content.text,
        factuality=found.factuality,
        kind=found.kind,
        claimant=Claimant(source.text, found.source_person, name, found.source_job_title) if source else None,
        cue=found.cue.text if found.cue else None,
        lead_in=found.lead_in,
        rank=found.rank,
        article=reference,
    )
