"""Whatever people send as an article becomes one article, over HTTP: one card, or one sentence that says why not."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.local_telegram import Chat, Message, User, origin_channel, origin_chat, origin_hidden_user, origin_user
from domain.extraction import Extraction, Metadata
from domain.messages import NEARLY_FULL
from tests.bot.support import World, open_world
from tests.readers import sample_files as files
from tests.readers.web.hostile import Server, by_path, page, redirect, serving

HEADLINE = "Ferry to Tessel stays in port"
SENTENCE = "The harbour office said on Thursday that divers had found a crack of forty centimetres in the hull. "
STORY = f"{HEADLINE}\n\n{SENTENCE * 4}".strip()
LONG = f"{HEADLINE}\n\n{SENTENCE * 60}"[: NEARLY_FULL + 500].strip()
PAGE = f"<html><head><title>{HEADLINE}</title></head><body><article><h1>{HEADLINE}</h1>" + "".join(
    f"<p>{number}. {SENTENCE * 2}</p>" for number in range(5)
)


def story(number: int) -> str:
    """A text that differs from every other one in all but the harbour office."""
    return f"Ferry {number} stays in port\n\n" + " ".join(
        f"The harbour office said about ferry {number} that crack {number}{part} is in the hull." for part in range(6)
    )


class FirstLine:
    """Extraction is not what these tests are about: an article's headline is its first line."""

    async def extract(self, text: str, given: Metadata) -> Extraction:
        return Extraction(Metadata(given.headline or text.partition("\n")[0], given.publisher, url=given.url))

    def warm_up(self) -> None:
        """There is nothing to get ready."""


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    answers = {
        "/story": page(PAGE),
        "/other": page(PAGE.replace("ferry", "bridge").replace("Ferry", "Bridge").replace("hull", "pillar")),
        "/moved": redirect("/story"),
        "/log-in": page("<form><input type=password></form>", status="401 Unauthorized"),
        "/file.pdf": page(files.pdf([files.placed(files.ARTICLE)]), "Content-Type: application/pdf"),
    }
    async with serving(by_path(answers)) as made:
        yield made


@pytest.fixture
async def world(tmp_path: Path, server: Server) -> AsyncIterator[World]:
    async with open_world(tmp_path / "test.db", FirstLine(), allowed_private=(f"127.0.0.1:{server.port}",)) as made:
        yield made


def address(server: Server, path: str) -> str:
    return f"http://127.0.0.1:{server.port}{path}"


def answers(world: World, message: Message) -> list[Message]:
    return [each for each in world.local.messages(message.chat) if each.reply_to is message]


async def settled(world: World, chat: Chat | None = None) -> list[Message]:
    """Wait until the bot has nothing left to do, and return what it has sent to a chat."""

    async def open_jobs() -> int:
        counts = await world.services.queue.counts()
        return sum(number for (_, state), number in counts.items() if state in ("ready", "running"))

    quiet = 0
    while quiet < 3:
        await asyncio.sleep(0.1)
        quiet = 0 if world.local.updates.pending or await open_jobs() else quiet + 1
    return world.local.messages(chat or world.chat)


async def bodies(world: World) -> list[str]:
    async with world.services.database.reading() as db:
        return [row["body"] for row in await db.all("SELECT body FROM articles ORDER BY id")]


async def forwards(world: World) -> list[dict[str, object]]:
    async with world.services.database.reading() as db:
        return [dict(row) for row in await db.all("SELECT * FROM forwards ORDER BY id")]


RUSSIAN = "Начальник порта сообщил в четверг, что водолазы нашли в корпусе трещину длиной сорок сантиметров. "
PDF = files.pdf([files.placed(files.ARTICLE)])
DATE = 1_770_000_000


def somebody(world: World) -> tuple[Chat, User]:
    """A person with a private chat of their own, so that nobody's forwards are many in a row."""
    user = world.local.create_user(f"Reader {len(world.local.users)}")
    return world.local.create_private_chat(user), user


# ------------------------------------------------------------------ forms


def origins(world: World) -> dict[str, dict[str, object]]:
    channel = world.local.create_channel("Courier", world.ann, username="courier")
    group = world.local.create_supergroup("The desk", world.ann)
    return {
        "a user": origin_user(world.local.create_user("Bob", "Lund", "boblund"), DATE),
        "a hidden user": origin_hidden_user("Somebody", DATE),
        "a group": origin_chat(group, DATE, "The editor"),
        "a channel": origin_channel(channel, 7, DATE, "K. Roth"),
    }


@pytest.mark.parametrize(
    ("who", "line", "link"),
    [
        ("a user", "forwarded from @boblund", None),
        ("a hidden user", "forwarded from Somebody", None),
        ("a group", "forwarded from The desk, signed The editor", None),
        ("a channel", "forwarded from @courier, signed K. Roth", "https://t.me/courier/7"),
    ],
)
async def test_a_card_says_where_a_forward_came_from(world: World, who: str, line: str, link: str | None):
    message = world.local.send_text(world.chat, world.ann, STORY, forward_origin=origins(world)[who])
    card = await world.card_of(message)
    assert card.text.split("\n")[1] == line
    assert [entity.get("url") for entity in card.entities if entity["type"] == "text_link"] == ([link] if link else [])


def files_sent() -> list[tuple[str, bytes, str, str]]:
    return [
        ("ferry.pdf", PDF, "application/pdf", files.HEADLINE),
        ("ferry.docx", files.docx_file([(each, None) for each in files.ARTICLE]), "", files.HEADLINE),
        ("ferry.odt", files.odt_file([(each, 0) for each in files.ARTICLE]), "", files.HEADLINE),
        ("ferry.html", PAGE.encode(), "text/html", HEADLINE),
        ("ferry.eml", bytes(files.mail()), "message/rfc822", files.HEADLINE),
        ("ferry.md", f"# {STORY}".encode(), "text/markdown", HEADLINE),
        ("порт.txt", f"Паром стоит в порту\n\n{RUSSIAN * 5}".encode("cp1251"), "text/plain", "Паром стоит в порту"),
        ("ferry.txt", STORY.encode("utf-16-le"), "text/plain", HEADLINE),
    ]


async def test_a_file_of_every_form_gives_one_card(world: World):
    sent = []
    for name, data, mime, headline in files_sent():
        chat, user = somebody(world)
        sent.append((world.local.send_document(chat, user, name, data, mime or "application/zip"), name, headline))
    await settled(world)
    found = {name: [each.text.split("\n")[0] for each in answers(world, message)] for message, name, _ in sent}
    assert found == {name: [headline] for _, name, headline in sent}


BAD_FILES = [
    ("scan.pdf", files.pdf([[]], pictures=True), "pictures without text"),
    ("cut.pdf", PDF[: len(PDF) // 2], "damaged"),
    ("empty.txt", b" ", "no text"),
    ("articles.zip", files.zip_file({"a.txt": STORY.encode()}), "archive"),
    ("prog.exe", b"MZ\x90\x00\x03\x00\x00\xff", "of a kind"),
    ("short.txt", b"Ferry sinks.", "no article"),
]


async def test_a_file_without_an_article_gets_one_sentence(world: World):
    sent = []
    for name, data, sentence in BAD_FILES:
        chat, user = somebody(world)
        sent.append((world.local.send_document(chat, user, name, data), name, sentence))
    await settled(world)
    for message, name, sentence in sent:
        (told,) = answers(world, message)
        assert told.text.startswith(f"I can't read “{name}”: "), told.text
        assert sentence in told.text
    assert await bodies(world) == []


@pytest.mark.parametrize("how", ["plain", "behind words", "in a caption", "preview", "moved"])
async def test_a_link_gives_the_article_behind_it(world: World, server: Server, how: str):
    local, chat, ann = world.local, world.chat, world.ann
    url = address(server, "/story")
    hidden = [{"type": "text_link", "offset": 0, "length": 4, "url": url}]
    sent = {
        "plain": lambda: local.send_text(chat, ann, url),
        "behind words": lambda: local.send_text(chat, ann, "Read this", entities=hidden),
        "in a caption": lambda: local.send_photo(chat, ann, url),
        "preview": lambda: local.send_text(chat, ann, "Read this", link_preview_url=url),
        "moved": lambda: local.send_text(chat, ann, address(server, "/moved")),
    }[how]()
    card = await world.card_of(sent)
    assert card.text.startswith(HEADLINE)
    (body,) = await bodies(world)
    assert "forty centimetres" in body
    assert ("Ann Lee: Read this" in card.text) == (how in ("behind words", "preview"))


async def test_several_links_are_an_article_each(world: World, server: Server):
    text = f"Two for tonight: {address(server, '/story')} and {address(server, '/other')}"
    message = world.local.send_text(world.chat, world.ann, text)
    await settled(world)
    assert sorted(each.text.split("\n")[0] for each in answers(world, message)) == [
        "Bridge to Tessel stays in port",
        HEADLINE,
    ]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/nowhere", "no such page"),
        ("/log-in", "log in"),
        ("http://127.1/", "public internet"),
        ("http://10.0.0.1/", "public"),
    ],
)
async def test_a_link_without_an_article_gets_one_sentence(world: World, server: Server, path: str, sentence: str):
    url = path if "://" in path else address(server, path)
    entity = {"type": "text_link", "offset": 0, "length": 4, "url": url}
    message = world.local.send_text(world.chat, world.ann, "Here", entities=[entity])
    told = await world.answer_to(message)
    assert told.text.startswith("I can't read “")
    assert sentence in told.text


# ------------------------------------------------------------------ several messages


async def test_a_text_split_over_messages_is_one_article(world: World):
    one = world.local.send_text(world.chat, world.ann, LONG)
    two = world.local.send_text(world.chat, world.ann, "It will not sail before Monday.")
    await world.local.until(lambda: one.reactions == ["👀"])
    sent = await settled(world)
    assert [each.reply_to for each in sent] == [one]
    (body,) = await bodies(world)
    assert body.startswith(HEADLINE) and body.endswith("It will not sail before Monday.")
    assert two.reactions == []


@pytest.mark.parametrize("what", ["photo", "video"])
async def test_the_caption_of_a_picture_or_film_is_an_article(world: World, what: str):
    file = world.local.store_file("films", "film", "application/octet-stream", b"film")
    size = {**file.facts(), "width": 4, "height": 3}
    media = {"photo": [size]} if what == "photo" else {"video": {**size, "duration": 5}}
    card = await world.card_of(world.local.send(world.chat, world.ann, {**media, "caption": STORY}))
    assert card.text.startswith(HEADLINE)
    assert await bodies(world) == [STORY]


async def test_an_album_is_one_article_by_its_caption(world: World):
    for caption in ("", STORY, ""):
        world.local.send_photo(world.chat, world.ann, caption, media_group_id="album")
    sent = await settled(world)
    assert [each.text.split("\n")[0] for each in sent] == [HEADLINE]
    assert await bodies(world) == [STORY]


async def test_an_album_without_a_caption_gets_one_sentence(world: World):
    for _ in range(3):
        world.local.send_photo(world.chat, world.ann, media_group_id="album")
    (told,) = await settled(world)
    assert "can't read pictures" in told.text


async def test_a_comment_with_a_forward_is_a_note_and_no_article_text(world: World):
    origin = origin_hidden_user("Somebody", DATE)
    world.local.send_text(world.chat, world.ann, "For Monday's meeting")
    world.local.send_text(world.chat, world.ann, STORY, forward_origin=origin)
    (card,) = await settled(world)
    assert card.text.split("\n")[:3] == [HEADLINE, "forwarded from Somebody", "Ann Lee: For Monday's meeting"]
    assert await bodies(world) == [STORY]
    assert [each["note"] for each in await forwards(world)] == ["For Monday's meeting"]


async def test_a_short_text_alone_is_told_that_it_is_no_article(world: World):
    message = world.local.send_text(world.chat, world.ann, "For Monday's meeting")
    assert "That is 3 words" in (await world.answer_to(message)).text


async def test_many_forwards_in_a_row_are_told_of_by_one_message(world: World):
    origin = origin_hidden_user("Somebody", DATE)
    for number in range(50):
        world.local.send_text(world.chat, world.ann, story(number), forward_origin=origin)
    world.local.send_text(world.chat, world.ann, story(3), forward_origin=origin)
    sent = await settled(world)
    batch = next(each for each in sent if each.text.startswith("51 articles"))
    assert batch.text.split("\n")[0] == "51 articles: 50 new, 1 here already"
    assert len(sent) <= 6, "a few cards may be out before there are many in a row"
    assert len(await bodies(world)) == 50
    world.local.press(batch, "batch:1:6", forged=True)
    await world.local.until(lambda: "(here already)" in batch.text)
    assert [button.text for button in batch.buttons] == ["‹ Before"]


async def test_another_chat_is_not_told_of_a_batch(world: World):
    for number in range(6):
        world.local.send_text(world.chat, world.ann, story(number))
    await settled(world)
    chat, user = somebody(world)
    card = await world.card_of(world.local.send_text(chat, user, STORY))
    world.local.press(card, "batch:1:0", forged=True)
    (told,) = await world.local.until(lambda: world.local.answers)
    assert told.text == "I don't know these articles any more."
    assert card.text.startswith(HEADLINE)


# ------------------------------------------------------------------ edits, channels, groups


async def test_an_edited_message_brings_its_article_and_card_up_to_date(world: World):
    message = world.local.send_text(world.chat, world.ann, STORY)
    card = await world.card_of(message)
    world.local.edit_text(message, STORY.replace("Ferry to Tessel", "Ferry to Osby"))
    await world.local.until(lambda: card.text.startswith("Ferry to Osby stays in port"))
    assert await settled(world) == [card]
    assert await bodies(world) == [STORY.replace("Ferry to Tessel", "Ferry to Osby")]
    async with world.services.database.reading() as db:
        versions = await db.all("SELECT body, headline FROM article_versions")
    assert [dict(each) for each in versions] == [{"body": STORY, "headline": HEADLINE}]


async def test_an_edited_part_brings_the_whole_article_up_to_date(world: World):
    world.local.send_text(world.chat, world.ann, LONG)
    rest = world.local.send_text(world.chat, world.ann, "It will not sail before Monday.")
    await settled(world)
    world.local.edit_text(rest, "It will not sail before Friday.")
    await settled(world)
    (body,) = await bodies(world)
    assert body.startswith(HEADLINE) and body.endswith("before Friday.")


async def test_an_edit_that_leaves_no_article_changes_nothing(world: World):
    message = world.local.send_text(world.chat, world.ann, STORY)
    card = await world.card_of(message)
    world.local.edit_text(message, "Deleted.")
    world.local.edit_text(world.local.send_text(world.chat, world.ann, "/help"), "/privacy")
    await settled(world)
    assert await bodies(world) == [STORY]
    assert card.edits <= 1


async def test_a_channel_where_the_bot_is_admin_keeps_its_posts_and_their_edits(world: World):
    channel = world.local.create_channel("Our press", world.ann, username="ourpress")
    post = world.local.send_text(channel, None, STORY)
    card = await world.card_of(post)
    assert card.text.startswith(HEADLINE)
    world.local.edit_text(post, STORY.replace("Thursday", "Friday"))
    await settled(world)
    assert await bodies(world) == [STORY.replace("Thursday", "Friday")]
    world.local.send_text(channel, None, "Good night!")
    assert await settled(world, channel) == [card], "nobody is interrupted"


@pytest.mark.parametrize("words", ["/article", "@presswatch_bot", "@presswatch_bot please", "/article@presswatch_bot"])
async def test_an_answer_to_a_message_takes_that_message_in(world: World, words: str):
    group = world.local.create_supergroup("The desk", world.ann, bot_status="member")
    bob = world.local.create_user("Bob")
    message = world.local.send_text(group, bob, STORY)
    await settled(world, group)
    assert await bodies(world) == [], "in privacy mode the bot does not see it"
    world.local.send_text(group, world.ann, words, reply_to=message)
    card = await world.card_of(message)
    assert card.text.startswith(HEADLINE)
    assert [each["sender"] for each in await forwards(world)] == ["Bob"]


async def test_article_takes_a_link_or_says_how_it_is_used(world: World, server: Server):
    told = await world.ask("/article")
    assert "Answer to the message" in told.text
    card = await world.card_of(world.local.send_text(world.chat, world.ann, f"/article {address(server, '/story')}"))
    assert card.text.startswith(HEADLINE)


async def test_in_a_group_links_in_talk_are_left_alone(world: World, server: Server):
    group = world.local.create_supergroup("The desk", world.ann, bot_status="administrator")
    world.local.send_text(group, world.ann, f"lol, look at {address(server, '/story')}")
    world.local.send_text(group, world.ann, address(server, "/nowhere"))
    assert await settled(world, group) == []
    bare = world.local.send_text(group, world.ann, address(server, "/story"))
    assert (await world.card_of(bare)).text.startswith(HEADLINE)


async def test_a_press_review_is_offered_as_several_articles(world: World):
    review = "\n\n".join(f"# {story(number)}\n\nSource: The Courier, 3 March 2026" for number in range(3))
    message = world.local.send_document(world.chat, world.ann, "review.md", review.encode(), "text/markdown")
    offer = await world.answer_to(message)
    assert offer.text.startswith("“review.md” holds 3 articles:")
    await world.press(offer, "file:each")
    await settled(world)
    assert len(await bodies(world)) == 3


async def test_the_same_link_again_is_here_already(world: World, server: Server):
    await world.card_of(world.local.send_text(world.chat, world.ann, address(server, "/story")))
    again = world.local.send_text(world.chat, world.ann, address(server, "/story"))
    assert (await world.answer_to(again)).text.startswith("Already here: forwarded by Ann Lee on ")


@pytest.mark.parametrize("words", ["/article ", "/article\n", "/article@presswatch_bot\n\n", "@presswatch_bot, "])
async def test_the_words_that_call_the_bot_are_no_part_of_the_article(world: World, words: str):
    message = world.local.send_text(world.chat, world.ann, words + STORY)
    await world.card_of(message)
    world.local.edit_text(message, words + STORY.replace("Thursday", "Friday"))
    await settled(world)
    assert await bodies(world) == [STORY.replace("Thursday", "Friday")]


async def test_a_forward_that_begins_with_a_slash_is_no_command(world: World):
    origin = origin_hidden_user("Somebody", DATE)
    card = await world.card_of(world.local.send_text(world.chat, world.ann, f"/news {STORY}", forward_origin=origin))
    assert card.text.startswith("/news Ferry")


async def test_in_a_topic_of_a_forum_the_bot_is_addressed_as_anywhere(world: World, server: Server):
    forum = world.local.create_supergroup("The desk", world.ann, forum=True)
    topic = world.local.create_topic(forum, world.ann, "Ferries")
    link = world.local.send_text(forum, world.ann, f"/article {address(server, '/story')}", thread_id=topic)
    assert (await world.card_of(link)).thread_id == topic
    asked = world.local.send_text(forum, world.ann, "@presswatch_bot who is Ann Lee?", thread_id=topic)
    assert "I don't know" in (await world.answer_to(asked)).text


async def test_people_who_talk_in_a_group_are_not_interrupted(world: World):
    group = world.local.create_supergroup("The desk", world.ann, bot_status="administrator")
    origin = origin_hidden_user("Somebody", DATE)
    card = await world.card_of(world.local.send_text(group, world.ann, STORY, forward_origin=origin))
    world.local.send_text(group, world.ann, "Good find!", reply_to=card)
    world.local.send_text(group, world.ann, SENTENCE * 3)
    assert await settled(world, group) == [card]
    asked = world.local.send_text(group, world.ann, "who is Ann Lee?", reply_to=card)
    assert "I don't know" in (await world.answer_to(asked)).text


async def test_messages_behind_one_that_cannot_be_answered_are_taken_in(world: World):
    world.local.fail_next("sendMessage", 403)
    world.local.send_text(world.chat, world.ann, "A word")
    await settled(world)
    world.local.send_photo(world.chat, world.ann, STORY, media_group_id="album")
    await settled(world)
    assert await bodies(world) == [STORY]


async def test_nobody_s_card_is_kept_back_by_another_s_batch(world: World):
    group = world.local.create_supergroup("The desk", world.ann, bot_status="administrator")
    bob = world.local.create_user("Bob")
    origin = origin_hidden_user("Somebody", DATE)
    first = world.local.send_text(group, world.ann, story(0), forward_origin=origin)
    for number in range(1, 7):
        world.local.send_text(group, bob, story(number), forward_origin=origin)
    sent = await settled(world, group)
    assert [each.text.split("\n")[0] for each in sent if each.reply_to is first] == ["Ferry 0 stays in port"]
    assert any(each.text.startswith("6 articles: ") for each in sent)
