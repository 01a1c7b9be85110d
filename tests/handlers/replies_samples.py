"""Claims, cards, dossiers and digests for the tests of replies: made by hand, or by chance of any size."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from hypothesis import strategies as st
from markupsafe import Markup

from bot.local_telegram.objects import Json
from bot.local_telegram.text import parse_html, trimmed, utf16_length
from domain.articles import ArticleState, Forward, Origin, OriginKind
from domain.chats import Chat, ChatIdentity, ChatKind
from domain.digests import (
    Change,
    ComposedDigest,
    DigestClaim,
    DigestStory,
    PersonOfTheDay,
    ToldClaim,
    Trouble,
)
from domain.extraction import AttributionKind, Factuality, FailureReason, Metadata, NamedPerson
from domain.ledger import (
    ArticleReference,
    Card,
    Claimant,
    Dossier,
    Finds,
    LedgerClaim,
    PersonReference,
    RelatedClaim,
    RelationKind,
    RelationState,
    Role,
)
from domain.questions import Asked, Question
from domain.schedule import Timetable
from domain.subscriptions import ChatSettings, Delivery, DeliveryState, Subscription, SubscriptionState, Wish
from handlers.replies import Reply
from tests.samples import DAY, NOON

BOT = "presswatch_bot"
HOSTILE = '<b>"Tom" & \'Jerry\'</b> &amp; <a href="https://evil.example">'


WHO = Question(Asked.WHO, person="somebody")
PRIVATE = ChatIdentity(100, ChatKind.PRIVATE, "Ann", "annlee")


def article(
    number: int = 7,
    headline: str | None = "The pier",
    publisher: str | None = "Gazette",
    chat: ChatIdentity | None = PRIVATE,
    origin: Origin | None = None,
) -> ArticleReference:
    brought = Forward(chat, 55, None, "Ann", origin or Origin(), NOON) if chat else None
    return ArticleReference(number, headline, publisher, NOON, brought)


def claim(
    text: str = "the pier is closed",
    claimant: Claimant | None = None,
    factuality: Factuality = Factuality.CERTAIN,
    kind: AttributionKind | None = AttributionKind.SPEECH,
    cue: str | None = None,
    lead_in: str | None = None,
    rank: int | None = 1,
) -> LedgerClaim:
    return LedgerClaim(3, text, factuality, kind, claimant, cue, lead_in, rank, article())


def card(claims: tuple[LedgerClaim, ...] = (), people: tuple[NamedPerson, ...] = (), **more: Any) -> Card:
    reference = more.pop("article", article())
    metadata = more.pop("metadata", Metadata(headline=reference.headline, publisher=reference.publisher))
    state, failure = more.pop("state", ArticleState.READ), more.pop("failure", None)
    return Card(reference, state, failure, metadata, claims, people, **more)


def shown(reply: Reply) -> tuple[str, list[Json]]:
    """What Telegram makes of a reply: text and marks; an error where it would refuse the message."""
    text, entities = trimmed(*parse_html(str(reply.text)))
    assert isinstance(reply.text, Markup)
    assert 1 <= utf16_length(text) <= 4096
    for row in reply.buttons:
        assert row
        for button in row:
            assert 1 <= len(button.data.encode()) <= 64
            assert button.label.strip()
    return text, entities


def data(reply: Reply) -> list[str]:
    """What the buttons send."""
    return [button.data for row in reply.buttons for button in row]


TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [HOSTILE, "שלום \u202egnihton", "\U0001f600" * 3000, "word " * 2000, "x" * 5000, "a\n\nb", "&" * 900]
    ),
)
NUMBERS = st.integers(1, 2**62)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(NOON.tzinfo))  # noqa: DTZ001
CHATS = st.builds(ChatIdentity, st.integers(-(2**52), 2**52), st.sampled_from(ChatKind), TEXTS, st.none())
ORIGINS = st.builds(Origin, st.sampled_from(OriginKind), TEXTS, st.none())
FORWARDS = st.builds(Forward, CHATS, NUMBERS, st.none(), TEXTS, ORIGINS, MOMENTS)
ARTICLES = st.builds(ArticleReference, NUMBERS, st.none() | TEXTS, st.none() | TEXTS, MOMENTS, st.none() | FORWARDS)
CLAIMANTS = st.builds(Claimant, TEXTS, st.none() | NUMBERS, st.none() | TEXTS, st.none() | TEXTS)
_CLAIMS = st.builds(
    LedgerClaim,
    NUMBERS,
    TEXTS,
    st.sampled_from(Factuality),
    st.none() | st.sampled_from(AttributionKind),
    st.none() | CLAIMANTS,
    st.none() | TEXTS,
    st.none() | TEXTS,
    st.none() | st.integers(1, 9),
    ARTICLES,
)
RELATED = st.builds(
    RelatedClaim,
    NUMBERS,
    st.sampled_from(RelationKind),
    st.sampled_from(RelationState),
    st.booleans(),
    st.floats(0, 1),
    st.just(()),
    _CLAIMS,
)
CLAIMS = st.builds(replace, _CLAIMS, related=st.lists(RELATED, max_size=3).map(tuple), origins=st.integers(1, 1000))


def many(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """A few different ones, or one of them very often."""
    return st.lists(values, max_size=4).map(tuple) | st.tuples(values).map(lambda one: one * 60)


PEOPLE = st.builds(NamedPerson, TEXTS, many(TEXTS), many(TEXTS), st.just(()))
METADATA = st.builds(
    Metadata, st.none() | TEXTS, st.none() | TEXTS, many(TEXTS), st.none() | TEXTS, st.none() | TEXTS, st.none()
)
CARDS = st.builds(
    Card,
    ARTICLES,
    st.sampled_from(ArticleState),
    st.none() | st.sampled_from(FailureReason),
    METADATA,
    many(CLAIMS),
    many(PEOPLE),
    st.none() | ARTICLES,
    st.integers(0, 10**9),
)
REFERENCES = st.builds(PersonReference, NUMBERS, TEXTS, st.integers(0, 10**9))
DOSSIERS = st.builds(
    Dossier,
    REFERENCES,
    many(TEXTS),
    many(st.builds(Role, TEXTS, MOMENTS)),
    st.none() | MOMENTS,
    st.none() | MOMENTS,
    many(CLAIMS),
    many(CLAIMS),
    st.integers(0, 9999),
    st.booleans(),
)
FINDS = st.builds(Finds, TEXTS, many(CLAIMS), many(ARTICLES))
TOLD = st.builds(
    ToldClaim,
    NUMBERS,
    NUMBERS,
    st.sampled_from(Factuality),
    st.integers(1, 99),
    st.integers(0, 9),
    st.integers(0, 2**32),
)
DIGEST_CLAIMS = st.builds(
    DigestClaim, CLAIMS, st.lists(TOLD, max_size=2).map(tuple), st.just(()), st.none() | st.sampled_from(Change)
)
STORIES = st.builds(
    DigestStory,
    st.none() | NUMBERS,
    st.none() | TEXTS,
    ARTICLES,
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.lists(DIGEST_CLAIMS, max_size=3).map(tuple) | st.tuples(DIGEST_CLAIMS).map(lambda one: one * 12),
    st.integers(0, 3),
    st.integers(0, 10**6),
)
DIGESTS = st.builds(
    ComposedDigest,
    MOMENTS,
    MOMENTS,
    st.integers(0, 10**6),
    st.lists(STORIES, max_size=4).map(tuple),
    st.integers(0, 10**6),
    many(st.builds(PersonOfTheDay, TEXTS, st.integers(1, 10**6), st.none() | st.integers(-99, 99), st.booleans())),
    trouble=st.none() | st.builds(Trouble, st.integers(0, 9), MOMENTS, st.integers(0, 9), MOMENTS, st.integers(0, 9)),
    delivery=st.none() | NUMBERS,
)
DAILY = Timetable((time(8, 5),), "Europe/Vilnius")
SUBSCRIPTION = Subscription(1, 100, 7, Wish(DAILY, 100), SubscriptionState.ACTIVE, NOON, NOON - DAY)


def delivery(due: datetime = NOON, state: DeliveryState = DeliveryState.SENT) -> Delivery:
    return Delivery(1, SUBSCRIPTION, date(2026, 3, 12), time(8, 5), due, NOON - DAY, NOON, state)


def settings_of(title: str, state: DeliveryState = DeliveryState.SENT) -> ChatSettings:
    chat = Chat(ChatIdentity(100, ChatKind.PRIVATE, title), 1, "Europe/Vilnius")
    return ChatSettings(chat, (SUBSCRIPTION,), (delivery(state=state),))
