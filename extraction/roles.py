"""What a person is, in the article's own words: titles before the name, appositions, "who heads …"."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from extraction.findings import findings
from extraction.grammar import grammar
from extraction.lexicon import cue_lexicon, lemma_of
from extraction.names import Name
from extraction.quotations import QuotationIndex
from extraction.trees import SUBJECTS, sentence_of
from extraction.vocabulary import is_person_noun, vocabulary

_LONGEST = 12
_NOMINAL = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "X"})
_TYING = frozenset({"of", "for", "to", "at", "in", "on", "from"})
# "According to the mayor of Dorst, Ana Sol": a phrase begins there, which "to the" ties to nothing.
_UNTIED = frozenset({"according", "thanks", "belongs", "due"})
_FORMS_OF_ADDRESS = frozenset({"dr", "doc", "father", "sister", "brother", "mother", "fr", "prof"})


def roles_at(doc: Doc, name: Name) -> tuple[DocSpan, ...]:
    """Return the roles that stand with one name."""
    return tuple(_spans(doc, name))


def fullest(spans: Iterable[DocSpan]) -> tuple[str, ...]:
    """Return a person's roles in the order in which the article tells them; the fuller of two alike."""
    roles: list[str] = []
    for span in spans:
        role = " ".join(span.text.split())
        if role and not any(_says_no_more(role, known) for known in roles):
            roles = [known for known in roles if not _says_no_more(known, role)]
            roles.append(role)
    return tuple(roles)


def _says_no_more(role: str, other: str) -> bool:
    """Say whether every word of a role is in the other; a former role and a present one differ."""
    words, others = role.lower().split(), other.lower().split()
    return set(words) <= set(others) and ("former" in words) == ("former" in others)


def _spans(doc: Doc, name: Name) -> Iterator[DocSpan]:
    quotations = QuotationIndex(findings(doc).quotations)
    for find in (_listed, _before, _apposed_before, _apposed_after, _attribute, _who_heads):
        span = find(doc, name)
        if span is not None and len(span) <= _LONGEST and quotations.at(span.start) == quotations.at(name.start):
            yield span


def _is_person_noun(token: Token) -> bool:
    word = token.lower_.rstrip(".")
    return is_person_noun(word) or word in vocabulary().titles


def _trimmed(doc: Doc, start: int, end: int) -> DocSpan | None:
    """Cut articles, possessives and opinions off the front of a role; None where no person's noun is left."""
    while start < end and not _begins_role(doc[start]):
        start += 1
    while end > start and (doc[end - 1].is_punct or doc[end - 1].is_space):
        end -= 1
    span = doc[start:end]
    return span if any(_is_role(token, end) for token in span) and not _names_holder(span) else None


def _names_holder(span: DocSpan) -> bool:
    """ "The critic Bo Berg and the actor": such a role is already somebody else's."""
    return any(_is_person_noun(one) and _is_name_of_other(other) for one, other in pairwise(span))


def _is_name_of_other(token: Token) -> bool:
    return token.ent_type_ == "PERSON" and token.pos_ == "PROPN" and not _is_person_noun(token)


def _is_role(token: Token, end: int) -> bool:
    charged = token.lower_ in vocabulary().charges
    return _is_person_noun(token) and not charged and not _only_addresses(token, end)


def _only_addresses(token: Token, end: int) -> bool:
    """Say whether a word is how somebody is called; a "mother of three" is one."""
    followed = token.i + 1 < end and token.nbor().lower_ in grammar().of
    return token.lower_.rstrip(".") in _FORMS_OF_ADDRESS and not followed


def _begins_role(token: Token) -> bool:
    if not any(letter.isalnum() for letter in token.text):
        return False
    if token.pos_ in {"DET", "PRON", "PUNCT", "SPACE", "CCONJ", "ADP", "PART", "ADV", "AUX", "NUM"}:
        return token.lower_.rstrip(".") in vocabulary().role_adjectives
    opinion = token.pos_ == "ADJ" and token.is_lower and "-" not in token.text
    return not opinion or token.lower_ in vocabulary().role_adjectives or _is_person_noun(token)


def _same_paragraph(doc: Doc, left: int, right: int) -> bool:
    return bool(findings(doc).paragraph_of[left] == findings(doc).paragraph_of[right])


def _before(doc: Doc, name: Name) -> DocSpan | None:
    """ "Harbour chief Ana Sol": the nouns that touch the name from the left."""
    start = name.start
    if start and doc[start - 1].lower_ in grammar().of:
        return None
    while start > 0 and name.start - start < _LONGEST and _same_paragraph(doc, start - 1, name.start):
        token = doc[start - 1]
        joins = token.text in {"-", "‐", "‑", "/", "'s", "’s"} or (
            token.lower_ == "of" and start > 1 and _is_person_noun(doc[start - 2])
        )
        if token.ent_type_ == "PERSON" and not _is_title_word(token):
            break
        joins = joins or (
            token.lower_ == "and" and start > 1 and doc[start - 2].pos_ in _NOMINAL and start < name.start
        )
        if not (token.pos_ in _NOMINAL or joins or token.ent_type_ == "NORP" or _is_title_word(token)):
            break
        start -= 1
    while start < name.start and (
        doc[start].text in {"of", "'s", "’s", "-", "/", "and"} or doc[start].lower_ in vocabulary().honorifics
    ):
        start += 1
    return _honorless(doc, start, name.start)


def _is_title_word(token: Token) -> bool:
    word = token.lower_.rstrip(".")
    return word in vocabulary().titles or word in vocabulary().honorifics


def _honorless(doc: Doc, start: int, end: int) -> DocSpan | None:
    while end > start and doc[end - 1].lower_.rstrip(".") in vocabulary().honorifics | _FORMS_OF_ADDRESS | {""}:
        end -= 1
    nearest = doc[end - 1] if end > start else None
    if nearest is None or not (_is_person_noun(nearest) or _heads_of_phrase(doc, start, end)):
        return None
    return _trimmed(doc, start, end)


def _heads_of_phrase(doc: Doc, start: int, end: int) -> bool:
    """ "chief of staff": the person's noun stands before "of"."""
    return any(_is_person_noun(doc[i]) and doc[i + 1].lower_ == "of" for i in range(start, end - 1))


def _phrase_of(doc: Doc, head: Token, stop: int) -> DocSpan | None:
    """Return the noun phrase of ``head`` up to ``stop``, without relative clauses and further appositions."""
    left = min(
        (token.i for token in head.lefts if token.dep_ in {"compound", "amod", "poss", "nmod", "nummod"}),
        default=head.i,
    )
    left = min([left, *(token.left_edge.i for token in head.lefts if token.dep_ in {"compound", "amod", "nmod"})])
    end = head.i + 1
    while end < stop and _continues(doc[end], head):
        end += 1
    while end > head.i + 1 and doc[end - 1].pos_ in {"ADP", "DET", "CCONJ", "PRON", "PUNCT"}:
        end -= 1
    return _trimmed(doc, left, end)


def _continues(token: Token, head: Token) -> bool:
    return (token.pos_ in _NOMINAL or token.lower_ in grammar().connecting) and token.i - head.i < _LONGEST


def _stop(doc: Doc, index: int) -> int:
    """Return the past-the-last token of the sentence of ``index``."""
    return sentence_of(doc[index]).end


def _apposed_after(doc: Doc, name: Name) -> DocSpan | None:
    """ "Ana Sol, the port's director": the phrase between the comma behind a name, or its age, and the next."""
    at = name.end
    while at + 2 < len(doc) and doc[at].text in {",", "(", "–", "—", "-"} and doc[at + 1].like_num:
        at += 3 if doc[at + 2].text == ")" else 2
    if (
        at >= len(doc) - 1
        or doc[at].text not in {",", "–", "—", "-", "("}
        or not _same_paragraph(doc, at + 1, name.start)
    ):
        return None
    return _first_phrase(doc, at + 1, _stop(doc, name.start))


def _first_phrase(doc: Doc, start: int, stop: int) -> DocSpan | None:
    """Return the noun phrase of a person's noun that begins at ``start``."""
    for index in range(start, min(stop, start + _LONGEST)):
        token = doc[index]
        noun = token.pos_ not in {"VERB", "AUX"} and _is_person_noun(token)
        if noun and not (index + 1 < stop and _is_person_noun(doc[index + 1])):
            phrase = _phrase_of(doc, token, stop)
            if phrase is not None and _goes_on(token, phrase.end):
                return None
            return phrase if phrase is None or phrase.start <= start + 3 else _trimmed(doc, start, phrase.end)
        if (token.is_punct and token.text not in {"-", "'"}) or (
            token.pos_ in {"VERB", "AUX", "CCONJ", "ADP"} and token.tag_ not in {"VBN", "VBG"}
        ):
            return None
    return None


def _goes_on(noun: Token, end: int) -> bool:
    """ "According to Ana Sol, the man had gone": the phrase is the subject of what follows it."""
    after = noun.doc[end] if end < len(noun.doc) else None
    return noun.dep_ in SUBJECTS and after is not None and after.pos_ in {"VERB", "AUX"} and noun.head.i >= end


def _apposed_before(doc: Doc, name: Name) -> DocSpan | None:
    """ "The port's director, Ana Sol": the phrase that ends in the comma before a name."""
    if name.start < 2 or doc[name.start - 1].text != "," or not _same_paragraph(doc, name.start - 2, name.start):
        return None
    head = doc[name.start : name.end].root.head
    apposed = doc[name.start : name.end].root.dep_ == "appos" and _is_person_noun(head)
    if not apposed or not 0 < name.start - head.i <= _LONGEST:
        return _phrase_from_article(doc, name)
    return _phrase_of(doc, head, name.start - 1)


def _phrase_from_article(doc: Doc, name: Name) -> DocSpan | None:
    """Whatever the parse says: from "the" or "his" up to the comma, if its first noun is a person's."""
    start = name.start - 2
    while start > 0 and name.start - start < _LONGEST and not _opens_phrase(doc, start):
        token = doc[start]
        joins = token.lower_ in grammar().connecting or token.lower_ in _TYING or token.tag_ == "VBG"
        if not (token.pos_ in _NOMINAL or joins) or token.is_sent_start:
            return None
        start -= 1
    if start > 0 and doc[start - 1].lemma_ in vocabulary().naming_verbs:
        return None
    nouns = [token for token in doc[start + 1 : name.start - 1] if token.pos_ in {"NOUN", "PROPN"}]
    person = next((token for token in nouns if _is_person_noun(token)), None)
    if person is None or any(token.ent_type_ == "PERSON" and token.i < person.i for token in nouns):
        return None
    if _is_name(doc, person.i + 1, name.start - 1):
        return None
    return _trimmed(doc, start + 1, name.start - 1)


def _is_name(doc: Doc, start: int, stop: int) -> bool:
    """Say whether nothing but a person's name stands between a person's noun and the comma."""
    rest = [token for token in doc[start:stop] if not token.is_space]
    return bool(rest) and all(token.ent_type_ == "PERSON" for token in rest)


def _opens_phrase(doc: Doc, index: int) -> bool:
    """An article or possessive that no "of" ties to the noun before it."""
    tied = index > 1 and doc[index - 1].lower_ in _TYING and doc[index - 2].lower_ not in _UNTIED
    return doc[index].tag_ in {"DT", "PRP$", "POS"} and not tied


def _attribute(doc: Doc, name: Name) -> DocSpan | None:
    """ "Ana Sol is the port's director", but not where somebody says so."""
    root = doc[name.start : name.end].root
    if _is_said(root.head):
        return None
    if root.dep_ != "nsubj" or root.head.lemma_ != "be" or any(token.dep_ == "neg" for token in root.head.children):
        return None
    attribute = next((token for token in root.head.children if token.dep_ == "attr" and _is_person_noun(token)), None)
    if attribute is None or any(token.lower_ == "no" for token in attribute.children):
        return None
    return _phrase_of(doc, attribute, _stop(doc, name.start))


def _is_said(verb: Token) -> bool:
    """Say whether a clause is what somebody says or thinks, in their words or not."""
    reported = verb.dep_ == "ccomp" and lemma_of(verb.head) in cue_lexicon().verbs
    return reported or QuotationIndex(findings(verb.doc).quotations).at(verb.i) is not None


def _who_heads(doc: Doc, name: Name) -> DocSpan | None:
    """ "Ana Sol, who heads the port": the verb and its object are the role."""
    at = name.end + (1 if name.end < len(doc) and doc[name.end].text == "," else 0)
    if at + 2 >= len(doc) or doc[at].lower_ != "who" or doc[at + 1].lemma_ not in vocabulary().heading_verbs:
        return None
    end = at + 2
    while end < _stop(doc, name.start) and _continues_object(doc[end]):
        end += 1
    while end > at + 2 and doc[end - 1].pos_ in {"ADP", "DET", "CCONJ", "PRON"}:
        end -= 1
    return doc[at + 1 : end] if end > at + 2 else None


def _continues_object(token: Token) -> bool:
    return token.pos_ in _NOMINAL | {"DET", "PRON"} or token.lower_ in grammar().connecting - {"and"}


def _listed(doc: Doc, name: Name) -> DocSpan | None:
    """ "Treasurer: Ana Sol" fills a line of a list."""
    if name.start < 2 or doc[name.start - 1].text != ":":
        return None
    start = name.start - 1
    while start > 0 and name.start - start <= _LONGEST and _same_paragraph(doc, start - 1, name.start):
        if doc[start - 1].text in {".", "!", "?", ";"}:
            break
        start -= 1
    return _trimmed(doc, start, name.start - 1)
