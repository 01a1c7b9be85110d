"""What a text asks for: by its shape alone, before anything is looked up; talk asks for nothing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.questions import Asked, Period, Question
from services.asking.questions import LONGEST, parse, wants_more
from services.asking.times import period
from services.asking.topics import beginnings

# What is asked, of whom, on what, since when.
Told = tuple[Asked, str | None, str | None, str | None]
HAGELUND = Question(Asked.SAID, person="Torvin Hagelund", topic="the quay")


def told(question: Question | None) -> Told | None:
    if question is None:
        return None
    return question.asked, question.person or question.subject, question.topic, question.when


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Who is Torvin Hagelund?", (Asked.WHO, "Torvin Hagelund", None, None)),
        ("pls who's hagelund", (Asked.WHO, "hagelund", None, None)),
        ("Do you know who Hagelund is?", (Asked.WHO, "Hagelund", None, None)),
        ("Can you tell me about Ada Kestrel, please?", (Asked.WHO, "Ada Kestrel", None, None)),
        ("what do we know about Ada Kestrel", (Asked.WHO, "Ada Kestrel", None, None)),
        ("when was Ada Kestrel last seen?", (Asked.WHO, "Ada Kestrel", None, None)),
        ("what did Hagelund say?", (Asked.SAID, "Hagelund", None, None)),
        ("whats hagelund saying about the ferry", (Asked.SAID, "hagelund", "the ferry", None)),
        ("What has Hagelund said on the quay since Monday?", (Asked.SAID, "Hagelund", "the quay", "since Monday")),
        ("last week, what did Hagelund say", (Asked.SAID, "Hagelund", None, "last week")),
        ("what did Hagelund say on 6 March", (Asked.SAID, "Hagelund", None, "on 6 March")),
        ("who said that the quay is closed?", (Asked.SAYERS, None, "the quay is closed", None)),
        ("Who talked about the ferry in March?", (Asked.SAYERS, None, "the ferry", "in March")),
        ("did Hagelund deny that he sold the quay?", (Asked.DENIED, "Hagelund", "he sold the quay", None)),
        ("has hagelund denied it was him", (Asked.DENIED, "hagelund", "it was him", None)),
        ("what does Hagelund deny?", (Asked.DENIED, "Hagelund", None, None)),
        ("who denies the sale", (Asked.DENIERS, None, "the sale", None)),
        ("what is new about Hagelund since yesterday?", (Asked.NEWS, "Hagelund", None, "since yesterday")),
        ("news on the ferry", (Asked.NEWS, "the ferry", None, None)),
        ("anything new about Ada Kestrel?", (Asked.NEWS, "Ada Kestrel", None, None)),
        ("who is named with Hagelund?", (Asked.NAMED_WITH, "Hagelund", None, None)),
        ("who appears with Hagelund", (Asked.NAMED_WITH, "Hagelund", None, None)),
        ("Is it true that the quay is sold?", (Asked.TRUE, None, "the quay is sold", None)),
        ("Hagelund", (Asked.WHO, "Hagelund", None, None)),
    ],
)
def test_what_is_asked(text: str, asked: Told):
    assert told(parse(text, alone=True)) == asked


@pytest.mark.parametrize(
    "text",
    [
        "who cares", "who is coming to lunch?", "who are you?", "what did you say?", "did you see that?",
        "who said that?", "is it true?", "what a day", "what's up", "thanks!", "", "?", "…", "\U0001f600",
        "Who is Hagelund?\nAnd who is Kestrel?", "who is he?", "what does she deny?", "and about the ferry?",
    ],
)  # fmt: skip
def test_talk_asks_for_nothing(text: str):
    assert parse(text, alone=True) is None


def test_a_mere_name_is_a_question_only_where_nobody_else_is():
    assert parse("Hagelund", alone=True) == Question(Asked.WHO, person="Hagelund", sure=False)
    assert parse("Hagelund") is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("and about the ferry?", (Asked.SAID, "the ferry", "the quay", None)),
        ("what about Kestrel", (Asked.SAID, "Kestrel", "the quay", None)),
        ("since Monday?", (Asked.SAID, "Torvin Hagelund", "the quay", "since Monday")),
        ("who denies that?", (Asked.DENIERS, None, "the quay", None)),
        ("who is he?", (Asked.WHO, "Torvin Hagelund", None, None)),
        ("what does she say about fees?", (Asked.SAID, "Torvin Hagelund", "fees", None)),
        ("who is Ada Kestrel?", (Asked.WHO, "Ada Kestrel", None, None)),
        ("thanks", None),
        ("I will tell my sister about it tomorrow", None),
    ],
)
def test_a_reply_to_an_answer_keeps_what_it_does_not_change(text: str, asked: Told | None):
    """A further subject stands beside the question before: whoever knows the archive tells what it is."""
    found = parse(text, HAGELUND)
    if found is not None and found.subject is not None:
        assert (found.asked, found.subject, found.topic, found.when) == asked
    else:
        assert told(found) == asked


@pytest.mark.parametrize(
    ("text", "more"), [("more", True), ("And more?", True), ("older please", True), ("no more", False), ("", False)]
)
def test_more_is_asked_for(text: str, more: bool):
    assert wants_more(text) is more


PIECES = ("who", "what", "did", "is", "say", "deny", "about", "that", "since", "Monday", "X", "?")


@given(st.text(max_size=400) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_no_text_is_too_much(text: str):
    for before in (None, HAGELUND):
        question = parse(text, before, alone=True)
        assert question is None or isinstance(question.asked, Asked)


@pytest.mark.parametrize("piece", ["what did ", "who ", "is it true that ", "since Monday ", "and about "])
def test_what_is_too_long_is_not_looked_at(piece: str):
    assert parse(piece * LONGEST, alone=True) is None


# A Thursday, half past one in Vilnius.
NOW = datetime(2026, 3, 12, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        ("since Monday", "2026-03-09", None),
        ("today", "2026-03-12", "2026-03-13"),
        ("yesterday", "2026-03-11", "2026-03-12"),
        ("last week", "2026-03-02", "2026-03-09"),
        ("last month", "2026-02-01", "2026-03-01"),
        ("in February", "2026-02-01", "2026-03-01"),
        ("in April", "2025-04-01", "2025-05-01"),
        ("since 6 March", "2026-03-06", None),
        ("on 6 March", "2026-03-06", "2026-03-07"),
        ("on March 6th", "2026-03-06", "2026-03-07"),
        ("before 2026-03-06", None, "2026-03-06"),
        ("until 6 March", None, "2026-03-07"),
        ("between 3 and 7 March", "2026-03-03", "2026-03-08"),
        ("on Thursday", "2026-03-12", "2026-03-13"),
        ("last Thursday", "2026-03-05", "2026-03-06"),
        ("in 2025", "2025-01-01", "2026-01-01"),
    ],
)
def test_times_are_those_of_the_askers_clock_and_lie_before_now(words: str, since: str | None, until: str | None):
    found = period(words, NOW, "Europe/Vilnius")
    assert found is not None
    for moment, day in ((found.since, since), (found.until, until)):
        assert (moment.isoformat()[:19] if moment else None) == (f"{day}T00:00:00" if day else None)
        assert moment is None or moment.utcoffset() is not None


@pytest.mark.parametrize("words", ["since the flood", "on", "", "in Xember"])
def test_what_is_no_time_is_none(words: str):
    assert period(words, NOW, "UTC") in (None, Period())


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("the evacuation of the village", ("evacu", "villag")),
        ("evacuated villages", ("evacu", "villag")),
        ("cancelled", ("cancel",)),
        ("the dam", ("dam ",)),
        ("7,400 meters", ("7 ", "400 ", "meter")),
        ("the mayor's letter", ("mayor", "letter")),
        ("about it", ()),
    ],
)
def test_a_topic_is_sought_by_the_beginnings_of_its_words(topic: str, words: tuple[str, ...]):
    assert beginnings(topic) == words
