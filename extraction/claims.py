"""The key claims: the few propositions that sum an article up."""

from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from domain.extraction import Factuality, KeyClaim
from extraction.pipeline import passage_of

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
    doc._.claims = tuple(
        ClaimInDoc(attribution.content, index, (), attribution.factuality)
        for index, attribution in enumerate(doc._.attributions[:5])
    )
    return doc


def to_domain(doc: Doc) -> tuple[KeyClaim, ...]:
    """Return ``doc._.claims`` with offsets into the text as received, best first."""
    claims = []
    for rank, claim in enumerate(doc._.claims, start=1):
        passage = passage_of(claim.pieces)
        claims.append(KeyClaim(passage.text, passage.spans, claim.attribution, claim.people, claim.factuality, rank))
    return tuple(claims)
