"""Stories may not fall below their floors."""

import pytest

from extraction.extractor import Extractor
from tests.eval.stories.measure import MORE, SEEN, Article, b_cubed, grouped, read_articles, seeds


@pytest.mark.parametrize(
    ("given", "precision", "recall"),
    [(seeds(), 0.95, 0.86), (read_articles(SEEN), 0.95, 0.95), (read_articles(MORE), 0.82, 0.95)],
    ids=["sample articles", "own articles", "similar events"],
)
async def test_stories_hold_their_floors(
    extractor: Extractor, given: list[Article], precision: float, recall: float
) -> None:
    """B-cubed; lowering a floor takes a visible change."""
    scores = b_cubed(given, await grouped(extractor, given))
    assert scores.precision >= precision, scores.wrong
    assert scores.recall >= recall, scores.wrong


def test_the_stories_are_many() -> None:
    """The floors rest on enough articles to mean something."""
    given = read_articles(SEEN)
    assert len(given) >= 60
    assert len({article.story for article in given}) >= 15


@pytest.mark.parametrize(
    ("found", "precision", "recall"),
    [([1, 1, 2, 3], 1.0, 1.0), ([1, 1, 1, 1], 0.375, 1.0), ([1, 2, 3, 4], 1.0, 0.75), ([1, 2, 1, 2], 0.5, 0.75)],
)
def test_b_cubed_counts_shares_of_stories(found: list[int], precision: float, recall: float) -> None:
    given = [Article(story, "", seeds()[0].metadata) for story in ("a", "a", "b", "c")]
    scores = b_cubed(given, found)
    assert (scores.precision, scores.recall) == pytest.approx((precision, recall))
