"""How surely the source holds the content: one operator a row, then their composition."""

import pytest
from spacy.language import Language

from domain.extraction import Factuality
from extraction.attributions import find_attributions, to_domain
from extraction.operators import compose
from extraction.quotations import find_quotations
from tests.extraction.docs import article

ROWS = [
    ("Tveitan said the berths were sold.", "CT+"),
    ("Tveitan denied that the berths were sold.", "CT-"),
    ("Tveitan said the berths were not sold.", "CT-"),
    ("Tveitan did not say that the berths were sold.", "Uu"),
    ("Tveitan did not deny that the berths were sold.", "Uu"),
    ("Tveitan believes that the berths were sold.", "PR+"),
    ("Tveitan does not believe that the berths were sold.", "PR-"),
    ("Tveitan said the berths may have been sold.", "PS+"),
    ("Tveitan said the berths might not be sold.", "PS-"),
    ("Tveitan fears that the berths were sold.", "PS+"),
    ("Tveitan plans to sell the berths.", "Uu"),
    ("Tveitan refused to sell the berths.", "CT-"),
    ("Tveitan refused to rule out a sale.", "PS+"),
    ("Tveitan asked whether the berths were sold.", "Uu"),
    ("Tveitan said the berths will be sold if the council agrees.", "Uu"),
    ("Tveitan said there was no evidence that the berths were sold.", "PR-"),
    ("It is not true that Tveitan denied the sale.", "Uu"),
    ("Tveitan has no doubt that the berths were sold.", "CT+"),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_words_of_sureness_change_what_the_source_holds(model: Language, text: str, expected: str) -> None:
    doc = find_attributions(find_quotations(article(model, text)))
    assert [attribution.factuality.value for attribution in to_domain(doc)] == [expected]


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("CT+", "PS-", "PS-"),
        ("CT-", "CT-", "CT+"),
        ("PR-", "CT-", "PR+"),
        ("PS+", "PR+", "PS+"),
        ("Uu", "CT+", "Uu"),
        ("CT-", "Uu", "Uu"),
    ],
)
def test_the_weaker_certainty_wins_and_signs_multiply(outer: str, inner: str, expected: str) -> None:
    assert compose(Factuality(outer), Factuality(inner)) is Factuality(expected)
