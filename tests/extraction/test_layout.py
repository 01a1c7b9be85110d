"""Which lines of a page are its body."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.layout import ParagraphKind, paragraphs

BODY = "The council of Lundvik met on Friday and put the sale of the berths off until June."
HEADLINE = "Council puts sale of berths off"


def kind_of(line: str) -> ParagraphKind:
    """The kind of a line in the midst of an article; of its first part, where it is cut."""
    page = paragraphs(f"{HEADLINE}\n\n{BODY}\n\n{line}\n\n{BODY}")
    return page[2].kind


@pytest.mark.parametrize(
    "line",
    [
        "Share this article on Facebook",
        "Share",
        "Follow us on Telegram",
        "Subscribe to our newsletter for daily updates",
        "Sign up for our morning briefing",
        "Join our WhatsApp channel",
        "Read more: Ferry strike enters its second week",
        "READ ALSO | The night the ferry sank",
        "Read the full story here.",
        "Similar news:",
        "Related articles",
        "Most read",
        "You may also like",
        "Advertisement",
        "Story continues below advertisement",
        "We use cookies to improve your experience.",
        "© 2026 Harbour Post. All rights reserved.",
        "This material may not be published, broadcast or redistributed.",
        "Found a mistake? Select the text and press Ctrl+Enter, or write to us.",
        "Editor's note: the interview was held in Norwegian.",
        "Reporting by Ana Sol; editing by Jo Berg",
        "This story was first published in the Harbour Post.",
        "Tags: harbour, berths, council",
        "https://harbourpost.example/berths",
        "#harbour #berths #lundvik",
        "@harbourpost",
        "* * *",
        "___",
        "7:45 p.m.",
        "5 min read",
        "12 comments",
        "(APPLAUSE)",
        "Photo: Jo Berg / Kystfoto",
        "(AP Photo/Jo Berg)",
        "Getty Images",
    ],
)
def test_furniture_is_boilerplate(line: str) -> None:
    """Lines that a page puts around every article are not read."""
    assert kind_of(line) is ParagraphKind.BOILERPLATE


def test_a_notice_of_correction_is_none_of_the_articles_lines() -> None:
    """It is read apart: it may be the news of the day."""
    line = "Correction: an earlier version of this article misspelt the director's name."
    assert kind_of(line) is ParagraphKind.CORRECTION


@pytest.mark.parametrize(
    "line",
    [
        BODY,
        '"The berths were sold for a tenth of their value," said Ana Sol.',
        "Share prices of the port company fell by a third on Monday, brokers said.",
        "Follow-up talks with the buyers of the berths will be held on Tuesday.",
        "More reports about the sale reached the council in May, the clerk said.",
        "Other articles of the port's charter forbid such a sale, he added.",
        "Related companies bought two more berths in April, the auditors found.",
        "Cookies and coffee were served while the council debated the sale.",
        "The photo of the director on the quay was taken in May.",
        "Q: Who sold the berths?",
        "A: The director did.",
        "SPEAKER 2: That is not true.",
        "She said:",
        "Were the berths ever valued?",
        "By Friday the last ferry had left the quay, and the strikers went home.",
        "Watching the ferry leave, Ana Sol said she would not come back.",
        "Top officials of the port refused to say who had signed the contract.",
        "Update your charts, the harbour master told the skippers on Friday evening.",
        "In this photo album of the port he had found the first trace of the buyers.",
    ],
)
def test_what_tells_something_is_body(line: str) -> None:
    """A sentence stays, also when it begins as furniture does."""
    assert kind_of(line) is ParagraphKind.BODY


@pytest.mark.parametrize("line", ["What happens next", "The ferry at its berth on Friday", "Ana Sol of the Quay Union"])
def test_short_unfinished_lines_are_captions(line: str) -> None:
    """A crosshead or a caption names people but claims nothing."""
    assert kind_of(line) is ParagraphKind.CAPTION


def test_lines_without_full_stops_stay_body_where_none_has_one() -> None:
    """On a page that never ends its sentences an unfinished line is no crosshead."""
    page = paragraphs("Ferry strike\nThe union says no\nThe port says nothing\nTalks go on\nNobody sails")
    assert [line.kind for line in page[1:]] == [ParagraphKind.BODY] * 4


def test_a_credit_is_cut_off_its_caption() -> None:
    """What a picture shows is kept, who made it is not."""
    page = paragraphs(f"{HEADLINE}\n{BODY}\nAna Sol on the quay. Photo: Jo Berg / Kystfoto\n{BODY}")
    assert [(line.kind.value, line.text) for line in page[2:4]] == [
        ("caption", "Ana Sol on the quay."),
        ("boilerplate", "Photo: Jo Berg / Kystfoto"),
    ]


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("LUNDVIK, March 6 (Kystwire) — The council met.", "LUNDVIK, March 6 (Kystwire) —"),
        ("LUNDVIK (AP) — The council met.", "LUNDVIK (AP) —"),
        ("(Reuters) - The council met.", "(Reuters) -"),
        ("Lundvik, 6 March 2026 (Kystwire) – The council met.", "Lundvik, 6 March 2026 (Kystwire) –"),
        ("PORT LUNDVIK, Nordland -- The council met.", "PORT LUNDVIK, Nordland --"),
    ],
)
def test_a_dateline_is_set_apart(line: str, dateline: str) -> None:
    """The place, day and agency before the first sentence are metadata, the sentence is body."""
    page = paragraphs(f"{HEADLINE}\n{line}\n{BODY}")
    assert [(part.kind.value, part.text) for part in page[1:3]] == [
        ("metadata", dateline),
        ("body", "The council met."),
    ]


@pytest.mark.parametrize(
    "line", ["The council — all nine of it — met.", "Ana Sol - the auditor - left.", "But then - rain."]
)
def test_a_dash_alone_makes_no_dateline(line: str) -> None:
    """Words before a dash are a sentence's own."""
    assert paragraphs(f"{HEADLINE}\n{line}\n{BODY}")[1].text == line


@pytest.mark.parametrize(
    ("top", "headline", "metadata"),
    [
        ([HEADLINE, "11 March 2026"], HEADLINE, ["11 March 2026"]),
        (["Harbour Post", HEADLINE, "By Ana Sol"], HEADLINE, ["Harbour Post", "By Ana Sol"]),
        ([f"{HEADLINE} | Harbour Post"], HEADLINE, ["Harbour Post"]),
        ([f"{HEADLINE} - Harbour Post"], HEADLINE, ["Harbour Post"]),
        (["Council - what now?"], "Council - what now?", []),
        (["11 March 2026, 18:40", HEADLINE], HEADLINE, ["11 March 2026, 18:40"]),
    ],
)
def test_the_headline_is_the_first_line_that_is_no_metadata(top: list[str], headline: str, metadata: list[str]) -> None:
    """Publisher, byline and date may stand above, below or behind it."""
    page = paragraphs("\n\n".join([*top, BODY, BODY]))
    assert [line.text for line in page if line.kind is ParagraphKind.HEADLINE] == [headline]
    assert [line.text for line in page if line.kind is ParagraphKind.METADATA] == metadata


def test_a_lone_paragraph_has_no_headline() -> None:
    """One paragraph is body."""
    assert [line.kind for line in paragraphs(BODY)] == [ParagraphKind.BODY]


def test_other_articles_headlines_below_a_link_line_are_boilerplate() -> None:
    """Lines under "Similar news:" belong to other articles."""
    page = paragraphs(f"{HEADLINE}\n{BODY}\nSimilar news:\nFerry strike enters its second week\nStorm closes port")
    assert [line.kind for line in page[2:]] == [ParagraphKind.BOILERPLATE] * 3


def test_a_question_to_the_reader_at_the_end_is_boilerplate() -> None:
    """The page's own question is not the article's."""
    page = paragraphs(f"{HEADLINE}\n{BODY}\nDid we get this wrong?\nShare")
    assert page[2].kind is ParagraphKind.BOILERPLATE


def test_nothing_found_in_nothing() -> None:
    """Blank text has no lines."""
    assert paragraphs(" \n\t\r\n\u2028 ") == ()


@given(st.text(max_size=300))
def test_any_text_is_cut_into_its_own_lines(text: str) -> None:
    """Each part equals its span, parts follow one another, and no letter is lost."""
    page = paragraphs(text)
    assert all(text[line.span.start : line.span.end] == line.text for line in page)
    assert all(one.span.end <= other.span.start for one, other in pairwise(page))
    kept = {i for line in page for i in range(line.span.start, line.span.end)}
    assert all(i in kept for i, character in enumerate(text) if character.isalnum())


def test_a_long_line_is_read_in_pieces() -> None:
    """A line that nobody broke is cut between sentences."""
    page = paragraphs(f"{BODY} " * 1000)
    assert len(page) > 1
    assert all(line.text.startswith("The council") and line.text.endswith("June.") for line in page)
