"""An export as schema.org's JSON-LD: NewsArticle, Person and Claim in one graph, a node a line.

A person is one node, whatever rows are them. Relations and corrections have no terms in schema.org; they are in the
other two forms.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

from domain.extraction import Factuality
from services.exporting import Export, articles, people, records

CONTEXT = "https://schema.org"

Node = dict[str, Any]


async def document(export: Export) -> AsyncIterator[str]:
    """Yield one JSON document in pieces."""
    yield f'{{"@context": "{CONTEXT}", "@graph": [\n'
    before = ""
    async for node in nodes(export):
        yield before + json.dumps(node, ensure_ascii=False)
        before = ",\n"
    yield "\n]}\n"


async def nodes(export: Export) -> AsyncIterator[Node]:
    """Yield the graph's nodes: people, then each article with its claims."""
    shown: dict[str, str] = {}
    groups: dict[str, list[records.Person]] = {}
    async for person in people(export):
        if person.shown_as is not None:
            shown[person.id] = person.shown_as
            groups.setdefault(person.shown_as, []).append(person)
    async for person in people(export):
        if person.shown_as is None:
            yield _person(person, groups.get(person.id, []))
    async for record in articles(export):
        yield _article(record, shown) if isinstance(record, records.Article) else _claim(record, shown)


def _person(person: records.Person, others: list[records.Person]) -> Node:
    names = [*person.alternate_name, *(name for each in others for name in (each.name, *each.alternate_name))]
    titles = [title for each in (person, *others) for title in each.job_title]
    return _without_nothing(
        {
            "@type": "Person",
            "@id": f"#{person.id}",
            "name": person.name,
            "alternateName": [name for name in dict.fromkeys(names) if name != person.name],
            "jobTitle": list(dict.fromkeys(titles)),
        }
    )


def _article(article: records.Article, shown: dict[str, str]) -> Node:
    return _without_nothing(
        {
            "@type": "NewsArticle",
            "@id": f"#{article.id}",
            "headline": article.headline,
            "publisher": {"@type": "Organization", "name": article.publisher} if article.publisher else None,
            "author": [{"@type": "Person", "name": name} for name in article.author],
            "datePublished": article.date_published,
            "inLanguage": article.in_language,
            "url": article.url,
            "isBasedOn": {"@id": f"#{article.reprint_of}"} if article.reprint_of else None,
            "mentions": _references([each.person for each in article.people], shown),
            "articleBody": article.article_body,
        }
    )


def _claim(claim: records.Claim, shown: dict[str, str]) -> Node:
    """Return a claim; one that is not plainly asserted has the article's words that say so in its text, too.

    Whoever makes it is its author as far as it is a person whom we know; else the text names them.
    """
    source = claim.source
    plain = claim.factuality == Factuality.CERTAIN.value
    person = source.person if source else None
    words = [source.text if source and person is None else None, None if plain else claim.lead_in or _cue(claim)]
    return _without_nothing(
        {
            "@type": "Claim",
            "@id": f"#{claim.id}",
            "text": " ".join(word for word in (*words, claim.text) if word),
            "author": {"@id": f"#{shown.get(person, person)}"} if person else None,
            "creditText": source.text if source else None,
            "about": _references(list(claim.people), shown),
            "appearance": {"@id": f"#{claim.article}"},
            "keywords": f"factuality:{claim.factuality}",
            "position": claim.position,
        }
    )


def _cue(claim: records.Claim) -> str | None:
    return claim.cue.text if claim.cue else None


def _references(found: list[str], shown: dict[str, str]) -> list[Node]:
    return [{"@id": f"#{person}"} for person in dict.fromkeys(shown.get(each, each) for each in found)]


def _without_nothing(node: Node) -> Node:
    return {name: value for name, value in node.items() if value not in (None, [])}
