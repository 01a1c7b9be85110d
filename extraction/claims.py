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
from extraction.layout import ParagraphKind
from extraction.pipeline import passage_of
from extraction.propositions import Proposition, propositions

_FEWEST, _MOST = 3, 6
_WORDS_A_CLAIM = 90
# Weights, set on articles whose summaries people wrote.
_HEADLINE, _LEAD = 1.5, 1.0
_LENGTH = 0.7
_ATTRIBUTED = 1.15
_LEANING = 0.5
_REPEATS_HEADLINE = 0.85

Doc.set_extension("claims", default=())


@dataclass(frozen=True, slots=True)
class ClaimInDoc:
    """A key claim as runs of tokens; ``attribution`` and ``people`` are indexes into the Doc's."""

    pieces: tuple[DocSpan, ...]
    attribution: int | None
    people: tuple[int, ...]
    factuality: Factuality


@Language.component("presswatch_claims", assigns=["doc._.claims"])
def find_claims(doc: Doc) -> Doc:
    """Leave the article's key claims in ``doc._.claims``, best first."""
    candidates = propositions(doc)
    bearers = _bearers(doc)
    doc._.claims = tuple(_claim(doc, chosen, bearers) for chosen in _choose(doc, candidates))
    return doc


def to_domain(doc: Doc) -> tuple[KeyClaim, ...]:
    """Return ``doc._.claims`` with offsets into the text as received, best first."""
    claims = []
    for rank, claim in enumerate(doc._.claims, start=1):
        passage = passage_of(claim.pieces)
        claims.append(KeyClaim(passage.text, passage.spans, claim.attribution, claim.people, claim.factuality, rank))
    return tuple(claims)


def _choose(doc: Doc, candidates: Sequence[Proposition]) -> list[Proposition]:
    """Take, as often as the article's length asks for, the candidate that adds most."""
    weights = _word_weights(doc)
    headline = _words_of(doc, ParagraphKind.HEADLINE)
    said = {id(candidate): _words(candidate) for candidate in candidates}
    open_ = [c for c in candidates if said[id(c)] and not _repeats(said[id(c)], headline)]
    chosen: list[Proposition] = []
    covered: set[str] = set()
    while open_ and len(chosen) < _number(doc):
        best = max(open_, key=lambda c: (_gain(c, said[id(c)] - covered, weights), -c.place))
        chosen.append(best)
        covered |= said[id(best)]
        open_ = [c for c in open_ if c is not best]
    return chosen


def _number(doc: Doc) -> int:
    length = sum(token.is_alpha for token in doc)
    return max(_FEWEST, min(_MOST, 1 + round(length / _WORDS_A_CLAIM)))


def _repeats(words: frozenset[str], headline: Counter[str]) -> bool:
    return sum(word in headline for word in words) > _REPEATS_HEADLINE * len(words)


def _gain(candidate: Proposition, new: frozenset[str], weights: Mapping[str, float]) -> float:
    length = sum(len(piece) for piece in candidate.pieces)
    gain = sum(weights.get(word, 0.0) for word in new) / math.pow(length, _LENGTH)
    gain *= _ATTRIBUTED if candidate.attribution is not None else 1.0
    return gain * _LEANING if candidate.leans else gain


def _words(candidate: Proposition) -> frozenset[str]:
    return frozenset(_word(token) for piece in candidate.pieces for token in piece if _is_content(token))


def _word(token: Token) -> str:
    return token.lemma_.lower()


def _is_content(token: Token) -> bool:
    return (token.is_alpha or token.like_num) and not token.is_stop


def _words_of(doc: Doc, kind: ParagraphKind) -> Counter[str]:
    kinds = [paragraph.kind for paragraph in doc._.paragraphs]
    return Counter(
        _word(token)
        for token, paragraph in zip(doc, doc._.paragraph_of, strict=True)
        if kinds[paragraph] is kind and _is_content(token)
    )


def _word_weights(doc: Doc) -> dict[str, float]:
    headline, body = _words_of(doc, ParagraphKind.HEADLINE), _words_of(doc, ParagraphKind.BODY)
    lead = _lead_words(doc)
    return {
        word: math.log1p(count) + _HEADLINE * (word in headline) + _LEAD * (word in lead)
        for word, count in body.items()
    }


def _lead_words(doc: Doc) -> frozenset[str]:
    body = [i for i, paragraph in enumerate(doc._.paragraphs) if paragraph.kind is ParagraphKind.BODY][:2]
    return frozenset(
        _word(token)
        for token, paragraph in zip(doc, doc._.paragraph_of, strict=True)
        if paragraph in body and _is_content(token)
    )


def _bearers(doc: Doc) -> dict[int, int]:
    """Return the person that each token of a name names."""
    return {
        i: index
        for index, person in enumerate(doc._.people)
        for mention in person.mentions
        for i in range(mention.start, mention.end)
    }


def _claim(doc: Doc, chosen: Proposition, bearers: Mapping[int, int]) -> ClaimInDoc:
    named = (bearers[i] for piece in chosen.pieces for i in range(piece.start, piece.end) if i in bearers)
    attribution = None if chosen.attribution is None else doc._.attributions[chosen.attribution]
    factuality = Factuality.CERTAIN if attribution is None else attribution.factuality
    return ClaimInDoc(chosen.pieces, chosen.attribution, tuple(dict.fromkeys(named)), factuality)
