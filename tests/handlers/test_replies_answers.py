"""Answers to questions: every one is a message that Telegram takes, and says whom and what time it is about."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ledger import Claimant, LedgerClaim, NobodyFound, PersonCount, PersonReference, SeveralPersons
from domain.questions import Asked, ClaimsFound, Fellows, NothingFound, Period, Question
from handlers.replies.answers import answer
from tests.handlers.replies_samples import BOT, CLAIMS, REFERENCES, TEXTS, claim, data, many, shown
from tests.samples import DAY, NOON

RODEN = PersonReference(5, "Ilka Roden", 3)
SAYS = claim("that it rains", Claimant("Roden", 5, "Ilka Roden"), lead_in="said")
QUESTIONS = st.builds(
    Question, st.sampled_from(Asked), st.none() | TEXTS, st.none() | TEXTS, st.none(), st.none() | TEXTS
)
PERIODS = st.sampled_from([Period(), Period(NOON), Period(None, NOON), Period(NOON - DAY, NOON)])


@settings(max_examples=50)
@given(QUESTIONS, st.none() | REFERENCES, many(CLAIMS), PERIODS, st.integers(0, 9999), st.booleans())
def test_every_answer_is_a_message(
    question: Question,
    person: PersonReference | None,
    claims: tuple[LedgerClaim, ...],
    period: Period,
    page: int,
    flag: bool,
):
    shown(answer(question, ClaimsFound(question, person, claims, period, page, flag, flag), BOT))
    shown(answer(question, NothingFound(question, person, period), BOT))
    if person is not None:
        fellows = (PersonCount(person.name, person.articles, person.id),) * 12
        shown(answer(question, Fellows(person, fellows), BOT))
        shown(answer(question, NobodyFound(person.name, (person,)), BOT))


def test_an_answer_says_whose_claims_they_are_on_what_and_of_which_days():
    question = Question(Asked.SAID, person="roden", topic="rain", when="last week")
    week = Period(NOON - timedelta(days=7), NOON)
    reply = answer(question, ClaimsFound(question, RODEN, (SAYS,), week, has_older=True), BOT)
    assert shown(reply)[0].split("\n") == [
        "What Ilka Roden says: “rain”, 5 Mar 2026 – 12 Mar 2026",
        "",
        "12 Mar 2026  said that it rains · Gazette →",
    ]
    assert data(reply) == ["ask:1", "who:5:0"]


def test_claims_that_only_come_near_say_so_and_so_does_a_time_that_was_not_understood():
    question = Question(Asked.SAYERS, topic="hail", when="at harvest")
    text, _ = shown(answer(question, ClaimsFound(question, None, (SAYS,), near=True), BOT))
    assert "these come near" in text and "I can't read “at harvest” as a time" in text
    assert "Ilka Roden said that it rains" in text


def test_who_is_picked_gets_the_question_that_was_asked():
    several = SeveralPersons((RODEN, PersonReference(6, "Bo Roden", 1)))
    assert data(answer(Question(Asked.SAID, person="Roden"), several, BOT)) == ["whom:5", "whom:6"]
    assert data(answer(Question(Asked.WHO, person="Roden"), several, BOT)) == ["who:5:0", "who:6:0"]


def test_nothing_found_leads_on():
    question = Question(Asked.SAID, person="Roden", topic="<hail>")
    reply = answer(question, NothingFound(question, RODEN), BOT)
    assert shown(reply)[0].startswith("I have no claim by Ilka Roden with the words of “<hail>”.")
    assert data(reply) == ["who:5:0"]
