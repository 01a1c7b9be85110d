"""What claims of different articles are to each other: judged by gists, kept, shown, confirmed and rejected."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.articles import IncomingArticle, Taken
from domain.chats import CollectionId
from domain.corrections import CorrectionState, Editor
from domain.extraction import (
    Attribution,
    AttributionKind,
    Extraction,
    Factuality,
    Metadata,
    NamedPerson,
    Source,
)
from domain.gists import CORRECTING, Gist, Mode, Quantity, Statement
from domain.ledger import LedgerClaim, RelationKind, RelationState
from services import Services, intake, reading, relating
from services.correcting.forgetting import KEPT, erase_due, forget
from services.correcting.reopening import reopen_ties
from services.relation_rules.deciding import Side, names_of, tie
from services.relation_rules.keys import keys_of
from services.relation_rules.naming import of_one_naming
from services.relation_rules.pointing import Placed, accused, pointed_at
from services.relation_rules.rectifying import rectified
from services.relation_rules.words import are_opposite, are_same, root
from services.relations import compared, gather, judge_relation, keep, with_relations, withdraw_relation
from storage import articles, chats, claims, corrections, relations
from tests.engines import ON_BOTH, ON_SQLITE
from tests.samples import Clock, chat_identity, forward, named, passage
from tests.services.conftest import Prepared

ANN = chat_identity()
DAY = datetime(2026, 3, 4, tzinfo=UTC)
SURE, NOT_SO, MAYBE, OPEN = Factuality.CERTAIN, Factuality.DENIED, Factuality.POSSIBLE, Factuality.UNKNOWN
VENN, RODEN, BREL = "@1", "@2", "@3"
EDITOR = Editor(5, "Ann", ANN.id)


async def relate_claims(services: Services, collection: CollectionId, article: int) -> set[int]:
    """Tie the claims of an article, read just now, to others, and return the articles that it concerns."""
    material = await services.database.look(partial(gather, collection, article))
    found = await compared(material)
    return await services.database.transact(partial(keep, collection, article, material, found))


def said(
    text: str,
    value: Factuality = SURE,
    by: str = RODEN,
    *,
    numbers: tuple[tuple[float, str], ...] = (),
    days: tuple[str, ...] = (),
    mode: Mode = Mode.DEED,
    denies: bool = False,
) -> Gist:
    """A gist of "subject | predicate | other words"."""
    subject, predicate, others = (part.split() for part in text.split("|"))
    quantities = tuple(Quantity(number, number, unit) for number, unit in numbers)
    told = Statement(tuple(subject), predicate[0], tuple(others), quantities, days, value, mode)
    return Gist((told,), tuple(by.split()), "say", denies, False, (*subject, *predicate, *others))


def side(gist: Gist, article: int = 1, hours: int = 0, publisher: str = "") -> Side:
    return Side(gist, article, publisher or str(article), DAY + timedelta(hours=hours), frozenset({1}))


TOOK = f"{VENN} | take | money bell fund"
DENIED = said(TOOK, NOT_SO, VENN, denies=True)


@pytest.mark.parametrize(
    ("newer", "older", "kind"),
    [
        (DENIED, said(TOOK), RelationKind.DENIES),
        (said(TOOK, NOT_SO, VENN), said(TOOK), RelationKind.DENIES),
        (said(TOOK, NOT_SO, BREL), said(TOOK), RelationKind.CONTRADICTS),
        (said(TOOK, SURE, BREL), said(TOOK), RelationKind.CORROBORATES),
        (said(TOOK, SURE, RODEN), said(TOOK), RelationKind.REPEATS),
        (said(TOOK, MAYBE, BREL), said(TOOK), None),
        (said(TOOK, OPEN, VENN), said(TOOK), None),
        (said(TOOK, NOT_SO, VENN, mode=Mode.INTENTION, denies=True), said(TOOK), None),
        (said(f"{BREL} | take | money bell fund", NOT_SO, BREL, denies=True), said(TOOK), None),
        (said(f"{VENN} | drink | wine hall", NOT_SO, VENN, denies=True), said(TOOK), None),
        (said(f"{VENN} | guard | money bell fund", SURE, BREL), said(TOOK), None),
        (said("ferry ^lonnie | sink | minute", SURE, BREL), said("ferry ^lonnie | go_down | minute"), "corroborates"),
        (said("lift ^ferrin | open | day", SURE, BREL), said("lift ^ferrin | close | day"), "contradicts"),
        (said("sugar tax | bring_in | crown ^wrae", SURE, BREL), said("salt tax | bring_in | crown ^wrae"), None),
        (said("farmer | harvest | tonne rye ^wrae", SURE, BREL), said("farmer | harvest | tonne wheat ^wrae"), None),
    ],
)
def test_two_claims_are_tied_by_what_they_say(newer: Gist, older: Gist, kind: RelationKind | None):
    found = tie(side(newer, 2, 24), side(older))
    assert (found.kind if found else None) == kind


def died(number: float, by: str = RODEN) -> Gist:
    return said("people | die | explosion mill ^brannock", by=by, numbers=((number, "people"),))


@pytest.mark.parametrize(
    ("newer", "older", "hours", "kind"),
    [
        (died(7), died(4), 24, RelationKind.UPDATES),
        (died(7, BREL), died(4), 24, RelationKind.UPDATES),
        (died(3, BREL), died(4), 24, RelationKind.CONTRADICTS),
        (died(7, BREL), died(4), 1, RelationKind.CONTRADICTS),
        (died(4, BREL), died(4), 1, RelationKind.CORROBORATES),
        (said("people | injure | explosion mill ^brannock", numbers=((41, "people"),)), died(4), 24, None),
    ],
)
def test_a_number_that_differs_contradicts_or_is_newer(newer: Gist, older: Gist, hours: int, kind: RelationKind | None):
    found = tie(side(newer, 2, hours), side(older))
    assert (found.kind if found else None) == kind


def begins(day: str, by: str = RODEN, mode: Mode = Mode.FUTURE) -> Gist:
    return said("strike driver ^ostend | begin | rail", by=by, days=(day,), mode=mode)


@pytest.mark.parametrize(
    ("newer", "older", "kind"),
    [
        (begins("2026-03-08"), begins("2026-03-06"), RelationKind.UPDATES),
        (begins("2026-03-08", BREL), begins("2026-03-06"), RelationKind.CONTRADICTS),
        (begins("2026-03", BREL), begins("2026-03-06"), RelationKind.CORROBORATES),
        (begins("2025", BREL, Mode.DEED), begins("2024", RODEN, Mode.DEED), None),
        (begins("2026-03-06", BREL, Mode.DEED), begins("2026-03-06"), RelationKind.UPDATES),
    ],
)
def test_a_date_that_differs_contradicts_or_moves_and_other_years_are_other_matters(
    newer: Gist, older: Gist, kind: RelationKind | None
):
    found = tie(side(newer, 2, 24), side(older))
    assert (found.kind if found else None) == kind


def test_a_denial_points_from_the_denier_whichever_claim_came_first():
    found = tie(side(said(TOOK), 2, 24), side(DENIED))
    assert found is not None
    assert (found.kind, found.reversed) == (RelationKind.DENIES, True)


def test_evidence_tells_what_both_say_in_words():
    found = tie(side(died(7), 2, 24), side(died(4)))
    assert found is not None
    assert found.evidence[0] == "7 people against 4 people"
    assert names_of(("Both tell of: @2, mill",), {2: "Ilka Roden"}) == ("Both tell of: Ilka Roden, mill",)


def test_claims_without_a_name_or_person_in_common_are_not_tied():
    left, right = said("wolf | kill | sheep"), said("wolf | kill | sheep", NOT_SO, BREL)
    assert tie(Side(left, 1, "a", DAY), Side(right, 2, "b", DAY + timedelta(days=30))) is None


def placed(number: int, gist: Gist, start: int) -> Placed:
    return Placed(number, side(gist), start, start + 50)


THIS = Gist((), (VENN,), "deny", True, True, ())


def test_a_denial_of_this_is_of_the_nearest_claim_before_it_by_somebody_else():
    article = [placed(1, said(TOOK), 0), placed(2, said(TOOK, by=BREL), 60), placed(3, said(TOOK, by=VENN), 120)]
    found = pointed_at(placed(4, THIS, 200), article)
    assert found is not None
    assert found[0] == 2
    assert pointed_at(placed(4, THIS, 900), article) is None
    assert pointed_at(placed(4, DENIED, 200), article) is None


def test_a_sweeping_denial_is_of_what_the_denier_is_accused_of():
    sweeping = said("| ~wrongdoing |", NOT_SO, VENN, denies=True)
    charge = said(f"auditor | accuse | {VENN}", by="")
    assert accused(side(sweeping), side(charge)) is not None
    assert accused(side(sweeping), side(said(f"auditor | accuse | {BREL}", by=""))) is None
    assert accused(side(sweeping), side(said(f"auditor | praise | {VENN}", by=""))) is None
    assert accused(side(said(TOOK)), side(charge)) is None


@pytest.mark.parametrize(
    ("left", "right", "same", "opposite"),
    [
        ("evacuation", "evacuate", True, False),
        ("payment", "pay", True, False),
        ("die", "death", True, False),
        ("resign", "step_down", True, False),
        ("open", "close", False, True),
        ("safe", "unsafe", False, True),
        ("mill", "harbour", False, False),
    ],
)
def test_words_are_the_same_the_opposite_or_neither(left: str, right: str, same: bool, opposite: bool):
    assert are_same(root(left), root(right)) is same
    assert are_opposite(root(left), root(right)) is opposite


@given(st.text(min_size=1, max_size=30))
def test_a_root_is_never_empty_and_stays_the_same_for_names(word: str):
    assert root(word)
    assert root(f"^{word}") == f"^{word}"


def test_a_claim_has_a_handful_of_keys():
    words = " ".join(f"^name{number}" for number in range(30))
    keys = keys_of(said(f"{VENN} {words} | take | money bell fund {words}", numbers=((5000, "crown"), (12, "bell"))))
    assert "@1" in keys
    assert len(keys) <= 12
    assert keys_of(Gist()) == frozenset()


# ------------------------------------------------------------------------------------------ with a database


def claim(body: str, name: str, content: str, gist: Gist) -> Attribution:
    said_by = passage(body, name)
    told = Source(name, said_by.spans, 0)
    return Attribution(told, passage(body, "said"), passage(body, content), SURE, AttributionKind.SPEECH, gist)


async def bring(services: Services, prepared: Prepared, number: int, name: str, value: Factuality) -> int:
    """An article of a day in which somebody says, or denies, that Oskar Venn sold the pier."""
    body = f"{name} said Oskar Venn sold the pier. Paper {number}."
    people: tuple[NamedPerson, ...] = (named(body, name),)
    if name != "Oskar Venn":
        people = (*people, named(body, "Oskar Venn"))
    told = Statement(("@Oskar Venn",), "sell", ("pier", "harbour"), (), (), value, Mode.DEED)
    gist = Gist((told,), (f"@{name}",), "say", value is NOT_SO, False, ("@Oskar Venn", "sell", "pier"))
    metadata = Metadata(publisher=f"Paper {number}", date_published=f"2026-03-{number:02}")
    said_so = claim(body, name, "sold the pier", gist)
    prepared.results[body] = Extraction(metadata, people, (said_so,))
    taken = await intake.take_in(services, IncomingArticle(body, forward(ANN, number)))
    assert isinstance(taken, Taken)
    article = taken.article
    await reading.read(services, article, None)
    await relating.relate(services, article, "read")
    return article


async def told(services: Services, article: int) -> LedgerClaim:
    async with services.database.reading() as db:
        found = await with_relations(db, 1, await claims.of_article(db, 1, article))
    return found[0]


@ON_BOTH
async def test_a_denial_is_shown_with_both_claims(services: Services, prepared: Prepared):
    accusation = await bring(services, prepared, 3, "Ilka Roden", SURE)
    denial = await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    (tied,) = (await told(services, accusation)).related
    assert (tied.kind, tied.outgoing, tied.claim.article.id) == (RelationKind.DENIES, False, denial)
    (back,) = (await told(services, denial)).related
    assert (back.relation, back.outgoing, back.claim.article.id) == (tied.relation, True, accusation)
    assert tied.evidence[0] == "One denies what the other says"


async def test_independent_origins_are_counted(services: Services, prepared: Prepared):
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    assert (await told(services, first)).origins == 1
    await bring(services, prepared, 4, "Anna Brel", SURE)
    assert (await told(services, first)).origins == 2


@ON_BOTH
async def test_what_is_related_twice_is_kept_once(services: Services, prepared: Prepared):
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    second = await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    before = (await told(services, first)).related
    assert await relate_claims(services, 1, second) == set()
    assert (await told(services, first)).related == before


async def test_a_rejected_relation_is_never_suggested_again_until_that_is_withdrawn(
    services: Services, prepared: Prepared
):
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    second = await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    (tied,) = (await told(services, first)).related
    async with services.database.transaction() as db:
        judged = await judge_relation(db, 1, tied.relation, RelationState.REJECTED, EDITOR, services.clock())
    assert judged is not None
    assert judged[1] == {first, second}
    await reading.read(services, second, None, "again")
    await relate_claims(services, 1, second)
    assert (await told(services, first)).related == ()
    async with services.database.transaction() as db:
        correction = await corrections.find(db, 1, judged[0])
        assert correction is not None
        assert await withdraw_relation(db, 1, correction) == {first, second}
    (again,) = (await told(services, first)).related
    assert (again.kind, again.state) == (tied.kind, tied.state)


async def test_a_judgement_survives_claims_that_have_new_numbers(services: Services, prepared: Prepared):
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    second = await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    (tied,) = (await told(services, first)).related
    async with services.database.transaction() as db:
        judged = await judge_relation(db, 1, tied.relation, RelationState.CONFIRMED, EDITOR, services.clock())
        await db.run("DELETE FROM claims WHERE article_id = :article", article=second)
    await reading.read(services, second, None, "again")
    await relate_claims(services, 1, second)
    (again,) = (await told(services, first)).related
    assert again.state is RelationState.CONFIRMED
    async with services.database.reading() as db:
        stored = await relations.find(db, 1, again.relation)
    assert stored is not None and judged is not None
    assert stored.correction == judged[0]


async def test_a_judgement_on_a_relation_takes_the_place_of_the_one_before(services: Services, prepared: Prepared):
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    (tied,) = (await told(services, first)).related
    async with services.database.transaction() as db:
        one = await judge_relation(db, 1, tied.relation, RelationState.CONFIRMED, EDITOR, services.clock())
        await judge_relation(db, 1, tied.relation, RelationState.REJECTED, EDITOR, services.clock())
        assert one is not None
        ended = await corrections.find(db, 1, one[0])
    assert ended is not None
    assert ended.state is CorrectionState.UNDONE


async def test_no_other_collection_judges_or_sees_a_relation(services: Services, prepared: Prepared):
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    (tied,) = (await told(services, first)).related
    async with services.database.transaction() as db:
        other = (await chats.add(db, 0, chat_identity(200), "UTC", services.clock())).collection
        assert await judge_relation(db, other, tied.relation, RelationState.REJECTED, EDITOR, services.clock()) is None
        assert await relations.find(db, other, tied.relation) is None
        assert await relations.compared_of(db, other, first) == []


async def test_a_claim_that_cannot_be_compared_any_more_is_tied_to_nothing(services: Services, prepared: Prepared):
    """Its article was read anew, and what ties that one to others has not come to its turn."""
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    second = await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    assert (await told(services, second)).related
    async with services.database.transaction() as db:
        await db.run("UPDATE claims SET gist = NULL WHERE article_id = :article", article=first)
    await relate_claims(services, 1, second)
    assert (await told(services, second)).related == ()


async def test_an_article_without_claims_is_tied_to_nothing(services: Services):
    taken = await intake.take_in(services, IncomingArticle("Nothing here.", forward(ANN)))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, None)
    assert await relate_claims(services, 1, taken.article) == set()


@ON_SQLITE
async def test_a_card_changes_with_an_article_that_has_the_number_of_an_erased_one(
    services: Services, prepared: Prepared, clock: Clock
):
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    async with services.database.transaction() as db:
        await articles.set_card_message(db, first, ANN.id, 77)
    second = await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    await forget(services, ANN.id, second, EDITOR)
    clock.now += 2 * KEPT
    assert await erase_due(services) == 1
    async with services.database.transaction() as db:
        await db.run("UPDATE jobs SET state = 'done'")
    assert await bring(services, prepared, 5, "Oskar Venn", NOT_SO) == second
    async with services.database.reading() as db:
        rows = await db.all("SELECT key FROM jobs WHERE kind = 'send' AND state = 'ready'")
    assert any(row["key"].startswith(f"card:{first}:{ANN.id}:related") for row in rows)


async def test_cards_change_with_what_they_tell_or_not_at_all(
    services: Services, prepared: Prepared, monkeypatch: pytest.MonkeyPatch
):
    """A power cut between tying claims and showing it would leave the denied article's card as it was for ever."""
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    async with services.database.transaction() as db:
        await articles.set_card_message(db, first, ANN.id, 77)

    async def cut(*_: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(relating, "show_again", cut)
        with pytest.raises(OSError, match="power cut"):
            await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    assert (await told(services, first)).related == ()
    await relating.relate(services, first + 1, "read")
    assert len((await told(services, first)).related) == 1
    async with services.database.reading() as db:
        keys = [row["key"] for row in await db.all("SELECT key FROM jobs WHERE kind = 'send'")]
    assert any(key.startswith(f"card:{first}:{ANN.id}:related to {first + 1}") for key in keys)


def test_namesakes_who_stand_apart_are_two_unless_that_is_doubted() -> None:
    """Of one full name, only those who may be one are compared as one, and not surely; a single name is no name."""
    by_one = side(said(f"{VENN} | take | money bell fund", NOT_SO, VENN, denies=True))
    of_another = side(said(f"{BREL} | take | money bell fund"), 2)
    full, single = {1: "Ada Venn", 3: "Ada Venn"}, {1: "Venn", 3: "Venn"}
    doubted = {frozenset((VENN, BREL))}

    def ties(names: dict[int, str], doubted: set[frozenset[str]]) -> tuple[bool, bool]:
        left, right, sure = of_one_naming(by_one, of_another, names, doubted)
        return tie(left, right) is not None, sure

    assert ties(full, set()) == (False, True)
    assert ties(full, doubted) == (True, False)
    assert ties(single, set()) == (True, False)


async def test_a_judgement_is_open_again_only_where_the_words_of_its_claim_were_edited(
    services: Services, prepared: Prepared
):
    """The claim may stand where it stood: what was said of the words before is not said of those now."""
    first = await bring(services, prepared, 3, "Ilka Roden", SURE)
    await bring(services, prepared, 4, "Oskar Venn", NOT_SO)
    claim = await told(services, first)
    (tied,) = claim.related
    before = f"Roden told us {claim.text}. It rains."
    async with services.database.transaction() as db:
        judged = await judge_relation(db, 1, tied.relation, RelationState.REJECTED, EDITOR, services.clock())
        assert judged is not None
        states = []
        for now in (before.replace("rains", "snows"), before.replace(claim.text, "9" * len(claim.text))):
            await reopen_ties(services, db, 1, first, before, now)
            found = await corrections.find(db, 1, judged[0])
            assert found is not None
            states.append(found.state)
    assert states == [CorrectionState.STANDING, CorrectionState.REOPENED]
    (again,) = (await told(services, first)).related
    assert again.state is not RelationState.REJECTED


def notice(text: str, value: Factuality = NOT_SO) -> Gist:
    """What a notice of correction says."""
    return replace(said(text, value, by=""), claimant=(), cue=CORRECTING)


@pytest.mark.parametrize(
    ("wrong", "told", "tied"),
    [
        # The same in the same words, or the deed and the name that it is done to.
        (f"{VENN} | sell | pier ^ostrel", f"{VENN} | sell | pier ^ostrel", RelationState.CONFIRMED),
        (f"^marlow ^dredging | belong | {VENN} brother", f"company | belong | {VENN} brother", RelationState.CONFIRMED),
        # Only a name, or only words: perhaps.
        (f"^marlow | belong | {VENN}", f"company | belong | {VENN}", RelationState.SUGGESTED),
        ("bridge | cost | crown mayor", "span | cost | crown mayor", RelationState.SUGGESTED),
        # Another deed, or nothing in common beside it.
        (f"^marlow | belong | {VENN} brother", f"company | pay | {VENN} brother", None),
        ("bridge | cost | crown", "tunnel | cost | euro", None),
    ],
)
def test_a_correction_is_tied_to_what_its_outlet_told_before(wrong: str, told: str, tied: RelationState | None):
    found = rectified(side(notice(wrong), 2, 48, "outlet"), side(said(told), 1, 0, "outlet"))
    state = None if found is None else RelationState.CONFIRMED if found.score >= 0.85 else RelationState.SUGGESTED
    assert state is tied
    assert found is None or found.kind is RelationKind.UPDATES


def test_nobody_corrects_another_outlet_what_came_later_or_what_was_not_said():
    wrong, told = notice(f"{VENN} | sell | pier"), said(f"{VENN} | sell | pier")
    assert rectified(side(wrong, 2, 48, "outlet"), side(told, 1, 0, "outlet")) is not None
    assert rectified(side(wrong, 2, 48, "outlet"), side(told, 1, 0, "another")) is None
    assert rectified(side(wrong, 2, 0, "outlet"), side(told, 1, 48, "outlet")) is None
    assert rectified(side(told, 2, 48, "outlet"), side(told, 1, 0, "outlet")) is None
    assert rectified(side(wrong, 2, 48, "outlet"), side(said(f"{VENN} | sell | pier", NOT_SO), 1, 0, "outlet")) is None


def test_another_sum_for_a_named_subjects_deed_is_told_though_each_adds_to_what_the_other_says():
    one = side(said("^port ^office ^ostrel | pay | crown old wooden crane", numbers=((4e6, "crown"),)), 1, 0)
    other = side(said("^port ^office | pay | crown ^marlow ^brothers", by="paper", numbers=((7e6, "crown"),)), 2, 48)
    found = tie(other, one)
    assert found is not None
    assert (found.kind, found.score < 0.85) == (RelationKind.CONTRADICTS, True), "perhaps"
    unnamed = side(said("office | pay | crown old wooden crane", numbers=((4e6, "crown"),)), 1, 0)
    assert (
        tie(side(said("office | pay | crown iron ladder", by="paper", numbers=((7e6, "crown"),)), 2, 48), unnamed)
        is None
    )
