"""How moments, names and texts stand in the database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.values import content_hash, from_text, normalise, to_text, trigrams

ZONES = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda offset: timezone(timedelta(minutes=offset // timedelta(minutes=1)))
)
MOMENTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)  # noqa: DTZ001  # the zones follow


@given(MOMENTS)
def test_a_moment_comes_back_to_the_millisecond(moment: datetime):
    back = from_text(to_text(moment))
    assert back.utcoffset() == timedelta(0)
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)


@given(MOMENTS, MOMENTS)
def test_text_sorts_as_the_moments_do(one: datetime, other: datetime):
    assert (to_text(one) <= to_text(other)) == (from_text(to_text(one)) <= from_text(to_text(other)))


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        to_text(datetime(2026, 3, 12))  # noqa: DTZ001  # that is the point


def test_a_moment_as_text():
    assert to_text(datetime(2026, 3, 12, 8, 0, 0, 123456, tzinfo=UTC)) == "2026-03-12T08:00:00.123Z"


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Signe Aaltovirta", "signe aaltovirta"),
        ("  SIGNE\n\taaltovirta ", "signe aaltovirta"),
        ("Ľubomíra Žďárská", "lubomira zdarska"),
        ("Łukasz Świętek", "lukasz swietek"),
        ("Bjørn Ærøskov", "bjorn aeroskov"),
        ("Straße", "strasse"),
        ("Вера Ковальчук", "vera kovalchuk"),
        ("объект", "obekt"),
        ("Δήμητρα", "dimitra"),
        ("علي", "ly"),
        ("O’Dwyer-Łąk", "o dwyer lak"),
        ("O'Dwyer's", "o dwyer s"),
        ("J. R. Tembe", "j r tembe"),
        ("ﬁnance", "finance"),
        ("article 12", "article 12"),
        ("", ""),
        (" \u200b…", ""),
    ],
)
def test_names_of_every_alphabet_become_plain_latin_words(text: str, normal: str):
    assert normalise(text) == normal


@given(st.text())
def test_what_is_normal_stays_as_it_is(text: str):
    normal = normalise(text)
    assert normalise(normal) == normal
    assert set(normal) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert normal == " ".join(normal.split())


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_a_word_has_pieces_at_its_borders_too(word: str):
    pieces = trigrams(word)
    assert f"  {word[0]}" in pieces
    assert any(piece.endswith(f"{word[-1]} ") for piece in pieces)
    assert len(pieces) <= len(word) + 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A text.\n\nOf two paragraphs.", "A text. Of two\u00a0paragraphs.\n", True),
        ("A text.", "A  text.", True),
        ("A text.", "A text", False),
        ("A text.", "a text.", False),
        ("", " \n", True),
    ],
)
def test_two_texts_are_the_same_if_they_differ_in_spaces_and_line_breaks_only(one: str, other: str, same: bool):
    assert (content_hash(one) == content_hash(other)) is same


@given(st.text())
def test_every_text_has_a_hash(text: str):
    assert len(content_hash(text)) == 64
