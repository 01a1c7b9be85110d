"""A press review gives its articles one by one; an article with subheadings stays one."""

import io
import re
import zipfile

import pytest

from readers.files import read_file
from tests.readers.sample_files import (
    BODY,
    HEADLINE,
    SECOND,
    SECOND_HEADLINE,
    docx_file,
    mail,
    odt_file,
    pdf,
    placed,
    with_part,
)

FIRST_TEXT, SECOND_TEXT = "\n\n".join(BODY), "\n\n".join(SECOND[1:])
THIRD_HEADLINE = "Bakers ask for a later night"
THIRD_TEXT = "\n\n".join(
    (
        "Half of the bakers of Halvenstad want to begin work at four in the morning and not at two, a survey of their "
        "guild says. The guild asked 214 of them in January.",
        "“My bread does not know what time it is, but my knees do,” said Oona Veldrik, who has baked since 1994. "
        "Cafés fear that they would have to open without rolls, and the guild promised to talk to them first.",
    )
)
COURIER, SENNET, TIMES = (
    "The Halvenstad Courier, 5 March 2026",
    "Radio Sennet | 06.03.2026",
    "Isk Valley Times – 7 March 2026",
)


def piece(headline: str, source: str, text: str, mark: str = "") -> str:
    return f"{mark}{headline}\n\n{source}\n\n{text}"


def review(*pieces: str, between: str = "\n\n", before: str = "") -> str:
    return f"{before}{between.join(pieces)}\n"


PIECES = (
    piece(HEADLINE, COURIER, FIRST_TEXT),
    piece(SECOND_HEADLINE, SENNET, SECOND_TEXT),
    piece(THIRD_HEADLINE, TIMES, THIRD_TEXT),
)
MARKED = (
    piece(HEADLINE, COURIER, FIRST_TEXT, "# "),
    piece(SECOND_HEADLINE, SENNET, SECOND_TEXT, "# "),
    piece(THIRD_HEADLINE, TIMES, THIRD_TEXT, "# "),
)
HEADLINES = [HEADLINE, SECOND_HEADLINE, THIRD_HEADLINE]


def marked(mark: str, first: str = COURIER, second: str = SENNET) -> str:
    return review(piece(HEADLINE, first, FIRST_TEXT, mark), piece(SECOND_HEADLINE, second, SECOND_TEXT, mark))


@pytest.mark.parametrize(
    "text",
    [
        review(*MARKED),
        review(*MARKED).replace("# ", "## "),
        review(*MARKED, before="Press review of 8 March 2026\n\n"),
        review(*MARKED, before="# Press review\n\nFor the mayor's office, three pieces.\n\n").replace("# ", "## ")[1:],
        review(*MARKED, before="\n\n".join(HEADLINES) + "\n\n"),
        review(*PIECES, between="\n\n---\n\n"),
        review(*PIECES, between="\n\n***\n\n"),
        review(*PIECES, between="\n\n* * *\n\n"),
        review(*PIECES, between="\n\n==========\n\n"),
        review(*PIECES, between="\n\f"),
        review(*PIECES, "Press office, Harbour Street 4", between="\n\n-----\n\n"),
        review(*(piece.replace("\n\n", "\n", 1) for piece in PIECES), between="\n\n---\n\n"),
        review(*(piece.replace(head, head.upper()) for piece, head in zip(PIECES, HEADLINES, strict=True))),
        review(*(f"{number}. {piece}" for number, piece in enumerate(PIECES, 1))),
        review(*(f"{number}) {piece}" for number, piece in enumerate(PIECES, 1))),
        review("# City", MARKED[0], MARKED[1], "# Trade", MARKED[2])
        .replace("# Ferry", "## Ferry")
        .replace("# Council", "## Council")
        .replace("# Bakers", "## Bakers"),
    ],
)
def test_a_press_review_gives_each_article_its_headline_first(text: str):
    found = read_file(text.encode())
    assert isinstance(found, tuple)
    firsts = [article.text.splitlines()[0].split(maxsplit=1) for article in found]
    headlines = [" ".join(first[1:] if first[0][0].isdigit() else first) for first in firsts]
    assert [headline.casefold() for headline in headlines] == [headline.casefold() for headline in HEADLINES]
    for article, body in zip(found, (FIRST_TEXT, SECOND_TEXT, THIRD_TEXT), strict=True):
        assert body in article.text


@pytest.mark.parametrize(
    "source",
    [
        COURIER,
        SENNET,
        "Source: The Halvenstad Courier",
        "Quelle: Halvenstadter Bote",
        "Источник: «Пристань»",
        "By Ottilie Brandsma",
        "Von Ottilie Brandsma",
        "https://courier.example/ferry?id=1",
        "<https://courier.example/ferry>",
        "Halvenstad Courier (2026-03-05)",
        "Le Courrier, 5 mars 2026",
        "El Correo, 5 de marzo de 2026",
        "«Пристань», 5 марта 2026",
        "《港口日报》 2026年3月5日",
    ],
)
def test_these_lines_say_where_a_piece_comes_from(source: str):
    found = read_file(marked("# ", source, source).encode())
    assert isinstance(found, tuple) and [article.metadata.headline for article in found] == HEADLINES[:2]


def sections(mark: str, submark: str, source: str) -> str:
    """Return one article with two subheadings."""
    parts = (
        (mark, HEADLINE, f"{source}\n\n{FIRST_TEXT}"),
        (submark, SUBHEADS[0], SECOND_TEXT),
        (submark, SUBHEADS[1], THIRD_TEXT),
    )
    return "\n\n".join(f"{mark}{heading}\n\n{text}" for mark, heading, text in parts)


SUBHEADS = ("The crack in the hull", "What the islanders say")


@pytest.mark.parametrize(
    "text",
    [
        # an article with subheadings, marked in every way
        sections("# ", "## ", "By Nils Terkov"),
        sections("# ", "# ", COURIER),
        sections("", "", COURIER).replace(SUBHEADS[0], SUBHEADS[0].upper()).replace(SUBHEADS[1], SUBHEADS[1].upper()),
        sections("", "1. ", COURIER),
        f"{HEADLINE}\n\n{COURIER}\n\n{FIRST_TEXT}\n\n***\n\n{SECOND_TEXT}\n\n***\n\n{THIRD_TEXT}",
        f"{HEADLINE}\n\n{COURIER}\n\n{FIRST_TEXT}\n\f{SECOND_TEXT}\n\f{THIRD_TEXT}",
        f"1. {SUBHEADS[0]}\n\n{FIRST_TEXT}\n\n2. {SUBHEADS[1]}\n\n{SECOND_TEXT}",
        # dates and times alone are those of a chronicle or a live blog
        marked("## ", "3 March 2026", "4 March 2026"),
        marked("## ", "Tuesday, 3 March 2026, 18:40", "Updated 4 March 2026 at 9:15 am"),
        marked("## ", "14:30", "15:05"),
        # a list of ten best, a talk in questions and answers, chapters
        review(
            "# Two walks",
            f"## The dyke\n\n{FIRST_TEXT}\n\nhttps://walks.example/1",
            f"## The wood\n\n{SECOND_TEXT}\n\nhttps://walks.example/2",
        ).strip(),
        f"# A talk\n\n## Why did you stop?\n\n{FIRST_TEXT}\n\n## Will you be back?\n\n{SECOND_TEXT}",
        marked("# ", "Photo: Jo Lammertsen", "Photo: Jo Lammertsen"),
        marked("# ", "The harbour office spoke on 5 March 2026.", "The council met on 6 March 2026."),
        marked("# ", "by and large a quiet week", "by the way, nobody came"),
        marked("# ", "in the spring, 5 March 2026", "at the council, 6 March 2026"),
        # briefs: too short to stand alone
        "\n\n".join(
            piece(head, source, "It waits.", "# ")
            for head, source in zip(HEADLINES, (COURIER, SENNET, TIMES), strict=True)
        ),
        # one source line is no review, nor is a long text before the first
        f"# {HEADLINE}\n\n{COURIER}\n\n{FIRST_TEXT}\n\n# {SECOND_HEADLINE}\n\n{SECOND_TEXT}",
        f"{FIRST_TEXT}\n\n{SECOND_TEXT}\n\n{review(*MARKED)}",
        # a heading that is a sentence
        review(*(piece.replace(head, f"{head}.") for piece, head in zip(MARKED, HEADLINES, strict=True))),
        # text without any mark
        review(*PIECES),
        f"{HEADLINE}\n\n{FIRST_TEXT}",
        FIRST_TEXT,
        "",
    ],
)
def test_what_shows_less_stays_one_article(text: str):
    found = read_file(text.encode()) if text else (None,)
    assert isinstance(found, tuple) and len(found) == 1
    if text:
        assert found[0].text == text


def test_a_stray_subheading_stays_in_its_article():
    found = read_file(review(MARKED[0], f"# {SUBHEADS[1]}\n\n{THIRD_TEXT}", MARKED[1]).encode())
    assert isinstance(found, tuple) and [THIRD_TEXT in article.text for article in found] == [True, False]


def test_an_address_below_the_headline_is_the_articles():
    found = read_file(marked("# ", "https://a.example/1", "https://a.example/2").encode())
    assert isinstance(found, tuple)
    assert [article.metadata.url for article in found] == ["https://a.example/1", "https://a.example/2"]


BLOCKS = [
    *((HEADLINE, COURIER, BODY), (SECOND_HEADLINE, SENNET, SECOND[1:])),
]


def _with_bold(data: bytes) -> bytes:
    """Return a DOCX file whose paragraphs that begin with an asterisk are bold instead."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        document = package.read("word/document.xml")
    bold = re.sub(rb"<w:r>\s*<w:t>\*", b"<w:r><w:rPr><w:b/></w:rPr><w:t>", document)
    return with_part(data, "word/document.xml", bold)


def test_heading_styles_of_office_files_and_pages_tell_articles_apart():
    flat = [(line, head == line) for head, source, body in BLOCKS for line in (head, source, *body)]
    tags = "".join(f"<h2>{line}</h2>" if heads else f"<p>{line}</p>" for line, heads in flat)
    lines = "\n\n".join(f"{'## ' if heads else ''}{line}" for line, heads in flat)
    for data, name in [
        (docx_file([(line, "Heading 2" if heads else None) for line, heads in flat]), None),
        (odt_file([(line, 2 if heads else 0) for line, heads in flat]), None),
        (f"<html><body><h1>Press review</h1>{tags}</body></html>".encode(), None),
        (lines.encode(), "review.md"),
        (mail(lines, "Press review").as_bytes(), None),
        (mail("See the web version.", "Press review", f"<html><body>{tags}</body></html>").as_bytes(), None),
        (_with_bold(docx_file([(f"*{line}" if heads else line, None) for line, heads in flat])), None),
        (
            pdf([placed([head], y=800, size=20, width=60) + placed([source, *body]) for head, source, body in BLOCKS]),
            None,
        ),
    ]:
        found = read_file(data, name)
        assert isinstance(found, tuple)
        assert [article.text.split("\n\n")[0] for article in found] == HEADLINES[:2]
        assert [article.text.split("\n\n")[-1] for article in found] == [BODY[-1], SECOND[-1]]


def test_an_author_behind_a_date_names_the_source_as_well():
    where = "Valley Times\n\nThursday, March 5, 2026 · by Wendela Fosgate"
    review = "\n\n".join(f"# {head}\n\n{where}\n\n{' '.join(body)}" for head, _, body in BLOCKS)
    found = read_file(review.encode(), "review.md")
    assert isinstance(found, tuple) and len(found) == len(BLOCKS)
    found = read_file(review.replace("by Wendela Fosgate", "at noon").encode(), "review.md")
    assert isinstance(found, tuple) and len(found) == 1
