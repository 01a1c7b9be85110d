"""Pictures of a digest as Telegram shows it, for the manual: in a phone's width, light and folded, dark and open.

    python -m benchmarks.chat_pictures FOLDER [--chromium PATH]

The sample articles come in over two days, a digest goes out each morning, and what the local Telegram got of the second
one is drawn as the apps do: its text with its entities, its buttons and the picture behind it. Needs Chromium.
"""

import argparse
import asyncio
import re
import subprocess
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from markupsafe import Markup, escape
from PIL import Image

from bot.application import Transport, open_services, running
from bot.local_telegram import LocalRequest, LocalTelegram, Message
from bot.local_telegram.objects import Json
from bot.settings import Settings
from domain.jobs import JobKind
from handlers.context import App
from services import Services

SEEDS = Path(__file__).parents[1] / "seeds"
# Which samples come in before the first morning, and before the second.
BEFORE = (1, 9, 4, 15)
NEW = (2, 3, 10, 5, 23, 13)
FIRST = datetime(2026, 3, 16, 7, tzinfo=UTC)
A_DAY = timedelta(days=1)
QUIET = (JobKind.EXTRACT, JobKind.RELATE, JobKind.SEND, JobKind.DIGEST, JobKind.PICTURE)
SCALE, PHONE, COLOURS = 2, 390, 128

STYLE = """
* { box-sizing: border-box }
body { margin: 0; padding: 12px 10px 16px; font: 16px/1.32 Roboto, "Noto Color Emoji", sans-serif }
body.light { --text: #000; --link: #1f7fd1; --bubble: #fff; --key: #00000055; --time: #8a949c; background: #c3d9b0 }
body.dark { --text: #f5f5f5; --link: #6ab3f3; --bubble: #1d2b3a; --key: #ffffff2b; --time: #7d8e9e;
    background: #0e1621 }
.bubble { background: var(--bubble); color: var(--text); border-radius: 15px 15px 15px 5px; padding: 7px 11px 6px;
    width: 350px; margin-top: 8px; white-space: pre-wrap; overflow-wrap: anywhere; overflow: hidden }
.bubble img { display: block; width: calc(100% + 22px); margin: -7px -11px 6px }
a { color: var(--link); text-decoration: none }
blockquote { position: relative; margin: 3px 0; padding: 4px 26px 5px 9px; border-left: 3px solid var(--link);
    border-radius: 5px; font-size: 15px; background: color-mix(in srgb, var(--link) 12%, transparent) }
blockquote::after { content: "⌃"; position: absolute; right: 8px; bottom: 1px; color: var(--link) }
.folded blockquote span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden }
.folded blockquote::after { transform: scaleY(-1) }
.time { float: right; font-size: 12px; color: var(--time); margin: 7px 0 0 10px }
.keys { width: 350px } .keys div { display: flex; gap: 3px; margin-top: 3px }
.keys b { flex: 1; padding: 9px 6px; border-radius: 7px; background: var(--key); color: #fff; font: 500 14px Roboto;
    text-align: center; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
"""
TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "code": ("<code>", "</code>"),
    "text_link": ('<a href="#">', "</a>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote><span>", "</span></blockquote>"),
}


@dataclass
class Clock:
    """The present moment, as it is set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


async def digest_of(folder: Path) -> tuple[LocalTelegram, Sequence[Message]]:
    """Return what goes out on the second morning."""
    settings = Settings(_env_file=None, database_url=f"sqlite:///{folder / 'pictures.db'}")
    local, clock = LocalTelegram(), Clock(FIRST - A_DAY)
    transport = Transport(LocalRequest(local), LocalRequest(local), "http://telegram.invalid")
    async with (
        open_services(settings, local.token, clock) as services,
        running(settings, services, local.token, transport) as app,
    ):
        person = local.create_user("You")
        chat = local.create_private_chat(person)
        local.send_text(chat, person, "/subscribe 08:00 UTC")
        shown = 0
        for day, numbers in enumerate((BEFORE, NEW)):
            for number in numbers:
                text = next(SEEDS.glob(f"{number:02}_*")).read_text(encoding="utf-8").strip()
                local.send_text(chat, person, text)
                await quiet(services, clock)
            shown = len(local.messages(chat))
            clock.now = FIRST + timedelta(hours=1) + day * A_DAY
            await minute(app)
            await quiet(services, clock)
        return local, [each for each in local.messages(chat)[shown:] if each.by_bot]


async def minute(app: App) -> None:
    """Look at the clock, as happens each minute."""
    assert app.job_queue is not None
    await next(job for job in app.job_queue.jobs() if job.name == "digests").run(app)


async def quiet(services: Services, clock: Clock) -> None:
    """Wait until the bot has done all that is to be done."""
    still = 0
    while still < 8:
        await asyncio.sleep(0.25)
        clock.now += timedelta(milliseconds=250)
        counts = await services.queue.counts()
        still = 0 if any(state in ("ready", "running") for kind, state in counts if kind in QUIET) else still + 1


def page(local: LocalTelegram, messages: Sequence[Message], ground: str, *, folded: bool) -> str:
    """Return the chat as HTML."""
    body = Markup().join(part for message in messages for part in bubble(local, message))
    kind = f"{ground} folded" if folded else ground
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body class="{kind}">{body}'


def bubble(local: LocalTelegram, message: Message) -> Iterator[Markup]:
    """Return a message and the buttons below it."""
    picture = Markup()
    if "photo" in message.content:
        data = local.files[message.content["photo"][-1]["file_id"]].data
        picture = Markup('<img src="data:image/png;base64,{}">').format(b64encode(data).decode())
    entities = message.content.get("entities", message.content.get("caption_entities", []))
    words = marked(message.text, entities)
    yield Markup('<div class="bubble">{}{}<span class="time">08:00</span></div>').format(picture, words)
    rows: Sequence[Sequence[Json]] = (message.markup or {}).get("inline_keyboard", ())
    keys = [
        Markup("<div>{}</div>").format(Markup().join(Markup("<b>{}</b>").format(key["text"]) for key in row))
        for row in rows
    ]
    yield Markup('<div class="keys">{}</div>').format(Markup().join(keys))


def marked(text: str, entities: Sequence[Json]) -> Markup:
    """Return a text as HTML; entities count UTF-16 units, and lie within or beside each other."""
    units = text.encode("utf-16-le")
    known = [each for each in entities if each["type"] in TAGS]
    opened = sorted(known, key=lambda each: -int(each["length"]))
    closed = sorted(known, key=lambda each: -int(each["offset"]))
    written, last = Markup(), 0
    for place in sorted({0, len(units) // 2, *(at for each in known for at in (each["offset"], end_of(each)))}):
        written += escape(units[2 * last : 2 * place].decode("utf-16-le"))
        written += Markup().join(Markup(TAGS[each["type"]][1]) for each in closed if end_of(each) == place)  # noqa: S704  # our own
        written += Markup().join(Markup(TAGS[each["type"]][0]) for each in opened if each["offset"] == place)  # noqa: S704  # our own
        last = place
    # A quotation is a block of its own, so that the line breaks around it show nothing.
    return Markup(re.sub(r"\n(?=<blockquote>)|(?<=</blockquote>)\n", "", written))  # noqa: S704  # escaped above


def end_of(entity: Json) -> int:
    """Return where an entity ends."""
    return int(entity["offset"]) + int(entity["length"])


def shoot(chromium: str, html: str, target: Path) -> None:
    """Draw a page, as high as it is."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        measured = "<script>document.title = document.documentElement.scrollHeight</script>"
        file.write_text(html + measured, encoding="utf-8")
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [f"--user-data-dir={folder}/profile", f"--force-device-scale-factor={SCALE}"]
        seen = run([*command, f"--window-size={PHONE},400", "--dump-dom", file.as_uri()])
        height = re.search(r"<title>(\d+)", seen)
        assert height is not None
        run([*command, f"--window-size={PHONE},{height[1]}", f"--screenshot={target}", file.as_uri()])
    with Image.open(target) as drawn:
        drawn.quantize(COLOURS).save(target, optimize=True)


def run(command: Sequence[str]) -> str:
    """Run a program and return what it writes."""
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout  # noqa: S603  # named by who runs this


def main() -> None:
    """Draw the pictures into a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chromium", default="chromium")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        local, messages = asyncio.run(digest_of(Path(folder)))
    for ground, folded in (("light", True), ("dark", False)):
        shoot(given.chromium, page(local, messages, ground, folded=folded), given.folder / f"digest-{ground}.png")


if __name__ == "__main__":
    main()
