"""What an article states: its sentences, and the contents of its attributions, as propositions that could stand alone.

A proposition is a run or several runs of the article's own tokens. What wraps it in the text is cut off, and a "he"
or "she" at its head gives way to the name that the article has for that person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from extraction.trees import children, has_child, sentence_of, subtree, tops

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
        for tokens in _clauses(kernel):
            tokens = _unwrapped(tokens)
            if _tells(tokens, attribution):
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


def _kernel(doc: Doc, sentence: DocSpan, attributions: Sequence[int]) -> tuple[list[Token], int | None]:
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
    if best is None or not (_is_clausal(content) or findings(doc).attributions[best].factuality in _DENIALS):
        return list(sentence), None
    return content, best


def _is_said_by_it(source: Sequence[DocSpan], sentence: DocSpan) -> bool:
    """ "The port has sued the yard, it said": "it" stands for what the sentence itself names."""
    return len(source) == 1 and source[0].text.lower() in grammar().impersonal and source[0].start > sentence.start


def _content_in(doc: Doc, attribution: int, sentence: DocSpan) -> list[Token]:
    content = {i for piece in findings(doc).attributions[attribution].content for i in range(piece.start, piece.end)}
    return [token for token in sentence if token.i in content]


def _is_clausal(tokens: Sequence[Token]) -> bool:
    return any(top.pos_ in {"VERB", "AUX"} for top in _tops(tokens))


def _tops(tokens: Sequence[Token]) -> list[Token]:
    return tops(tokens[0].doc, _places(tokens)) if tokens else []


def _places(tokens: Iterable[Token]) -> set[int]:
    return {token.i for token in tokens}


def _is_its_cue(cue: Sequence[DocSpan], sentence: DocSpan) -> bool:
    """Say whether the sentence's own verb is the cue: it tells what is said, where and when it was said besides."""
    return any(run.start <= sentence.root.i < run.end for run in cue)


def _clauses(tokens: list[Token]) -> Iterator[list[Token]]:
    """Yield what a sentence says, whole or clause by clause, each also without its asides."""
    parts = _main_clauses(tokens)
    for part in parts:
        yield part
        if len(short := _without_asides(part)) < len(part):
            yield short


def _main_clauses(tokens: list[Token]) -> list[list[Token]]:
    """Cut between main clauses with verbs of their own; a later verb without a subject takes the first one's."""
    root = sentence_of(tokens[0]).root if tokens else None
    inside = _places(tokens)
    if root is None or root.i not in inside or any(token.text in _MARKS for token in tokens):
        return [tokens]
    later = [verb for verb in children(root, "conj") if verb.i in inside and _is_finite(verb)]
    subject = {i for child in children(root, *_SUBJECTS) for i in subtree(child)} & inside
    if not later or not subject:
        return [tokens]
    subtrees = [subtree(verb) & inside for verb in later]
    first = inside.difference(_places(children(root, "cc")), *subtrees)
    others = [tree if _has_subject(verb) else tree | subject for verb, tree in zip(later, subtrees, strict=True)]
    return [[token for token in tokens if token.i in part] for part in (first, *others)]


def _is_finite(verb: Token) -> bool:
    return verb.tag_ in {"VBD", "VBZ", "VBP"} or has_child(verb, "aux", "auxpass")


def _has_subject(verb: Token) -> bool:
    return has_child(verb, *_SUBJECTS)


def _without_asides(tokens: list[Token]) -> list[Token]:
    """Drop relative and participial clauses that commas set off: what is left says no less surely."""
    commas, dropped = {token.i for token in tokens if token.text == ","}, set[int]()
    for aside in filter(_is_aside, tokens):
        before, behind = aside.left_edge.i - 1, aside.right_edge.i + 1
        if before in commas:
            dropped |= {before, *subtree(aside)} | (commas & {behind})
    return [token for token in tokens if token.i not in dropped]


def _is_aside(token: Token) -> bool:
    participial = token.dep_ == "advcl" and token.tag_ in {"VBG", "VBN"}
    return token.dep_ == "relcl" or (participial and not has_child(token, "mark"))


def _count(runs: Sequence[DocSpan], sentence: DocSpan) -> int:
    return sum(max(0, min(run.end, sentence.end) - max(run.start, sentence.start)) for run in runs)


def _unwrapped(tokens: list[Token]) -> list[Token]:
    """Cut connectives, "that" and lone marks off the front, and lone marks off the back."""
    tokens = [token for token in tokens if not token.is_space]
    before = -1
    while tokens and before != len(tokens):
        before = len(tokens)
        tokens = tokens[_wrapper(tokens) :]
        while tokens and (tokens[0].text in {",", ";", ":", ".", "-", "–", "—", "•", ")", "*"}):
            tokens = tokens[1:]
    if not tokens:
        return []
    texts = [token.text for token in tokens]
    behind = zip(tokens, texts, [*texts[1:], ""], strict=True)
    return _balanced([token for token, text, after in behind if text != "," or after not in _AFTER_NO_COMMA])


def _wrapper(tokens: Sequence[Token]) -> int:
    """Return how many tokens at the front are a connective phrase, with the comma or "that" behind it."""
    lowered = [token.lower_ for token in tokens[:8]]
    if lowered and lowered[0] in grammar().that and tokens[0].dep_ == "mark":
        return 1
    for count in range(min(6, len(lowered) - 1), 0, -1):
        if tuple(lowered[:count]) in _phrases()["wrappers"]:
            behind = lowered[count]
            if behind in {",", "that", ":"} or (count == 1 and tokens[0].dep_ == "cc"):
                return count + (behind in {",", "that", ":"})
    return 0


def _balanced(tokens: list[Token]) -> list[Token]:
    """Drop the marks of quotation where one of them opens or closes nothing within the tokens."""
    if len(tokens) > 1 and tokens[-1].text == "." and tokens[-2].i + 1 < tokens[-1].i:
        tokens = tokens[:-1]
    while tokens and (tokens[-1].text in {",", ";", ":", "-", "–", "—", "•"} or tokens[-1].dep_ == "cc"):
        tokens = tokens[:-1]
    marks = [token for token in tokens if token.text in _MARKS and token.tag_ != "POS"]
    quoting = [token for token in marks if token.text not in {"'", "’"}] or marks
    if len(quoting) % 2:
        tokens = [token for token in tokens if token not in quoting]
    return tokens


def _tells(tokens: Sequence[Token], attribution: int | None) -> bool:
    """Say whether the tokens tell something by themselves: no fragment, nothing of the page about itself."""
    count = sum(token.is_alpha or token.like_num for token in tokens)
    if not _FEWEST_WORDS <= count <= _MOST_WORDS or _keeps_silent(tokens):
        return False
    if attribution is not None:
        return _is_content(tokens)
    return _is_clause(tokens) and not _own_talk(tokens)


def _keeps_silent(tokens: Sequence[Token]) -> bool:
    words = f" {' '.join([token.lower_ for token in tokens])} "
    return any(f" {' '.join(phrase)} " in words for phrase in _phrases()["silence"])


def _is_content(tokens: Sequence[Token]) -> bool:
    """What is said is a clause, an infinitive or a thing; "among those who left" is none of them."""
    objects = {"dobj", "pobj", "attr", "nsubjpass"}
    return _is_clausal(tokens) or any(top.dep_ in objects for top in _tops(tokens))


def _is_clause(tokens: Sequence[Token]) -> bool:
    """A finite verb with its subject stands among the tokens, at the root of the sentence."""
    root = sentence_of(tokens[0]).root
    verbs = {root.i} | _places(children(root, "conj", "ccomp"))
    return any(token.dep_ in _SUBJECTS and token.head.i in verbs for token in tokens)


def _own_talk(tokens: Sequence[Token]) -> bool:
    """The page speaks of itself, or lets somebody speak without saying who."""
    marks = [token for token in tokens if token.text in _MARKS]
    if any(mark.i and mark.nbor(-1).text == ":" for mark in marks):
        return True
    own_talk = _phrases()["own_talk"]
    return not marks and any((token.lower_,) in own_talk for token in tokens)


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


def _proposition(doc: Doc, tokens: list[Token], attribution: int | None, names: _Names) -> Proposition:
    head, behind = tokens[0], [token.i for token in tokens[1:]]
    place = head.i
    denial = attribution is not None and findings(doc).attributions[attribution].factuality in _DENIALS
    opens = findings(doc).paragraph_of[place] == _first_body(doc)
    if (name := _antecedent(doc, head, attribution, names)) is not None:
        return Proposition((name, *pieces(doc, behind)), place, attribution, leans=False, opens=opens, denial=denial)
    leans = (head.lower_,) in _phrases()["leaning"] and head.dep_ != "expl"
    return Proposition(pieces(doc, [place, *behind]), place, attribution, leans, opens, denial)


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
