"""What an article is about, as weighted keys, and how much two articles are about the same.

Keys are the beginnings of words: the first six letters bring most forms of a word together in any language with an
alphabet (truncation as a stemmer: Hafer and Weiss 1974). Articles are likened as weighted vectors (Salton and Buckley
1988), by names and by other words apart: a mayor's two affairs share their names, two fires share their words, and
only articles about the same events share both.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from zlib import crc32

from storage.values import normalise

Keys = Mapping[int, float]
# How many names and other words an article is known by.
NAMES, WORDS = 16, 30
# How much a key says that stands in the headline, is a person's, or may stand in any article.
_IN_HEADLINE, _OF_PERSON, _COMMON = 1.6, 1.3, 0.1
_STEM, _SHORTEST = 6, 3
_NAMES_ACROSS = 3
# Whom articles name alike, with fewer telling words in common and much less alike, does another thing in each.
_TELLING, _MUCH_LESS, _APART = 2, 0.2, 0.3
_MOST_COMMON = _COMMON * _IN_HEADLINE
# Further down, a text tells what led up to the events.
_MOST_CHARACTERS = 8_000
# Lines of fewer words are captions, links and the like.
_SHORTEST_LINE = 8
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:…“\"«„•\n|]\s*|\s[–—-]\s+)$")


def keys_of(headline: str, body: str, people: Iterable[str]) -> dict[int, float]:
    """Return the keys of an article, each with how much the article is about it; those of names are odd."""
    texts = [line for line in body[:_MOST_CHARACTERS].splitlines() if len(line.split()) >= _SHORTEST_LINE]
    persons = {_stem(word) for name in people for word in _words(name)}
    names = persons | {name for text in (*texts, *_uncapitalised(headline)) for name in _names(text)}
    in_headline = {_stem(word) for word in _words(headline)}
    weights = dict.fromkeys(persons, _OF_PERSON)
    for text in (headline, *texts):
        for word in _words(text):
            stem = _stem(word)
            weight = _COMMON if stem not in names and word in _common_words() else 1.0
            weights[stem] = max(weights.get(stem, 0.0), weight)
    for stem in weights.keys() & in_headline:
        weights[stem] *= _IN_HEADLINE
    best = sorted(weights.items(), key=lambda pair: -pair[1])
    chosen = [pair for pair in best if pair[0] in names][:NAMES] + [pair for pair in best if pair[0] not in names][
        :WORDS
    ]
    return {2 * crc32(stem.encode()) + (stem in names): weight for stem, weight in chosen}


def rarity(articles: int, of: int) -> float:
    """Return how much it says that ``articles`` of the ``of`` articles of the same days have a key."""
    return math.log((of + 30) / (articles + 1))


def likeness(one: Keys, other: Keys, rarities: Mapping[int, float], usual: float) -> float:
    """Return from 0 to 1 how much two articles are about the same; ``usual`` is the rarity of any other key."""
    names, words = (_cosine(one, other, rarities, usual, odd) for odd in (1, 0))
    telling = [key for key in one.keys() & other.keys() if not key % 2 and min(one[key], other[key]) > _MOST_COMMON]
    apart = len(telling) < _TELLING and words < _MUCH_LESS * names
    return math.sqrt(names * words) * (_APART if apart else 1.0)


def likeness_across(one: Keys, other: Keys, rarities: Mapping[int, float], usual: float) -> float:
    """Return the same of articles in two languages, which share names only: of few names nothing follows."""
    shared = sum(key % 2 for key in one.keys() & other.keys())
    return _cosine(one, other, rarities, usual, 1) / 2 if shared >= _NAMES_ACROSS else 0.0


def _cosine(one: Keys, other: Keys, rarities: Mapping[int, float], usual: float, odd: int) -> float:
    common = [key for key in one.keys() & other.keys() if key % 2 == odd]
    shared = sum(one[key] * other[key] * rarities.get(key, usual) ** 2 for key in common)
    if not shared:
        return 0.0
    squares = [
        sum((weight * rarities.get(key, usual)) ** 2 for key, weight in keys.items() if key % 2 == odd)
        for keys in (one, other)
    ]
    return shared / math.sqrt(squares[0] * squares[1])


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text in small Latin letters."""
    for match in _WORD.finditer(text):
        yield from _parts(match.group())


@lru_cache(maxsize=20_000)
def _parts(word: str) -> tuple[str, ...]:
    return tuple(part for part in normalise(word).split() if len(part) >= _SHORTEST)


def _stem(word: str) -> str:
    bare = word[:-1] if len(word) > _SHORTEST and word.endswith("s") else word
    return bare[:_STEM]


def _names(text: str) -> Iterator[str]:
    """Yield the stems of the words that are written large inside a sentence, days and months left out."""
    for match in _WORD.finditer(text):
        if match.group()[0].isupper() and not _SENTENCE_START.search(text[max(0, match.start() - 3) : match.start()]):
            yield from (_stem(word) for word in _words(match.group()) if word not in _common_words())


def _uncapitalised(headline: str) -> list[str]:
    """Return a headline unless Most of Its Words Are Written Large."""
    words = headline.split()
    large = sum(word[0].isupper() for word in words)
    return [headline] if 2 * large <= len(words) else []


@cache
def _common_words() -> frozenset[str]:
    lines = (files("services") / "data" / "common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
