"""What the menu of corrections, its outcomes and its log say; whatever stands in them, Telegram takes it."""

from dataclasses import replace
from typing import Any

import pytest

from domain.correcting import (
    CannotUndo,
    Correctable,
    Edit,
    EndedBefore,
    History,
    HistoryEntry,
    Made,
    NotHere,
    NothingToChange,
    NotUnderstood,
    PersonPlace,
    TiePlace,
    Unclear,
    Undone,
)
from domain.corrections import Correction, CorrectionKind, CorrectionState, Editor, NewCorrection
from domain.extraction import AttributionKind, Factuality
from domain.identity import Contradicts, Merged, OneAlready, UnknownPerson
from domain.ledger import Claimant, PersonReference, RelationKind, RelationState
from handlers.replies import Reply, corrections
from tests.handlers.replies_samples import HOSTILE, article, claim, shown
from tests.samples import NOON

K = CorrectionKind
BIGGEST = 10**18 - 1
ANN = Editor(7, "Ann", 100)
VENN = PersonReference(BIGGEST, HOSTILE * 9, 3)


def a_correction(kind: CorrectionKind, said: dict[str, Any], now: dict[str, Any], number: int = 4) -> Correction:
    return Correction(number, NewCorrection(kind, 7, None, said, now, ANN), NOON, CorrectionState.STANDING)


CLAIMED = {"text": "the pier is shut", "source": "Ro Venn", "headline": "The pier", "factuality": "CT+"}
NAMED = {"name": "Ro", "names": ["Ro"], "shown_as": "Ro Venn", "headline": "The pier"}
RELATED = {"kind": "denies", "claims": [{"article": 1, "text": "it is open"}, {"article": 2, "text": "it is shut"}]}
PAIR = {"persons": [{"id": 1, "name": "Ro Venn"}, {"id": 2, "name": "R. Venn"}]}
EVERY = [
    (
        a_correction(K.SPEAKER, CLAIMED, {"name": "Ada Roden"}),
        "“the pier is shut”: said by Ada Roden, not by Ro Venn",
        "“the pier is shut” was given to Ro Venn; Ada Roden said it.",
    ),
    (
        a_correction(K.SPEAKER, {**CLAIMED, "source": None}, {"name": None}),
        "“the pier is shut”: said by nobody named, not by the article itself",
        "“the pier is shut” was given to the article itself; it stays open who said it.",
    ),
    (
        a_correction(K.NOT_A_CLAIM, CLAIMED, {}),
        "no claim: “the pier is shut”",
        "“the pier is shut” was told as a claim; “The pier” makes no such claim.",
    ),
    (
        a_correction(K.FACTUALITY, CLAIMED, {"factuality": "PS+"}),
        "“the pier is shut”: possible, not certain",
        "“the pier is shut” was told as certain; it is possible.",
    ),
    (
        a_correction(K.NOT_A_PERSON, NAMED, {}),
        "“Ro” is nobody",
        "“Ro” in “The pier” was told as a person; it is none.",
    ),
    (
        a_correction(K.ANOTHER_PERSON, NAMED, {"person": 9, "name": "Ro Falk"}),
        "“Ro” is Ro Falk, not the Ro Venn known before",
        "Ro in “The pier” was taken for Ro Venn; it is another person, Ro Falk.",
    ),
    (
        a_correction(K.HEADLINE, {"value": "The pier", "headline": "The pier"}, {"value": "A pier"}),
        "headline: A pier, not The pier",
        "in “The pier”, headline: A pier, not The pier",
    ),
    (
        a_correction(K.DATE, {"value": "2026-03-11", "headline": None}, {"value": None}),
        "date: none, not 11 March 2026",
        "in “an article without a headline”, date: none, not 11 March 2026",
    ),
    (a_correction(K.FORGOTTEN, {"headline": "The pier"}, {}), "forgotten: The pier", None),
    (
        a_correction(K.RELATION, RELATED, {"state": "rejected"}),
        "it is not so that “it is open” denies “it is shut”",
        None,
    ),
    (a_correction(K.SAME_PERSON, PAIR, {}), "Ro Venn and R. Venn: one person", None),
    (a_correction(K.DIFFERENT_PERSONS, PAIR, {}), "Ro Venn and R. Venn: two people", None),
    (a_correction(K.UNSURE, PAIR, {}), "Ro Venn and R. Venn: not known whether one person", None),
]


@pytest.mark.parametrize(("made", "says", "told"), EVERY)
def test_each_kind_is_put_into_words_for_who_made_it_and_for_who_was_told_otherwise(
    made: Correction, says: str, told: str | None
):
    outcome = corrections.outcome(Made(made), 7)
    assert isinstance(outcome, Reply)
    assert shown(outcome)[0] == f"Put right: {says}"
    assert f"undo:{made.id}" in [button.data for row in outcome.buttons for button in row]
    assert shown(corrections.undone(Undone(made)))[0] == f"Undone. This does not hold any more: {says}"
    if told is not None:
        assert shown(corrections.notice([made], is_undone=False))[0] == f"Correction: {told}"
        again = shown(corrections.notice([made], is_undone=True))[0]
        assert again == f"Taken back, the first was right: {told}"


def hostile(value: Any) -> Any:
    """The same value with every text but marks of kind made hostile and long."""
    if isinstance(value, str) and value not in {"CT+", "PS+", "denies", "rejected", "2026-03-11"}:
        return HOSTILE * 40
    if isinstance(value, dict):
        return {key: hostile(each) for key, each in value.items()}
    return [hostile(each) for each in value] if isinstance(value, list) else value


def made_hostile(made: Correction) -> Correction:
    new = replace(made.new, said=hostile(made.new.said), corrected=hostile(made.new.corrected))
    return replace(made, id=BIGGEST, new=replace(new, editor=replace(ANN, name=HOSTILE * 9)))


@pytest.mark.parametrize("made", [made for made, _, _ in EVERY])
def test_whatever_stands_in_a_correction_is_shown_as_it_is(made: Correction):
    bad = made_hostile(made)
    for reply in (
        corrections.outcome(Made(bad), BIGGEST),
        corrections.undone(Undone(bad)),
        corrections.undone(EndedBefore(bad)),
        corrections.notice([bad] * 9, is_undone=True),
        corrections.forgotten(bad),
        corrections.judged(Contradicts(bad, VENN, VENN)),
    ):
        assert isinstance(reply, Reply)
        shown(reply)


_SAYS = (AttributionKind.SPEECH, None)
CLAIMS = tuple(
    replace(
        claim(HOSTILE * 20, Claimant(HOSTILE * 9) if number else None, Factuality.POSSIBLE, _SAYS[number % 2]),
        id=BIGGEST - number,
    )
    for number in range(20)
)
PEOPLE = tuple(PersonPlace(BIGGEST - number, HOSTILE * 9, VENN) for number in range(20))
TIES = tuple(
    TiePlace(BIGGEST - number, kind, RelationState.SUGGESTED, number % 2 == 0, claim(HOSTILE * 9), claim(HOSTILE * 9))
    for number, kind in enumerate(RelationKind)
)
FULL = Correctable(article(BIGGEST, HOSTILE * 9), {}, CLAIMS, PEOPLE, TIES)
EMPTY = Correctable(article(BIGGEST, None), {}, (), ())


def test_every_step_of_the_menu_is_a_message_whose_buttons_telegram_takes():
    for page in (0, 1, 2, 9999):
        for kind in "scf":
            shown(corrections.claims(FULL, kind, page))
        for kind in "wnj":
            shown(corrections.people(FULL, kind, page))
        shown(corrections.speakers(FULL, CLAIMS[0], page))
        shown(corrections.ties(FULL, page))
        shown(corrections.which_article(VENN, [(FULL.article, BIGGEST)] * 8, page, has_older=True))
    for reply in (
        corrections.menu(FULL),
        corrections.menu(EMPTY),
        corrections.statuses(FULL, CLAIMS[0]),
        corrections.statuses(FULL, CLAIMS[1]),
        corrections.others(FULL, PEOPLE[0], [VENN] * 6),
        corrections.unknown_speaker(BIGGEST, BIGGEST, HOSTILE * 9, [VENN] * 6),
        corrections.same(VENN, [VENN] * 6),
        corrections.tie(FULL, TIES[0]),
        corrections.forget(FULL.article),
        corrections.closed(),
        corrections.which_card(),
        corrections.judged(Merged(BIGGEST, VENN)),
    ):
        assert isinstance(reply, Reply)
        shown(reply)


def test_eight_stand_on_a_page_and_pages_lead_to_each_other():
    first, second, last = (corrections.claims(FULL, "c", page) for page in (0, 1, 2))
    labels = [[button.label for row in reply.buttons for button in row] for reply in (first, second, last)]
    assert labels[0] == [*"12345678", "More ›", "‹ Back"]
    assert labels[1] == ["9", *(str(number) for number in range(10, 17)), "‹ Before", "More ›", "‹ Back"]
    assert labels[2] == ["17", "18", "19", "20", "‹ Before", "‹ Back"]
    assert corrections.claims(FULL, "c", 9999) == last


def test_an_article_without_claims_and_people_offers_what_it_has():
    labels = [button.label for row in corrections.menu(EMPTY).buttons for button in row]
    assert labels == ["Headline", "Date", "Publisher", "Forget this article", "‹ Nothing is wrong"]


def test_a_claim_stands_in_the_menu_as_on_its_card():
    """With who says it and the article's own verb: "he said" alone would tell nothing."""
    denied = claim(
        "the pier is shut", Claimant("he", 4, "Ro Venn", "warden"), Factuality.DENIED, lead_in="has denied that"
    )
    menu = corrections.claims(replace(FULL, claims=(denied,)), "s", 0)
    assert "1. Ro Venn (warden) has denied that the pier is shut" in shown(menu)[0]


def test_whom_to_choose_from_are_told_apart_by_role_and_day():
    known = [replace(VENN, name="Ro Venn", role=role, last_seen=NOON) for role in ("warden", None)]
    labels = [row[0].label for row in corrections.same(VENN, known).buttons[:2]]
    assert labels == ["Ro Venn, warden (3, 12 Mar 2026)", "Ro Venn (3, 12 Mar 2026)"]


def test_whoever_says_something_may_deny_or_doubt_it():
    labels = [button.label for row in corrections.statuses(FULL, CLAIMS[0]).buttons for button in row]
    assert labels == ["says so", "probably", "possibly", "denies it", "unconfirmed", "doubts it", "‹ Back"]


def test_what_the_article_says_itself_nobody_denies():
    labels = [button.label for row in corrections.statuses(FULL, CLAIMS[1]).buttons for button in row]
    assert labels == ["says so", "probably", "possibly", "unconfirmed", "‹ Back"]


@pytest.mark.parametrize("ask", ["headline", "date", "publisher", "speaker", "person", "same"])
def test_a_question_names_in_a_group_whom_it_is_for(ask: str):
    assert corrections.prompt(ask, HOSTILE * 40, None).asks
    reply = corrections.prompt(ask, HOSTILE * 40, replace(ANN, name=HOSTILE * 9), HOSTILE * 9)
    assert 'href="tg://user?id=7"' in reply.text
    shown(replace(reply, asks=False))


@pytest.mark.parametrize(
    ("became", "says"),
    [
        (NothingToChange("Ro Venn"), "It is so already: Ro Venn. Nothing was changed."),
        (NothingToChange("CT-"), "It is so already: denied. Nothing was changed."),
        (NotUnderstood(Unclear.NO_NAME), "I need a name of a few words, as in: Ingeborg Tveitan"),
        (NotHere(), corrections.gone()),
    ],
)
def test_what_changed_nothing_is_a_sentence(became: Any, says: str):
    assert corrections.outcome(became) == says


def test_who_put_something_right_is_told_when_the_text_has_changed():
    says = shown(corrections.reopened(EVERY[4][0]))[0]
    assert says.startswith("The text of “") and says.endswith("any more: “Ro” is nobody")


def test_what_cannot_be_undone_says_why():
    assert shown(corrections.undone(NotHere()))[0] == "There is nothing here to undo."
    assert shown(corrections.undone(CannotUndo()))[0].startswith("Its text has been forwarded again since")
    ended = replace(EVERY[0][0], state=CorrectionState.REOPENED)
    assert "does not hold any more" in shown(corrections.undone(EndedBefore(ended)))[0]
    assert corrections.judged(OneAlready(VENN)) == "They are one person already."
    assert corrections.judged(UnknownPerson(5)) == corrections.gone()


def test_the_log_says_who_when_what_and_whether_it_still_holds():
    made, undone = EVERY[0][0], replace(EVERY[2][0], id=3, state=CorrectionState.UNDONE, ended_at=NOON, ended_by="Bob")
    reopened = replace(EVERY[4][0], id=2, state=CorrectionState.REOPENED, ended_at=NOON, ended_by="its new text")
    entries = tuple(HistoryEntry(each, article() if each is made else None) for each in (made, undone, reopened))
    reply = corrections.history(History(entries, 1, has_older=True))
    assert shown(reply)[0].split("\n") == [
        "What was put right",
        "4. 12 March 2026, 12:00, Ann: “the pier is shut”: said by Ada Roden, not by Ro Venn (/a7)",
        "3. 12 March 2026, 12:00, Ann: no claim: “the pier is shut” — undone on 12 Mar 2026 by Bob",
        "2. 12 March 2026, 12:00, Ann: “Ro” is nobody — until 12 Mar 2026, when the article's text changed",
    ]
    assert [button.data for row in reply.buttons for button in row] == ["undo:4:1", "history:0", "history:2"]


def test_the_log_of_an_article_tells_its_edits():
    edit = Edit(NOON, (("shut", "open"), ("", "again")))
    reply = corrections.history(History((), 0, has_older=False, article=article(), edits=(edit,)))
    assert shown(reply)[0].split("\n") == [
        "What was put right in “The pier”",
        "Nothing so far.",
        "",
        "Edited",
        "12 March 2026, 12:00",
        "  shut open",
        "  again",
    ]


def test_the_longest_log_is_one_message():
    entries = tuple(HistoryEntry(made_hostile(made), FULL.article) for made, _, _ in EVERY)[:8]
    edits = tuple(Edit(NOON, ((HOSTILE * 90, HOSTILE * 90),) * 9) for _ in range(20))
    shown(corrections.history(History(entries, 9998, has_older=True, article=FULL.article, edits=edits)))
