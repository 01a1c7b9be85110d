"""What a digest says, and what its readers have been told by it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.corrections import Correction
from domain.extraction import Factuality
from domain.ledger import ArticleReference, LedgerClaim


class Change(StrEnum):
    """How a claim has changed since it was told."""

    DENIED = "denied"
    """More claims deny or contradict it."""
    FACTUALITY = "factuality"
    REWORDED = "reworded"
    """It says something else now, or somebody else says it."""
    ORIGINS = "origins"
    """Many more independent origins report it."""
    UPDATING = "updating"
    """It is new, and tells otherwise what was told before."""


@dataclass(frozen=True, slots=True)
class ToldClaim:
    """How a claim stood when it was told.

    ``told_as`` is the claim whose words were shown: the claim itself, or one that it repeats. ``denials`` counts the
    claims that denied or contradicted it for sure; ``words`` is a checksum of who says what.
    """

    claim: int
    told_as: int
    factuality: Factuality
    origins: int
    denials: int
    words: int


@dataclass(frozen=True, slots=True)
class DigestClaim:
    """A claim of a digest; one with a ``change`` was told before and has changed since, or changes what was told.

    ``told`` is what its reader has been told; ``shown`` are the claims whose words stand there, it and those below it.
    """

    claim: LedgerClaim
    told: tuple[ToldClaim, ...]
    shown: tuple[int, ...]
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class DigestStory:
    """What is new of a story, which goes by ``headline``, or else by that of the newest article.

    ``articles`` counts the new ones and ``origins`` their independent origins; both are 0 where only claims have
    changed that were told before. ``number`` is None where no other article belongs to the story. ``lead`` so many of
    the claims stand at once, the others behind them, and ``more`` are left out.
    """

    number: int | None
    headline: str | None
    newest: ArticleReference
    articles: int
    origins: int
    claims: tuple[DigestClaim, ...] = ()
    lead: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True)
class PersonOfTheDay:
    """How many new articles name a person, and how many more or less that is than in as long a time before.

    ``change`` is None where there is nothing to compare with; ``is_new`` says that no article named them before.
    """

    name: str
    articles: int
    change: int | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps a digest from being whole.

    ``unread`` articles have waited to be read since ``unread_since``, ``untied`` ones to be tied to others since
    ``untied_since``; ``failed`` ones could not be read.
    """

    unread: int = 0
    unread_since: datetime | None = None
    untied: int = 0
    untied_since: datetime | None = None
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ComposedDigest:
    """What is new from ``since`` up to, not including, ``until``: stories by weight, the weightiest first.

    ``articles`` counts all that were read, ``reprints`` those that were articles over again; ``more_stories`` are left
    out here. ``corrections`` are of what
    was told before, oldest first, and ``corrected`` are the claims as they stand after them. ``delivery`` is None for
    one that somebody asked for. A picture of the people follows one that is ``pictured``.
    """

    since: datetime
    until: datetime
    articles: int
    stories: tuple[DigestStory, ...] = ()
    more_stories: int = 0
    people: tuple[PersonOfTheDay, ...] = ()
    corrections: tuple[Correction, ...] = ()
    more_corrections: int = 0
    corrected: tuple[ToldClaim, ...] = ()
    trouble: Trouble | None = None
    delivery: int | None = None
    reprints: int = 0
    pictured: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is new."""
        return not self.stories and not self.corrections


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is new, and nothing is to be said then."""


@dataclass(frozen=True, slots=True)
class StoryList:
    """A page, counted from 0, of all stories of a digest, the weightiest first."""

    stories: tuple[DigestStory, ...]
    page: int
    has_more: bool
