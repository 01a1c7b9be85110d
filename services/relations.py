"""What claims are to each other: repeated, corroborated, contradicted, denied, updated."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.chats import CollectionId
from domain.corrections import Correction, CorrectionKind, CorrectionState, Editor, NewCorrection
from domain.gists import Gist, persons_in, unpacked, with_persons
from domain.ledger import LedgerClaim, RelatedClaim, RelationKind, RelationState
from services.relation_rules.deciding import SURE, Side, Tie, names_of, tie
from services.relation_rules.keys import keys_of
from services.relation_rules.naming import Doubted, of_one_naming
from services.relation_rules.pointing import Placed, accused, pointed_at
from services.relation_rules.rectifying import rectified
from storage import claims, corrections, origins, relations, reprints
from storage.connection import Reader, Writer
from storage.relations import ComparedClaim, NewRelation, StoredRelation

# Pure computing goes to a thread in pieces of so many comparisons, so that the interpreter is shared.
PIECE = 150
# What is of one matter only if two namesakes are one person is suggested at most.
UNSURE = SURE - 0.01
# By so many rows somebody is looked up who may be others, too.
MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim with what it is compared by."""

    claim: ComparedClaim
    side: Side


@dataclass(frozen=True, slots=True)
class Material:
    """All that is needed to compare an article's claims: these, and by claim the keys and the candidates."""

    own: tuple[_Found, ...]
    others: Mapping[int, _Found]
    keys: Mapping[int, frozenset[str]]
    candidates: Mapping[int, tuple[int, ...]]
    names: Mapping[int, str]
    doubted: Doubted


async def gather(collection: CollectionId, article: int, db: Reader) -> Material:
    """Look up with which claims each claim of an article is to be compared."""
    own = await relations.compared_of(db, collection, article)
    gists = {claim.id: unpacked(claim.gist) for claim in own}
    keys = {number: keys_of(gist) for number, gist in gists.items()}
    members = await _who_may_be(db, {number for gist in gists.values() for number in persons_in(gist)})
    words = {number: {word for key in each for word in _for_all(key, members)} for number, each in keys.items()}
    aside = await reprints.group_of(db, article)
    seen_at = next((datetime.fromisoformat(claim.seen_at) for claim in own), None)
    candidates = await relations.candidates(db, collection, words, seen_at, aside) if seen_at else {}
    wanted = {number for each in candidates.values() for number in each}
    others = await relations.compared(db, collection, wanted)
    sides = await _sides(db, [*own, *others], gists)
    people = {number for side in sides.values() for number in persons_in(side.gist)}
    names = await relations.names_of(db, people)
    doubted = await relations.doubted(db, people)
    return Material(
        tuple(_Found(claim, sides[claim.id]) for claim in own),
        {claim.id: _Found(claim, sides[claim.id]) for claim in others},
        keys,
        candidates,
        names,
        {frozenset((f"@{one}", f"@{other}")) for one, other in doubted},
    )


async def keep(
    collection: CollectionId, article: int, material: Material, compared: Sequence[NewRelation], db: Writer
) -> set[int]:
    """Keep by what an article's claims are found, and what they were found to be to others that are still there.

    Return the articles that this concerns.
    """
    await relations.set_keys(db, collection, article, material.keys)
    there = await relations.there(db, collection, _numbers(compared, material.own))
    found = [one for one in compared if one.claim in there and one.other in there]
    mine = [number for number, where in there.items() if where == article]
    changed = await relations.replace(db, collection, mine, found)
    changed |= await _judge_again(db, collection, article)
    return await relations.articles_of(db, changed)


def _numbers(found: Iterable[NewRelation], own: Iterable[_Found]) -> set[int]:
    return {number for one in found for number in (one.claim, one.other)} | {each.claim.id for each in own}


async def _who_may_be(db: Reader, persons: Collection[int]) -> dict[int, set[int]]:
    """Return for each person all rows that are the same person, or may be."""
    same = await relations.fellows(db, persons)
    open_pairs = await relations.doubted(db, {number for rows in same.values() for number in rows})
    doubted = await relations.fellows(db, {other for _, other in open_pairs})
    found = {person: set(rows) for person, rows in same.items()}
    for one, other in sorted(open_pairs):
        for person, rows in same.items():
            if one in rows and len(found[person]) < MOST_ROWS:
                found[person] |= set(doubted[other])
    return found


def _for_all(key: str, members: Mapping[int, Collection[int]]) -> list[str]:
    """Return a key, one of a person for all rows that are, or may be, the same person."""
    number = key[1:]
    if not key.startswith("@") or not number.isdecimal():
        return [key]
    return [f"@{member}" for member in members.get(int(number), (int(number),))]


async def _sides(db: Reader, found: Sequence[ComparedClaim], known: Mapping[int, Gist]) -> dict[int, Side]:
    gists = {claim.id: known.get(claim.id) or unpacked(claim.gist) for claim in found}
    articles = {claim.article for claim in found}
    people = await relations.people_of(db, articles)
    every = {number for gist in gists.values() for number in persons_in(gist)}
    every |= {number for numbers in people.values() for number in numbers}
    canonical = await relations.canonical(db, every)
    others = {str(number): other for number, other in canonical.items() if other != number}
    whence = await origins.origins_of(db, articles)
    return {
        claim.id: Side(
            with_persons(gists[claim.id], others) if others else gists[claim.id],
            claim.article,
            whence.get(claim.article, ""),
            datetime.fromisoformat(claim.seen_at),
            frozenset(canonical.get(number, number) for number in people.get(claim.article, ())),
        )
        for claim in found
    }


async def compared(material: Material) -> list[NewRelation]:
    """Compare off the event loop, a piece at a time."""
    pairs = list(_pairs(material))
    found: list[NewRelation] = []
    for start in range(0, len(pairs), PIECE):
        found += await asyncio.to_thread(_relations, pairs[start : start + PIECE], material)
        await asyncio.sleep(0)
    return _best([*found, *_pointing(material)])


def _pairs(material: Material) -> Iterator[tuple[_Found, _Found]]:
    for one in material.own:
        for number in material.candidates[one.claim.id]:
            # Its article may have been erased since it was found by its keys, or read anew, and say nothing there.
            if number in material.others:
                yield one, material.others[number]
    for index, one in enumerate(material.own):
        for other in material.own[:index]:
            if not _overlap(one.claim, other.claim):
                yield one, other


def _overlap(one: ComparedClaim, other: ComparedClaim) -> bool:
    return any(left[0] < right[1] and right[0] < left[1] for left in one.spans for right in other.spans)


def _relations(pairs: Sequence[tuple[_Found, _Found]], material: Material) -> list[NewRelation]:
    found = []
    for one, other in pairs:
        left, right, sure = of_one_naming(one.side, other.side, material.names, material.doubted)
        alike = tie(left, right)
        if alike is not None and not sure:
            alike = replace(alike, score=min(alike.score, UNSURE))
        corrected = rectified(one.side, other.side) or _turned(rectified(other.side, one.side))
        for decided in (corrected, alike, accused(one.side, other.side), _turned(accused(other.side, one.side))):
            if decided is not None:
                found.append(_relation(one.claim.id, other.claim.id, decided, material.names))
                break
    return found


def _turned(found: Tie | None) -> Tie | None:
    return replace(found, reversed=True) if found else None


def _pointing(material: Material) -> list[NewRelation]:
    placed = [
        Placed(one.claim.id, one.side, one.claim.spans[0][0], one.claim.spans[-1][1])
        for one in material.own
        if one.claim.spans
    ]
    found = ((one.number, pointed_at(one, placed)) for one in placed)
    return [_relation(number, at[0], at[1], material.names) for number, at in found if at is not None]


def _relation(one: int, other: int, decided: Tie, names: Mapping[int, str]) -> NewRelation:
    state = RelationState.CONFIRMED if decided.score >= SURE else RelationState.SUGGESTED
    first, second = (other, one) if decided.reversed else (one, other)
    score = round(decided.score, 3)
    return NewRelation(first, second, decided.kind, state, score, names_of(decided.evidence, names))


def _best(found: Iterable[NewRelation]) -> list[NewRelation]:
    """Return one relation for each two claims, the surest."""
    best: dict[frozenset[int], NewRelation] = {}
    for one in found:
        pair = frozenset((one.claim, one.other))
        if pair not in best or one.score > best[pair].score:
            best[pair] = one
    return list(best.values())


async def with_relations(db: Reader, collection: CollectionId, claims_: Sequence[LedgerClaim]) -> list[LedgerClaim]:
    """Return the claims with those that are tied to them, and with the count of their independent origins.

    What a reprint only says again is left out.
    """
    stored = await relations.of_claims(db, [claim.id for claim in claims_])
    if not stored:
        return list(claims_)
    ends = {number for one in stored for number in (one.relation.claim, one.relation.other)}
    known = {claim.id: claim for claim in await claims.by_numbers(db, collection, ends)}
    whence = await origins.origins_of(db, {claim.article.id for claim in (*known.values(), *claims_)})
    return [_with(claim, stored, known, whence) for claim in claims_]


def _with(
    claim: LedgerClaim, stored: Sequence[StoredRelation], known: Mapping[int, LedgerClaim], whence: Mapping[int, str]
) -> LedgerClaim:
    related = sorted(
        (
            _related(one, outgoing, known[other])
            for one in stored
            for outgoing, other in _ends(one, claim.id)
            if other in known
        ),
        key=lambda one: (list(RelationKind).index(one.kind), -one.score, one.claim.article.seen_at, one.claim.id),
    )
    telling = [one.claim.article.id for one in related if one.kind in (RelationKind.REPEATS, RelationKind.CORROBORATES)]
    counted = {whence.get(article, str(article)) for article in (claim.article.id, *telling)}
    return replace(claim, related=tuple(related), origins=len(counted))


def _ends(one: StoredRelation, claim: int) -> Iterator[tuple[bool, int]]:
    if one.relation.claim == claim:
        yield True, one.relation.other
    if one.relation.other == claim:
        yield False, one.relation.claim


def _related(one: StoredRelation, outgoing: bool, claim: LedgerClaim) -> RelatedClaim:
    told = one.relation
    return RelatedClaim(one.id, told.kind, told.state, outgoing, told.score, told.evidence, claim)


async def judge_relation(
    db: Writer, collection: CollectionId, relation: int, state: RelationState, editor: Editor, now: datetime
) -> tuple[int, set[int]] | None:
    """Keep that somebody confirms or rejects a relation; None where the collection has no such relation.

    Return the correction's number and the articles that it concerns. The machine leaves the two claims alone then.
    """
    stored = await relations.find(db, collection, relation)
    if stored is None:
        return None
    if stored.correction is not None:
        await corrections.end(db, stored.correction, CorrectionState.UNDONE, editor.name, now)
    told = stored.relation
    both = {
        claim.id: claim for claim in await claims.by_numbers(db, collection, {told.claim, told.other}, reprinted=True)
    }
    said = {
        "kind": told.kind.value,
        "score": told.score,
        "evidence": list(told.evidence),
        "claims": [_anchor(both[told.claim]), _anchor(both[told.other])],
    }
    corrected = {"state": state.value}
    made = NewCorrection(CorrectionKind.RELATION, None, None, said, corrected, editor)
    number = await corrections.add(db, collection, made, now)
    await relations.judge(db, collection, replace(told, state=state), number)
    return number, {claim.article.id for claim in both.values()}


def _anchor(claim: LedgerClaim) -> dict[str, Any]:
    """Return what finds a claim again when its article has been read anew."""
    return {
        "article": claim.article.id,
        "text": claim.text,
        "claimant": claim.claimant.text if claim.claimant else None,
    }


async def withdraw_relation(db: Writer, collection: CollectionId, correction: Correction) -> set[int]:
    """Let the machine's word hold again where a correction on a relation is undone; return the articles concerned."""
    stored = await relations.judged_by(db, collection, correction.id)
    if stored is None:
        return set()
    score = float(correction.new.said["score"])
    state = RelationState.CONFIRMED if score >= SURE else RelationState.SUGGESTED
    await relations.judge(db, collection, replace(stored.relation, state=state), None)
    return await relations.articles_of(db, {stored.relation.claim, stored.relation.other})


async def _judge_again(db: Writer, collection: CollectionId, article: int) -> set[int]:
    """Let what people judged hold for the claims of an article that was read anew; return the claims concerned."""
    changed: set[int] = set()
    for correction in await relations.judgements(db, collection):
        if article not in [told["article"] for told in correction.new.said["claims"]]:
            continue
        ends = [await _again(db, collection, told) for told in correction.new.said["claims"]]
        if None in ends:
            continue
        first, second = (number for number in ends if number is not None)
        said = correction.new.said
        relation = NewRelation(
            first,
            second,
            RelationKind(said["kind"]),
            RelationState(correction.new.corrected["state"]),
            float(said["score"]),
            tuple(said["evidence"]),
        )
        before = await relations.between(db, first, second)
        if [(one.relation, one.correction) for one in before] != [(relation, correction.id)]:
            await relations.judge(db, collection, relation, correction.id)
            changed |= {first, second}
    return changed


async def _again(db: Reader, collection: CollectionId, told: Mapping[str, Any]) -> int | None:
    """Return the claim of an article with the words that a correction was about."""
    found = [claim for claim in await claims.of_article(db, collection, told["article"]) if claim.text == told["text"]]
    same = [claim for claim in found if (claim.claimant.text if claim.claimant else None) == told["claimant"]]
    return next((claim.id for claim in (*same, *found)), None)
