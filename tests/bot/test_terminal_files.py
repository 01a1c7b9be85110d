"""What the bot sends besides text is saved, and told in a line, as a terminal shows no pictures."""

from pathlib import Path

import pytest

from bot.local_telegram import LocalTelegram, Message
from bot.local_telegram.request import Upload
from bot.terminal.files import SavedFiles
from tests.samples import png


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalTelegram:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return LocalTelegram()


async def sent(local: LocalTelegram, method: str, kind: str, upload: Upload) -> Message:
    chat = local.create_private_chat(local.create_user("Ann"))
    status, body = await local.call(method, {"chat_id": chat.id}, {kind: upload})
    assert status == 200, body
    return local.messages(chat)[-1]


def path_in(line: str) -> Path:
    return Path(line.partition("] ")[2])


async def test_a_picture_is_saved_and_its_size_is_told(local: LocalTelegram):
    message = await sent(local, "sendPhoto", "photo", Upload("a.png", png(1080, 720), "image/png"))
    line = SavedFiles(local).attached(message)
    assert line is not None
    assert line.startswith("[picture: 1080×720] ")
    assert path_in(line).read_bytes() == png(1080, 720)


@pytest.mark.parametrize("name", ["archive č.jsonl", "../../etc/passwd", "..", "/tmp/x", ""])  # noqa: S108
async def test_a_file_is_saved_within_the_folder_whatever_its_name_is(local: LocalTelegram, tmp_path: Path, name: str):
    message = await sent(local, "sendDocument", "document", Upload(name, b"x" * 1001, "text/plain"))
    line = SavedFiles(local).attached(message)
    assert line is not None
    assert line.startswith(f"[file {name}, 2 kB] ")
    assert path_in(line).read_bytes() == b"x" * 1001
    assert files_in(tmp_path) == [path_in(line)]


async def test_a_text_has_nothing_to_save(local: LocalTelegram, tmp_path: Path):
    chat = local.create_private_chat(local.create_user("Ann"))
    await local.call("sendMessage", {"chat_id": chat.id, "text": "x"})
    assert SavedFiles(local).attached(local.messages(chat)[-1]) is None
    assert files_in(tmp_path) == []
