"""The words that bind a source to a content, read from data files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from spacy.tokens import Token

from domain.extraction import AttributionKind
from extraction.languages import language_read, read_data
from extraction.trees import VERBAL, children


class Construction(StrEnum):
    """How a cue takes its content."""

    CLAUSE = "clause"
    QUOTE = "quote"
    INFINITIVE = "infinitive"
    OBJECT_INFINITIVE = "object_infinitive"
    GERUND = "gerund"
    OBJECT = "object"
    PREDICATE = "predicate"
    CHARGE = "charge"
    PREPOSITION = "preposition"
    ACCORDING = "according"
    HEARSAY = "hearsay"
    SEEMING = "seeming"
    HEADLINE = "headline"


# A construction, its content, and the tokens that join the cue.
Content = tuple[Construction, set[int], set[int]]


@dataclass(frozen=True, slots=True)
class CueWord:
    """What a cue word takes: the kind that goes with each construction, and its prepositions."""

    kinds: Mapping[Construction, AttributionKind] = field(default_factory=dict)
    prepositions: Mapping[str, AttributionKind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """Cue words by lemma; a verb's particle follows it after an underscore.

    ``lemmas`` gives the lemma of forms that a lemmatizer gets wrong, ``asking`` the verbs of indirect questions,
    ``voicing`` the verbs that only carry a noun of saying, ``refusing`` those that keep another from being said,
    ``taken_up`` those whose "as" clause tells what a denial denies, ``hearsay`` the adverbs of unnamed sources,
    ``in_whose`` the nouns of phrases like "in her view".
    """

    verbs: Mapping[str, CueWord]
    nouns: Mapping[str, CueWord]
    adjectives: Mapping[str, CueWord]
    lemmas: Mapping[str, str]
    asking: frozenset[str]
    voicing: frozenset[str]
    refusing: frozenset[str]
    taken_up: frozenset[str]
    hearsay: frozenset[str]
    in_whose: frozenset[str]


def _words(groups: Iterable[Mapping[str, Any]]) -> dict[str, CueWord]:
    """Gather the groups of one part of speech; where groups differ on a construction's kind, the first holds."""
    found: dict[str, CueWord] = {}
    for group in groups:
        kind = AttributionKind(group["kind"])
        for word in group["words"].split():
            entry = found.get(word, CueWord())
            kinds = {Construction(name): kind for name in group["takes"]}
            prepositions = dict.fromkeys(group.get("prepositions", "").split(), kind)
            found[word] = CueWord({**kinds, **entry.kinds}, {**prepositions, **entry.prepositions})
    return found


def cue_lexicon() -> CueLexicon:
    """Return the words of ``cues.toml`` in the language that is being read."""
    return _cue_lexicon(language_read())


@cache
def _cue_lexicon(language: str) -> CueLexicon:
    data = read_data("cues.toml", language)
    return CueLexicon(
        verbs=_words(data["verbs"]),
        nouns=_words(data["nouns"]),
        adjectives=_words(data["adjectives"]),
        lemmas=data["lemmas"]["forms"],
        asking=frozenset(data["asking"]["words"].split()),
        voicing=frozenset(data["voicing"]["words"].split()),
        refusing=frozenset(data["refusing"]["words"].split()),
        taken_up=frozenset(data["taken_up"]["words"].split()),
        hearsay=frozenset(data["hearsay"]["words"].split()),
        in_whose=frozenset(data["in_whose"]["words"].split()),
    )


def lemma_of(token: Token) -> str:
    """Return a word's lemma in lower case."""
    return cue_lexicon().lemmas.get(token.lower_) or token.lemma_.lower()


def cue_verbs(words: Iterable[Token], lexicon: CueLexicon) -> list[tuple[Token, CueWord]]:
    """Return the verbs among words that are cues, each with the lexicon's entry for it."""
    entries = ((token, cue_word(token, lexicon)) for token in words if token.pos_ in VERBAL)
    return [(verb, word) for verb, word in entries if word is not None]


def cue_word(verb: Token, lexicon: CueLexicon) -> CueWord | None:
    """Return the lexicon's entry for a verb, with its particle where it has one."""
    lemma = lemma_of(verb)
    for particle in children(verb, "prt"):
        found = lexicon.verbs.get(f"{lemma}_{particle.lower_}")
        if found is not None:
            return found
    return lexicon.verbs.get(lemma)
