"""Quotations are taken by their characters, and no odd count of marks breaks them."""

from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from extraction.findings import findings
from extraction.quotations import find_quotations
from tests.extraction.docs import article

BLANK = spacy.blank("en")


def quoted(text: str) -> list[str]:
    doc = find_quotations(article(BLANK, text))
    return [doc[q.start : q.end].text for q in findings(doc).quotations]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"The berth is sold," said Tveitan. "It is done."', ['"The berth is sold,"', '"It is done."']),
        ("“The berth is sold,” said Tveitan.", ["“The berth is sold,”"]),
        ("''The berth is sold,'' said Tveitan.", ["''The berth is sold,''"]),
        ("``The berth is sold,'' said Tveitan.", ["``The berth is sold,''"]),
        ("«The berth is sold», said Tveitan.", ["«The berth is sold»"]),
        ("„The berth is sold“, said Tveitan.", ["„The berth is sold“"]),
        ("Tveitan: ‘We’ll sell the berth’", ["‘We’ll sell the berth’"]),
        ("Tveitan: 'We'll sell the berth'", ["'We'll sell the berth'"]),
        ("He heard “a ‘very’ loud “bang” there” twice.", ["“a ‘very’ loud “bang” there”"]),
        ("”The berth is sold,“ said Tveitan.", ["”The berth is sold,“"]),
        ('Tveitan said," The berth is sold".', ['," The berth is sold"']),
        ('He called it " a trap " and left.', ['" a trap "']),
    ],
)
def test_marks_of_every_style_open_and_close(text: str, expected: list[str]) -> None:
    assert [q.lstrip(",") for q in quoted(text)] == [e.lstrip(",") for e in expected]


@pytest.mark.parametrize(
    "text",
    [
        "The fishermen's boats and the voters' rolls burned in '98.",
        "Rock 'n' roll isn’t dead.",
        'The pole is 5" long.',
        "He said ”it was over and left.",
        "No marks at all.",
        "",
    ],
)
def test_apostrophes_and_strays_are_no_quotations(text: str) -> None:
    assert quoted(text) == []


def test_a_stray_mark_costs_only_itself() -> None:
    assert quoted('He left" early. "We won," she said.') == ['"We won,"']
    assert quoted('He " left. "We won," she said. Later: "We lost."')[-1] == '"We lost."'


def test_a_speech_runs_on_over_paragraphs_that_open_with_a_mark() -> None:
    doc = find_quotations(article(BLANK, '"We won.\n"And we left," she said.'))
    assert [(doc[q.start : q.end].text, q.unclosed) for q in findings(doc).quotations] == [
        ('"We won.', True),
        ('"And we left,"', False),
    ]


def test_a_speech_runs_on_into_a_paragraph_that_only_closes_it() -> None:
    assert quoted('She said, "We won.\nAnd we left."') == ['"We won.', 'And we left."']


def test_a_mark_left_open_at_the_start_holds_to_the_end_of_the_paragraph() -> None:
    assert quoted('"We won and left.\nNobody came.') == ['"We won and left.']


@given(st.text(alphabet="ab .,\n\"'“”‘’«»", max_size=60))
def test_quotations_stand_apart_in_order_whatever_the_marks(text: str) -> None:
    doc = find_quotations(article(BLANK, text))
    ends = [(q.start, q.end) for q in findings(doc).quotations]
    assert all(start < end for start, end in ends)
    assert all(before[1] <= after[0] for before, after in pairwise(ends))
