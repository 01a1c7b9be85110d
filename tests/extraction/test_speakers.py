"""A source is a person by name, by role, or as the latest one that a pronoun fits."""

import pytest
from spacy.language import Language

from extraction.attributions import find_attributions
from extraction.findings import findings
from extraction.people import find_people
from extraction.quotations import find_quotations
from tests.extraction.docs import article

ARRIVED = "Halvard Moe, the chairman of Orlund Shipping, arrived on Monday.\n"
BOTH = ARRIVED + "Mrs. Anna Rud met the board.\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Halvard Moe said the sale was off.", ["Halvard Moe"]),
        ("The minister, Halvard Moe, said the sale was off.", ["Halvard Moe"]),
        (ARRIVED + "He said the sale was off.", ["Halvard Moe"]),
        (ARRIVED + "The chairman said the sale was off.", ["Halvard Moe"]),
        (BOTH + "He said the sale was off.", ["Halvard Moe"]),
        (BOTH + "She said the sale was off.", ["Anna Rud"]),
        ("He said the sale was off.", [None]),
        (ARRIVED + "They said the sale was off.", [None]),
        (ARRIVED + "A chairman said the sale was off.", [None]),
        ("Its head, the retired diplomat Anna Rud, said the sale was off.", ["Anna Rud"]),
        ("The union's second voice, its chairwoman, Anna Rud, said on Monday that the sale was off.", ["Anna Rud"]),
        (BOTH + "A woman came to the quay. She said the sale was off.", [None]),
        (BOTH + "A woman came to the quay. He said the sale was off.", ["Halvard Moe"]),
        ("Quorvin Osk left when Tavrin Moldt came. He said the sale was off.", [None]),
        ("The head of the port, Halvard Moe, came. He said the sale was off.", ["Halvard Moe"]),
        ("Halvard Moe's lawyer said the sale was off.", [None]),
    ],
)
def test_the_person_behind_a_source(model: Language, text: str, expected: list[str | None]) -> None:
    doc = find_attributions(find_people(find_quotations(article(model, text))))
    people = [None if a.person is None else findings(doc).people[a.person].name for a in findings(doc).attributions]
    assert people == expected
