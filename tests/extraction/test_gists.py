"""What claims say as far as two can be compared, read off real parses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.extraction import Extraction, Factuality, Metadata
from domain.gists import Gist, Mode, Quantity, Statement, packed, persons_in, unpacked, with_persons
from extraction.extractor import Extractor

WEDNESDAY = Metadata(date_published="2026-03-18")


def gist(extractor: Extractor, text: str, words: str = "") -> Gist:
    """The gist of the first claim with the words, an attribution's before a key claim's."""
    found = extractor.extract(text, WEDNESDAY)
    assert isinstance(found, Extraction)
    claims = [
        *((one.content.text, one.gist) for one in found.attributions),
        *((one.text, one.gist) for one in found.claims),
    ]
    made = next(each for said, each in claims if words in said)
    assert made is not None
    return made


def statement(made: Gist, predicate: str) -> Statement:
    found = [each for each in made.statements if each.predicate == predicate]
    assert found, made.statements
    return found[0]


@pytest.mark.parametrize(
    ("text", "predicate", "value", "mode"),
    [
        ("Anna Brel said that Otto Venn joined the club.", "join", Factuality.CERTAIN, Mode.DEED),
        ("Otto Venn denied that he had joined the club.", "join", Factuality.DENIED, Mode.DEED),
        ("Otto Venn denied having joined the club.", "join", Factuality.DENIED, Mode.DEED),
        ("Otto Venn denied that he had intended to join the club.", "join", Factuality.DENIED, Mode.INTENTION),
        ("Otto Venn said that he would join the club.", "join", Factuality.CERTAIN, Mode.FUTURE),
        ("Otto Venn said that he would not join the club.", "join", Factuality.DENIED, Mode.FUTURE),
        ("Otto Venn said that the club should join the league.", "join", Factuality.CERTAIN, Mode.DUTY),
        ("Otto Venn said that he may have joined the club.", "join", Factuality.POSSIBLE, Mode.DEED),
        ("Otto Venn said that he had failed to join the club.", "join", Factuality.DENIED, Mode.DEED),
        ("Otto Venn said that there was no fire in the mill.", "fire", Factuality.DENIED, Mode.DEED),
        ("Otto Venn said that he could not rule out a strike.", "~strike", Factuality.POSSIBLE, Mode.DEED),
        (
            "Otto Venn would neither confirm nor deny that he joined the club.",
            "join",
            Factuality.UNKNOWN,
            Mode.DEED,
        ),
        ("Otto Venn did not say whether he had joined the club.", "join", Factuality.UNKNOWN, Mode.DEED),
    ],
)
def test_a_deed_is_held_as_its_cue_and_its_own_words_say(
    extractor: Extractor, text: str, predicate: str, value: Factuality, mode: Mode
):
    found = statement(gist(extractor, text), predicate)
    assert (found.value, found.mode) == (value, mode)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("40 houses", Quantity(40, 40, "house")),
        ("forty-one houses", Quantity(41, 41, "house")),
        ("4.2 million crowns", Quantity(4_200_000, 4_200_000, "crown")),
        ("11,000 meters", Quantity(11_000, 11_000, "meter")),
        ("at least 400 meters", Quantity(400, None, "meter")),
        ("fewer than 3,000 meters", Quantity(None, 3000, "meter")),
        ("no more than 9,000 meters", Quantity(None, 9000, "meter")),
        ("about 100 meters", Quantity(88, 112, "meter")),
    ],
)
def test_a_number_has_bounds_and_what_it_counts(extractor: Extractor, number: str, expected: Quantity):
    found = statement(gist(extractor, f"Anna Brel said that the council bought {number}."), "buy")
    assert found.quantities == (expected,)


@pytest.mark.parametrize(
    ("text", "predicate", "days"),
    [
        ("Anna Brel said that the mill burned on Monday.", "burn", ("2026-03-16",)),
        ("Anna Brel said that the mill will close on Monday.", "close", ("2026-03-23",)),
        ("Anna Brel said that the mill burned yesterday.", "burn", ("2026-03-17",)),
        ("Anna Brel said that the mill burned on 3 March.", "burn", ("2026-03-03",)),
        ("Anna Brel said that the mill burned on 3 March 2024.", "burn", ("2024-03-03",)),
        ("Anna Brel said that the mill burned in December.", "burn", ("2025-12",)),
        ("Anna Brel said that the mill burned in 2019.", "burn", ("2019",)),
        ("Anna Brel said that the mill burned last year.", "burn", ("2025",)),
        ("Anna Brel said on Monday that the mill had burned.", "burn", ()),
    ],
)
def test_days_are_counted_from_the_articles_own(extractor: Extractor, text: str, predicate: str, days: tuple[str, ...]):
    assert statement(gist(extractor, text), predicate).days == days


def test_who_does_what_is_told_by_name_and_role(extractor: Extractor):
    made = gist(extractor, "Otto Venn, the harbour master, denied taking money from the bell fund.")
    taken = statement(made, "take")
    assert made.denies
    assert "@Otto Venn" in taken.subject
    assert {"money", "bell", "fund"} <= set(taken.others)
    assert {"@Otto Venn", "harbour", "master"} <= set(made.claimant)


def test_the_accused_is_who_did_it(extractor: Extractor):
    made = gist(extractor, "Auditors accuse Otto Venn, the harbour master, of having signed the contract.", "signed")
    assert "@Otto Venn" in statement(made, "sign").subject


def test_a_lawyer_is_not_the_client(extractor: Extractor):
    made = gist(
        extractor, "Otto Venn said he left. Otto Venn's lawyer, Anna Brel, said that the bank had closed.", "bank"
    )
    assert "@Otto Venn" not in made.claimant


def test_a_source_behind_what_is_said_is_known_where_the_parser_takes_it_for_a_part(extractor: Extractor):
    text = "Mill for sale\n\nThe council of Wrae will sell the old mill, its chairwoman, Anna Brel, said on Monday."
    made = gist(extractor, text, "will sell the old mill")
    assert {"@Anna Brel", "chairwoman"} <= set(made.claimant)
    assert statement(made, "sell").others == ("mill", "old")


@pytest.mark.parametrize(
    ("text", "points_back"),
    [
        ("A clerk said that Otto Venn had left the town. Otto Venn denied this.", True),
        ("A clerk said that Otto Venn had left the town. Otto Venn denied that he had left.", False),
    ],
)
def test_a_content_may_only_point_to_what_stands_before(extractor: Extractor, text: str, points_back: bool):
    found = extractor.extract(text, WEDNESDAY)
    assert isinstance(found, Extraction)
    denial = next(one.gist for one in found.attributions if one.gist and one.gist.denies)
    assert denial.points_back is points_back


def test_nothing_said_has_no_gist(extractor: Extractor):
    found = extractor.extract("", WEDNESDAY)
    assert isinstance(found, Extraction)
    assert (found.attributions, found.claims) == ((), ())


WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöü^@0123456789 .'", min_size=1, max_size=12)
WORDS = st.lists(WORD, max_size=4).map(tuple)
NUMBER = st.none() | st.floats(0, 1e12, allow_nan=False)
STATEMENTS = st.builds(
    Statement,
    WORDS,
    WORD,
    WORDS,
    st.lists(st.builds(Quantity, NUMBER, NUMBER, WORD), max_size=2).map(tuple),
    WORDS,
    st.sampled_from(Factuality),
    st.sampled_from(Mode),
    WORDS,
)
GISTS = st.builds(Gist, st.lists(STATEMENTS, max_size=3).map(tuple), WORDS, WORD, st.booleans(), st.booleans(), WORDS)


@given(GISTS)
def test_a_gist_comes_back_as_it_was_packed(made: Gist):
    assert unpacked(packed(made)) == made


def test_persons_are_told_by_number_once_they_are_filed():
    made = Gist((Statement(("@Ann", "mayor"), "join", ("@Bob",), (), (), Factuality.CERTAIN, Mode.DEED),), ("@Ann",))
    filed = with_persons(made, {"Ann": 7})
    assert filed.statements[0].subject == ("@7", "mayor")
    assert filed.statements[0].others == ("@Bob",)
    assert persons_in(filed) == {7}
