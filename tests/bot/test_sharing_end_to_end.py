"""Sharing as people do it: by a link, in private chats and groups; who may; what a reader is told; over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.local_telegram import Chat, Message, User, origin_hidden_user
from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata
from tests.bot.support import World, open_world
from tests.services.conftest import Prepared

ARTICLE = "The council of Lundvik has sold four berths, its chief auditor said on Monday. " * 6
NO_LINK = "This link does not work, or does not work any more. Ask for a new one."


class Headlines(Prepared):
    """An extraction that finds an article's first sentence."""

    async def extract(self, text: str, given: Metadata) -> Extraction | ExtractionFailure:
        return self.results.pop(text, None) or Extraction(replace(given, headline=text.partition(".")[0]))


@pytest.fixture
def extraction() -> Headlines:
    return Headlines()


@pytest.fixture
async def world(tmp_path: Path, extraction: Headlines) -> AsyncIterator[World]:
    """A running bot that reads the first sentence of an article as its headline, and nothing else."""
    async with open_world(tmp_path / "test.db", extraction) as made:
        yield made
        assert await made.failed_jobs() == []


@pytest.fixture
def bob(world: World) -> User:
    return world.local.create_user("Bob")


@pytest.fixture
def home(world: World, bob: User) -> Chat:
    return world.local.create_private_chat(bob)


async def say(world: World, chat: Chat, user: User | None, text: str) -> Message:
    return await world.answer_to(world.local.send_text(chat, user, text))


async def tap(world: World, message: Message, data: str, user: User, *, forged: bool = False) -> str:
    """Press a button and return what its answer says."""
    query = world.local.press(message, data, user, forged=forged)
    answers = await world.local.until(lambda: [each for each in world.local.answers if each.query_id == query])
    return answers[0].text


def link_in(message: Message, kind: str = "start") -> str:
    """The payload of a link that a message gives."""
    return next(word for word in message.text.split() if f"?{kind}=" in word).partition(f"?{kind}=")[2]


async def give_link(world: World, button: str = "share:read") -> str:
    asked = await say(world, world.chat, world.ann, "/share")
    await tap(world, asked, button, world.ann)
    await world.local.until(lambda: "?start=" in asked.text)
    assert link_in(asked) == link_in(asked, "startgroup")
    return link_in(asked)


async def test_a_private_chat_reads_another_by_its_link(world: World, home: Chat, bob: User):
    await world.card_of(world.local.send_text(world.chat, world.ann, ARTICLE))
    offered = await say(world, home, bob, f"/start {await give_link(world)}")
    assert offered.text.startswith("Share the articles of “Ann Lee”?")
    assert "It only reads" in offered.text
    assert (await say(world, home, bob, "/search berths")).text.startswith("Nothing")
    await tap(world, offered, offered.buttons[0].data or "", bob)
    await world.local.until(lambda: "shares the articles of “Ann Lee” now" in offered.text)
    assert "The council of Lundvik" in (await say(world, home, bob, "/search berths")).text
    heard = await world.local.until(lambda: [m for m in world.local.messages(world.chat) if "“Bob”" in m.text])
    assert heard[0].text.startswith("“Bob” reads the articles of this chat now.")


async def test_a_readers_article_is_not_kept_and_they_are_told(world: World, home: Chat, bob: User):
    await join(world, home, bob)
    told = await say(world, home, bob, ARTICLE)
    assert told.text.startswith("This chat only reads the articles that it shares: nothing was kept")
    assert (await say(world, world.chat, world.ann, "/search berths")).text.startswith("Nothing")
    assert (await say(world, home, bob, "/undo")).text.startswith("This chat only reads")
    assert (await tap(world, told, "fix:1", bob, forged=True)).startswith("This chat only reads")


async def test_a_card_appears_only_where_the_article_was_brought(world: World, home: Chat, bob: User):
    await join(world, home, bob, "share:add")
    card = await world.card_of(world.local.send_text(home, bob, ARTICLE))
    assert "The council of Lundvik" in card.text
    assert not [each for each in world.local.messages(world.chat) if "The council" in each.text]
    again = await say(world, world.chat, world.ann, ARTICLE)
    assert again.text.startswith("Already here: forwarded by Bob")
    # Bob's private chat is not Ann's to go to: the link opens her own with the bot.
    found = await say(world, world.chat, world.ann, "/search berths")
    assert "?start=a1" in found.html
    assert "The council of Lundvik" in (await say(world, world.chat, world.ann, "/start a1")).text


async def test_lines_of_another_chats_group_lead_where_the_reader_may_go(world: World, home: Chat, bob: User):
    desk = world.local.create_supergroup("Desk", world.ann, bot_status="administrator")
    await world.card_of(world.local.send_text(desk, world.ann, ARTICLE, forward_origin=origin_hidden_user("Ida", 0)))
    offered = await open_link_of(world, desk, home, bob)
    await tap(world, offered, offered.buttons[0].data or "", bob)
    inside, outside = f"t.me/c/{str(desk.id).removeprefix('-100')}", "?start=a1"
    there, here = await say(world, desk, world.ann, "/search berths"), await say(world, home, bob, "/search berths")
    assert inside in there.html and outside not in there.html
    assert outside in here.html and "t.me/c/" not in here.html


async def test_the_card_of_what_another_chat_brought_first_answers_none_of_its_numbers(
    world: World, home: Chat, bob: User, extraction: Headlines
):
    """What could not be read is read again when somebody else brings it, who then gets the card."""
    await join(world, home, bob, "share:add")
    extraction.results[ARTICLE] = ExtractionFailure(FailureReason.CRASH)
    failed = await world.answer_to(world.local.send_text(world.chat, world.ann, ARTICLE))
    await world.local.until(lambda: failed.text != "Reading …")
    said = len(world.local.messages(home))
    world.local.send_text(home, bob, ARTICLE)
    card = (await world.local.until(lambda: world.local.messages(home)[said:]))[0]
    await world.local.until(lambda: "The council" in card.text)
    assert card.reply_to is None


@pytest.mark.parametrize("what", ["used", "taken back", "made up", "cut", "empty"])
async def test_every_link_that_is_no_good_gets_the_same_answer(world: World, home: Chat, bob: User, what: str):
    payload = await give_link(world)
    if what == "used":
        offered = await say(world, home, bob, f"/start {payload}")
        await tap(world, offered, offered.buttons[0].data or "", bob)
    if what == "taken back":
        given = world.local.messages(world.chat)[-1]
        await tap(world, given, given.buttons[0].data or "", world.ann)
    payload = {"made up": f"s{'A' * 48}", "cut": payload[:-1], "empty": "s"}.get(what, payload)
    cleo = world.local.create_user("Cleo")
    chat = world.local.create_private_chat(cleo)
    refused = await say(world, chat, cleo, f"/start {payload}")
    assert (refused.text, refused.buttons) == (NO_LINK, [])
    assert await tap(world, refused, f"join:{payload}", cleo, forged=True) == NO_LINK


async def test_in_a_group_only_administrators_share_join_and_leave(world: World, bob: User):
    group = world.local.create_supergroup("Desk", world.ann)
    payload, refused = await give_link(world), "Only administrators of this chat can do that."
    for command in ("/share", "/leave", f"/start@{world.app.bot.username} {payload}"):
        assert (await say(world, group, bob, command)).text == refused
    asked = await say(world, group, world.ann, "/share")
    assert await tap(world, asked, "share:read", bob) == refused
    assert await tap(world, asked, f"join:{payload}", bob, forged=True) == refused
    assert await tap(world, asked, "leave:yes", bob, forged=True) == refused
    assert await tap(world, asked, f"member:{world.chat.id}:out", bob, forged=True) == refused
    # An anonymous administrator writes in the name of the group.
    assert (await say(world, group, None, "/share")).buttons != []


async def test_a_groups_link_is_given_in_private(world: World):
    group = world.local.create_supergroup("Desk", world.ann)
    asked = await say(world, group, world.ann, "/share")
    world.local.block(world.ann)
    assert (await tap(world, asked, "share:add", world.ann)).startswith("I send you the link in private and may not")
    world.local.unblock(world.ann)
    await tap(world, asked, "share:add", world.ann)
    await world.local.until(lambda: "has a link from me now" in asked.text)
    (given,) = [each for each in world.local.messages(world.chat) if "?start=" in each.text]
    assert link_in(given) not in asked.text
    await tap(world, asked, asked.buttons[0].data or "", world.ann)
    assert (await say(world, world.chat, world.ann, f"/start {link_in(given)}")).text == NO_LINK


async def test_a_group_joins_by_its_administrator_and_its_owner_removes_it(world: World, bob: User):
    await world.card_of(world.local.send_text(world.chat, world.ann, ARTICLE))
    group = world.local.create_supergroup("Night desk", bob)
    payload = await give_link(world, "share:add")
    offered = await say(world, group, bob, f"/start@{world.app.bot.username} {payload}")
    # Everybody in the group has seen the link now: it is good nowhere else.
    assert (await say(world, world.local.create_private_chat(bob), bob, f"/start {payload}")).text == NO_LINK
    await tap(world, offered, offered.buttons[0].data or "", bob)
    await world.local.until(lambda: "now" in offered.text)
    listed = await say(world, world.chat, world.ann, "/members")
    assert listed.text.startswith("2 chats see these articles")
    assert "Night desk (group): reads and adds, since" in listed.text and "let in by Ann Lee" in listed.text
    shown = await say(world, group, bob, "/members")
    assert shown.text.startswith("2 chats") and shown.buttons == []
    await tap(world, listed, f"member:{group.id}:show", world.ann)
    await world.local.until(lambda: listed.text.startswith("Night desk"))
    await tap(world, listed, f"member:{group.id}:reader", world.ann)
    await world.local.until(lambda: "reads, since" in listed.text)
    await tap(world, listed, f"member:{group.id}:out", world.ann)
    await world.local.until(lambda: listed.text.startswith("1 chat sees"))
    heard = await world.local.until(
        lambda: [each for each in world.local.messages(group) if "no longer shares its articles" in each.text]
    )
    assert "“Ann Lee”" in heard[0].text
    assert (await say(world, group, bob, "/search berths")).text.startswith("Nothing")
    assert await tap(world, listed, f"member:{group.id}:out", world.ann, forged=True) != ""


async def test_who_leaves_has_its_own_again(world: World, home: Chat, bob: User):
    own = ARTICLE.replace("berths", "ferries")
    await world.card_of(world.local.send_text(home, bob, own))
    await join(world, home, bob)
    assert (await say(world, home, bob, "/search ferries")).text.startswith("Nothing")
    asked = await say(world, home, bob, "/leave")
    await tap(world, asked, "leave:no", bob)
    await world.local.until(lambda: asked.text == "Nothing has changed.")
    asked = await say(world, home, bob, "/leave")
    await tap(world, asked, "leave:yes", bob)
    await world.local.until(lambda: "no longer shares" in asked.text)
    assert "four ferries" in (await say(world, home, bob, "/search ferries")).text
    assert (await say(world, home, bob, "/leave")).text.startswith("This chat sees its own articles")


async def test_nothing_is_shared_from_within_a_channel(world: World):
    channel = world.local.create_channel("News", world.ann)
    for command in ("/share", "/members", f"/start {await give_link(world)}"):
        assert (await say(world, channel, None, command)).text.startswith("Not in a channel")


async def join(world: World, chat: Chat, user: User, button: str = "share:read") -> None:
    offered = await say(world, chat, user, f"/start {await give_link(world, button)}")
    await tap(world, offered, offered.buttons[0].data or "", user)
    await world.local.until(lambda: "now" in offered.text)


async def open_link_of(world: World, group: Chat, chat: Chat, user: User) -> Message:
    """Have a group's administrator ask for a link, and open it in another chat."""
    asked = await say(world, group, world.ann, "/share")
    await tap(world, asked, "share:read", world.ann)
    given = await world.local.until(lambda: [m for m in world.local.messages(world.chat) if "?start=" in m.text])
    return await say(world, chat, user, f"/start {link_in(given[-1])}")
