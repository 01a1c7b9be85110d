"""The way in: any text goes in, nothing raises, offsets are the text's own."""

import gc

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from domain.extraction import Extraction, ExtractionFailure, FailureReason, Metadata, Passage, Span
from extraction.extractor import Extractor

ARTICLE = """Harbour Post

Council stops sale of berths

6 March 2026, 21:26

“The berths were sold for a tenth of their value,” said Ingeborg Tveitan, the chief auditor.

Tormod Haugseth, director of the port, denied that he had known the buyers. “I never met them,” Haugseth said.

Photo: Jo Berg / Kystfoto

Read more: Ferry strike goes on
"""
PIECES = [
    *ARTICLE.split(),
    *(
        "\n",
        "\n\n",
        " ",
        '"',
        "“",
        "”",
        "'",
        "said",
        "who",
        ",",
        ".",
        "…",
        ":",
        "(",
        ")",
        "-",
        "—",
        "😀",
        "\u200f",
        "\x00",
        "\x07",
        "\u00a0",
    ),
    *(
        "Лундвик",
        "港",
        "é",
        "e\u0301",
        "\ud800",
        "Q:",
        "3/6/2026",
        "@ana",
        "#port",
        "https://a.example/b",
        "Ó",
        "von",
        "Mr.",
    ),
]


def spans_of(found: Extraction) -> list[Span]:
    """All spans of an extraction."""
    spans = [mention.span for person in found.people for mention in person.mentions]
    for attribution in found.attributions:
        parts = (attribution.source, attribution.cue, attribution.content)
        spans += [span for part in parts if part is not None for span in part.spans]
    return spans + [span for claim in found.claims for span in claim.spans]


def squeezed(text: str, spans: tuple[Span, ...]) -> str:
    """The words of spans, as a passage joins them."""
    return " ".join(" ".join(text[span.start : span.end].split()) for span in spans)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60), spaced=st.booleans())
@example(pieces=["The council met. * * *. The board sat."], spaced=False)
def test_any_text_is_read(extractor: Extractor, pieces: list[str], spaced: bool) -> None:
    """Nothing raises, and every span lies inside the text."""
    text = (" " if spaced else "").join(pieces)
    found = extractor.extract(text)
    if isinstance(found, Extraction):
        assert all(0 <= span.start < span.end <= len(text) for span in spans_of(found))
        for person in found.people:
            assert all(text[one.span.start : one.span.end] == one.text for one in person.mentions)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "word",
        "a" * 5000,
        "Aa " * 2000,
        "\n" * 5000,
        "said " * 2000,
        "Ana Sol, " * 1000,
        ARTICLE.replace("\n", " "),
        ARTICLE.replace(". ", ".\n"),
        ARTICLE.replace("\n", "\r\n"),
        ARTICLE.replace("“", "").replace("”", '"'),
        ARTICLE.upper(),
        ARTICLE.lower(),
        "\u200f" + ARTICLE.replace(" ", " \u200f\u202b"),
        ARTICLE.replace(" ", "\u00a0"),
        ARTICLE + "Совет собрался в пятницу.\nDer Rat tagte am Freitag.\n" + ARTICLE,
    ],
)
def test_odd_pages_are_read(extractor: Extractor, text: str) -> None:
    """Unbalanced marks, no paragraphs, one sentence a line, control characters and other languages are all read."""
    found = extractor.extract(text)
    assert isinstance(found, Extraction)
    assert all(0 <= span.start < span.end <= len(text) for span in spans_of(found))


def test_offsets_count_in_the_text_as_received(extractor: Extractor) -> None:
    """Every part's text is the words that stand at its spans."""
    found = extractor.extract(ARTICLE)
    assert isinstance(found, Extraction)
    passages = [part for one in found.attributions for part in (one.source, one.cue, one.content) if part is not None]
    assert passages
    assert all(part.text == squeezed(ARTICLE, part.spans) for part in passages if isinstance(part, Passage))


def test_furniture_is_not_read(extractor: Extractor) -> None:
    """Nobody is found in credits, links and outlets."""
    found = extractor.extract(ARTICLE)
    assert isinstance(found, Extraction)
    assert [person.name for person in found.people] == ["Ingeborg Tveitan", "Tormod Haugseth"]


def test_metadata_that_is_given_wins(extractor: Extractor) -> None:
    """What the forward knows stands; the rest is read off the page."""
    found = extractor.extract(ARTICLE, Metadata(publisher="Kystradio"))
    assert isinstance(found, Extraction)
    assert found.metadata == Metadata(
        headline="Council stops sale of berths", publisher="Kystradio", date_published="2026-03-06T21:26", language="en"
    )


@pytest.mark.parametrize("text", ["123 456", "…!?", "🙂🙂🙂", "(" * 3000, '"' * 3000])
def test_a_text_without_letters_is_said_to_be_none(extractor: Extractor, text: str) -> None:
    """What nobody can read fails with its reason."""
    assert extractor.extract(text) == ExtractionFailure(FailureReason.UNREADABLE_SCRIPT)


def test_a_parse_goes_with_its_article(extractor: Extractor) -> None:
    """Nothing that was read waits for the next collection, by which a worker would hold several articles."""
    before = {id(each) for each in gc.get_objects() if type(each) is Doc}
    gc.disable()
    try:
        extractor.extract(ARTICLE)
        left = [each for each in gc.get_objects() if type(each) is Doc and id(each) not in before]
    finally:
        gc.enable()
    assert left == []
