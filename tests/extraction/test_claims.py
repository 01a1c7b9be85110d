"""The propositions that sum an article up."""

import pytest

from domain.extraction import Extraction, Factuality, KeyClaim
from extraction.extractor import Extractor
from extraction.layout import paragraphs
from extraction.lead import lead_claims

HEADLINE = "Council stops sale of berths"
BODY = (
    "The council of Lundvik stopped the sale of four berths on Friday after auditors found that the price was too low.",
    "“The berths were sold for a tenth of their value,” said Ingeborg Tveitan, the chief auditor.",
    "However, the director of the port, Tormod Haugseth, denied that he had known the buyers.",
    "Recall that the port lost nine million in the year before the sale was signed.",
    "Tveitan handed her report to the prosecutors in May. She also asked the bank for its files.",
    "Who will pay for the loss?",
    "The north.",
    "We will keep you posted on this story.",
)


def extract(extractor: Extractor, *lines: str) -> Extraction:
    """What an article of these lines says."""
    found = extractor.extract("\n\n".join(lines))
    assert isinstance(found, Extraction)
    return found


@pytest.fixture(scope="module")
def claims(extractor: Extractor) -> tuple[KeyClaim, ...]:
    """The key claims of the article above, which is so short that all it claims is key."""
    return extract(extractor, HEADLINE, *BODY, *BODY[:1] * 6).claims


def test_claims_are_ranked_from_one(claims: tuple[KeyClaim, ...]) -> None:
    """Three to six claims, best first."""
    assert 3 <= len(claims) <= 6
    assert [claim.rank for claim in claims] == list(range(1, len(claims) + 1))


@pytest.mark.parametrize("words", ["Who will pay", "The north", "keep you posted", "Recall", "However"])
def test_no_claim_is_furniture_or_fragment(claims: tuple[KeyClaim, ...], words: str) -> None:
    """Questions, fragments, the page's talk about itself and connectives are no claims."""
    assert not any(words in claim.text for claim in claims)


def test_the_claim_of_an_attribution_is_its_content(extractor: Extractor) -> None:
    """The reply says who says it; the claim holds what is said."""
    found = extract(extractor, HEADLINE, *BODY[1:3])
    by_text = {claim.text: claim for claim in found.claims}
    claim = by_text["“The berths were sold for a tenth of their value,”"]
    assert claim.attribution is not None
    source = found.attributions[claim.attribution].source
    assert source is not None
    assert "Tveitan" in source.text
    assert claim.factuality is found.attributions[claim.attribution].factuality


@pytest.mark.parametrize(
    "silence",
    [
        "Tormod Haugseth could not be reached for comment on Tuesday.",
        "The port's spokeswoman declined to comment on the report of the auditors.",
        "The company did not immediately respond to questions about the berths.",
    ],
)
def test_that_somebody_said_nothing_is_no_claim(extractor: Extractor, silence: str) -> None:
    found = extract(extractor, HEADLINE, "Ingeborg Tveitan wrote the report.", silence)
    assert all(claim.text not in silence for claim in found.claims)
    assert found.claims


@pytest.mark.parametrize(
    ("sentence", "factuality"),
    [
        ("The council closed the northern pier of the harbour.", Factuality.CERTAIN),
        ("The council did not close the northern pier of the harbour.", Factuality.DENIED),
        ("The council may close the northern pier of the harbour.", Factuality.POSSIBLE),
        ("If the storm returns, the council will close the northern pier.", Factuality.UNKNOWN),
    ],
)
def test_what_the_article_states_itself_is_as_sure_as_it_states_it(
    extractor: Extractor, sentence: str, factuality: Factuality
) -> None:
    claims = {claim.text: claim for claim in extract(extractor, HEADLINE, sentence).claims}
    assert claims[sentence].attribution is None
    assert claims[sentence].factuality is factuality


def test_a_pronoun_at_the_head_gives_way_to_the_name(extractor: Extractor) -> None:
    """A claim stands by itself: the article's own name takes the place of "she"."""
    found = extract(
        extractor, HEADLINE, "Ingeborg Tveitan wrote the report.", "She handed the report to two prosecutors."
    )
    assert "Ingeborg Tveitan handed the report to two prosecutors." in [claim.text for claim in found.claims]


def test_the_people_of_a_claim_are_those_that_it_names(extractor: Extractor) -> None:
    """A claim points to the people whose names stand in it."""
    found = extract(extractor, HEADLINE, "Tormod Haugseth sold the berths to Jonas Brekke in April.")
    assert [[found.people[person].name for person in claim.people] for claim in found.claims] == [
        ["Tormod Haugseth", "Jonas Brekke"]
    ]


def test_the_headline_is_not_repeated(extractor: Extractor) -> None:
    """A sentence that says what the headline says is no claim."""
    found = extract(extractor, HEADLINE, "The council stops the sale of berths.", BODY[3])
    assert [claim.text for claim in found.claims] == [
        "the port lost nine million in the year before the sale was signed."
    ]


def test_a_caption_is_no_claim(extractor: Extractor) -> None:
    """What a picture shows is not claimed."""
    found = extract(extractor, HEADLINE, BODY[0], "The director leaves the port at night. Photo: Jo Berg", BODY[3])
    assert not any("leaves" in claim.text for claim in found.claims)


def test_claims_are_cut_from_the_article(extractor: Extractor) -> None:
    """The words of a claim are the words of its spans."""
    text = "\n\n".join([HEADLINE, *BODY])
    found = extractor.extract(text)
    assert isinstance(found, Extraction)
    for claim in found.claims:
        assert claim.text == " ".join(text[span.start : span.end] for span in claim.spans)


def test_no_claims_in_nothing(extractor: Extractor) -> None:
    """An empty text claims nothing."""
    assert extract(extractor, "").claims == ()


@pytest.mark.parametrize(
    ("before", "sentence", "text"),
    [
        (
            "Anna Rud said the berths were gone.",
            "Olav Brandt denied that he had sold the berths to a friend.",
            "Olav Brandt had sold the berths to a friend",
        ),
        (
            "Olav Brandt, the mayor, left the hall on Friday.",
            "Anna Rud said he had sold the berths to a friend.",
            "Olav Brandt had sold the berths to a friend",
        ),
        (
            "Anna Rud left the hall on Friday.",
            "The committee said he had sold the berths to a friend.",
            "he had sold the berths to a friend",
        ),
        (
            "Olav Brandt left the hall on Friday.",
            "“He sold the berths of the port to a friend,” said Tormod Haugseth.",
            "“He sold the berths of the port to a friend,”",
        ),
    ],
)
def test_a_pronoun_in_a_content_is_the_sources_own_where_it_fits(
    extractor: Extractor, before: str, sentence: str, text: str
) -> None:
    """It is nobody's of another gender, and nothing is put into a quotation."""
    assert text in [claim.text for claim in extract(extractor, HEADLINE, before, sentence).claims]


def test_a_claim_whose_aside_is_cut_ends_without_a_stray_comma(extractor: Extractor) -> None:
    """What is left of "…, some of them at night, and was thanked." stands as it would be written."""
    found = extract(
        extractor,
        HEADLINE,
        "Emil Sand, 19, stopped nineteen thieves on Sunday night, four of them armed men, and was carried home.",
        "The turn came with a change of captain on Friday: Brandt sent in Olav Moe, who had been ill for a year.",
    )
    assert not any(claim.text.endswith((" .", ",", ", .")) for claim in found.claims)


@pytest.mark.parametrize(
    ("before", "teller"),
    [
        ("“Berit learned of the loss from me,” he said by telephone.", "Tormod Haugseth"),
        ("He said that the loss was small.", "Tormod Haugseth"),
        ("Berit Solvang spoke of the loss.", "Tormod Haugseth"),
        ("A sailor from the north spoke of the loss.", "He"),
        ("Quorvin Osk left when Tavrin Moldt came.", "He"),
    ],
)
def test_a_pronoun_gives_way_only_to_who_speaks_or_acts_before_it(
    extractor: Extractor, before: str, teller: str
) -> None:
    """Whom a quotation names did nothing yet, and somebody of another gender is nobody for a "he"."""
    told = (
        f"The director of the port, Tormod Haugseth, met the council of Lundvik. {before} He blamed a storm last year."
    )
    texts = [claim.text for claim in extract(extractor, HEADLINE, told).claims]
    assert {text.partition(" blamed")[0] for text in texts if "storm" in text} <= {teller}


@pytest.mark.parametrize(
    ("line", "never"),
    [
        ("VOTE: Should the harbour chief leave his post at once?   ◯ Yes   ◯ No, never", "harbour chief"),
        ("The authority of Lundvik has fined the ferry company of the north, it said on Monday.", "it says"),
    ],
)
def test_a_poll_is_no_claim_and_it_no_source(extractor: Extractor, line: str, never: str) -> None:
    """A reader's poll asserts nothing; of "it said" the sentence itself tells who it was."""
    found = extract(extractor, HEADLINE, BODY[0], line)
    assert not any(never in claim.text for claim in found.claims)
    tied = [found.attributions[claim.attribution].source for claim in found.claims if claim.attribution is not None]
    assert not any(source is not None and source.text == "it" for source in tied)
    assert not any(
        source is not None and source.text == "VOTE" for source in (said.source for said in found.attributions)
    )


def test_a_sentence_that_only_tells_who_reported_the_one_before_is_no_claim() -> None:
    """What is read roughly is told by its first sentences."""
    told = "Міська рада Лундвіка закрила північний причал гавані на три тижні. Про це повідомила рада у п'ятницю."
    assert [claim.text for claim in lead_claims(paragraphs(told))] == [told.partition(" Про")[0]]
