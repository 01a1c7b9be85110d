"""An export as tables: one CSV each for articles, people, claims, relations and corrections.

They are for spreadsheets, which take a cell that begins with a sign for a formula: such a cell begins with an
apostrophe here (OWASP, CSV Injection).
"""

import csv
import io
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.exporting import Export, articles, corrections, people, records, relations
from services.exporting.records import Record

_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Tells spreadsheets that the letters are UTF-8.
_MARK = "\ufeff"

Column = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Table:
    """A file of records of one type, with what stands in each column."""

    name: str
    part: Callable[[Export], AsyncIterator[Record]]
    type: type[Record]
    columns: Mapping[str, Column]


def tables() -> Iterator[Table]:
    """Yield the tables of an export."""
    yield Table("articles.csv", articles, records.Article, _ARTICLE)
    yield Table("people.csv", people, records.Person, _PERSON)
    yield Table("claims.csv", articles, records.Claim, _CLAIM)
    yield Table("relations.csv", relations, records.Relation, _RELATION)
    yield Table("corrections.csv", corrections, records.Correction, _CORRECTION)


async def lines(export: Export, table: Table) -> AsyncIterator[str]:
    """Yield the lines of a table's file."""
    yield _MARK + _line(list(table.columns))
    async for record in table.part(export):
        if isinstance(record, table.type):
            yield _line([column(record) for column in table.columns.values()])


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_SIGNS) else cell


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return out.getvalue()


def _joined(values: Sequence[str]) -> str:
    return "; ".join(values)


def _forwarded_from(article: records.Article) -> str | None:
    origins = [each.origin for each in article.forwards]
    return next((origin.username or origin.name for origin in origins if origin.kind != "none"), None)


_ARTICLE: Mapping[str, Column] = {
    "id": lambda article: article.id,
    "headline": lambda article: article.headline,
    "publisher": lambda article: article.publisher,
    "author": lambda article: _joined(article.author),
    "datePublished": lambda article: article.date_published,
    "inLanguage": lambda article: article.in_language,
    "url": lambda article: article.url,
    "seenAt": lambda article: article.seen_at,
    "receivedAt": lambda article: article.received_at,
    "state": lambda article: article.state,
    "reprintOf": lambda article: article.reprint_of,
    "story": lambda article: article.story,
    "forwardedFrom": _forwarded_from,
    "forwardedBy": lambda article: _joined([each.sender for each in article.forwards]),
    "note": lambda article: _joined([each.note for each in article.forwards if each.note]),
    "people": lambda article: _joined([each.person for each in article.people]),
    "articleBody": lambda article: article.article_body,
}
_PERSON: Mapping[str, Column] = {
    "id": lambda person: person.id,
    "name": lambda person: person.name,
    "alternateName": lambda person: _joined(person.alternate_name),
    "jobTitle": lambda person: _joined(person.job_title),
    "shownAs": lambda person: person.shown_as or person.id,
}
_CLAIM: Mapping[str, Column] = {
    "id": lambda claim: claim.id,
    "article": lambda claim: claim.article,
    "rank": lambda claim: claim.rank,
    "source": lambda claim: claim.source.text if claim.source else None,
    "sourcePerson": lambda claim: claim.source.person if claim.source else None,
    "sourceJobTitle": lambda claim: claim.source.job_title if claim.source else None,
    "leadIn": lambda claim: claim.lead_in,
    "text": lambda claim: claim.text,
    "factuality": lambda claim: claim.factuality,
    "kind": lambda claim: claim.kind,
    "people": lambda claim: _joined(claim.people),
    "start": lambda claim: claim.spans[0][0] if claim.spans else None,
    "end": lambda claim: claim.spans[-1][1] if claim.spans else None,
}
_RELATION: Mapping[str, Column] = {
    "id": lambda relation: relation.id,
    "claim": lambda relation: relation.claim,
    "kind": lambda relation: relation.kind,
    "other": lambda relation: relation.other,
    "state": lambda relation: relation.state,
    "score": lambda relation: relation.score,
    "evidence": lambda relation: _joined(relation.evidence),
}
_CORRECTION: Mapping[str, Column] = {
    "id": lambda correction: correction.id,
    "kind": lambda correction: correction.kind,
    "article": lambda correction: correction.article,
    "words": lambda correction: correction.anchor[0] if correction.anchor else None,
    "said": lambda correction: json.dumps(correction.said, ensure_ascii=False),
    "corrected": lambda correction: json.dumps(correction.corrected, ensure_ascii=False),
    "by": lambda correction: correction.user_name,
    "madeAt": lambda correction: correction.made_at,
    "state": lambda correction: correction.state,
    "endedAt": lambda correction: correction.ended_at,
    "endedBy": lambda correction: correction.ended_by,
}
