"""How surely a source holds what it says, in FactBank's values (Saurí and Pustejovsky 2009).

A content is read from the outside inwards: the cue, then the words in the content that embed the proposition
("it is likely that", "failed to"), then the negation, the modal and the adverbs of the proposition itself. Each is
an operator; composed, the weaker certainty wins, signs multiply, and what is left open stays open.
"""

from itertools import pairwise

from spacy.tokens import Doc, Token

from domain.extraction import Factuality
from extraction.candidates import Candidate
from extraction.lexicon import Construction, lemma_of
from extraction.operators import SAYING, TRANSPARENT, WISH, Operator, applied, compose, operators
from extraction.trees import VERBAL, children, dependents, has_child, is_passive, own_subject, sentence_of, tops

WHETHER = frozenset({"whether", "if"})
PRONOUNS = frozenset({"he", "she", "they", "i", "we", "it"})
DEEPEST = 4  # embedding words between a cue and its proposition; more is a parser's error
NEGATING = frozenset({"nsubj", "nsubjpass", "dobj", "attr", "det", "preconj", "advmod", "npadvmod", "expl"})
FILLERS = frozenset({"nsubj", "nsubjpass", "dobj", "attr"})
BOUNDING = frozenset({"more", "less", "fewer", "later", "earlier"})
WISHED = frozenset({Construction.INFINITIVE, Construction.OBJECT_INFINITIVE})


def is_negated(token: Token, but_for: Token | None = None) -> bool:
    """Tell whether a word is negated: "not", "never", or a subject or object that nobody or nothing fills.

    ``but_for`` is a dependent whose own emptiness does not count.
    """
    negative = operators().negative
    for label, child in dependents(token.doc)[token.i]:
        if but_for is not None and child.i == but_for.i:
            continue
        if label == "neg" or (label in NEGATING and child.lower_ in negative):
            return True
        if label in FILLERS and any(c.lower_ in negative and not _bounds(c) for c in children(child, "det", "neg")):
            return True
    return False


def _bounds(word: Token) -> bool:
    """ "No more than 9,000": it bounds a number and negates nothing."""
    after = [word.nbor(step).lower_ for step in (1, 2) if word.i + step < len(word.doc)]
    return len(after) == 2 and after[0] in BOUNDING and after[1] == "than"


def factuality(doc: Doc, candidate: Candidate) -> Factuality:
    """Return how surely the source of an attribution holds its content."""
    value = value_of_cue(doc[candidate.head], candidate.construction)
    root = _root(doc, candidate.content)
    if value is Factuality.UNKNOWN or root is None or _is_asked(doc, candidate, root):
        return Factuality.UNKNOWN
    return compose(value, _of_content(root))


def factuality_of_clause(verb: Token) -> Factuality:
    """Return how surely the article itself holds a clause, given its main verb."""
    return Factuality.UNKNOWN if sentence_of(verb)[-1].text == "?" else _of_content(verb)


def operator_of(word: Token) -> Operator | None:
    words, lemma = operators().words, lemma_of(word)
    for particle in children(word, "prt", "prep"):
        if f"{lemma}_{particle.lower_}" in words:
            return words[f"{lemma}_{particle.lower_}"]
    return words.get(lemma)


def own_value(word: Token, but_for: Token | None = None) -> Factuality:
    """Return how surely a predicate holds by its own negation, modal, adverbs and conditions."""
    ops = operators()
    if any(mark.lower_ in ops.conditional for clause in children(word, "advcl") for mark in children(clause, "mark")):
        return Factuality.UNKNOWN
    value = Factuality.DENIED if is_negated(word, but_for) else Factuality.CERTAIN
    for aux in children(word, "aux"):
        modal = ops.modals.get(aux.lower_)
        if modal is not None and not _supposes(aux, word):
            value = modal.negated if value is Factuality.DENIED else modal.value
    for adverb in children(word, "advmod"):
        hedge = ops.adverbs.get(adverb.lower_)
        if hedge is None:
            continue
        # "not necessarily": the adverb stands in the negation's scope; "probably not": the other way round.
        scoped = any(neg.i < adverb.i for neg in children(word, "neg"))
        value = hedge.negated if scoped else compose(hedge.value, value)
    return value


def _supposes(modal: Token, verb: Token) -> bool:
    """Tell a supposition from a duty: "must have closed"."""
    return modal.lower_ == "must" and any(aux.lemma_ == "have" for aux in children(verb, "aux"))


def _governors(cue: Token) -> list[Token]:
    """Return the words that embed a cue, outermost first: "refused to rule out", "it is not true that he denied"."""
    chain: list[Token] = []
    word = cue
    while word.head.i != word.i and len(chain) < DEEPEST:
        head = word.head
        embeds = word.dep_ in ("xcomp", "acomp") or (
            word.dep_ in ("ccomp", "csubj", "acl", "advcl") and head.pos_ not in VERBAL
        )
        nominal = word.pos_ == "NOUN" and word.dep_ in ("dobj", "attr")
        if word.dep_ in ("ccomp", "advcl") and head.lemma_ == "be" and has_child(head, "acomp", "attr"):
            chain.append(next(children(head, "acomp", "attr")))
            embeds = True
        if not (embeds or nominal):
            break
        chain.append(head)
        word = head
    return chain[::-1]


def value_of_cue(cue: Token, construction: Construction) -> Factuality:
    if construction in (Construction.ACCORDING, Construction.HEADLINE):
        return Factuality.CERTAIN
    held = Factuality.CERTAIN
    chain = [*_governors(cue), cue]
    for word, below in pairwise(chain):
        own = compose(held, own_value(word, but_for=below))
        held = applied(operator_of(word) or TRANSPARENT, own)
        if cue.pos_ == "NOUN" and below == cue and own.endswith("+") and held.endswith("-"):
            return held  # "rejected the claim that": the denial is of the content
    operator = operator_of(cue) or (WISH if construction in WISHED else SAYING)
    if construction in WISHED and operator.value is Factuality.CERTAIN and not is_passive(cue):
        operator = WISH
    return applied(operator, compose(held, own_value(cue)))


def _root(doc: Doc, content: frozenset[int]) -> Token | None:
    """Return the word that the content's first clause hangs on, or its first noun where it has no verb."""
    words = [top for top in tops(doc, content) if not top.is_punct and not top.is_space]
    return next((top for top in words if top.pos_ in VERBAL), words[0] if words else None)


def _is_asked(doc: Doc, candidate: Candidate, root: Token) -> bool:
    """Tell whether the content is a question, direct or indirect, or the cue stands in one or in a condition."""
    last = max(candidate.content)
    if any(doc[i].text == "?" for i in range(max(last - 1, 0), last + 1)) or sentence_of(root)[-1].text == "?":
        return True
    if any(mark.lower_ in WHETHER and mark.i in candidate.content for mark in children(root, "mark")):
        return True
    head = doc[candidate.head]
    conditional = operators().conditional
    return sentence_of(head)[-1].text == "?" or any(mark.lower_ in conditional for mark in children(head, "mark"))


def _of_content(root: Token) -> Factuality:
    """Follow the words of the content that only say how sure it is, down to the proposition itself."""
    value, word = Factuality.CERTAIN, root
    for _ in range(DEEPEST):
        holder, inner = _embedded(word)
        value = compose(value, own_value(word, but_for=holder if inner is not None else None))
        operator = operator_of(holder) if holder is not None else None
        if holder is None or operator is None:
            return value
        if holder.i != word.i:
            value = compose(value, own_value(holder))
        value = applied(operator, value)
        if inner is None:
            return value
        if any(mark.lower_ in WHETHER for mark in children(inner, "mark")):
            return Factuality.UNKNOWN
        word = inner
    return value


def _embedded(word: Token) -> tuple[Token | None, Token | None]:
    """Return the word that says how sure a predicate's complement is, and that complement, if it has one."""
    for holder in (word, *children(word, "acomp", "attr", "dobj", "oprd", "nsubj")):
        inner = next(children(holder, "ccomp", "xcomp", "acl"), None)
        if inner is None and holder.dep_ in ("acomp", "attr"):
            inner = next(children(word, "ccomp", "xcomp", "csubj"), None)
        if inner is not None and operator_of(holder) is not None and _is_transparent(word, holder):
            return holder, inner
        if inner is None and holder.dep_ == "acomp" and lemma_of(holder) in operators().bare:
            return holder, None
    return None, None


def _is_transparent(word: Token, holder: Token) -> bool:
    """Tell whether a word only says how sure the source is: nobody else is its subject."""
    if holder.i != word.i and holder.pos_ != "ADJ":
        subject = own_subject(word)
        return holder.dep_ != "dobj" or subject is None or subject.lower_ in PRONOUNS
    if lemma_of(holder) in operators().raising:
        return True
    subject = own_subject(word) or own_subject(word, passive=True)
    return subject is None or subject.lower_ in PRONOUNS or is_passive(word)
