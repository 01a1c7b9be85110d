"""What somebody new writes about digests, over HTTP: it is done, offered, or answered plainly."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.local_telegram import Chat, Message
from services.chats import know
from storage import persons
from tests.bot.support import World, open_world
from tests.bot.timed import NothingFound
from tests.samples import Clock, chat_identity


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody writes as fast as these tests; that the pace of messages is kept, others prove."""
    monkeypatch.setattr("domain.pace.BURST", 1000)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path / "test.db", NothingFound(), Clock()) as made:
        yield made


async def tap(world: World, message: Message, *labels: str) -> None:
    """Tap one button after the other, waiting for each to be answered."""
    for label in labels:
        data = next(button.data for button in message.buttons if label in button.text)
        query = world.local.press(message, data or "", world.ann)
        await world.local.until(lambda query=query: [each for each in world.local.answers if each.query_id == query])


async def said_in(world: World, chat: Chat, text: str) -> str:
    return (await world.answer_to(world.local.send_text(chat, world.ann, text))).text


async def answer_question(world: World, text: str) -> None:
    """Answer the last question, and wait until it is gone or asked anew."""

    def question() -> Message:
        return [each for each in world.local.messages(world.chat) if each.markup and "force_reply" in each.markup][-1]

    asked = question()
    world.local.send_text(world.chat, world.ann, text, reply_to=asked)
    await world.local.until(lambda: asked.deleted or question() is not asked, 60)


async def test_plain_words_bring_a_digest_now_or_every_day_and_end_it(world: World):
    assert "Nothing new was forwarded here" in (await world.ask("digest please")).text
    assert "Nothing new was forwarded here" in (await world.ask("What's new today?")).text
    assert (await world.ask("send me a digest every morning")).text.startswith(
        "A digest comes here every day at 08:00 (UTC)"
    )
    assert "/subscribe brings one every day" in (await world.ask("what is a digest?")).text
    assert "No digest will come here any more" in (await world.ask("no more digests please")).text


async def test_a_line_that_wants_none_ends_the_digest_and_begins_none(world: World):
    assert "No digest comes here." in (await world.ask("/subscribe off")).text
    await world.ask("/subscribe 08:00")
    assert "No digest will come here any more" in (await world.ask("/subscribe no")).text
    assert "No digest; /subscribe brings one." in (await world.ask("/settings")).text


@pytest.mark.parametrize("line", ["every 2 hours", "monthly 9"])
async def test_a_rhythm_that_there_is_not_is_answered_plainly(world: World, line: str):
    assert "Digests come at times of the day" in (await world.ask(f"/subscribe {line}")).text


async def test_what_limits_a_digest_may_stand_on_the_line(world: World):
    said = (await world.ask("/subscribe 08:00 only denials Europe/Vilnius")).text
    assert said.startswith("A digest comes here every day at 08:00 (Europe/Vilnius).")
    assert "Only: what is denied" in said
    assert "Only: “Quill dam”" in (await world.ask("/subscribe 09:00 about Quill dam")).text
    assert "Only: German" in (await world.ask("/subscribe 10:00 only in German")).text
    settings = (await world.ask("/settings")).text
    assert settings.count("Only: ") == 3


async def test_behind_a_persons_name_may_stand_a_place(world: World):
    await world.ask("/start")
    known = await know(world.services, chat_identity(world.chat.id))
    async with world.services.database.transaction() as db:
        person = await persons.add(db, known.collection, "Ada Quill")
        await persons.add_names(db, known.collection, person, ["Ada Quill"])
    said = (await world.ask("/subscribe 08:00 about Ada Quill Europe/Vilnius")).text
    assert said.startswith("A digest comes here every day at 08:00 (Europe/Vilnius).")
    assert "Only: Ada Quill" in said


async def test_a_further_digest_elsewhere_leaves_the_chats_clock_and_the_first_one_says_that_it_sets_it(world: World):
    first = (await world.ask("/subscribe 08:00 Europe/Vilnius")).text
    assert "This chat's times are by the clock of Europe/Vilnius from now on." in first
    second = (await world.ask("/subscribe 09:00 Asia/Tokyo")).text
    assert "(Asia/Tokyo)" in second and "from now on" not in second
    assert "at 00:00 (Europe/Vilnius)" in (await world.ask("/subscribe midnight")).text


async def test_all_digests_end_at_once_by_a_word_or_a_button(world: World):
    for _ in range(2):
        await world.ask("/subscribe 08:00")
        await world.ask("/subscribe 18:00")
        if _:
            asked = await world.ask("/unsubscribe")
            await tap(world, asked, "All of them")
            await world.local.until(lambda asked=asked: "2 digests have ended" in asked.text)
        else:
            assert "2 digests have ended" in (await world.ask("/unsubscribe all")).text
        assert "No digest; /subscribe brings one." in (await world.ask("/settings")).text


async def test_filters_are_set_before_any_article_has_them(world: World):
    menu = await world.ask("/subscribe")
    for button, typed, line in (
        ("People", "Ada Quill", "People: Ada Quill"),
        ("Publishers", "Harbour Post", "Publishers: Harbour Post"),
        ("Languages", "Deutsch", "Languages: German"),
    ):
        await tap(world, menu, "About what", button, "Add a name" if button == "People" else "Type it")
        await answer_question(world, typed)
        await world.local.until(lambda line=line: line in menu.text)
    await tap(world, menu, "About what", "People", "✕ Ada Quill", "Back", "Back")
    await world.local.until(lambda: "Publishers" in menu.text and "People" not in menu.text)


async def test_an_unknown_language_is_asked_again(world: World):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "About what", "Languages", "Type it")
    await answer_question(world, "Klingonish")
    assert "I don't know the language “Klingonish”." in world.local.messages(world.chat)[-1].text


async def test_a_channels_link_is_its_name(world: World):
    world.local.create_channel("Brief", world.ann, username="brief_news")
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Where", "Type its @name")
    await answer_question(world, "https://t.me/brief_news")
    await world.local.until(lambda: "Where: Brief" in menu.text)


async def test_who_made_a_channels_digest_hears_that_it_has_ended_and_settings_say_why(world: World):
    channel = world.local.create_channel("Brief", world.ann, username="brief_news")
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Where", "Type its @name")
    await answer_question(world, "@brief_news")
    await world.local.until(lambda: "Where: Brief" in menu.text)
    await tap(world, menu, "Subscribe")
    assert "nobody can be led into a private chat" in menu.text
    world.local.kick(channel, world.ann)
    await world.local.until(lambda: "“Brief” has ended" in world.local.messages(world.chat)[-1].text)
    assert "Ended: the digest to Brief every day at 08:00" in (await world.ask("/settings")).text


async def test_a_channels_creator_hears_what_became_of_a_digest_that_a_post_there_began(world: World):
    await world.ask("/start")
    channel = world.local.create_channel("Brief", world.ann)
    begun = await world.answer_to(world.local.send_text(channel, None, "/subscribe 08:00"))
    assert "It tells what is posted in this channel." in begun.text
    world.local.kick(channel, world.ann)
    await world.local.until(lambda: "“Brief” has ended" in world.local.messages(world.chat)[-1].text)


async def test_a_group_hears_what_the_bot_does_not_see_there(world: World):
    group = world.local.create_supergroup("Desk", world.ann, bot_status="left")
    world.local.set_bot_status(group, "member", world.ann)
    await world.local.until(lambda: world.local.messages(group))
    assert "I see only what is said to me" in world.local.messages(group)[-1].text
    assert "I see only what is said to me" in await said_in(world, group, "/subscribe 08:00")
    world.local.set_bot_status(group, "administrator", world.ann)
    await world.local.until(lambda: "I read the articles" in world.local.messages(group)[-1].text)
    assert "I see only" not in await said_in(world, group, "/subscribe 09:00")


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("/digets", "/digest"),
        ("/pause", "/settings"),
        ("/unwatch", "/watch"),
        ("/subscirbe 8", "/subscribe"),
        ("/digests", "/digest"),
    ],
)
async def test_the_nearest_command_is_offered(world: World, written: str, near: str):
    assert f"Did you mean {near}?" in (await world.ask(written)).text


async def test_where_no_command_is_near_none_is_offered(world: World):
    assert (await world.ask("/xyzzyqwv")).text == "I don't know this command. /help lists what I understand."


@pytest.mark.parametrize("words", ["5", "-1", "soon", "off", "08:00"])
async def test_what_is_no_time_for_a_digest_is_not_guessed(world: World, words: str):
    assert "as a time that has passed" in (await world.ask(f"/digest {words}")).text


async def test_a_digest_now_may_be_of_somebody_and_in_other_languages(world: World):
    said = (await world.ask("/digest 3 Tage Quill dam")).text
    assert said.startswith("The last 3 days: “Quill dam”")
    assert "Nothing new came that this digest is about." in said
