"""Having things erased as people do it: who may, what is asked first, and that nothing is left; over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.local_telegram import Chat, Message, User, origin_channel
from domain.extraction import Extraction, Metadata
from tests.bot.support import World, open_world
from tests.services.conftest import Prepared

ARTICLE = "The council of Lundvik has sold four berths, its chief auditor said on Monday. " * 6
OTHER = "The ferries to Ostholm stay in port until Friday, their union said in Brackwater. " * 6


class Headlines(Prepared):
    """An extraction that finds an article's first sentence."""

    async def extract(self, text: str, given: Metadata) -> Extraction:
        return Extraction(replace(given, headline=text.partition(".")[0]))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path / "test.db", Headlines()) as made:
        yield made
        assert await made.failed_jobs() == []


async def say(world: World, chat: Chat, user: User, text: str) -> Message:
    return await world.answer_to(world.local.send_text(chat, user, text))


async def tap(world: World, message: Message, data: str, user: User, *, forged: bool = False) -> str:
    query = world.local.press(message, data, user, forged=forged)
    answers = await world.local.until(lambda: [each for each in world.local.answers if each.query_id == query])
    return answers[0].text


async def erased(world: World, asked: Message) -> None:
    await world.local.until(lambda: asked.text.startswith("Erased."))


def left_of(folder: Path, *words: str) -> set[str]:
    content = b"".join(path.read_bytes() for path in sorted(folder.glob("test.db*"))).lower()
    return {word for word in words if word.lower().encode() in content}


async def test_a_person_has_all_of_their_chat_erased(world: World, tmp_path: Path):
    origin = origin_channel(world.local.create_channel("Harbourpost", world.local.create_user("Owner")), 12, 0)
    sent = world.local.send_text(world.chat, world.ann, ARTICLE, forward_origin=origin)
    await world.card_of(sent)
    assert left_of(tmp_path, "lundvik", "harbourpost", "annlee") == {"lundvik", "harbourpost", "annlee"}
    asked = await world.ask("/forget_me")
    assert asked.text.startswith("Erase all that I keep of you?")
    await tap(world, asked, f"forget:me:{world.ann.id}", world.ann)
    await erased(world, asked)
    assert left_of(tmp_path, "lundvik", "harbourpost", "annlee", "Ann Lee") == set()
    assert (await world.ask("/search berths")).text.startswith("Nothing")
    # Who comes again is new.
    assert "The council of Lundvik" in (await world.card_of(world.local.send_text(world.chat, world.ann, ARTICLE))).text


async def test_who_says_no_keeps_everything(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, ARTICLE))
    asked = await world.ask("/forget_chat")
    assert "/export first gives you a copy" in asked.text
    await tap(world, asked, "forget:no", world.ann)
    await world.local.until(lambda: asked.text == "Nothing was erased.")
    assert "The council of Lundvik" in (await world.ask("/search berths")).text


async def test_in_a_group_administrators_alone_have_all_of_it_erased(world: World, tmp_path: Path):
    bob = world.local.create_user("Bob")
    desk = world.local.create_supergroup("Newsdesk", world.ann, bot_status="administrator")
    await world.card_of(world.local.send_text(desk, bob, f"/article {ARTICLE}"))
    assert (await say(world, desk, bob, "/forget_chat")).text == "Only administrators of this chat can do that."
    asked = await say(world, desk, world.ann, "/forget_chat")
    assert await tap(world, asked, "forget:chat", bob) == "Only administrators of this chat can do that."
    assert left_of(tmp_path, "lundvik") == {"lundvik"}
    await tap(world, asked, "forget:chat", world.ann)
    await erased(world, asked)
    assert left_of(tmp_path, "lundvik", "newsdesk") == set()


async def test_in_a_group_everybody_has_their_own_erased_and_nobody_anothers(world: World, tmp_path: Path):
    bob = world.local.create_user("Bob", "Brackname")
    desk = world.local.create_supergroup("Newsdesk", world.ann, bot_status="administrator")
    await world.card_of(world.local.send_text(desk, bob, f"/article {OTHER}"))
    await world.card_of(world.local.send_text(desk, world.ann, f"/article {ARTICLE}"))
    asked = await say(world, desk, bob, "/forget_me")
    assert asked.text.startswith("Erase what I keep of you in this group?")
    yes = f"forget:me:{bob.id}"
    assert (await tap(world, asked, yes, world.ann)).startswith("Only who has asked for this can do that.")
    await tap(world, asked, yes, bob)
    await erased(world, asked)
    assert left_of(tmp_path, "ostholm", "brackname", "lundvik") == {"lundvik"}


async def test_how_long_articles_are_kept_is_set_by_buttons_of_the_settings(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, ARTICLE))
    settings = await world.ask("/settings")
    await tap(world, settings, "keep:which", world.ann)
    await tap(world, settings, "keep:ask:90", world.ann)
    assert settings.text.startswith("Erase each article 90 days after it came in?")
    await tap(world, settings, "keep:90", world.ann)
    assert [button.text for button in settings.buttons][1] == "✓ 90 days"
    await tap(world, settings, "sub:all", world.ann)
    assert "Articles: kept for 90 days" in settings.text
    await tap(world, settings, "keep:which", world.ann)
    await tap(world, settings, "keep:off", world.ann)
    assert "kept until somebody here has them erased" in settings.text
    assert "kept until somebody" in (await world.ask("/privacy")).text


async def test_in_a_group_everybody_sees_how_long_articles_are_kept_and_administrators_alone_set_it(world: World):
    bob = world.local.create_user("Bob")
    desk = world.local.create_supergroup("Newsdesk", world.ann, bot_status="administrator")
    shown = await say(world, desk, bob, "/settings")
    assert await tap(world, shown, "keep:which", bob) == ""
    for data in ("keep:ask:30", "keep:30", "keep:off"):
        assert await tap(world, shown, data, bob, forged=True) == "Only administrators of this chat can do that."
    assert "kept until somebody" in shown.text


async def test_how_long_articles_are_kept_is_asked_said_and_set(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, ARTICLE))
    assert "kept until somebody here has them erased" in (await world.ask("/privacy")).text
    assert (await world.ask("/retention soon")).text.startswith("Write /retention 365d")
    assert (await world.ask("/retention 0d")).text.startswith("Write /retention 365d")
    asked = await world.ask("/retention 30d")
    assert asked.text.startswith("Erase each article 30 days after it came in?")
    await tap(world, asked, "keep:30", world.ann)
    await world.local.until(lambda: "erased 30 days after" in asked.text)
    assert "erased 30 days after it came in" in (await world.ask("/privacy")).text
    assert "kept until somebody" in (await world.ask("/retention off")).text
    assert await tap(world, asked, "keep:99999", world.ann, forged=True) == ""
    assert "kept until somebody" in (await world.ask("/privacy")).text
