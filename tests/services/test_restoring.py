"""Restoring: what was exported stands in another archive as it stood in the first, however often it is restored."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.chats import ChatIdentity
from domain.corrections import CorrectionKind
from domain.identity import Comparison
from domain.jobs import JobKind
from domain.ledger import Dossier
from services import Services, asking
from services.correcting import making, undoing
from services.identity.judging import join
from services.restoring import Restored, header, restore
from storage.opening import open_database, open_queue
from tests.engines import ON_BOTH
from tests.samples import Clock
from tests.services.conftest import Pages, Prepared
from tests.services.exported import ANN, ANN_HERSELF, BOB, CAL, Archive, exported, fill, number_of


@pytest.fixture
async def full(services: Services, prepared: Prepared) -> Services:
    """An archive with something of everything."""
    await fill(Archive(services, prepared))
    return services


@pytest.fixture
async def empty(tmp_path: Path, clock: Clock, pages: Pages) -> AsyncIterator[Services]:
    """Another archive, of a bot that reads nothing."""
    database = await open_database(f"sqlite:///{tmp_path}/empty.db")
    yield Services(database, open_queue(database, clock), Prepared(), pages, pages, clock, "UTC")
    await database.close()


async def put_back(services: Services, lines: list[str], to: ChatIdentity = CAL) -> Restored:
    report = Restored()
    await restore(services, to, lambda: (line.encode() for line in lines), report)
    return report


def without_header(lines: list[str]) -> list[str]:
    """The records alone: a header says when they were exported."""
    return lines[1:]


@ON_BOTH
async def test_what_is_restored_and_exported_again_is_the_same(full: Services, empty: Services):
    lines = await exported(full)
    report = await put_back(empty, lines)
    assert report.whole and not report.unreadable
    assert without_header(await exported(empty, CAL)) == without_header(lines)
    assert report.new["article"] == 4
    assert report.new["relation"] == report.new["judgement"] == 1


async def test_dossiers_and_answers_are_the_same(full: Services, empty: Services):
    await put_back(empty, await exported(full))
    for name in ("Ada Kestrel", "Brandt", "Wim Corver"):
        here, there = await asking.who(full, ANN.id, name), await asking.who(empty, CAL.id, name)
        assert isinstance(here, Dossier) and isinstance(there, Dossier)
        assert told(here) == told(there)
    for words in ("berths", "closed", "nobody"):
        one, other = await asking.search(full, ANN.id, words), await asking.search(empty, CAL.id, words)
        assert [each.text for each in one.claims] == [each.text for each in other.claims]
        assert [each.headline for each in one.articles] == [each.headline for each in other.articles]


def told(found: Dossier) -> list[object]:
    """What a dossier tells, without numbers."""
    lines = [(each.text, each.factuality, each.article.seen_at, each.origins) for each in found.claims_by]
    lines += [(each.text, each.factuality, each.article.seen_at, each.origins) for each in found.claims_about]
    ties = [[(tie.kind, tie.state, tie.claim.text) for tie in each.related] for each in found.claims_about]
    person = found.person.name, found.person.articles, found.names, found.roles, found.first_seen, found.last_seen
    return [person, lines, ties, [(each.name, each.articles) for each in found.named_with], found.origins]


async def test_restoring_twice_changes_nothing(full: Services, empty: Services):
    lines = await exported(full)
    await put_back(empty, lines)
    before = await exported(empty, CAL)
    report = await put_back(empty, lines)
    assert await exported(empty, CAL) == before
    assert report.new["article"] == report.new["person"] == report.new["correction"] == 0
    assert report.known["article"] == 4


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
async def test_one_that_was_cut_off_is_completed_by_the_next(full: Services, empty: Services, share: float):
    lines = await exported(full)
    report = await put_back(empty, lines[: int(len(lines) * share)])
    assert not report.whole
    await put_back(empty, lines)
    assert without_header(await exported(empty, CAL)) == without_header(lines)


async def test_an_archive_that_is_restored_into_itself_stays_as_it_is(full: Services):
    lines = await exported(full)
    report = await put_back(full, lines, ANN)
    assert await exported(full) == lines
    assert not report.new["article"] and not report.new["person"]


async def test_a_person_who_is_called_more_fully_since_is_still_the_same(full: Services):
    lines = await exported(full)
    async with full.database.transaction() as db:
        await db.run("UPDATE persons SET name = 'Ada Mary Kestrel' WHERE name = 'Ada Kestrel'")
    report = await put_back(full, lines, ANN)
    assert not report.new["person"]


async def test_it_goes_to_the_chats_own_collection_and_no_other_sees_it(full: Services):
    theirs = await exported(full, BOB)
    await put_back(full, await exported(full))
    assert await exported(full, BOB) == theirs
    assert without_header(await exported(full, CAL)) == without_header(await exported(full, ANN))


async def test_whoever_writes_where_forwards_came_from_does_not_see_what_was_restored(full: Services, empty: Services):
    await put_back(empty, await exported(full))
    async with empty.database.reading() as db:
        assert await db.all("SELECT id FROM chats WHERE id > 0 AND id <> :cal", cal=CAL.id) == []
    found = await asking.who(empty, CAL.id, "Ada Kestrel")
    assert isinstance(found, Dossier)
    forwarded = found.claims_by[0].article.forward
    assert forwarded is not None and forwarded.chat.title == ANN.title


async def test_what_was_undone_since_stays_undone(full: Services, empty: Services):
    lines = await exported(full)
    await put_back(empty, lines)
    async with empty.database.transaction() as db:
        await db.run("UPDATE corrections SET state = 'undone' WHERE kind = 'same_person'")
        await db.run("DELETE FROM judgements")
        await db.run("UPDATE persons SET canonical_id = id")
    before = await exported(empty, CAL)
    await put_back(empty, lines)
    assert await exported(empty, CAL) == before


async def test_lines_that_are_no_records_are_told_and_left_out(full: Services, empty: Services):
    lines = await exported(full)
    broken = [lines[0], "{", '{"type": "song"}\n', '{"type": "person"}\n', *lines[1:]]
    report = await put_back(empty, broken)
    assert report.unreadable == [2, 3, 4]
    assert without_header(await exported(empty, CAL)) == without_header(lines)


async def test_records_about_somebody_or_something_that_is_missing_are_left_out(full: Services, empty: Services):
    lines = await exported(full)
    kept = [each for each in lines if json.loads(each)["type"] not in ("person", "article")]
    report = await put_back(empty, kept)
    assert report.new["relation"] == report.new["judgement"] == report.new["article"] == 0


@pytest.mark.parametrize(
    ("line", "known"),
    [
        (b'{"type":"archive","format":"presswatch","version":1,"exportedAt":"2026-03-12T12:00:00.000Z"}\n', True),
        (b'{"version": 9, "type": "archive", "format": "presswatch", "exportedAt": "now", "new": 1}', True),
        (b'{"type":"archive","format":"other","version":1,"exportedAt":"now"}', False),
        (b'{"text": "an article about an archive"}', False),
        (b"", False),
        (b"\xff\xfe", False),
    ],
)
def test_an_export_is_known_by_its_first_line(line: bytes, known: bool):
    assert (header(line) is not None) == known


async def test_an_article_that_a_killed_restoring_left_unread_is_named_by_the_next(full: Services, empty: Services):
    async with full.database.transaction() as db:
        await db.run("UPDATE articles SET state = 'received' WHERE headline = '@Port'")
    lines = await exported(full)
    first, second = await put_back(empty, lines), await put_back(empty, lines)
    assert len(first.unread) == 1 and second.unread == first.unread
    async with empty.database.transaction() as db:
        await db.run("UPDATE articles SET state = 'read'")
    assert (await put_back(empty, lines)).unread == []


async def test_what_was_here_already_is_read_again_with_the_corrections_of_it(full: Services, empty: Services):
    plain = await exported(full)
    async with full.database.reading() as db:
        (article,) = await db.all("SELECT id FROM articles WHERE headline = '@Port'")
    await making.metadata(full, ANN.id, article["id"], CorrectionKind.HEADLINE, "The port", ANN_HERSELF)
    corrected = await exported(full)
    await put_back(empty, plain)
    await put_back(empty, corrected)
    job = await empty.queue.claim(JobKind.EXTRACT)
    assert job is not None and job.payload["article"] == await called(empty, "@Port")
    assert await empty.queue.claim(JobKind.EXTRACT) is None
    await put_back(empty, corrected)
    await put_back(empty, corrected, ANN)
    assert await empty.queue.claim(JobKind.EXTRACT) is None


async def called(services: Services, headline: str) -> int:
    async with services.database.reading() as db:
        row = await db.one("SELECT id FROM articles WHERE headline = :headline", headline=headline)
    assert row is not None
    return int(row["id"])


async def test_a_correction_whose_person_is_missing_is_left_out(full: Services, empty: Services):
    async with full.database.reading() as db:
        (article,) = await db.all("SELECT id FROM articles WHERE headline = '@Port'")
    corver, kestrel = await number_of(full, "Wim Corver"), await number_of(full, "Ada Kestrel")
    await making.another_person(full, ANN.id, article["id"], corver, kestrel, ANN_HERSELF)
    lines = await exported(full)
    assert any('"another_person"' in line for line in lines)
    await put_back(empty, [line for line in lines if not line.startswith('{"type":"person"') or "Kestrel" not in line])
    assert not any('"another_person"' in line for line in await exported(empty, CAL))


async def test_what_the_machine_joined_and_somebody_took_back_stays_apart(full: Services, empty: Services):
    one, other = await number_of(full, "Ada Kestrel"), await number_of(full, "Ole Brandt")
    async with full.database.transaction() as db:
        assert await join(db, 1, one, other, Comparison(other, other, 2.0, ()), full.clock())
        (made,) = await db.all("SELECT id FROM corrections WHERE user_id = 0")
    await undoing.undo(full, ANN.id, made["id"], ANN_HERSELF)
    await put_back(empty, await exported(full))
    one, other = await number_of(empty, "Ada Kestrel"), await number_of(empty, "Ole Brandt")
    async with empty.database.transaction() as db:
        assert not await join(db, 1, one, other, Comparison(other, other, 2.0, ()), empty.clock())
