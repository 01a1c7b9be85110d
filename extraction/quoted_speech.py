"""Direct quotations and the words that say whose they are."""

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Token

from extraction.candidates import Candidate
from extraction.lexicon import Construction, CueWord
from extraction.quotations import Paragraphs, Quotation, QuotationIndex
from extraction.trees import has_child, sentence_of, subtree, verb_group
from extraction.verbal_cues import source_of

MARKS = frozenset({'"', "''", "``", "“", "”", "‘", "’", "'", "«", "»", "„", "‟", "‚"})
OPEN_ENDS = frozenset({",", "?", "!", "-", "--", "—", "…", "..."})
JOINTS = frozenset({",", ":", "--", "—", "-", "–"})
STOPS = frozenset({".", ";", "!", "?"})
REACH = 40  # tokens between a quotation and its verb; a longer subject is a parser's error


def quoted_candidates(doc: Doc, verbs: Iterable[tuple[Token, CueWord]], index: QuotationIndex) -> Iterator[Candidate]:
    """Yield each verb of saying with the quotations that touch its clause."""
    paragraphs = Paragraphs(doc)
    for verb, word in verbs:
        if Construction.QUOTE not in word.kinds or index.at(verb.i) is not None:
            continue
        content: set[int] = set()
        for number in (_before(verb, index, paragraphs), _after(verb, index)):
            if number is not None and not _is_title(doc, index.quotations[number]):
                content.update(range(index.quotations[number].start, index.quotations[number].end))
        content = content or _below(verb, paragraphs)
        if content:
            yield Candidate(
                verb.i,
                frozenset(verb_group(verb) - content),
                frozenset(source_of(verb, index) - content),
                frozenset(content),
                word.kinds[Construction.QUOTE],
                Construction.QUOTE,
            )


def _before(verb: Token, index: QuotationIndex, paragraphs: Paragraphs) -> int | None:
    """Return the quotation that ends where the verb's clause begins; one that ends in a full stop is complete."""
    if verb.tag_ == "VBG" and not has_child(verb, "aux"):
        return None  # it adds to what another verb gives: "Rud said: 'It was old,' adding that it was safe"
    doc, clause = verb.doc, subtree(verb)
    for i in range(verb.i - 1, max(paragraphs.at(verb.i)[0] - 1, verb.i - REACH), -1):
        number = index.at(i)
        if number is not None:
            ends = doc[index.quotations[number].end - 2].text
            return number if ends in OPEN_ENDS or doc[i + 1].text in (",", "--", "—", "-", "–") else None
        if i not in clause and not doc[i].is_punct and not doc[i].is_space:
            return None
        if doc[i].text in (".", ";"):
            return None
    return None


def _after(verb: Token, index: QuotationIndex) -> int | None:
    """Return the quotation that begins where the verb's clause ends, after a comma, a colon or "but"."""
    doc, clause = verb.doc, subtree(verb)
    for i in range(verb.i + 1, min(len(doc), verb.i + REACH)):
        number = index.at(i)
        if number is not None:
            joined = doc[i - 1].text in JOINTS or doc[i - 1].is_space or doc[i - 1].dep_ == "cc"
            return number if joined or i == verb.i + 1 else None
        if doc[i].text in STOPS or not (i in clause or doc[i].is_punct or doc[i].is_space or doc[i].dep_ == "cc"):
            return None
    return None


def _is_title(doc: Doc, quotation: Quotation) -> bool:
    """Tell a title from speech: every word that is not small is capitalised, and none ends a sentence."""
    words = [doc[i] for i in range(quotation.start + 1, quotation.end - 1)]
    letters = [word for word in words if word.is_alpha and len(word) > 3]
    return len(letters) > 1 and all(word.is_title for word in letters) and words[-1].text not in (".", "!", "?")


def _below(verb: Token, paragraphs: Paragraphs) -> set[int]:
    """Return the paragraph below a reporting clause that ends its own with a colon."""
    if verb.dep_ != "ROOT" or has_child(verb, "ccomp", "dobj"):
        return set()
    here, below = paragraphs.at(verb.i), paragraphs.below(verb.i)
    ends = verb.doc[here[1] - 1].text == ":" and sentence_of(verb).end >= here[1]
    return set(range(*below)) if ends and below is not None else set()
