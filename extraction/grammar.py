"""The small words that the rules ask for by themselves, in the language that is being read."""

from dataclasses import dataclass
from functools import cache

from extraction.languages import language_read, read_data


@dataclass(frozen=True, slots=True)
class Grammar:
    """Words in lower case; ``according`` are prepositions that name a source by themselves."""

    relative: frozenset[str]
    expletive: frozenset[str]
    impersonal: frozenset[str]
    indirect: frozenset[str]
    that: frozenset[str]
    resuming: frozenset[str]
    reader: frozenset[str]
    definite: frozenset[str]
    of: frozenset[str]
    by: frozenset[str]
    owners: frozenset[str]
    connecting: frozenset[str]
    according: frozenset[str]
    persons: frozenset[str]


def grammar() -> Grammar:
    """Return the words of ``grammar.toml``."""
    return _grammar(language_read())


@cache
def _grammar(language: str) -> Grammar:
    return Grammar(**{name: frozenset(words.split()) for name, words in read_data("grammar.toml", language).items()})
