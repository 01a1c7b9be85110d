"""Fields of work, and the words of roles: what tells namesakes from each other."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from storage.values import normalise

# Endings change with case and number; so many letters are compared.
_STEM = 6


@dataclass(frozen=True, slots=True)
class _Tables:
    whole: Mapping[str, str]
    beginnings: Mapping[str, str]
    near: frozenset[frozenset[str]]
    general: frozenset[str]
    small: frozenset[str]
    calendar: frozenset[str]


def fields_of(words: Iterable[str]) -> Counter[str]:
    """Return how many of the normalised words each field of work has."""
    return Counter(field for word in words if (field := _field(word)))


def are_near(one: str, other: str) -> bool:
    """Say whether people change between two fields, or have a job in both."""
    return one == other or frozenset({one, other}) in _tables().near


def role_words(job_title: str) -> frozenset[str]:
    """Return the beginnings of the words of a role that say something."""
    return frozenset(
        word[:_STEM] for word in normalise(job_title).split() if word not in _tables().small and len(word) > 1
    )


def is_general(beginning: str) -> bool:
    """Say whether the beginning of a role's word is that of one which many people share."""
    return beginning in _tables().general


def is_calendar(word: str) -> bool:
    """Say whether a normalised word is a day, a month or a word of the page that is written with a capital."""
    return word in _tables().calendar


@lru_cache(maxsize=50_000)
def _field(word: str) -> str | None:
    tables = _tables()
    if word[:_STEM] in tables.general:
        return None
    if word in tables.whole:
        return tables.whole[word]
    return next(
        (tables.beginnings[word[:end]] for end in range(len(word), 2, -1) if word[:end] in tables.beginnings), None
    )


@cache
def _tables() -> _Tables:
    data = tomllib.loads((files(__package__) / "data" / "fields.toml").read_text(encoding="utf-8"))
    whole: dict[str, str] = {}
    beginnings: dict[str, str] = {}
    for field, table in data["fields"].items():
        for word in table["words"].split():
            (beginnings if word.endswith("*") else whole).setdefault(_plain(word), field)
    general, small, calendar = (
        frozenset(map(_plain, data[each]["words"].split())) for each in ("general", "small", "calendar")
    )
    near = frozenset(frozenset(pair) for pair in data["near"]["pairs"])
    return _Tables(whole, beginnings, near, frozenset(word[:_STEM] for word in general), small, calendar)


def _plain(word: str) -> str:
    return re.sub(" ", "", normalise(word.rstrip("*")))
