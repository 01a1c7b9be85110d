"""What is kept of messages that have gone out, also while somebody else has their turn to write."""

import asyncio

import pytest

from domain.articles import IncomingArticle, Taken
from domain.digests import ComposedDigest, ToldClaim
from domain.extraction import Factuality
from domain.jobs import JobKind
from domain.subscriptions import DeliveryState
from services import Services, cards, delivering, digesting, intake, reading
from services.asking.telling import Place, keep_shown
from services.delivering import Part
from storage import articles, told
from storage.connection import Reader
from tests.engines import ON_BOTH, POSTGRESQL
from tests.samples import Clock, forward
from tests.services.conftest import Prepared
from tests.services.test_delivering import ANN, EIGHT, TOMORROW_AT_EIGHT, deliveries, tick
from tests.services.test_forgetting import MILL, saying
from tests.services.wishing import subscribe
from tests.storage.waiting import AT_MOST, somebody_waits, until

ON_SERVER = pytest.mark.parametrize("database_url", [POSTGRESQL], indirect=True)

CARD = 77


async def bring(services: Services, prepared: Prepared) -> int:
    prepared.results[MILL] = saying(MILL, "Odo Quist", "the mill is shut")
    taken = await intake.take_in(services, IncomingArticle(MILL, forward(ANN)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, ANN.id)
    return taken.article


async def claims(db: Reader) -> list[int]:
    return [row["id"] for row in await db.all("SELECT id FROM claims")]


@ON_BOTH
async def test_what_is_found_out_while_a_card_is_under_way_is_shown_when_that_is_kept(
    services: Services, prepared: Prepared
):
    article = await bring(services, prepared)
    under_way = await services.queue.claim(JobKind.SEND)
    assert under_way is not None and under_way.payload["what"] == "card"
    async with services.database.transaction() as db:
        assert await articles.card_message(db, article, ANN.id) is None
        await cards.show_again(services, db, article, "it has another headline")
    assert await services.queue.claim(JobKind.SEND) is None
    await cards.card_shown(services, ANN.id, article, CARD)
    await services.queue.finish(under_way)
    after = await services.queue.claim(JobKind.SEND)
    assert after is not None and "it has another headline" in after.key


@ON_SERVER
async def test_a_digest_s_message_is_kept_whoever_writes_and_whatever_is_erased(
    services: Services, prepared: Prepared, clock: Clock
):
    await subscribe(services, ANN, None, EIGHT)
    await bring(services, prepared)
    await tick(services, clock, TOMORROW_AT_EIGHT)
    delivery = await delivering.find_planned(services, 1)
    assert delivery is not None
    assert isinstance(await digesting.compose(services, delivery), ComposedDigest)
    assert await delivering.begin(services, delivery.id)
    async with services.database.reading() as db:
        (claim,) = await claims(db)
    tells = ToldClaim(claim, claim, Factuality.CERTAIN, 1, 0, 0)

    async def sent() -> None:
        await delivering.sent(services, delivery, Part(0, "", is_last=True), 50, [tells], [claim], pictured=True)

    async with asyncio.timeout(AT_MOST):
        async with services.database.transaction():
            await sent()
            (found,) = await deliveries(services)
        assert found.state is DeliveryState.SENT
        async with services.database.transaction() as db:
            await db.run("DELETE FROM claims WHERE id = :claim", claim=claim)
            again = asyncio.create_task(sent())
            await until(lambda: somebody_waits(db))
        await again
    async with services.database.reading() as db:
        assert await told.find(db, ANN.id, 50) == {"kind": "digest"}
        assert await claims(db) == []
        assert await db.all("SELECT * FROM told_claims") == []
    assert await services.queue.claim(JobKind.PICTURE) is not None
    assert await services.queue.claim(JobKind.PICTURE) is None


@ON_SERVER
async def test_what_an_answer_told_is_kept_whoever_writes(services: Services, prepared: Prepared):
    await bring(services, prepared)
    async with services.database.reading() as db:
        (claim,) = await claims(db)
    async with asyncio.timeout(AT_MOST), services.database.transaction() as db:
        await keep_shown(services, Place(ANN.id, 51, None), "story", [claim, claim, claim + 1])
        assert await told.find(db, ANN.id, 51) == {"kind": "story"}
        assert [row["claim_id"] for row in await db.all("SELECT claim_id FROM told_claims")] == [claim]
