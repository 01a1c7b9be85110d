"""Expressions with AND, OR, NOT, brackets and phrases mean what they say, and no text breaks their reader."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.filtering import DEEPEST, LONGEST, Misread, NoExpression, matches, problem_of
from storage.values import normalise

WORDS = ["dam", "cracks", "repair", "football", "гребля", "Ólafs"]


@pytest.mark.parametrize(
    ("expression", "text", "fits"),
    [
        ("dam", "The dam has cracks", True),
        ("DAM", "the Dam", True),
        ("dam", "The dams have cracks", False),
        ("dam*", "The dams have cracks", True),
        ("dam AND (cracks OR repair) NOT football", "The dam needs repair", True),
        ("dam AND (cracks OR repair) NOT football", "Repair of the dam before the football match", False),
        ("dam and cracks or repair", "repair", True),
        ("dam cracks", "cracks in the dam", True),
        ("dam cracks", "the dam", False),
        ('"cracks in the dam"', "New cracks in the dam", True),
        ('"cracks in the dam"', "The dam has cracks", False),
        ("«cracks in the dam»", "New cracks in the dam", True),
        ('"cracks in the d*"', "New cracks in the dam", True),
        ("NOT football", "the dam", True),
        ("NOT NOT football", "the dam", False),
        ("гребля", "Гребля на Дністрі", True),
        ("greblya", "Гребля на Дністрі", True),
        ("Saint-Denis", "In Saint-Denis, and elsewhere", True),
        ("Saint-Denis", "Denis is no saint", False),
        ("(((dam)))", "the dam", True),
        ("android", "and or id", False),
    ],
)
def test_an_expression_says_which_texts_fit(expression: str, text: str, fits: bool):
    assert problem_of(expression) is None
    assert matches(expression, normalise(text).split()) is fits


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", NoExpression(Misread.NOTHING)),
        ("  ", NoExpression(Misread.NOTHING)),
        ("dam AND", NoExpression(Misread.WORD_MISSING_AFTER, 4, "AND")),
        ("dam AND OR cracks", NoExpression(Misread.WORD_MISSING_AFTER, 4, "AND")),
        ("OR dam", NoExpression(Misread.WORD_MISSING_BEFORE, 0, "OR")),
        ("NOT", NoExpression(Misread.WORD_MISSING_AFTER, 0, "NOT")),
        ("dam ()", NoExpression(Misread.WORD_MISSING_BEFORE, 5, ")")),
        ("dam (NOT)", NoExpression(Misread.WORD_MISSING_AFTER, 5, "NOT")),
        ("dam AND (cracks OR repair", NoExpression(Misread.UNCLOSED, 8, "(")),
        ("dam) cracks", NoExpression(Misread.UNOPENED, 3, ")")),
        (") dam", NoExpression(Misread.UNOPENED, 0, ")")),
        ('dam "cracks', NoExpression(Misread.QUOTE, 4, '"')),
        ("dam … cracks", NoExpression(Misread.NO_WORD, 4, "…")),
        ('""', NoExpression(Misread.NO_WORD, 0, '""')),
        ("dam " * 100, NoExpression(Misread.TOO_LONG, LONGEST)),
        ("(" * 30 + "dam" + ")" * 30, NoExpression(Misread.TOO_DEEP, DEEPEST, "(")),
    ],
)
def test_a_mistake_is_told_with_its_place(expression: str, problem: NoExpression):
    assert problem_of(expression) == problem
    assert matches(expression, ["dam"]), "what is no expression limits nothing"


Fits = Callable[[Sequence[str]], bool]


def word(written: str) -> tuple[str, Fits]:
    return written, lambda words: normalise(written) in words


def phrase(written: list[str]) -> tuple[str, Fits]:
    sought = [normalise(each) for each in written]
    return f'"{" ".join(written)}"', lambda words: any(
        list(words[start : start + len(sought)]) == sought for start in range(len(words))
    )


def negated(of: tuple[str, Fits], operator: str) -> tuple[str, Fits]:
    return f"{operator} ({of[0]})", lambda words: not of[1](words)


def joined(parts: list[tuple[str, Fits]], operator: str) -> tuple[str, Fits]:
    every = all if operator.strip().upper() != "OR" else any
    written = operator.join(f"({part[0]})" for part in parts)
    return written, lambda words: every([part[1](words) for part in parts])


EXPRESSIONS = st.recursive(
    st.sampled_from(WORDS).map(word) | st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(phrase),
    lambda parts: (
        st.builds(negated, parts, st.sampled_from(["NOT", "not", "Not"]))
        | st.builds(joined, st.lists(parts, min_size=2, max_size=3), st.sampled_from([" AND ", " and ", " OR ", " "]))
    ),
    max_leaves=8,
)


@given(EXPRESSIONS, st.lists(st.sampled_from(WORDS), max_size=6))
def test_it_agrees_with_a_naive_reading(expression: tuple[str, Fits], text: list[str]):
    written, fits = expression
    if problem_of(written) is not None:
        assert len(written) > LONGEST
        return
    words = [normalise(each) for each in text]
    assert matches(written, words) is fits(words)


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from(WORDS)), min_size=1, max_size=4).filter(bool),
    st.lists(st.sampled_from(WORDS), max_size=6),
)
def test_and_binds_more_closely_than_or(terms: list[tuple[bool, str]], text: list[str]):
    """Without brackets: a OR b AND c is a OR (b AND c)."""
    written = " ".join(part for is_or, each in terms for part in (("OR" if is_or else "AND"), each)).split(" ", 1)[1]
    groups: list[list[str]] = [[]]
    for number, (is_or, each) in enumerate(terms):
        if is_or and number:
            groups.append([])
        groups[-1].append(each)
    expected = any(all(each in text for each in group) for group in groups)
    assert matches(written, [normalise(each) for each in text]) is expected


@given(st.text() | st.text(alphabet='ab ()"*-ANDORNOT«»', max_size=30))
def test_no_text_breaks_it(text: str):
    problem = problem_of(text)
    assert problem is None or 0 <= problem.at <= len(text)
    assert matches(text, ["a", "b"]) in (True, False)
