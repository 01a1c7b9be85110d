"""The small words that the rules ask for by themselves, in the language that is being read."""

from dataclasses import dataclass
from functools import cache

from extraction.languages import language_read, read_data


@dataclass(frozen=True, slots=True)
class Grammar:
    """Words in lower case; ``according`` are prepositions that name a source by themselves.

    What is fixed to a preposition follows it after an underscore.
    """

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
    return Grammar(**{name: _words(words) for name, words in read_data("grammar.toml", language).items()})


def _words(words: str) -> frozenset[str]:
    """Return words with both kinds of apostrophe."""
    return frozenset((*words.split(), *words.replace("'", "’").split()))
