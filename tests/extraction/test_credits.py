"""Which agency an article credits: where it says so, and nowhere else."""

from pathlib import Path

import pytest

from extraction.credits import credited_agency, known_agency
from extraction.layout import paragraphs

BODY = "The council of Arnby voted on Friday to close the harbour for two years. The mayor left the room."


def page(*lines: str) -> str:
    """An article with a headline."""
    return "\n\n".join(("Council of Arnby closes harbour", *lines))


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        (page(f"ARNBY, March 6 (Norda Wire) — {BODY}"), "Norda Wire"),
        (page(f"ARNBY (AFP) - {BODY}"), "Agence France-Presse"),
        (page(f"ARNBY (Agence France-Presse) - {BODY}"), "Agence France-Presse"),
        (page(BODY, "— NORDA"), "NORDA"),
        (page(BODY, "/NORDA/"), "NORDA"),
        (page(BODY, "(Reuters)"), "Reuters"),
        (page(f"{BODY} (Reuters)"), "Reuters"),
        (page(BODY, "With material from Norda Wire"), "Norda Wire"),
        (page(BODY, "With reporting by the Associated Press."), "Associated Press"),
        (page(BODY, "AP contributed to this report."), "Associated Press"),
        (page(BODY, "Source: NORDA"), "NORDA"),
        (page(BODY, "This article was first published by the Harbour Post."), "Harbour Post"),
        (page(f"The harbour will be closed, according to the NORDA agency. {BODY}"), "NORDA"),
        (page(f"The harbour will be closed, the Norda news agency reported. {BODY}"), "Norda"),
        (page(f"The mayor told the news agency Norda that the harbour will be closed. {BODY}"), "Norda"),
        (page(f"The harbour will be closed, Reuters reported on Friday. {BODY}"), "Reuters"),
        (page(f"«Порт Арнби будет закрыт», сообщает агентство. {BODY}"), None),
        # Nothing is credited.
        (page(BODY), None),
        (page(f"The head of the Norda news agency, Ada Kvist, was fined. {BODY}"), None),
        (page(f"The harbour will be closed, the space agency said. {BODY}"), None),
        (page(f"The harbour will be closed, the NASA agency said. {BODY}"), None),
        (page(f"The harbour will be closed, the Harbour Agency said. {BODY}"), None),
        (page(f"Sid said that the harbour will be closed. {BODY}"), None),
        (page(f"The treaty binds all members of the alliance (NATO). {BODY}", "The end came at noon (NATO)."), None),
        (page(BODY, BODY, BODY, f"In 2019 Reuters reported on the harbour. {BODY}", BODY, BODY, BODY), None),
        (page(BODY, "Additional reporting by Ada Kvist"), None),
        (page(BODY, "Photo: Norda Wire", BODY, BODY), None),
        ("", None),
    ],
)
def test_the_agency_is_found_where_an_article_credits_it(text: str, agency: str | None) -> None:
    assert credited_agency(paragraphs(text)) == agency


def test_a_credit_of_the_picture_is_none_of_the_text() -> None:
    """The sample articles: two of one agency, one of another, and none of the others credits anybody."""
    folder = Path(__file__).parents[2] / "seeds"
    found = {
        file.name[:2]: credited_agency(paragraphs(file.read_text(encoding="utf-8"))) for file in folder.glob("*.txt")
    }
    assert {name: agency for name, agency in found.items() if agency} == {
        "04": "Veldra Wire",
        "05": "Veldra Wire",
        "19": "CPA",
    }


@pytest.mark.parametrize(("name", "known"), [("AP", "Associated Press"), ("Reuters", "Reuters"), ("Norda", None)])
def test_an_agency_that_publishes_itself_goes_by_its_one_name(name: str, known: str | None) -> None:
    assert known_agency(name) == known
