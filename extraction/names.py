"""Names of people: where one stands, how sure that is, and exactly which words belong to it.

The model finds most names of its own training data and few others. So runs of capitalised words are weighed by all
that speaks for or against a person: the model's label, titles, ages, appositions, verbs of speech, given names, and
words that only organisations, places and works carry. The weights are ours, set by hand on articles of our own.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import pairwise

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from extraction.findings import findings
from extraction.lexicon import cue_lexicon
from extraction.outlets import looks_like_outlet
from extraction.vocabulary import fold, is_person_noun, vocabulary
from extraction.words import Word, words

ENOUGH = 2.0
_LONGEST_RUN = 14

_QUOTES = frozenset("\"“”„«»'‘’`")
# What stands between the place from which a report comes and the report: "DORST (Agency) — The ferry …".
_AFTER_DATELINE = frozenset({".", ",", "(", "–", "—", "--", "-", "/"})
_AGE = re.compile(r"\d{1,3}")
_PARTY = re.compile(r"[A-Z]{1,5}(?:[-–].*)?|Rep|Dem|Lab|Con")
_PATRONYMIC = re.compile(
    r".{2,}(?:ovich|evich|ovych|evych|ovna|evna|yevna|ivna|oglu|oğlu|dottir|dóttir|sson|qizi|kyzy|uly)$"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A run of words that may name a person; ``honorific`` is the title that stands before it.

    ``key`` are the folded words, to compare names by.
    """

    words: tuple[Word, ...]
    weight: float
    honorific: str | None = None
    key: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", tuple(fold(word.text) for word in self.words))

    @property
    def start(self) -> int:
        """The first token."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """The past-the-last token."""
        return self.words[-1].end


def find_names(doc: Doc, row: Sequence[Word]) -> list[Name]:
    """Return all in a Doc's words that may be a person's name, in order and without overlap, each with its weight."""
    findings(doc).loud = loud = _loud_paragraphs(doc)
    findings(doc).places = frozenset(
        fold(ent.text)
        for ent in doc.ents
        if ent.label_ in {"GPE", "LOC"} and fold(ent.text) not in vocabulary().genders
    )
    findings(doc).nouns = frozenset(token.lemma_ for token in doc if token.is_lower and token.pos_ == "NOUN")
    found = []
    for run in _runs(doc, row):
        parts = _labelled(doc, run) if findings(doc).paragraph_of[run[0].start] in loud else _parts(doc, run)
        for part in parts:
            name = _core(doc, part)
            if name is not None:
                found.append(replace(name, weight=_weight(doc, name)))
    return found


def _loud_paragraphs(doc: Doc) -> frozenset[int]:
    """Return the paragraphs in which capitals tell nothing: headlines in title case and cries in capitals."""
    capitals: dict[int, list[bool]] = {}
    for token, paragraph in zip(doc, findings(doc).paragraph_of, strict=True):
        if token.is_alpha and len(token) > 3:
            capitals.setdefault(paragraph, []).append(token.text[0].isupper())
    return frozenset(number for number, flags in capitals.items() if len(flags) > 3 and sum(flags) > 0.7 * len(flags))


def _runs(doc: Doc, row: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Yield the longest runs of words written as names are, with particles and nicknames between them."""
    run: list[Word] = []
    for word in row:
        if run and (len(run) == _LONGEST_RUN or not _follows(doc, run, word)):
            yield from _closed(run)
            run = []
        if word.capital or (
            word.text.lower() in vocabulary().particles and (run or word.text in vocabulary().starting_particles)
        ):
            run.append(word)
        else:
            yield from _closed(run)
            run = []
    yield from _closed(run)


def _closed(run: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """A run ends with a capitalised word."""
    last = len(run)
    while last and not run[last - 1].capital:
        last -= 1
    if last:
        yield tuple(run[:last])


def _follows(doc: Doc, run: Sequence[Word], word: Word) -> bool:
    """Say whether nothing but space, or the marks of a nickname or a suffix, stand between a run and a word."""
    between = doc[run[-1].end : word.start]
    if findings(doc).paragraph_of[word.start] != findings(doc).paragraph_of[run[-1].start]:
        return False
    marks = "".join(token.text for token in between if not token.is_space)
    if not marks:
        return not doc[word.start].is_sent_start or run[-1].text.endswith(".") or doc[word.start].ent_iob_ == "I"
    if marks == ",":
        return word.text.lower().rstrip(".") in {"jr", "sr", "ii", "iii"}
    return _opens_nickname(doc, run, word, marks) or _closes_nickname(doc, run, word, marks)


def _opens_nickname(doc: Doc, run: Sequence[Word], word: Word, marks: str) -> bool:
    """ "Ana "Nita" Sol": one or two capitalised words in marks, and the name goes on behind them."""
    if len(marks) != 1 or marks not in _QUOTES | {"("} or not word.capital or not run[-1].capital:
        return False
    for end in (word.end, word.end + 1):
        closes = end + 1 < len(doc) and doc[end].text in (_QUOTES if marks != "(" else {")"})
        if closes and doc[end].whitespace_ and doc[end + 1].text[0].isupper() and not doc[end + 1].is_sent_start:
            return len(run) == 1 or marks != "("
    return False


def _closes_nickname(doc: Doc, run: Sequence[Word], word: Word, marks: str) -> bool:
    before = doc[run[-1].start - 1].text if run[-1].start else ""
    before = doc[run[-2].start - 1].text if before not in _QUOTES | {"("} and len(run) > 2 else before
    opened = len(run) > 1 and before in _QUOTES | {"("}
    return opened and len(marks) == 1 and marks in _QUOTES | {")"} and word.capital


def _label(doc: Doc, word: Word) -> str:
    return doc[word.start].ent_type_


def _labelled(doc: Doc, run: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Where capitals tell nothing, a name is what the model calls one."""
    part: list[Word] = []
    for word in run:
        starts = doc[word.start].ent_iob_ == "B"
        if part and (_label(doc, word) != "PERSON" or starts):
            yield tuple(part)
            part = []
        if _label(doc, word) == "PERSON":
            part.append(word)
    if part:
        yield tuple(part)


def _parts(doc: Doc, run: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """Cut a run where an organisation's, people's or place's name ends and a person's begins, and the other way."""
    part = [run[0]]
    for before, word in pairwise(run):
        if _cut(doc, run, before, word):
            yield tuple(part)
            part = []
        part.append(word)
    yield tuple(part)


def _places(doc: Doc) -> AbstractSet[str]:
    """Return the single words that the model calls a place somewhere in the article, given names apart."""
    return findings(doc).places


def _cut(doc: Doc, run: Sequence[Word], before: Word, word: Word) -> bool:
    left, right = _label(doc, before), _label(doc, word)
    if before is run[0] and fold(word.text) in vocabulary().genders and fold(before.text) in _places(doc):
        return True
    if right == "PERSON" and left not in {"PERSON", ""}:
        whole = [other for other in run if other.start < word.start and _label(doc, other) == left]
        if fold(before.text) in vocabulary().genders:
            return False
        alone = len(whole) == 1 and not whole[0].text.isupper() and left not in {"NORP", "DATE"}
        return not alone or (doc[word.start].ent_iob_ == "B" and _person_words(doc, run, word) > 1)
    if left == "PERSON" and right in {"ORG", "FAC", "NORP", "DATE"}:
        chunk = [other for other in run if other.start >= word.start and _label(doc, other) == right]
        return len(chunk) > 1 and _person_words(doc, run, before) > 1
    return left == "PERSON" == right and doc[word.start].ent_iob_ == "B" and _person_words(doc, run, word) > 1


def _person_words(doc: Doc, run: Sequence[Word], word: Word) -> int:
    """Count the words of the model's PERSON that ``word`` belongs to."""
    return next((len(list(words(ent.as_doc()))) for ent in doc[word.start : word.end].ents), 0)


def _bare(word: Word) -> str:
    return word.text.lower().rstrip(".")


def _is_title(doc: Doc, word: Word) -> bool:
    bare, vocab = _bare(word), vocabulary()
    parts = re.split(r"[-‐‑]", bare)
    return (
        bare in vocab.titles
        or bare in vocab.honorifics
        or (bare.endswith("s") and bare[:-1] in vocab.titles)
        or (
            bare in vocab.person_nouns
            or (len(parts) > 1 and (parts[-1] in vocab.person_nouns or parts[0] in {"ex", "vice", "co"}))
        )
    )


def _drops(doc: Doc, word: Word, rest: Sequence[Word]) -> bool:
    """Say whether the first word of a part is no part of a name."""
    token, bare = doc[word.start], _bare(word)
    if _is_title(doc, word):
        return not _is_given_here(word, rest)
    if bare in vocabulary().never_names and not (_label(doc, word) == "PERSON" and rest):
        return True
    if (_label(doc, word) == "NORP" and fold(word.text) not in vocabulary().genders) or (
        bare in vocabulary().role_adjectives
    ):
        return True
    if token.pos_ in {"DET", "ADP", "PRON", "CCONJ", "SCONJ", "ADV", "AUX", "INTJ", "PART", "NUM"}:
        return token.ent_type_ != "PERSON" or token.is_stop
    return (
        token.pos_ in {"VERB", "ADJ", "NOUN"}
        and token.is_sent_start is True
        and token.ent_type_ != "PERSON"
        and (fold(word.text) not in vocabulary().genders)
    )


def _is_given_here(word: Word, rest: Sequence[Word]) -> bool:
    """ "Dean Sol" and "M. J. Sol" begin with names, "Don Luis Sol" and "M. Sol" with an honorific."""
    if word.initial:
        return bool(rest) and rest[0].initial
    given = vocabulary().genders
    return fold(word.text) in given and not (len(rest) > 1 and fold(rest[0].text) in given)


def _core(doc: Doc, part: Sequence[Word]) -> Name | None:
    """Strip what stands around a name in its run: titles, nationalities, a sentence's first word."""
    left, honorific = _past_title(doc, part)
    while left < len(part) and _drops(doc, part[left], part[left + 1 :]):
        if _is_title(doc, part[left]):
            honorific = _bare(part[left])
        left += 1
    core = list(part[left:])
    while core and _trails(doc, core[-1]):
        core.pop()
    if not core or all(_is_no_name(word) for word in core):
        return None
    return Name(tuple(core), 0.0, honorific)


def _is_no_name(word: Word) -> bool:
    vocab = vocabulary()
    return word.initial or _bare(word) in vocab.organisation_words or _bare(word) in vocab.before_other_names


def _trails(doc: Doc, word: Word) -> bool:
    """Say whether the last word of a part is no part of a name."""
    token = doc[word.start]
    small = token.is_stop and token.pos_ in {"ADP", "DET", "CCONJ", "AUX", "PRON"}
    # In a headline whose every word has a capital the model takes the verb for a surname: "Ana Sol Goes".
    verb = token.tag_ in {"VBZ", "MD"} and findings(doc).paragraph_of[word.start] in findings(doc).loud
    return verb or not word.capital or small or _bare(word) in vocabulary().never_names


def _past_title(doc: Doc, part: Sequence[Word]) -> tuple[int, str | None]:
    """ "Shadow Harbour Minister Ana Sol": what stands before the last title is part of the title."""
    if fold(part[0].text) in vocabulary().genders:
        return _past_place(doc, part)
    if (past := _past_office(doc, part)) is not None:
        return past
    for place in range(len(part) - 2, 0, -1):
        if _is_title(doc, part[place]) and not _is_given_here(part[place], part[place + 1 :]):
            return place + 1, _bare(part[place])
    return 0, None


def _past_place(doc: Doc, part: Sequence[Word]) -> tuple[int, str | None]:
    """ "Georgia Governor Ana Sol": a given name that is a place, for a title and a given name follow."""
    for place, (word, after) in enumerate(pairwise(part[1:]), start=1):
        given = fold(after.text) in vocabulary().genders and fold(word.text) not in vocabulary().genders
        if given and _bare(word) in vocabulary().titles and not after.initial:
            return place + 1, _bare(word)
    return 0, None


def _past_office(doc: Doc, part: Sequence[Word]) -> tuple[int, str] | None:
    """ "Minister of Education Ana Sol": the run behind "of" begins with the office."""
    start = part[0].start
    if start < 2 or doc[start - 1].lower_ not in {"of", "for"} or doc[start - 2].lower_ not in vocabulary().titles:
        return None
    given = (i for i in range(1, len(part) - 1) if fold(part[i].text) in vocabulary().genders)
    place = next(given, None)
    return None if place is None else (place, doc[start - 2].lower_)


def _weight(doc: Doc, name: Name) -> float:
    span = doc[name.start : name.end]
    if looks_like_outlet(span.text) or _is_publisher(doc, span.text):
        return -10.0
    return (
        _label_weight(doc, name)
        + _shape_weight(doc, name)
        + _before_weight(doc, name)
        + _after_weight(doc, name)
        + _grammar_weight(span)
    )


def _is_publisher(doc: Doc, text: str) -> bool:
    metadata = findings(doc).metadata
    publisher = metadata.publisher if metadata else None
    return publisher is not None and fold(text) == fold(publisher)


def _label_weight(doc: Doc, name: Name) -> float:
    labels = [_label(doc, word) for word in name.words]
    if "PERSON" in labels:
        return 3.0 if all(label == "PERSON" for label in labels) else 2.5
    worst = {"ORG": -1.0, "GPE": -1.5, "LOC": -2.0, "FAC": -2.0, "NORP": -3.0, "": 0.0}
    return min(worst.get(label, -1.0) for label in labels)


def _shape_weight(doc: Doc, name: Name) -> float:
    return _given_weight(name) + _form_weight(doc, name) + _other_kind_weight(doc, name)


def _begins_with_given_name(name: Name) -> bool:
    first = name.words[0].text
    return any(fold(part) in vocabulary().genders for part in (first, re.split(r"[-‐‑]", first)[0]))


def _given_weight(name: Name) -> float:
    """A given name at the front, or a surname where those stand first."""
    count, vocab = len(name.words), vocabulary()
    weight = 0.5 if count > 1 else 0.0
    if _begins_with_given_name(name):
        return weight + (3.0 if count > 1 else 1.0)
    rest = zip(name.key[1:], name.words[1:], strict=True)
    if name.key[0] in vocab.surname_first and any(key in vocab.surname_first or "-" in word.text for key, word in rest):
        return weight + (2.0 if count < 5 else 0.0)
    return weight


def _form_weight(doc: Doc, name: Name) -> float:
    """Initials, particles, patronymics and nicknames belong to people."""
    weight = 0.0
    if any(word.initial for word in name.words[:-1]) or not all(word.capital for word in name.words):
        weight += 1.0
    if any(_PATRONYMIC.match(word.text.lower()) for word in name.words):
        weight += 1.5
    if any(token.text in _QUOTES | {"("} for token in doc[name.start : name.end]):
        weight += 1.5
    return weight


def _other_kind_weight(doc: Doc, name: Name) -> float:
    """Words of organisations, places and works, and acronyms, do not."""
    vocab, count = vocabulary(), len(name.words)
    bare = [_bare(word) for word in name.words]
    given = _begins_with_given_name(name)
    weight = -2.0 if count > 5 else 0.0
    if count == 1:
        acronym = name.words[0].text.isupper() and len(name.words[0].text) < 6
        # What the article itself writes small is no name: "Meter bill", where "meters" follow.
        common = name.words[0].text.lower() in findings(doc).nouns and not name.honorific
        return weight - (6.0 if acronym else 3.0 if common else 0.0)
    if bare[-1] in vocab.organisation_words:
        weight -= 2.0 if given and count == 2 and _label(doc, name.words[0]) == "PERSON" else 6.0
    elif any(word in vocab.organisation_words for word in bare[1:-1]):
        weight -= 2.0
    return weight - 6.0 if bare[0] in vocab.before_other_names and not given else weight


def _before_weight(doc: Doc, name: Name) -> float:
    vocab = vocabulary()
    weight = 2.5 if name.honorific else 0.0
    before = _token_before(doc, name.start)
    if before is None:
        return weight
    text = before.lower_.rstrip(".")
    if text in vocab.before_other_names and not (
        name.honorific or (text in {"st", "san", "my", "ss"} and before.is_lower)
    ):
        weight -= 12.0
    elif text == "the" and not name.honorific:
        weight -= 3.0
    elif before.is_lower and text in vocab.organisation_words and text not in vocab.person_nouns:
        weight -= 4.0
    elif text in vocab.person_nouns or text in vocab.titles or text in vocab.honorifics:
        weight += 2.5
    elif (
        before.is_lower and before.tag_ == "NNS" and before.lemma_ in vocab.person_nouns and not _coordinated(doc, name)
    ):
        weight -= 2.0
    elif before.text == "," and _appositive_before(doc, before):
        weight += 1.5
    else:
        weight -= _place_weight(doc, name, before)
    return weight


def _place_weight(doc: Doc, name: Name, preposition: Token) -> float:
    """Return what speaks for a place or a firm: "in Dorst", "the town of Dorst", "Ana Sol of Ferrum"."""
    text = preposition.lower_
    if text in vocabulary().place_prepositions and len(name.words) == 1:
        return 1.5
    if text == "in" and not _begins_with_given_name(name):
        return 2.0
    before = _token_before(doc, preposition.i)
    if text != "of" or before is None:
        return 0.0
    if before.is_lower and before.lower_ in vocabulary().organisation_words:
        return 8.0
    return 4.0 if before.ent_type_ == "PERSON" and before.pos_ == "PROPN" else 0.0


def _coordinated(doc: Doc, name: Name) -> bool:
    after = _after(doc, name, 1)
    return bool(after) and after[0].lower_ in {",", "and", "or", "&"}


def _appositive_before(doc: Doc, comma: Token) -> bool:
    """ "The port's director, Ana Sol": a person's noun ends right before the comma, or heads the phrase there."""
    before = _token_before(doc, comma.i)
    return before is not None and is_person_noun(before.lower_)


def _token_before(doc: Doc, index: int) -> Token | None:
    if index == 0 or findings(doc).paragraph_of[index - 1] != findings(doc).paragraph_of[index]:
        return None
    return doc[index - 1]


def _after(doc: Doc, name: Name, count: int) -> list[Token]:
    paragraph_of = findings(doc).paragraph_of
    paragraph = paragraph_of[name.start]
    return [doc[i] for i in range(name.end, min(name.end + count, len(doc))) if paragraph_of[i] == paragraph]


def _after_weight(doc: Doc, name: Name) -> float:
    vocab, after = vocabulary(), _after(doc, name, 6)
    texts = [token.text for token in after] + [""] * 6
    weight = 0.0
    if texts[0] == "," and _AGE.fullmatch(texts[1]) and texts[2] in {",", ".", ";", ""}:
        weight += 3.0
    if texts[0] == "(" and (_AGE.fullmatch(texts[1]) or _PARTY.fullmatch(texts[1]) or texts[1].startswith("@")):
        weight += 1.5
    if texts[0] in {"who", "whose", "whom"} or (texts[0] == "," and texts[1] in {"who", "whose", "whom"}):
        weight += 2.0
    if _is_quoted_alone(doc, name) and texts[0] in _QUOTES:
        weight -= 3.0
    if texts[0] in vocab.person_nouns and len(name.words) == 1:
        weight -= 2.0
    if texts[0] == "," and any(is_person_noun(token.lower_) for token in after[1:6]) and texts[1].islower():
        weight += 2.0
    starts = name.start == 0 or findings(doc).paragraph_of[name.start - 1] != findings(doc).paragraph_of[name.start]
    if starts and texts[0] == ":":
        weight += 1.5
    if starts and texts[0] in _AFTER_DATELINE and all(word.text.isupper() for word in name.words):
        weight -= 12.0
    # "Mark the place": an order, not Mark.
    if len(name.words) == 1 and doc[name.start].is_sent_start and texts[0].lower() in {"the", "a", "your", "this"}:
        weight -= 4.0
    return weight


def _is_quoted_alone(doc: Doc, name: Name) -> bool:
    before = _token_before(doc, name.start)
    return len(name.words) == 1 and before is not None and before.text in _QUOTES


def _grammar_weight(span: DocSpan) -> float:
    root = span.root
    weight = 0.0
    if any(child.dep_ == "det" and child.i < span.start - 1 for child in root.children):
        weight -= 3.0
    if speaks(root):
        weight += 2.0
    if root.dep_ == "conj" and _looks_personal(root.head):
        weight += 1.5
    if root.dep_ == "appos" and is_person_noun(root.head.lemma_.lower()):
        weight += 2.5
    if any(child.dep_ == "appos" and is_person_noun(child.lemma_.lower()) for child in root.children):
        weight += 1.5
    if root.dep_ == "nsubj" and root.head.lemma_ == "be":
        attributes = (child for child in root.head.children if child.dep_ == "attr")
        weight += 1.5 if any(is_person_noun(child.lemma_.lower()) for child in attributes) else 0.0
    return weight


def _looks_personal(head: Token) -> bool:
    parts = (head, *(token for token in head.lefts if token.dep_ == "compound"))
    return any(token.ent_type_ == "PERSON" or fold(token.text) in vocabulary().genders for token in parts)


def speaks(token: Token) -> bool:
    """Say whether a name's head is the subject of a verb of saying or thinking."""
    cue = cue_lexicon().verbs.get(token.head.lemma_) if token.dep_ == "nsubj" else None
    return cue is not None and any(kind.value in {"speech", "belief"} for kind in cue.kinds.values())
