"""What people see of /watch: over HTTP, with articles of the samples that name the same person."""

from pathlib import Path

import pytest

from bot.local_telegram import Chat, Message, User
from extraction.pool import ExtractionPool
from services.chats import find
from tests.bot.support import World, open_world, seed

NAME = "Anselm Orkavec"


@pytest.fixture
async def other(world: World) -> tuple[Chat, User]:
    """Bob, whose private chat sees what Ann's does."""
    bob = world.local.create_user("Bob")
    chat = world.local.create_private_chat(bob)
    for one, user in ((world.chat, world.ann), (chat, bob)):
        await world.answer_to(world.local.send_text(one, user, "/help"))
        await world.answer_to(world.local.send_text(one, user, "/settings"))
    assert await find(world.services, chat.id) is not None
    async with world.services.database.transaction() as db:
        await db.run(
            "UPDATE chats SET collection_id = (SELECT collection_id FROM chats WHERE id = :a)", a=world.chat.id
        )
    return chat, bob


def alerts(world: World, chat: Chat | None = None) -> list[Message]:
    return [each for each in world.local.messages(chat or world.chat) if each.text.startswith("👁")]


def data(message: Message) -> list[str]:
    return [str(button.data) for button in message.buttons]


async def bring(world: World, number: int, where: tuple[Chat, User]) -> Message:
    return await world.card_of(world.local.send_text(*where, seed(number)))


async def test_who_is_watched_is_told_at_once_and_in_the_chat_of_the_card_by_the_card(
    world: World, other: tuple[Chat, User]
):
    await bring(world, 1, other)
    assert NAME in (await world.ask("/watch anselm orkavec")).text
    card = await bring(world, 2, other)
    assert "👁" not in card.text, "Bob watches nobody"
    (alert,) = await world.local.until(lambda: alerts(world), 60)
    assert alert.text.startswith(f"👁 {NAME}\n")
    assert "•" in alert.text
    assert "/a2" in alert.text or "http" in alert.html, "a way back"
    assert len(alerts(world)) == 1


async def test_a_card_says_that_somebody_in_it_is_watched(world: World):
    here = (world.chat, world.ann)
    await bring(world, 1, here)
    await world.ask(f"/watch {NAME}")
    card = await bring(world, 2, here)
    assert f"👁 watched: {NAME}" in card.text
    assert await world.failed_jobs() == []
    assert alerts(world) == []


async def test_a_name_that_nobody_bears_is_waited_for(world: World, other: tuple[Chat, User]):
    offer = await world.ask(f"/watch {NAME}")
    assert data(offer) == ["watch:name"]
    await world.press(offer, "watch:name")
    await world.local.until(lambda: "somebody called Anselm Orkavec" in offer.text)
    assert "nobody is called so yet" in (await world.ask("/watch")).text
    await bring(world, 1, other)
    (alert,) = await world.local.until(lambda: alerts(world), 60)
    assert NAME in alert.text
    listed = await world.ask("/watch")
    assert NAME in listed.text
    assert "nobody is called so yet" not in listed.text


async def test_watching_stops_by_a_button(world: World, other: tuple[Chat, User]):
    await bring(world, 1, other)
    await world.ask(f"/watch {NAME}")
    listed = await world.ask("/watch")
    (stop,) = data(listed)
    await world.press(listed, stop)
    await world.local.until(lambda: "Watched here" not in listed.text)
    await bring(world, 2, other)
    answers = len(world.local.answers)
    world.local.press(listed, stop, world.ann, forged=True)
    (answer,) = await world.local.until(lambda: world.local.answers[answers:])
    assert answer.text.startswith("This is not here any more")
    assert alerts(world) == []


async def test_what_stands_in_a_forged_button_is_looked_up_in_the_chat_that_pressed(world: World):
    await bring(world, 1, (world.chat, world.ann))
    eve = world.local.create_user("Eve")
    chat = world.local.create_private_chat(eve)
    message = await world.answer_to(world.local.send_text(chat, eve, "/watch"))
    for forged in ("watch:who:1", "watch:name", "watch:stop:1", "watch:who:999999999999999999"):
        answers = len(world.local.answers)
        world.local.press(message, forged, eve, forged=True)
        (answer,) = await world.local.until(lambda seen=answers: world.local.answers[seen:])
        assert answer.text.startswith("This is not here any more")


async def test_in_a_group_administrators_decide_and_a_topic_keeps_what_it_wished_for(world: World):
    bob = world.local.create_user("Bob")
    group = world.local.create_supergroup("Desk", world.ann, forum=True)
    group.members[bob.id] = "member"
    topic = world.local.create_topic(group, world.ann, "Ports")
    name = world.app.bot.username
    refused = await world.answer_to(world.local.send_text(group, bob, f"/watch@{name} {NAME}"))
    assert refused.text.startswith("Only this group's administrators")
    offer = await world.answer_to(world.local.send_text(group, world.ann, f"/watch@{name} {NAME}", thread_id=topic))
    answers = len(world.local.answers)
    world.local.press(offer, "watch:name", bob)
    (answer,) = await world.local.until(lambda: world.local.answers[answers:])
    assert answer.text.startswith("Only this group's administrators")
    await world.press(offer, "watch:name")
    await world.local.until(lambda: "somebody called" in offer.text)
    await world.answer_to(world.local.send_text(group, world.ann, f"/article@{name} {seed(1)}"))
    (alert,) = await world.local.until(lambda: alerts(world, group), 60)
    assert alert.thread_id == topic


async def test_a_quiet_time_is_set_in_one_line(world: World):
    assert "Quiet from 22:00 to 07:30 (UTC)" in (await world.ask("/watch quiet 22-7:30")).text
    assert "Quiet from 22:00 to 07:30 (UTC)" in (await world.ask("/watch")).text
    assert "Write the quiet time like this" in (await world.ask("/watch quiet nights")).text
    assert "no quiet time any more" in (await world.ask("/watch quiet off")).text


@pytest.mark.faults
async def test_a_refusal_that_passes_costs_no_alert_and_doubles_none(world: World, other: tuple[Chat, User]):
    await bring(world, 1, other)
    await world.ask(f"/watch {NAME}")
    card = world.local.send_text(*other, seed(2))
    # The card is edited or sent before; what is sent to Ann's chat alone is the alert.
    await world.card_of(card)
    world.local.fail_next("sendMessage", 429, retry_after=1)
    (alert,) = await world.local.until(lambda: alerts(world), 60)
    assert "perhaps you have read this already" not in alert.text


@pytest.mark.faults
async def test_a_line_that_breaks_after_the_alert_has_arrived_is_owned_up_to(world: World, other: tuple[Chat, User]):
    await bring(world, 1, other)
    await world.ask(f"/watch {NAME}")
    await world.card_of(world.local.send_text(*other, seed(2)))
    world.local.fail_next("sendMessage", "drop")
    found = await world.local.until(lambda: len(world.local.messages(world.chat)) and told_twice(world), 90)
    assert "perhaps you have read this already" in found[-1].text


def told_twice(world: World) -> list[Message]:
    found = [each for each in world.local.messages(world.chat) if f"👁 {NAME}" in each.text]
    return found if len(found) == 2 else []


async def test_watches_survive_a_restart(tmp_path: Path, pool: ExtractionPool):
    async with open_world(tmp_path / "kept.db", pool) as world:
        await world.press(await world.ask(f"/watch {NAME}"), "watch:name")
    async with open_world(tmp_path / "kept.db", pool, first_update_id=1000) as world:
        assert NAME in (await world.ask("/watch")).text
