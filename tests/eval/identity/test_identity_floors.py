"""Persons across articles of our own: nobody is taken for somebody else, and the rest may not fall below floors.

The rules were written with a look at the written and the generated articles, and without one at those held out.
"""

import pytest

from extraction.extractor import Extractor
from tests.eval.identity import articles, generate, measure


@pytest.mark.parametrize(
    ("file", "most_lost", "precision", "f1", "answered"),
    [
        ("written.jsonl", 0.06, 0.97, 0.87, 0.90),
        ("held_out_english.jsonl", 0.09, 0.86, 0.68, 0.75),
        ("held_out_russian.jsonl", 0.06, 1.0, 0.80, 0.75),
        ("held_out_ukrainian.jsonl", 0.06, 0.96, 0.89, 0.85),
    ],
)
async def test_written_articles_hold_their_floors(
    extractor: Extractor, file: str, most_lost: float, precision: float, f1: float, answered: float
) -> None:
    """Lowering a floor takes a visible change; ``answered`` is the recall once the doubts are answered."""
    outcome = await measure.run(articles.load(file), extractor)
    scores = measure.score(outcome)
    assert outcome.lost <= most_lost
    assert scores.precision >= precision
    assert scores.f1 >= f1
    assert scores.answered >= answered


async def test_generated_articles_hold_their_floors() -> None:
    """Names by the gold, so that it is identity alone that is measured."""
    chosen = generate.articles()
    scores = measure.score(await measure.run(chosen, measure.Gold(chosen)))
    assert scores.precision >= 0.98
    assert scores.f1 >= 0.84
    assert len(scores.groundless) <= 1
