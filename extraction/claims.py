"""The key claims: the few propositions that sum an article up.

They are chosen greedily for the words that they add (maximal coverage under a budget: Takamura and Okumura 2009), a
word weighing by how often the article uses it, whether the headline has it, and how early it stands.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from domain.extraction import Factuality, KeyClaim
from extraction.factuality import factuality_of_clause
from extraction.findings import findings
from extraction.layout import ParagraphKind
from extraction.pipeline import passage_of
from extraction.propositions import Proposition, propositions
from extraction.speakers import bearers
from extraction.trees import VERBAL, heads

_FEWEST, _MOST = 3, 6
_WORDS_A_CLAIM = 90
# How much a word tells of a summary, as the logarithm of odds: a logistic regression on the words that people took
# from 24 Wikinews articles into their summaries of them, rounded.
_ODDS = {"bias": -3.6, "log_frequency": 1.0, "headline": 1.2, "lead": 0.7, "early": 3.4, "name": 0.5, "number": 0.5}
_LENGTH = 0.6
_ATTRIBUTED = 1.1
_LEANING = 0.5
_OPENING = 1.3
# A denial is news: it tells that something is disputed.
_DENIED = 1.5
# Two propositions that share so much of their words say the same.
_SAME = 0.6
_REPEATS_HEADLINE = 0.85


@dataclass(frozen=True, slots=True)
class ClaimInDoc:
    """A key claim as runs of tokens; ``attribution`` and ``people`` are indexes into the Doc's."""

    pieces: tuple[DocSpan, ...]
    attribution: int | None
    people: tuple[int, ...]
    factuality: Factuality


@Language.component("presswatch_claims")
def find_claims(doc: Doc) -> Doc:
    """Leave the article's key claims in ``findings(doc).claims``, best first."""
    candidates = propositions(doc)
    person_at = bearers(doc)
    findings(doc).claims = tuple(_claim(doc, chosen, person_at) for chosen in _choose(doc, candidates))
    return doc


def to_domain(doc: Doc) -> tuple[KeyClaim, ...]:
    """Return ``findings(doc).claims`` with offsets into the text as received, best first."""
    claims = []
    for rank, claim in enumerate(findings(doc).claims, start=1):
        passage = passage_of(claim.pieces)
        claims.append(KeyClaim(passage.text, passage.spans, claim.attribution, claim.people, claim.factuality, rank))
    return tuple(claims)


def _choose(doc: Doc, candidates: Sequence[Proposition]) -> list[Proposition]:
    """Take, as often as the article's length asks for, the candidate that adds most."""
    wanted = _number(doc)
    telling = [_word(token) if _is_content(token) else None for token in doc]
    headline = _words_of(doc, telling, ParagraphKind.HEADLINE)
    weights = _word_weights(doc, headline, _words_of(doc, telling, ParagraphKind.BODY))
    said = [(candidate, _words(candidate, telling)) for candidate in candidates]
    open_ = [(candidate, words) for candidate, words in said if words and not _repeats(words, headline)]
    chosen: list[Proposition] = []
    covered: set[str] = set()
    while open_ and len(chosen) < wanted:
        best, words = max(open_, key=lambda one: (_gain(one[0], _new(one, covered), weights), -one[0].place))
        chosen.append(best)
        covered |= words
        open_ = [one for one in open_ if not _same(one[1], words)]
    return chosen


def _new(candidate: tuple[Proposition, frozenset[str]], covered: set[str]) -> frozenset[str]:
    """Return the words that a candidate adds; a denial repeats what it denies, so all of its words count."""
    proposition, words = candidate
    return words if proposition.denial else words - covered


def _same(left: frozenset[str], right: frozenset[str]) -> bool:
    return left <= right or right <= left or len(left & right) >= _SAME * len(left | right)


def _number(doc: Doc) -> int:
    length = sum(token.is_alpha for token in doc)
    return max(_FEWEST, min(_MOST, 1 + round(length / _WORDS_A_CLAIM)))


def _repeats(words: frozenset[str], headline: Counter[str]) -> bool:
    return sum(word in headline for word in words) > _REPEATS_HEADLINE * len(words)


def _gain(candidate: Proposition, new: frozenset[str], weights: Mapping[str, float]) -> float:
    length = sum(len(piece) for piece in candidate.pieces)
    gain = sum(weights.get(word, 0.0) for word in new) / math.pow(length, _LENGTH)
    gain *= _ATTRIBUTED if candidate.attribution is not None else 1.0
    gain *= _DENIED if candidate.denial else 1.0
    gain *= _OPENING if candidate.opens else 1.0
    return gain * _LEANING if candidate.leans else gain


def _words(candidate: Proposition, telling: Sequence[str | None]) -> frozenset[str]:
    words = (word for piece in candidate.pieces for word in telling[piece.start : piece.end])
    return frozenset(word for word in words if word is not None)


def _word(token: Token) -> str:
    return token.lemma_.lower()


def _is_content(token: Token) -> bool:
    return (token.is_alpha or token.like_num) and not token.is_stop


def _words_of(doc: Doc, telling: Sequence[str | None], kind: ParagraphKind) -> Counter[str]:
    wanted = {number for number, paragraph in enumerate(findings(doc).paragraphs) if paragraph.kind is kind}
    within = zip(telling, findings(doc).paragraph_of, strict=True)
    return Counter(word for word, paragraph in within if word is not None and paragraph in wanted)


def _word_weights(doc: Doc, headline: Counter[str], body: Counter[str]) -> dict[str, float]:
    """Return how likely each word of the body is to stand in a summary."""
    paragraph_of = findings(doc).paragraph_of
    first = next((i for i, paragraph in enumerate(findings(doc).paragraphs) if paragraph.kind is ParagraphKind.BODY), 0)
    features: dict[str, dict[str, float]] = {}
    for number, sentence in enumerate(doc.sents):
        for token in sentence:
            word = _word(token)
            if word in body and word not in features:
                features[word] = {
                    "bias": 1.0,
                    "log_frequency": math.log(body[word]),
                    "headline": word in headline,
                    "lead": paragraph_of[token.i] <= first,
                    "early": 1.0 / (1 + number),
                    "name": token.pos_ == "PROPN",
                    "number": token.pos_ == "NUM",
                }
    return {word: _likelihood(found) for word, found in features.items()}


def _likelihood(features: Mapping[str, float]) -> float:
    return 1.0 / (1.0 + math.exp(-sum(_ODDS[name] * value for name, value in features.items())))


def _claim(doc: Doc, chosen: Proposition, person_at: Mapping[int, int]) -> ClaimInDoc:
    named = (person_at[i] for piece in chosen.pieces for i in range(piece.start, piece.end) if i in person_at)
    attribution = None if chosen.attribution is None else findings(doc).attributions[chosen.attribution]
    factuality = _own_factuality(chosen) if attribution is None else attribution.factuality
    return ClaimInDoc(chosen.pieces, chosen.attribution, tuple(dict.fromkeys(named)), factuality)


def _own_factuality(chosen: Proposition) -> Factuality:
    """Return how surely the article itself holds what it states."""
    doc = chosen.pieces[0].doc
    tokens, above = [i for piece in chosen.pieces for i in range(piece.start, piece.end)], heads(doc)
    inside = set(tokens)
    highest = (doc[i] for i in tokens if above[i] == i or above[i] not in inside)
    verb = next((token for token in highest if token.pos_ in VERBAL), None)
    return Factuality.CERTAIN if verb is None else factuality_of_clause(verb)
