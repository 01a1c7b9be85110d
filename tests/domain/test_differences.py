"""What an edit changed is told in words: nothing that stayed, everything that did not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.differences import MOST_WORDS, changes

WORDS = st.lists(st.sampled_from(["a", "b", "c", "pier"]), max_size=12)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "", ()),
        ("the pier is shut", "the pier  is\nshut", ()),
        ("the pier is shut", "the pier is open", (("shut", "open"),)),
        ("the pier is shut", "the old pier is shut", (("", "old"),)),
        ("the old pier is shut", "the pier is shut", (("old", ""),)),
        ("a1 b c d e f g2", "a2 b c d e f g3", (("a1", "a2"), ("g2", "g3"))),
        ("a1 b g2", "a2 b g3", (("a1 b g2", "a2 b g3"),)),
        ("x", "", (("x", ""),)),
    ],
)
def test_the_words_that_differ_are_told(before: str, after: str, told: tuple[tuple[str, str], ...]):
    assert changes(before, after) == told


@given(WORDS, WORDS)
def test_putting_in_what_came_for_what_went_gives_the_new_text(before: list[str], after: list[str]):
    text = " ".join(before)
    told = changes(text, " ".join(after))
    assert bool(told) == (before != after)
    left = [word for old, _ in told for word in old.split()]
    came = [word for _, new in told for word in new.split()]
    assert sorted([*before, *came]) == sorted([*after, *left])


def test_texts_that_differ_in_too_many_words_are_told_whole():
    before, after = " ".join(["x"] * (MOST_WORDS + 1)), "y"
    assert changes(f"same {before} end", f"same {after} end") == ((before, after),)
