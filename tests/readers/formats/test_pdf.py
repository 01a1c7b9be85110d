"""PDF: lines become paragraphs in reading order, without the furniture of pages."""

import zlib

import pytest

from domain.intake import FoundArticle, NoArticle
from readers.files import read_file
from tests.readers.sample_files import ARTICLE, BODY, HEADLINE, SECOND, TEXT, pdf, placed, words

Lines = list[tuple[float, float, int, str]]


def text_of(data: bytes) -> str:
    found = read_file(data)
    assert isinstance(found, tuple) and len(found) == 1
    return found[0].text


def titled(headline: str = HEADLINE) -> Lines:
    return [(60, 800, 20, headline)]


def test_lines_become_paragraphs():
    assert text_of(pdf([titled() + placed(BODY)])) == TEXT


@pytest.mark.parametrize("width", [40, 55, 95])
def test_paragraphs_are_told_by_indents_where_no_space_is_between_them(width: int):
    lines: Lines = []
    y = 760
    for paragraph in BODY:
        for number, line in enumerate(words(paragraph, width)):
            lines.append((72 if number == 0 else 60, y, 11, line))
            y -= 13
    assert text_of(pdf([lines])) == "\n\n".join(BODY)


def test_an_item_of_a_list_is_a_paragraph_whose_lines_hang():
    items = (f"• {BODY[0]}", f"• {BODY[1]}")
    lines: Lines = []
    for item in items:
        for number, line in enumerate(words(item, 60)):
            lines.append((60 if number == 0 else 72, 760 - 13 * len(lines), 11, line))
    assert text_of(pdf([lines])) == "\n\n".join(items)


def test_a_paragraph_goes_on_over_pages_without_headers_footers_and_numbers():
    lines = placed(BODY * 4, y=760)
    pages: list[Lines] = [[], []]
    for x, y, size, line in lines:
        pages[y < 420].append((x, y if y >= 420 else y + 360, size, line))
    for number, page in enumerate(pages, 1):
        page += [
            (60, 815, 9, "The Halvenstad Courier"),
            (430, 815, 9, f"5 March 2026, page {number}"),
            (290, 25, 9, str(number)),
        ]
    assert text_of(pdf(pages)) == "\n\n".join(BODY * 4)


@pytest.mark.parametrize(
    "number", ["– {} –", "Page {}", "Page {} of 3", "{}/3", "S. {}", "{} | The Courier", "https://a.example/b {}/3"]
)
def test_page_numbers_of_any_form_are_dropped(number: str):
    pages = [[*placed([paragraph], y=700), (290, 25, 9, number.format(at))] for at, paragraph in enumerate(BODY, 1)]
    assert text_of(pdf(pages)) == "\n\n".join(BODY)


def test_a_headline_stays_where_it_is_the_running_header_of_later_pages():
    later = [[(60, 800, 9, HEADLINE), *placed([paragraph])] for paragraph in BODY[1:]]
    pages: list[Lines] = [[*titled(), *placed([BODY[0]])], *later]
    assert text_of(pdf(pages)) == TEXT


def test_a_single_page_keeps_its_last_line():
    assert text_of(pdf([placed([*BODY, "Price: 310,000 crowns"])])).endswith("crowns")


@pytest.mark.parametrize("by_rows", [False, True])
@pytest.mark.parametrize("columns", [2, 3])
def test_columns_are_read_one_after_the_other(columns: int, by_rows: bool):
    step = 480 // columns
    each = [
        placed(part, x=60 + at * (step + 10), width=step // 6)
        for at, part in enumerate((BODY, SECOND[1:], BODY)[:columns])
    ]
    lines = [line for column in each for line in column]
    if by_rows:
        lines.sort(key=lambda line: (-line[1], line[0]))
    text = text_of(pdf([[(60, 800, 20, "A headline over all the columns of it"), *lines]]))
    told = [paragraph for part in (BODY, SECOND[1:], BODY)[:columns] for paragraph in part]
    assert text == "\n\n".join(("A headline over all the columns of it", *told))


def test_a_paragraph_goes_on_in_the_next_column():
    lines = [line[3] for line in placed(BODY, width=38) if line]
    half = len(lines) // 2
    left = [(60, 760 - 13 * at, 11, line) for at, line in enumerate(lines[:half])]
    right = [(320, 760 - 13 * at, 11, line) for at, line in enumerate(lines[half:])]
    assert " ".join(text_of(pdf([left + right])).split()) == " ".join(" ".join(BODY).split())


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("The ferry to the is-", "land will not sail."), "The ferry to the island will not sail."),
        (("The well-known well-", "known ferry will not sail."), "The well-known well-known ferry will not sail."),
        (
            ("The ferry of Jean-", "Paul will not sail to the island."),
            "The ferry of Jean-Paul will not sail to the island.",
        ),
        (("The winter of 2025-", "26 was a hard one there."), "The winter of 2025-26 was a hard one there."),
        (("Nobody will sail there -", "not today, not tomorrow."), "Nobody will sail there - not today, not tomorrow."),
        (("The ferry that is\xad", "land-bound will not sail."), "The ferry that island-bound will not sail."),
    ],
)
def test_words_cut_at_a_lines_end_are_mended(lines: tuple[str, ...], text: str):
    shown = [(60, 760 - 13 * at, 11, line) for at, line in enumerate(lines)]
    assert text_of(pdf([shown])) == text


def test_what_lies_askew_is_no_text():
    sideways = b"BT /F1 40 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (CONFIDENTIAL COPY) Tj ET\n"
    upright = b"BT /F1 11 Tf 1 0 0 1 60 700 Tm (The ferry stays in port, they said.) Tj ET"
    assert text_of(pdf([[]], content=sideways + upright)) == "The ferry stays in port, they said."


def test_a_page_that_lies_on_its_side_is_read():
    turned = b"BT /F1 11 Tf 0 1 -1 0 100 100 Tm (The ferry stays in port,) Tj 0 1 -1 0 113 100 Tm (they said.) Tj ET"
    assert text_of(pdf([[]], content=turned)) == "The ferry stays in port, they said."


@pytest.mark.parametrize(
    ("info", "headline", "author", "date"),
    [
        (
            {"Title": HEADLINE, "Author": "Nils Terkov", "CreationDate": "D:20260305101500+01'00'"},
            HEADLINE,
            ("Nils Terkov",),
            "2026-03-05",
        ),
        (
            {"Title": "Microsoft Word - ferry_final2.docx", "Author": "admin", "CreationDate": "D:20260401101500"},
            None,
            (),
            None,
        ),
        ({"Title": "untitled", "Author": "User One", "CreationDate": "nonsense"}, None, (), None),
        ({"Title": "Ferry", "Author": "Nils", "CreationDate": "D:20261399"}, None, (), None),
        ({}, None, (), None),
    ],
)
def test_a_files_properties_count_where_the_text_bears_them_out(
    info: dict[str, str], headline: str | None, author: tuple[str, ...], date: str | None
):
    found = read_file(pdf([titled() + placed(["By Nils Terkov", "5 March 2026", *BODY])], info))
    assert isinstance(found, tuple)
    told = found[0].metadata
    assert (told.headline, told.author, told.date_published) == (headline, author, date)


def test_a_scan_is_told_from_an_empty_file_and_from_an_article_with_pictures():
    assert read_file(pdf([[], []], pictures=True)) is NoArticle.SCAN
    assert read_file(pdf([[(60, 20, 8, "Scanned by PageCam")]] * 2, pictures=True)) is NoArticle.SCAN
    assert read_file(pdf([[], []])) is NoArticle.EMPTY
    assert read_file(pdf([titled() + placed(BODY)], pictures=True)) == (FoundArticle(TEXT),)


def test_an_encrypted_file_says_so():
    crypt = b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>"
    assert read_file(pdf([placed(BODY)], trailer=crypt + b" /ID [<00> <00>]")) is NoArticle.ENCRYPTED


def test_too_many_pages_and_too_much_text():
    assert read_file(pdf([[(60, 700, 11, "Words.")]] * 301)) is NoArticle.TOO_MANY_PAGES
    page = [(10, y, 1, "The ferry stays in port. " * 56) for y in range(1, 840)]
    assert read_file(pdf([page])) is NoArticle.TOO_LARGE


def test_a_stream_that_unpacks_without_end_is_a_bomb():
    spaces = b" " * (65 * 1024 * 1024)
    assert read_file(pdf([[]], content=spaces, packed=True)) is NoArticle.BOMB
    twice = zlib.compress(zlib.compress(spaces))
    nested = (
        b"%PDF-1.4\n1 0 obj\n<< /Filter [/FlateDecode /FlateDecode] /Length 9 >>\nstream\n" + twice + b"\nendstream"
    )
    assert read_file(nested) is NoArticle.BOMB


@pytest.mark.parametrize("kept", [9, 100, 300])
def test_a_torn_off_file_is_damaged(kept: int):
    assert read_file(pdf([titled() + placed(BODY)])[:kept]) is NoArticle.DAMAGED


def test_a_file_without_its_table_is_read_nevertheless():
    whole = pdf([titled() + placed(ARTICLE)])
    assert isinstance(read_file(whole[: whole.index(b"xref")] + b"trailer\n<< /Root 1 0 R >>"), tuple)
