"""Limits: what is below them is taken whole, what is over them waits for the end of its span."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.limits import BY_DEFAULT, CHAT_TIMES, Limits, Rate, Span, Used, What, counted, parse
from tests.samples import NOON

STEPS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 5)), max_size=60)


def test_a_span_begins_with_the_first_and_ends_by_itself():
    used = counted(None, Span.MINUTE, 2, 1, NOON)
    assert used == Used(NOON, 1)
    later = NOON + timedelta(seconds=59)
    used = counted(used, Span.MINUTE, 2, 1, later)
    assert used == Used(NOON, 2)
    assert counted(used, Span.MINUTE, 2, 1, later) == NOON + timedelta(minutes=1)
    assert counted(used, Span.MINUTE, 2, 1, NOON + timedelta(minutes=1)) == Used(NOON + timedelta(minutes=1), 1)


def test_what_passes_the_limit_is_taken_whole():
    used = counted(Used(NOON, 9), Span.DAY, 10, 20, NOON)
    assert used == Used(NOON, 29)
    assert counted(used, Span.DAY, 10, 1, NOON) == NOON + timedelta(days=1)


@given(STEPS, st.integers(1, 20))
def test_no_span_takes_more_than_its_limit_and_one_last_thing(steps: list[tuple[int, int]], most: int):
    now, used, taken = NOON, None, []
    for wait, number in steps:
        now += timedelta(seconds=wait)
        after = counted(used, Span.MINUTE, most, number, now)
        if isinstance(after, Used):
            used = after
            taken.append((after.began_at, number))
        else:
            assert now < after <= now + Span.MINUTE.length
    for began in {each for each, _ in taken}:
        numbers = [number for each, number in taken if each == began]
        assert sum(numbers[:-1]) < most


@pytest.mark.parametrize(
    ("written", "user", "chat"),
    [
        ("", BY_DEFAULT[What.ARTICLE], Rate(CHAT_TIMES * 300, CHAT_TIMES * 3000)),
        ("articles=5/50", Rate(5, 50), Rate(15, 150)),
        (" Article = 5 / 50 ,chat articles=7/70,", Rate(5, 50), Rate(7, 70)),
    ],
)
def test_limits_are_written_in_one_line(written: str, user: Rate, chat: Rate):
    limits = parse(written)
    assert (limits.user[What.ARTICLE], limits.chat[What.ARTICLE]) == (user, chat)
    assert limits.user[What.LINK] == BY_DEFAULT[What.LINK]


def test_off_is_no_limit():
    assert parse("OFF") == Limits()


@pytest.mark.parametrize(
    "written", ["articles", "articles=5", "articles=0/5", "articles=6/5", "songs=1/2", "articles=-1/2"]
)
def test_what_is_no_limit_is_told_with_an_example(written: str):
    with pytest.raises(ValueError, match="articles=300/3000"):
        parse(written)


def test_a_newsroom_stays_below_what_is_usual():
    assert BY_DEFAULT[What.ARTICLE].day >= 500
    assert BY_DEFAULT[What.ARTICLE].minute >= 100, "as many as Telegram lets somebody forward at a time"
