"""What the ledger answers: cards of articles, dossiers of persons, finds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.articles import ArticleState, Forward
from domain.extraction import AttributionKind, Factuality, FailureReason, Metadata, NamedPerson, Reading


@dataclass(frozen=True, slots=True)
class ArticleReference:
    """The article that a line comes from, and the message that the line leads back to.

    ``seen_at`` is the article's own date where it has one (``dated``), else when it was received. ``opening`` is how
    the text of one without a headline begins.
    """

    id: int
    headline: str | None
    publisher: str | None
    seen_at: datetime
    forward: Forward | None
    dated: bool = True
    opening: str | None = None


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who says it: ``text`` in the article's words; where it is a person we keep, also their number and name."""

    text: str
    person: int | None = None
    name: str | None = None
    job_title: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerClaim:
    """A proposition an article makes or reports.

    ``claimant`` is None where the article says it in its own voice, or where the source stays unnamed
    (``kind`` is then set). ``cue`` is the words by which the article ties the claim to its claimant; ``lead_in`` is
    its words between claimant and text ("has denied", "told reporters that"), where it has them in that order.
    ``rank`` counts an article's key claims from 1; others have None. ``origins`` counts the independent origins that
    report it, this one included; ``related`` are the claims of this and other articles that are tied to it.
    """

    id: int
    text: str
    factuality: Factuality
    kind: AttributionKind | None
    claimant: Claimant | None
    cue: str | None
    lead_in: str | None
    rank: int | None
    article: ArticleReference
    related: tuple["RelatedClaim", ...] = ()
    origins: int = 1

    @property
    def is_correction(self) -> bool:
        """Whether the outlet itself takes back in it what it told before; ``cue`` is then the notice's opening."""
        return self.kind is None and self.cue is not None


class RelationKind(StrEnum):
    """What one claim is to another one, told before it or beside it."""

    REPEATS = "repeats"
    CORROBORATES = "corroborates"
    CONTRADICTS = "contradicts"
    DENIES = "denies"
    UPDATES = "updates"


class RelationState(StrEnum):
    """SUGGESTED by the machine until it is sure or a person has CONFIRMED or REJECTED it."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RelatedClaim:
    """A claim that is tied to another one.

    ``outgoing`` says whose deed it is: of a denial, the claim at hand denies ``claim`` where it is true, and is denied
    by it where it is not. ``score`` is from 0 to 1; ``evidence`` tells in words what led to it.
    """

    relation: int
    kind: RelationKind
    state: RelationState
    outgoing: bool
    score: float
    evidence: tuple[str, ...]
    claim: LedgerClaim


@dataclass(frozen=True, slots=True)
class Card:
    """What a chat is shown of one article; claims are the key claims, best first, then the others in text order.

    ``reprint_of`` is the article that it is over again, where it is; ``reprints`` counts all reprints of that one, or
    of this one. ``watched`` are those whom the chat watches and the article names.
    """

    article: ArticleReference
    state: ArticleState
    failure: FailureReason | None
    metadata: Metadata
    claims: tuple[LedgerClaim, ...]
    people: tuple[NamedPerson, ...]
    reprint_of: ArticleReference | None = None
    reprints: int = 0
    reading: Reading = Reading.FULL
    story: "StoryReference | None" = None
    watched: tuple[str, ...] = ()

    @property
    def key_claims(self) -> tuple[LedgerClaim, ...]:
        """The few claims that sum the article up, best first."""
        return tuple(claim for claim in self.claims if claim.rank is not None)


@dataclass(frozen=True, slots=True)
class StoryReference:
    """Articles about the same events: how many, and of how many independent origins."""

    id: int
    headline: str
    articles: int
    origins: int


@dataclass(frozen=True, slots=True)
class PersonReference:
    """A person to choose from; ``role`` and ``last_seen`` tell them from another one of the same name."""

    id: int
    name: str
    articles: int
    role: str | None = None
    last_seen: datetime | None = None

    @property
    def called(self) -> str:
        """The name, with the role that tells it from the same name of another one."""
        return f"{self.name}, {self.role}" if self.role else self.name


@dataclass(frozen=True, slots=True)
class Role:
    """A job title as an article gave it, and when that article is from."""

    job_title: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a collection knows of a person: roles and claims newest first, the claims of one page.

    ``first_seen`` and ``last_seen`` are None where no article names the person any more. ``origins`` counts the
    independent origins of the articles; ``named_with`` are those whom most of them name, too; ``denied`` counts the
    claims about the person that are denied.
    """

    person: PersonReference
    names: tuple[str, ...]
    roles: tuple[Role, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    claims_by: tuple[LedgerClaim, ...]
    claims_about: tuple[LedgerClaim, ...]
    page: int
    has_older: bool
    origins: int = 0
    named_with: tuple["PersonCount", ...] = ()
    denied: int = 0


@dataclass(frozen=True, slots=True)
class SeveralPersons:
    """More than one person bears the name."""

    candidates: tuple[PersonReference, ...]


@dataclass(frozen=True, slots=True)
class NobodyFound:
    """Nobody bears the name; ``nearest`` are those whose names are spelt most like it."""

    asked: str
    nearest: tuple[PersonReference, ...]


WhoAnswer = Dossier | SeveralPersons | NobodyFound


@dataclass(frozen=True, slots=True)
class BatchItem:
    """An article of a batch, or, for the ``problem``, none; ``known`` where it was here before, ``what`` names it."""

    what: str
    article: ArticleReference | None
    state: ArticleState | None
    known: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Many articles brought in a row; ``message`` tells of them all, as an answer to ``first_message``."""

    id: int
    chat: int
    thread_id: int | None
    first_message: int
    message: int | None
    items: tuple[BatchItem, ...]

    @property
    def under_way(self) -> int:
        """How many are still to be read."""
        return sum(item.state is ArticleState.RECEIVED for item in self.items)


@dataclass(frozen=True, slots=True)
class Finds:
    """A page, counted from 0, of what a search for words found, newest first."""

    asked: str
    claims: tuple[LedgerClaim, ...]
    articles: tuple[ArticleReference, ...]
    page: int = 0
    has_older: bool = False


@dataclass(frozen=True, slots=True)
class PersonCount:
    """How many articles, of a digest or together with somebody else, name a person."""

    name: str
    articles: int
    person: int = 0
