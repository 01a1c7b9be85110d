"""Readers against mutated files: what makes one fail is kept among the tests.

    python -m benchmarks.fuzz MINUTES [READER…]

Each reader gets an equal share of the time, in a process with the limits of the pool. A finding is a raised error, a
wrong kind of answer, too much text, an ended process, or an input that takes longer than ``SLOW`` seconds. It is saved
to tests/readers/found_cases/READER/, one for each place in the code, and the tests read it ever after.
To add a reader: a line in ``targets``.
"""

import importlib
import io
import json
import multiprocessing
import random
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from telegram import Message

from domain.chats import ChatKind
from domain.intake import FoundArticle, NoArticle
from domain.messages import Bundle, IncomingMessage, beside_links, bundles, content_of
from handlers.context import Context
from handlers.incoming import incoming_message
from readers import worker

FOUND = Path(__file__).parent.parent / "tests" / "readers" / "found_cases"
SLOW = 5.0
_MOST_CHARACTERS = 1_000_000
_TOKENS = (
    *(
        b"\0",
        b"\xff\xff\xff\xff",
        b"\x7f\xff\xff\xff",
        b"-1",
        b"99999999999",
        b"1e999",
        b"%s",
        b"\r\n\r\n",
        b"\n",
        b" ",
    ),
    *(b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#x110000;", b"</p>", b"<p>", b"<w:p>", b"<text:p>", b"<![CDATA["),
    *(b"endobj", b"stream\n", b"obj", b"/Kids [2 0 R]", b"/Length 0", b"/FlateDecode", b"BT", b"Tj", b"1 0 0 1 0 0 Tm"),
    *(
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n",
        b"=?utf-8?b?////?=",
        b"Date: x",
        b"charset=utf-16",
        b"--x--",
    ),
    *(
        b"# ",
        b"---\n",
        b"***",
        b"[a](b)",
        b"****",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\xc3\xa9",
        b"\x1b$B",
    ),
    *(b"Source: A, 3 March 2026\n", b"https://a.example/b\n", b"{", b"}", b'"text":', b"[[[[", b"\\ud800", b'"'),
)


_EXPORT = json.dumps(
    {
        "name": "Isk Valley",
        "type": "public_channel",
        "id": 12,
        "messages": [
            {
                "id": number,
                "type": "message",
                "date": "2026-03-05T10:15:00",
                "date_unixtime": "1772702100",
                "from": "Isk Valley",
                "from_id": "channel12",
                "forwarded_from": "Radio Sennet",
                "text": ["The ferry stays. ", {"type": "text_link", "text": "More", "href": "https://a.example/b"}],
                "text_entities": [{"type": "plain", "text": "The ferry stays. "}],
            }
            for number in range(1, 4)
        ],
    }
).encode()


_PLACE = ("offset", "length")
_MESSAGES = json.dumps(
    [
        {
            "message_id": number,
            "date": 1772702100 + number // 3,
            "chat": {"id": 5, "type": "private", "first_name": "Ann"},
            "from": {"id": 5, "is_bot": False, "first_name": "Ann"},
            "text": "The ferry stays. 🚢 https://a.example/b " * (1 if number % 2 else 80),
            "entities": [
                {"type": "url", "offset": 20, "length": 19},
                {"type": "text_link", "offset": 1, "length": 5, "url": "http://b.example"},
                {"type": "mention", "offset": 4, "length": 9},
            ],
            "forward_origin": {"type": "hidden_user", "date": 1772702000, "sender_user_name": "Bo"},
            "link_preview_options": {"url": "https://c.example"},
            **({"media_group_id": "7"} if number > 6 else {}),
        }
        for number in range(1, 10)
    ]
).encode()


@dataclass(frozen=True)
class Target:
    """A reader to feed, what to start from, and what must hold of its answer."""

    samples: list[bytes]
    read: Callable[[bytes], Any]
    holds: Callable[[Any], bool] = lambda _: True


def targets() -> dict[str, Target]:
    """Return the readers by name; one whose module is not there is left out."""
    from tests.readers.sample_files import NAMES, SAMPLES

    found = {}
    for form in ("pdf", "docx", "odt", "html", "eml", "txt", "md"):
        samples = [data for name, data in SAMPLES.items() if name.split("_")[0] == form]
        found[form] = Target(samples, _FileReader(NAMES.get(form)), _is_content)
    line = json.dumps({"id": 1, "text": "Words.", "headline": "H", "datePublished": "2026-03-01"}).encode()
    mails = b"".join(b"From desk Thu Mar  5 10:15:00 2026\n" + SAMPLES["eml"] + b"\n" for _ in range(3))
    optional = {
        "pages": ([SAMPLES["html"]], "readers.web.pages", lambda read: lambda data: read.read_page(data, "", None)),
        "lines": ([line], "readers.lines", lambda read: lambda data: read.read_line(1, data)),
        "mailbox": ([mails], "readers.mailbox", lambda read: lambda data: [*read.read_mailbox(io.BytesIO(data))]),
        "telegram_export": (
            [_EXPORT],
            "readers.telegram_export",
            lambda read: lambda data: [*read.read_export(io.BytesIO(data))],
        ),
    }
    for name, (samples, module, reader) in optional.items():
        if imported := _imported(module):
            found[name] = Target(samples, reader(imported))
    found["messages"] = Target([_MESSAGES], _assembled, _each_message_once)
    return found


def _assembled(data: bytes) -> tuple[list[IncomingMessage], list[Bundle]]:
    """Put together whatever messages the library can make of the data, as the bot does."""
    messages = {message.number: message for message in _messages(data)}
    for message in messages.values():
        content_of([message])
        beside_links(message)
    return list(messages.values()), bundles(list(messages.values()))


def _messages(data: bytes) -> Iterable[IncomingMessage]:
    context = cast(Context, SimpleNamespace(name="presswatch_bot", bot=SimpleNamespace(id=1)))
    try:
        parsed = [Message.de_json(each, None) for each in json.loads(data) if _is_of_the_bot_api(each)]
    except Exception:  # noqa: BLE001  # the library stumbles over broken messages; the bot puts these aside
        return []
    return [incoming_message(message, context) for message in parsed]


def _is_of_the_bot_api(given: dict[str, Any]) -> bool:
    """Return whether a message has what Telegram's all have: a chat of some kind, text without half characters."""
    entities = given.get("entities", [])
    numbers = [given["message_id"], given["chat"]["id"], *(entity[key] for entity in entities for key in _PLACE)]
    given.get("text", "").encode()
    return given["chat"]["type"] in [*ChatKind] and all(isinstance(number, int) for number in numbers)


def _each_message_once(answer: tuple[list[IncomingMessage], list[Bundle]]) -> bool:
    messages, found = answer
    inside = [message for bundle in found for message in bundle.messages]
    comments = {message for bundle in found for message in bundle.comments}
    return len(inside) == len(set(inside)) and {*inside, *comments} == {*messages}


class _FileReader:
    def __init__(self, name: str | None) -> None:
        self._name = name

    def __call__(self, data: bytes) -> Any:
        from readers.files import read_file

        return read_file(data, self._name)


def _imported(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError:
        return None


def _is_content(content: Any) -> bool:
    if isinstance(content, NoArticle):
        return True
    articles = isinstance(content, tuple) and bool(content) and all(isinstance(one, FoundArticle) for one in content)
    return articles and 0 < sum(len(one.text) for one in content) <= _MOST_CHARACTERS


# Mutation


def mutated(samples: list[bytes], seed: str) -> bytes:
    """Return a changed sample, the same one for the same seed."""
    draw = random.Random(seed)  # noqa: S311  # nothing secret hangs on it
    data = draw.choice(samples)
    if data.startswith(b"PK") and draw.random() < 0.8:
        return _with_changed_part(data, draw)
    return _changed(data, samples, draw)


def _with_changed_part(data: bytes, draw: random.Random) -> bytes:
    """Change a part inside a zip file: a changed byte of the file itself seldom gets past its checksums."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        parts = {name: old.read(name) for name in old.namelist()}
        texts = [name for name in parts if name.endswith((".xml", ".rels"))]
        main = [name for name in texts if name.endswith(("document.xml", "content.xml", "styles.xml", "core.xml"))]
        chosen = draw.choice(main if draw.random() < 0.9 else texts)
        parts[chosen] = _changed(parts[chosen], [parts[name] for name in main], draw)
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def _changed(data: bytes, others: list[bytes], draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 3, 5, 12))):
        draw.choice(_CHANGES)(changed, others, draw)
    return bytes(changed[:400_000])


def _place(data: bytearray, draw: random.Random) -> tuple[int, int]:
    start = draw.randrange(len(data) + 1)
    return start, min(len(data), start + draw.choice((1, 2, 8, 40, 400)))


def _flip(data: bytearray, _: list[bytes], draw: random.Random) -> None:
    if data:
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def _overwrite(data: bytearray, _: list[bytes], draw: random.Random) -> None:
    start, end = _place(data, draw)
    data[start:end] = draw.randbytes(end - start)


def _cut(data: bytearray, _: list[bytes], draw: random.Random) -> None:
    start, end = _place(data, draw)
    del data[start:end]


def _truncate(data: bytearray, _: list[bytes], draw: random.Random) -> None:
    if draw.random() < 0.3:
        del data[draw.randrange(len(data) + 1) :]


def _repeat(data: bytearray, _: list[bytes], draw: random.Random) -> None:
    start, end = _place(data, draw)
    data[start:start] = data[start:end] * draw.choice((1, 2, 10, 100))


def _insert(data: bytearray, _: list[bytes], draw: random.Random) -> None:
    start, _end = _place(data, draw)
    data[start:start] = draw.choice(_TOKENS) * draw.choice((1, 1, 1, 2, 50, 2_000))


def _number(data: bytearray, _: list[bytes], draw: random.Random) -> None:
    digits = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
    if digits:
        at = draw.choice(digits)
        data[at : at + 1] = draw.choice((b"0", b"-1", b"999999999", b"4294967296", b"0.0001", b"9"))


def _splice(data: bytearray, others: list[bytes], draw: random.Random) -> None:
    other = bytearray(draw.choice(others))
    start, end = _place(other, draw)
    at, to = _place(data, draw)
    data[at:to] = other[start:end]


_CHANGES = (_flip, _overwrite, _cut, _truncate, _repeat, _insert, _number, _splice)


# Running


def _work(name: str, seed: str, first: int, pipe: Connection) -> None:
    worker.confine(worker.MEMORY)
    target = targets()[name]
    number = first
    while True:
        pipe.send((number, ""))
        data = mutated(target.samples, f"{seed} {number}")
        started = time.process_time()
        try:
            problem = "" if target.holds(target.read(data)) else "wrong kind of answer"
        except BaseException as error:  # noqa: BLE001  # whatever comes out is the finding
            place = traceback.extract_tb(error.__traceback__)[-1]
            problem = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
        if not problem and time.process_time() - started > SLOW:
            problem = "slow"
        if problem:
            pipe.send((number, problem))
        number += 1


def fuzz(name: str, seconds: float, seed: str) -> tuple[int, dict[str, Path]]:
    """Feed a reader for a time; return how many inputs it got, and the findings."""
    context = multiprocessing.get_context("spawn")
    samples = targets()[name].samples
    found: dict[str, Path] = {}
    ends = time.monotonic() + seconds
    number = 0
    while time.monotonic() < ends:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(name, seed, number, there), daemon=True)
        process.start()
        there.close()
        number, problem = _watch(here, ends, name, samples, seed, found, number)
        process.kill()
        process.join()
        if problem:
            _keep(name, f"{problem} {process.exitcode if problem == 'ended' else ''}", samples, seed, number, found)
            number += 1
    return number, found


def _watch(
    pipe: Connection, ends: float, name: str, samples: list[bytes], seed: str, found: dict[str, Path], number: int
) -> tuple[int, str]:
    """Follow a process until its time is over or it is; return the input it was at, and what befell it."""
    while (left := ends - time.monotonic()) > 0:
        try:
            # A fresh process takes a moment to import what it needs.
            if not pipe.poll(min(left, 4 * SLOW + 20)):
                return number, "" if time.monotonic() >= ends else "hangs"
            number, problem = pipe.recv()
        except EOFError:
            return number, "ended"
        if problem:
            _keep(name, problem, samples, seed, number, found)
    return number, ""


def _keep(name: str, problem: str, samples: list[bytes], seed: str, number: int, found: dict[str, Path]) -> None:
    if problem in found:
        return
    data = mutated(samples, f"{seed} {number}")
    place = FOUND / name / f"{sha256(data).hexdigest()[:12]}.bin"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    found[problem] = place
    print(f"{name}: {problem}: {place.name}", flush=True)


def main(arguments: Iterable[str]) -> None:
    """Print a line a reader: minutes, inputs, findings."""
    minutes, *names = arguments
    names = names or list(targets())
    seed = str(random.SystemRandom().randrange(10**9))
    print(f"seed {seed}", flush=True)
    for name in names:
        started = time.monotonic()
        count, found = fuzz(name, float(minutes) * 60 / len(names), seed)
        print(
            f"{name:12} {(time.monotonic() - started) / 60:5.1f} min {count:8,} inputs {len(found)} findings",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
