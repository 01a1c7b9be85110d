"""Pictures of a person, over HTTP: asked for, switched, led back from, and told in words where they fail."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.local_telegram import Message
from bot.local_telegram.media import picture_size
from domain.articles import IncomingArticle, Taken
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import Attribution, AttributionKind, Extraction, Factuality, Metadata, Source
from domain.pictures import Picture
from services import intake, reading
from tests.bot.support import World, open_world
from tests.samples import forward, named, passage
from tests.services.conftest import Prepared

TEXT = "Torvin Hagelund said the pier of Ada Kestrel is closed. Ada Kestrel said Torvin Hagelund is right."


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A chat with two articles: in one, somebody speaks about somebody; in the other, a third is only named."""
    prepared = Prepared()
    hagelund, kestrel = named(TEXT, "Torvin Hagelund"), named(TEXT, "Ada Kestrel")
    contents = ("the pier of Ada Kestrel is closed", "Torvin Hagelund is right")
    prepared.results[TEXT] = Extraction(
        Metadata(date_published="2026-03-10"),
        (hagelund, kestrel),
        tuple(
            Attribution(
                Source(person.name, passage(TEXT, person.name).spans, place),
                None,
                passage(TEXT, contents[place]),
                Factuality.CERTAIN,
                AttributionKind.SPEECH,
            )
            for place, person in enumerate((hagelund, kestrel))
        ),
    )
    quiet = "Ole Moor was there, and nobody said anything about it."
    prepared.results[quiet] = Extraction(people=(named(quiet, "Ole Moor"),))
    async with open_world(tmp_path / "test.db", prepared) as made:
        chat = ChatIdentity(made.chat.id, ChatKind.PRIVATE, "Ann Lee")
        for number, text in enumerate((TEXT, quiet), start=1):
            taken = await intake.take_in(made.services, IncomingArticle(text, forward(chat, 1000 + number)))
            assert isinstance(taken, Taken)
            await reading.read(made.services, taken.article, None)
        yield made


def shown(world: World, message: Message) -> tuple[int, int]:
    """The size of the picture in a message, of which Telegram has all bytes."""
    photo = message.content["photo"][-1]
    size = picture_size(world.local.files[photo["file_id"]].data)
    assert size == (photo["width"], photo["height"])
    return size


async def test_a_timeline_and_a_net_take_each_others_place_and_lead_back(world: World):
    picture = await world.ask("/timeline hagelund")
    assert shown(world, picture) == (1080, 1080)
    assert picture.text.startswith("Torvin Hagelund, 10 March 2026")
    turn, back = picture.buttons
    assert turn.data is not None and back.data is not None
    await world.press(picture, turn.data)
    assert shown(world, picture)[0] == 1080
    assert "Torvin Hagelund → Ada Kestrel: 1 claim" in picture.text
    assert picture.buttons[0].data == turn.data.replace("net", "timeline")
    await world.press(picture, picture.buttons[0].data)
    assert picture.text.startswith("Torvin Hagelund, 10 March 2026")
    await world.press(picture, back.data)
    dossier = await world.answer_to(picture)
    assert dossier.text.startswith("Torvin Hagelund")
    assert "photo" in picture.content and "photo" not in dossier.content


async def test_a_net_is_drawn_and_a_button_below_a_text_brings_a_picture_as_an_answer(world: World):
    picture = await world.ask("/net Ada Kestrel")
    assert shown(world, picture)[0] == 1080
    assert "Torvin Hagelund → Ada Kestrel: 1 claim" in picture.text
    dossier = await world.ask("/who Kestrel")
    forged = picture.buttons[0].data
    assert forged is not None
    world.local.press(dossier, forged, world.ann, forged=True)
    assert shown(world, await world.answer_to(dossier)) == (1080, 1080)


@pytest.mark.parametrize(
    ("asked", "begins", "buttons"),
    [
        ("/timeline", "Whom do you mean? Write a name after it: /timeline Name", 0),
        ("/net", "Whom do you mean? Write a name after it: /net Name", 0),
        ("/net Quillfeather", "I don't know “Quillfeather”", 0),
        ("/timeline Hagebergund", "I don't know “Hagebergund”", 1),
        ("/timeline Ole Moor", "No claim by or about Ole Moor yet", 1),
        ("/net Ole Moor", "Nobody speaks about Ole Moor yet", 2),
    ],
)
async def test_where_there_is_no_picture_there_is_a_sentence(world: World, asked: str, begins: str, buttons: int):
    answer = await world.ask(asked)
    assert "photo" not in answer.content
    assert answer.text.startswith(begins)
    assert len(answer.buttons) == buttons


async def test_a_person_of_another_chat_is_not_drawn(world: World):
    picture = await world.ask("/timeline hagelund")
    stranger = world.local.create_user("Bob")
    chat = world.local.create_private_chat(stranger)
    theirs = await world.answer_to(world.local.send_text(chat, stranger, "/help"))
    button = picture.buttons[0].data
    assert button is not None
    query = world.local.press(theirs, button, stranger, forged=True)
    await world.local.until(lambda: [each for each in world.local.answers if each.query_id == query])
    assert world.local.answers[-1].text == "Nobody of this number is in this chat's archive."
    assert len(world.local.messages(chat)) == 1


async def test_a_picture_that_telegram_refuses_or_that_cannot_be_drawn_is_told_in_words(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    class Torn:
        png = b"no picture"
        spelt = ()

    async def torn(picture: Picture) -> Torn:
        return Torn()

    async def none(picture: Picture) -> None:
        return None

    for drawing in (torn, none):
        monkeypatch.setattr(type(world.services.drawing), "draw", staticmethod(drawing))
        told = await world.ask("/timeline hagelund")
        assert "photo" not in told.content
        assert "They say: 1 claim." in told.text
        assert told.text.endswith("The picture could not be made; these are its numbers.")
        assert [button.text for button in told.buttons] == ["Who speaks about whom", "All about them"]
