"""Words by which statements are compared: roots, near synonyms, opposites."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

_ENDINGS = (
    "isation", "ization", "ations", "ation", "ition", "ments", "ment", "ions", "ion", "ances", "ance", "ence", "ised",
    "ized", "ates", "ated", "ate", "ures", "ure", "als", "al", "ings", "ing", "ers", "er", "ors", "or", "ies", "ed",
    "es", "e", "y", "s",
)  # fmt: skip
_SHORTEST = 4
_NEGATING = ("un", "in", "im", "il")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of roots; ``same`` and ``sides`` give a root's groups, ``opposite`` the roots that exclude it."""

    same: dict[str, frozenset[int]]
    opposite: dict[str, frozenset[str]]
    tolls: frozenset[str]
    light: frozenset[str]
    generic: frozenset[str]
    unspecific: frozenset[str]
    silent: frozenset[str]
    vague: frozenset[str]
    places: frozenset[str]
    calling_off: frozenset[str]
    members: frozenset[str]
    sides: dict[str, int]


@cache
def lexicon() -> Lexicon:
    """Return the words of ``data/words.toml``."""
    data = _data()
    same: dict[str, frozenset[int]] = {}
    for number, line in enumerate(data["same"]["groups"].strip().splitlines()):
        for word in line.split():
            same[root(word)] = same.get(root(word), frozenset()) | {number}
    opposite: dict[str, frozenset[str]] = {}
    for line in data["opposite"]["pairs"].strip().splitlines():
        left, right = (root(word) for word in line.split())
        opposite[left] = opposite.get(left, frozenset()) | {right}
        opposite[right] = opposite.get(right, frozenset()) | {left}
    lists = {
        name: _roots(data[name]["words"].split())
        for name in Lexicon.__slots__
        if name not in ("same", "opposite", "sides")
    }
    lines = enumerate(data["sides"]["groups"].strip().splitlines())
    sides = {root(word): number for number, line in lines for word in line.split()}
    return Lexicon(same, opposite, sides=sides, **lists)


@lru_cache(maxsize=50_000)
def root(word: str) -> str:
    """Return what a word shares with others of its family: "evacuation" and "evacuate"; names stay as they are."""
    if word.startswith(("@", "^")):
        return word
    known = _irregular().get(word)
    if known is not None:
        return root(known)
    for ending in _ENDINGS:
        if word.endswith(ending) and not word.endswith("ss"):
            stem = word[: -len(ending)]
            if len(stem) >= (_SHORTEST - 1 if ending == "ment" else _SHORTEST):
                return stem
    return word


@lru_cache(maxsize=50_000)
def are_same(left: str, right: str) -> bool:
    """Tell whether two roots are one or mean nearly the same."""
    if left == right:
        return True
    groups = lexicon().same
    return bool(groups.get(left, frozenset()) & groups.get(right, frozenset()))


@lru_cache(maxsize=50_000)
def are_opposite(left: str, right: str) -> bool:
    """Tell whether two roots, or near synonyms of them, exclude each other."""
    found = lexicon().opposite
    return (
        any(are_same(one, right) for one in found.get(left, ()))
        or any(are_same(one, left) for one in found.get(right, ()))
        or (
            left != right
            and any(left == f"{prefix}{right}" or right == f"{prefix}{left}" for prefix in ("un", "in", "im", "il"))
        )
    )


def are_listed_opposites(left: str, right: str) -> bool:
    """Tell whether two roots exclude each other themselves, not only by near synonyms."""
    return right in lexicon().opposite.get(left, frozenset())


def is_name(word: str) -> bool:
    """Tell whether a word names somebody or something."""
    return word.startswith(("@", "^"))


def shared(left: Iterable[str], right: Iterable[str]) -> set[str]:
    """Return the roots on the left that the right has, too, or says in another word."""
    others, groups = set(right), lexicon().same
    meant = {group for word in others for group in groups.get(word, ())}
    return {word for word in set(left) if word in others or not meant.isdisjoint(groups.get(word, ()))}


def _roots(words: Iterable[str]) -> frozenset[str]:
    return frozenset(root(word) for word in words)


@cache
def _data() -> dict[str, Any]:
    text = (files("services.relation_rules") / "data" / "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _irregular() -> dict[str, str]:
    return dict(line.split() for line in _data()["roots"]["pairs"].strip().splitlines() if len(set(line.split())) == 2)
