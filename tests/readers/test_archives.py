"""Archives of any size are gone through once, in little memory, and it is known how far."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.intake import FoundArticle
from readers.archives import NO_EXPORT, OTHER_KIND, Archives, File, Skipped

SIZE = 4 * 2**20
PROSE = b"The harbour master of Oru said that the pier stays closed.\n" * 16


def large_export(file: Path) -> None:
    message = {"id": 1, "type": "message", "date_unixtime": "1700000000", "text": ["a ", {"text": PROSE.decode()}]}
    with file.open("wb") as out:
        out.write(b'{"name": "Oru press", "type": "public_channel", "messages": [')
        while out.tell() < SIZE:
            message["id"] = out.tell() * 2
            out.write(json.dumps(message).encode() + b",")
        out.write(b"{}]}")


def large_mailbox(file: Path) -> None:
    with file.open("wb") as out:
        while out.tell() < SIZE:
            out.write(b"From a@b.test Tue Mar  3 08:00:00 2026\nSubject: Pier\n\n" + PROSE + b"\n")


def large_lines(file: Path) -> None:
    with file.open("wb") as out:
        while out.tell() < SIZE:
            out.write(json.dumps({"text": PROSE.decode()}).encode() + b"\n")


def many_files(folder: Path) -> None:
    for number in range(2000):
        below = folder / str(number % 50)
        below.mkdir(parents=True, exist_ok=True)
        (below / f"{number}.txt").write_bytes(PROSE)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("result.json", large_export),
        ("box.mbox", large_mailbox),
        ("lines.jsonl", large_lines),
        ("folder", many_files),
    ],
)
def test_memory_does_not_grow_with_the_archive(tmp_path: Path, name: str, make: Callable[[Path], None]):
    make(tmp_path / name)
    tracemalloc.start()
    archives = Archives([tmp_path / name])
    pieces = sum(not isinstance(piece.content, Skipped) for piece in archives)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert pieces >= 2000
    assert peak < 600_000
    assert archives.position == archives.total > 1_800_000


def test_how_far_it_is_grows_with_every_piece(tmp_path: Path):
    large_lines(tmp_path / "a.jsonl")
    large_mailbox(tmp_path / "b.mbox")
    archives = Archives([tmp_path])
    before, steps = 0, 0
    for _ in archives:
        assert before <= archives.position <= archives.total
        steps += before < archives.position
        before = archives.position
    assert steps > 100


def test_the_files_of_an_export_are_counted_and_left_to_its_messages(tmp_path: Path):
    messages = [{"id": 1, "text": "", "file": "files/pier.txt"}, {"id": 2, "text": "a"}]
    (tmp_path / "chat" / "files").mkdir(parents=True)
    (tmp_path / "chat" / "files" / "pier.txt").write_bytes(PROSE)
    (tmp_path / "chat" / "result.json").write_text(json.dumps({"name": "Oru", "messages": messages}))
    archives = Archives([tmp_path])
    document, text = archives
    assert document.place.endswith("result.json, chat Oru, message 1, files/pier.txt")
    assert document.content == File(PROSE, "pier.txt")
    assert isinstance(text.content, FoundArticle)
    assert archives.position == archives.total


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("result.json", b"[]", NO_EXPORT),
        ("other.json", b"{}", NO_EXPORT),
        ("photo.jpg", b"\xff\xd8", OTHER_KIND),
        ("noname", b"", OTHER_KIND),
    ],
)
def test_what_a_folder_holds_beside_articles_is_told(tmp_path: Path, name: str, data: bytes, reason: str):
    (tmp_path / name).write_bytes(data)
    (piece,) = Archives([tmp_path])
    assert (piece.place, piece.content) == (str(tmp_path / name), Skipped(reason))


def test_links_to_folders_are_not_followed_round_in_circles(tmp_path: Path):
    (tmp_path / "pier.txt").write_bytes(PROSE)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    assert len(list(Archives([tmp_path]))) == 1
