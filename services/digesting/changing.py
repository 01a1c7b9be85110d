"""What has changed of claims that were told before."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zlib import crc32

from domain.chats import CollectionId
from domain.digests import Change, DigestClaim, ToldClaim
from domain.ledger import LedgerClaim, RelatedClaim, RelationState
from services.digesting.choosing import DISPUTING, SAME
from services.relations import with_relations
from storage import claims, digested
from storage.connection import Reader

# What was told longer ago is no news any more, however it has changed; of more, the newest so many are looked at.
LOOKED_BACK = timedelta(days=14)
MOST_LOOKED_AT = 400
# So many more origins are worth a second word, if they are also twice as many.
MORE_ORIGINS = 2
# The worst first.
_ORDER = tuple(Change)


async def changed(db: Reader, collection: CollectionId, subscription: int, until: datetime) -> list[DigestClaim]:
    """Return the claims that a subscription was told and that are not any more what they were."""
    told = await digested.shown(db, subscription, until - LOOKED_BACK, MOST_LOOKED_AT)
    before = {each.claim: each for each in told}
    now = await with_relations(db, collection, await claims.by_numbers(db, collection, before))
    found = [
        DigestClaim(claim, told_now(claim), (claim.id,), change)
        for claim in now
        if (change := _change(before[claim.id], claim))
    ]
    return sorted(found, key=lambda each: (_ORDER.index(each.change or Change.ORIGINS), -each.claim.id))


def told_now(claim: LedgerClaim, beside: Iterable[int] = ()) -> tuple[ToldClaim, ...]:
    """Return how a claim stands, and with it all that say the same, so that none of them is told by itself.

    So it is with claims ``beside`` it, as those that deny it, which are told below it.
    """
    below = set(beside)
    with_it = [tie.claim for tie in claim.related if tie.kind in SAME or tie.claim.id in below]
    denials = len(denials_of(claim))
    return tuple(
        ToldClaim(each.id, claim.id, each.factuality, claim.origins, denials, words_of(each))
        for each in (claim, *with_it)
    )


def denials_of(claim: LedgerClaim) -> list[RelatedClaim]:
    """Return what denies or contradicts a claim for sure."""
    return [
        tie
        for tie in claim.related
        if tie.kind in DISPUTING and not tie.outgoing and tie.state is RelationState.CONFIRMED
    ]


def words_of(claim: LedgerClaim) -> int:
    """Return a checksum of who says what, in the article's words."""
    who = claim.claimant.text if claim.claimant else ""
    return crc32(f"{who}|{claim.text}".encode())


def _change(before: ToldClaim, now: LedgerClaim) -> Change | None:
    if len(denials_of(now)) > before.denials:
        return Change.DENIED
    if now.factuality is not before.factuality:
        return Change.FACTUALITY
    if words_of(now) != before.words:
        return Change.REWORDED
    if now.origins >= before.origins + MORE_ORIGINS and now.origins >= 2 * before.origins:
        return Change.ORIGINS
    return None
