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
_STEM = 5
_INDEFINITE = frozenset(("a", "an", "one", "un", "une", "ein", "eine"))


@dataclass(frozen=True, slots=True)
class _Tables:
    whole: Mapping[str, str]
    beginnings: Mapping[str, str]
    near: frozenset[frozenset[str]]
    general: frozenset[str]
    small: frozenset[str]
    calendar: frozenset[str]
    kin: frozenset[str]


def fields_of(words: Iterable[str]) -> Counter[str]:
    """Return how many of the normalised words each field of work has."""
    return Counter(field for word in words if (field := _field(word)))


def are_near(one: str, other: str) -> bool:
    """Say whether people change between two fields, or have a job in both."""
    return one == other or frozenset({one, other}) in _tables().near


@lru_cache(maxsize=20_000)
def role_places(job_title: str) -> frozenset[str]:
    """Return the beginnings of the words of a role, behind the first, that have a capital: where, or of what."""
    words = job_title.split()[1:]
    capitals = {part for word in words if word[:1].isupper() for part in normalise(word).split()}
    return frozenset(word[:_STEM] for word in capitals if len(word) > 2)


@lru_cache(maxsize=20_000)
def role_words(job_title: str) -> frozenset[str]:
    """Return the beginnings of the words of a role that say something, whatever the place."""
    places = role_places(job_title)
    words = (word for word in normalise(job_title).split() if word not in _tables().small and len(word) > 1)
    return frozenset(word[:_STEM] for word in words) - places


def brings_somebody_new(job_title: str) -> bool:
    """Say whether a role is told as one tells it of somebody unheard of: "a dentist on holiday"."""
    return job_title.split(maxsplit=1)[0].lower() in _INDEFINITE


def is_general(beginning: str) -> bool:
    """Say whether the beginning of a role's word is that of one which many people share."""
    return beginning in _tables().general


def is_calendar(word: str) -> bool:
    """Say whether a normalised word is a day, a month or a word of the page that is written with a capital."""
    return word in _tables().calendar


def speaks_of_kin(words: Iterable[str]) -> bool:
    """Say whether one of the normalised words tells somebody by whose relative they are."""
    return not _tables().kin.isdisjoint(words)


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
    general, small, calendar, kin = (
        frozenset(map(_plain, data[each]["words"].split())) for each in ("general", "small", "calendar", "kin")
    )
    near = frozenset(frozenset(pair) for pair in data["near"]["pairs"])
    return _Tables(whole, beginnings, near, frozenset(word[:_STEM] for word in general), small, calendar, kin)


def _plain(word: str) -> str:
    return re.sub(" ", "", normalise(word.rstrip("*")))
