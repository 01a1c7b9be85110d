"""Plain text stays as it is but for lines that a program broke; Markdown loses its marks."""

from textwrap import fill

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readers.formats.document import joined
from readers.formats.plain import read_markdown, read_plain_text, unwrapped
from tests.readers.sample_files import ARTICLE, BODY, HEADLINE, TEXT


@pytest.mark.parametrize("width", [60, 66, 72, 76, 80])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_broken_by_a_program_become_paragraphs(width: int, end: str):
    wrapped = "\n\n".join(fill(paragraph, width, break_on_hyphens=False) for paragraph in ARTICLE)
    assert unwrapped(wrapped.replace("\n", end)) == TEXT.replace("\n", end)


def test_a_header_of_short_lines_keeps_its_lines():
    header = "The Halvenstad Courier\nBy Nils Terkov\n5 March 2026\n\n"
    wrapped = header + "\n\n".join(fill(paragraph, 70) for paragraph in BODY)
    assert unwrapped(wrapped) == header + "\n\n".join(BODY)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("\n\n", "\n"),
        TEXT.replace("\n", "\r\n"),
        "Roses in the harbour,\nboats upon the lea,\nnobody is sailing\nto the isle with me.\n" * 3,
        "- fish\n- bread and butter\n- two hundred seats, all of them empty since the crack was found there\n" * 3,
        "\n".join(f"{number}. A line of a list that is about as long as any other one" for number in range(9)),
        "开往泰瑟尔岛的渡轮星期一之前不会启航。" * 3 + "\n" + "我们不会让两百人登上一艘我们不信任的船。" * 3 + "\n",
        "One line only",
        "",
    ],
)
def test_what_its_writer_broke_stays_broken(text: str):
    assert unwrapped(text) == text


@given(st.text(max_size=2_000))
def test_mending_lines_loses_no_word(text: str):
    assert unwrapped(text).split() == text.split()


@given(st.text(max_size=2_000))
def test_plain_text_is_given_back_whole(text: str):
    assert read_plain_text(text).text == unwrapped(text)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("*The ferry* **stays** ***put***.", "The ferry stays put."),
        ("_The ferry_ __stays__.", "The ferry stays."),
        ('The [ferry](https://a.example/x_(y) "Title") stays.', "The ferry stays."),
        ("The [ferry](https://a.example/x) and [bus][1] stay.", "The ferry and bus stay."),
        ("![The hull](hull.jpg) cracked", "The hull cracked"),
        ("See <https://a.example/x>.", "See https://a.example/x."),
        ("A `hull` of ~~steel~~ wood", "A hull of steel wood"),
        ("> “We will not sail,” she said.", "“We will not sail,” she said."),
        ("- fish\n- bread", "– fish\n\n– bread"),
        ("1\\. May \\*not\\* a mark", "1. May *not* a mark"),
        ("2 * 3 * 4 is 24", "2 * 3 * 4 is 24"),
        ("snake_case_word and 5*4*3", "snake_case_word and 5*4*3"),
        ("# Title #\nText", "Title\n\nText"),
        ("Title\n=====\n\nText", "Title\n\nText"),
        ("one line\nand its rest\n\nnext", "one line and its rest\n\nnext"),
        ("one line  \nand the next", "one line\n\nand the next"),
        ("---\ntitle: x\ndate: 2026-03-05\n---\n\nText", "Text"),
        ("---\n\nText: here", "Text: here"),
        ("a\n\n***\n\nb", "a\n\nb"),
        ("**unclosed and [open](", "**unclosed and [open]("),
        ("```\ncode\n```", "code"),
        ("", ""),
    ],
)
def test_markdown_loses_its_marks_and_keeps_its_words(marked: str, plain: str):
    assert joined(read_markdown(marked).blocks) == plain


def test_the_first_heading_is_the_headline_only_where_the_text_begins_with_it():
    assert read_markdown(f"# {HEADLINE}\n\n{BODY[0]}").metadata.headline == HEADLINE
    assert read_markdown(f"{BODY[0]}\n\n# {HEADLINE}").metadata.headline is None
    assert read_markdown(f"## {HEADLINE}\n\n{BODY[0]}").metadata.headline is None


MARKS = st.sampled_from(
    [
        "#",
        "# ",
        "*",
        "**",
        "_",
        "[",
        "](",
        ")",
        "`",
        "---\n",
        "***\n",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "<http://",
        ">",
        "a",
        " ",
        "===\n",
        "\\",
    ]
)


@given(st.lists(MARKS, max_size=200).map("".join))
def test_no_marks_break_it(marked: str):
    assert len(joined(read_markdown(marked).blocks)) <= 3 * len(marked) + 10


@pytest.mark.parametrize("text", ["# " * 200_000, "[" * 200_000, "*a" * 200_000, "a\n" * 50_000, "1. " * 200_000])
def test_marks_without_end_are_read_in_time_that_has_one(text: str):
    assert read_plain_text(text).text == text
    assert joined(read_markdown(text).blocks).count("a") == text.count("a")
