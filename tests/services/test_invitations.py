"""Links to collections: only ours are good, until they expire, and one letter more or less makes them no link."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.invitations import PAYLOAD, hash_of, is_good, key_of, make
from tests.samples import DAY, NOON

KEY = key_of("1:secret")
WEEK = 7 * DAY


def test_a_link_is_good_until_it_expires_and_with_its_own_bot_only():
    payload = make(KEY, NOON + WEEK)
    assert is_good(KEY, payload, NOON)
    assert is_good(KEY, payload, NOON + WEEK - timedelta(seconds=1))
    assert not is_good(KEY, payload, NOON + WEEK)
    assert not is_good(key_of("2:secret"), payload, NOON)


def test_no_two_links_are_the_same_and_telegram_takes_each():
    made = {make(KEY, NOON + WEEK) for _ in range(100)}
    assert len(made) == 100
    assert all(PAYLOAD.fullmatch(each) and len(each) <= 64 - len("join:") for each in made)


def test_neither_the_key_nor_what_is_kept_tells_the_token_or_the_link():
    payload = make(KEY, NOON)
    assert b"secret" not in KEY
    assert payload not in hash_of(payload) and hash_of(payload) != hash_of(make(KEY, NOON))


@given(st.integers(0, 48), st.characters(codec="ascii"))
def test_a_link_with_another_letter_is_none(place: int, letter: str):
    payload = make(KEY, NOON + WEEK)
    forged = payload[:place] + letter + payload[place + 1 :]
    assert is_good(KEY, forged, NOON) == (forged == payload)


@given(st.one_of(st.text(max_size=70), st.from_regex(PAYLOAD, fullmatch=True)))
def test_nothing_else_is_a_link(text: str):
    assert not is_good(KEY, text, NOON)
