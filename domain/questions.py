"""Questions to the archive, and what it answers to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.ledger import Dossier, Finds, LedgerClaim, NobodyFound, PersonCount, PersonReference, Role, SeveralPersons


class Asked(StrEnum):
    """What is wanted: who somebody is, what they say or deny, who says or denies something, what is new, and so on.

    TRUE asks for claims together with those that confirm and deny them; FIND for wherever the words of the topic stand;
    OTHER is what the archive cannot answer, but may have something on.
    """

    WHO = "who"
    SAID = "said"
    SAYERS = "sayers"
    DENIED = "denied"
    DENIERS = "deniers"
    NEWS = "news"
    NAMED_WITH = "named_with"
    TRUE = "true"
    FIND = "find"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked, in the asker's words.

    ``subject`` may be a person or a topic: who knows the archive can tell. ``when`` is "since Monday" or the like.
    ``chosen`` is the number of the person whom the asker picked among several. A question that is not ``sure`` may be
    talk as well, and only deserves an answer where there is one.
    """

    asked: Asked
    person: str | None = None
    topic: str | None = None
    subject: str | None = None
    when: str | None = None
    chosen: int | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` up to, not including, ``until``; None where it is open."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimsFound:
    """A page, counted from 0, of the claims that answer a question, newest first.

    ``person`` is whom the question turned out to be about. The claims of an answer that is only ``near`` have some of
    the words that were asked for; those of one that is ``doubted`` doubt what was to be denied. ``denials`` are the
    numbers of the claims that deny what was to be said.
    """

    question: Question
    person: PersonReference | None
    claims: tuple[LedgerClaim, ...]
    period: Period = Period()
    page: int = 0
    has_older: bool = False
    near: bool = False
    doubted: bool = False
    denials: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Fellows:
    """With whom a person is named, most often first."""

    person: PersonReference
    fellows: tuple[PersonCount, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is said to hold an office; ``former``, where newer articles call them something else."""

    person: PersonReference
    role: Role
    former: bool


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds, or held, what was asked for, newest first."""

    question: Question
    holders: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class NothingFound:
    """No claim answers the question; ``person`` is whom it is about, where that much is known."""

    question: Question
    person: PersonReference | None
    period: Period = Period()


Answer = Dossier | SeveralPersons | NobodyFound | Holders | Finds | ClaimsFound | Fellows | NothingFound
