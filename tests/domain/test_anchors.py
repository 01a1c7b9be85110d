"""An anchor finds its place again wherever it went, and finds nothing once its own words have changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.anchors import anchor, around, find
from domain.extraction import Span

ANYTHING = st.text(alphabet="ab .\n,é’ж", min_size=1, max_size=60)
# Texts in which no word stands twice: there a place can be told by its words alone.
WORDS = st.permutations([f"w{letter}{letter}" for letter in "abcdefghijklmnop"])


def part(data: st.DataObject, text: str) -> Span:
    start = data.draw(st.integers(0, len(text)))
    return Span(start, data.draw(st.integers(start, len(text))))


@given(ANYTHING, st.data())
def test_an_anchor_finds_its_span_in_its_own_text(text: str, data: st.DataObject):
    span = part(data, text)
    words = text[span.start : span.end]
    if not words.strip():
        with pytest.raises(ValueError):
            anchor(text, span)
        return
    lead = len(words) - len(words.lstrip())
    meant = Span(span.start + lead, span.start + lead + len(words.strip()))
    assert find(text, anchor(text, span)) == meant


@given(WORDS, st.integers(0, 14), st.integers(1, 4), st.integers(0, 16), st.booleans())
def test_text_put_in_elsewhere_moves_the_place_and_does_not_lose_it(
    words: list[str], first: int, length: int, at: int, lines: bool
):
    text = " ".join(words)
    own = words[first : first + length]
    start = text.index(" ".join(own))
    made = anchor(text, Span(start, start + len(" ".join(own))))
    inside = first < at < first + len(own)
    blank = "\n" if lines else " "
    changed = blank.join([*words[:at], "1 2 3", *words[at:]])
    found = find(changed, made)
    if inside:
        assert found is None
    else:
        assert found is not None and changed[found.start : found.end] == blank.join(own)


@given(WORDS, st.integers(0, 14), st.integers(1, 4), st.data())
def test_a_place_whose_own_words_changed_is_not_found(words: list[str], first: int, length: int, data: st.DataObject):
    text = " ".join(words)
    own = " ".join(words[first : first + length])
    start = text.index(own)
    made = anchor(text, Span(start, start + len(own)))
    where = data.draw(st.integers(0, len(own)))
    changed = own[:where] + "x" + own[where:]
    assert find(text.replace(own, changed), made) is None


TWICE = "The pier is ours, said Venn. Later it rained. The pier is ours, said Roden."


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ("said Roden", TWICE, "said Roden"),
        ("said Roden", TWICE.replace("said Roden", "says Roden"), None),
        ("Venn", TWICE.replace("Venn", "Venning"), None),
        ("Venn", TWICE.replace("Venn", "Ro Venn"), "Venn"),
        ("Later it rained", TWICE.replace("it rained", "it\n  rained"), "Later it\n  rained"),
        ("Later it rained", "", None),
        ("Later it rained", "It is late.", None),
    ],
)
def test_a_place_is_found_by_its_words(words: str, text: str, found: str | None):
    start = TWICE.index(words)
    place = find(text, anchor(TWICE, Span(start, start + len(words))))
    assert (text[place.start : place.end] if place else None) == found


def test_of_two_places_alike_the_one_with_the_context_is_found():
    second = TWICE.rindex("The pier is ours")
    made = anchor(TWICE, Span(second, second + len("The pier is ours")))
    assert find("New first line. " + TWICE, made) == Span(second + 16, second + 32)


def test_a_short_place_that_is_gone_is_not_taken_for_another_one_of_the_same_words():
    made = anchor(TWICE, Span(0, 4 + len("pier")))
    rest = TWICE[TWICE.index("Later") :].replace("is ours", "was theirs")
    assert find(rest, made) is None


def test_the_pieces_of_a_place_are_one_span_from_first_to_last():
    assert around([Span(9, 12), Span(2, 5)]) == Span(2, 12)
    with pytest.raises(ValueError):
        around([])
