"""The words that tell people from other names, read from data files, and how names are folded to compare them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from anyascii import anyascii

from extraction.languages import language_read, read_data, read_text

# "Fisherwoman", but not "human".
_SHORTEST_STEM = 3
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
# German and Nordic letters that are written with an e where a keyboard lacks them.
_WRITTEN_OUT = re.compile(r"(?<=[aou])e(?=[bcdfghjklmnpqrstvwxz])")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words in lower case; ``genders`` maps a folded given name to "f", "m" or "u"; ``forms`` to its other forms."""

    female_titles: frozenset[str]
    male_titles: frozenset[str]
    honorifics: frozenset[str]
    titles: frozenset[str]
    person_nouns: frozenset[str]
    role_endings: frozenset[str]
    role_adjectives: frozenset[str]
    organisation_words: frozenset[str]
    before_other_names: frozenset[str]
    particles: frozenset[str]
    suffixes: frozenset[str]
    never_names: frozenset[str]
    starting_particles: frozenset[str]
    place_prepositions: frozenset[str]
    naming_verbs: frozenset[str]
    heading_verbs: frozenset[str]
    kin_nouns: frozenset[str]
    namesake_words: frozenset[str]
    relation_words: frozenset[str]
    another: frozenset[str]
    charges: frozenset[str]
    naming_nouns: frozenset[str]
    offices: frozenset[str]
    firm_endings: frozenset[str]
    genders: Mapping[str, str]
    surname_first: frozenset[str]
    forms: Mapping[str, frozenset[str]]


@lru_cache(maxsize=20_000)
def fold(name: str) -> str:
    """Return a name's letters in Latin, lower case, without accents and signs."""
    return _NOT_LETTERS.sub("", anyascii(name).lower())


def spelled_alike(name: str) -> str:
    """Return ``fold``, with the two ways of writing an umlaut made one."""
    return _WRITTEN_OUT.sub("", fold(name))


def is_person_noun(word: str) -> bool:
    """Say whether a word in lower case tells a person by what they do or are, as "auditor" or "fisherwoman"."""
    return _is_person_noun(word, language_read())


# The same words come again and again.
@lru_cache(maxsize=20_000)
def _is_person_noun(word: str, language: str) -> bool:
    known = _vocabulary(language)
    ends = any(len(word) >= len(ending) + _SHORTEST_STEM and word.endswith(ending) for ending in known.role_endings)
    return word in known.person_nouns or ends


def vocabulary() -> Vocabulary:
    """Return the words of ``people.toml`` and ``given_names.txt`` in the language that is being read."""
    return _vocabulary(language_read())


@cache
def _vocabulary(language: str) -> Vocabulary:
    table = read_data("people.toml", language)
    forms = [frozenset(fold(name) for name in line.split()) for line in table.pop("given_name_forms")]
    names = read_text("given_names.txt", language)
    words = {name: frozenset(words.split()) for name, words in table.items()}
    return Vocabulary(
        **words, genders=_genders(names), surname_first=_surname_first(names), forms=_forms_by_name(forms)
    )


def _name_lines(names: str) -> list[tuple[str, str, list[str]]]:
    lines = (line.partition(":") for line in names.splitlines() if ":" in line and not line.startswith("#"))
    return [(*head.split(), [fold(name) for name in tail.split()]) for head, _, tail in lines]  # type: ignore[misc]


def _genders(names: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for gender, origin, line in _name_lines(names):
        if not origin.endswith("surname_first"):
            for name in line:
                found[name] = gender if found.get(name, gender) == gender else "u"
    return found


def _surname_first(names: str) -> frozenset[str]:
    return frozenset(
        name for _, origin, line in _name_lines(names) if origin.endswith("surname_first") for name in line
    )


def _forms_by_name(groups: list[frozenset[str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        for name in group:
            found[name] = found.get(name, frozenset()) | group
    return found
