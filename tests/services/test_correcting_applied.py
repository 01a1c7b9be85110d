"""A correction changes what it is about and nothing else, whatever the machine reads, as long as the words stand."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.anchors import anchor
from domain.corrections import Correction, CorrectionKind, CorrectionState, Editor, NewCorrection
from domain.extraction import Attribution, AttributionKind, Extraction, Factuality, KeyClaim, Metadata, Source
from services.correcting.applying import corrected, uncorrected
from tests.samples import NOON, named, passage

BODY = (
    "Ilka Roden, the harbour master, has denied that Oskar Venn sold the pier. "
    "Venn said: “It is mine.” The council meets on Friday. Brekke Lane is closed."
)
RODEN = named(BODY, "Ilka Roden", roles=("the harbour master",))
VENN = named(BODY, "Oskar Venn", "Venn")
LANE = named(BODY, "Brekke Lane")
DENIAL = "that Oskar Venn sold the pier"


def attribution(content: str, source: str, cue: str, person: int | None, factuality: Factuality) -> Attribution:
    who = Source(source, passage(BODY, source).spans, person)
    return Attribution(who, passage(BODY, cue), passage(BODY, content), factuality, AttributionKind.SPEECH)


def key(text: str, rank: int, of: int | None, factuality: Factuality = Factuality.CERTAIN) -> KeyClaim:
    return KeyClaim(text, passage(BODY, text).spans, of, (1,) if "Venn" in text else (), factuality, rank)


READ = Extraction(
    Metadata("The pier", "Pier Post", date_published="2026-03-10"),
    (RODEN, VENN, LANE),
    (
        attribution(DENIAL, "Ilka Roden", "has denied", 0, Factuality.DENIED),
        attribution("It is mine", "Venn", "said", 1, Factuality.CERTAIN),
    ),
    (key(DENIAL, 1, 0, Factuality.DENIED), key("The council meets on Friday", 2, None)),
)
# What another machine makes of the same text: longer contents, nobody's roles, other key claims, no cue.
READ_OTHERWISE = Extraction(
    Metadata("Pier quarrel"),
    (replace(VENN, job_titles=("the owner",)), replace(RODEN, job_titles=())),
    (
        attribution("“It is mine.”", "Venn", "said", 0, Factuality.PROBABLE),
        replace(attribution("Oskar Venn sold the pier.", "Ilka Roden", "has denied", 1, Factuality.DENIED), cue=None),
    ),
    (key("“It is mine.”", 1, 0),),
)


def correction(kind: CorrectionKind, words: str | None, said: dict[str, object], now: dict[str, object]) -> Correction:
    place = anchor(BODY, passage(BODY, words).spans[0]) if words else None
    new = NewCorrection(kind, 1, place, said, now, Editor(7, "Ann", 7))
    return Correction(1, new, NOON, CorrectionState.STANDING)


NAMES = {"names": ["Brekke Lane"]}
VENN_AT = [*(lambda place: (place.exact, place.prefix, place.suffix))(anchor(BODY, VENN.mentions[0].span))]
SAYS_VENN = {"name": "Oskar Venn", "person": 5, "at": VENN_AT}
K = CorrectionKind
CASES = {
    "speaker": correction(K.SPEAKER, DENIAL, {"source": "Ilka Roden"}, SAYS_VENN),
    "speaker by name": correction(K.SPEAKER, DENIAL, {"source": "Ilka Roden"}, {"name": "Uma Falk", "person": 9}),
    "nobody": correction(K.SPEAKER, "It is mine", {"source": "Venn"}, {"name": None, "person": None}),
    "speaker of the article's own": correction(K.SPEAKER, "The council meets on Friday", {"source": None}, SAYS_VENN),
    "not a claim": correction(K.NOT_A_CLAIM, DENIAL, {"source": "Ilka Roden"}, {}),
    "possible": correction(K.FACTUALITY, "It is mine", {"source": "Venn"}, {"factuality": "PS+"}),
    "denies": correction(K.FACTUALITY, "It is mine", {"source": "Venn"}, {"factuality": "CT-"}),
    "says": correction(K.FACTUALITY, DENIAL, {"source": "Ilka Roden"}, {"factuality": "CT+"}),
    "not a person": correction(K.NOT_A_PERSON, "Brekke Lane", NAMES, {}),
    "another person": correction(K.ANOTHER_PERSON, "Oskar Venn", {"names": ["Oskar Venn"]}, {"person": 12}),
    "headline": correction(K.HEADLINE, None, {"value": "The pier", "machine": "The pier"}, {"value": "Whose pier?"}),
    "date": correction(K.DATE, None, {"value": "2026-03-10", "machine": "2026-03-10"}, {"value": None}),
    "publisher": correction(K.PUBLISHER, None, {"value": "Pier Post", "machine": None}, {"value": "Quay News"}),
}


def said(found: Extraction) -> list[tuple[str, str | None, str | None, str]]:
    """What is said by whom, in the words of the source and by the name of the person, and how surely."""
    told = []
    for each in found.attributions:
        source = each.source
        person = found.people[source.person].name if source and source.person is not None else None
        told.append((each.content.text.strip("“”."), source.text if source else None, person, each.factuality.value))
    return told


MINE = ("It is mine", "Venn", "Oskar Venn", "CT+")


def test_without_corrections_an_article_says_what_the_machine_read():
    assert corrected(BODY, READ, []).extraction == READ


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("speaker", [(DENIAL, "Oskar Venn", "Oskar Venn", "CT-"), MINE]),
        ("speaker by name", [(DENIAL, "Uma Falk", "Uma Falk", "CT-"), MINE]),
        ("nobody", [(DENIAL, "Ilka Roden", "Ilka Roden", "CT-"), ("It is mine", None, None, "CT+")]),
        ("not a claim", [MINE]),
        ("possible", [(DENIAL, "Ilka Roden", "Ilka Roden", "CT-"), (*MINE[:3], "PS+")]),
        ("says", [(DENIAL, "Ilka Roden", "Ilka Roden", "CT+"), MINE]),
        (
            "speaker of the article's own",
            [
                (DENIAL, "Ilka Roden", "Ilka Roden", "CT-"),
                MINE,
                ("The council meets on Friday", "Oskar Venn", "Oskar Venn", "CT+"),
            ],
        ),
    ],
)
def test_a_claim_is_put_right(case: str, told: list[tuple[str, str | None, str | None, str]]):
    assert said(corrected(BODY, READ, [CASES[case]]).extraction) == told


@pytest.mark.parametrize(
    ("case", "told"),
    [
        ("speaker", ("Oskar Venn sold the pier", "Oskar Venn", "Oskar Venn", "CT-")),
        ("speaker by name", ("Oskar Venn sold the pier", "Uma Falk", "Uma Falk", "CT-")),
        ("nobody", ("It is mine", None, None, "PR+")),
        ("possible", ("It is mine", "Venn", "Oskar Venn", "PS+")),
        ("says", ("Oskar Venn sold the pier", "Ilka Roden", "Ilka Roden", "CT+")),
    ],
)
def test_a_correction_survives_a_machine_that_reads_otherwise(case: str, told: tuple[str, str | None, str | None, str]):
    holds = corrected(BODY, READ_OTHERWISE, [CASES[case]])
    assert told in said(holds.extraction) and len(holds.extraction.attributions) == 2
    assert holds.reopened == ()


def test_what_is_no_claim_goes_with_its_attribution_and_its_key_claim():
    holds = corrected(BODY, READ, [CASES["not a claim"]]).extraction
    assert [(claim.text, claim.rank, claim.attribution) for claim in holds.claims] == [
        ("The council meets on Friday", 1, None)
    ]
    assert said(corrected(BODY, READ_OTHERWISE, [CASES["not a claim"]]).extraction) == [(*MINE[:3], "PR+")]


def test_a_key_claim_that_stays_keeps_its_attribution():
    gone = correction(K.NOT_A_CLAIM, "It is mine", {"source": "Venn"}, {})
    swapped = replace(READ, attributions=READ.attributions[::-1], claims=(replace(READ.claims[0], attribution=1),))
    holds = corrected(BODY, swapped, [gone]).extraction
    assert [claim.attribution for claim in holds.claims] == [0]
    assert said(holds) == [(DENIAL, "Ilka Roden", "Ilka Roden", "CT-")]


def test_a_status_shows_where_the_articles_own_verb_says_otherwise():
    denies = corrected(BODY, READ, [CASES["denies"]]).extraction.attributions[1]
    assert denies.cue is not None and denies.cue.text == "denies"
    assert corrected(BODY, READ, [CASES["says"]]).extraction.attributions[0].cue is None
    assert corrected(BODY, READ, [CASES["possible"]]).extraction.attributions[1].cue == READ.attributions[1].cue


def test_who_is_nobody_goes_and_what_they_say_keeps_the_words_of_its_source():
    assert corrected(BODY, READ, [CASES["not a person"]]).extraction.people == (RODEN, VENN)
    gone = correction(K.NOT_A_PERSON, "Ilka Roden", {"names": ["Ilka Roden"]}, {})
    holds = corrected(BODY, READ, [gone]).extraction
    assert holds.people == (VENN, LANE)
    assert said(holds) == [(DENIAL, "Ilka Roden", None, "CT-"), MINE]
    assert holds.claims[0].people == (0,)


def test_a_name_that_the_machine_gave_to_somebody_else_too_is_taken_from_them_alone():
    mixed = replace(READ, people=(RODEN, replace(VENN, mentions=(*VENN.mentions, *LANE.mentions))))
    assert corrected(BODY, mixed, [CASES["not a person"]]).extraction.people == (RODEN, VENN)


def test_another_person_is_pinned_wherever_the_machine_lists_them_now():
    assert corrected(BODY, READ, [CASES["another person"]]).pinned == {1: 12}
    assert corrected(BODY, READ_OTHERWISE, [CASES["another person"]]).pinned == {0: 12}
    first_gone = correction(K.NOT_A_PERSON, "Ilka Roden", {"names": ["Ilka Roden"]}, {})
    assert corrected(BODY, READ, [CASES["another person"], first_gone]).pinned == {0: 12}


def test_a_speaker_from_elsewhere_is_pinned_to_their_number_and_named_where_the_text_has_the_name():
    holds = corrected(BODY, READ, [CASES["speaker by name"]])
    assert (holds.extraction.people[3].mentions, holds.pinned) == ((), {3: 9})
    council = correction(K.SPEAKER, DENIAL, {"source": "Ilka Roden"}, {"name": "council", "person": None})
    added = corrected(BODY, READ, [council]).extraction.people[3]
    assert [mention.text for mention in added.mentions] == ["council"]


@pytest.mark.parametrize("read", [READ, READ_OTHERWISE])
def test_what_an_article_says_of_itself_is_put_right(read: Extraction):
    holds = corrected(BODY, read, [CASES["headline"], CASES["date"], CASES["publisher"]]).extraction.metadata
    assert (holds.headline, holds.date_published, holds.publisher) == ("Whose pier?", None, "Quay News")
    assert uncorrected(replace(holds, date_published="2026-03-11"), [CASES["headline"], CASES["publisher"]]) == replace(
        holds, headline="The pier", publisher=None, date_published="2026-03-11"
    )


def test_the_newer_of_two_corrections_holds():
    newer = correction(K.HEADLINE, None, {"value": "Whose pier?", "machine": "The pier"}, {"value": "Our pier"})
    assert corrected(BODY, READ, [CASES["headline"], newer]).extraction.metadata.headline == "Our pier"
    assert uncorrected(Metadata("Our pier"), [CASES["headline"], newer]).headline == "The pier"


@pytest.mark.parametrize("case", [name for name, each in CASES.items() if each.new.anchor])
def test_a_correction_whose_words_changed_is_reopened_and_changes_nothing(case: str):
    place = CASES[case].new.anchor
    assert place is not None
    text = BODY.replace(place.exact, place.exact[:3] + "x" + place.exact[3:])
    holds = corrected(text, READ, [CASES[case]])
    assert (holds.extraction, holds.reopened) == (READ, (CASES[case],))


@pytest.mark.parametrize("case", [name for name, each in CASES.items() if each.new.anchor])
def test_words_that_changed_elsewhere_do_not_reopen_it(case: str):
    assert corrected("It rained. " + BODY + " It may rain.", Extraction(), [CASES[case]]).reopened == ()


def test_where_the_machine_finds_nothing_any_more_a_correction_changes_nothing():
    on_places = [each for each in CASES.values() if each.new.anchor]
    assert corrected(BODY, Extraction(), on_places).extraction == Extraction()


@given(st.lists(st.sampled_from(sorted(CASES)), max_size=8), st.sampled_from([READ, READ_OTHERWISE]))
def test_any_corrections_leave_an_extraction_whose_numbers_hold(names: list[str], read: Extraction):
    holds = corrected(BODY, read, [CASES[name] for name in names])
    found = holds.extraction
    assert all(claim.attribution is None or claim.attribution < len(found.attributions) for claim in found.claims)
    assert all(person < len(found.people) for claim in found.claims for person in claim.people)
    assert all(each.source is None or (each.source.person or 0) < len(found.people) for each in found.attributions)
    assert all(index < len(found.people) for index in holds.pinned)
    assert [claim.rank for claim in sorted(found.claims, key=lambda claim: claim.rank)] == list(
        range(1, len(found.claims) + 1)
    )
    assert holds.reopened == ()
