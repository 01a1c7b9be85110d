"""``presswatch reextract``: all articles again, told in one line; corrections hold and a stop loses nothing."""

from collections.abc import AsyncIterator, Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import app
from bot.rereading import Tally, left_out_lines, read_all, reextract
from bot.settings import PREFIX, Settings
from domain.corrections import Editor
from domain.extraction import ExtractionFailure, Factuality, FailureReason
from domain.jobs import JobKind
from services import Services
from services.correcting import making
from services.rereading import others, to_reread
from storage.sqlite.database import SqliteDatabase
from storage.sqlite.queue import SqliteQueue
from tests.samples import Clock
from tests.services.conftest import Pages, Prepared
from tests.services.test_correcting import ANN, BOB, bring, claim_of
from tests.services.test_correcting_applied import BODY, READ, READ_OTHERWISE

OTHER = "Nobody says anything. " * 12


@pytest.fixture
def prepared() -> Prepared:
    return Prepared({BODY: READ})


@pytest.fixture
async def services(tmp_path: Path, prepared: Prepared) -> AsyncIterator[Services]:
    """Two articles that have been read, with a correction in the first."""
    database = await SqliteDatabase.open(tmp_path / "presswatch.db")
    clock, pages = Clock(), Pages()
    made = Services(database, SqliteQueue(database, clock), prepared, pages, pages, clock, "UTC")
    article = await bring(made)
    await bring(made, OTHER, 2)
    claim = await claim_of(made, article, "mine")
    await making.factuality(made, ANN.id, article, claim, Factuality.POSSIBLE, Editor(7, "Ann", ANN.id))
    yield made
    await database.close()


async def run(services: Services, *, dry_run: bool = False) -> list[str]:
    tally = Tally()
    await read_all(services, [1, 2], tally, 1, Console(file=StringIO()), dry_run=dry_run)
    return list(tally.lines(dry_run=dry_run))


async def test_what_changed_is_counted_and_corrections_hold(services: Services, prepared: Prepared):
    await run(services)
    prepared.results[BODY] = READ_OTHERWISE
    before = await services.queue.counts()
    assert await run(services, dry_run=True) == [
        "2 articles would be read again: claims would change in 1, people in 1. "
        "Corrections that hold: 1; open again, their words being gone: 0."
    ]
    assert await services.queue.counts() == before
    told = (
        "2 articles read again: claims changed in {0}, people in {0}. "
        "Corrections that hold: 1; open again, their words being gone: 0."
    )
    assert await run(services) == [told.format(1)]
    assert await run(services) == [told.format(0)]


async def test_an_article_that_cannot_be_read_again_is_named_and_stays(services: Services, prepared: Prepared):
    prepared.results[BODY] = ExtractionFailure(FailureReason.TIMEOUT)
    lines = await run(services)
    assert lines[0].startswith("1 articles read again")
    assert lines[1].startswith("  /a1 could not be read again and stays as it is: ")
    assert await claim_of(services, 1, "mine")


async def test_cards_are_brought_up_to_date_and_nothing_else_is_sent(services: Services, prepared: Prepared):
    while (job := await services.queue.claim(JobKind.SEND)) is not None:
        await services.queue.finish(job)
    prepared.results[BODY] = READ_OTHERWISE
    await run(services)
    job = await services.queue.claim(JobKind.SEND)
    assert job is not None and (job.payload["what"], job.payload["article"]) == ("card", 1)
    assert await services.queue.claim(JobKind.SEND) is None


@pytest.fixture
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    yield


@pytest.mark.usefixtures("_alone")
async def test_a_chat_that_the_bot_has_not_met_is_a_sentence():
    problem = await reextract(Settings(_env_file=None), 5, None, 0, Console(file=StringIO()), dry_run=True)
    assert problem == "--chat: the bot has not met a chat 5; write something to it there first"


def test_a_day_that_is_none_is_wrong_use():
    assert CliRunner().invoke(app, ["reextract", "--since", "soon"]).exit_code == 2


async def test_chats_of_other_bots_are_left_out_and_told(services: Services):
    await bring(services, BODY, 1, BOB)
    async with services.database.transaction() as db:
        await db.run("UPDATE chats SET bot = 9 WHERE id = :bob", bob=BOB.id)
    assert await to_reread(services, None, None, 0) == [1, 2]
    assert await to_reread(services, BOB.id, None, 0) == [3]
    assert await others(services) == [BOB.id]
    told = f"Left out are 1 chats of other bots in the same database: --chat names one ({BOB.id})."
    assert list(left_out_lines([BOB.id])) == [told]
    assert list(left_out_lines([])) == []


async def test_a_chats_own_bot_edits_its_cards_and_nothing_waits_to_be_related(tmp_path: Path, services: Services):
    async with services.database.transaction() as db:
        await db.run("UPDATE chats SET bot = 9")
        await db.run("DELETE FROM jobs")
    settings = Settings(_env_file=None, database_url=f"sqlite:///{tmp_path / 'presswatch.db'}")
    assert await reextract(settings, ANN.id, None, 1, Console(file=StringIO()), dry_run=False) is None
    async with services.database.reading() as db:
        assert await db.all("SELECT DISTINCT bot, state FROM jobs WHERE kind = 'relate'") == [
            {"bot": 9, "state": "done"}
        ]
