"""Notices of correction: what an outlet takes back of what it told before, and what it tells instead.

A notice is read apart from the article, so that its words count neither as the article's own nor as its sources'.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan

from domain.extraction import Extraction, Factuality, KeyClaim, NamedPerson, Passage, Span
from domain.gists import CORRECTING, Gist, Statement, with_persons
from extraction import people
from extraction.factuality import is_negated
from extraction.findings import findings
from extraction.gists import gists_of
from extraction.languages import ENGLISH, read_data, reading
from extraction.layout import Paragraph, ParagraphKind, correction_label
from extraction.lexicon import lemma_of
from extraction.operators import compose
from extraction.pipeline import Pipelines, passage_of, read
from extraction.trees import children

_SUBJECTS = ("nsubj", "nsubjpass")


def with_notices(pipelines: Pipelines, page: Sequence[Paragraph], found: Extraction) -> Extraction:
    """Return an extraction with the page's notices of correction before its other key claims."""
    lines = [line for line in page if line.kind is ParagraphKind.CORRECTION]
    if not lines:
        return found
    with reading(ENGLISH):
        doc = read(pipelines, [_unlabelled(line) for line in lines], found.metadata)
        everybody, names = _merged(found.people, people.to_domain(doc))
        made = (_claim(doc, number, line, everybody, names) for number, line in enumerate(lines))
        notices = [claim for claim in made if claim is not None]
    ranked = [replace(claim, rank=rank) for rank, claim in enumerate([*notices, *found.claims], start=1)]
    return replace(found, people=everybody, claims=tuple(ranked))


def _merged(
    known: Sequence[NamedPerson], named: Sequence[NamedPerson]
) -> tuple[tuple[NamedPerson, ...], Mapping[str, str]]:
    """Return the article's people with those of its notices, and by which names these go then."""
    everybody, names = list(known), dict[str, str]()
    for person in named:
        at = next((at for at, other in enumerate(known) if person.name in (other.name, *other.alternate_names)), None)
        if at is None:
            everybody.append(person)
            continue
        mentions = sorted({*everybody[at].mentions, *person.mentions}, key=lambda mention: mention.span)
        everybody[at] = replace(everybody[at], mentions=tuple(mentions))
        names[person.name] = everybody[at].name
    return tuple(everybody), names


def _unlabelled(line: Paragraph) -> Paragraph:
    """Return a notice without "Correction:"; an opening that is part of its first sentence stays."""
    label = correction_label(line.text) or ""
    cut = len(label) if label.rstrip().endswith((":", "—", "–", "-")) else 0
    return replace(line, text=line.text[cut:], span=Span(line.span.start + cut, line.span.end))


def _claim(
    doc: Doc, number: int, line: Paragraph, everybody: Sequence[NamedPerson], names: Mapping[str, str]
) -> KeyClaim | None:
    """Return what a notice says, as a claim, without regrets; None where nothing is left."""
    sentences = _told([sentence for sentence in doc.sents if findings(doc).paragraph_of[sentence.start] == number])
    if not sentences:
        return None
    said = passage_of((doc[sentences[0].start : sentences[-1].end],))
    gist = with_persons(_gist(doc, sentences), names)
    return KeyClaim(
        said.text,
        said.spans,
        attribution=None,
        people=tuple(at for at, person in enumerate(everybody) if _is_named(person, said.spans)),
        factuality=Factuality.CERTAIN,
        rank=1,
        gist=gist,
        notice=_passage(correction_label(line.text) or "", line.span.start),
    )


def _passage(opening: str, start: int) -> Passage:
    words = opening.strip()
    first = start + opening.index(words)
    return Passage(" ".join(words.split()), (Span(first, first + len(words)),))


def _told(sentences: Sequence[DocSpan]) -> list[DocSpan]:
    """Leave out the sentences at the end that only regret."""
    left = list(sentences)
    regretting = re.compile("|".join(read_data("notices.toml")["regrets"]["patterns"]), re.IGNORECASE)
    while left and regretting.search(left[-1].text):
        left.pop()
    return left


def _is_named(person: NamedPerson, spans: Sequence[Span]) -> bool:
    return any(
        span.start <= mention.span.start and mention.span.end <= span.end
        for mention in person.mentions
        for span in spans
    )


def _gist(doc: Doc, sentences: Sequence[DocSpan]) -> Gist:
    """Return what holds according to a notice, and as denied what was told before."""
    taken_back = [next(_taken_back(sentence), None) for sentence in sentences]
    contents = [sentence if told is None else told for sentence, told in zip(sentences, taken_back, strict=True)]
    gists = gists_of(doc, [(content,) for content in contents])
    words = [word for gist in gists for word in gist.words]
    statements = [
        each if told is None else _denied(each)
        for gist, told in zip(gists, taken_back, strict=True)
        for each in gist.statements
    ]
    return Gist(tuple(dict.fromkeys(statements)), cue=CORRECTING, words=tuple(dict.fromkeys(words)))


def _taken_back(sentence: DocSpan) -> Iterator[DocSpan]:
    """Yield what a sentence says that the outlet told before: "we wrote that …", "an earlier version said …"."""
    lists = {
        name: frozenset(entry["words"].split()) for name, entry in read_data("notices.toml").items() if "words" in entry
    }
    for token in sentence:
        told = lemma_of(token) in lists["telling"] and not is_negated(token)
        if told and any(_is_ours(subject, lists["own"]) for subject in children(token, *_SUBJECTS)):
            for clause in children(token, "ccomp"):
                inside = [each.i for each in clause.subtree if sentence.start <= each.i < sentence.end]
                yield sentence.doc[min(inside) : max(inside) + 1]


def _is_ours(subject: Token, own: frozenset[str]) -> bool:
    return subject.lower_ == "we" or lemma_of(subject) in own


def _denied(statement: Statement) -> Statement:
    return replace(statement, value=compose(Factuality.DENIED, statement.value))
