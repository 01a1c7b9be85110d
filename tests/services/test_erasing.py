"""Erasing: nothing of what a chat or a user brought is left, in tables or in the files' bytes, and no more goes."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import time, timedelta
from pathlib import Path

import pytest

from domain.articles import AlreadyHere, Forward, IncomingArticle, MessagePart, Origin, OriginKind, Taken
from domain.chats import ChatIdentity, ChatKind, Role
from domain.corrections import CorrectionKind, CorrectionState, Editor, NewCorrection
from domain.erasing import Asked, Erased
from domain.extraction import Attribution, AttributionKind, Extraction, Factuality, Metadata, Source
from domain.jobs import JobKind, NewJob
from domain.messages import IncomingMessage
from domain.questions import Asked as Wants
from domain.questions import Question
from domain.schedule import Timetable
from domain.sharing import Inviter, Offer
from domain.subscriptions import Filters, Wish
from services import (
    Services,
    asking,
    delivering,
    erasing,
    intake,
    reading,
    receiving,
    relating,
    retention,
    sharing,
    waiting,
)
from services.asking.telling import Place, keep_question, question_of
from services.cards import card_shown, show
from services.chats import know
from services.correcting import forgetting, history, making
from services.housekeeping import forget_old_jobs
from storage import corrections, deliveries, forgotten, persons, subscriptions, told
from storage.connection import Engine, Writer
from storage.told import ToldMessage
from tests.engines import ON_BOTH, ON_SQLITE, broken_references, tables
from tests.planned import planned
from tests.samples import DAY, NOON, Clock, chat_identity, named, passage
from tests.services.conftest import Prepared
from tests.services.counted import assert_counted, rows

ANN = ChatIdentity(100, ChatKind.PRIVATE, "Annetitle", "annehandle")
BOB = ChatIdentity(200, ChatKind.PRIVATE, "Bobtitle", "bobhandle")
DESK = ChatIdentity(-1001, ChatKind.SUPERGROUP, "Desktitle")
HER, HIM = (100, "Annename Lee"), (200, "Bobname Oak")


def sent(chat: ChatIdentity, message: int, sender: tuple[int, str], mark: str) -> Forward:
    origin = Origin(OriginKind.CHANNEL, f"{mark}channel", f"{mark}handle", 5, NOON, f"{mark}signature")
    return Forward(chat, message, None, sender[1], origin, NOON, f"{mark}note", sender[0])


def prepare(prepared: Prepared, mark: str, name: str | None = None) -> str:
    """An article whose every field has a word of its own, which begins with ``mark``."""
    role = f"{mark}role" if name is None else "harbour master"
    name = name or f"Odo {mark.title()}person"
    text = f"{name} said the {mark}claim is shut. The {mark}body was long, and nobody came to look at it on that day. "
    text += f"It rained in the {mark}town and the wind was strong, so that the boats stayed in the port all week long."
    source = Source(name, passage(text, name).spans, 0)
    content = passage(text, f"{mark}claim is shut")
    said = Attribution(source, passage(text, "said"), content, Factuality.CERTAIN, AttributionKind.SPEECH)
    given = Metadata(
        f"{mark}headline", f"{mark}publisher", (f"{mark}author",), "2026-03-01", "en", f"https://x.test/{mark}link"
    )
    people = (named(text, name, roles=(role,)),)
    prepared.results[text] = Extraction(given, people=people, attributions=(said,))
    return text


FIELDS = (
    *("person", "claim", "body", "town", "headline", "publisher", "author", "link", "role"),
    *("note", "channel", "handle", "signature"),
)


def words_of(mark: str, fields: Sequence[str] = FIELDS) -> set[str]:
    return {mark + field for field in fields}


async def bring(services: Services, text: str, forward: Forward) -> int:
    taken = await intake.take_in(services, IncomingArticle(text, forward, (MessagePart(forward.message_id, text),)))
    assert isinstance(taken, Taken | AlreadyHere)
    await reading.read(services, taken.article, forward.chat.id)
    await card_shown(services, forward.chat.id, taken.article, 500 + forward.message_id)
    return taken.article


async def share(services: Services, host: ChatIdentity, guest: ChatIdentity, role: Role = Role.EDITOR) -> None:
    made = await sharing.invite(services, host, Inviter(host.id, f"{host.title}inviter", host.id), role)
    assert made is not None
    assert isinstance(await sharing.join(services, guest, made[0]), Offer)


async def finish(services: Services) -> None:
    """Do what remains to be erased."""
    job = await services.queue.claim(JobKind.ERASE)
    assert job is not None
    for _ in range(200):
        if isinstance(await erasing.go_on(services, job.payload), Erased):
            await services.queue.finish(job)
            await sound(services)
            return
    raise AssertionError("it does not end")


async def forget_chat(services: Services, chat: int) -> None:
    await erasing.forget_chat(services, Asked(chat, 900, 100, "Annename Lee", "en"))
    await finish(services)


async def forget_user(services: Services, chat: int, user: tuple[int, str] = HER) -> None:
    await erasing.forget_user(services, Asked(chat, 900, *user, "en"))
    await finish(services)


async def sound(services: Services) -> None:
    """The tables fit each other and the indexes their tables."""
    await assert_counted(services)
    async with services.database.transaction() as db:
        assert await broken_references(db) == []
        if db.engine is Engine.POSTGRESQL:
            return
        assert await db.all("PRAGMA integrity_check") == [{"integrity_check": "ok"}]
        for index in ("articles_search", "claims_search"):
            await db.run(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608


async def left_of(services: Services, folder: Path, words: set[str]) -> set[str]:
    """The words that stand somewhere in the files of the database, or else in its tables, whatever their case."""
    content = b"".join(path.read_bytes() for path in sorted(folder.glob("test.db*"))).lower()  # noqa: ASYNC240  # a test
    async with services.database.reading() as db:
        for table in await tables(db) if db.engine is Engine.POSTGRESQL else ():
            kept = await db.all(f"SELECT LOWER(CAST(t AS TEXT)) AS words FROM {table} t")  # noqa: S608  # names of tables
            content += "\n".join(row["words"] for row in kept).replace(b"printword".hex(), "printword").encode()
    return {word for word in words if word.lower().encode() in content}


async def empty_tables(services: Services) -> set[str]:
    async with services.database.reading() as db:
        return {name for name in await tables(db) if not await db.one(f"SELECT 1 AS found FROM {name} LIMIT 1")}  # noqa: S608


# They hold numbers alone, and stay.
EMPTY = {"held_back", "turns", "used"}


HERS = Editor(100, "Annename Lee", 100)
# Rows for tables that take long to fill by use; the first word behind the colon names what fill() puts there.
BY_HAND = (
    """INSERT INTO deliveries (subscription_id, local_date, local_time, due, since, until, state)
    SELECT id, '2026-03-12', '08:00', :at, :at, :at, 'sending' FROM subscriptions""",
    "INSERT INTO delivery_parts SELECT id, 0, '\"digestword\"' FROM deliveries",
    "INSERT INTO delivery_messages SELECT id, 0, 77 FROM deliveries",
    "INSERT INTO digested SELECT id, :claim, 1, :at, 'CT+', 1, 0, 1 FROM subscriptions",
    "INSERT INTO article_versions VALUES (:first, :at, 'versionbody', 'versionhead')",
    "INSERT INTO imported_files VALUES (:c, 'filehash', 1)",
    "UPDATE corrections SET ended_by = 'enderword' WHERE id = :correction",
    "INSERT INTO batches VALUES (1, 100, NULL, 100, 1, :at, :at, 9)",
    "INSERT INTO batch_items VALUES (1, 1, 'https://x.test/batchword', NULL, 0, 'not_found')",
    "INSERT INTO persons (id, collection_id, name, canonical_id) VALUES (900, :c, 'Twin Twinword', 900)",
    """INSERT INTO doubts (collection_id, person_id, candidate_id, article_id, score, evidence, raised_at)
    VALUES (:c, :person, 900, :first, 0.5, '[{"kind": "fellows", "names": ["doubtword"]}]', :at)""",
    "INSERT INTO judgements VALUES (:person, 900, 'same', :correction)",
    "INSERT INTO pinned_persons VALUES (:first, 'pinnedword', :person, 900)",
    """INSERT INTO claims (id, collection_id, article_id, position, text, spans, search_text, factuality)
    VALUES (900, :c, :first, 9, 'secondword', '[]', 'secondword', 'CT+')""",
    """INSERT INTO claim_relations (collection_id, claim_id, other_id, kind, state, score, evidence, correction_id)
    VALUES (:c, :claim, 900, 'denies', 'confirmed', 1, '["relationword"]', :correction)""",
    "INSERT INTO claim_keys VALUES (:c, 6, 7, 900)",
    """INSERT INTO invitations (collection_id, chat_id, user_id, user_name, role, hash, expires_at)
    VALUES (:c, 100, 100, 'inviterword', 'reader', 'linkhash', '2027-01-01')""",
    "INSERT INTO turned_away VALUES (0, 100, :at)",
    "INSERT INTO watches VALUES (1, 100, 0, 100, 'Wanda Watchword', :person, :at)",
    "INSERT INTO alerts VALUES (1, :first, 'waits')",
    "INSERT INTO quiet_times VALUES (100, '22:00', '07:00')",
    "DELETE FROM fingerprints WHERE article_id = :first",
    "INSERT INTO fingerprints VALUES (:first, :print)",
    "INSERT INTO fingerprint_bands VALUES (:c, 5, :first)",
    "INSERT INTO reprints VALUES (:second, :first)",
    "DELETE FROM origins WHERE article_id = :second",
    "INSERT INTO origins VALUES (:second, 'name:originword')",
    """INSERT INTO chats (id, bot, collection_id, own_collection_id, kind, title, timezone, created_at)
    VALUES (-90000, 0, :c, :c, 'group', 'restoredtitle', 'UTC', :at)""",
    "INSERT INTO restored_chats VALUES (-90000, :c, -77, 'group')",
)
WRITTEN = """filterword digestword versionbody versionhead filehash topicword saidword correctedword enderword batchword
    twinword doubtword pinnedword secondword watchword printword originword restoredtitle relationword inviterword
    linkhash queuedname queuedword jobword waitingword wxnote annetitle annehandle annename"""


async def fill(services: Services, prepared: Prepared) -> set[str]:
    """Have a chat kept in every table, and return words that stand in every kind of field."""
    texts = {mark: prepare(prepared, mark) for mark in ("ax", "ay", "az")}
    first, second, third = [
        await bring(services, text, sent(ANN, number, HER, mark))
        for number, (mark, text) in enumerate(texts.items(), start=1)
    ]
    for article in (first, second, third):
        await relating.relate(services, article, "read")
    await forgetting.forget(services, ANN.id, third, HERS)
    async with services.database.transaction() as db:
        known = (await db.all("SELECT collection_id AS c FROM chats WHERE id = 100"))[0]
        wish = Wish(Timetable((time(8),), "UTC"), ANN.id, None, Filters(words="filterword"))
        await subscriptions.add(db, ANN.id, 100, wish, NOON, NOON)
        claim = (await db.all("SELECT id FROM claims WHERE article_id = :first", first=first))[0]["id"]
        await told.keep(db, ToldMessage(ANN.id, 70, None), {"about": "topicword"}, [claim], NOON)
        was, now = {"value": "saidword"}, {"value": "correctedword"}
        new = NewCorrection(CorrectionKind.PUBLISHER, first, None, was, now, HERS)
        correction = await corrections.add(db, known["c"], new, NOON)
        person = (await db.all("SELECT MIN(id) AS id FROM persons"))[0]["id"]
        values = {"first": first, "second": second, "claim": claim, "correction": correction, "person": person}
        for statement in BY_HAND:
            await db.run(statement, **known, **values, at="2026-03-12T12:00:00.000Z", print=b"printword")
        update = {"update_id": 7, "message": {"from": {"id": 100, "first_name": "queuedname"}, "text": "queuedword"}}
        jobs = [
            NewJob(JobKind.UPDATE, "update:0:7", update, waiting.lane_of_updates(ANN.id)),
            NewJob(JobKind.SEND, "sharing:1", {"what": "sharing", "chat": 100, "title": "jobword"}, "sharing:100"),
        ]
        await services.queue.put(db, jobs)
        await waiting.wait(services, db, IncomingMessage(sent(ANN, 40, HER, "wx"), "waitingword"))
    return {*words_of("ax"), *words_of("ay"), *words_of("az"), *WRITTEN.split()}


@ON_BOTH
async def test_nothing_of_a_chat_is_left_in_the_bytes_of_the_files(
    services: Services, prepared: Prepared, tmp_path: Path
):
    words = await fill(services, prepared)
    await bring(services, prepare(prepared, "bx"), sent(BOB, 1, HIM, "bx"))
    await share(services, BOB, chat_identity(300))
    his = words_of("bx") | {"bobtitle", "bobhandle", "bobname"}
    assert await left_of(services, tmp_path, words | his) == words | his, "they must have stood there"
    # Of PostgreSQL alone; sending and erasing fill them.
    assert await empty_tables(services) - {"paces", "scrubbed"} == EMPTY
    await forget_chat(services, ANN.id)
    assert await left_of(services, tmp_path, words) == set()
    assert await left_of(services, tmp_path, his) == his, "what is another chat's stays"
    assert [row["id"] for row in await rows(services, "SELECT id FROM chats ORDER BY id")] == [BOB.id, 300]
    assert len(await rows(services, "SELECT id FROM collections")) == 2


async def test_what_is_erased_is_out_of_sight_at_once_and_its_updates_do_not_come_again(
    services: Services, prepared: Prepared, clock: Clock
):
    article = await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    async with services.database.transaction() as db:
        job = NewJob(JobKind.UPDATE, "update:0:7", {"update_id": 7}, waiting.lane_of_updates(ANN.id))
        await services.queue.put(db, [job])
    await erasing.forget_chat(services, Asked(ANN.id, 900, *HER, "en"))
    assert await show(services, ANN.id, article) is None
    assert await services.queue.claim(JobKind.UPDATE) is None
    async with services.database.transaction() as db:
        assert await services.queue.put(db, [job]) == 0
    await finish(services)


async def test_who_comes_again_while_it_is_erased_is_new(services: Services, prepared: Prepared, clock: Clock):
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    await erasing.forget_chat(services, Asked(ANN.id, 900, *HER, "en"))
    clock.now += timedelta(minutes=1)
    later = Forward(ANN, 9, None, "Ann", Origin(), clock.now, None, 100)
    text = prepare(prepared, "ay")
    article = await bring(services, text, later)
    await finish(services)
    assert await show(services, ANN.id, article) is not None
    assert [row["id"] for row in await rows(services, "SELECT id FROM articles")] == [article]


async def test_who_lets_somebody_in_while_it_is_erased_goes_on_sharing(
    services: Services, prepared: Prepared, clock: Clock
):
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    await erasing.forget_chat(services, Asked(ANN.id, 900, *HER, "en"))
    clock.now += timedelta(minutes=1)
    await share(services, ANN, BOB)
    await finish(services)
    found = await sharing.members(services, BOB)
    assert [(each.chat.id, each.role) for each in found.members] == [(ANN.id, Role.OWNER), (BOB.id, Role.EDITOR)]


async def test_asking_again_and_again_is_erased_at_once(services: Services, prepared: Prepared, clock: Clock):
    for number, mark in enumerate(("ax", "ay", "az"), start=1):
        await bring(services, prepare(prepared, mark), sent(ANN, number, HER, mark))
        await erasing.forget_chat(services, Asked(ANN.id, 900 + number, *HER, "en"))
        clock.now += timedelta(minutes=1)
    await erasing.forget_user(services, Asked(DESK.id, 905, *HIM, "en"))
    open_jobs = await rows(services, "SELECT payload FROM jobs WHERE kind = 'erase' ORDER BY id")
    assert [json.loads(each["payload"])["chat"] for each in open_jobs] == [ANN.id, DESK.id]
    for _ in open_jobs:
        await finish(services)
    assert await rows(services, "SELECT id FROM articles UNION ALL SELECT id FROM chats") == []


@ON_SQLITE
async def test_what_is_to_be_erased_does_not_wait_for_the_file_to_be_written_anew_for_others(
    services: Services, prepared: Prepared, clock: Clock, tmp_path: Path
):
    for chat, sender, mark in ((ANN, HER, "ax"), (BOB, HIM, "bx")):
        await bring(services, prepare(prepared, mark), sent(chat, 1, sender, mark))
        await erasing.forget_chat(services, Asked(chat.id, 900, *sender, "en"))
    await know(services, DESK)
    with closing(sqlite3.connect(tmp_path / "test.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT * FROM chats").fetchall()
        await services.database._writer.execute_fetchall("PRAGMA busy_timeout=50")
        for left in ([BOB.id, DESK.id], [DESK.id]):
            job = await services.queue.claim(JobKind.ERASE)
            assert job is not None
            while (wait := await erasing.go_on(services, job.payload)) == timedelta():
                pass
            assert isinstance(wait, timedelta)
            await services.queue.retry(job, wait, None, counts=False)
            assert sorted((row["id"] for row in await rows(services, "SELECT id FROM chats")), reverse=True) == left


@ON_SQLITE
async def test_a_collection_that_has_got_the_number_of_an_erased_one_stays(
    services: Services, prepared: Prepared, clock: Clock
):
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    (before,) = await rows(services, "SELECT id FROM collections")
    await erasing.forget_chat(services, Asked(ANN.id, 900, *HER, "en"))
    job = await services.queue.claim(JobKind.ERASE)
    assert job is not None
    while not isinstance(await erasing.go_on(services, job.payload), Erased):
        pass
    # The process dies here, before it has kept that the job is done.
    await services.queue.recover()
    clock.now += timedelta(minutes=1)
    his = await bring(services, prepare(prepared, "bx"), sent(BOB, 1, HIM, "bx"))
    assert await rows(services, "SELECT collection_id AS id FROM chats") == [before]
    await finish(services)
    assert await show(services, BOB.id, his) is not None


async def test_in_a_group_goes_what_a_user_brought_alone(services: Services, prepared: Prepared, tmp_path: Path):
    alone, both = prepare(prepared, "ax"), prepare(prepared, "bx")
    await bring(services, alone, sent(DESK, 1, HER, "ax"))
    shared = await bring(services, both, sent(DESK, 2, HER, "cx"))
    await bring(services, both, sent(DESK, 3, HIM, "dx"))
    async with services.database.transaction() as db:
        collection = (await db.all("SELECT collection_id AS c FROM chats WHERE id = -1001"))[0]["c"]
        editor = Editor(100, "Annename Lee", DESK.id)
        new = NewCorrection(CorrectionKind.PUBLISHER, shared, None, {"value": "P"}, {"value": "Q"}, editor)
        await corrections.add(db, collection, new, NOON)
    gone = words_of("ax") | {"cxnote", "annename"}
    assert await left_of(services, tmp_path, gone) == gone
    await forget_user(services, DESK.id)
    assert await left_of(services, tmp_path, gone) == set()
    stays = words_of("bx", ("person", "claim", "body")) | {"dxnote", "bobname", "desktitle"}
    assert await left_of(services, tmp_path, stays) == stays
    (entry,) = (await history.history(services, DESK.id)).entries
    assert (entry.correction.new.editor.name, entry.correction.new.corrected) == ("", {"value": "Q"})


async def test_an_edit_by_who_is_forgotten_changes_nothing_that_others_brought(services: Services, prepared: Prepared):
    text = prepare(prepared, "bx")
    await bring(services, text, sent(DESK, 1, HER, "cx"))
    await bring(services, text, sent(DESK, 2, HIM, "dx"))
    await forget_user(services, DESK.id)
    edited = IncomingMessage(sent(DESK, 1, HER, "cx"), text.replace("rained", "snowed"), addressed=True)
    assert not await intake.edit(services, edited)
    assert await rows(services, "SELECT body FROM articles") == [{"body": text}]


async def test_in_a_private_chat_goes_what_a_user_brought_in_groups_too(
    services: Services, prepared: Prepared, tmp_path: Path
):
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    await bring(services, prepare(prepared, "ay"), sent(DESK, 1, HER, "ay"))
    await bring(services, prepare(prepared, "bx"), sent(DESK, 2, HIM, "bx"))
    gone = words_of("ax") | words_of("ay") | {"annename", "annetitle"}
    assert await left_of(services, tmp_path, gone) == gone
    await forget_user(services, ANN.id)
    assert await left_of(services, tmp_path, gone) == set()
    assert await left_of(services, tmp_path, words_of("bx")) == words_of("bx")


async def test_others_keep_what_they_brought_to_a_shared_collection_and_the_eldest_editor_owns_it(
    services: Services, prepared: Prepared, clock: Clock, tmp_path: Path
):
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    reader = chat_identity(300)
    await share(services, ANN, reader, Role.READER)
    clock.now += DAY
    await share(services, ANN, BOB)
    his = await bring(services, prepare(prepared, "bx"), sent(BOB, 1, HIM, "bx"))
    await forget_chat(services, ANN.id)
    gone = words_of("ax") | {"annetitle", "annename"}
    assert await left_of(services, tmp_path, gone) == set()
    assert await show(services, BOB.id, his) is not None
    found = await sharing.members(services, BOB)
    assert [(each.chat.id, each.role) for each in found.members] == [(BOB.id, Role.OWNER), (300, Role.READER)]
    assert all(not each.inviter for each in found.members)


async def test_a_guest_takes_what_it_brought_and_its_own(services: Services, prepared: Prepared, tmp_path: Path):
    await bring(services, prepare(prepared, "bx"), sent(BOB, 1, HIM, "bx"))
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    await share(services, BOB, ANN)
    await bring(services, prepare(prepared, "ay"), sent(ANN, 2, HER, "ay"))
    gone = words_of("ax") | words_of("ay") | {"annetitle", "annename"}
    assert await left_of(services, tmp_path, gone) == gone
    await forget_chat(services, ANN.id)
    assert await left_of(services, tmp_path, gone) == set()
    assert await left_of(services, tmp_path, words_of("bx")) == words_of("bx")
    assert [row["id"] for row in await rows(services, "SELECT id FROM collections")] == [1]


async def heard(services: Services, chat: ChatIdentity) -> list[str]:
    """What a chat is told of those with whom it shares."""
    found = await rows(services, "SELECT payload FROM jobs WHERE key LIKE 'sharing:%' ORDER BY id")
    payloads = [json.loads(each["payload"]) for each in found]
    return [each["event"] for each in payloads if each.get("chat") == chat.id]


async def test_the_owner_hears_that_a_guest_has_erased_itself_and_not_who(services: Services, prepared: Prepared):
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    await share(services, ANN, BOB)
    await forget_user(services, BOB.id, HIM)
    assert (await heard(services, ANN))[-1] == "erased"
    (told,) = await rows(services, "SELECT payload FROM jobs WHERE key LIKE '%:erased:%'")
    assert json.loads(told["payload"])["title"] == ""


async def test_no_key_of_a_job_has_the_number_of_who_is_erased(services: Services, prepared: Prepared):
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    await share(services, ANN, BOB)
    await sharing.leave(services, BOB.id)
    await share(services, ANN, BOB)
    assert any(f":{BOB.id}:" in row["key"] for row in await rows(services, "SELECT key FROM jobs"))
    await forget_user(services, BOB.id, HIM)
    assert not any(str(BOB.id) in row["key"].split(":") for row in await rows(services, "SELECT key FROM jobs"))


@pytest.mark.parametrize("hers_first", [True, False])
async def test_a_name_that_only_what_is_erased_has_is_nobodys_any_more(
    services: Services, prepared: Prepared, tmp_path: Path, *, hers_first: bool
):
    await know(services, BOB)
    await share(services, BOB, ANN)
    articles = [
        (prepare(prepared, "ax", "Odo Wulfgar Kestrelson"), sent(ANN, 1, HER, "ax")),
        (prepare(prepared, "bx", "Odo Kestrelson"), sent(BOB, 1, HIM, "bx")),
    ]
    for text, brought_by in articles if hers_first else articles[::-1]:
        await bring(services, text, brought_by)
    (known,) = await rows(services, "SELECT name, articles FROM persons")
    assert known == {"name": "Odo Wulfgar Kestrelson", "articles": 2}
    await forget_chat(services, ANN.id)
    assert await left_of(services, tmp_path, {"wulfgar"}) == set()
    assert await rows(services, "SELECT name, articles FROM persons") == [{"name": "Odo Kestrelson", "articles": 1}]
    names = await rows(services, "SELECT n.name, w.word FROM person_names n JOIN name_words w USING (person_id)")
    assert {(each["name"], each["word"]) for each in names} == {
        ("Odo Kestrelson", "odo"),
        ("Odo Kestrelson", "kestrelson"),
    }


async def test_a_name_with_another_ending_stays_with_what_is_left(services: Services, prepared: Prepared):
    await know(services, BOB)
    await share(services, BOB, ANN)
    await bring(services, prepare(prepared, "ax", "Odo Kestrelson"), sent(ANN, 1, HER, "ax"))
    text = prepare(prepared, "bx", "Odo Kestrelson").replace("Odo Kestrelson", "Odo Kestrelsonu")
    prepared.results[text] = Extraction(people=(named(text, "Odo Kestrelsonu", roles=("harbour master",)),))
    await bring(services, text, sent(BOB, 1, HIM, "bx"))
    async with services.database.transaction() as db:
        await db.run("DELETE FROM doubts")
        await db.run("UPDATE mentions SET person_id = 1")
        await persons.add_names(db, (await know(services, BOB)).collection, 1, ["Odo Kestrelsonu"])
    await forget_chat(services, ANN.id)
    names = await rows(services, "SELECT name FROM person_names WHERE person_id = 1 ORDER BY name")
    assert [each["name"] for each in names] == ["Odo Kestrelson", "Odo Kestrelsonu"]


async def test_what_others_asked_of_a_person_is_forgotten_with_them(
    services: Services, prepared: Prepared, tmp_path: Path
):
    await know(services, BOB)
    await share(services, BOB, ANN)
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    await bring(services, prepare(prepared, "bx"), sent(BOB, 1, HIM, "bx"))
    for message, name in enumerate(("Axperson", "Bxperson"), start=70):
        question = Question(Wants.WHO, person=name)
        given = await asking.answer(services, BOB.id, question)
        assert given is not None
        await keep_question(services, Place(BOB.id, message, None), question, 0, given)
    await forget_chat(services, ANN.id)
    assert await left_of(services, tmp_path, {"axperson"}) == set()
    assert await question_of(services, BOB.id, 70) is None
    assert await question_of(services, BOB.id, 71) is not None


async def test_what_others_put_right_names_no_message_of_an_erased_chat(services: Services, prepared: Prepared):
    await know(services, BOB)
    for guest in (ANN, chat_identity(300)):
        await share(services, BOB, guest)
    his = await bring(services, prepare(prepared, "bx"), sent(BOB, 1, HIM, "bx"))
    (claim,) = await rows(services, "SELECT id FROM claims")
    async with services.database.transaction() as db:
        for chat in (100, 300):
            await told.keep(db, ToldMessage(chat, 71, None), {"kind": "story"}, [claim["id"]], NOON)
    await making.not_a_claim(services, BOB.id, his, claim["id"], Editor(200, "Bobname Oak", 200))
    (row,) = await rows(services, "SELECT said FROM corrections")
    assert json.loads(row["said"])["told"] == [[100, 71, None], [300, 71, None]]
    await forget_chat(services, ANN.id)
    (row,) = await rows(services, "SELECT said FROM corrections")
    assert json.loads(row["said"])["told"] == [[300, 71, None]]


def fetched(message: int) -> NewJob:
    link = "https://x.test/fetched"
    incoming = IncomingMessage(sent(DESK, message, HER, "ax"), link, (link,), addressed=True)
    return receiving.fetch_job(0, incoming, None, link=link)


@pytest.mark.parametrize("asked_in", [ANN.id, DESK.id])
async def test_what_a_user_wants_fetched_in_a_group_is_not_fetched_any_more(services: Services, asked_in: int):
    for chat in (ANN, DESK):
        await know(services, chat)
    async with services.database.transaction() as db:
        await services.queue.put(db, [fetched(2)])
    await forget_user(services, asked_in)
    assert await services.queue.claim(JobKind.FETCH) is None


@pytest.mark.parametrize("asked_in", [ANN.id, DESK.id])
async def test_what_is_being_fetched_for_a_user_is_waited_for(services: Services, asked_in: int):
    for chat in (ANN, DESK):
        await know(services, chat)
    async with services.database.transaction() as db:
        await services.queue.put(db, [fetched(2)])
    in_hand = await services.queue.claim(JobKind.FETCH)
    assert in_hand is not None
    await erasing.forget_user(services, Asked(asked_in, 900, *HER, "en"))
    job = await services.queue.claim(JobKind.ERASE)
    assert job is not None
    assert await erasing.go_on(services, job.payload) == timedelta(seconds=1)
    await services.queue.finish(in_hand)
    assert await erasing.go_on(services, job.payload) != timedelta(seconds=1)


@pytest.mark.parametrize("how", ["erased", "forgotten"])
async def test_no_digest_on_its_way_tells_what_is_gone(
    services: Services, prepared: Prepared, tmp_path: Path, how: str
):
    await bring(services, prepare(prepared, "bx"), sent(BOB, 1, HIM, "bx"))
    await share(services, BOB, ANN)
    hers = await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    async with services.database.transaction() as db:
        timetable = Timetable((time(8),), "UTC")
        number = await subscriptions.add(db, BOB.id, 200, Wish(timetable, BOB.id), NOON, NOON)
        delivery = await planned(db, number, deliveries.NewDelivery(timetable.latest(NOON), NOON))
        await deliveries.keep_parts(db, delivery, ["one", "Odo Axperson said the axclaim is shut, digestword"])
    if how == "erased":
        await forget_chat(services, ANN.id)
        assert await left_of(services, tmp_path, {"axclaim", "digestword"}) == set()
    else:
        await forgetting.forget(services, BOB.id, hers, HERS)
    assert await delivering.next_part(services, delivery) is None


async def test_what_a_guest_put_right_or_took_back_holds_on_without_its_name(
    services: Services, prepared: Prepared, tmp_path: Path
):
    article = await bring(services, prepare(prepared, "bx"), sent(BOB, 1, HIM, "bx"))
    await know(services, ANN)
    await share(services, BOB, ANN)
    await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    async with services.database.transaction() as db:
        collection = (await db.all("SELECT collection_id AS c FROM chats WHERE id = 200"))[0]["c"]
        for editor in (HERS, Editor(200, "Bobname Oak", 200)):
            new = NewCorrection(CorrectionKind.PUBLISHER, article, None, {"value": "P"}, {"value": "Q"}, editor)
            number = await corrections.add(db, collection, new, NOON)
        await corrections.end(db, number, CorrectionState.UNDONE, "Annename Lee", NOON)
    await forget_chat(services, ANN.id)
    assert await left_of(services, tmp_path, {"annename"}) == set()
    undone, hers = (await history.history(services, BOB.id)).entries
    assert (undone.correction.new.editor.name, undone.correction.ended_by) == ("Bobname Oak", "")
    assert (hers.correction.new.editor, hers.correction.state) == (Editor(0, "", 0), CorrectionState.STANDING)


@pytest.mark.parametrize("used", [False, True])
async def test_a_channel_that_only_a_chats_digests_go_to_is_forgotten_with_it(services: Services, *, used: bool):
    channel = ChatIdentity(-1002, ChatKind.CHANNEL, "Channeltitle")
    for each in (ANN, BOB, channel):
        await know(services, each)
    async with services.database.transaction() as db:
        wish = Wish(Timetable((time(8),), "UTC"), channel.id)
        for chat in (ANN, BOB) if used else (ANN,):
            await subscriptions.add(db, chat.id, chat.id, wish, NOON, NOON)
    await forget_chat(services, ANN.id)
    left = [row["id"] for row in await rows(services, "SELECT id FROM chats ORDER BY id DESC")]
    assert left == ([BOB.id, channel.id] if used else [BOB.id])


async def test_an_article_older_than_its_collection_keeps_it_is_erased(
    services: Services, prepared: Prepared, clock: Clock
):
    old = await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    other = await bring(services, prepare(prepared, "bx"), sent(BOB, 1, HIM, "bx"))
    clock.now += 20 * DAY
    new = await bring(services, prepare(prepared, "ay"), sent(ANN, 2, HER, "ay"))
    assert await retention.keep_for(services, ANN.id, 30)
    clock.now += 10 * DAY - timedelta(seconds=1)
    await forget_old_jobs(services)
    assert await show(services, ANN.id, old) is not None
    assert await retention.older(services, ANN.id, 29) == 1
    clock.now += timedelta(seconds=2)
    await forget_old_jobs(services)
    assert {row["id"] for row in await rows(services, "SELECT id FROM articles")} == {other, new}
    await sound(services)
    assert await retention.keep_for(services, ANN.id, None)
    clock.now += 100 * DAY
    await forget_old_jobs(services)
    assert await show(services, ANN.id, new) is not None


@pytest.mark.parametrize("is_forgotten", [True, False])
async def test_an_article_that_cannot_be_erased_keeps_no_old_ones(
    services: Services, prepared: Prepared, clock: Clock, monkeypatch: pytest.MonkeyPatch, *, is_forgotten: bool
):
    first = await bring(services, prepare(prepared, "ax"), sent(ANN, 1, HER, "ax"))
    await bring(services, prepare(prepared, "ay"), sent(ANN, 2, HER, "ay"))
    if is_forgotten:
        await forgetting.forget(services, ANN.id, first, HERS)
    assert await retention.keep_for(services, ANN.id, 1)
    clock.now += 2 * DAY
    erase = forgotten.erase

    async def failing(db: Writer, article: int) -> None:
        assert article != first
        await erase(db, article)

    monkeypatch.setattr(forgotten, "erase", failing)
    with pytest.raises(ExceptionGroup):
        await forget_old_jobs(services)
    assert await rows(services, "SELECT id FROM articles") == [{"id": first}]


async def test_only_who_owns_a_collection_says_how_long_it_is_kept(services: Services):
    await know(services, BOB)
    await share(services, BOB, ANN)
    assert not await retention.keep_for(services, ANN.id, 1)
    assert await retention.kept_days(services, BOB.id) is None
    assert await retention.keep_for(services, BOB.id, 30)
    assert await retention.kept_days(services, ANN.id) == 30


@pytest.mark.parametrize("step", [1, 2, 20])
async def test_erasing_goes_on_where_it_was_whatever_the_step(
    services: Services, prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
):
    monkeypatch.setattr(erasing, "STEP", step)
    words = set[str]()
    for number in range(4):
        await bring(services, prepare(prepared, f"m{number}"), sent(ANN, number + 1, HER, f"m{number}"))
        words |= words_of(f"m{number}")
    await erasing.forget_chat(services, Asked(ANN.id, 900, *HER, "en"))
    job = await services.queue.claim(JobKind.ERASE)
    assert job is not None
    assert await erasing.go_on(services, job.payload) == timedelta()
    # The process stops here.
    await services.queue.leave()
    await finish(services)
    assert await left_of(services, tmp_path, words) == set()
