"""People on articles of our own: names by their exact span, and who is who, may not fall below their floors.

The articles are invented, messy and full of names from everywhere; the rules were written with a look at
``people.jsonl`` and without one at ``people_held_out.jsonl``.
"""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from domain.extraction import Extraction
from extraction.extractor import Extractor

FOLDER = Path(__file__).parent
Bearers = dict[tuple[int, int], int]


def articles(file: str) -> Iterator[tuple[str, Bearers]]:
    """Yield each text with the person of each name's span."""
    for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
        article = json.loads(line)
        people = enumerate(article["people"])
        yield article["text"], {(one["start"], one["end"]): n for n, person in people for one in person["mentions"]}


def found_in(extractor: Extractor, text: str) -> Bearers:
    """What the extractor makes of a text, in the same form."""
    found = extractor.extract(text)
    assert isinstance(found, Extraction)
    return {(one.span.start, one.span.end): n for n, person in enumerate(found.people) for one in person.mentions}


def f1(hits: int, found: int, gold: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * hits / (found + gold)


def scores(extractor: Extractor, file: str) -> tuple[float, float]:
    """F1 of names, and of the pairs of found names that are one person's."""
    names, pairs = [0, 0, 0], [0, 0, 0]
    for text, gold in articles(file):
        found = found_in(extractor, text)
        both = sorted(gold.keys() & found.keys())
        names = [a + b for a, b in zip(names, (len(both), len(found), len(gold)), strict=True)]
        for one, other in combinations(both, 2):
            same = (found[one] == found[other], gold[one] == gold[other])
            pairs = [a + b for a, b in zip(pairs, (all(same), *same), strict=True)]
    return f1(*names), f1(*pairs)


@pytest.mark.parametrize(
    ("file", "names_floor", "linking_floor"),
    [("people.jsonl", 0.98, 0.99), ("people_held_out.jsonl", 0.95, 0.96)],
)
def test_people_hold_their_floors(extractor: Extractor, file: str, names_floor: float, linking_floor: float) -> None:
    """Lowering a floor takes a visible change."""
    names, linking = scores(extractor, file)
    assert names >= names_floor
    assert linking >= linking_floor


def test_the_names_are_many() -> None:
    """The floors rest on enough names to mean something."""
    assert sum(len(gold) for _, gold in articles("people.jsonl")) >= 200
