"""Attributions on articles of our own may not fall below their floors.

``attributions.jsonl`` holds articles of ``seeds/`` annotated by hand, from their text and not from what the extractor
makes of it, to the dense convention of PARC and PolNeAR (Pareti 2012; Newell et al. 2018): beliefs, intentions,
documents and missing sources count, content has its quotation marks, and what is reported inside another's content is
left out.
Source, cue and content are written out there; they stand in the article where they stand closest together.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise, product
from pathlib import Path
from typing import Any

import pytest

from domain.extraction import Extraction, Span
from extraction.extractor import Extractor

GOLD = Path(__file__).with_name("attributions.jsonl")
SEEDS = Path(__file__).parents[2] / "seeds"
Tokens = frozenset[int]


@dataclass(frozen=True, slots=True)
class Annotation:
    """The numbers of the words of an attribution's source and content."""

    source: Tokens
    content: Tokens


@dataclass(frozen=True, slots=True)
class Score:
    """Right ones among those found and those that are to be found."""

    right: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.found + other.found, self.gold + other.gold)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.found + self.gold)

    def __str__(self) -> str:
        return f"{self.right / self.found:.1%} / {self.right / self.gold:.1%} / {self.f1:.1%}"


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one article or of several."""

    content: Score = Score()
    overlap: Score = Score()
    source: Score = Score()

    def __add__(self, other: "Scores") -> "Scores":
        return Scores(self.content + other.content, self.overlap + other.overlap, self.source + other.source)


def tokens(text: str, spans: Sequence[Span]) -> Tokens:
    """Number the words of the text that touch one of the spans."""
    words = enumerate(re.finditer(r"\w+", text))
    return frozenset(n for n, word in words if any(word.start() < s.end and word.end() > s.start for s in spans))


def places(text: str, part: str) -> list[Span]:
    """Return where a part stands in the text as words of its own."""
    return [Span(*found.span()) for found in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", text)]


def apart(spans: Sequence[Span]) -> bool:
    return all(one.end <= other.start for one, other in pairwise(sorted(spans)))


def extent(spans: Sequence[Span]) -> int:
    return max(span.end for span in spans) - min(span.start for span in spans)


def closest(text: str, parts: Sequence[str]) -> tuple[Span, ...]:
    """Return the places where the parts, none inside another, stand closest together."""
    return min(filter(apart, product(*(places(text, part) for part in parts))), key=extent)


def annotated(text: str, written: dict[str, Any]) -> Annotation:
    """Find the words of an attribution that is written out; its source is empty if the article names none."""
    content = written["content"]
    spans = closest(text, [*content, written["cue"], *filter(None, [written["source"]])])
    return Annotation(tokens(text, spans[len(content) + 1 :]), tokens(text, spans[: len(content)]))


def found_in(extractor: Extractor, text: str) -> list[Annotation]:
    """What the extractor makes of a text, in the same form."""
    found = extractor.extract(text)
    assert isinstance(found, Extraction)
    return [
        Annotation(tokens(text, a.source.spans if a.source else ()), tokens(text, a.content.spans))
        for a in found.attributions
    ]


def overlap(one: Tokens, other: Tokens) -> float:
    """Return the shared part of both sets (intersection over union)."""
    return len(one & other) / (len(one | other) or 1)


def matched(gold: Sequence[Annotation], found: Sequence[Annotation]) -> Iterator[tuple[Annotation, Annotation]]:
    """Pair each annotation with at most one other that shares half of its content, the best pairs first."""
    pairs = product(range(len(gold)), range(len(found)))
    ranked = sorted(((overlap(gold[g].content, found[f].content), g, f) for g, f in pairs), reverse=True)
    free_gold, free_found = set(range(len(gold))), set(range(len(found)))
    for share, g, f in ranked:
        if share >= 0.5 and g in free_gold and f in free_found:
            free_gold.remove(g)
            free_found.remove(f)
            yield gold[g], found[f]


def same_source(gold: Annotation, found: Annotation) -> bool:
    return bool(gold.source & found.source) or not (gold.source or found.source)


def content_words(annotations: Sequence[Annotation]) -> Tokens:
    return frozenset(chain.from_iterable(one.content for one in annotations))


def compare(gold: Sequence[Annotation], found: Sequence[Annotation]) -> Scores:
    """Score what was found in one article."""
    pairs = list(matched(gold, found))
    wanted, given = content_words(gold), content_words(found)
    return Scores(
        Score(len(wanted & given), len(given), len(wanted)),
        Score(len(pairs), len(found), len(gold)),
        Score(sum(same_source(*pair) for pair in pairs), len(found), len(gold)),
    )


@cache
def articles() -> tuple[tuple[str, tuple[Annotation, ...]], ...]:
    """Read each article with its attributions."""
    lines = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    texts = [(SEEDS / line["file"]).read_text(encoding="utf-8") for line in lines]
    return tuple(
        (text, tuple(annotated(text, one) for one in line["attributions"]))
        for text, line in zip(texts, lines, strict=True)
    )


def test_attributions_hold_their_floors(extractor: Extractor) -> None:
    """Lowering a floor takes a visible change."""
    scores = sum((compare(gold, found_in(extractor, text)) for text, gold in articles()), Scores())
    print(f"content words {scores.content}, half of the content {scores.overlap}, source too {scores.source}")
    assert scores.content.f1 >= 0.9
    assert scores.overlap.f1 >= 0.85
    assert scores.source.f1 >= 0.84


def test_the_attributions_are_many() -> None:
    """The floors rest on enough attributions to mean something."""
    assert sum(len(gold) for _, gold in articles()) >= 250


def one(source: str, content: str) -> Annotation:
    """An annotation whose words are letters."""
    return Annotation(frozenset(map(ord, source)), frozenset(map(ord, content)))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param([], (0.0, 0.0, 0.0), id="nothing found"),
        pytest.param([one("a", "bcde"), one("", "fg")], (1.0, 1.0, 1.0), id="all found"),
        pytest.param([one("x", "bcde"), one("y", "fg")], (1.0, 1.0, 0.0), id="other sources"),
        pytest.param([one("a", "bc"), one("a", "de")], (0.8, 0.5, 0.5), id="one to one"),
        pytest.param([one("a", "b")], (2 / 7, 0.0, 0.0), id="less than half"),
    ],
)
def test_the_scores_are_what_they_are_called(found: list[Annotation], expected: tuple[float, float, float]) -> None:
    """An attribution counts once, with half of its content, and with its source or with none if there is none."""
    scores = compare([one("a", "bcde"), one("", "fg")], found)
    assert (scores.content.f1, scores.overlap.f1, scores.source.f1) == pytest.approx(expected)


def test_a_written_attribution_is_found_where_its_parts_stand_closest() -> None:
    """Not the first "he said", and no "he" inside of what was said."""
    text = "Yes, he said. Later Ola was glad. He knew that he won, he said."
    spans = closest(text, ["He knew that he won", "said", "he"])
    assert [text[s.start : s.end] for s in spans] == ["He knew that he won", "said", "he"]
    assert min(spans[1:]).start > spans[0].end
