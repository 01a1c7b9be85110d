"""What claims are to each other: repeated, corroborated, contradicted, denied, updated."""

from collections.abc import Sequence

from domain.ledger import LedgerClaim
from services import Services
from storage.connection import Reader


async def relate_claims(services: Services, collection: int, article: int) -> set[int]:
    """Find what the claims of an article, read just now, are to others, and return the articles that it concerns."""
    return set()


async def with_relations(db: Reader, collection: int, claims: Sequence[LedgerClaim]) -> list[LedgerClaim]:
    """Return the claims with those that are tied to them, and with the count of their independent origins."""
    return list(claims)
