"""A digest in words: in messages that Telegram takes, nothing lost, short first, never sure where it is not."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.corrections import Correction, CorrectionKind, CorrectionState, Editor, NewCorrection
from domain.digests import (
    Change,
    ComposedDigest,
    DigestClaim,
    DigestStory,
    PersonOfTheDay,
    StoryList,
    ToldClaim,
    Trouble,
)
from domain.extraction import Factuality
from domain.ledger import Claimant
from domain.subscriptions import PUNCTUAL, Delivery, Filters
from handlers import digests as handler
from handlers.replies import digests
from handlers.replies.digests import DigestPart
from handlers.replies.language import LANGUAGES, speaking
from tests.handlers.replies_samples import (
    BOT,
    DIGESTS,
    HOSTILE,
    SUBSCRIPTION,
    article,
    claim,
    data,
    delivery,
    shown,
)
from tests.handlers.test_replies_limits import MANY
from tests.samples import DAY, HOUR, NOON

RODEN = Claimant("Roden", 1, "Ilka Roden")
CORRECTED = Correction(
    3,
    NewCorrection(
        CorrectionKind.FACTUALITY,
        7,
        None,
        {"text": "the pier is shut", "factuality": "CT+"},
        {"factuality": "CT-"},
        Editor(5, "Ann", 100),
    ),
    NOON,
    CorrectionState.STANDING,
)


def told(text: str = "the pier is closed", number: int = 3, change: Change | None = None) -> DigestClaim:
    kept = ToldClaim(number, number, Factuality.CERTAIN, 1, 0, 0)
    return DigestClaim(replace(claim(text, RODEN), id=number), (kept,), (number,), change)


def story(*claims: DigestClaim, articles: int = 1, origins: int = 1, lead: int = 3, **more: object) -> DigestStory:
    number = 9 if articles > 1 else None
    return replace(DigestStory(number, "The pier", article(), articles, origins, claims, lead), **more)  # type: ignore[arg-type]


def digest(*stories: DigestStory, articles: int = 1, **more: object) -> ComposedDigest:
    return replace(ComposedDigest(NOON - DAY, NOON, articles, stories), **more)  # type: ignore[arg-type]


def read(composed: ComposedDigest, of: Delivery | None = None, now: datetime = NOON) -> list[str]:
    """The lines of a digest in one message."""
    (part,) = digests.parts(composed, of or delivery(), now, BOT)
    return shown(part.reply)[0].split("\n")


def test_one_article_has_its_way_behind_its_headline_and_its_claims_below():
    people = (PersonOfTheDay("Ilka Roden", 7, 5), PersonOfTheDay("Ivo Lund", 4, -2), PersonOfTheDay("Brel", 3, 3, True))
    assert read(digest(story(told()), people=people)) == [
        "Your digest of 12 March 2026 · 1 article",
        "",
        "The pier  Gazette →",
        "• Ilka Roden says: the pier is closed",
        "",
        "In the news  Ilka Roden 7 (+5) · Ivo Lund 4 (−2) · Brel 3 (new)",
    ]


@pytest.mark.parametrize(
    ("reprints", "counted"), [(0, "4 articles"), (1, "4 articles and 1 reprint"), (2, "4 articles and 2 reprints")]
)
def test_the_head_counts_reprints_beside_the_articles(reprints: int, counted: str):
    head = read(digest(story(told()), articles=4, reprints=reprints))[0]
    assert head == f"Your digest of 12 March 2026 · {counted} · 1 story"


def test_a_story_of_which_one_article_is_new_goes_by_it_on_its_button_too():
    (part,) = digests.parts(digest(story(told(), number=9, headline="Long ago")), delivery(), NOON, BOT)
    assert [button.label for row in part.reply.buttons for button in row] == ["The pier"]


def test_claims_that_are_left_out_of_a_story_are_one_tap_away():
    many = story(*(told(f"c{n}", n) for n in range(4)), articles=5, more=2)
    (part,) = digests.parts(digest(many), delivery(), NOON, BOT)
    assert f'<a href="https://t.me/{BOT}?start=t9">… and 2 more →</a>' in str(part.reply.text)


def test_a_story_counts_its_articles_and_each_of_its_claims_leads_back():
    many = story(told("one", 1), told("two", 2), told("three", 3), told("four", 4), articles=5, origins=3, more=2)
    assert read(digest(many, story(told("five", 5)), articles=6)) == [
        "Your digest of 12 March 2026 · 6 articles · 2 stories",
        "",
        "The pier  (5 new articles · 3 origins)",
        "• Ilka Roden says: one · Gazette →",
        "• Ilka Roden says: two · Gazette →",
        "• Ilka Roden says: three · Gazette →",
        "3 more claims",
        "• Ilka Roden says: four · Gazette →",
        "… and 2 more →",
        "",
        "The pier  Gazette →",
        "• Ilka Roden says: five",
    ]


def test_what_is_not_among_the_first_stands_in_a_block_that_opens():
    (part,) = digests.parts(digest(story(*(told(f"c{n}", n) for n in range(5)))), delivery(), NOON, BOT)
    text, entities = shown(part.reply)
    (quote,) = (each for each in entities if each["type"] == "expandable_blockquote")
    quoted = text[quote["offset"] : quote["offset"] + quote["length"]]
    assert quoted.split("\n") == ["2 more claims", "• Ilka Roden says: c3", "• Ilka Roden says: c4"]


def test_before_a_link_there_is_no_full_stop_and_an_article_alone_leads_to_its_other_claims():
    told_of = digest(story(told("it is closed."), articles=2, more=1), story(told("it is closed."), more=3))
    assert [line for line in read(told_of) if "closed" in line or "more" in line] == [
        "• Ilka Roden says: it is closed · Gazette →",
        "1 more claim",
        "• Ilka Roden says: it is closed.",
    ]


@pytest.mark.parametrize("change", Change)
def test_what_has_changed_is_marked(change: Change):
    line = read(digest(story(told(change=change), articles=0, origins=0)))[3]
    assert line.startswith("• Update")
    assert line.endswith(": Ilka Roden says: the pier is closed · Gazette →")


@pytest.mark.parametrize(
    ("before", "late"), [(timedelta(0), False), (PUNCTUAL, False), (PUNCTUAL + timedelta(seconds=1), True)]
)
def test_a_late_digest_says_when_it_was_due_on_the_subscribers_clock(before: timedelta, late: bool):
    head = read(digest(story(told())), delivery(NOON - before))[0]
    assert ("(late: it was due on 12 March 2026, 13:54)" in head) is late


def test_the_date_of_a_digest_is_the_subscribers_date():
    early = replace(delivery(), day=datetime(2026, 3, 11, tzinfo=UTC).date())
    assert read(digest(), early)[0].startswith("Your digest of 11 March 2026")


@pytest.mark.parametrize(
    ("composed", "line"),
    [
        (digest(articles=0), "Nothing new was forwarded here."),
        (digest(articles=1), "Nothing new: the article that came repeats what you were told."),
        (digest(articles=3), "Nothing new: the 3 articles that came repeat what you were told."),
        (
            digest(articles=0, trouble=Trouble(2, NOON - HOUR)),
            "⚠️ Reading has not gone on since 12 March 2026, 13:00: 2 articles wait, and what they say is missing here.",
        ),
        (digest(articles=0, trouble=Trouble(failed=1)), "⚠️ 1 article that came could not be read."),
        (
            digest(articles=0, trouble=Trouble(untied=1, untied_since=NOON)),
            "⚠️ Comparing has not gone on since 12 March 2026, 14:00: "
            "of 1 article, denials and stories may be missing here.",
        ),
    ],
)
def test_nothing_new_is_said_only_where_all_was_read(composed: ComposedDigest, line: str):
    lines = read(composed)
    assert line in lines
    assert ("Nothing new" in " ".join(lines)) == (composed.trouble is None)


def test_corrections_are_told_and_those_left_out_counted():
    lines = read(digest(corrections=(CORRECTED,), more_corrections=4))
    assert lines[-3:] == [
        "Corrected",
        "• “the pier is shut” was told as certain; it is denied.",
        "… and 4 more: /history",
    ]


def test_stories_beyond_those_told_are_named_in_a_block():
    lines = read(digest(story(told()), story(lead=0, articles=3), story(lead=0), articles=9, more_stories=5))
    assert lines[-4:] == [
        "7 more stories",
        "• The pier  (3 new articles · 1 origin)",
        "• The pier  Gazette →",
        "… and 5 more",
    ]


def buttons(parts: list[DigestPart]) -> list[str]:
    return data(parts[-1].reply)


def test_the_last_message_leads_to_the_stories():
    several = digest(*(story(told(number=n), articles=2, number=n) for n in range(1, 6)))
    assert buttons(digests.parts(several, delivery(), NOON, BOT)) == [
        "story:1:0",
        "story:2:0",
        "story:3:0",
        "digest:1:all",
    ]
    asked = buttons(digests.on_demand(several, NOON, "UTC", BOT))
    assert asked[-1] == f"news:{int((NOON - DAY).timestamp())}:{int(NOON.timestamp())}:all"
    assert handler.NEWS.fullmatch(asked[-1]) and handler.DIGEST.fullmatch("digest:1:all")
    assert buttons(digests.parts(digest(story(told())), delivery(), NOON, BOT)) == []


def test_in_a_channel_a_button_leads_each_reader_to_their_own_chat():
    several = digest(*(story(told(number=n), articles=2, number=n) for n in range(1, 6)))
    elsewhere = replace(SUBSCRIPTION, wish=replace(SUBSCRIPTION.wish, target=-1005))
    ways = [f"https://t.me/{BOT}?start=t{number}" for number in (1, 2, 3)]
    assert buttons(digests.parts(several, replace(delivery(), subscription=elsewhere), NOON, BOT)) == ways


@pytest.mark.parametrize(
    ("since", "until", "title"),
    [
        (NOON - DAY, NOON, "The last 24 hours"),
        (NOON - HOUR, NOON, "The last 1 hour"),
        (NOON - 3 * DAY, NOON, "The last 3 days"),
        (NOON - 3 * DAY - HOUR / 2, NOON, "Since 9 March 2026, 13:30"),
        (NOON - 3 * DAY, NOON - DAY, "From 9 March 2026, 14:00 to 11 March 2026, 14:00"),
    ],
)
def test_a_digest_on_demand_names_its_time_on_the_chats_clock(since: datetime, until: datetime, title: str):
    (part,) = digests.on_demand(ComposedDigest(since, until, 2), NOON, "Europe/Vilnius", BOT)
    assert shown(part.reply)[0].startswith(f"{title} · 2 articles")


@pytest.mark.parametrize(
    ("page", "more", "sent"), [(0, False, []), (0, True, ["news:1"]), (1, True, ["news:0", "news:2"])]
)
def test_the_list_of_stories_turns_its_pages(page: int, more: bool, sent: list[str]):
    reply = digests.listing(StoryList((story(articles=2), story()), page, more), "news", BOT)
    assert shown(reply)[0].split("\n")[2:] == ["1. The pier  (2 new articles · 1 origin)", "2. The pier  Gazette →"]
    assert data(reply) == ["story:9:0", *sent]


def numbered(count: int, wide: int) -> ComposedDigest:
    """A digest of many stories of nine claims each, which have marks of their own and may be long."""
    marks = [range(first, first + 9) for first in range(1, 9 * count, 9)]
    long = HOSTILE + " so" * wide
    stories = [story(*(told(f"mark{mark:05}. {long}", mark) for mark in each)) for each in marks]
    return digest(*stories, articles=count)


@MANY
@given(st.integers(1, 12), st.integers(0, 80), st.sampled_from(sorted(LANGUAGES)))
def test_every_claim_stands_in_one_message_and_in_order(count: int, wide: int, language: str):
    with speaking(language):
        parts = digests.parts(numbered(count, wide), delivery(), NOON, BOT)
    found = [int(mark) for part in parts for mark in re.findall(r"mark(\d{5})", shown(part.reply)[0])]
    assert found == list(range(1, 9 * count + 1))
    assert [each.claim for part in parts for each in part.told] == found
    for part in parts:
        text, _ = shown(part.reply)
        assert [int(mark) for mark in re.findall(r"mark(\d{5})", text)] == list(part.shown)


@MANY
@given(st.integers(1, 12), st.integers(0, 80))
def test_no_headline_stands_last_in_a_message(count: int, wide: int):
    for part in digests.parts(numbered(count, wide), delivery(), NOON, BOT):
        assert not shown(part.reply)[0].split("\n")[-1].startswith("The pier")


def test_no_message_ends_with_a_line_that_leads_to_the_next():
    """A headline stands with its first claim, and the count of a block with the block."""
    for wide in range(60):
        for part in digests.parts(numbered(6, wide), delivery(), NOON, BOT):
            last = shown(part.reply)[0].split("\n")[-1]
            assert "mark" in last, last


def test_what_filters_leave_out_is_not_said_to_be_nothing_that_came():
    about_dams = replace(SUBSCRIPTION, wish=replace(SUBSCRIPTION.wish, filters=Filters(words="dam")))
    assert read(digest(articles=0), replace(delivery(), subscription=about_dams))[2:] == [
        "Nothing new came that this digest is about."
    ]


@MANY
@given(DIGESTS, st.sampled_from(sorted(LANGUAGES)))
def test_every_digest_is_messages_that_telegram_takes(composed: ComposedDigest, language: str):
    with speaking(language):
        late = digests.parts(composed, delivery(NOON - HOUR), NOON, BOT)
        asked = digests.on_demand(composed, NOON, "Asia/Kathmandu", BOT)
    for parts in (late, asked):
        for part in parts:
            _, entities = shown(part.reply)
            assert len(entities) <= 100, "Telegram would drop those behind"
            html = str(part.reply.text)
            assert html.count("<blockquote expandable>") == html.count("</blockquote>")
        assert not any(part.reply.buttons for part in parts[:-1])
    told_of = [told for each in composed.stories for claim in each.claims for told in claim.told]
    assert [told for part in late for told in part.told] == told_of, "nothing is lost"


@pytest.mark.parametrize("blank", [None, "", " \n", "\u202e", "\u2066 \u2069"])
def test_a_story_whose_headline_is_blank_is_called_by_its_newest_article(blank: str | None):
    """A button without words is refused, and with it the digest."""
    of_two = story(told(), articles=2, headline=blank, newest=article(headline="The quay"))
    (part,) = digests.parts(digest(of_two, articles=2), delivery(), NOON, BOT)
    assert part.reply.buttons[0][0].label == "The quay"
    assert "\nThe quay  (2 new articles" in shown(part.reply)[0]


def test_a_digest_says_what_it_is_about_so_that_several_are_told_apart():
    (part,) = digests.parts(digest(story(told())), delivery(), NOON, BOT, "Ada Quill, what is denied")
    assert shown(part.reply)[0].startswith("Your digest of 12 March 2026: Ada Quill, what is denied · 1 article")
    (asked,) = digests.on_demand(digest(story(told())), NOON, "UTC", BOT, "Ada Quill")
    assert shown(asked.reply)[0].startswith("The last 24 hours: Ada Quill · 1 article")


def test_of_a_limited_digest_there_is_no_list_of_all_stories():
    several = digest(*(story(told(f"c{n}", n), articles=2) for n in range(5)))
    assert "All stories" in [row[0].label for row in digests.on_demand(several, NOON, "UTC", BOT)[-1].reply.buttons]
    limited = digests.on_demand(several, NOON, "UTC", BOT, "Ada Quill")[-1].reply
    assert "All stories" not in [row[0].label for row in limited.buttons]
