"""What stands on a card, in a dossier, in a digest, and what their buttons send."""

from dataclasses import replace
from typing import Any

import pytest

from domain.articles import AlreadyHere, ArticleState, Origin, OriginKind
from domain.extraction import AttributionKind, Factuality, FailureReason, Metadata, NamedPerson, Reading
from domain.intake import NoArticle
from domain.ledger import (
    ArticleReference,
    Claimant,
    Dossier,
    Finds,
    LedgerClaim,
    NobodyFound,
    PersonReference,
    RelatedClaim,
    RelationKind,
    RelationState,
    Role,
    SeveralPersons,
    StoryReference,
)
from handlers.replies import answers, cards, persons, problems, texts
from tests.handlers.replies_samples import (
    BOT,
    HOSTILE,
    WHO,
    article,
    card,
    claim,
    data,
    shown,
)
from tests.samples import DAY, NOON, chat_identity, forward

RODEN = Claimant("Roden", 5, "Ilka Roden")
PEOPLE = (NamedPerson("Ilka Roden", (), ("harbour master",), ()),)
FACTS = Metadata("The pier", "Gazette", (), "2026-03-10", "en")
NO_CLAIM = "I found no claim in it that I am sure of."


def test_a_card_has_headline_facts_key_claims_and_people():
    origin = Origin(OriginKind.CHANNEL, "The Daily", "daily", 9, NOON)
    reference = article(chat=chat_identity(), origin=origin)
    claims = (claim("the pier is closed", RODEN), claim("It rains", kind=None, rank=None))
    reply = cards.card(card(claims, PEOPLE, article=reference, metadata=FACTS), BOT)
    text, entities = shown(reply)
    assert text.split("\n") == [
        "The pier",
        "Gazette · 10 March 2026 · English",
        "forwarded from @daily",
        "",
        "Key claims",
        "1. Ilka Roden says: the pier is closed",
        "",
        "People",
        "• Ilka Roden, harbour master",
    ]
    assert entities[0] == {"type": "bold", "offset": 0, "length": len("The pier")}
    assert [button.label for button in reply.buttons[0]] == ["All claims (2)", "People (1)"]
    assert data(reply) == ["claims:7:0", "people:7:0", "fix:7"]


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (Origin(), None),
        (Origin(OriginKind.USER, "Bo Lee", "bolee"), "forwarded from @bolee"),
        (Origin(OriginKind.HIDDEN_USER, "Bo Lee"), "forwarded from Bo Lee"),
        (Origin(OriginKind.CHAT, "The desk"), "forwarded from The desk"),
        (Origin(OriginKind.CHANNEL, "The Daily", "daily", 9, None, "B. Lee"), "forwarded from @daily, signed B. Lee"),
    ],
)
def test_a_card_says_where_the_forward_came_from(origin: Origin, words: str | None):
    text, _ = shown(cards.card(card(article=article(publisher=None, chat=chat_identity(), origin=origin)), BOT))
    assert text.split("\n")[1] == (words or "")


@pytest.mark.parametrize(
    ("first", "reprints", "line"),
    [
        (article(3, "Pier shut"), 1, "Same article as Pier shut, first brought by Ann on 12 March 2026: /a3"),
        (article(3, "Pier shut", chat=None), 4, "Same article as Pier shut: /a3"),
        (article(3, HOSTILE, chat=None), 1, f"Same article as {HOSTILE}: /a3"),
        (None, 1, "Reprinted once since"),
        (None, 3, "Reprinted 3 times since"),
    ],
)
@pytest.mark.parametrize("state", [{}, {"state": ArticleState.FAILED, "failure": FailureReason.UNREADABLE_SCRIPT}])
def test_a_card_says_of_what_it_is_a_reprint_or_how_often_it_was_reprinted(
    first: ArticleReference | None, reprints: int, line: str, state: dict[str, Any]
):
    reply = cards.card(card(reprint_of=first, reprints=reprints, **state), BOT)
    assert line in shown(reply)[0].split("\n")


def test_a_card_of_which_nothing_is_known_says_so():
    reply = cards.card(card(article=article(headline=None, publisher=None)), BOT)
    text, _ = shown(reply)
    assert text.split("\n") == ["Article of 12 March 2026 without a headline", "", NO_CLAIM]
    assert data(reply) == ["fix:7"], "it can be put right all the same"


def test_a_card_with_other_claims_only_has_them_one_tap_away():
    reply = cards.card(card((claim(rank=None),)), BOT)
    assert NO_CLAIM in shown(reply)[0]
    assert data(reply) == ["claims:7:0", "fix:7"]


def test_an_article_that_is_being_read():
    assert shown(cards.card(card(state=ArticleState.RECEIVED), BOT))[0] == "Reading …"


@pytest.mark.parametrize("reason", list(FailureReason))
def test_an_article_that_could_not_be_read_says_why_and_what_can_be_done(reason: FailureReason):
    reply = cards.card(card(state=ArticleState.FAILED, failure=reason), BOT)
    text, _ = shown(reply)
    assert "The pier" in text
    assert "/search" in text
    assert reply.buttons == ()


def test_hostile_words_are_words_everywhere():
    person = NamedPerson(HOSTILE, (), (HOSTILE,), ())
    reference = article(headline=HOSTILE, publisher=HOSTILE)
    known = card((claim(HOSTILE, Claimant(HOSTILE)),), (person,), article=reference)
    for reply in (cards.card(known, BOT), cards.all_claims(known, 0, BOT), cards.all_people(known, 0, BOT)):
        text, entities = shown(reply)
        assert HOSTILE in text
        assert {entity["type"] for entity in entities} <= {"bold", "italic"}


def test_the_same_text_again_leads_to_its_card():
    first = forward(chat_identity(), 5, "Ann <Lee>")
    reply = cards.already_here(AlreadyHere(7, first), card())
    assert shown(reply)[0] == "Already here: forwarded by Ann <Lee> on 12 March 2026.\nThe pier"
    assert data(reply) == ["card:7"]


KNOWN = Dossier(
    person=PersonReference(5, "Ilka Roden", 3),
    names=("I. Roden", "Roden"),
    roles=(Role("harbour master", NOON), Role("sailor", NOON - DAY)),
    first_seen=NOON - 2 * DAY,
    last_seen=NOON,
    claims_by=(claim("that it rains", RODEN, lead_in="said"),),
    claims_about=(claim("Roden left", kind=None),),
    page=0,
    has_older=False,
)


def test_a_dossier_has_names_roles_dates_and_claims_with_their_articles():
    text, entities = shown(answers.answer(WHO, KNOWN, BOT))
    assert text.split("\n") == [
        "Ilka Roden (also I. Roden)",
        "harbour master (12 Mar 2026)",
        "former sailor (until 11 Mar 2026)",
        "3 articles, 10 Mar 2026 – 12 Mar 2026",
        "",
        "Says",
        "12 Mar 2026  said that it rains · Gazette →",
        "",
        "Said about them",
        "12 Mar 2026  Roden left · Gazette →",
    ]
    assert [entity["url"] for entity in entities if entity["type"] == "text_link"] == [
        f"https://t.me/{BOT}?start=a7"
    ] * 2


@pytest.mark.parametrize(
    ("page", "has_older", "sent"),
    [(0, False, []), (0, True, ["who:5:1"]), (1, True, ["who:5:0", "who:5:2"]), (2, False, ["who:5:1"])],
)
def test_a_dossiers_pages_are_turned(page: int, has_older: bool, sent: list[str]):
    whole = replace(KNOWN, page=page, has_older=has_older)
    always = ["pic:timeline:5", "split:5"]
    assert data(persons.dossier(whole, BOT)) == [*sent, "says:5:0", *always]
    only_said = [each.replace("who", "says") for each in sent]
    assert data(persons.dossier(whole, BOT, only_said=True)) == [*only_said, "who:5:0", *always]


def test_a_person_of_whom_little_is_known():
    person = PersonReference(5, "Ilka Roden", 1)
    once = replace(KNOWN, person=person, names=(), roles=(), claims_by=(), claims_about=(), first_seen=NOON)
    assert shown(persons.dossier(once, BOT))[0].split("\n") == [
        "Ilka Roden",
        "1 article, 12 Mar 2026",
        "",
        "Named, but no claim by or about them.",
    ]
    gone = replace(once, person=replace(person, articles=0), first_seen=None, last_seen=None)
    assert "0 articles\n" in shown(persons.dossier(gone, BOT))[0]


def test_whom_to_choose_from():
    several = (PersonReference(5, "Ilka Roden", 2), PersonReference(6, "Bo Roden", 1))
    reply = answers.answer(WHO, SeveralPersons(several), BOT)
    assert [button.label for row in reply.buttons for button in row] == [
        "Ilka Roden (2 articles)",
        "Bo Roden (1 article)",
    ]
    assert data(reply) == ["who:5:0", "who:6:0"]
    near = answers.answer(WHO, NobodyFound("Rodden", several), BOT)
    assert shown(near)[0] == "I don't know “Rodden”. Did you mean one of these?"
    assert data(near) == ["who:5:0", "who:6:0"]


def test_nobody_found():
    reply = answers.answer(WHO, NobodyFound("<b>", ()), BOT)
    assert shown(reply)[0] == "I don't know “<b>”: no article that you forwarded to this chat names them."
    assert reply.buttons == ()


def test_finds():
    found = Finds("pier", (claim("Roden left", kind=None),), (article(),))
    assert shown(persons.finds(found, BOT))[0].split("\n") == [
        "Claims",
        "12 Mar 2026  Roden left · Gazette →",
        "",
        "Articles",
        "12 Mar 2026  The pier — Gazette →",
    ]
    assert shown(persons.finds(Finds("<i>", (), ()), BOT))[0] == "Nothing found for “<i>”."


@pytest.mark.parametrize("command", list(texts.COMMANDS))
def test_the_help_lists_every_command(command: str):
    assert f"\n/{command} — " in shown(texts.help_text())[0]


@pytest.mark.parametrize("reason", NoArticle)
def test_every_reason_has_a_sentence_that_names_the_file_or_link_and_says_what_to_do(reason: NoArticle):
    text = shown(problems.no_article(reason, "a <b> file.pdf"))[0]
    assert text.startswith("I can't read “a <b> file.pdf”: ")
    assert text.count(". ") >= 1 and text.endswith(".")
    assert problems.why(reason) in text


@pytest.mark.parametrize(("words", "said"), [(1, "That is 1 word;"), (20, "That is 20 words;")])
def test_a_short_text_is_told_how_short(words: int, said: str):
    assert said in shown(problems.too_short(words, 40))[0]


def test_claims_of_all_kinds_stand_on_a_card():
    claims = tuple(
        claim(f"content {kind} {factuality}", RODEN, factuality, kind)
        for kind in AttributionKind
        for factuality in Factuality
    )
    text, _ = shown(cards.all_claims(card(claims), 0, BOT))
    assert text.count("Ilka Roden ") == len(claims)


@pytest.mark.parametrize(
    ("reading", "language", "told"),
    [
        (Reading.LEAD, "pl", "I read Polish only roughly: its first sentences and people whom I know already"),
        (Reading.PEOPLE, "ru", "I read Russian only roughly: its first sentences and the people named"),
        (Reading.LEAD, None, "I read this language only roughly"),
        (Reading.FULL, "en", ""),
    ],
)
def test_a_card_says_how_far_the_language_is_read(reading: Reading, language: str | None, told: str):
    text = cards.card(card((claim(),), metadata=Metadata(language=language), reading=reading), BOT).text
    assert told in text
    assert ("roughly" in text) == bool(told)


def correction() -> LedgerClaim:
    return replace(claim("The owner is Ines Taal, not Piet Haan.", kind=None), cue="Correction:")


def test_a_correction_says_so_and_tells_before_all_else_what_it_corrects():
    before = related(RelationKind.UPDATES, outgoing=True, other=claim("the owner is Piet Haan"))
    others = (related(RelationKind.CONTRADICTS), related(RelationKind.DENIES))
    text, _ = shown(cards.card(card((replace(correction(), related=(*others, before)),)), BOT))
    lines = [line.strip() for line in text.split("\n")]
    first = lines.index("1. Correction: The owner is Ines Taal, not Piet Haan.")
    assert lines[first + 1].startswith("↳ corrects: the owner is Piet Haan (")


def related(
    kind: RelationKind,
    *,
    outgoing: bool = False,
    state: RelationState = RelationState.CONFIRMED,
    other: LedgerClaim | None = None,
) -> RelatedClaim:
    said = other or claim("the berths are where they were", claimant=Claimant("Haugseth"))
    return RelatedClaim(1, kind, state, outgoing, 0.9, (), said)


@pytest.mark.parametrize(
    ("tied", "begins"),
    [
        (related(RelationKind.DENIES), "↳ Haugseth denies it: the berths"),
        (related(RelationKind.DENIES, state=RelationState.SUGGESTED), "↳ perhaps Haugseth denies it: the berths"),
        (related(RelationKind.DENIES, outgoing=True), "↳ denies what Haugseth says: the berths"),
        (
            related(RelationKind.DENIES, outgoing=True, other=claim(claimant=Claimant("the city's auditors"))),
            "↳ denies what the city's auditors say: the pier",
        ),
        (related(RelationKind.CONTRADICTS), "↳ Haugseth says otherwise: the berths"),
        (related(RelationKind.UPDATES), "↳ Haugseth later: the berths"),
        (related(RelationKind.UPDATES, outgoing=True), "↳ Haugseth before: the berths"),
        (related(RelationKind.CONTRADICTS, other=claim(kind=None)), "↳ Gazette says otherwise: "),
        (related(RelationKind.DENIES, other=claim()), "↳ an unnamed source denies it: "),
        # What only points to what is denied says nothing more.
        (related(RelationKind.DENIES, other=claim("this")), "↳ an unnamed source denies it ("),
        (related(RelationKind.DENIES, other=claim("The allegations.")), "↳ an unnamed source denies it ("),
        (related(RelationKind.DENIES, other=claim("any part in it")), "↳ an unnamed source denies it: any part"),
        (related(RelationKind.UPDATES, other=correction()), "↳ Gazette corrects it: The owner is Ines Taal"),
    ],
)
def test_what_another_claim_does_to_a_claim_stands_below_it_with_its_article(tied: RelatedClaim, begins: str):
    text, _ = shown(cards.card(card((replace(claim(), related=(tied,)),)), BOT))
    below = next(line for line in text.split("\n") if "↳" in line)
    assert below.strip().startswith(begins)
    assert below.endswith("12 Mar 2026)")


@pytest.mark.parametrize("kind", [RelationKind.REPEATS, RelationKind.CORROBORATES])
def test_what_says_the_same_again_has_no_line_of_its_own(kind: RelationKind):
    tied = replace(claim(), related=(related(kind),))
    assert "↳" not in shown(cards.card(card((tied,)), BOT))[0]


def test_a_claim_of_several_origins_tells_how_many():
    text, _ = shown(cards.card(card((replace(claim(), origins=3),)), BOT))
    assert "↳ reported by 3 independent outlets" in text
    assert "↳" not in shown(cards.card(card((claim(),)), BOT))[0], "one origin is nothing to tell"


def test_a_card_leads_to_the_other_articles_of_its_story():
    story = StoryReference(4, "The pier", 3, 2)
    reply = cards.card(card((claim(),), story=story), BOT)
    assert [button.label for row in reply.buttons for button in row if button.data == "story:4:0"] == [
        "Same story: 3 articles"
    ]


def test_an_article_without_a_date_of_its_own_tells_when_it_came():
    undated = replace(claim(), article=replace(article(), dated=False))
    told = claim(claimant=Claimant("Haugseth"))
    tied = replace(told, article=replace(article(), dated=False))
    text, _ = shown(cards.card(card((replace(undated, related=(related(RelationKind.DENIES, other=tied),)),)), BOT))
    assert ", received 12 Mar 2026)" in text


def test_a_role_stands_on_a_card_where_its_bearer_comes_first():
    """Another role of the same person, and that of another one, are told."""
    roden = Claimant("Roden", 4, "Ada Roden", "warden of the pier")
    later = Claimant("she", 4, "Ada Roden", "former warden")
    venn = Claimant("Venn", 5, "Ro Venn", "warden of the pier")
    said = [replace(claim(f"it is {each}", who), id=each) for each, who in enumerate((roden, roden, venn, later))]
    text = shown(cards.all_claims(card(tuple(said)), 0, BOT))[0]
    assert "1. Ada Roden (warden of the pier) says: it is 0" in text
    assert "2. Ada Roden says: it is 1" in text
    assert "3. Ro Venn (warden of the pier) says: it is 2" in text
    assert "4. Ada Roden (former warden) says: it is 3" in text
