"""Notices of correction: found by their opening, told before all else, and never read as the article's own words."""

import pytest

from domain.extraction import Extraction, Factuality
from domain.gists import CORRECTING
from extraction.extractor import Extractor
from extraction.layout import correction_label

BODY = """Quay at Ostrel reopens after repairs

The quay at Ostrel has been opened again, Harbour Master Tove Ruun said on Monday.

{notice}

The repairs took eleven weeks, she said, and the ferries will sail from Thursday."""
LABELLED = (
    "CORRECTION: In our report of 2 May we wrote that the ferry belongs to Piet Haan. This was wrong. "
    "The owner is Ines Taal. We regret the error."
)


def read(extractor: Extractor, notice: str) -> tuple[str, Extraction]:
    text = BODY.format(notice=notice)
    found = extractor.extract(text)
    assert isinstance(found, Extraction)
    return text, found


def test_a_notice_is_the_first_key_claim_without_its_label_and_its_regrets(extractor: Extractor):
    text, found = read(extractor, LABELLED)
    first = found.claims[0]
    assert first.text == LABELLED.removeprefix("CORRECTION: ").removesuffix(" We regret the error.")
    assert text[first.spans[0].start : first.spans[-1].end] == first.text
    assert first.notice is not None
    assert first.notice.text == "CORRECTION:"
    assert [claim.rank for claim in found.claims] == list(range(1, len(found.claims) + 1))
    assert {found.people[index].name for index in first.people} == {"Piet Haan", "Ines Taal"}


def test_what_was_told_before_is_denied_and_what_holds_is_not(extractor: Extractor):
    _, found = read(extractor, LABELLED)
    gist = found.claims[0].gist
    assert gist is not None
    assert gist.cue == CORRECTING
    values = {word: each.value for each in gist.statements for word in (*each.subject, *each.others)}
    assert values["@Piet Haan"] is Factuality.DENIED
    assert values["@Ines Taal"] is Factuality.CERTAIN


def test_a_notice_is_nobodys_words_and_no_part_of_the_article(extractor: Extractor):
    _, found = read(extractor, LABELLED)
    assert all("Haan" not in each.content.text for each in found.attributions)
    assert all("Haan" not in claim.text for claim in found.claims[1:])


def test_an_article_without_a_notice_has_none(extractor: Extractor):
    _, found = read(extractor, "The ministry corrected its figures: 40 boats were counted, not 30.")
    assert found.claims
    assert all(claim.notice is None for claim in found.claims)


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Correction (3 May): The lock is 80 metres long, not 800 as we wrote.", "Correction (3 May): "),
        ("CORRECTION — The mayor's name is Tove Ruun; we misspelt it on Monday.", "CORRECTION — "),
        (
            "An earlier version of this article said that the lock was closed. It is open.",
            "An earlier version of this article",
        ),
        ("This story misstated the length of the lock. It is 80 metres long.", "This story misstated"),
        ("Correction: quay closes", None),
        ("The correction of the budget took the council three weeks: it was a mess.", None),
        ("An earlier report by the auditors said that the lock was closed.", None),
        ("This article was updated on Monday with a statement by the harbour master.", None),
        ("Update: the ferry has arrived, and everybody on board of it is well.", None),
    ],
)
def test_a_notice_goes_by_its_opening_and_is_a_whole_sentence(line: str, label: str | None):
    assert correction_label(line) == label
