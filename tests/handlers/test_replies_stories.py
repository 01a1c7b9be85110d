"""What a story says: how many tell it, what they say above all, and its articles newest first."""

from dataclasses import replace
from typing import Any

import pytest

from domain.ledger import Claimant, StoryReference
from domain.stories import Story
from handlers.replies import stories
from handlers.replies.layout import LIMIT, visible_length
from tests.handlers.replies_samples import BOT, HOSTILE, article, claim, data, shown
from tests.samples import DAY, NOON, chat_identity

RODEN = Claimant("Roden", 5, "Ilka Roden")
REFERENCE = StoryReference(3, "Harbour crane falls", 2, 2)


def story(**changes: Any) -> Story:
    """Two articles of two days."""
    articles = (
        replace(article(chat=chat_identity()), headline="Union warned", publisher="Dockers", seen_at=NOON),
        replace(article(chat=chat_identity()), headline="Crane falls", publisher="Gazette", seen_at=NOON - DAY),
    )
    told = Story(REFERENCE, NOON - DAY, NOON, articles, (claim("the crane was rusty", RODEN),), 0, has_older=False)
    return replace(told, **changes)


def test_a_story_tells_its_extent_its_claims_and_its_articles() -> None:
    text, _ = shown(stories.story(story(), BOT))
    lines = text.split("\n")
    assert lines[:3] == ["Harbour crane falls", "2 articles, 2 independent origins · 11 Mar 2026 – 12 Mar 2026", ""]
    assert lines[3].startswith("• Ilka Roden says: the crane was rusty · ")
    assert lines[-3:] == ["Articles", "12 Mar 2026  Union warned — Dockers →", "11 Mar 2026  Crane falls — Gazette →"]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"reference": StoryReference(3, "x", 1, 1), "since": NOON}, "One article so far · 12 Mar 2026"),
        ({"reference": StoryReference(3, "x", 5, 1)}, "5 articles, 1 independent origin · 11 Mar 2026 – 12 Mar 2026"),
    ],
)
def test_what_is_told_of_its_extent(changes: dict[str, Any], line: str) -> None:
    assert shown(stories.story(story(**changes), BOT))[0].split("\n")[1] == line


@pytest.mark.parametrize(
    ("page", "has_older", "buttons"),
    [(0, False, []), (0, True, ["story:3:1"]), (1, True, ["story:3:0", "story:3:2"]), (2, False, ["story:3:1"])],
)
def test_the_buttons_turn_its_pages(page: int, has_older: bool, buttons: list[str]) -> None:
    assert data(stories.story(story(page=page, has_older=has_older), BOT)) == buttons


def test_words_from_outside_are_escaped_and_the_longest_story_fits() -> None:
    hostile = replace(article(), headline=HOSTILE * 99, publisher=HOSTILE * 99)
    claims = tuple(claim(HOSTILE * 99, Claimant(HOSTILE * 99)) for _ in range(5))
    told = story(reference=StoryReference(3, HOSTILE * 99, 9, 9), articles=(hostile,) * 6, claims=claims)
    assert visible_length(stories.story(told, BOT).text) <= LIMIT
    assert HOSTILE not in stories.nothing(HOSTILE).text


def test_a_story_without_headlines_has_a_name() -> None:
    assert shown(stories.story(story(reference=replace(REFERENCE, headline="")), BOT))[0].startswith(stories.NAMELESS)
