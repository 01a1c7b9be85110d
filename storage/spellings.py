"""Names as the languages of the press spell them: "Лукашенко", "Lukashenko" and "Lukaschenko" share a key.

A key is what a name sounds like, roughly. A name in Latin letters may have come through English, German, French or a
Slavic language, so it is read in each of those ways and has a key for each; two names meet where they share one.
Arabic and Hebrew leave vowels out: names in those letters meet names in Latin letters by their consonants, but two
names in Latin letters never do.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from anyascii import anyascii

from storage.values import normalise

Rules = tuple[tuple[re.Pattern[str], str], ...]

# Fewer consonants than this say too little.
_FEWEST_CONSONANTS = 5
_NOT_A_LETTER = re.compile(r"[^a-zA-Z]+")
# What has nothing else in it has no letters of which a table would tell.
_PLAIN = re.compile(r"[a-z .-]*")


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a language reads Latin letters, and what shows that a name may have come through it."""

    shows: re.Pattern[str]
    pairs: Rules


@dataclass(frozen=True, slots=True)
class _Tables:
    letters: Rules
    aspirated: Rules
    readings: Sequence[_Reading]
    folding: Rules
    consonants: Mapping[str, tuple[Rules, Rules]]


@dataclass(frozen=True, slots=True)
class _Spelt:
    """What the keys of a name are made of: its letters, how it may sound, and what is left of it without vowels.

    ``leaves_out`` says that its own script leaves vowels out.
    """

    plain: frozenset[str]
    consonants: frozenset[str]
    leaves_out: bool


def kept_keys(name: str) -> frozenset[str]:
    """Return the keys by which a name is kept: its own, those of several words apart, and those of its words."""
    words = name.split()
    return _keys(name, for_own="~=", for_latin="^").union(*(kept_keys(word) for word in words if len(words) > 1))


def sought_keys(name: str) -> frozenset[str]:
    """Return the keys of a name or a word to look for among kept ones; what shares one is spelt the same somewhere."""
    return _keys(name, for_own="^=", for_latin="~")


def _keys(name: str, for_own: str, for_latin: str) -> frozenset[str]:
    """Return a name's keys; each of those without vowels has the marks of its own script, or of Latin."""
    spelt = _spelt(name)
    marks = for_own if spelt.leaves_out else for_latin
    return spelt.plain.union(mark + key for mark in marks for key in spelt.consonants)


@lru_cache(maxsize=20_000)
def word_sounds(word: str) -> frozenset[str]:
    """Return what a name's word sounds like in each way to read it; of a given name, also what all its forms share."""
    found = _sounds(word)
    return found | {_given_names()[sound] for sound in found if sound in _given_names()}


@lru_cache(maxsize=20_000)
def _spelt(name: str) -> _Spelt:
    script, sounds = _vowelless(name), set[str]()
    if script is not None:
        consonants = {_consonants(script, name, own=True)}
    else:
        sounds = {_with_given_names(sound) for sound in _sounds(name)}
        consonants = {_consonants(other, name, own=False) for other in _tables().consonants}
    return _Spelt(frozenset({normalise(name), *sounds} - {""}), frozenset(consonants - {""}), script is not None)


def _vowelless(name: str) -> str | None:
    """Return the name of the script that leaves vowels out, if the name is written in one."""
    scripts = {unicodedata.name(letter, "UNKNOWN").split()[0].lower() for letter in name if letter.isalpha()}
    return next((script for script in _tables().consonants if script in scripts), None)


@lru_cache(maxsize=20_000)
def _sounds(name: str) -> frozenset[str]:
    """Return what a name sounds like in each way to read it."""
    lowered, tables = name.lower(), _tables()
    ways = [way.pairs for way in tables.readings if way.shows.search(lowered)] if _is_latin(lowered) else [()]
    aspirated = {lowered, _replaced(lowered, tables.aspirated)}
    latin = {_latin(text if _PLAIN.fullmatch(text) else _replaced(text, tables.letters)) for text in aspirated}
    read = {_replaced(text, way) for text in latin for way in ways}
    return frozenset(_replaced(text, tables.folding) for text in read)


def _is_latin(text: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha())


def _latin(text: str) -> str:
    """Return a text in Latin letters, words apart by one space; capitals, which are sounds, stay."""
    romanised = "".join(letter if letter.isascii() else anyascii(letter).lower() for letter in text)
    return _NOT_A_LETTER.sub(" ", romanised.replace("'", "")).strip()


def _with_given_names(sound: str) -> str:
    """Return the words with a given name in the one form that stands for all of its spellings."""
    words = sound.split()
    return " ".join(_given_names().get(word, word) for word in words) if len(words) > 1 else sound


def _consonants(script: str, name: str, *, own: bool) -> str:
    """Return given names and consonants, or nothing where they are too few."""
    letters, latin = _tables().consonants[script]
    text = unicodedata.normalize("NFKC", name) if own else normalise(name)
    left = [_shared_form(word) or _replaced(word, letters if own else latin) for word in text.split()]
    left = [word for word in left if word]
    enough = len(left) > 1 and sum(map(len, left)) >= _FEWEST_CONSONANTS
    return f"{script}:{' '.join(left)}" if enough else ""


@lru_cache(maxsize=20_000)
def _shared_form(word: str) -> str | None:
    """Return the one form that stands for all spellings of a given name."""
    forms, found = _given_names(), None
    for sound in _sounds(word):
        found = forms.get(sound, found)
    return found


def _replaced(text: str, rules: Rules) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


@cache
def _tables() -> _Tables:
    data = tomllib.loads((files("storage") / "data" / "spellings.toml").read_text(encoding="utf-8"))
    return _Tables(
        letters=_rules(data["letters"]["pairs"]),
        aspirated=_rules(data["folding"]["aspirated"]),
        readings=[_Reading(re.compile(way["shows"]), _rules(way["pairs"])) for way in data["readings"].values()],
        folding=_rules(data["folding"]["pairs"]),
        consonants={
            name: (_rules(data[name]["letters"]), _rules(data[name]["latin"])) for name in ("arabic", "hebrew")
        },
    )


def _rules(pairs: Sequence[Sequence[str]]) -> Rules:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in pairs)


@cache
def _given_names() -> Mapping[str, str]:
    """Return the form that stands for all spellings of a given name, by each of their sounds."""
    text = (files("storage") / "data" / "given_names.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        names = [] if line.startswith("#") else line.split()
        for name in names:
            for sound in sorted(_sounds(name)):
                found.setdefault(sound, names[0].upper())
    return found
