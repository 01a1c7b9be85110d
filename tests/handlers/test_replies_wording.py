"""Who says what, how surely, in plain words; and where each line leads."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.local_telegram.text import parse_html
from domain.articles import Origin, OriginKind
from domain.chats import ChatIdentity, ChatKind
from domain.extraction import AttributionKind, Factuality, NamedPerson
from domain.ledger import Claimant, LedgerClaim
from handlers.replies import wording
from tests.handlers.replies_samples import BOT, HOSTILE, PRIVATE, article, claim
from tests.samples import NOON

CERTAIN, DENIED, UNKNOWN = Factuality.CERTAIN, Factuality.DENIED, Factuality.UNKNOWN
PROBABLE, IMPROBABLE = Factuality.PROBABLE, Factuality.IMPROBABLE
BELIEF, INTENTION, TOPIC = AttributionKind.BELIEF, AttributionKind.INTENTION, AttributionKind.TOPIC
RODEN = Claimant("Roden", 5, "Ilka Roden")


def said(found: LedgerClaim) -> str:
    return parse_html(str(wording.claim(found)))[0]


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        # The article's own voice.
        (claim("The pier is closed", kind=None), "The pier is closed"),
        (claim("The pier may close", kind=None, factuality=Factuality.POSSIBLE), "The pier may close (possible)"),
        (claim("The pier was not sold", kind=None, factuality=DENIED), "The pier was not sold"),
        (claim("The port failed to pay", kind=None, factuality=DENIED), "The port failed to pay"),
        # A source that stays unnamed.
        (claim("the pier is closed"), "unnamed source says: the pier is closed"),
        (claim("the pier is closed", factuality=UNKNOWN), "unnamed source says: the pier is closed (unconfirmed)"),
        # A person by their full name, a source by the article's words.
        (claim("the pier is closed", RODEN), "Ilka Roden says: the pier is closed"),
        (claim("the pier is closed", Claimant("the harbour office")), "The harbour office says: the pier is closed"),
        (
            claim("the pier is closed", replace(RODEN, job_title="harbour master")),
            "Ilka Roden (harbour master) says: the pier is closed",
        ),
        (claim("the pier is closed", Claimant("her")), "She says: the pier is closed"),
        # How surely.
        (claim("it rains", RODEN, PROBABLE, BELIEF), "Ilka Roden believes: it rains (probable)"),
        (claim("it rains", RODEN, Factuality.POSSIBLE), "Ilka Roden says: it rains (possible)"),
        (claim("it rains", RODEN, UNKNOWN), "Ilka Roden says: it rains (unconfirmed)"),
        # What a content goes on with from the verb has no colon.
        (claim("that it rains", RODEN), "Ilka Roden says that it rains"),
        (claim("to sell it", RODEN, kind=INTENTION), "Ilka Roden intends to sell it"),
        (claim("to the left it rains", RODEN), "Ilka Roden says to the left it rains"),
        (claim("tomorrow it rains", RODEN), "Ilka Roden says: tomorrow it rains"),
        # Other ways of holding something.
        (claim("it rains", RODEN, kind=AttributionKind.EVIDENCE), "Ilka Roden shows: it rains"),
        (claim("the pier", RODEN, kind=TOPIC), "Ilka Roden speaks of: the pier"),
        # A wish or a topic asserts nothing that could be confirmed.
        (claim("to sell it", RODEN, UNKNOWN, INTENTION), "Ilka Roden intends to sell it"),
        (claim("to sell it", RODEN, UNKNOWN, INTENTION, lead_in="wants"), "Ilka Roden wants to sell it"),
        (claim("the pier", RODEN, UNKNOWN, TOPIC), "Ilka Roden speaks of: the pier"),
        # Quotations stay quotations.
        (claim("“It is mine”", RODEN), "Ilka Roden says: “It is mine”"),
        (claim('"It is mine"', RODEN, lead_in="said:"), 'Ilka Roden said: "It is mine"'),
        # The article's own words between claimant and content.
        (claim("that it rains", RODEN, lead_in="told reporters"), "Ilka Roden told reporters that it rains"),
        (claim("it rains", RODEN, PROBABLE, BELIEF, lead_in="thinks"), "Ilka Roden thinks it rains (probable)"),
        (claim("it rains", None, lead_in="said"), "unnamed source says: it rains"),
    ],
)  # fmt: skip
def test_a_claim_as_a_sentence(found: LedgerClaim, sentence: str):
    assert said(found) == sentence


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        # A denial in the article's own words.
        (claim("that he did", RODEN, DENIED, cue="denied", lead_in="has denied"), "Ilka Roden has denied that he did"),
        (claim("the sale", RODEN, DENIED, cue="rejects", lead_in="rejects"), "Ilka Roden rejects the sale"),
        # The same where the words do not follow each other in the article.
        (claim("he sold it", RODEN, DENIED, cue="denied"), "Ilka Roden denies: he sold it"),
        (claim("having sold it", RODEN, DENIED, cue="has denied"), "Ilka Roden denies: having sold it"),
        (claim("he sold it", RODEN, DENIED, cue="ruled out"), "Ilka Roden denies: he sold it"),
        (claim("he did not sell it", RODEN, CERTAIN, cue="denied"), "Ilka Roden says: he did not sell it"),
        (claim("he sold it", RODEN, IMPROBABLE, BELIEF, cue="doubts"), "Ilka Roden doubts: he sold it"),
        (claim("he sold it", Claimant("the owners"), DENIED, cue="denied"), "The owners deny: he sold it"),
        (claim("he sold it", Claimant("they"), IMPROBABLE, BELIEF, cue="doubt"), "They doubt: he sold it"),
        # Negative in its own words: nobody denies anything.
        (claim("he did not sell it", RODEN, DENIED, cue="said"), "Ilka Roden says: he did not sell it"),
        (claim("the port failed to pay", RODEN, DENIED, cue="said"), "Ilka Roden says: the port failed to pay"),
        (claim("the report is false", RODEN, DENIED, cue="called"), "Ilka Roden says: the report is false"),
        (claim("the port failed to pay", RODEN, DENIED), "Ilka Roden says: the port failed to pay"),
        (claim("the port will hardly pay", RODEN, IMPROBABLE), "Ilka Roden says: the port will hardly pay"),
    ],
)  # fmt: skip
def test_a_denial_is_never_an_assertion_and_an_assertion_never_a_denial(found: LedgerClaim, sentence: str):
    assert said(found) == sentence


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("the council", False),
        ("the auditors", True),
        ("auditors of the port", True),
        ("officials familiar with the sale", True),
        ("a spokesman for the owners", False),
        ("Lind and Venn", True),
        ("they", True),
        ("we", True),
        ("police", True),
        ("local people", True),
        ("the press", False),
        ("the crisis", False),
        ("the campus", False),
        ("Roden, who owns ships", False),
        ("ILKA", False),
        ("", False),
    ],
)
def test_several_say_and_one_says(text: str, several: bool):
    assert wording.is_plural(Claimant(text)) is several
    assert not wording.is_plural(Claimant(text, 5, text)), "a person is one"


def test_a_text_from_outside_is_text():
    found = claim(HOSTILE, Claimant(HOSTILE, 5, HOSTILE, HOSTILE), lead_in="said")
    text, entities = parse_html(str(wording.claim(found)))
    assert text == f"{HOSTILE} ({HOSTILE}) said {HOSTILE}"
    assert [entity["type"] for entity in entities] == ["bold"]


def test_no_mark_of_direction_turns_our_words():
    assert said(claim("\u202eevil", Claimant("\u2066Ilka"))) == "Ilka says: evil"
    assert said(claim("הרציף סגור", Claimant("דוברת"))) == "דוברת says: הרציף סגור"


def test_a_long_content_is_cut_and_a_list_has_shorter_ones():
    found = claim("word " * 200, kind=None)
    assert len(said(found)) <= wording.CLAIM_LENGTH
    assert said(found).endswith("word…")
    assert len(str(wording.claim(found, wording.LISTED_LENGTH))) <= wording.LISTED_LENGTH


BASIC = ChatIdentity(-77, ChatKind.GROUP, "Desk")
SUPER = ChatIdentity(-1001234567890, ChatKind.SUPERGROUP, "Desk")
PUBLIC = ChatIdentity(-1001234567890, ChatKind.SUPERGROUP, "Desk", "pressdesk")
CHANNEL = ChatIdentity(-1009, ChatKind.CHANNEL, "News")


@pytest.mark.parametrize(
    ("chat", "address"),
    [
        (PRIVATE, f"https://t.me/{BOT}?start=a7"),
        (SUPER, "https://t.me/c/1234567890/55"),
        (PUBLIC, "https://t.me/pressdesk/55"),
        (CHANNEL, "https://t.me/c/9/55"),
    ],
)
def test_a_line_leads_back_to_its_message(chat: ChatIdentity, address: str):
    text, entities = parse_html(str(wording.link(article(chat=chat), BOT)))
    assert text == "Gazette →"
    assert [(entity["type"], entity["url"]) for entity in entities] == [("text_link", address)]


@pytest.mark.parametrize("chat", [BASIC, None])
def test_where_no_message_has_an_address_a_command_leads_to_the_card(chat: ChatIdentity | None):
    assert parse_html(str(wording.link(article(chat=chat), BOT))) == ("Gazette /a7", [])


FROM_CHANNEL = Origin(OriginKind.CHANNEL, "The Daily", "daily", 9, NOON)


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        (article(publisher="Gazette", chat=PRIVATE, origin=FROM_CHANNEL), "Gazette"),
        (article(publisher=None, chat=PRIVATE, origin=FROM_CHANNEL), "The Daily"),
        (article(publisher=None, chat=PRIVATE), "The pier"),
        (article(publisher=None, headline=None), "Article of 12 March 2026 without a…"),
        (article(publisher=None, headline="🚨🚨 The pier has sunk 🚨🚨"), "The pier has sunk"),
        (article(publisher=None, headline="🚨🚨"), "🚨🚨"),
        (
            article(publisher=None, headline="“Gone!” | How the pier of Ostrel was lost in one night"),
            "“Gone!” | How the pier of Ostrel was…",
        ),
        (article(publisher=HOSTILE), HOSTILE),
    ],
)
def test_an_outlet_has_the_shortest_name_there_is(reference: wording.ArticleReference, name: str):
    assert parse_html(str(wording.link(reference, BOT)))[0] == f"{name} →"


def test_an_article_without_a_headline_is_called_by_how_it_begins():
    begins = replace(
        article(headline=None),
        opening="The pier of Ostrel has been closed. Nobody knows why, and nobody says for how long.",
    )
    assert wording.headline(begins) == "The pier of Ostrel has been closed. Nobody knows why, and nobody says for how…"


@pytest.mark.parametrize("headline", [None, "", " \n", "\u202e"])
def test_an_article_without_a_headline_is_called_by_its_day(headline: str | None):
    assert wording.headline(article(headline=headline)) == "Article of 12 March 2026 without a headline"


@pytest.mark.parametrize(
    ("named", "line"),
    [
        (NamedPerson("Ilka Roden", (), (), ()), "Ilka Roden"),
        (NamedPerson("Ilka Roden", ("Roden",), (), ()), "Ilka Roden"),
        (NamedPerson("Ilka Roden", ("I. Roden", "Roden"), (), ()), "Ilka Roden (also I. Roden)"),
        (NamedPerson("Ilka Roden", ("Илька",), ("mayor", "sailor"), ()), "Ilka Roden, mayor; sailor (also Илька)"),
        (NamedPerson(HOSTILE, (), (HOSTILE,), ()), f"{HOSTILE}, {HOSTILE}"),
    ],
)
def test_a_person_has_a_role_and_such_other_names_as_tell_something(named: NamedPerson, line: str):
    assert parse_html(str(wording.person(named)))[0] == line


@pytest.mark.parametrize(
    ("date_published", "words"),
    [
        (None, None),
        ("2026-03-01", "1 March 2026"),
        ("2026-03-01T08:00:00+02:00", "1 March 2026"),
        ("spring", "spring"),
    ],
)
def test_an_articles_own_date(date_published: str | None, words: str | None):
    assert wording.published(date_published) == words


def test_dates_and_languages_in_words():
    moment = datetime(2026, 3, 1, 8, 5, tzinfo=UTC)
    assert [wording.day(moment), wording.short_day(date(2026, 3, 11)), wording.minute(moment)] == [
        "1 March 2026",
        "11 Mar 2026",
        "1 March 2026, 08:05",
    ]
    assert [wording.language(code) for code in ("en", "xx", None)] == ["English", "xx", None]
