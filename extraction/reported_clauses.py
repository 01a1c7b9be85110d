"""What a verb of saying or thinking reports in a clause."""

from collections.abc import Iterator

from spacy.tokens import Token

from domain.extraction import AttributionKind, Factuality
from extraction.grammar import grammar
from extraction.lexicon import Construction, Content, CueWord, cue_lexicon, cue_word, lemma_of
from extraction.operators import operators
from extraction.trees import VERBAL, children, has_child, has_to, is_finite, own_subject, sentence_of, subtree


def clauses(verb: Token, word: CueWord) -> Iterator[Content]:
    """Yield what a verb reports in a clause, before it, after it or around it."""
    if Construction.CLAUSE not in word.kinds:
        return
    clauses = [c for c in children(verb, "ccomp", "advcl") if c.dep_ == "ccomp" or _indirect(verb, c)]
    for clause in sorted(clauses, key=lambda clause: clause.i < verb.i):  # what follows is surer than what precedes
        if clause.i < verb.i:
            if not _breaks_off(verb, clause):
                yield Construction.CLAUSE, _around(verb, clause), set()
        elif not has_to(clause) and (is_finite(clause) or has_child(clause, "mark") or own_subject(clause) is not None):
            reported = subtree(clause) | _cut_off(verb, clause) | _added(verb)
            yield Construction.CLAUSE, reported - _broken_away(clause) - _taken_up(verb, clause), set()
    if _is_parenthetical(verb):
        yield Construction.CLAUSE, subtree(_disputed(verb) or verb.head) - subtree(verb), set()


def _is_parenthetical(verb: Token) -> bool:
    """Tell whether a clause of saying is thrown into what it reports: "the sale, Rud says, is off", "as Rud put it"."""
    if verb.dep_ == "parataxis":
        return True
    thrown_in = verb.dep_ == "advcl" and any(mark.lower_ == "as" for mark in children(verb, "mark", "advmod"))
    return thrown_in and all(noun.lower_ == "it" for noun in children(verb, "dobj", "xcomp", "ccomp"))


def _disputes(verb: Token) -> bool:
    """Tell whether a verb says of what it takes that it is not so: "denied having met him"."""
    operator = operators().words.get(lemma_of(verb))
    return operator is not None and operator.value is Factuality.DENIED


def _disputed(verb: Token) -> Token | None:
    """Return what is denied where an "as" clause has claimed it: "denied having met him, as Rud had claimed"."""
    if lemma_of(verb) not in cue_lexicon().taken_up or not _disputes(verb.head):
        return None
    return next(children(verb.head, "ccomp", "xcomp"), None)


def _taken_up(verb: Token, clause: Token) -> set[int]:
    """Return who else has claimed what is denied: no part of the denial."""
    claims = (c for c in children(clause, "advcl") if lemma_of(c) in cue_lexicon().taken_up and _is_parenthetical(c))
    return {i for claim in claims for i in subtree(claim)} if _disputes(verb) else set()


def _breaks_off(verb: Token, clause: Token) -> bool:
    """Tell whether a colon or a semicolon stands between a clause and the verb that seems to report it."""
    return any(verb.doc[i].text in (":", ";") for i in range(clause.i + 1, verb.i))


def _cut_off(verb: Token, clause: Token) -> set[int]:
    """Return the predicate that a parser took from its clause: "say that pilots aged 71 | are asked to wait"."""
    behind = (c for c in children(verb, "advcl", "ccomp") if c.left_edge.i == clause.right_edge.i + 1)
    return {
        i
        for other in behind
        if own_subject(other) is None
        and own_subject(other, passive=True) is None
        and not has_child(other, "mark", "advmod", "prep")
        for i in subtree(other)
    }


def _added(verb: Token) -> set[int]:
    """Return a further clause of what is said that hangs on the verb: "said that it was old but that it was safe"."""
    gone_on = (c for c in children(verb, "conj") if any(mark.lower_ in grammar().that for mark in children(c, "mark")))
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
        return not has_child(verb, "ccomp")
    return clause.i > verb.i and bool(marks & grammar().indirect)


def _around(verb: Token, clause: Token) -> set[int]:
    """Return the sentence without its reporting clause, where that follows or interrupts what is reported."""
    resumed = _resumed(verb)
    reporting = subtree(verb) - subtree(clause) - resumed
    first = min((i for i in reporting if i > clause.left_edge.i), default=verb.i)
    before = {t.i for t in sentence_of(verb) if t.i < first} if verb.dep_ in ("ROOT", "conj") else set()
    return subtree(clause) | (before - reporting) | resumed


def _resumed(verb: Token) -> set[int]:
    """Return the rest of what is reported, behind a comma: "the pier was safe, Rud said, until it burned"."""
    behind = [c for c in children(verb, "advcl", "conj", "prep") if c.left_edge.i > verb.i]
    resuming = (c for c in behind if c.left_edge.lower_ in grammar().resuming and c.left_edge.nbor(-1).text == ",")
    return {i for c in resuming for i in subtree(c)}
