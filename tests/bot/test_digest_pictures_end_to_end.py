"""The picture that follows a digest, over HTTP: once or not at all, and the digest is none the worse for it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.local_telegram import Message
from domain.extraction import Attribution, AttributionKind, Extraction, Factuality, KeyClaim, Metadata, Source
from domain.jobs import JobKind
from domain.pictures import Picture
from domain.subscriptions import DeliveryState
from storage import deliveries
from tests.bot.support import World, open_world
from tests.bot.timed import settled, tick
from tests.samples import Clock, named, passage
from tests.services.conftest import Prepared

MORNING = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
EIGHT = datetime(2026, 3, 12, 8, tzinfo=UTC)
# Papers that have nothing to do with each other: who is asked in which, and what about.
PAPERS = {
    "Lundvik Gazette": ("pier", ("Torvin Hagelund", "Ada Kestrel")),
    "Upland Courier": ("dairy", ("Ole Moor", "Jonas Brekke")),
    "Evening Herald": ("theatre", ("Ilka Roden", "Ivo Lund")),
}


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING)


@pytest.fixture
async def world(tmp_path: Path, clock: Clock) -> AsyncIterator[World]:
    prepared = Prepared({paper(outlet): read(outlet) for outlet in PAPERS})
    async with open_world(tmp_path / "test.db", prepared, clock) as made:
        yield made


def paper(outlet: str) -> str:
    """An article in which two people each say three things."""
    matter, names = PAPERS[outlet]
    return " ".join(
        [f"{outlet} on the {matter}.", *(f"{who} said {what}." for who in names for what in said(who, matter))]
    )


def said(who: str, matter: str) -> list[str]:
    return [f"the {matter} of {who.split()[1]} was {done}" for done in ("painted", "insured", "mortgaged")]


def read(outlet: str) -> Extraction:
    text = paper(outlet)
    matter, names = PAPERS[outlet]
    attributions, claims = [], []
    for place, who in enumerate(names):
        for what in said(who, matter):
            content, source = passage(text, what), Source(who, passage(text, who).spans, place)
            claims.append(KeyClaim(what, content.spans, len(claims), (), Factuality.CERTAIN, len(claims) + 1))
            attributions.append(Attribution(source, None, content, Factuality.CERTAIN, AttributionKind.SPEECH))
    people = tuple(named(text, who) for who in names)
    return Extraction(Metadata(outlet, outlet), people, tuple(attributions), tuple(claims))


async def compared(world: World) -> None:
    """Wait until the articles are tied to each other."""
    async with asyncio.timeout(30):
        while await is_open(world, JobKind.RELATE):  # noqa: ASYNC110  # nothing tells when
            await asyncio.sleep(0.05)


async def until_over(world: World, clock: Clock) -> None:
    """Wait until no picture is to be sent any more; meanwhile the clock goes on."""
    async with asyncio.timeout(30):
        while await is_open(world, JobKind.PICTURE):
            clock.now += timedelta(milliseconds=100)
            await asyncio.sleep(0.05)


async def is_open(world: World, kind: JobKind) -> bool:
    counts = await world.services.queue.counts()
    return any((kind, state) in counts for state in ("ready", "running"))


async def busy_morning(world: World, clock: Clock) -> None:
    """Have a digest of three stories and six people go out."""
    await world.ask("/subscribe 08:00 UTC")
    for outlet in PAPERS:
        await world.card_of(world.local.send_text(world.chat, world.ann, paper(outlet)))
    await compared(world)
    clock.now = EIGHT
    await tick(world)
    (delivery,) = await settled(world, clock, world.chat.id)
    assert delivery.state is DeliveryState.SENT


def pictures(world: World) -> list[Message]:
    return [each for each in world.local.messages(world.chat) if "photo" in each.content]


async def test_a_digest_of_many_people_is_followed_by_their_picture(world: World, clock: Clock):
    await busy_morning(world, clock)
    (picture,) = await world.local.until(lambda: pictures(world))
    assert picture.text.split("\n")[0] == "Claims by and about people, 11–12 March 2026"
    assert "Ada Kestrel: says 3" in picture.text.split("\n")
    await until_over(world, clock)
    async with world.services.database.reading() as db:
        (delivery,) = await deliveries.last(db, world.chat.id, 9)
        known = await deliveries.messages_of(db, delivery.id)
    digest = next(each for each in world.local.messages(world.chat) if each.text.startswith("Your digest"))
    assert known == [digest.id, picture.id]


@pytest.mark.parametrize(("fault", "come"), [(429, 1), (502, 1), (403, 0), (504, 0), ("drop", 1)])
async def test_a_picture_that_telegram_does_not_take_comes_once_or_not_and_its_digest_is_sent(
    world: World, clock: Clock, fault: int | str, come: int
):
    world.local.fail_next("sendPhoto", fault)
    await busy_morning(world, clock)
    await until_over(world, clock)
    assert len(pictures(world)) == come
    assert ": sent" in (await world.ask("/deliveries")).text
    assert not await world.failed_jobs()


async def test_a_picture_that_cannot_be_drawn_is_left_out(world: World, clock: Clock, monkeypatch: pytest.MonkeyPatch):
    async def none(picture: Picture) -> None:
        return None

    monkeypatch.setattr(type(world.services.drawing), "draw", staticmethod(none))
    await busy_morning(world, clock)
    await until_over(world, clock)
    assert not world.local.calls_of("sendPhoto")
    assert not await world.failed_jobs()


async def test_who_has_switched_pictures_off_gets_none(world: World, clock: Clock):
    await world.ask("/subscribe 08:00 UTC")
    menu = await world.ask("/settings")
    await world.press(menu, "sub:1:m")
    assert "Picture of the people: when there are many" in menu.text
    await world.press(menu, "sub:1:g")
    assert "Picture of the people: none" in menu.text
    await busy_morning(world, clock)
    assert (JobKind.PICTURE, "ready") not in await world.services.queue.counts()
    assert not world.local.calls_of("sendPhoto")


async def test_a_picture_that_was_cut_off_by_a_power_cut_does_not_come_again(tmp_path: Path, clock: Clock):
    prepared = Prepared({paper(outlet): read(outlet) for outlet in PAPERS})
    async with open_world(tmp_path / "cut.db", prepared, clock) as world:
        world.local.fail_next("sendPhoto", "hang")
        await busy_morning(world, clock)
        await world.local.until(lambda: world.local.calls_of("sendPhoto"))
    async with open_world(tmp_path / "cut.db", prepared, clock, first_update_id=100) as world:
        await until_over(world, clock)
        assert ": sent" in (await world.ask("/deliveries")).text
        assert not world.local.calls_of("sendPhoto")
