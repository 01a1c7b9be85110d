"""In which language people are answered: their own at first, then the chosen one, in groups English; over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.local_telegram import Chat, Message, User
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Extraction, Metadata
from handlers.replies.language import ENGLISH, LANGUAGES, spoken
from handlers.speaking import spoken_to
from services import chats
from tests.bot.support import World, open_world
from tests.services.conftest import Prepared

ARTICLE = "The council of Lundvik has sold four berths, its chief auditor said on Monday. " * 6


class Headlines(Prepared):
    """An extraction that finds an article's first sentence."""

    async def extract(self, text: str, given: Metadata) -> Extraction:
        return Extraction(replace(given, headline=text.partition(".")[0]))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A running bot that reads the first sentence of an article as its headline, and nothing else."""
    async with open_world(tmp_path / "test.db", Headlines()) as made:
        yield made
        assert await made.failed_jobs() == []


@pytest.fixture
def olena(world: World) -> User:
    return world.local.create_user("Olena", language_code="uk")


@pytest.fixture
def home(world: World, olena: User) -> Chat:
    return world.local.create_private_chat(olena)


async def say(world: World, chat: Chat, user: User, text: str) -> Message:
    return await world.answer_to(world.local.send_text(chat, user, text))


async def tap(world: World, message: Message, data: str, user: User) -> str:
    query = world.local.press(message, data, user)
    answers = await world.local.until(lambda: [each for each in world.local.answers if each.query_id == query])
    return answers[0].text


async def test_who_speaks_ukrainian_gets_help_and_cards_in_ukrainian(world: World, home: Chat, olena: User):
    """The card, too, which is sent when nobody has just written."""
    card = await say(world, home, olena, ARTICLE)
    await world.local.until(lambda: "Я не знайшов у ній жодної заяви" in card.text)
    assert [button.text for button in card.buttons] == ["Помилка?"]
    told = await say(world, home, olena, "/help")
    assert "Перешліть або вставте статтю" in told.text and "Знайти слова в заявах і статтях" in told.text
    assert "англійською" in told.text


async def test_a_person_of_another_language_is_answered_in_english(world: World):
    maria = world.local.create_user("Maria", language_code="pt-br")
    told = await say(world, world.local.create_private_chat(maria), maria, "/help")
    assert "Forward or paste an article" in told.text


async def test_the_language_that_is_chosen_is_spoken_from_then_on(world: World, home: Chat, olena: User):
    choice = await say(world, home, olena, "/language")
    assert "Якою мовою" in choice.text
    assert [button.text for button in choice.buttons if button.text.startswith("✓")] == ["✓ Українська"]
    await tap(world, choice, "language:de", olena)
    await world.local.until(lambda: choice.text.startswith("Von nun an spreche ich in diesem Chat Deutsch."))
    assert (await say(world, home, olena, "/who")).text.startswith("Wen meinen Sie?")
    commands = world.local.my_commands[f"chat:{home.id}", ""]
    assert {"command": "search", "description": "Wörter in Aussagen und Artikeln finden"} in commands


async def test_a_language_that_is_none_of_ours_changes_nothing(world: World, home: Chat, olena: User):
    choice = await say(world, home, olena, "/language")
    query = world.local.press(choice, "language:xx", olena, forged=True)
    await world.local.until(lambda: [each for each in world.local.answers if each.query_id == query])
    assert (await say(world, home, olena, "/who")).text.startswith("Кого Ви маєте на увазі?")


async def test_a_group_is_spoken_to_in_english_until_an_administrator_chooses(world: World, olena: User):
    group = world.local.create_group("News desk", olena)
    bob = world.local.create_user("Bob", language_code="uk")
    group.members[bob.id] = "member"
    assert (await say(world, group, olena, "/who")).text.startswith("Whom do you mean?")
    refused = await say(world, group, bob, "/language")
    assert refused.text == "Only administrators of this chat can choose its language."
    choice = await say(world, group, olena, "/language")
    assert await tap(world, choice, "language:fr", bob) == "Only administrators of this chat can choose its language."
    await tap(world, choice, "language:fr", olena)
    for user in (olena, bob):
        assert (await say(world, group, user, "/who")).text.startswith("De qui parlez-vous")


async def test_telegram_is_told_the_commands_in_each_language(world: World):
    told = world.local.my_commands
    assert set(told) == {("default", "" if language == ENGLISH else language) for language in LANGUAGES}
    said = {next(each["description"] for each in commands if each["command"] == "help") for commands in told.values()}
    assert len(said) == len(LANGUAGES)


async def test_what_a_chat_wants_elsewhere_is_told_there_in_its_language_until_another_is_chosen(world: World):
    """As a digest that goes to a channel, where nobody has chosen one."""
    home, channel = (
        ChatIdentity(world.chat.id, ChatKind.PRIVATE, "Ann"),
        ChatIdentity(-100500, ChatKind.CHANNEL, "Lundvik news"),
    )
    await chats.speak(world.services, home, "uk")
    await chats.know(world.services, channel)
    async with spoken_to(world.services, channel.id, home.id):
        assert spoken() == "uk"
    async with spoken_to(world.services, channel.id):
        assert spoken() == ENGLISH
    await chats.speak(world.services, channel, "he")
    async with spoken_to(world.services, channel.id, home.id):
        assert spoken() == "he"
    assert spoken() == ENGLISH
