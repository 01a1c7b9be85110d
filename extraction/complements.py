"""What a verb takes beside clauses: infinitives, participles, predicates, objects and prepositions."""

from collections.abc import Iterator

from spacy.tokens import Token

from domain.extraction import AttributionKind
from extraction.grammar import grammar
from extraction.lexicon import Construction, Content, CueWord, cue_lexicon, lemma_of
from extraction.trees import (
    children,
    has_child,
    has_to,
    is_finite,
    is_passive,
    noun_phrase,
    own_subject,
    subtree,
    with_antecedent,
)

COMPLEMENTING = frozenset({"as", "to", "for", "with", "of", "about"})


def infinitives(verb: Token, word: CueWord) -> Iterator[Content]:
    """Yield an act that is wanted, ordered or said: "plans to sell", "urged the board to sell", "admitted selling"."""
    for child in children(verb, "xcomp", "ccomp", "advcl"):
        if has_to(child) and Construction.OBJECT_INFINITIVE in word.kinds:
            yield from _object_infinitive(verb, child)
        if child.dep_ == "advcl":
            continue
        if has_to(child) and Construction.INFINITIVE in word.kinds:
            if own_subject(child) is None and not is_passive(verb):
                yield Construction.INFINITIVE, subtree(child), set()
        elif _is_gerund(child) and Construction.GERUND in word.kinds:
            yield Construction.GERUND, subtree(child), set()


def _is_gerund(verb: Token) -> bool:
    """Say whether a verb is one that ends in -ing, or follows one: "denied selling", "denied having sold"."""
    return verb.tag_ == "VBG" or any(helper.tag_ == "VBG" for helper in children(verb, "aux"))


def seemings(verb: Token, word: CueWord) -> Iterator[Content]:
    """Yield what seems so to an observer whom nobody names."""
    if Construction.SEEMING not in word.kinds:
        return
    subject = own_subject(verb)
    for child in children(verb, "xcomp", "oprd", "acomp"):
        if _shows(child):
            continue
        whose = noun_phrase(subject) if subject is not None else set()
        yield Construction.SEEMING, subtree(child) | whose, set()


def _shows(verb: Token) -> bool:
    """Tell whether what seems is a showing: "a video appears to show" is what it shows, and nobody's view."""
    word = cue_lexicon().verbs.get(lemma_of(verb)) if has_to(verb) else None
    return word is not None and word.kinds.get(Construction.CLAUSE) is AttributionKind.EVIDENCE


def _object_infinitive(verb: Token, infinitive: Token) -> Iterator[Content]:
    """Yield another's act with that other: "urged the board to sell", "the board was urged to sell"."""
    if is_passive(verb):
        subject = own_subject(verb, passive=True)
        whose = with_antecedent(subject) if subject is not None else set()
        if subject is not None and len(whose) > 1 and subject.lower_ in grammar().relative:
            whose -= {subject.i}  # "Ana Sol, who was thought to be ill": what is thought is of her
        yield Construction.OBJECT_INFINITIVE, subtree(infinitive) | whose, set()
        return
    other = next(children(verb, "dobj", "dative"), None) or own_subject(infinitive) or _called_on(verb)
    if other is not None and verb.i < other.i < infinitive.i:
        yield Construction.OBJECT_INFINITIVE, subtree(infinitive) | subtree(other), set()


def _called_on(verb: Token) -> Token | None:
    """Return whom a verb turns to with a preposition: "called on the board to sell", "appealed to the board to"."""
    turned = (prep for prep in children(verb, "prep") if prep.lower_ in ("on", "upon", "to", "with", "for"))
    return next((noun for prep in turned for noun in children(prep, "pobj")), None)


def predicates(verb: Token, word: CueWord) -> Iterator[Content]:
    """Yield what something is called or held to be: "called the sale a mistake"."""
    if Construction.PREDICATE not in word.kinds:
        return
    small_clauses = (c for c in children(verb, "ccomp", "xcomp") if c.i > verb.i and not is_finite(c) and not has_to(c))
    predicate = next((p for p in children(verb, "oprd", "prep") if p.dep_ == "oprd" or p.lower_ == "as"), None) or next(
        small_clauses, None
    )
    if predicate is not None:
        undergoer = _undergoer(verb)
        whose = subtree(undergoer) if undergoer is not None else set()
        yield Construction.PREDICATE, subtree(predicate) | whose, set()


def charges(verb: Token, word: CueWord) -> Iterator[Content]:
    """Yield an act with the one who is charged with it: "accused the board of selling"."""
    if Construction.CHARGE not in word.kinds:
        return
    for prep in children(verb, "prep"):
        if prep.lower_ in ("of", "for", "with", "as") and has_child(prep, "pcomp", "pobj"):
            undergoer = _undergoer(verb)
            whose = subtree(undergoer) if undergoer is not None else set()
            yield Construction.CHARGE, subtree(prep) | whose, set()


def objects(verb: Token, word: CueWord) -> Iterator[Content]:
    """Yield what is judged or talked about: "criticised the sale"."""
    if Construction.OBJECT not in word.kinds:
        return
    free_relatives = (c for c in children(verb, "ccomp") if c.left_edge.tag_ == "WP" and c.left_edge.i > verb.i)
    undergoer = _undergoer(verb) or next(free_relatives, None)
    if undergoer is not None:
        yield Construction.OBJECT, subtree(undergoer) | _rest(verb, undergoer), set()


def _rest(verb: Token, noun: Token) -> set[int]:
    """Return the phrases after an object that belong to what is talked about: "backed her for mayor"."""
    if is_passive(verb):
        return set()
    phrases = (p for p in children(verb, "prep") if p.i > noun.i and p.lower_ in COMPLEMENTING)
    return {i for phrase in phrases for i in subtree(phrase)}


def prepositions(verb: Token, word: CueWord) -> Iterator[Content]:
    """Yield what a preposition introduces: "spoke about the sale"."""
    for prep in children(verb, "prep"):
        if prep.lower_ in word.prepositions and has_child(prep, "pobj", "pcomp"):
            yield Construction.PREPOSITION, subtree(prep) - {prep.i} | _rest(verb, prep), {prep.i}


def _undergoer(verb: Token) -> Token | None:
    """Return the object, which is the subject of a passive."""
    return own_subject(verb, passive=True) if is_passive(verb) else next(children(verb, "dobj"), None)
