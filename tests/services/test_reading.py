"""Reading: all that came out of an article is in the ledger at once, and again only once when it is read again."""

from dataclasses import replace
from typing import cast

import pytest

from domain.articles import ArticleState, IncomingArticle, Taken
from domain.extraction import (
    Attribution,
    AttributionKind,
    Extraction,
    ExtractionFailure,
    Factuality,
    FailureReason,
    KeyClaim,
    Metadata,
    NamedPerson,
    Passage,
    Source,
)
from domain.jobs import JobKind
from domain.ledger import Card, Dossier
from services import Services, intake, reading
from services.asking import who
from services.cards import show
from services.chats import know
from services.reading import lead_in, ledger_claims
from storage.claims import NewClaim
from storage.connection import Database
from tests.samples import Clock, chat_identity, forward, named, passage
from tests.services.conftest import Prepared
from tests.visits import Visits

ANN = chat_identity(100)
BODY = (
    "Ilka Roden, the harbour master, has denied that Oskar Venn sold the pier. "
    "Venn said: “It is mine.” The council meets on Friday. It may rain."
)
RODEN = named(BODY, "Ilka Roden", roles=("the harbour master",))
VENN = named(BODY, "Oskar Venn", "Venn")


def attribution(
    content: str,
    source: str | None = None,
    cue: str | None = None,
    person: int | None = None,
    factuality: Factuality = Factuality.CERTAIN,
    body: str = BODY,
) -> Attribution:
    who_says = Source(source, passage(body, source).spans, person) if source else None
    word = passage(body, cue) if cue else None
    return Attribution(who_says, word, passage(body, content), factuality, AttributionKind.SPEECH)


def key(
    text: str,
    rank: int,
    of: int | None = None,
    people: tuple[int, ...] = (),
    factuality: Factuality = Factuality.CERTAIN,
) -> KeyClaim:
    return KeyClaim(text, passage(BODY, text).spans, of, people, factuality, rank)


DENIAL = attribution("that Oskar Venn sold the pier", "Ilka Roden", "has denied", 0, Factuality.DENIED)
MINE = attribution("It is mine", "Venn said", "said", 1)
EXTRACTION = Extraction(
    Metadata(headline="The pier", date_published="2026-03-10"),
    (RODEN, VENN),
    (DENIAL, MINE),
    (key("The council meets on Friday", 2), key("that Oskar Venn sold the pier", 1, 0, (1,), Factuality.DENIED)),
)


async def bring(services: Services, text: str = BODY, message: int = 1) -> int:
    taken = await intake.take_in(services, IncomingArticle(text, forward(ANN, message)))
    assert isinstance(taken, Taken)
    return taken.article


async def card_of(services: Services, article: int) -> Card:
    card = await show(services, ANN.id, article)
    assert card is not None
    return card


async def test_what_came_out_is_on_the_card(services: Services, prepared: Prepared):
    prepared.results[BODY] = EXTRACTION
    article = await bring(services)
    await reading.read(services, article, ANN.id)
    card = await card_of(services, article)
    assert (card.state, card.failure, card.metadata) == (ArticleState.READ, None, EXTRACTION.metadata)
    assert card.people == EXTRACTION.people
    assert [(claim.text, claim.rank) for claim in card.claims] == [
        ("that Oskar Venn sold the pier", 1),
        ("The council meets on Friday", 2),
        ("It is mine", None),
    ]
    assert [claim.rank for claim in card.key_claims] == [1, 2]
    denial = card.claims[0]
    assert denial.claimant is not None
    assert (denial.claimant.name, denial.claimant.job_title) == ("Ilka Roden", "the harbour master")
    assert (denial.factuality, denial.lead_in) == (Factuality.DENIED, "has denied")
    assert card.claims[1].claimant is None
    assert card.claims[1].kind is None


async def test_the_card_follows_in_the_place_of_the_note(services: Services, prepared: Prepared, clock: Clock):
    prepared.results[BODY] = EXTRACTION
    article = await bring(services)
    await reading.read(services, article, ANN.id)
    clock.now += 2 * intake.NOTE_AFTER
    card = await services.queue.claim(JobKind.SEND)
    assert card is not None
    assert card.key == f"card:{article}:{ANN.id}:read"
    await services.queue.finish(card)
    assert await services.queue.claim(JobKind.SEND) is None


async def test_an_article_read_twice_is_in_the_ledger_once(services: Services, prepared: Prepared):
    """A crash after the reading and before the job's end makes the job run again."""
    prepared.results[BODY] = EXTRACTION
    article = await bring(services)
    await reading.read(services, article, ANN.id)
    first = await card_of(services, article)
    await reading.read(services, article, ANN.id)
    second = await card_of(services, article)
    assert [claim.text for claim in second.claims] == [claim.text for claim in first.claims]
    assert second.people == first.people
    async with services.database.reading() as db:
        assert await db.one("SELECT COUNT(*) AS found FROM persons") == {"found": 2}
        assert await db.one("SELECT COUNT(*) AS found FROM jobs WHERE key LIKE 'card:%:read'") == {"found": 1}


@pytest.mark.parametrize("reason", list(FailureReason))
async def test_an_article_that_cannot_be_read_is_kept_and_shown_with_the_reason(
    services: Services, prepared: Prepared, reason: FailureReason
):
    prepared.results[BODY] = EXTRACTION
    article = await bring(services)
    await reading.read(services, article, ANN.id)
    prepared.results[BODY] = ExtractionFailure(reason)
    await reading.read(services, article, ANN.id)
    card = await card_of(services, article)
    assert (card.state, card.failure, card.claims, card.people) == (ArticleState.FAILED, reason, (), ())
    assert await services.queue.claim(JobKind.SEND) is not None


async def test_an_article_that_is_given_up_is_shown_as_our_fault(services: Services):
    article = await bring(services)
    await reading.give_up(services, article, ANN.id, "read")
    card = await card_of(services, article)
    assert (card.state, card.failure) == (ArticleState.FAILED, FailureReason.CRASH)
    job = await services.queue.claim(JobKind.SEND)
    assert job is not None
    assert job.key == f"card:{article}:{ANN.id}:read"


async def test_reading_tells_why_nothing_came_out(services: Services, prepared: Prepared):
    article = await bring(services)
    assert await reading.read(services, article, None) is None
    prepared.results[BODY] = ExtractionFailure(FailureReason.UNREADABLE_SCRIPT)
    assert await reading.read(services, article, None) is FailureReason.UNREADABLE_SCRIPT


async def test_nothing_of_an_article_is_kept_where_the_end_of_it_fails(
    services: Services, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_: object) -> None:
        raise OSError("disk full")

    prepared.results[BODY] = EXTRACTION
    article = await bring(services)
    monkeypatch.setattr(reading.claims, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        await reading.read(services, article, ANN.id)
    card = await card_of(services, article)
    assert (card.state, card.claims, card.people) == (ArticleState.RECEIVED, (), ())


async def test_reading_an_article_that_is_gone_does_nothing(services: Services, prepared: Prepared):
    await reading.read(services, 99, ANN.id)
    assert prepared.asked == []


async def test_what_is_known_of_an_article_is_given_to_the_extraction(services: Services, prepared: Prepared):
    given = Metadata(headline="The pier", publisher="Gazette")
    article = await intake.take_in_imported(services, ANN, BODY, given)
    assert article is not None
    await reading.read(services, article, None)
    assert prepared.asked == [(BODY, given)]
    assert (await card_of(services, article)).metadata == given


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("Ilka Roden",), ("Ilka Roden",), True),
        (("Ilka Roden",), ("Ílka  RODEN",), True),
        (("Илька Роден",), ("Ilka Roden",), True),
        (("Ilka Roden", "I. Roden"), ("I. Roden",), False),
        (("I. Roden",), ("I. Roden", "Roden"), False),
        (("Roden",), ("Roden",), False),
        (("Ilka Roden",), ("Roden Ilka Petrovna",), True),
        (("Ilka Roden", "Roden"), ("Roden",), False),
        (("Roden",), ("Ilka Roden", "Roden"), False),
        (("Ilka Roden", "Roden"), ("Bernt Roden", "Roden"), False),
        (("Ilka Roden",), ("Ilka Rodén-Lee",), False),
    ],
)
async def test_a_full_name_joins_two_articles_and_half_a_name_alone_does_not(
    services: Services, prepared: Prepared, first: tuple[str, ...], second: tuple[str, ...], same: bool
):
    for message, names in enumerate((first, second), start=1):
        body = f"{', '.join(names)}. {message}"
        prepared.results[body] = Extraction(people=(named(body, names[0], *names[1:]),))
        await reading.read(services, await bring(services, body, message), None)
    async with services.database.reading() as db:
        assert await db.one("SELECT COUNT(*) AS found FROM persons") == {"found": 1 if same else 2}


async def test_persons_of_one_article_are_linked_to_what_other_articles_say(services: Services, prepared: Prepared):
    for message, what in enumerate(("left the port", "came back"), start=1):
        body = f"Ilka Roden {what}, Oskar Venn said."
        says = attribution(f"Ilka Roden {what}", "Oskar Venn", "said", 1, body=body)
        people = (named(body, "Ilka Roden"), named(body, "Oskar Venn"))
        prepared.results[body] = Extraction(people=people, attributions=(says,))
        await reading.read(services, await bring(services, body, message), None)
    venn, roden = await who(services, ANN.id, "Venn"), await who(services, ANN.id, "Roden")
    assert isinstance(venn, Dossier) and isinstance(roden, Dossier)
    assert [claim.text for claim in venn.claims_by] == ["Ilka Roden came back", "Ilka Roden left the port"]
    assert [claim.text for claim in roden.claims_about] == ["Ilka Roden came back", "Ilka Roden left the port"]
    assert (venn.claims_about, roden.claims_by) == ((), ())


def kept(
    attributions: tuple[Attribution, ...], keys: tuple[KeyClaim, ...] = (), people: tuple[NamedPerson, ...] = ()
) -> list[NewClaim]:
    numbers = [10 + index for index in range(len(people))]
    return ledger_claims(BODY, Extraction(people=people, attributions=attributions, claims=keys), numbers)


def test_nothing_found_makes_no_claim():
    assert kept(()) == []


def test_every_attribution_and_every_key_claim_is_kept_in_the_order_of_the_text():
    found = kept((MINE, DENIAL), (key("It may rain", 1), key("It is mine", 2, 0)), (RODEN, VENN))
    assert [(claim.content.text, claim.rank) for claim in found] == [
        ("that Oskar Venn sold the pier", None),
        ("It is mine", 2),
        ("It may rain", 1),
    ]


def test_a_key_claims_words_and_factuality_stand_for_those_of_its_attribution():
    cut = key("Oskar Venn sold the pier", 1, 0, factuality=Factuality.POSSIBLE)
    (claim,) = kept((DENIAL,), (cut,), (RODEN, VENN))
    assert (claim.content.text, claim.factuality, claim.rank) == ("Oskar Venn sold the pier", Factuality.POSSIBLE, 1)
    assert claim.content.spans == cut.spans
    assert claim.cue == DENIAL.cue


def test_two_key_claims_of_one_attribution_are_both_kept():
    whole = attribution("It is mine.” The council meets on Friday", "Venn said", "said", 1)
    found = kept((whole,), (key("It is mine", 2, 0), key("The council meets on Friday", 1, 0)), (RODEN, VENN))
    assert [(claim.content.text, claim.rank) for claim in found] == [
        ("It is mine", 2),
        ("The council meets on Friday", 1),
    ]
    assert {claim.source_person for claim in found} == {11}


@pytest.mark.parametrize(
    ("found", "person", "job_title", "about"),
    [
        (DENIAL, 10, "the harbour master", (11,)),
        (MINE, 11, None, ()),
        (attribution("It may rain"), None, None, ()),
        (attribution("The council meets on Friday", "Venn said"), None, None, ()),
    ],
)
def test_a_claim_knows_who_says_it_and_who_is_named_in_it(
    found: Attribution, person: int | None, job_title: str | None, about: tuple[int, ...]
):
    (claim,) = kept((found,), (), (RODEN, VENN))
    assert (claim.source_person, claim.source_job_title, claim.about) == (person, job_title, about)
    assert (claim.source is None) == (found.source is None)


def test_a_claim_in_the_articles_own_voice_has_no_source():
    (claim,) = kept((), (key("The council meets on Friday", 1, None, (1,)),), (RODEN, VENN))
    assert (claim.kind, claim.source, claim.cue, claim.lead_in, claim.about) == (None, None, None, None, (11,))


@pytest.mark.parametrize(
    ("text", "source", "cue", "content", "words"),
    [
        ("Roden has denied that Venn left.", "Roden", "has denied", "that Venn left", "has denied"),
        ("Roden told reporters that Venn left.", "Roden", "told", "that Venn left", "told reporters"),
        ("Roden, who was ill, said Venn left.", "Roden", "said", "Venn left", "said"),
        ("Roden  said,\tVenn left.", "Roden", "said", "Venn left", "said"),
        ("Venn left, Roden said.", "Roden", "said", "Venn left", None),
        ("Roden left. She said Venn left.", "Roden", "said", "Venn left", None),
        ("“Venn left,” said Roden.", "Roden", "said", "Venn left", None),
        ("Roden who as mayor denied that Venn left.", "Roden who", "denied", "that Venn left", "denied"),
        (f"Roden said {'very ' * 20}that Venn left.", "Roden", "said", "that Venn left", None),
    ],
)
def test_the_articles_own_words_stand_between_source_and_content_where_they_do_there(
    text: str, source: str, cue: str, content: str, words: str | None
):
    who_says = Source(source, passage(text, source).spans, None)
    assert lead_in(text, who_says, passage(text, cue), passage(text, content)) == words


def test_without_a_source_or_a_cue_there_are_no_words_between():
    who_says, content = Source("Roden", passage(BODY, "Ilka Roden").spans, None), passage(BODY, "It is mine")
    assert lead_in(BODY, None, passage(BODY, "said"), content) is None
    assert lead_in(BODY, who_says, None, content) is None
    assert lead_in(BODY, who_says, Passage("said", ()), content) is None


def test_an_attribution_to_nobody_we_keep_is_not_told_beside_the_key_claim_that_tells_all_of_it():
    whole = key("Ilka Roden, the harbour master, has denied that Oskar Venn sold the pier", 1)
    told = attribution("that Oskar Venn sold the pier", "the harbour master", "denied")
    of_a_person = attribution("that Oskar Venn sold the pier", "Ilka Roden", "denied", person=0)
    assert [found.rank for found in kept((told,), (whole,))] == [1]
    assert [found.rank for found in kept((of_a_person,), (whole,), (RODEN,))] == [1, None]
    assert [found.rank for found in kept((told,), (key("It may rain", 1),))] == [None, 1]


async def test_an_article_is_taken_in_by_one_transaction_and_kept_by_another_each_in_one_go(services: Services):
    await know(services, ANN)
    taking, keeping = Visits(services.database), Visits(services.database)
    taken = await intake.take_in(
        replace(services, database=cast(Database, taking)), IncomingArticle(BODY, forward(ANN))
    )
    assert isinstance(taken, Taken)
    assert taking.asked == {"transact": 1}
    await reading.read(replace(services, database=cast(Database, keeping)), taken.article, ANN.id)
    # What is known of the article is looked up before, and who its people may be, where it names any.
    assert keeping.asked == {"look": 1, "transact": 1}
