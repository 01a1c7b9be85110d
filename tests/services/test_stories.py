"""Stories: articles on the same events of a few days stand together, whatever order they come in."""

from datetime import timedelta
from functools import partial

import pytest

from domain.articles import IncomingArticle, Taken
from domain.chats import ChatIdentity, CollectionId
from domain.extraction import Extraction, Metadata
from domain.stories import Story
from extraction.fingerprint import fingerprint
from extraction.layout import paragraphs
from services import Services, intake, reading, relating, stories
from storage import articles, chats
from tests.engines import ON_BOTH
from tests.samples import NOON, chat_identity, forward
from tests.services.conftest import Prepared

ANN, BOB = chat_identity(100), chat_identity(200)
FIRE = "A fire destroyed the old sawmill of Brekka on Monday night, and Ada Kvist called the fire brigade too late."
ALARM = "The sawmill of Brekka, which a fire destroyed on Monday, had no alarm, as its owner Ada Kvist told everybody."
PARTY = "Ada Kvist has been chosen as leader of the fishermen of Brekka, who want other quotas for herring very soon."
QUOTA = "The fishermen of Brekka want other quotas for herring, and Ada Kvist, their leader, will go to the capital."
LONG = "\n\n".join(
    [
        FIRE,
        "Forty men from three villages carried water from the river until the roof fell in towards the morning.",
        "The insurer sends somebody to look at the boiler, which nobody had cleaned since the spring of last year.",
        "What is left of the timber will be sold at half its price, and the saw itself goes to a museum in town.",
    ]
)
REPRINT = f"{LONG}\n\nSubscribe to our newsletter"


async def bring(
    services: Services, prepared: Prepared, text: str, day: int = 0, chat: ChatIdentity = ANN, headline: str = "News"
) -> int:
    """Take an article of a day in, read it and relate it."""
    date = (NOON + timedelta(days=day)).date().isoformat()
    metadata = Metadata(headline=headline, date_published=date, language="en")
    prepared.results[text] = Extraction(metadata, fingerprint=fingerprint(paragraphs(text)))
    taken = await intake.take_in(services, IncomingArticle(text, forward(chat, len(prepared.results))))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, None)
    await relating.relate(services, taken.article, "read")
    return taken.article


async def settle(services: Services, collection: CollectionId, article: int) -> set[int]:
    """Place an article anew, and return the articles whose story that has changed."""
    about = await services.database.look(partial(stories.about, collection, article))
    return await services.database.transact(partial(stories.place, collection, article, about)) if about else set()


async def members(services: Services, article: int, chat: int = ANN.id) -> list[int]:
    """The articles of an article's story, newest first; none where it is alone."""
    async with services.database.reading() as db:
        collection = await articles.collection_of(db, article)
        assert collection is not None
        reference = await stories.story_of(db, collection, article)
    shown = await stories.show(services, chat, reference.id) if reference else None
    return [each.id for each in shown.articles] if shown else []


@ON_BOTH
async def test_articles_on_the_same_events_are_one_story(services: Services, prepared: Prepared) -> None:
    first = await bring(services, prepared, FIRE)
    later = await bring(services, prepared, ALARM, day=2)
    assert await members(services, first) == [later, first]
    assert await members(services, later) == [later, first]


async def test_another_affair_of_the_same_people_is_another_story(services: Services, prepared: Prepared) -> None:
    fire, party = await bring(services, prepared, FIRE), await bring(services, prepared, PARTY)
    alarm, quota = await bring(services, prepared, ALARM), await bring(services, prepared, QUOTA)
    assert set(await members(services, fire)) == {fire, alarm}
    assert set(await members(services, party)) == {party, quota}


@pytest.mark.parametrize(("days", "together"), [(4, True), (-4, True), (5, False), (365, False)])
async def test_a_story_is_of_a_few_days(services: Services, prepared: Prepared, days: int, together: bool) -> None:
    """One that comes late but is of the same days belongs to it as well."""
    first, later = await bring(services, prepared, FIRE), await bring(services, prepared, ALARM, day=days)
    assert set(await members(services, first)) == ({first, later} if together else set())


async def test_a_story_goes_on_by_what_stands_between(services: Services, prepared: Prepared) -> None:
    first = await bring(services, prepared, FIRE)
    last = await bring(services, prepared, f"{ALARM} It is a pity.", day=6)
    assert await members(services, last) == []
    between = await bring(services, prepared, ALARM, day=3)
    assert await members(services, last) == [last, between, first]


async def test_no_story_crosses_collections(services: Services, prepared: Prepared) -> None:
    mine = await bring(services, prepared, FIRE)
    theirs = await bring(services, prepared, ALARM, chat=BOB)
    assert await members(services, mine) == []
    assert await members(services, theirs, BOB.id) == []


async def test_only_the_chat_that_has_it_is_shown_a_story(services: Services, prepared: Prepared) -> None:
    first, _ = await bring(services, prepared, FIRE), await bring(services, prepared, ALARM)
    await bring(services, prepared, PARTY, chat=BOB)
    async with services.database.reading() as db:
        known = await chats.find(db, ANN.id)
        assert known is not None
        reference = await stories.story_of(db, known.collection, first)
    assert reference is not None
    assert (reference.articles, reference.headline) == (2, "News")
    assert await stories.show(services, BOB.id, reference.id) is None
    assert await stories.show(services, 999, reference.id) is None
    assert await stories.show(services, ANN.id, reference.id + 99) is None


async def test_a_reprint_stands_with_the_article_that_it_is_over_again(services: Services, prepared: Prepared) -> None:
    first = await bring(services, prepared, LONG)
    copy = await bring(services, prepared, REPRINT, day=9)
    assert await members(services, first) == [copy, first]


async def test_an_article_that_was_edited_is_placed_anew(services: Services, prepared: Prepared) -> None:
    first, edited = await bring(services, prepared, FIRE), await bring(services, prepared, ALARM)
    prepared.results[PARTY] = prepared.results[ALARM]
    async with services.database.transaction() as db:
        collection = await articles.collection_of(db, edited)
        assert collection is not None
        assert await articles.replace_text(db, collection, edited, PARTY, NOON)
    await reading.read(services, edited, None, "edit")
    assert await settle(services, collection, edited) == {first, edited}
    assert await members(services, first) == []


async def test_placing_an_article_again_changes_nothing(services: Services, prepared: Prepared) -> None:
    """No card is edited for it, and a button of the story stays good."""
    first, later = await bring(services, prepared, FIRE), await bring(services, prepared, ALARM)
    async with services.database.reading() as db:
        collection = await articles.collection_of(db, first)
        assert collection is not None
        before = await stories.story_of(db, collection, first)
    for article in (first, later):
        assert await settle(services, collection, article) == set()
    async with services.database.reading() as db:
        assert await stories.story_of(db, collection, first) == before
    assert await settle(services, collection, 999) == set()


async def test_all_cards_of_a_story_that_has_grown_are_to_be_shown_anew(services: Services, prepared: Prepared) -> None:
    first, later = await bring(services, prepared, FIRE), await bring(services, prepared, ALARM)
    third = "A saw was saved when a fire destroyed the sawmill of Brekka on Monday, Ada Kvist told us beside the river."
    prepared.results[third] = Extraction(Metadata(date_published=NOON.date().isoformat(), language="en"))
    taken = await intake.take_in(services, IncomingArticle(third, forward(ANN, 9)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, None)
    async with services.database.reading() as db:
        collection = await articles.collection_of(db, first)
    assert collection is not None
    assert await settle(services, collection, taken.article) == {first, later, taken.article}


async def test_the_newest_story_with_the_words_is_found(services: Services, prepared: Prepared) -> None:
    def numbers(story: Story | None) -> list[int]:
        return [each.id for each in story.articles] if story else []

    fire, alarm = await bring(services, prepared, FIRE), await bring(services, prepared, ALARM, day=1)
    party = await bring(services, prepared, PARTY, day=3)
    assert numbers(await stories.with_words(services, ANN.id, "sawmill")) == [alarm, fire]
    assert numbers(await stories.with_words(services, ANN.id, "Brekka")) == [alarm, fire]
    assert numbers(await stories.with_words(services, ANN.id, "herring")) == [party]
    for words in ("zeppelin", "", '"', "*"):
        assert await stories.with_words(services, ANN.id, words) is None
    assert await stories.with_words(services, BOB.id, "sawmill") is None


async def test_a_message_leads_to_the_story_of_its_article(services: Services, prepared: Prepared) -> None:
    first, later = await bring(services, prepared, FIRE), await bring(services, prepared, ALARM)
    async with services.database.transaction() as db:
        await articles.set_card_message(db, first, ANN.id, 77)
    shown = await stories.of_message(services, ANN.id, 77)
    assert shown is not None
    assert {each.id for each in shown.articles} == {first, later}
    assert await stories.stays(services, ANN.id, 77)
    assert not await stories.stays(services, ANN.id, 78)
    assert await stories.of_message(services, ANN.id, 78) is None
    assert await stories.of_message(services, BOB.id, 77) is None


async def test_a_long_story_has_pages(services: Services, prepared: Prepared) -> None:
    found = [
        await bring(services, prepared, f"{FIRE} It was the talk of day {day}.", day=day)
        for day in range(stories.PAGE + 2)
    ]
    async with services.database.reading() as db:
        collection = await articles.collection_of(db, found[0])
        assert collection is not None
        reference = await stories.story_of(db, collection, found[0])
    assert reference is not None
    first, last = [await stories.show(services, ANN.id, reference.id, page) for page in (0, 1)]
    assert first is not None and last is not None
    assert [each.id for each in (*first.articles, *last.articles)] == found[::-1]
    assert (first.has_older, last.has_older) == (True, False)
    assert (first.since.day, first.until.day) == (12, 12 + stories.PAGE + 1)
    assert await stories.show(services, ANN.id, reference.id, 9) is None
