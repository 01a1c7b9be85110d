"""Persons across articles of our own may not be joined wrongly, nor brought together less than their floors say."""

from extraction.extractor import Extractor
from tests.eval.identity import articles, measure


async def test_written_articles_hold_their_floors(extractor: Extractor) -> None:
    """Lowering a floor takes a visible change."""
    outcome = await measure.run(articles.load("written.jsonl"), extractor)
    scores = measure.score(outcome)
    assert outcome.lost <= 0.1
    assert scores.precision >= 1.0
    assert scores.f1 >= 0.3
