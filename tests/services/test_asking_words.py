"""How what is found is sorted: denials, doubts, and claims that say so; and the forms of a topic's words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.extraction import AttributionKind, Factuality
from domain.ledger import ArticleReference, Claimant, LedgerClaim
from domain.questions import Asked, ClaimsFound, Question
from handlers.replies.answers import answer
from services.asking.answering import denies, doubts
from services.asking.questions import parse
from services.asking.topics import beginnings, forms
from services.asking.unasked import _tells

ARTICLE = ArticleReference(1, "Pier", "Oru Post", datetime(2026, 3, 1, tzinfo=UTC), None)
CLAIM = LedgerClaim(
    1,
    "the pier holds",
    Factuality.CERTAIN,
    AttributionKind.SPEECH,
    Claimant("Ada Kestrel"),
    "said",
    None,
    None,
    ARTICLE,
)


@pytest.mark.parametrize(
    ("factuality", "cue", "told"),
    [
        (Factuality.DENIED, "denied", (True, False)),
        (Factuality.IMPROBABLE, "doubts", (False, True)),
        (Factuality.UNKNOWN, "questioned", (False, True)),
        (Factuality.UNKNOWN, "disputes", (True, False)),
        (Factuality.CERTAIN, "said", (False, False)),
    ],
)
def test_who_doubts_does_not_deny(factuality: Factuality, cue: str, told: tuple[bool, bool]):
    claim = replace(CLAIM, factuality=factuality, cue=cue)
    assert (denies(claim), doubts(claim)) == told


def test_who_denies_it_is_not_listed_as_saying_it():
    denial = replace(CLAIM, id=2, factuality=Factuality.DENIED, cue="denied", claimant=Claimant("Ole Moor"))
    asked = Question(Asked.SAYERS, topic="the pier holds")
    only = answer(asked, ClaimsFound(asked, None, (denial,), denials=frozenset({2})), "bot").text
    assert only.startswith("<b>I have nobody who says so")
    both = answer(asked, ClaimsFound(asked, None, (CLAIM, denial), denials=frozenset({2})), "bot").text
    assert both.index("Kestrel") < both.index("Denied or doubted") < both.index("Moor")


@pytest.mark.parametrize("text", ["what did Kestrel not deny?", "was the report a fairy tale?"])
def test_what_is_no_question_of_ours_is_about_nobody(text: str):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("word", "others"),
    [("paying", {"pay", "pays", "paid"}), ("owned", {"own", "owns", "owning"}), ("dam", set()), ("warehous", set())],
)
def test_a_verb_is_met_in_its_other_forms(word: str, others: set[str]):
    (beginning,) = beginnings(word)
    assert set(forms(beginning)) == others


@pytest.mark.parametrize(("text", "telling"), [("resigned", True), ("said", False), ("deny", False), ("what", False)])
def test_verbs_of_saying_tell_nothing(text: str, telling: bool):
    assert _tells(text) is telling
