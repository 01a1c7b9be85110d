"""Articles in which every name is marked with whose it is.

A line of a file is one article: ``{"id", "date", "publisher", "text"[, "names"]}``. In its text ``{kos|I. Kos}`` is a
name of the person ``kos`` and ``{kos=head of the port}`` a role of theirs, both in the article's own words; persons are
the same throughout a file. ``{kos?|Kos}`` is somebody of whom not even a careful reader of the whole file can tell
whether it is ``kos``. ``names`` gives the dictionary forms of names that the text inflects.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.extraction import Mention, NamedPerson, Span

FOLDER = Path(__file__).parent
_MARKED = re.compile(r"\{([a-z0-9_]+\??)([|=])([^{}|=]+)\}")


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it comes in, and what a careful reader knows: names and roles by person."""

    id: str
    date: datetime
    publisher: str
    text: str
    mentions: Mapping[str, Sequence[Mention]]
    roles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def people(self) -> tuple[NamedPerson, ...]:
        """Return what an extractor without faults would find, in the order of first mention."""
        return tuple(
            _named(found, self.roles.get(person, ()), self.names.get(person, ()))
            for person, found in self.mentions.items()
        )


def load(file: str) -> list[Article]:
    """Return the articles of a file, the oldest first."""
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return sorted((article_of(json.loads(line)) for line in lines), key=lambda article: article.date)


def article_of(line: Mapping[str, Any]) -> Article:
    """Return the article of a line, marks taken out of its text; raises ValueError where a mark is broken."""
    pieces: list[str] = []
    mentions: dict[str, list[Mention]] = {}
    roles: dict[str, list[str]] = {}
    at = last = 0
    for mark in _MARKED.finditer(line["text"]):
        person, kind, words = mark.groups()
        pieces += [line["text"][last : mark.start()], words]
        start = at + len(pieces[-2])
        at, last = start + len(words), mark.end()
        if kind == "|":
            mentions.setdefault(person, []).append(Mention(words, Span(start, at)))
        else:
            roles.setdefault(person, []).append(words)
    text = "".join([*pieces, line["text"][last:]])
    if "{" in text or "}" in text or not roles.keys() <= mentions.keys():
        raise ValueError(f"a mark is broken in {line['id']}")
    date = datetime.fromisoformat(line["date"]).replace(tzinfo=UTC)
    return Article(line["id"], date, line["publisher"], text, mentions, roles, line.get("names", {}))


def _named(mentions: Sequence[Mention], roles: Sequence[str], names: Sequence[str]) -> NamedPerson:
    forms = list(dict.fromkeys(names or [mention.text for mention in mentions]))
    best = max(forms, key=lambda form: (len(form.split()), len(form)))
    others = tuple(form for form in forms if form != best)
    return NamedPerson(best, others, tuple(dict.fromkeys(roles)), tuple(mentions))
