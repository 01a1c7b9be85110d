"""Steps over the parse that every construction needs: subjects, verb groups, phrases."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import pairwise

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from extraction.grammar import grammar

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
VERB_GROUP = frozenset({"aux", "auxpass", "neg", "prt"})
INFINITIVE = "INF"  # what ``extraction.relations`` calls an infinitive that is one by its ending
VERBAL = frozenset({"VERB", "AUX"})
# Verbs that share the subject of the verb above them.
SHARING = frozenset({"conj", "xcomp", "advcl", "pcomp", "ccomp", "dep"})
# What may hang on a source's noun without belonging to its name.
LOOSE = frozenset({"relcl", "acl", "advcl", "parataxis", "ccomp", "cc", "punct", "dep"})
# Where a Doc keeps them.
_DEPENDENTS, _HEADS, _SENTENCES = "presswatch_dependents", "presswatch_heads", "presswatch_sentences"
LONGEST_SENTENCE = 300  # tokens
LONGEST_CHAIN = 8  # verbs between a cue and its subject; a longer chain is a parser's error


def readable_words(doc: Doc) -> Iterator[Token]:
    """Yield the words of the sentences that are sentences; a longer run is a list or noise and costs its square."""
    for sentence in doc.sents:
        if len(sentence) <= LONGEST_SENTENCE:
            yield from sentence


def subtree(token: Token) -> set[int]:
    """Return the indexes of a token and all that hangs on it."""
    below = dependents(token.doc)
    found = [token.i]
    for i in found:
        found += [child.i for _, child in below[i]]
    return set(found)


def children(token: Token, *labels: str) -> Iterator[Token]:
    """Yield the dependents with one of the labels, in the order of the text."""
    return iter([child for label, child in dependents(token.doc)[token.i] if label in labels])


def has_child(token: Token, *labels: str) -> bool:
    """Tell whether a token has a dependent with one of the labels."""
    return any(label in labels for label, _ in dependents(token.doc)[token.i])


def dependents(doc: Doc) -> list[list[tuple[str, Token]]]:
    """Return each token's dependents with their labels; a Doc is asked once, for asking costs more than all else."""
    known: list[list[tuple[str, Token]]] | None = doc.user_data.get(_DEPENDENTS)
    if known is None:
        doc.user_data[_DEPENDENTS] = known = [[] for _ in range(len(doc))]
        for i, (head, token) in enumerate(zip(heads(doc), doc, strict=True)):
            if head != i:
                known[head].append((token.dep_, token))
    return known


def heads(doc: Doc) -> list[int]:
    """Return the index of each token's head, which is its own for a sentence's root; a Doc is asked once."""
    known: list[int] | None = doc.user_data.get(_HEADS)
    if known is None:
        doc.user_data[_HEADS] = known = [token.head.i for token in doc]
    return known


def sentence_of(token: Token) -> DocSpan:
    """Return a token's sentence; a Doc is asked once, for it goes through a sentence to find where it ends."""
    known: list[DocSpan] | None = token.doc.user_data.get(_SENTENCES)
    if known is None:
        known = [sentence for sentence in token.doc.sents for _ in range(len(sentence))]
        token.doc.user_data[_SENTENCES] = known
    return known[token.i]


def tops(doc: Doc, tokens: AbstractSet[int]) -> list[Token]:
    """Return the tokens of a set that hang on none in it, in the order of the text."""
    above = heads(doc)
    return [doc[i] for i in sorted(tokens) if above[i] == i or above[i] not in tokens]


def verb_group(verb: Token) -> set[int]:
    """Return the verb with its auxiliaries, negation and particle."""
    return {verb.i, *(child.i for child in children(verb, *VERB_GROUP))}


def is_passive(verb: Token) -> bool:
    """Tell whether a participle is passive: "was told", "the plan criticised by"."""
    if has_child(verb, "auxpass", "nsubjpass", "agent"):
        return True
    return verb.tag_ == "VBN" and verb.dep_ == "acl"


def is_finite(verb: Token) -> bool:
    """Tell whether a verb, with its auxiliaries, carries tense or a modal."""
    return any(t.tag_ in ("VBD", "VBZ", "VBP", "MD") for t in (verb, *children(verb, "aux", "auxpass")))


def has_to(verb: Token) -> bool:
    """Tell whether a verb stands in the infinitive: with "to", or with the ending that other languages have for it."""
    return verb.tag_ == INFINITIVE or any(child.tag_ == "TO" for child in children(verb, "aux"))


def own_subject(verb: Token, *, passive: bool = False) -> Token | None:
    """Return the verb's own subject; ``passive`` asks for the subject of a passive."""
    return next(children(verb, *(PASSIVE_SUBJECTS if passive else SUBJECTS)), None)


def agent(verb: Token) -> Token | None:
    """Return the noun after a passive's "by"."""
    return next((noun for by in children(verb, "agent") for noun in children(by, "pobj")), None)


def controller(verb: Token) -> Token | None:
    """Return who does what a verb says, following coordination, infinitives and participles upwards.

    A participle on a noun is done by that noun ("a report saying"), an infinitive by the subject of the verb above
    it or, after "urged the board to", by that verb's object.
    """
    for _ in range(LONGEST_CHAIN):
        subject = own_subject(verb) or own_subject(verb, passive=True)
        if subject is not None:
            return subject
        head = verb.head.head if verb.dep_ == "pcomp" else verb.head
        if verb.dep_ == "acl" and head.pos_ not in VERBAL:
            return head
        if verb.dep_ not in SHARING or head.i == verb.i or head.pos_ not in VERBAL:
            return None
        ordered = next(children(head, "dobj"), None) if verb.dep_ == "xcomp" else None
        if ordered is not None:
            return ordered
        verb = head
    return None


def with_antecedent(subject: Token) -> set[int]:
    """Return a subject's phrase; a relative pronoun's with the noun that it stands for."""
    if subject.lower_ in grammar().relative and subject.head.dep_ == "relcl":
        return {subject.i} | noun_phrase(subject.head.head)
    return noun_phrase(subject)


def noun_phrase(noun: Token) -> set[int]:
    """Return a noun with its determiners, modifiers and appositions, without clauses that hang on it."""
    doc, found = noun.doc, {noun.i}
    below = dependents(doc)[noun.i]
    coordinated = any(label == "conj" for label, _ in below)
    for label, child in below:
        if label in ("appos", "conj", "prep"):
            if label != "prep" or child.i > noun.i:
                found |= _without_clauses(doc, child.i)
        elif label not in LOOSE or (label == "cc" and coordinated):
            found |= subtree(child)
    return _closed(doc, fill(doc, found))


def _closed(doc: Doc, tokens: set[int]) -> set[int]:
    """Add the bracket that closes the last: "Anna Rud (D-Ohio" lacks it where it hangs on another word."""
    after = max(tokens) + 1
    texts = [doc[i].text for i in tokens]
    opened = texts.count("(") > texts.count(")")
    return tokens | {after} if opened and after < len(doc) and doc[after].text == ")" else tokens


def _without_clauses(doc: Doc, token: int) -> set[int]:
    below, found = dependents(doc), [token]
    for i in found:
        found += [child.i for label, child in below[i] if label not in LOOSE or label == "cc"]
    return set(found)


def fill(doc: Doc, tokens: Iterable[int]) -> set[int]:
    """Close gaps of one or two tokens that hold nothing but punctuation and blanks."""
    ordered = sorted(tokens)
    found = set(ordered)
    for left, right in pairwise(ordered):
        if 1 < right - left <= 3 and all(doc[i].is_punct or doc[i].is_space for i in range(left + 1, right)):
            found.update(range(left + 1, right))
    return found
