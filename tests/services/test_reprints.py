"""Reprints: a text that came before in other clothes is shown, told and counted as that one."""

from datetime import datetime

import pytest

from domain.articles import ArticleState, IncomingArticle, Taken
from domain.digests import ComposedDigest
from domain.extraction import (
    Attribution,
    AttributionKind,
    Extraction,
    ExtractionFailure,
    Factuality,
    FailureReason,
    KeyClaim,
    Metadata,
    Source,
)
from domain.ledger import Card, Dossier
from domain.schedule import Timetable
from extraction.fingerprint import fingerprint
from extraction.layout import paragraphs
from services import Services, delivering, digesting, intake, reading
from services.asking import who
from services.cards import show
from storage import articles, deliveries
from tests.engines import ON_BOTH
from tests.samples import DAY, HOUR, NOON, Clock, chat_identity, forward, named, passage
from tests.services.conftest import Prepared
from tests.services.wishing import subscribe

ANN, BOB = chat_identity(100), chat_identity(200)
CLAIM = "the berths were sold for a tenth of their value"
BODY = f"""Ingrid Solvang said {CLAIM}.

The council of Arnby had meant to hand nine berths to two brothers from Morvik before the end of the month.

Fishermen who use the berths have collected four hundred signatures against the plan, and more are coming in.

The ferry company would leave the pier if anybody else were to get the berths that it rents today.

A vote on the harbour master is set for the last week of May, when the mayor is back from the capital."""
FIRST = f"Council stops sale\n\n{BODY}"
REPRINT = f"Berths stay with the town\n\nBy Alva Kvist\n\n{BODY}\n\nSubscribe to our newsletter to get the news."
FOLLOW_UP = f"""Court looks at the sale

Ingrid Solvang said {CLAIM}.

A court in Morvik will read the papers of the harbour next month, its president told the town's radio on Friday.

Both brothers have hired a lawyer, Karsten Ude, who calls the audit a fairy tale and wants the deposit back.

The bank has learnt of the contract from the newspaper, and so has the insurer of the two cranes on the quay.

Police ask for witnesses and for the film of the camera, which the guard had switched off that night."""


def read_as(text: str) -> Extraction:
    """What a reader finds in one of these texts."""
    said = Attribution(
        Source("Ingrid Solvang", passage(text, "Ingrid Solvang").spans, 0),
        passage(text, "said"),
        passage(text, CLAIM),
        Factuality.CERTAIN,
        AttributionKind.SPEECH,
    )
    key = KeyClaim(CLAIM, passage(text, CLAIM).spans, 0, (), Factuality.CERTAIN, 1)
    page = paragraphs(text)
    metadata = Metadata(headline=page[0].text)
    solvang = named(text, "Ingrid Solvang", roles=("harbour master of Arnby",))
    return Extraction(metadata, (solvang,), (said,), (key,), fingerprint(page))


@pytest.fixture(autouse=True)
def as_read(prepared: Prepared) -> None:
    prepared.results |= {text: read_as(text) for text in (FIRST, REPRINT, FOLLOW_UP)}


async def take(services: Services, text: str, message: int, sender: str = "Ann") -> int:
    taken = await intake.take_in(services, IncomingArticle(text, forward(ANN, message, sender)))
    assert isinstance(taken, Taken)
    return taken.article


async def bring(services: Services, text: str, message: int, sender: str = "Ann") -> int:
    article = await take(services, text, message, sender)
    await reading.read(services, article, ANN.id)
    return article


async def card_of(services: Services, article: int) -> Card:
    card = await show(services, ANN.id, article)
    assert card is not None
    return card


def told(digest: ComposedDigest) -> list[int]:
    return [each.newest.id for each in digest.stories]


async def delivered(services: Services, until: datetime, clock: Clock) -> ComposedDigest:
    """The digest that goes out at a moment."""
    clock.now = until
    assert await delivering.plan_due(services) == 1
    async with services.database.reading() as db:
        (delivery, *_) = await deliveries.last(db, ANN.id, 1)
    planned = await delivering.find_planned(services, delivery.id)
    assert planned is not None
    composed = await digesting.compose(services, planned)
    assert isinstance(composed, ComposedDigest)
    return composed


async def test_a_card_tells_what_its_article_is_a_reprint_of_and_who_brought_that(services: Services):
    first = await bring(services, FIRST, 1, "Ann")
    second = await bring(services, REPRINT, 2, "Zoe")
    follow_up = await bring(services, FOLLOW_UP, 3, "Zoe")
    head, reprint, other = [await card_of(services, each) for each in (first, second, follow_up)]
    assert (head.reprint_of, head.reprints) == (None, 1)
    assert reprint.reprint_of == head.article
    assert reprint.reprint_of.forward is not None and reprint.reprint_of.forward.sender == "Ann"
    assert (reprint.reprints, [claim.text for claim in reprint.key_claims]) == (1, [CLAIM])
    assert (other.reprint_of, other.reprints) == (None, 0)


async def test_another_chats_articles_are_no_reprints_of_mine(services: Services):
    await bring(services, FIRST, 1)
    taken = await intake.take_in(services, IncomingArticle(REPRINT, forward(BOB, 1)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, ANN.id)
    card = await show(services, BOB.id, taken.article)
    assert card is not None and card.reprint_of is None


@ON_BOTH
async def test_a_digest_tells_an_article_once_and_counts_its_people_once(services: Services, clock: Clock):
    first = await bring(services, FIRST, 1)
    await bring(services, REPRINT, 2)
    follow_up = await bring(services, FOLLOW_UP, 3)
    clock.now += HOUR
    digest = await digesting.on_demand(services, ANN, clock.now - DAY, clock.now)
    assert (told(digest), digest.articles) == ([follow_up, first], 2)
    assert [(each.name, each.articles) for each in digest.people] == [("Ingrid Solvang", 2)]


async def test_what_one_digest_told_no_later_one_tells_again_by_a_reprint(services: Services, clock: Clock):
    at = Timetable((NOON.time(),), "UTC")
    await subscribe(services, ANN, None, at)
    first = await bring(services, FIRST, 1)
    assert told(await delivered(services, NOON + DAY, clock)) == [first]
    clock.now += HOUR
    await bring(services, REPRINT, 2)
    assert told(await delivered(services, NOON + 2 * DAY, clock)) == []


async def test_what_a_digest_told_by_a_reprint_is_not_told_again_by_an_earlier_article_read_late(
    services: Services, clock: Clock
):
    await subscribe(services, ANN, None, Timetable((NOON.time(),), "UTC"))
    first = await take(services, FIRST, 1)
    reprint = await bring(services, REPRINT, 2)
    assert told(await delivered(services, NOON + DAY, clock)) == [reprint]
    clock.now += HOUR
    await reading.read(services, first, ANN.id)
    assert (await card_of(services, reprint)).reprint_of == (await card_of(services, first)).article
    assert told(await delivered(services, NOON + 2 * DAY, clock)) == []


@ON_BOTH
async def test_a_persons_page_has_a_reprinted_claim_once(services: Services):
    first = await bring(services, FIRST, 1)
    await bring(services, REPRINT, 2)
    follow_up = await bring(services, FOLLOW_UP, 3)
    solvang = await who(services, ANN.id, "Solvang")
    assert isinstance(solvang, Dossier)
    assert [(claim.article.id, claim.text) for claim in solvang.claims_by] == [(follow_up, CLAIM), (first, CLAIM)]
    assert solvang.person.articles == 2


async def test_an_edited_article_is_looked_at_anew(services: Services, clock: Clock):
    first = await bring(services, FIRST, 1)
    second = await bring(services, REPRINT, 2)
    collection = 1
    async with services.database.transaction() as db:
        assert await articles.replace_text(db, collection, first, FOLLOW_UP, clock.now)
    await reading.read(services, first, ANN.id, "edited")
    assert [(await card_of(services, each)).reprint_of for each in (first, second)] == [None, None]
    async with services.database.transaction() as db:
        assert await articles.replace_text(db, collection, first, FIRST, clock.now + HOUR)
    await reading.read(services, first, ANN.id, "edited again")
    card = await card_of(services, second)
    assert card.reprint_of is not None and card.reprint_of.id == first


async def test_an_article_in_a_script_that_cannot_be_read_is_known_again_too(services: Services, prepared: Prepared):
    unreadable = ExtractionFailure(FailureReason.UNREADABLE_SCRIPT, fingerprint(paragraphs(FIRST)))
    prepared.results |= {FIRST: unreadable, REPRINT: unreadable}
    first, second = await bring(services, FIRST, 1), await bring(services, REPRINT, 2)
    card = await card_of(services, second)
    assert card.state is ArticleState.FAILED
    assert card.reprint_of is not None and card.reprint_of.id == first


async def test_of_an_article_that_could_not_be_read_nothing_is_a_reprint_any_more(
    services: Services, prepared: Prepared
):
    first, second = await bring(services, FIRST, 1), await bring(services, REPRINT, 2)
    prepared.results[FIRST] = ExtractionFailure(FailureReason.TIMEOUT)
    await reading.read(services, first, ANN.id, "again")
    assert (await card_of(services, second)).reprint_of is None
