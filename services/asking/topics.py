"""The words of a topic as claims are searched for them: without those that say nothing, and by their beginnings.

Endings are taken off as a light stemmer does (after Harman 1991), so that "evacuation" meets "evacuated"; what is left
is the beginning of a word, never less than four letters of a longer one.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from storage.values import normalise

MOST_WORDS = 6
LONGEST_WORD = 40
_SHORTEST, _SHORTEST_VERB = 4, 3
_ENDING = re.compile(r"(?:ations?|ating|ated|ates?|ions?|ings?|ies|ied|ed|es|s|y|e)\Z")
_DOUBLED = re.compile(r"([bdglmnprt])\1\Z")


def beginnings(topic: str) -> tuple[str, ...]:
    """Return the beginnings of the topic's words, in lower-case Latin letters; a space ends what is a whole word."""
    words = meaning(topic)
    found = list(dict.fromkeys(_beginning(word[:LONGEST_WORD]) for word in words))
    # Of too many, the longest say the most.
    kept = sorted(found, key=len, reverse=True)[:MOST_WORDS]
    return tuple(word for word in found if word in kept)


def meaning(topic: str) -> list[str]:
    """Return the normalised words of a topic that say something."""
    # "the mayor's letter"
    return [word for word in normalise(re.sub("['’]s\\b", "", topic)).split() if word not in _empty()]


def with_all(words: Sequence[str], spelt: Sequence[str]) -> str:
    """Return the full-text expression for claims that have all the words, given by their beginnings.

    ``spelt`` are the words as they were asked for: where very much begins so, they are looked for as they are.
    """
    return " AND ".join(_either(word, spelt) for word in words)


def with_any(words: Sequence[str], least: int, spelt: Sequence[str]) -> str:
    """Return the full-text expression for what may have so many of the words: it has one of the longest, for sure."""
    longest = sorted(words, key=len, reverse=True)[: len(words) - least + 1]
    return " OR ".join(_either(word, spelt) for word in longest)


def forms(word: str) -> tuple[str, ...]:
    """Return the forms of what may be a verb, given by its beginning, that do not begin so: "pay", "paid" of "paying".

    Longer regular verbs are met by their beginnings.
    """
    whole = word.rstrip()
    if whole in _irregular():
        return tuple(form for form in _irregular()[whole] if form != whole)
    stem = re.sub(r"(?:ing|ed|s)\Z", "", whole)
    if not stem.isalpha() or not _SHORTEST_VERB <= len(stem) < _SHORTEST or stem == whole:
        return ()
    return tuple(form for form in (stem, f"{stem}s", f"{stem}ed", f"{stem}ing") if form != whole)


def _either(word: str, spelt: Sequence[str]) -> str:
    others = [f'"{form}"' for form in forms(word)]
    if word != word.rstrip():
        whole = [f'"{word.rstrip()}"', *others]
        return f"({' OR '.join(whole)})" if others else whole[0]
    whole = [f'"{each}"' for each in dict.fromkeys(spelt) if each.startswith(word)] + others
    return f'("{word}"* OR {" OR ".join(whole)})' if whole else f'"{word}"*'


def _beginning(word: str) -> str:
    shorter = _ENDING.sub("", word, count=1)
    if len(word) < _SHORTEST or any(map(str.isdigit, word)):
        return f"{word} "
    if len(shorter) < _SHORTEST:
        return word
    # "cancelled" and "cancels", "planning" and "plans".
    return _DOUBLED.sub(r"\1", shorter) if len(shorter) > _SHORTEST else shorter


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    text = (files("services.asking") / "data" / "verbs.txt").read_text(encoding="utf-8")
    groups = [tuple(line.split()) for line in text.splitlines() if not line.startswith("#")]
    # Words are compared by their beginnings, too.
    return {key: group for group in groups for form in group for key in (form, _beginning(form).rstrip())}


@cache
def _empty() -> frozenset[str]:
    text = (files("services.asking") / "data" / "questions.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["empty"])
