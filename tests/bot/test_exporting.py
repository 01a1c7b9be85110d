"""Export and restore as they are used: commands, files, and the zip in a chat."""

import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import cast

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.local_telegram import Message
from domain.articles import IncomingArticle
from domain.chats import Role
from domain.exports import Form, Selection
from domain.jobs import Failed
from domain.sharing import Inviter, Offer
from handlers import exporting
from handlers.context import Bot
from handlers.exporting import Wanted, wanted
from services import intake, sharing
from tests.bot.support import SEEDS, World, seed
from tests.samples import chat_identity, forward

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def invoke(*arguments: str | Path, archive: str = "archive.db") -> Result:
        monkeypatch.setenv("PRESSWATCH_DATABASE_URL", f"sqlite:///{tmp_path / archive}")
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return invoke


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_samples_go_out_and_into_an_empty_archive_and_out_again(run: Run, tmp_path: Path):
    """Read by the real extractor and tied by the import itself: nothing waits for a bot to be started.

    What is written is for its owner alone, also where there was an older file for everybody.
    """
    assert run("import", SEEDS).exit_code == 0
    first = tmp_path / "first.jsonl"
    first.touch(mode=0o644)
    assert run("export", "--output", first).exit_code == 0
    assert first.stat().st_mode & 0o777 == 0o600
    told = lines(first.read_text(encoding="utf-8"))
    kinds = {record["type"] for record in told}
    assert {"article", "person", "claim", "relation"} <= kinds
    assert all(record["story"] for record in told if record["type"] == "article")
    assert {"type": "end", "records": told[-1]["records"]} == told[-1]
    restored = run("import", first, archive="other.db")
    assert restored.exit_code == 0
    again = tmp_path / "again.jsonl"
    assert run("export", "--output", again, archive="other.db").exit_code == 0
    assert lines(again.read_text(encoding="utf-8"))[1:] == told[1:]
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--chat", "5"], "--chat: the bot has not met a chat 5"),
        (["--collection", "5"], "--collection: there is no collection 5"),
        (["--chat", "5", "--collection", "5"], "--chat or --collection, not both"),
        ([], "There is nothing here yet"),
    ],
)
def test_what_cannot_be_exported_is_told(run: Run, arguments: list[str], sentence: str):
    result = run("export", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_a_file_that_cannot_be_written_is_told(run: Run, tmp_path: Path):
    (tmp_path / "one.txt").write_text(seed(1), encoding="utf-8")
    run("import", tmp_path / "one.txt")
    result = run("export", "--output", tmp_path / "none" / "a.jsonl")
    assert result.exit_code == 2 and "No such file or directory" in result.stderr
    nobody = run("export", "--person", "Quillfeather")
    assert nobody.exit_code == 2 and "nobody here is called Quillfeather" in nobody.stderr
    assert lines(run("export", "--until", "1999-12-31").stdout)[-1]["records"] == {}


def test_an_export_of_a_later_release_is_left_alone(run: Run, tmp_path: Path):
    later = {"type": "archive", "format": "presswatch", "version": 2, "exportedAt": "2031-01-01T00:00:00.000Z"}
    (tmp_path / "later.jsonl").write_text(json.dumps(later) + "\n")
    assert "a later Presswatch has written this export" in run("import", tmp_path / "later.jsonl").stderr


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("", Wanted()),
        ("csv", Wanted((Form.TABLES,))),
        ("JSONL csv", Wanted((Form.LINES, Form.TABLES))),
        ("person Ada Kestrel", Wanted(selection=Selection(person="Ada Kestrel"))),
        (
            "jsonld --publisher Oru Post --language no",
            Wanted((Form.LINKED,), Selection(publisher="Oru Post", language="no")),
        ),
        ("since yesterday", "since yesterday"),
        ("since", "since"),
        ("everything please", "everything please"),
        ("csv please", "csv please"),
        ("person", "person"),
    ],
)
def test_what_the_command_asks_for(words: str, asked: Wanted | str):
    assert wanted(words.split()) == asked


async def export_sent(world: World) -> Message:
    """Ask for an export, which is promised at once, and wait for what comes of it."""
    asked = world.local.send_text(world.chat, world.ann, "/export")
    assert (await world.answer_to(asked)).text.startswith("I am writing it")
    answers = await world.local.until(
        lambda: [each for each in world.local.messages(world.chat) if each.reply_to is asked][1:]
    )
    return answers[0]


async def test_a_chat_gets_its_archive_as_a_zip(world: World):
    assert "nothing here yet" in (await world.ask("/export")).text
    assert "nothing here yet" in (await world.ask("/export until 2000-01-01")).text
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    document = (await export_sent(world)).content["document"]
    with zipfile.ZipFile(io.BytesIO(world.local.files[document["file_id"]].data)) as archive:
        assert sorted(archive.namelist()) == [
            "articles.csv", "claims.csv", "corrections.csv", "people.csv", "presswatch.jsonl", "presswatch.jsonld",
            "relations.csv",
        ]  # fmt: skip
        assert lines(archive.read("presswatch.jsonl").decode())[-1]["type"] == "end"
    assert "Nobody here is called Quillfeather." in (await world.ask("/export person Quillfeather")).text
    assert "I can't make out “since Monday”" in (await world.ask("/export since Monday")).text


async def test_an_export_of_nothing_says_so_and_sends_no_file(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    assert (await world.ask("/export until 2000-01-01")).text.startswith("No article here is like that")


async def test_an_archive_that_telegram_would_refuse_is_told(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "LARGEST", 1000)
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    answer = await export_sent(world)
    assert "document" not in answer.content and "which is what Telegram lets a bot send" in answer.text


async def test_what_has_no_chance_to_be_small_enough_is_not_even_written(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exporting, "LEAST_SHARE", 1e9)
    monkeypatch.delattr(exporting, "write_zip")
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    assert "which is what Telegram lets a bot send" in (await export_sent(world)).text


class Slow:
    """Telegram's side of an export; meanwhile something happens."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self._meanwhile = meanwhile
        self.files = 0

    async def send_chat_action(self, *_: object, **__: object) -> None:
        await self._meanwhile()

    async def send_document(self, *_: object, **__: object) -> None:
        self.files += 1


@pytest.mark.parametrize("is_removed", [True, False])
async def test_who_is_removed_while_a_file_is_written_is_not_sent_it(world: World, *, is_removed: bool):
    bob = world.local.create_private_chat(world.local.create_user("Bob"))
    services, host, guest = world.services, chat_identity(bob.id), chat_identity(world.chat.id)
    await intake.take_in(services, IncomingArticle("Four berths were sold.", forward(host, 1)))
    made = await sharing.invite(services, host, Inviter(host.id, "Host", host.id), Role.READER)
    assert made is not None and isinstance(await sharing.join(services, guest, made[0]), Offer)

    async def meanwhile() -> None:
        if is_removed:
            await sharing.remove(services, host.id, guest.id)

    slow = Slow(meanwhile)
    payload = {"what": "export", "chat": guest.id, "thread": None, "message": 1, "words": ["jsonl"]}
    became = await exporting.send_export(services, cast(Bot, slow), payload)
    assert (isinstance(became, Failed), slow.files) == ((True, 0) if is_removed else (False, 1))


@pytest.mark.faults
async def test_whoever_waits_for_a_file_that_cannot_be_sent_is_told(world: World):
    world.local.fail_next("sendDocument", 403)
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    answer = await export_sent(world)
    assert "document" not in answer.content and "could not be written or sent" in answer.text
