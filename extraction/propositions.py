"""What an article states: its sentences, and the contents of its attributions, as propositions that could stand alone.

A proposition is a run or several runs of the article's own tokens. What wraps it in the text is cut off, and a "he"
or "she" at its head gives way to the name that the article has for that person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from domain.extraction import Factuality
from extraction.attributions import pieces
from extraction.findings import findings
from extraction.grammar import grammar
from extraction.languages import language_read, read_data
from extraction.layout import ParagraphKind
from extraction.quotations import QuotationIndex
from extraction.speakers import gender_of_pronoun, genders, person_behind
from extraction.trees import sentence_of, tops

_FEWEST_WORDS = 5
_MOST_WORDS = 75
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
_MARKS = frozenset("\"“”„«»‘’'`") | {"''", "``"}
_AFTER_NO_COMMA = frozenset({",", ".", ";", "!", "?"})
# The least share of a sentence that an attribution's content makes up where the sentence is that attribution. A
# denial is one by less, because its sentence must not be told as if the page said it.
_WHOLE, _PART = 0.75, 0.4
# What a word stands for that names no person.
_NOBODY = -1
_DENIALS = frozenset({Factuality.DENIED, Factuality.IMPROBABLE, Factuality.NOT_POSSIBLE})


@dataclass(frozen=True, slots=True)
class Proposition:
    """``pieces`` in reading order, ``place`` the first token that it has in the text.

    ``leans`` says that it begins with a word that points to something before it, ``opens`` that it stands in the
    article's first paragraph, ``denial`` that its source denies it.
    """

    pieces: tuple[DocSpan, ...]
    place: int
    attribution: int | None
    leans: bool
    opens: bool
    denial: bool


def _phrases() -> Mapping[str, frozenset[tuple[str, ...]]]:
    return _phrases_of(language_read())


@cache
def _phrases_of(language: str) -> Mapping[str, frozenset[tuple[str, ...]]]:
    table = read_data("claims.toml", language)
    return {name: frozenset(tuple(phrase.split()) for phrase in phrases) for name, phrases in table.items()}


def propositions(doc: Doc) -> list[Proposition]:
    """Return the statements of the article's body in the order of the text."""
    by_sentence = _attributions_by_sentence(doc)
    names = _Names(doc)
    found = []
    for sentence in _sentences(doc):
        kernel, attribution = _kernel(doc, sentence, by_sentence.get(sentence.start, ()))
        for tokens in _clauses(doc, kernel):
            tokens = _unwrapped(doc, tokens)
            if _tells(doc, tokens, attribution):
                found.append(_proposition(doc, tokens, attribution, names))
    return found


def _sentences(doc: Doc) -> Iterator[DocSpan]:
    """Yield the sentences of the body that assert something."""
    for sentence in doc.sents:
        kind = findings(doc).paragraphs[findings(doc).paragraph_of[sentence.start]].kind
        if kind is ParagraphKind.BODY and not sentence.text.rstrip("\"”’') \n").endswith("?"):
            yield sentence


def _attributions_by_sentence(doc: Doc) -> dict[int, list[int]]:
    """Return, by a sentence's first token, the attributions whose content it shares."""
    first = {i: sentence.start for sentence in doc.sents for i in range(sentence.start, sentence.end)}
    found: dict[int, list[int]] = {}
    for index, attribution in enumerate(findings(doc).attributions):
        starts = {first[i] for piece in attribution.content for i in range(piece.start, piece.end)}
        for start in starts:
            found.setdefault(start, []).append(index)
    return found


def _kernel(doc: Doc, sentence: DocSpan, attributions: Sequence[int]) -> tuple[list[int], int | None]:
    """Return what a sentence says: the content of the attribution that it is, or all of its tokens."""
    best, most = None, 0.0
    for index in attributions:
        found = findings(doc).attributions[index]
        frame = _count(found.source, sentence) + _count(found.cue, sentence)
        told = _count(found.content, sentence)
        share = told / max(len(sentence) - frame, 1)
        if _is_its_cue(found.cue, sentence) and told >= _FEWEST_WORDS:
            share = max(share, _WHOLE + share / 2)
        if share > max(most, _PART if found.factuality in _DENIALS else _WHOLE):
            best, most = index, share
    if best is not None and _is_said_by_it(findings(doc).attributions[best].source, sentence):
        best = None
    content = [] if best is None else _content_in(doc, best, sentence)
    # "praised the plan" says nothing that stands alone, "denied the sale" does: with its source, as a denial.
    if best is None or not (_is_clausal(doc, content) or findings(doc).attributions[best].factuality in _DENIALS):
        return list(range(sentence.start, sentence.end)), None
    return content, best


def _is_said_by_it(source: Sequence[DocSpan], sentence: DocSpan) -> bool:
    """ "The port has sued the yard, it said": "it" stands for what the sentence itself names."""
    return len(source) == 1 and source[0].text.lower() in grammar().impersonal and source[0].start > sentence.start


def _content_in(doc: Doc, attribution: int, sentence: DocSpan) -> list[int]:
    content = {i for piece in findings(doc).attributions[attribution].content for i in range(piece.start, piece.end)}
    return sorted(content.intersection(range(sentence.start, sentence.end)))


def _is_clausal(doc: Doc, tokens: Sequence[int]) -> bool:
    return any(top.pos_ in {"VERB", "AUX"} for top in tops(doc, set(tokens)))


def _is_its_cue(cue: Sequence[DocSpan], sentence: DocSpan) -> bool:
    """Say whether the sentence's own verb is the cue: it tells what is said, where and when it was said besides."""
    return any(run.start <= sentence.root.i < run.end for run in cue)


def _clauses(doc: Doc, tokens: list[int]) -> Iterator[list[int]]:
    """Yield what a sentence says, whole or clause by clause, each also without its asides."""
    parts = _main_clauses(doc, tokens)
    for part in parts:
        yield part
        if (short := _without_asides(doc, part)) != part:
            yield short


def _main_clauses(doc: Doc, tokens: list[int]) -> list[list[int]]:
    """Cut between main clauses with verbs of their own; a later verb without a subject takes the first one's."""
    root = sentence_of(doc[tokens[0]]).root if tokens else None
    inside = set(tokens)
    if root is None or root.i not in inside or any(doc[i].text in _MARKS for i in tokens):
        return [tokens]
    later = [verb for verb in root.children if verb.dep_ == "conj" and verb.i in inside and _is_finite(verb)]
    subject = {t.i for child in root.children if child.dep_ in _SUBJECTS for t in child.subtree} & inside
    if not later or not subject:
        return [tokens]
    subtrees = [{token.i for token in verb.subtree} & inside for verb in later]
    connectives = {child.i for child in root.children if child.dep_ == "cc"}
    first = inside.difference(connectives, *subtrees)
    others = [tree if _has_subject(verb) else tree | subject for verb, tree in zip(later, subtrees, strict=True)]
    return [sorted(first), *(sorted(other) for other in others)]


def _is_finite(verb: Token) -> bool:
    return verb.tag_ in {"VBD", "VBZ", "VBP"} or any(child.dep_ in {"aux", "auxpass"} for child in verb.children)


def _has_subject(verb: Token) -> bool:
    return any(child.dep_ in _SUBJECTS for child in verb.children)


def _without_asides(doc: Doc, tokens: list[int]) -> list[int]:
    """Drop relative and participial clauses that commas set off: what is left says no less surely."""
    inside, dropped = set(tokens), set()
    for i in tokens:
        if not _is_aside(doc[i]):
            continue
        left, right = doc[i].left_edge.i, doc[i].right_edge.i
        if left - 1 in inside and doc[left - 1].text == ",":
            dropped |= {left - 1, *(token.i for token in doc[i].subtree)}
            if right + 1 in inside and doc[right + 1].text == ",":
                dropped.add(right + 1)
    return [i for i in tokens if i not in dropped]


def _is_aside(token: Token) -> bool:
    participial = token.dep_ == "advcl" and token.tag_ in {"VBG", "VBN"}
    return token.dep_ == "relcl" or (participial and not any(child.dep_ == "mark" for child in token.children))


def _count(runs: Sequence[DocSpan], sentence: DocSpan) -> int:
    return sum(max(0, min(run.end, sentence.end) - max(run.start, sentence.start)) for run in runs)


def _unwrapped(doc: Doc, tokens: list[int]) -> list[int]:
    """Cut connectives, "that" and lone marks off the front, and lone marks off the back."""
    tokens = [i for i in tokens if not doc[i].is_space]
    before = -1
    while tokens and before != len(tokens):
        before = len(tokens)
        tokens = tokens[_wrapper(doc, tokens) :]
        while tokens and (doc[tokens[0]].text in {",", ";", ":", ".", "-", "–", "—", "•", ")", "*"}):
            tokens = tokens[1:]
    if not tokens:
        return []
    behind = [doc[i].text for i in tokens[1:]] + [""]
    tokens = [i for i, after in zip(tokens, behind, strict=True) if doc[i].text != "," or after not in _AFTER_NO_COMMA]
    return _balanced(doc, tokens)


def _wrapper(doc: Doc, tokens: Sequence[int]) -> int:
    """Return how many tokens at the front are a connective phrase, with the comma or "that" behind it."""
    lowered = [doc[i].lower_ for i in tokens[:8]]
    if lowered and lowered[0] in grammar().that and doc[tokens[0]].dep_ == "mark":
        return 1
    for count in range(min(6, len(lowered) - 1), 0, -1):
        if tuple(lowered[:count]) in _phrases()["wrappers"]:
            behind = lowered[count]
            if behind in {",", "that", ":"} or (count == 1 and doc[tokens[0]].dep_ == "cc"):
                return count + (behind in {",", "that", ":"})
    return 0


def _balanced(doc: Doc, tokens: list[int]) -> list[int]:
    """Drop the marks of quotation where one of them opens or closes nothing within the tokens."""
    if len(tokens) > 1 and doc[tokens[-1]].text == "." and tokens[-2] + 1 < tokens[-1]:
        tokens = tokens[:-1]
    while tokens and (doc[tokens[-1]].text in {",", ";", ":", "-", "–", "—", "•"} or doc[tokens[-1]].dep_ == "cc"):
        tokens = tokens[:-1]
    marks = [i for i in tokens if doc[i].text in _MARKS and len(doc[i].text.strip()) <= 2 and doc[i].tag_ != "POS"]
    quoting = [i for i in marks if doc[i].text not in {"'", "’"}] or marks
    if len(quoting) % 2:
        tokens = [i for i in tokens if i not in quoting]
    return tokens


def _tells(doc: Doc, tokens: Sequence[int], attribution: int | None) -> bool:
    """Say whether the tokens tell something by themselves: no fragment, nothing of the page about itself."""
    count = sum(doc[i].is_alpha or doc[i].like_num for i in tokens)
    if not _FEWEST_WORDS <= count <= _MOST_WORDS or _keeps_silent(doc, tokens):
        return False
    if attribution is not None:
        return _is_content(doc, tokens)
    return _is_clause(doc, tokens) and not _own_talk(doc, tokens)


def _keeps_silent(doc: Doc, tokens: Sequence[int]) -> bool:
    words = f" {' '.join(doc[i].lower_ for i in tokens)} "
    return any(f" {' '.join(phrase)} " in words for phrase in _phrases()["silence"])


def _is_content(doc: Doc, tokens: Sequence[int]) -> bool:
    """What is said is a clause, an infinitive or a thing; "among those who left" is none of them."""
    objects = {"dobj", "pobj", "attr", "nsubjpass"}
    return _is_clausal(doc, tokens) or any(top.dep_ in objects for top in tops(doc, set(tokens)))


def _is_clause(doc: Doc, tokens: Sequence[int]) -> bool:
    """A finite verb with its subject stands among the tokens, at the root of the sentence."""
    root = sentence_of(doc[tokens[0]]).root
    verbs = {root.i} | {token.i for token in root.children if token.dep_ in {"conj", "ccomp"}}
    return any(token.dep_ in _SUBJECTS and token.head.i in verbs for token in (doc[i] for i in tokens))


def _own_talk(doc: Doc, tokens: Sequence[int]) -> bool:
    """The page speaks of itself, or lets somebody speak without saying who."""
    quoted = any(doc[i].text in _MARKS for i in tokens)
    if any(doc[i].text in _MARKS and i and doc[i - 1].text == ":" for i in tokens):
        return True
    return not quoted and any((doc[i].lower_,) in _phrases()["own_talk"] for i in tokens)


class _Names:
    """People by the head of each of their names, and by index the fullest name and the gender, where it is known."""

    def __init__(self, doc: Doc) -> None:
        self.bearers = {mention.root.i: n for n, one in enumerate(findings(doc).people) for mention in one.mentions}
        self._fullest = [max(person.mentions, key=len) for person in findings(doc).people]
        self._genders = genders(doc)
        self.quotations = QuotationIndex(findings(doc).quotations)
        # Whom a pronoun stands for that is all of a source; None where that stays open.
        self.sources = {
            said.source[0].start: said.person
            for said in findings(doc).attributions
            if len(said.source) == 1 and len(said.source[0]) == 1
        }

    def fits(self, person: int, pronoun: str) -> bool:
        """Say whether a pronoun may stand for somebody."""
        gender = gender_of_pronoun(pronoun)
        return self._genders.get(person, gender) == gender

    def could_be_other(self, sentence: DocSpan, person: int, pronoun: str) -> bool:
        """Say whether a sentence names somebody else for whom a pronoun may stand, where no gender is told."""
        if person in self._genders:
            return False
        named = {self.bearers[token.i] for token in sentence if token.i in self.bearers}
        return any(self.fits(other, pronoun) for other in named - {person})

    def fullest(self, person: int) -> DocSpan:
        """Return somebody's longest name."""
        fullest: DocSpan = self._fullest[person]
        return fullest


def _proposition(doc: Doc, tokens: list[int], attribution: int | None, names: _Names) -> Proposition:
    place, runs = tokens[0], pieces(doc, tokens)
    head = doc[place]
    denial = attribution is not None and findings(doc).attributions[attribution].factuality in _DENIALS
    opens = findings(doc).paragraph_of[place] == _first_body(doc)
    if (name := _antecedent(doc, head, attribution, names)) is not None:
        return Proposition(
            (name, *pieces(doc, tokens[1:])), place, attribution, leans=False, opens=opens, denial=denial
        )
    leans = (head.lower_,) in _phrases()["leaning"] and head.dep_ != "expl"
    return Proposition(runs, place, attribution, leans, opens, denial)


def _first_body(doc: Doc) -> int:
    return next((i for i, paragraph in enumerate(findings(doc).paragraphs) if paragraph.kind is ParagraphKind.BODY), 0)


def _antecedent(doc: Doc, head: Token, attribution: int | None, names: _Names) -> DocSpan | None:
    """Return the name for a "he" or "she" at the head: whose words they are, or the last sentence's only subject."""
    if head.lower_ not in grammar().persons or head.dep_ not in _SUBJECTS or names.quotations.at(head.i) is not None:
        return None
    if attribution is not None:
        person = findings(doc).attributions[attribution].person
        if person is None or names.fits(person, head.lower_):
            return None if person is None else names.fullest(person)
    person = names.sources[head.i] if head.i in names.sources else _only_subject(doc, head, names)
    return None if person is None else names.fullest(person)


def _only_subject(doc: Doc, head: Token, names: _Names) -> int | None:
    """Return the one person of whom the sentence before speaks, as its subject, if a pronoun may stand for them."""
    start = sentence_of(head).start
    if start == 0:
        return None
    before = sentence_of(doc[start - 1])
    if findings(doc).paragraph_of[head.i] - findings(doc).paragraph_of[before.start] > 1:
        return None
    people = {_spoken_of(token, names) for token in before if token.dep_ in _SUBJECTS} - {_NOBODY}
    person = next(iter(people)) if len(people) == 1 else None
    if person is None or not names.fits(person, head.lower_):
        return None
    return None if names.could_be_other(before, person, head.lower_) else person


def _spoken_of(token: Token, names: _Names) -> int | None:
    """Return the person that a token stands for, None where that stays open, and ``_NOBODY`` for no person."""
    if names.quotations.at(token.i) is not None:
        return _NOBODY
    if (person := person_behind(token, names.bearers)) is not None:
        return person
    acts = token.head.head.i == token.head.i or token.head.dep_ == "conj"
    return names.sources.get(token.i) if acts and token.lower_ in grammar().persons else _NOBODY
