"""Which of the proposed attributions to keep."""

from collections.abc import Iterable

from spacy.tokens import Doc, Token

from domain.extraction import AttributionKind
from extraction.candidates import Candidate
from extraction.grammar import grammar
from extraction.lexicon import Construction, cue_lexicon, lemma_of
from extraction.trees import VERBAL, has_to, own_subject

SOURCELESS = frozenset(
    {
        Construction.CHARGE,
        Construction.HEARSAY,
        Construction.PREDICATE,
        Construction.OBJECT_INFINITIVE,
        Construction.SEEMING,
    }
)


def select(doc: Doc, found: Iterable[Candidate]) -> list[Candidate]:
    """Return the attributions to keep, in the order of the text."""
    outside = [c for c in found if _credible(doc, c)]
    by_head = {c.head: c for c in outside}
    outside = [c for c in outside if not _overtaken(doc, c, by_head)]
    outside.sort(key=lambda c: (-len(c.content), c.head))
    covered: set[int] = set()
    kept = []
    for candidate in outside:
        if candidate.head not in covered:
            kept.append(candidate)
            covered |= candidate.content
    return sorted(kept, key=lambda c: min(c.content | c.cue | c.source))


def _credible(doc: Doc, candidate: Candidate) -> bool:
    """Ask for a source that is not the reader, and of a topic that its cue is no mere purpose or attribute."""
    head = doc[candidate.head]
    if not candidate.source:
        return candidate.construction in SOURCELESS or _impersonal(head)
    if all(doc[i].lower_ in grammar().reader for i in candidate.source):
        return False
    if candidate.kind is AttributionKind.TOPIC and head.pos_ in VERBAL:
        return (not has_to(head) or lemma_of(head.head) in cue_lexicon().refusing) and head.dep_ != "acl"
    return True


def _impersonal(head: Token) -> bool:
    """Tell whether "it" stands for the content: "it is believed that", "it was clear that"."""
    verb = head if head.pos_ in VERBAL else head.head
    subject = own_subject(verb, passive=True) or own_subject(verb)
    return subject is not None and subject.lower_ in grammar().impersonal


def _overtaken(doc: Doc, candidate: Candidate, by_head: dict[int, Candidate]) -> bool:
    """Tell whether a content is itself a cue: "voiced concern about the sale", "refused to rule out a strike"."""
    inner = [by_head[i] for i in candidate.content if i in by_head and doc[i].head.i == candidate.head]
    if candidate.construction is Construction.OBJECT and lemma_of(doc[candidate.head]) in cue_lexicon().voicing:
        return any(other.source == candidate.source for other in inner)
    if candidate.construction is Construction.INFINITIVE and lemma_of(doc[candidate.head]) in cue_lexicon().refusing:
        return any(doc[other.head].dep_ == "xcomp" for other in inner)
    return False
