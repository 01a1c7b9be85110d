"""What becomes of a wish to put something right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.corrections import Correction, CorrectionKind
from domain.extraction import Factuality
from domain.ledger import ArticleReference, LedgerClaim, PersonReference, RelationKind, RelationState


@dataclass(frozen=True, slots=True)
class Made:
    """The correction of this number holds from now on."""

    correction: Correction


@dataclass(frozen=True, slots=True)
class NotHere:
    """The chat's archive has no such article, claim, person or correction (any more)."""


@dataclass(frozen=True, slots=True)
class NothingToChange:
    """It is so already; ``holds`` says what, in words."""

    holds: str


class Unclear(StrEnum):
    """Why what was typed cannot be taken."""

    NO_NAME = "no name"
    NO_DATE = "no date"
    NOT_YET = "not yet"
    NO_WORDS = "no words"
    TOO_LONG = "too long"


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What was typed cannot be taken; ``about`` is what it was to be, ``length`` is counted in characters."""

    why: Unclear
    about: CorrectionKind | None = None
    day: date | None = None
    length: int = 0
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Undone:
    """The correction does not hold any more."""

    correction: Correction


@dataclass(frozen=True, slots=True)
class EndedBefore:
    """The correction has ceased to hold before."""

    correction: Correction


@dataclass(frozen=True, slots=True)
class CannotUndo:
    """The article's text has come again since, as another article, so the forgotten one cannot come back."""


Correcting = Made | NotHere | NothingToChange | NotUnderstood
Undoing = Undone | EndedBefore | CannotUndo | NotHere


@dataclass(frozen=True, slots=True)
class ClaimPlace:
    """A claim with its place in its article; ``source`` and ``person`` are who says it, as it stands now."""

    id: int
    text: str
    factuality: Factuality
    attributed: bool
    source: str | None
    person: int | None


@dataclass(frozen=True, slots=True)
class PersonPlace:
    """A person of an article; ``id`` is the row under which the article files them, ``shown_as`` who that is."""

    id: int
    name: str
    shown_as: PersonReference


@dataclass(frozen=True, slots=True)
class TiePlace:
    """What a claim of an article is to another claim; ``outgoing`` as in ``domain.ledger.RelatedClaim``."""

    relation: int
    kind: RelationKind
    state: RelationState
    outgoing: bool
    claim: LedgerClaim
    other: LedgerClaim


@dataclass(frozen=True, slots=True)
class Correctable:
    """What can be put right in an article."""

    article: ArticleReference
    values: Mapping[CorrectionKind, str | None]
    claims: tuple[LedgerClaim, ...]
    people: tuple[PersonPlace, ...]
    ties: tuple[TiePlace, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A correction and the article that it is about, if it is about one that is here."""

    correction: Correction
    article: ArticleReference | None


@dataclass(frozen=True, slots=True)
class Edit:
    """What an article's text said until a moment, and what it said from then on: the words that differ."""

    at: datetime
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class History:
    """A page of what was corrected, newest first; of one article, also how its text was edited."""

    entries: tuple[HistoryEntry, ...]
    page: int
    has_older: bool
    article: ArticleReference | None = None
    edits: tuple[Edit, ...] = ()
