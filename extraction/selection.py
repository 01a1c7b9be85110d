"""Which of the proposed attributions to keep."""

from collections.abc import Iterable

from spacy.tokens import Doc

from extraction.candidates import Candidate
from extraction.lexicon import Construction
from extraction.quoted_speech import QuotationIndex

SOURCELESS = frozenset({Construction.PREDICATE, Construction.OBJECT_INFINITIVE, Construction.SEEMING})


def select(doc: Doc, found: Iterable[Candidate], index: QuotationIndex) -> list[Candidate]:
    """Return the attributions to keep, in the order of the text."""
    outside = [c for c in found if index.at(c.head) is None and _credible(doc, c)]
    outside.sort(key=lambda c: (-len(c.content), c.head))
    covered: set[int] = set()
    kept = []
    for candidate in outside:
        if candidate.head not in covered:
            kept.append(candidate)
            covered |= candidate.content
    return sorted(kept, key=lambda c: min(c.content | c.cue | c.source))


def _credible(doc: Doc, candidate: Candidate) -> bool:
    """Ask for a source, except of the passives that are made to do without: "the plan is expected to"."""
    return bool(candidate.source) or candidate.construction in SOURCELESS
