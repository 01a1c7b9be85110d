"""Stories: articles about the same events, grouped over a few days."""

from dataclasses import dataclass
from datetime import datetime

from domain.ledger import ArticleReference, LedgerClaim, StoryReference


@dataclass(frozen=True, slots=True)
class Story:
    """A page of a story: articles newest first, and on the first page what they say above all.

    ``since`` and ``until`` are the days of its first and its last article; ``claims`` are key claims, those that most
    origins report first, each said once.
    """

    reference: StoryReference
    since: datetime
    until: datetime
    articles: tuple[ArticleReference, ...]
    claims: tuple[LedgerClaim, ...]
    page: int
    has_older: bool
