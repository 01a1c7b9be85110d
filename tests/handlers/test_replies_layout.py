"""Cutting and joining: counted as Telegram counts, never in the midst of a character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from bot.local_telegram.text import parse_html, utf16_length
from handlers.replies.layout import fit, join, pages, shorten, visible_length


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("", 5, ""),
        ("12345", 5, "12345"),
        ("123456", 5, "1234…"),
        ("one two three", 10, "one two…"),
        ("one, two three", 8, "one…"),
        ("one\n\n two\t", 20, "one two"),
        ("\U0001f600\U0001f600\U0001f600", 4, "\U0001f600…"),
        ("\U0001f600\U0001f600", 4, "\U0001f600\U0001f600"),
        ("שלום עולם", 20, "שלום עולם"),
        ("good \u202enews\u202c \u2066here\u2069", 20, "good news here"),
    ],
)
def test_a_text_is_cut_between_words_and_marked(text: str, limit: int, short: str):
    assert shorten(text, limit) == short


@given(st.text(), st.integers(2, 50))
def test_a_short_text_is_short_and_a_beginning_of_the_long_one(text: str, limit: int):
    short = shorten(text, limit)
    assert utf16_length(short) <= limit
    assert "\n" not in short
    if short.endswith("…") and not text.endswith("…"):
        assert utf16_length(text) > limit


@given(
    st.lists(
        st.tuples(st.text(), st.sampled_from(["{}", "<b>{}</b>", '<a href="https://x.example/?a=1&amp;b">{} →</a>']))
    )
)
def test_the_length_is_what_telegram_counts(parts: list[tuple[str, str]]):
    html = Markup("\n").join(Markup(mark).format(text) for text, mark in parts)  # noqa: S704  # marks are ours
    assert visible_length(html) == utf16_length(parse_html(str(html))[0])


@given(st.lists(st.text(max_size=60).map(escape), max_size=30), st.integers(65, 200))
def test_pages_hold_every_block_once_in_order_and_fit(blocks: list[Markup], limit: int):
    runs = pages(blocks, limit * 2)
    assert [block for run in runs for block in run] == blocks
    assert all(visible_length(join(run)) <= limit * 2 for run in runs)
    assert len(runs) == 1 or all(runs)


def test_nothing_makes_one_empty_page():
    assert pages([]) == [[]]
    assert fit([]) == ""


def test_what_does_not_fit_is_left_out_from_the_end_and_marked():
    blocks = [Markup("a") * 1500, Markup("b") * 1500, Markup("c") * 1500]
    assert fit(blocks[:2]) == "a" * 1500 + "\n" + "b" * 1500
    assert fit(blocks) == "a" * 1500 + "\n" + "b" * 1500 + "\n…"
