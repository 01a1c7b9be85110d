"""Verbs as cues: clauses, infinitives, participles, objects and predicates as their content."""

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from domain.extraction import AttributionKind
from extraction.candidates import Candidate, propose
from extraction.lexicon import Construction, CueLexicon, CueWord, cue_lexicon, lemma_of
from extraction.quotations import QuotationIndex
from extraction.trees import (
    EXPLETIVE,
    VERBAL,
    agent,
    children,
    controller,
    has_to,
    is_finite,
    is_passive,
    noun_phrase,
    own_subject,
    readable_words,
    subtree,
    verb_group,
    with_antecedent,
)

INDIRECT_MARKS = frozenset({"whether", "that", "how"})
COMPLEMENTING = frozenset({"as", "to", "for", "with", "of", "about"})

# The construction, the content, and the tokens that join the cue.
Content = tuple[Construction, set[int], set[int]]


def verbal_candidates(doc: Doc, lexicon: CueLexicon, index: QuotationIndex) -> Iterator[Candidate]:
    """Yield what each cue verb of the lexicon may attribute."""
    for token in readable_words(doc):
        word = cue_word(token, lexicon) if token.pos_ in VERBAL else None
        if word is not None:
            yield from _of_verb(token, word, index)


def cue_word(verb: Token, lexicon: CueLexicon) -> CueWord | None:
    """Return the lexicon's entry for a verb, with its particle where it has one."""
    lemma = lemma_of(verb)
    for particle in children(verb, "prt"):
        found = lexicon.verbs.get(f"{lemma}_{particle.lower_}")
        if found is not None:
            return found
    return lexicon.verbs.get(lemma)


def source_of(verb: Token, index: QuotationIndex | None = None) -> set[int]:
    """Return the tokens of who says, thinks or shows; empty where nobody is named.

    With ``index``, the source of a verb outside the quotation marks is looked for outside them.
    """
    if is_passive(verb):
        by = agent(verb)
        return noun_phrase(by) if by is not None else set()
    outside = (s for s in children(verb, "nsubj") if index is None or index.at(s.i) == index.at(verb.i))
    subject = next(outside, None) or controller(verb)
    if subject is None or (subject.dep_ == "expl" and subject.lower_ in EXPLETIVE):
        return set()
    return with_antecedent(subject)


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
    for find in (_clauses, _seemings, _infinitives, _predicates, _charges, _objects, _prepositions):
        yield from find(verb, word)


def _undergoer(verb: Token) -> Token | None:
    """Return the object, which is the subject of a passive."""
    return own_subject(verb, passive=True) if is_passive(verb) else next(children(verb, "dobj"), None)


def _clauses(verb: Token, word: CueWord) -> Iterator[Content]:
    if Construction.CLAUSE not in word.kinds:
        return
    clauses = [c for c in children(verb, "ccomp", "advcl") if c.dep_ == "ccomp" or _indirect(verb, c)]
    for clause in sorted(clauses, key=lambda clause: clause.i < verb.i):  # what follows is surer than what precedes
        if clause.i < verb.i:
            if not _breaks_off(verb, clause):
                yield Construction.CLAUSE, _around(verb, clause), set()
        elif not has_to(clause) and (
            is_finite(clause) or any(children(clause, "mark")) or own_subject(clause) is not None
        ):
            yield Construction.CLAUSE, (subtree(clause) | _added(verb)) - _broken_away(clause), set()
    if _is_parenthetical(verb):
        yield Construction.CLAUSE, subtree(verb.head) - subtree(verb), set()


def _is_parenthetical(verb: Token) -> bool:
    """Tell whether a clause of saying is thrown into what it reports: "the sale, Rud says, is off", "as Rud put it"."""
    if verb.dep_ == "parataxis":
        return True
    thrown_in = verb.dep_ == "advcl" and any(mark.lower_ == "as" for mark in children(verb, "mark", "advmod"))
    return thrown_in and all(noun.lower_ == "it" for noun in children(verb, "dobj", "xcomp", "ccomp"))


def _breaks_off(verb: Token, clause: Token) -> bool:
    """Tell whether a colon or a semicolon stands between a clause and the verb that seems to report it."""
    return any(verb.doc[i].text in (":", ";") for i in range(clause.i + 1, verb.i))


def _added(verb: Token) -> set[int]:
    """Return a further clause of what is said that hangs on the verb: "said that it was old but that it was safe"."""
    gone_on = (c for c in children(verb, "conj") if any(mark.lower_ == "that" for mark in children(c, "mark")))
    return {i for clause in gone_on for i in subtree(clause)}


def _broken_away(clause: Token) -> set[int]:
    """Return the coordinated clauses that another reports: "said A was lost, and Rud argued B was found"."""
    gone: set[int] = set()
    for conj in children(clause, "conj"):
        word = cue_word(conj, cue_lexicon()) if conj.pos_ in VERBAL and is_finite(conj) else None
        speaks = word is not None and word.kinds.get(Construction.CLAUSE) is AttributionKind.SPEECH
        if speaks and own_subject(conj) is not None:
            gone |= subtree(conj) | {cc.i for cc in children(clause, "cc") if clause.i < cc.i < conj.i}
    return gone


def _indirect(verb: Token, clause: Token) -> bool:
    """Tell an indirect question or statement from an adverbial clause: "said when it will open"."""
    marks = {mark.lower_ for mark in children(clause, "mark", "advmod")}
    if clause.left_edge.i == verb.i + 1 and clause.left_edge.tag_ in ("WRB", "WP"):
        return True
    if clause.i > verb.i and "if" in marks and lemma_of(verb) in cue_lexicon().asking:
        return not any(children(verb, "ccomp"))
    return clause.i > verb.i and bool(marks & INDIRECT_MARKS)


def _around(verb: Token, clause: Token) -> set[int]:
    """Return the sentence without its reporting clause, where that follows or interrupts what is reported."""
    reporting = subtree(verb) - subtree(clause)
    first = min((i for i in reporting if i > clause.left_edge.i), default=verb.i)
    before = {t.i for t in verb.sent if t.i < first} if verb.dep_ in ("ROOT", "conj") else set()
    return subtree(clause) | (before - reporting)


def _infinitives(verb: Token, word: CueWord) -> Iterator[Content]:
    for child in children(verb, "xcomp", "ccomp", "advcl"):
        if has_to(child) and Construction.OBJECT_INFINITIVE in word.kinds:
            yield from _object_infinitive(verb, child)
        if child.dep_ == "advcl":
            continue
        if has_to(child) and Construction.INFINITIVE in word.kinds:
            if own_subject(child) is None and not is_passive(verb):
                yield Construction.INFINITIVE, subtree(child), set()
        elif child.tag_ == "VBG" and Construction.GERUND in word.kinds:
            yield Construction.GERUND, subtree(child), set()


def _seemings(verb: Token, word: CueWord) -> Iterator[Content]:
    """Yield what seems so to an observer whom nobody names."""
    if Construction.SEEMING not in word.kinds:
        return
    subject = own_subject(verb)
    for child in children(verb, "xcomp", "oprd", "acomp"):
        whose = noun_phrase(subject) if subject is not None else set()
        yield Construction.SEEMING, subtree(child) | whose, set()


def _object_infinitive(verb: Token, infinitive: Token) -> Iterator[Content]:
    """Yield another's act with that other: "urged the board to sell", "the board was urged to sell"."""
    if is_passive(verb):
        subject = own_subject(verb, passive=True)
        whose = noun_phrase(subject) if subject is not None else set()
        yield Construction.OBJECT_INFINITIVE, subtree(infinitive) | whose, set()
        return
    other = next(children(verb, "dobj", "dative"), None) or own_subject(infinitive) or _called_on(verb)
    if other is not None and verb.i < other.i < infinitive.i:
        yield Construction.OBJECT_INFINITIVE, subtree(infinitive) | subtree(other), set()


def _called_on(verb: Token) -> Token | None:
    """Return whom a verb turns to with a preposition: "called on the board to sell", "appealed to the board to"."""
    turned = (prep for prep in children(verb, "prep") if prep.lower_ in ("on", "upon", "to", "with", "for"))
    return next((noun for prep in turned for noun in children(prep, "pobj")), None)


def _predicates(verb: Token, word: CueWord) -> Iterator[Content]:
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


def _charges(verb: Token, word: CueWord) -> Iterator[Content]:
    if Construction.CHARGE not in word.kinds:
        return
    for prep in children(verb, "prep"):
        if prep.lower_ in ("of", "for", "with", "as") and any(children(prep, "pcomp", "pobj")):
            undergoer = _undergoer(verb)
            whose = subtree(undergoer) if undergoer is not None else set()
            yield Construction.CHARGE, subtree(prep) | whose, set()


def _objects(verb: Token, word: CueWord) -> Iterator[Content]:
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


def _prepositions(verb: Token, word: CueWord) -> Iterator[Content]:
    for prep in children(verb, "prep"):
        if prep.lower_ in word.prepositions and any(children(prep, "pobj", "pcomp")):
            yield Construction.PREPOSITION, subtree(prep) - {prep.i} | _rest(verb, prep), {prep.i}
