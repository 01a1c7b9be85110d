"""Whose words, whose role: who a sentence is from, and what the article itself tells of those whom it names."""

import pytest

from domain.extraction import Extraction
from extraction.extractor import Extractor

HEADLINE = "Council puts sale of berths off"
FILLER = "The harbour was closed for the night and nothing moved on the quay."


def read(extractor: Extractor, text: str) -> Extraction:
    """What an article of a headline, ``text`` and a last line says."""
    found = extractor.extract("\n".join([HEADLINE, text, FILLER]))
    assert isinstance(found, Extraction)
    return found


def said(found: Extraction) -> list[tuple[str | None, str, str]]:
    """Who says what, how surely: by the last word of the source, and of the content."""
    return [
        (
            None if each.source is None else each.source.text.split()[-1],
            each.content.text.rstrip(".").split()[-1],
            each.factuality.value[-1],
        )
        for each in found.attributions
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Mayor Hanna Kretz has denied meeting the supplier, as councillor Tom Lindqvist had claimed.",
            [("Kretz", "supplier", "-"), ("Lindqvist", "supplier", "+")],
        ),
        (
            "Mayor Hanna Kretz denied that she had met the supplier, as Tom Lindqvist had claimed last week.",
            [("Kretz", "supplier", "-"), ("Lindqvist", "supplier", "+")],
        ),
        (
            "Hanna Kretz refused to step down, as the opposition had demanded.",
            [("Kretz", "down", "-"), ("opposition", "down", "u")],
        ),
        ("The bridge was closed on Monday, as the town hall announced.", [("hall", "Monday", "+")]),
        ("As Tom Lindqvist had claimed, the mayor met the supplier.", [("Lindqvist", "supplier", "+")]),
        ("The director rejected the plan, as the union had expected.", [("union", "plan", "+")]),
    ],
)
def test_a_denial_is_its_speakers_and_the_claim_in_it_another_s(
    extractor: Extractor, text: str, expected: list[tuple[str | None, str, str]]
) -> None:
    """What an "as" clause tells to have been claimed is what is denied, not the denial."""
    assert said(read(extractor, text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A video appears to show a crate being opened at night.",
        "The documents seem to show a second payment.",
        "Photographs appear to prove the mayor's innocence.",
    ],
)
def test_what_appears_to_show_something_is_nobody_s_view(extractor: Extractor, text: str) -> None:
    """No unnamed source is made of it, as it is of what only seems to be so."""
    assert all(each.source is not None for each in read(extractor, text).attributions)
    seeming = read(extractor, "The mayor appears to have left the town.").attributions
    assert [each.source for each in seeming] == [None]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('Piet Vanderloon wants Anselm Orkavec out by Friday. "Resign now!" he wrote on his page.', "Piet Vanderloon"),
        (
            'Konrad Amselin denied it. "Anselm Orkavec learned from the newspaper that I make meters," he said.',
            "Konrad Amselin",
        ),
        ("Piet Vanderloon left early. He said that he was ill.", "Piet Vanderloon"),
    ],
)
def test_he_is_who_acts_not_of_whom_somebody_speaks(extractor: Extractor, text: str, speaker: str) -> None:
    """Neither the person that the sentence before only mentions nor one within the quotation itself."""
    found = read(extractor, text)
    person = found.attributions[-1].source.person if found.attributions[-1].source else None
    assert person is not None
    assert found.people[person].name == speaker


@pytest.mark.parametrize(
    "text",
    [
        "The company Monrad Tull built the dam. Monrad Tull said that it was safe.",
        "The supplier, Kelvane Ltd, went bankrupt. Kelvane denied it.",
        "Kelvane Systems said on Monday that it had delivered. Kelvane denied the claim.",
        "The agency Veldra said the ferry sank. Veldra reported it first.",
        "Nether Isk fears the water. The village of Nether Isk was evacuated.",
    ],
)
def test_what_the_article_tells_to_be_a_firm_or_a_place_is_nobody(extractor: Extractor, text: str) -> None:
    """It is a source where it speaks, and no person."""
    found = read(extractor, text)
    assert found.people == ()
    assert all(each.source is not None and each.source.person is None for each in found.attributions)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The baker of Brennau, Anna Brandt, said no. Brandt Holdings belongs to Brandt.", "Anna Brandt"),
        ("The mother of Ana Sol wept. Ana Sol said nothing.", "Ana Sol"),
        ("The company that Anna Brandt leads said no.", "Anna Brandt"),
    ],
)
def test_a_person_stays_one_beside_a_firm(extractor: Extractor, text: str, name: str) -> None:
    """Who has given name and surname is not taken for the firm of that surname."""
    assert name in [person.name for person in read(extractor, text).people]


@pytest.mark.parametrize(
    ("text", "name", "roles"),
    [
        ("The accused, Anselm Orkavec, told the court that he was ill.", "Anselm Orkavec", ()),
        ("The suspect, Anselm Orkavec, said nothing.", "Anselm Orkavec", ()),
        ("“Anselm Orkavec is a wizard,” said Tom Lindqvist, a baker.", "Tom Lindqvist", ("baker",)),
        ("Tom Lindqvist said that Anselm Orkavec is the villain and the suspect.", "Anselm Orkavec", ()),
        ("According to the doctor, Dr Hanne Uttergaard, the man had good days.", "Hanne Uttergaard", ()),
        ("🗣 Director Anselm Orkavec said no.", "Anselm Orkavec", ("Director",)),
        ("The mayor of Brennau, Hanna Kretz, said no.", "Hanna Kretz", ("mayor of Brennau",)),
    ],
)
def test_a_role_is_what_the_article_itself_says(
    extractor: Extractor, text: str, name: str, roles: tuple[str, ...]
) -> None:
    """A charge is none, nor what somebody calls another, nor the next phrase."""
    assert {person.name: person.job_titles for person in read(extractor, text).people}[name] == roles


@pytest.mark.parametrize(
    "credit",
    [
        "Photo: Jane Roe",
        "Foto: Jane Roe / Getty",
        "The harbour on Monday. (Jane Roe/Getty Images)",
        "The harbour on Monday. Picture by Jane Roe",
        "© Jane Roe",
        "Text and photos: Jane Roe",
        "Jane Roe for Radio Sennet",
        "Jane Roe, Brennau",
        "Jane Roe",
    ],
)
def test_who_made_it_is_not_in_it(extractor: Extractor, credit: str) -> None:
    """Neither a picture's credit nor a byline names a person of the article."""
    assert read(extractor, f"{credit}\nThe harbour of Brennau was closed on Monday.").people == ()
