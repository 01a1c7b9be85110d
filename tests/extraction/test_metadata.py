"""What a page says about itself."""

import pytest

from domain.extraction import Metadata
from extraction.layout import paragraphs
from extraction.metadata import prefer, read_metadata

BODY = "The council of Lundvik met on Friday and put the sale of the berths off until June."
HEADLINE = "Council puts sale of berths off"


def read(*top: str, bottom: tuple[str, ...] = ()) -> Metadata:
    """The metadata of an article under the lines ``top``."""
    return read_metadata(paragraphs("\n\n".join([*top, BODY, BODY, *bottom])))


@pytest.mark.parametrize(
    ("top", "publisher"),
    [
        (("Harbour Post", HEADLINE), "Harbour Post"),
        ((f"{HEADLINE} | Harbour Post",), "Harbour Post"),
        ((f"{HEADLINE} - Harbour Post",), "Harbour Post"),
        ((f"{HEADLINE} | Nordlys", "6 March 2026"), "Nordlys"),
        (("Nordlys", HEADLINE, "6 March 2026"), "Nordlys"),
        (("www.harbourpost.com", HEADLINE), "www.harbourpost.com"),
        (("The Harbour Times", f"{HEADLINE} | Kyst Today"), "The Harbour Times"),
        ((HEADLINE, "By Ana Sol | Harbour Post | 6 March 2026"), "Harbour Post"),
        ((HEADLINE, "The Harbour Post, Friday, March 6, 2026"), "The Harbour Post"),
        ((HEADLINE, "HALVENSTAD, March 6"), None),
        ((HEADLINE, "6 March"), None),
        ((HEADLINE,), None),
        (("Council - what now?",), None),
    ],
)
def test_publisher(top: tuple[str, ...], publisher: str | None) -> None:
    """The publisher stands above, behind or below the headline."""
    assert read(*top).publisher == publisher


@pytest.mark.parametrize(
    ("bottom", "publisher"),
    [
        (("© 2026 Harbour Post. All rights reserved.",), "Harbour Post"),
        (("Source: Kystradio",), "Kystradio"),
        ((), None),
    ],
)
def test_publisher_in_the_rights_line(bottom: tuple[str, ...], publisher: str | None) -> None:
    """Where the header names none, the foot of the page may."""
    assert read(HEADLINE, bottom=bottom).publisher == publisher


def test_the_agency_of_the_dateline_publishes_where_nobody_else_does() -> None:
    """A wire story is its agency's."""
    page = paragraphs(f"{HEADLINE}\nLUNDVIK, March 6 (Kystwire) — {BODY}\n{BODY}")
    assert read_metadata(page).publisher == "Kystwire"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Ana Sol", ("Ana Sol",)),
        ("By Ana Sol and Jo van der Berg", ("Ana Sol", "Jo van der Berg")),
        ("BY ANA SOL", ("Ana Sol",)),
        ("Written by Ana Sol, Staff Writer", ("Ana Sol",)),
        ("By Ana Sol, Jo Berg & Mary O'Dea", ("Ana Sol", "Jo Berg", "Mary O'Dea")),
        ("By Ana Sol | 6 March 2026", ("Ana Sol",)),
        ("Author: Ana Sol", ("Ana Sol",)),
        ("By the sea", ()),
        ("By Friday the strike was over.", ()),
    ],
)
def test_author(line: str, author: tuple[str, ...]) -> None:
    """A byline names the authors without their roles."""
    assert read(HEADLINE, line).author == author


@pytest.mark.parametrize(
    ("lines", "date"),
    [
        (("3/6/2026, 9:26:56 PM",), "2026-03-06T21:26:56"),
        (("Updated 7 March 2026", "Published 6 March 2026, 21:26"), "2026-03-06T21:26"),
        (("By Ana Sol | 6 March 2026",), "2026-03-06"),
        (("3/6/2026",), None),
        (("Updated 7 March 2026 | Published 6 March 2026",), "2026-03-06"),
        (("Last updated: March 7, 2026",), "2026-03-07"),
        (("Aktualisiert am 7.3.2026, veröffentlicht am 6.3.2026",), "2026-03-06"),
        (("Radio Sennet | 6 March 2026 | 14:05",), "2026-03-06T14:05"),
        (("Radio Sennet, 6 March 2026",), "2026-03-06"),
        (("HALVENSTAD, 6 March 2026 - Coastline Press Agency",), "2026-03-06"),
        (("6 Mar 2026 | 22:13 | Ana Sol, Dorst",), "2026-03-06T22:13"),
        (("Our correspondent in Dorst, 6 March 2026",), "2026-03-06"),
        (("Published: 2026-03-06 | Category: Education | Reading time: 3 min",), "2026-03-06"),
        (("By Ana Sol, 6 March 2026",), "2026-03-06"),
        (("2026-03-06T14:05:00+02:00",), "2026-03-06T14:05:00+02:00"),
        (("HALVENSTAD, March 6",), "--03-06"),
        (("HALVENSTAD, March 6 (Kystwire) — The council met.",), "--03-06"),
        (("6 марта, 14:05",), "--03-06"),
        (("HALVENSTAD, March 6", "Published 7 March 2026"), "2026-03-07"),
        (("The vote of 6 March 2026 was no vote, say those who lost it.",), None),
        (("On 6 March 2026, the council met.",), None),
        (("Before March 6, the pier was open to all",), None),
        (("2 hours ago",), None),
        ((), None),
    ],
)
def test_date_published(lines: tuple[str, ...], date: str | None) -> None:
    """The day of publication, not of the last change; unknown where the page leaves it open."""
    assert read(HEADLINE, *lines).date_published == date


@pytest.mark.parametrize(
    ("headline", "read_as"),
    [
        (f"“{HEADLINE}”", HEADLINE),
        (f"{HEADLINE} | Harbour Post", HEADLINE),
        ("“Never”, says council on “sale”", "“Never”, says council on “sale”"),
    ],
)
def test_headline(headline: str, read_as: str) -> None:
    """Marks around the whole headline and the publisher behind it are no part of it."""
    assert read(headline).headline == read_as


@pytest.mark.parametrize(
    "top",
    [
        f"HALVENSTAD, March 6 (Kystwire) - {BODY}",
        "HALVENSTAD (Kystwire) — The council met.",
        "HALVENSTAD, March 6 (Kystwire) -",
        "HALVENSTAD, March 6",
        "By Ana Sol",
        "The council of Lundvik met on Friday. It put the sale of the berths off.",
        "",
    ],
)
def test_no_headline_where_the_report_begins_at_once(top: str) -> None:
    """A dateline, a byline or a sentence of the report is none."""
    assert read(top).headline is None


@pytest.mark.parametrize(
    "headline",
    ["EXCLUSIVE — Council puts sale of berths off", f"{HEADLINE}.", "St. Odran's bell is gone", "Sale? Off!"],
)
def test_a_headline_may_look_a_little_like_the_report(headline: str) -> None:
    """A kicker before a dash, an abbreviation, or a full stop at the end make it none."""
    assert read(headline).headline == headline


@pytest.mark.parametrize("section", ["World | Analysis", "HARBOUR POST — Business", "Post / Sport / Rowing"])
def test_a_section_above_the_headline_is_none(section: str) -> None:
    """The headline stands below it."""
    assert read(section, HEADLINE).headline == HEADLINE


def test_no_headline_in_a_lone_paragraph() -> None:
    """A text without a headline has none."""
    assert read_metadata(paragraphs(BODY)).headline is None


@pytest.mark.parametrize(
    ("body", "language"),
    [
        (BODY, "en"),
        ("Der Rat von Lundvik hat am Freitag den Verkauf der Liegeplätze auf den Juni verschoben.", "de"),
        ("Le conseil de Lundvik a reporté vendredi la vente des quais au mois de juin.", "fr"),
        ("6 + 7", None),
    ],
)
def test_language(body: str, language: str | None) -> None:
    """The body's language, unknown where there is too little of it."""
    assert read_metadata(paragraphs(body)).language == language


def test_what_is_given_wins() -> None:
    """Metadata that the forward carries stands over what the page says; what it leaves open is read."""
    read_here = Metadata(headline=HEADLINE, publisher="Harbour Post", language="en")
    assert prefer(Metadata(publisher="Kystradio", author=("Ana Sol",)), read_here) == Metadata(
        headline=HEADLINE, publisher="Kystradio", author=("Ana Sol",), language="en"
    )
    assert prefer(None, read_here) == read_here
