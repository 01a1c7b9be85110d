"""Judgements on who is who: somebody says that two persons are one, or are not, or that they do not know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.chats import CollectionId
from domain.corrections import Clue, Correction, CorrectionKind, CorrectionState, Editor, NewCorrection, Verdict
from domain.identity import (
    Comparison,
    Contradicts,
    JudgementOutcome,
    KeptApart,
    Merged,
    Noted,
    OneAlready,
    UnknownPerson,
)
from domain.ledger import PersonReference
from services import Services
from services.access import Right, allowed
from services.cards import show_again
from storage import corrections, identity, persons, places
from storage.connection import Reader, Writer
from storage.identity import Judged

# Who judges of its own accord; in no chat, so that nobody's "undo the last one" takes it.
MACHINE = Editor(0, "Presswatch", 0)
# Of whoever is named in more articles, so many of the newest cards are brought up to date.
CARDS = 30
_KINDS = {
    Verdict.SAME: CorrectionKind.SAME_PERSON,
    Verdict.DIFFERENT: CorrectionKind.DIFFERENT_PERSONS,
    Verdict.UNSURE: CorrectionKind.UNSURE,
}


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two rows, and who they are shown as."""

    left: int
    right: int
    one: PersonReference
    other: PersonReference


async def judge(
    services: Services, chat: int, left: int, right: int, verdict: Verdict, editor: Editor
) -> JudgementOutcome:
    """Keep what somebody says of two persons of the chat's collection, unless an earlier judgement says otherwise.

    Saying the same again changes nothing and returns the correction that holds.
    """
    async with services.database.transaction() as db:
        known = await allowed(db, chat, Right.CORRECT)
        if known is None:
            return UnknownPerson(left)
        one = await persons.find(db, known.collection, left)
        other = await persons.find(db, known.collection, right)
        if one is None or other is None:
            return UnknownPerson(left if one is None else right)
        if left == right:
            return OneAlready(one)
        pair = _Pair(left, right, one, other)
        return await _judge(services, db, known.collection, pair, verdict, editor)


async def join(db: Writer, collection: CollectionId, one: int, other: int, found: Comparison, now: datetime) -> bool:
    """Judge of the machine's own accord that two rows are one person, and return whether nobody says otherwise.

    It is kept as a correction like people's judgements: shown by ``/history``, with the evidence, and taken back by its
    number. Who says that they are two, or does not know, or has taken it back, is not talked over.
    """
    if await identity.is_spoken_of(db, await identity.group_of(db, one), await identity.group_of(db, other)):
        return False
    left, right = await persons.find(db, collection, one), await persons.find(db, collection, other)
    if left is None or right is None or left.id == right.id:
        return False
    pair = _Pair(one, other, left, right)
    number = await corrections.add(
        db, collection, _correction(pair, Verdict.SAME, MACHINE, [each.clue for each in found.evidence]), now
    )
    await identity.judge(db, one, other, Verdict.SAME, number)
    await settle(db, one)
    return True


async def withdraw(db: Writer, collection: CollectionId, correction: Correction) -> Sequence[int]:
    """Take back a judgement that was made by a correction of the collection, and return whom it was about.

    What other judgements say holds.
    """
    rows = await identity.withdraw(db, correction.id)
    if correction.new.editor == MACHINE and len(rows) > 1:
        # Nor does the machine join them again.
        await identity.judge(db, rows[0], rows[1], Verdict.UNSURE, correction.id)
    for person in rows:
        await settle(db, person)
    return rows


async def settle(db: Writer, person: int) -> int:
    """Show a person's group as the standing judgements leave it, and return the row by which it is shown."""
    group = await identity.group_of(db, person)
    canonical = await persons.fullest(db, group)
    await identity.show_by(db, group, canonical)
    return canonical


async def _judge(
    services: Services, db: Writer, collection: CollectionId, pair: _Pair, verdict: Verdict, editor: Editor
) -> JudgementOutcome:
    said = await identity.judged(db, pair.left, pair.right)
    if said is not None and said.verdict is verdict:
        return await _outcome(db, collection, said.correction, pair, verdict)
    earlier = await _against(db, pair, verdict)
    if earlier is not None:
        found = await corrections.find(db, collection, earlier.correction)
        assert found is not None  # noqa: S101  # a judgement goes with its correction
        return Contradicts(found, pair.one, pair.other)
    before = await corrections.find(db, collection, said.correction) if said is not None else None
    if said is not None and before is not None and before.state is CorrectionState.STANDING:
        # Somebody knows now what nobody knew before.
        await corrections.end(db, said.correction, CorrectionState.UNDONE, editor.name, services.clock())
    number = await corrections.add(db, collection, _correction(pair, verdict, editor), services.clock())
    await identity.judge(db, pair.left, pair.right, verdict, number)
    for person in (pair.left, pair.right):
        await settle(db, person)
    if verdict is Verdict.SAME:
        await show_named(services, db, collection, (pair.left, pair.right), f"correction {number}")
    return await _outcome(db, collection, number, pair, verdict)


async def show_named(
    services: Services, db: Writer, collection: CollectionId, people: Sequence[int], occasion: str
) -> None:
    """Bring the newest cards up to date that name any of these people: they are called otherwise now."""
    found = [await places.articles_naming(db, collection, person, CARDS, 0) for person in people]
    for article in sorted({article for named in found for article, _ in named}):
        await show_again(services, db, article, occasion)


async def _against(db: Reader, pair: _Pair, verdict: Verdict) -> Judged | None:
    """Return an earlier judgement with which a verdict does not agree."""
    group = await identity.group_of(db, pair.left)
    if pair.right in group:
        return None if verdict is Verdict.SAME else _newest_between(group, pair.right)
    if verdict is Verdict.DIFFERENT:
        return None
    return await identity.kept_apart(db, group, await identity.group_of(db, pair.right))


def _newest_between(group: Mapping[int, Judged | None], person: int) -> Judged | None:
    """Return the newest of the judgements that lead from a group's first row to another one."""
    way = []
    while (step := group[person]) is not None:
        way.append(step)
        person = step.left if person == step.right else step.right
    return max(way, key=lambda step: step.correction, default=None)


def _correction(pair: _Pair, verdict: Verdict, editor: Editor, evidence: Sequence[Clue] = ()) -> NewCorrection:
    """Return a judgement for the log: the two rows, named as they are shown at this moment."""
    two = [{"id": pair.left, "name": pair.one.name}, {"id": pair.right, "name": pair.other.name}]
    says = {"verdict": verdict.value} | ({"evidence": [each.to_json() for each in evidence]} if evidence else {})
    return NewCorrection(_KINDS[verdict], None, None, {"persons": two}, says, editor)


async def _outcome(
    db: Reader, collection: CollectionId, correction: int, pair: _Pair, verdict: Verdict
) -> JudgementOutcome:
    if verdict is Verdict.DIFFERENT:
        return KeptApart(correction, pair.one, pair.other)
    if verdict is Verdict.UNSURE:
        return Noted(correction, pair.one, pair.other)
    shown = await persons.find(db, collection, pair.left)
    assert shown is not None  # noqa: S101  # it was found in this transaction
    return Merged(correction, shown)
