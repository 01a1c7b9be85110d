"""Verbs as cues: whose words or thoughts they give, and which of their complements is the content."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from extraction.candidates import Candidate, propose
from extraction.complements import charges, infinitives, objects, predicates, prepositions, seemings
from extraction.grammar import grammar
from extraction.lexicon import Content, CueWord, cue_lexicon, lemma_of
from extraction.quotations import QuotationIndex
from extraction.reported_clauses import clauses
from extraction.trees import (
    agent,
    children,
    controller,
    is_passive,
    noun_phrase,
    verb_group,
    with_antecedent,
)


def verbal_candidates(verbs: Iterable[tuple[Token, CueWord]], index: QuotationIndex) -> Iterator[Candidate]:
    """Yield what each cue verb may attribute."""
    for verb, word in verbs:
        yield from _of_verb(verb, word, index)


def source_of(verb: Token, index: QuotationIndex | None = None) -> set[int]:
    """Return the tokens of who says, thinks or shows; empty where nobody is named.

    With ``index``, the source of a verb outside the quotation marks is looked for outside them.
    """
    if is_passive(verb):
        by = agent(verb)
        return noun_phrase(by) if by is not None else set()
    outside = (s for s in children(verb, "nsubj") if index is None or index.at(s.i) == index.at(verb.i))
    subject = next(outside, None) or controller(verb)
    if subject is None or (subject.dep_ == "expl" and subject.lower_ in grammar().expletive):
        return set()
    return with_antecedent(subject) | _restated(verb, subject)


def _restated(verb: Token, subject: Token) -> set[int]:
    """Return the subject once more: "the union, its chairwoman, Ann Lee, said" has two to the parser."""
    again = (one for one in children(verb, "nsubj") if subject.i < one.i < verb.i and subject.head.i == verb.i)
    set_off = (one for one in again if verb.doc[one.left_edge.i - 1].text == ",")
    return {i for one in set_off for i in noun_phrase(one)}


def _of_verb(verb: Token, word: CueWord, index: QuotationIndex) -> Iterator[Candidate]:
    content = next(_contents(verb, word), None)
    if content is not None:
        construction, tokens, with_cue = content
        prepositions = (word.prepositions[verb.doc[i].lower_] for i in with_cue)
        yield propose(
            verb.i,
            cue=(verb_group(verb) | with_cue | _refused(verb)) - tokens,
            source=source_of(verb, index) - tokens,
            content=tokens,
            kind=next(prepositions, None) or word.kinds[construction],
            construction=construction,
        )


def _refused(verb: Token) -> set[int]:
    """Return the verb that keeps another from being said: "refused to rule out"."""
    refused = verb.dep_ == "xcomp" and lemma_of(verb.head) in cue_lexicon().refusing
    return verb_group(verb.head) if refused else set()


def _contents(verb: Token, word: CueWord) -> Iterator[Content]:
    """Yield the contents a verb may have, the surest construction first."""
    for find in (clauses, seemings, infinitives, predicates, charges, objects, prepositions):
        yield from find(verb, word)
