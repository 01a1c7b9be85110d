"""A short tour that plays by itself: two articles, questions, a picture, a digest."""

import asyncio
import tempfile
from pathlib import Path

from rich.console import Console

from bot.application import open_services
from bot.local_telegram import LocalTelegram
from bot.settings import Settings
from bot.terminal.screen import Screen
from bot.terminal.session import TOKEN, Session, session
from domain.extraction import Metadata
from domain.jobs import JobKind
from services import Services

ARTICLES = ("01_meters_audit.txt", "02_meters_denial.txt")
ASKED = (
    "who is Anselm Orkavec?",
    "did Orkavec deny paying for the meters?",
    "who said that Kelvane was founded six weeks before?",
    "/timeline Anselm Orkavec",
    "/subscribe 08:00 Europe/Vilnius",
    "/digest",
)
EXCERPT = 280
# The sample articles lie beside the rooms, in the folder that was cloned.
SEEDS = Path(__file__).parents[2] / "seeds"


async def tour(settings: Settings, console: Console) -> None:
    """Play the tour on an archive of its own, which is thrown away, and print the transcript."""
    screen = Screen(console, LocalTelegram().bot.username or "")
    screen.note("A tour of Presswatch, with invented articles. In a terminal, presswatch chat lets you type yourself.")
    with tempfile.TemporaryDirectory() as folder:
        own = settings.model_copy(update={"database_url": f"sqlite:///{folder}/tour.db"})
        async with open_services(own, TOKEN) as services, session(own, services, screen) as opened:
            # Loads the model, so that the first card comes as quickly as all others do.
            await services.extraction.extract("", Metadata())
            for name in ARTICLES:
                await _forward(opened, screen, SEEDS / name)
            # The articles are tied to each other a moment after they have been read.
            while await _are_tied_later(services):  # noqa: ASYNC110  # nobody is told when all are
                await asyncio.sleep(0.1)
            for text in ASKED:
                screen.said(text)
                await opened.answer_to(opened.say(text))
    screen.note("\nThat was the tour. With PRESSWATCH_TOKEN set, the same bot runs in Telegram.")


async def _are_tied_later(services: Services) -> bool:
    counts = await services.queue.counts()
    return any((JobKind.RELATE, state) in counts for state in ("ready", "running"))


async def _forward(opened: Session, screen: Screen, file: Path) -> None:
    text = file.read_text(encoding="utf-8").strip()  # noqa: ASYNC240  # a few kilobytes
    screen.said(f"{text[:EXCERPT]} … ({len(text.split())} words)", forwarded_from=file.stem)
    await opened.answer_to(opened.forward(file))
