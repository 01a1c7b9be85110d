"""The JSON record of an article: what ``presswatch extract --json`` prints."""

from collections.abc import Sequence
from typing import Any

from domain.extraction import Attribution, Extraction, KeyClaim, NamedPerson, Passage, Source, Span


def to_record(article_id: str | int, text: str, extraction: Extraction) -> dict[str, Any]:
    """Return the record as plain JSON values; ``text`` is the text that the offsets count in."""
    meta = extraction.metadata
    return {
        "id": article_id,
        "headline": meta.headline,
        "publisher": meta.publisher,
        "author": list(meta.author),
        "datePublished": meta.date_published,
        "inLanguage": meta.language,
        "url": meta.url,
        "articleBody": text,
        "people": [_person(person) for person in extraction.people],
        "attributions": [_attribution(attribution) for attribution in extraction.attributions],
        "claims": [_claim(claim) for claim in extraction.claims],
    }


def _person(person: NamedPerson) -> dict[str, Any]:
    return {
        "name": person.name,
        "alternateName": list(person.alternate_names),
        "jobTitle": list(person.job_titles),
        "mentions": [
            {"start": mention.span.start, "end": mention.span.end, "text": mention.text} for mention in person.mentions
        ],
    }


def _attribution(attribution: Attribution) -> dict[str, Any]:
    return {
        "source": _source(attribution.source),
        "cue": _passage(attribution.cue),
        "content": _passage(attribution.content),
        "factuality": attribution.factuality.value,
        "kind": attribution.kind.value,
    }


def _claim(claim: KeyClaim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "spans": _spans(claim.spans),
        "attribution": claim.attribution,
        "people": list(claim.people),
        "factuality": claim.factuality.value,
        "rank": claim.rank,
    }


def _source(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {"text": source.text, "spans": _spans(source.spans), "person": source.person}


def _passage(passage: Passage | None) -> dict[str, Any] | None:
    if passage is None:
        return None
    return {"text": passage.text, "spans": _spans(passage.spans)}


def _spans(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
