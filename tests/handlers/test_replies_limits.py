"""Whatever is in the archive, every reply is one message that Telegram takes."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.articles import AlreadyHere
from domain.extraction import NamedPerson
from domain.intake import NoArticle
from domain.ledger import Card, Dossier, Finds, LedgerClaim, NobodyFound, PersonReference, SeveralPersons
from handlers.replies import answers, cards, persons, privacy, problems, texts
from handlers.replies.cards import PEOPLE_ON_CARD
from tests.handlers.replies_samples import (
    BOT,
    CARDS,
    DOSSIERS,
    FINDS,
    FORWARDS,
    REFERENCES,
    TEXTS,
    WHO,
    card,
    claim,
    data,
    many,
    shown,
)

# Not made smaller: what does not fit takes long to make smaller, and says enough as it is.
MANY = settings(phases=(Phase.explicit, Phase.reuse, Phase.generate), max_examples=50)


@MANY
@given(CARDS)
def test_every_card(known: Card):
    shown(cards.card(known, BOT))


@MANY
@given(CARDS, st.integers(0, 9999))
def test_every_page_of_claims_and_people(known: Card, page: int):
    shown(cards.all_claims(known, page, BOT))
    shown(cards.all_people(known, page, BOT))


@MANY
@given(CARDS, FORWARDS)
def test_every_article_that_is_here_already(known: Card, first: object):
    shown(cards.already_here(AlreadyHere(known.article.id, first), known))  # type: ignore[arg-type]


@MANY
@given(DOSSIERS)
def test_every_dossier(known: Dossier):
    shown(answers.answer(WHO, known, BOT))


@MANY
@given(FINDS)
def test_every_find(found: Finds):
    shown(persons.finds(found, BOT))


@given(TEXTS, many(REFERENCES))
def test_every_choice_of_persons(asked: str, found: tuple[PersonReference, ...]):
    shown(answers.answer(WHO, NobodyFound(asked, found), BOT))
    shown(answers.answer(WHO, SeveralPersons(found), BOT))


@given(TEXTS)
def test_every_answer_to_a_mistake(one: str):
    for reason in NoArticle:
        shown(problems.no_article(reason, one))
    shown(texts.plain(cards.gone()))


def test_every_fixed_text():
    replies = [
        texts.start(BOT),
        texts.help_text(),
        privacy.privacy(None),
        privacy.privacy(365),
        persons.ask_whom(),
        persons.ask_what(),
        problems.too_short(1, 40),
        problems.unknown_command(),
        problems.which_article(),
        problems.photo_without_text(),
        problems.recording(),
        problems.no_text(),
        problems.our_fault(),
    ]
    said = [shown(reply)[0] for reply in replies]
    assert len(set(said)) == len(said)


def long_claims(count: int) -> tuple[LedgerClaim, ...]:
    return tuple(claim(f"Claim {number} " + "and so on " * 20, kind=None, rank=None) for number in range(count))


def test_turning_the_pages_shows_every_claim_once():
    known = card(long_claims(50))
    reply, said, page = cards.all_claims(known, 0, BOT), "", 0
    while True:
        said += shown(reply)[0] + "\n"
        turn = [each for each in data(reply) if each == f"claims:7:{page + 1}"]
        assert (f"claims:7:{page - 1}" in data(reply)) == (page > 0)
        assert "card:7" in data(reply)
        if not turn:
            break
        page += 1
        reply = cards.all_claims(known, page, BOT)
    assert page >= 2
    assert [said.count(f"Claim {number} ") for number in range(50)] == [1] * 50
    assert f"\n50. Claim {49}" in said
    assert shown(cards.all_claims(known, page + 5, BOT)) == shown(reply), "a page after the last is the last"


def test_a_card_shows_some_people_and_counts_the_others():
    people = tuple(NamedPerson(f"Person {number}", (), (), ()) for number in range(PEOPLE_ON_CARD + 4))
    text, _ = shown(cards.card(card(people=people), BOT))
    assert "Person 7" in text
    assert "Person 8" not in text
    assert "… and 4 more" in text
    assert "Person 11" in shown(cards.all_people(card(people=people), 0, BOT))[0]


def test_what_one_message_does_not_take_is_marked():
    text, _ = shown(cards.card(card(tuple(claim("word " * 100, kind=None) for _ in range(40))), BOT))
    assert text.endswith("\n…")


def test_nothing_is_marked_where_nothing_is_left_out():
    text, _ = shown(cards.card(card((claim(kind=None),)), BOT))
    assert "…" not in text
