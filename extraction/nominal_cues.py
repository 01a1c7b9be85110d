"""Nouns, adjectives and "according to" as cues."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from domain.extraction import AttributionKind
from extraction.candidates import Candidate, propose
from extraction.grammar import grammar
from extraction.lexicon import Construction, CueLexicon, CueWord, lemma_of
from extraction.trees import (
    VERBAL,
    children,
    controller,
    has_child,
    has_to,
    is_finite,
    is_passive,
    noun_phrase,
    own_subject,
    subtree,
    verb_group,
    with_antecedent,
)
from extraction.verbal_cues import source_of


def nominal_candidates(words: Iterable[Token], lexicon: CueLexicon) -> Iterator[Candidate]:
    """Yield what nouns, adjectives and "according to" may attribute."""
    for token in words:
        word, pos = token.lower_, token.pos_
        if word == "according":
            to = token.nbor() if token.i + 1 < len(token.doc) else token
            yield from _according(token, to) if to.lower_ == "to" else ()
        elif token.dep_ == "prep" and _with_fixed(token) in grammar().according:
            yield from _according(token, token)
        elif word in lexicon.hearsay and token.head.pos_ in VERBAL:
            yield _hearsay(token)
        elif word in lexicon.in_whose and token.head.lower_ == "in":
            yield from _in_whose(token)
        elif pos == "NOUN":
            noun = lexicon.nouns.get(lemma_of(token))
            yield from _of_noun(token, noun) if noun is not None else ()
        elif pos == "ADJ" or token.tag_ == "VBN":
            adjective = lexicon.adjectives.get(word)
            yield from _of_adjective(token, adjective) if adjective is not None else ()


def _owner(noun: Token) -> set[int]:
    """Return whose claim it is: "the mayor's claim", "a claim by the mayor"."""
    for owner in children(noun, "poss"):
        return noun_phrase(owner)
    by = (prep for prep in children(noun, "prep") if prep.lower_ in grammar().by | grammar().owners)
    return {i for prep in by for owner in children(prep, "pobj") for i in noun_phrase(owner)}


def _of_noun(noun: Token, word: CueWord) -> Iterator[Candidate]:
    source, cue = _owner(noun), {noun.i}
    if not source and noun.dep_ in ("dobj", "attr") and noun.head.pos_ in VERBAL:
        source, cue = source_of(noun.head) - {noun.i}, verb_group(noun.head) | {noun.i}
    for child in children(noun, "acl", "ccomp", "relcl"):
        that = any(mark.lower_ in grammar().that for mark in children(child, "mark"))
        construction = Construction.INFINITIVE if has_to(child) else Construction.CLAUSE
        kind = word.kinds.get(construction)
        if kind is not None and (that or has_to(child)):
            yield propose(noun.i, cue=cue, source=source, content=subtree(child), kind=kind, construction=construction)
            return
    if source:
        yield from _about(noun, cue, source, word)


def _about(token: Token, cue: set[int], source: set[int], word: CueWord) -> Iterator[Candidate]:
    """Yield what a noun's or an adjective's preposition introduces: "critical of the plan"."""
    for prep in children(token, "prep"):
        kind = word.prepositions.get(prep.lower_)
        if kind is not None and has_child(prep, "pobj", "pcomp"):
            yield propose(
                token.i,
                cue=cue | {prep.i},
                source=source,
                content=subtree(prep),
                kind=kind,
                construction=Construction.PREPOSITION,
            )
            return


def _of_adjective(adjective: Token, word: CueWord) -> Iterator[Candidate]:
    verb = adjective if is_passive(adjective) else adjective.head
    if verb.pos_ not in VERBAL or adjective.dep_ == "amod":
        return
    subject = controller(verb)
    source = with_antecedent(subject) if subject is not None and subject.lower_ != "it" else set()
    cue = {adjective.i} | verb_group(verb)
    for child in (*children(adjective, "ccomp", "xcomp"), *children(verb, "ccomp")):
        construction = Construction.INFINITIVE if has_to(child) else Construction.CLAUSE
        kind = word.kinds.get(construction)
        if kind is not None and child.i > adjective.i and (has_to(child) or is_finite(child)):
            yield propose(
                adjective.i, cue=cue, source=source, content=subtree(child), kind=kind, construction=construction
            )
            return
    yield from _about(adjective, cue, source, word)


def _with_fixed(preposition: Token) -> str:
    """Return a preposition with what is fixed to it: "d'_après"."""
    return "_".join(word.lower_ for word in (preposition, *children(preposition, "fixed")))


def _according(according: Token, to: Token) -> Iterator[Candidate]:
    """Yield a source that a preposition names, ``to``, which may be all of the cue: "selon Rud"."""
    noun = next(children(to, "pobj"), None)
    if noun is None:
        return
    head = _clause_of(according)
    if head.pos_ not in VERBAL:
        return  # a torn-off phrase: "According to Rud, among the losses - the ferry"
    source, content = noun_phrase(noun), subtree(head) - subtree(according) - subtree(to)
    for apposition in children(noun, "appos"):
        # "According to Rud, the sale was off": a parser that finds the verb without a subject has misread one.
        if head.i > noun.i and own_subject(head) is None and own_subject(head, passive=True) is None:
            source, content = source - subtree(apposition), content | subtree(apposition)
    yield propose(
        according.i,
        cue={according.i, to.i, *(word.i for word in children(to, "fixed"))},
        source=source,
        content=content,
        kind=AttributionKind.SPEECH,
        construction=Construction.ACCORDING,
    )


def _clause_of(token: Token) -> Token:
    """Return the verb of the clause that a phrase hangs on."""
    head = token.head
    while head.pos_ not in VERBAL and head.dep_ != "ROOT":
        head = head.head
    return head


def _in_whose(noun: Token) -> Iterator[Candidate]:
    """Yield a source in a phrase: "in her view", "in the words of the mayor"."""
    of = (owner for prep in children(noun, "prep") if prep.lower_ in grammar().of for owner in children(prep, "pobj"))
    owner = next(children(noun, "poss"), None) or next(of, None)
    if owner is not None:
        phrase = subtree(noun.head)
        source = noun_phrase(owner)
        yield propose(
            noun.i,
            cue=phrase - source,
            source=source,
            content=subtree(_clause_of(noun.head)) - phrase,
            kind=AttributionKind.SPEECH,
            construction=Construction.ACCORDING,
        )


def _hearsay(adverb: Token) -> Candidate:
    return propose(
        adverb.i,
        cue={adverb.i},
        source=set(),
        content=subtree(adverb.head),
        kind=AttributionKind.EVIDENCE,
        construction=Construction.HEARSAY,
    )
