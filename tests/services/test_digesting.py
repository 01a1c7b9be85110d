"""What a digest tells: what is new for its subscription by weight, once, and again only where it has changed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from domain.articles import IncomingArticle, Origin, OriginKind, Taken
from domain.chats import CollectionId
from domain.corrections import CorrectionKind, Editor, NewCorrection
from domain.digests import Change, ComposedDigest, DigestStory, Nothing, PersonOfTheDay, ToldClaim, Trouble
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
from domain.gists import CORRECTING, Gist, Mode, Statement
from domain.jobs import JobKind
from domain.ledger import RelationKind
from domain.pictures import Newsmakers, Tally
from domain.schedule import Timetable
from domain.subscriptions import Delivery, DeliveryState, Filters, WhenEmpty, Wish
from services import Services, delivering, digesting, intake, reading, relating
from services.delivering import Part
from services.digesting.telling import ROOMS
from services.subscribing import wishes
from services.subscribing.wishes import Subscribed
from storage import corrections, deliveries, stories
from tests.engines import ON_BOTH
from tests.samples import DAY, NOON, Clock, chat_identity, forward, named, passage
from tests.services.conftest import Prepared

ANN, BOB = chat_identity(100), chat_identity(200)
AT_NOON = Timetable((NOON.time(),), "UTC")
MINUTE = timedelta(minutes=1)
SURE, DENIED = Factuality.CERTAIN, Factuality.DENIED


@dataclass
class Desk:
    """A chat with one subscription, to whom articles come."""

    services: Services
    prepared: Prepared
    clock: Clock
    messages: int = 0

    async def subscribe(self, filters: Filters | None = None, when_empty: WhenEmpty = WhenEmpty.LINE) -> None:
        wish = Wish(AT_NOON, ANN.id, None, filters or Filters(), when_empty)
        became = await wishes.subscribe(self.services, ANN, None, AT_NOON, 7)
        assert isinstance(became, Subscribed)
        number = became.subscription.id
        await wishes.change(self.services, ANN.id, number, lambda _: wish)

    async def bring(
        self,
        outlet: str,
        *said: tuple[str, str, Factuality],
        headline: str | None = None,
        language: str = "en",
        denies: bool = True,
    ) -> int:
        """An article in which people say, or deny, what Oskar Venn did: who, "sold the harbour pier", how surely."""
        self.messages += 1
        # Stamped apart, so that none is a copy of another.
        body = " ".join(f"{who} said Oskar Venn {what}." for who, what, _ in said) + f" {outlet} {self.messages}."
        names = list(dict.fromkeys([who for who, _, _ in said] + ["Oskar Venn"] * bool(said)))
        keys, attributions = [], []
        for rank, (who, what, value) in enumerate(said, start=1):
            verb, *objects = [word for word in what.split() if word not in ("the", "a")]
            statement = Statement(("@Oskar Venn",), verb, tuple(objects), (), (), value, Mode.DEED)
            gist = Gist(
                (statement,), (f"@{who}",), "say", denies and value is DENIED, False, ("@Oskar Venn", verb, *objects)
            )
            content, source = passage(body, what), passage(body, who)
            attributions.append(
                Attribution(
                    Source(who, source.spans, names.index(who)),
                    passage(body, "said"),
                    content,
                    value,
                    AttributionKind.SPEECH,
                    gist,
                )
            )
            keys.append(KeyClaim(what, content.spans, rank - 1, (), value, rank, gist))
        self.prepared.results[body] = Extraction(
            Metadata(headline=headline or f"{outlet} {self.messages}", publisher=outlet, language=language),
            tuple(named(body, name) for name in names),
            tuple(attributions),
            tuple(keys),
        )
        article = await self.take(body)
        await reading.read(self.services, article, ANN.id)
        await relating.relate(self.services, article, "read")
        return article

    async def correct(self, outlet: str, what: str) -> int:
        """An article in which an outlet takes back that Oskar Venn did something: "sold the harbour pier"."""
        self.messages += 1
        body = f"Correction: We wrote that Oskar Venn {what}. He did not. {outlet} {self.messages}."
        verb, *objects = [word for word in what.split() if word not in ("the", "a")]
        statement = Statement(("@Oskar Venn",), verb, tuple(objects), (), (), DENIED, Mode.DEED)
        gist = Gist((statement,), cue=CORRECTING, words=("@Oskar Venn", verb, *objects))
        said = f"We wrote that Oskar Venn {what}. He did not."
        notice = KeyClaim(said, passage(body, said).spans, None, (0,), SURE, 1, gist, passage(body, "Correction:"))
        metadata = Metadata(headline=f"{outlet} {self.messages}", publisher=outlet, language="en")
        self.prepared.results[body] = Extraction(metadata, (named(body, "Oskar Venn"),), (), (notice,))
        article = await self.take(body)
        await reading.read(self.services, article, ANN.id)
        await relating.relate(self.services, article, "read")
        return article

    async def take(self, body: str) -> int:
        self.messages += 1
        taken = await intake.take_in(self.services, IncomingArticle(body, forward(ANN, self.messages)))
        assert isinstance(taken, Taken)
        return taken.article

    async def together(self, *articles: int) -> None:
        """Put articles into one story."""
        async with self.services.database.transaction() as db:
            found = (await stories.stories_of(db, articles[:1]))[articles[0]]
            for article in articles[1:]:
                await stories.place(db, CollectionId(1), article, NOON.toordinal(), found)

    async def apart(self, *articles: int) -> None:
        """Put articles into a story of their own."""
        async with self.services.database.transaction() as db:
            number = await stories.add(db, CollectionId(1))
            for article in articles:
                await stories.place(db, CollectionId(1), article, NOON.toordinal(), number)

    async def planned(self) -> Delivery:
        """Let time pass to the next noon, at which a digest is planned."""
        self.clock.now = NOON + ((self.clock.now - NOON) // DAY + 1) * DAY
        assert await delivering.plan_due(self.services) == 1
        async with self.services.database.reading() as db:
            return (await deliveries.last(db, ANN.id, 1))[0]

    async def digest(self) -> ComposedDigest:
        """The digest of the next noon, which arrives."""
        delivery = await self.planned()
        composed = await digesting.compose(self.services, delivery)
        assert isinstance(composed, ComposedDigest)
        await self.arrives(delivery, composed)
        return composed

    async def arrives(self, delivery: Delivery, composed: ComposedDigest) -> None:
        told = [told for story in composed.stories for claim in story.claims for told in claim.told]
        shown = [number for story in composed.stories for claim in story.claims for number in claim.shown]
        part = Part(0, "", is_last=True)
        told += composed.corrected
        await delivering.sent(self.services, delivery, part, 1000 + delivery.id, told, shown)


@pytest.fixture
async def desk(services: Services, prepared: Prepared, clock: Clock) -> Desk:
    made = Desk(services, prepared, clock)
    await made.subscribe()
    return made


def texts(story: DigestStory) -> list[tuple[str, Change | None]]:
    return [(each.claim.text, each.change) for each in story.claims]


async def test_a_story_has_its_claims_with_who_says_them_and_counts_its_articles_and_origins(desk: Desk):
    first = await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    second = await desk.bring("Courier", ("Anna Brel", "bought a yacht", SURE))
    await desk.together(first, second)
    (story,) = (await desk.digest()).stories
    assert (story.articles, story.origins) == (2, 2)
    assert {(each.claim.claimant.name, each.claim.text) for each in story.claims if each.claim.claimant} == {
        ("Ilka Roden", "sold the harbour pier"),
        ("Anna Brel", "bought a yacht"),
    }


@ON_BOTH
async def test_what_more_independent_origins_report_goes_first(desk: Desk):
    alone = await desk.bring(
        "Gazette", ("Ilka Roden", "sold the harbour pier", SURE), ("Ilka Roden", "left the town", SURE)
    )
    several = [
        await desk.bring("Courier", ("Anna Brel", "bought a yacht", SURE)),
        await desk.bring("Herald", ("Ivo Lund", "opened a mill", SURE)),
    ]
    await desk.together(*several)
    digest = await desk.digest()
    assert [story.newest.id for story in digest.stories] == [several[1], alone]


async def test_nothing_is_told_twice(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    assert len((await desk.digest()).stories) == 1
    empty = await desk.digest()
    assert (empty.stories, empty.articles, empty.is_empty) == ((), 0, True)


async def test_what_says_again_what_was_told_counts_as_told(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.digest()
    await desk.bring("Courier", ("Anna Brel", "sold the harbour pier", SURE))
    digest = await desk.digest()
    assert (digest.stories, digest.articles) == ((), 1), "one more origin alone is no news"


async def test_the_same_of_two_outlets_is_told_once_with_both_origins(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.bring("Courier", ("Anna Brel", "sold the harbour pier", SURE))
    told = [each.claim for story in (await desk.digest()).stories for each in story.claims]
    assert [(claim.text, claim.origins) for claim in told] == [("sold the harbour pier", 2)]


@ON_BOTH
async def test_many_more_origins_are_an_update_once(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.digest()
    for outlet, who in (("Courier", "Anna Brel"), ("Herald", "Ivo Lund")):
        await desk.bring(outlet, (who, "sold the harbour pier", SURE))
    digest = await desk.digest()
    assert [texts(story) for story in digest.stories] == [[("sold the harbour pier", Change.ORIGINS)]]
    assert (await desk.digest()).stories == ()


async def test_a_new_denial_is_told_below_what_it_denies(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.digest()
    denial = await desk.bring("Courier", ("Oskar Venn", "sold the harbour pier", DENIED))
    digest = await desk.digest()
    told = [each for story in digest.stories for each in story.claims]
    assert [(each.claim.text, each.change) for each in told] == [("sold the harbour pier", Change.DENIED)]
    (tie,) = told[0].claim.related
    assert (tie.kind, tie.outgoing, tie.claim.article.id) == (RelationKind.DENIES, False, denial)
    assert told[0].shown == (told[0].claim.id, tie.claim.id), "who puts the denial right has the chat told"
    assert (await desk.digest()).stories == ()


async def test_an_outlets_correction_goes_first_with_what_it_corrects_below(desk: Desk):
    wrong = await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.digest()
    several = [
        await desk.bring("Courier", ("Anna Brel", "bought a yacht", SURE)),
        await desk.bring("Herald", ("Ivo Lund", "opened a mill", SURE)),
    ]
    await desk.together(*several)
    correction = await desk.correct("Gazette", "sold the harbour pier")
    digest = await desk.digest()
    assert digest.stories[0].newest.id == correction, "before a story of more outlets"
    (told,) = digest.stories[0].claims
    assert told.claim.is_correction
    (tie,) = told.claim.related
    assert (tie.kind, tie.outgoing, tie.claim.article.id) == (RelationKind.UPDATES, True, wrong)
    assert (await desk.digest()).stories == ()


async def test_what_is_corrected_the_same_day_is_told_only_below_its_correction(desk: Desk):
    wrong = await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    correction = await desk.correct("Gazette", "sold the harbour pier")
    await desk.together(wrong, correction)
    (story,) = (await desk.digest()).stories
    assert [each.claim.article.id for each in story.claims] == [correction]


async def test_who_tells_otherwise_what_they_told_before_is_an_update(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.digest()
    desk.clock.now += timedelta(hours=6)
    await desk.bring(
        "Courier", ("Anna Brel", "bought a yacht", SURE), ("Ilka Roden", "sold the harbour pier", DENIED), denies=False
    )
    (story,) = (await desk.digest()).stories
    assert texts(story) == [("sold the harbour pier", Change.UPDATING), ("bought a yacht", None)]


async def test_what_is_in_dispute_has_room_where_others_have_a_headline_alone(desk: Desk):
    said = await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    disputed = await desk.bring("Courier", ("Oskar Venn", "sold the harbour pier", DENIED))
    await desk.apart(said, disputed)
    for number in range(len(ROOMS)):
        wide = [
            await desk.bring(f"Herald {number}{copy}", ("Anna Brel", f"did{number} a{copy}", SURE)) for copy in "abcd"
        ]
        await desk.apart(*wide)
    alone = await desk.bring("Herald", ("Anna Brel", "bought a yacht", SURE))
    await desk.apart(alone)
    digest = await desk.digest()
    told = {story.newest.id: [each.claim.text for each in story.claims] for story in digest.stories}
    assert list(told).index(disputed) >= len(ROOMS)
    assert (told[disputed], told[alone]) == (["sold the harbour pier"], [])


async def test_a_denial_of_the_same_day_stands_below_what_it_denies(desk: Desk):
    first = await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.bring("Courier", ("Oskar Venn", "sold the harbour pier", DENIED))
    told = [each.claim for story in (await desk.digest()).stories for each in story.claims]
    assert [(claim.article.id, len(claim.related)) for claim in told] == [(first, 1)]
    assert (await desk.digest()).stories == ()


async def test_what_did_not_arrive_is_told_by_the_next(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    delivery = await desk.planned()
    await digesting.compose(desk.services, delivery)
    await delivering.end(desk.services, delivery.id, DeliveryState.FAILED)
    assert len((await desk.digest()).stories) == 1


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (Filters(), {"sold the harbour pier", "bought a yacht"}),
        (Filters(publishers=("The Gazette",)), {"sold the harbour pier"}),
        (Filters(publishers=("Herald",)), set()),
        (Filters(languages=("de",)), {"bought a yacht"}),
        (Filters(words="pier AND NOT yacht"), {"sold the harbour pier"}),
        (Filters(words="ships OR yachting"), set()),
        (Filters(words="courier"), {"bought a yacht"}),
        (Filters(origins=2), set()),
        (Filters(disputed=True), set()),
    ],
)
async def test_filters_limit_what_is_told(desk: Desk, filters: Filters, told: set[str]):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.bring("Courier", ("Anna Brel", "bought a yacht", SURE), language="de")
    await desk.subscribe(filters)
    digest = await desk.digest()
    assert {each.claim.text for story in digest.stories for each in story.claims} == told
    assert digest.articles == len(told)


async def test_a_filter_by_person_takes_who_speaks_and_who_is_named(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.bring("Courier", ("Anna Brel", "bought a yacht", SURE))
    async with desk.services.database.reading() as db:
        row = await db.one("SELECT id FROM persons WHERE name = 'Anna Brel'")
    assert row is not None
    await desk.subscribe(Filters(people=(row["id"],)))
    digest = await desk.digest()
    assert [text for story in digest.stories for text, _ in texts(story)] == ["bought a yacht"]


async def test_a_filter_by_name_waits_for_the_first_article_that_has_it(desk: Desk):
    await desk.subscribe(Filters(names=("Anna Brel",)))
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    assert (await desk.digest()).stories == ()
    await desk.bring("Courier", ("Anna Brel", "bought a yacht", SURE))
    digest = await desk.digest()
    assert [text for story in digest.stories for text, _ in texts(story)] == ["bought a yacht"]


async def test_disputed_only_has_the_claim_and_its_denial(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE), ("Ilka Roden", "left the town", SURE))
    await desk.bring("Courier", ("Oskar Venn", "sold the harbour pier", DENIED))
    await desk.subscribe(Filters(disputed=True))
    told = [each.claim for story in (await desk.digest()).stories for each in story.claims]
    assert [(claim.text, len(claim.related)) for claim in told] == [("sold the harbour pier", 1)]


async def test_reprints_are_counted_beside_the_articles_where_nothing_is_filtered(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    again = await desk.bring("Mirror", ("Ilka Roden", "sold the harbour pier", SURE))
    async with desk.services.database.transaction() as db:
        await db.run("INSERT INTO reprints (article_id, reprint_of) VALUES (:again, 1)", again=again)
    digest = await desk.digest()
    assert (digest.articles, digest.reprints) == (1, 1)
    assert (await desk.digest()).reprints == 0, "each in the digest of its time"


async def test_two_persons_of_one_name_stand_among_the_people_once(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    second = await desk.bring("Courier", ("Ilka Roden", "left the town", SURE))
    async with desk.services.database.transaction() as db:
        await db.run(
            """INSERT INTO persons (id, collection_id, name, canonical_id)
            SELECT 900, collection_id, name, 900 FROM persons WHERE name = 'Ilka Roden'"""
        )
        await db.run(
            """UPDATE person_articles SET person_id = 900 WHERE article_id = :second
            AND person_id = (SELECT MIN(id) FROM persons WHERE name = 'Ilka Roden')""",
            second=second,
        )
    assert [each.articles for each in (await desk.digest()).people if each.name == "Ilka Roden"] == [2]


async def test_what_only_may_deny_another_claim_is_told_once_too(desk: Desk):
    said = await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    denial = await desk.bring("Courier", ("Oskar Venn", "sold the harbour pier", DENIED))
    await desk.together(said, denial)
    async with desk.services.database.transaction() as db:
        await db.run("UPDATE claim_relations SET state = 'suggested'")
    (story,) = (await desk.digest()).stories
    assert [each.claim.article.id for each in story.claims] == [said]
    assert [tie.claim.article.id for tie in story.claims[0].claim.related] == [denial]


async def test_people_are_compared_with_the_days_before(desk: Desk):
    for _ in range(3):
        await desk.bring("Gazette", ("Ilka Roden", f"sold {['pier', 'mill', 'barn'][_]}", SURE))
    first = await desk.digest()
    assert first.people[0] == PersonOfTheDay("Ilka Roden", 3), "there is nothing to compare with"
    for number in range(2):
        await desk.bring("Courier", ("Ilka Roden", f"bought {number} boats", SURE), ("Ivo Lund", "ran off", SURE))
    second = await desk.digest()
    people = {each.name: (each.articles, each.change, each.is_new) for each in second.people}
    assert people == {"Ilka Roden": (2, 1, False), "Oskar Venn": (2, 1, False), "Ivo Lund": (2, 2, True)}


FIVE = ("Ilka Roden", "Ivo Lund", "Ada Kestrel", "Ole Moor", "Jonas Brekke")


async def busy_day(desk: Desk) -> None:
    """Three outlets, in which five people speak; in a fourth, the first of them denies something."""
    for outlet, matter in (("Gazette", "pier"), ("Courier", "mill"), ("Herald", "barn")):
        await desk.bring(outlet, *((who, f"sold the {matter} of {who.split()[1]}", SURE) for who in FIVE))
    await desk.bring("Post", (FIVE[0], "built a tower", DENIED))


async def picture_of(desk: Desk, delivery: Delivery) -> Newsmakers:
    shown = await digesting.picture(desk.services, delivery)
    assert shown is not None
    return shown


async def pictured(desk: Desk, delivery: Delivery) -> bool:
    composed = await digesting.compose(desk.services, delivery)
    assert isinstance(composed, ComposedDigest)
    return composed.pictured


@ON_BOTH
async def test_a_picture_shows_who_speaks_most_first_and_what_they_deny(desk: Desk):
    await busy_day(desk)
    delivery = await desk.planned()
    shown = await picture_of(desk, delivery)
    first = shown.people[0]
    assert (first.name, first.says, first.before) == (FIVE[0], Tally(4, 1), None), "there is nothing to compare with"
    assert {each.name: each.says.claims for each in shown.people[1:5]} == dict.fromkeys(FIVE[1:], 3)
    assert (shown.first, shown.last) == (date(2026, 3, 12), date(2026, 3, 13))
    assert await pictured(desk, delivery)


async def test_a_picture_compares_with_the_claims_of_the_time_before(desk: Desk):
    for number in range(6):
        await desk.bring("Gazette", (FIVE[0], f"bought {number} boats", SURE))
    await desk.digest()
    await busy_day(desk)
    people = {each.name: each for each in (await picture_of(desk, await desk.planned())).people}
    assert (people[FIVE[0]].claims, people[FIVE[0]].before, people[FIVE[0]].change) == (4, 2, 2), "6 in three days"
    assert [(people[name].before, people[name].is_new) for name in FIVE] == [(2, False), *[(0, True)] * 4]


async def test_what_filters_choose_is_compared_with_nothing(desk: Desk):
    await desk.bring("Gazette", (FIVE[0], "bought a boat", SURE))
    await desk.digest()
    await desk.subscribe(Filters(languages=("en",)))
    await busy_day(desk)
    assert {each.before for each in (await picture_of(desk, await desk.planned())).people} == {None}


async def test_what_a_reprint_says_again_is_not_counted(desk: Desk):
    await busy_day(desk)
    again = await desk.bring("Mirror", (FIVE[0], "sold the pier of Roden", SURE))
    async with desk.services.database.transaction() as db:
        await db.run("INSERT INTO reprints (article_id, reprint_of) VALUES (:again, 1)", again=again)
    assert (await picture_of(desk, await desk.planned())).people[0].says == Tally(4, 1)


async def test_few_people_a_few_stories_and_who_wants_none_have_no_picture(desk: Desk):
    await desk.bring("Gazette", *((who, f"sold the pier of {who.split()[1]}", SURE) for who in FIVE[:3]))
    delivery = await desk.planned()
    assert await digesting.picture(desk.services, delivery) is None
    assert not await pictured(desk, delivery)
    await busy_day(desk)
    delivery = await desk.planned()
    assert await pictured(desk, delivery)
    wish = replace(delivery.subscription.wish, pictures=False)
    assert not await pictured(desk, replace(delivery, subscription=replace(delivery.subscription, wish=wish)))


async def test_an_article_that_claims_nothing_is_told_by_its_headline(desk: Desk):
    article = await desk.bring("Gazette", headline="The pier")
    (story,) = (await desk.digest()).stories
    assert (story.newest.id, story.newest.headline, story.claims) == (article, "The pier", ())


@pytest.mark.parametrize("when_empty", WhenEmpty)
async def test_nothing_new_is_silence_or_a_line_as_wished(desk: Desk, when_empty: WhenEmpty):
    await desk.subscribe(when_empty=when_empty)
    composed = await digesting.compose(desk.services, await desk.planned())
    assert isinstance(composed, Nothing) is (when_empty is WhenEmpty.SILENCE)


async def test_what_was_not_read_is_no_silence(desk: Desk):
    await desk.subscribe(when_empty=WhenEmpty.SILENCE)
    came = desk.clock.now
    await desk.take("Oskar Venn has left the town, people say who saw him at the pier.")
    digest = await desk.digest()
    assert digest.is_empty
    assert digest.trouble == Trouble(unread=1, unread_since=came)


async def test_what_has_come_just_now_is_no_trouble(desk: Desk):
    desk.clock.now = NOON + DAY - MINUTE
    await desk.take("Oskar Venn has left the town, people say who saw him at the pier.")
    assert (await desk.digest()).trouble is None


async def test_what_could_not_be_read_and_what_was_not_compared_is_trouble(desk: Desk):
    body = "Oskar Venn has left the town."
    desk.prepared.results[body] = ExtractionFailure(FailureReason.CRASH)
    article = await desk.take(body)
    await reading.read(desk.services, article, ANN.id)
    other = await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    assert (await desk.services.queue.counts())[JobKind.RELATE, "ready"] >= 1
    digest = await desk.digest()
    assert digest.trouble is not None
    assert (digest.trouble.failed, digest.trouble.untied) == (1, 2)
    assert [story.newest.id for story in digest.stories] == [other]


@pytest.mark.parametrize(("chat", "told"), [(ANN.id, True), (None, False)], ids=["sent again", "by the operator"])
async def test_what_could_not_be_read_at_first_is_news_when_a_chat_has_it_read(
    desk: Desk, chat: int | None, told: bool
):
    body = "Oskar Venn has left the town."
    desk.prepared.results[body] = ExtractionFailure(FailureReason.CRASH)
    article = await desk.take(body)
    await reading.read(desk.services, article, ANN.id)
    await relating.relate(desk.services, article, "read")
    await desk.digest()
    del desk.prepared.results[body]
    await reading.read(desk.services, article, chat)
    await relating.relate(desk.services, article, "read")
    digest = await desk.digest()
    assert [story.newest.id for story in digest.stories] == [article] * told


async def test_what_was_put_right_since_is_told_as_such_and_not_as_an_update(desk: Desk):
    article = await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    first = await desk.digest()
    (claim,) = (each.claim for each in first.stories[0].claims)
    said = {"text": claim.text, "factuality": "CT+", "told": [[ANN.id, 1001, None]]}
    made = NewCorrection(
        CorrectionKind.FACTUALITY, article, None, said, {"factuality": "CT-"}, Editor(5, "Bob", BOB.id)
    )
    async with desk.services.database.transaction() as db:
        await corrections.add(db, CollectionId(1), made, desk.clock.now + MINUTE)
        await db.run("UPDATE claims SET factuality = 'CT-' WHERE id = :claim", claim=claim.id)
    second = await desk.digest()
    assert [each.new.kind for each in second.corrections] == [CorrectionKind.FACTUALITY]
    assert second.stories == ()
    third = await desk.digest()
    assert (third.corrections, third.stories) == ((), ())


async def test_another_status_is_an_update(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.digest()
    async with desk.services.database.transaction() as db:
        await db.run("UPDATE claims SET factuality = 'PS+'")
    digest = await desk.digest()
    assert [texts(story) for story in digest.stories] == [[("sold the harbour pier", Change.FACTUALITY)]]


async def test_on_demand_all_is_told_and_nothing_counts_as_told(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    desk.clock.now += MINUTE
    for _ in range(2):
        asked = await digesting.on_demand(desk.services, ANN, desk.clock.now - DAY, desk.clock.now)
        assert [texts(story) for story in asked.stories] == [[("sold the harbour pier", None)]]
    assert len((await desk.digest()).stories) == 1
    asked = await digesting.on_demand(desk.services, ANN, NOON, desk.clock.now)
    assert len(asked.stories) == 1, "what a digest told is told on demand"


async def test_another_chat_sees_nothing_of_it(desk: Desk):
    await desk.bring("Gazette", ("Ilka Roden", "sold the harbour pier", SURE))
    await desk.digest()
    until = desk.clock.now
    asked = await digesting.on_demand(desk.services, BOB, NOON - DAY, until)
    assert (asked.stories, asked.articles, asked.people, asked.corrections) == ((), 0, (), ())
    assert await digesting.stories_of_delivery(desk.services, BOB.id, 1, 0) is None
    assert await digesting.stories_of_delivery(desk.services, ANN.id, 99, 0) is None
    shown = await digesting.stories_of_delivery(desk.services, ANN.id, 1, 0)
    assert shown is not None and len(shown.stories) == 1
    theirs = await digesting.stories_of_period(desk.services, BOB.id, NOON - DAY, until, 0)
    assert theirs is not None and theirs.stories == ()


async def test_many_stories_are_told_shortly_and_listed_in_full(desk: Desk):
    brought = [
        await desk.bring(f"Outlet {number}", ("Ilka Roden", f"sold item{number} to buyer{number}", SURE))
        for number in range(26)
    ]
    async with desk.services.database.transaction() as db:
        for article in brought:
            await stories.place(db, CollectionId(1), article, NOON.toordinal(), await stories.add(db, CollectionId(1)))
    digest = await desk.digest()
    assert (len(digest.stories), digest.more_stories) == (13, 13)
    assert [story.lead for story in digest.stories][:7] == [3, 2, 1, 1, 1, 0, 0]
    listed, page = 0, 0
    while True:
        shown = await digesting.stories_of_delivery(desk.services, ANN.id, 1, page)
        assert shown is not None
        listed, page = listed + len(shown.stories), page + 1
        if not shown.has_more:
            break
    assert listed == len(digest.stories) + digest.more_stories


async def test_what_a_channel_posted_is_filtered_by_its_name(desk: Desk):
    channel = Origin(OriginKind.CHANNEL, "Coast News", "coastnews", 5)
    body = "The pier has been closed since the storm of the night."
    taken = await intake.take_in(desk.services, IncomingArticle(body, forward(ANN, 77, origin=channel)))
    assert isinstance(taken, Taken)
    await reading.read(desk.services, taken.article, ANN.id)
    await desk.subscribe(Filters(publishers=("Coast News",)))
    assert (await desk.digest()).articles == 1


async def test_a_claim_that_is_gone_is_not_kept_as_told(desk: Desk):
    delivery = await desk.planned()
    gone = ToldClaim(99, 99, SURE, 1, 0, 5)
    await delivering.sent(desk.services, delivery, Part(0, "", is_last=True), 1, [gone], [99])
    async with desk.services.database.reading() as db:
        assert await db.all("SELECT * FROM digested") == []
