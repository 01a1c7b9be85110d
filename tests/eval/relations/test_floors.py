"""Relations between claims may not fall below their floors, on pairs seen and not seen by who wrote the rules."""

import re
from pathlib import Path

import pytest

from extraction.extractor import Extractor
from tests.eval.relations.measure import (
    FOURTH,
    HELD_OUT,
    KINDS,
    MORE,
    NONE,
    SEEN,
    THIRD,
    Affair,
    Measured,
    measure,
    read_affairs,
    table,
)

Floors = dict[str, tuple[float, float]]


def affairs(file: Path) -> list[Affair]:
    return read_affairs(file.read_text(encoding="utf-8"))


def pairs(file: Path) -> int:
    return sum(len(affair.pairs) for affair in affairs(file))


def plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def holds(measured: Measured, floors: Floors) -> bool:
    scores = {name: measured.score(KINDS[name]) for name in floors}
    return all(scores[name].precision >= low and scores[name].recall >= least for name, (low, least) in floors.items())


@pytest.mark.parametrize(
    ("file", "floors"),
    [
        (SEEN, {"denies or contradicts": (0.97, 0.88), "corroborates": (0.99, 0.80)}),
        (MORE, {"denies or contradicts": (0.97, 0.78), "corroborates": (0.99, 0.70)}),
        (THIRD, {"denies or contradicts": (0.95, 0.85), "corroborates": (0.99, 0.50)}),
        (FOURTH, {"denies or contradicts": (0.97, 0.50)}),
        (HELD_OUT, {"denies or contradicts": (0.85, 0.64), "corroborates": (0.95, 0.60)}),
    ],
    ids=["seen", "seen later", "third", "fourth", "held out"],
)
async def test_relations_hold_their_floors(extractor: Extractor, file: Path, floors: Floors) -> None:
    """By kind, precision and recall; lowering a floor takes a visible change."""
    measured = await measure(extractor, affairs(file))
    assert holds(measured, floors), f"\n{table(measured)}"


def test_the_pairs_are_many_and_a_third_is_unrelated() -> None:
    """The floors rest on enough pairs to mean something, many of which only look related."""
    assert pairs(SEEN) >= 150
    assert pairs(MORE) >= 220
    assert pairs(THIRD) >= 65
    assert pairs(HELD_OUT) >= 100
    for file in (SEEN, MORE, HELD_OUT):
        found = [pair for affair in affairs(file) for pair in affair.pairs]
        assert sum(pair.relation == NONE for pair in found) * 3 >= len(found)
        assert {pair.relation for pair in found} == {NONE, *(kind for kinds in KINDS.values() for kind in kinds)}


@pytest.mark.parametrize(
    "file", [SEEN, MORE, THIRD, FOURTH, HELD_OUT], ids=["seen", "seen later", "third", "fourth", "held out"]
)
def test_the_words_of_each_pair_stand_in_its_articles(file: Path) -> None:
    """A pair that nothing could find would measure nothing."""
    for affair in affairs(file):
        texts = {article.name: plain(article.text) for article in affair.articles}
        for pair in affair.pairs:
            assert plain(pair.words) in texts[pair.article], (affair.name, pair.words)
            assert plain(pair.other_words) in texts[pair.other_article], (affair.name, pair.other_words)
