"""A process of its own for test_logs: articles, faults and updates through a bot that logs all that it can."""

import asyncio
import logging
import sys
from pathlib import Path

from bot.logs import configure
from domain.extraction import Extraction, Metadata
from domain.jobs import JobKind, NewJob
from tests.bot.support import World, open_world

# A traceback shows lines of this file, so none of those that raise has the words themselves.
PLACE, NAME = "Markerville", "Odo Markerson"
ARTICLE = "The council of Markerville has sold four berths, said Odo Markerson of the Markerpost on Monday. " * 6
FAULTY = ARTICLE.replace("four", "forty")


class Faulty:
    """An extraction whose fault quotes what it was given, as a library's may."""

    async def extract(self, text: str, given: Metadata) -> Extraction:
        if "forty" in text:
            raise ValueError(f"cannot read {text!r}")
        return Extraction(given)

    def warm_up(self) -> None:
        """Nothing to load."""


def broken(*_: object, **given: object) -> None:
    """A fault in a handler, with another one behind it, that quotes what it was given."""
    try:
        raise KeyError(f"{PLACE} {given}")
    except KeyError as error:
        raise RuntimeError(f"nobody is called {NAME}") from error


async def use(world: World) -> None:
    """Do what people do, and more of what goes wrong than they should see."""
    local, ann = world.local, world.ann
    await world.card_of(local.send_text(world.chat, ann, ARTICLE))
    await world.ask("/search Markerville")
    await world.ask("who is Odo Markerson?")
    await world.ask("/retention markerdays")
    await world.ask("/subscribe 08:00 markertown")
    local.fail_next("sendMessage", 429)
    local.fail_next("sendMessage", 502)
    await world.ask("/search Markerpost")
    await world.answer_to(local.send_text(world.chat, ann, FAULTY))
    asyncio.get_running_loop().create_task(_fail("Markerville"), name="forgotten").add_done_callback(lambda _: None)
    async with world.services.database.transaction() as db:
        unparsable = {"update_id": 10**6, "message": {"text": "Markerville", "date": "Markerday"}}
        gathered = NewJob(JobKind.FETCH, "fetch:x", {"message": "Markerville", "link": "https://markerville.test"})
        updates = [NewJob(JobKind.UPDATE, "update:x", unparsable), gathered]
        await world.services.queue.put(db, updates)
    # Each takes a handler's place, so that it fails with what it was given.
    for handlers in world.app.handlers.values():
        for handler in handlers:
            handler.callback = broken
    local.send_text(world.chat, ann, "/who Odo Markerson")
    world.app.job_queue.run_once(broken, 0, data="Markerville")
    for _ in range(200):
        if len(await world.failed_jobs()) > 3:  # two updates, a link and an article
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def _fail(word: str) -> None:
    raise LookupError(word)


async def main(folder: Path) -> None:
    """Run it; the log goes to standard error."""
    logging.captureWarnings(capture=True)
    async with open_world(folder / "test.db", Faulty()) as world:
        configure("DEBUG", [world.local.token], sys.argv[2])
        await use(world)
        print(world.local.token)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
