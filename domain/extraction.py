"""What one article says: people, attributions and key claims, with offsets into its text.

An attribution is source, cue and content, as in the PARC and PolNeAR corpora (Pareti 2012; Newell et al. 2018).
Factuality is relative to the source, with the values of FactBank (Saurí and Pustejovsky 2009).
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from domain.fingerprints import Fingerprint

if TYPE_CHECKING:
    from domain.gists import Gist

# 29 February may be as far away, across a year such as 1900.
_YEARS_TO_A_LEAP_DAY = 9


class Factuality(StrEnum):
    """How surely the source holds the content."""

    CERTAIN = "CT+"
    PROBABLE = "PR+"
    POSSIBLE = "PS+"
    DENIED = "CT-"
    IMPROBABLE = "PR-"
    NOT_POSSIBLE = "PS-"
    UNKNOWN = "Uu"


class AttributionKind(StrEnum):
    """What binds the source to the content."""

    SPEECH = "speech"
    BELIEF = "belief"
    INTENTION = "intention"
    EVIDENCE = "evidence"
    TOPIC = "topic"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters from ``start`` up to, not including, ``end`` of an article's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of the article, possibly in several pieces.

    ``text`` is the pieces joined by one space, line breaks and repeated spaces within a piece made one space.
    """

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A person's name where it stands in the article, without title and possessive ending."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person as one article knows them.

    ``name`` is the fullest form; ``alternate_names`` the other forms; ``job_titles`` roles in the article's words.
    """

    name: str
    alternate_names: tuple[str, ...]
    job_titles: tuple[str, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Whose words or thoughts they are; ``person`` is an index into the extraction's people."""

    text: str
    spans: tuple[Span, ...]
    person: int | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Source, cue, content: "*Tveitan* **says** *the berths were sold*"."""

    source: Source | None
    cue: Passage | None
    content: Passage
    factuality: Factuality
    kind: AttributionKind
    gist: "Gist | None" = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class KeyClaim:
    """One of the few propositions that sum the article up.

    ``attribution`` and ``people`` are indexes into the extraction; ``rank`` counts from 1, best first. ``notice`` is
    the words that mark it as the outlet's correction of what it told before.
    """

    text: str
    spans: tuple[Span, ...]
    attribution: int | None
    people: tuple[int, ...]
    factuality: Factuality
    rank: int
    gist: "Gist | None" = field(default=None, compare=False)
    notice: Passage | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says about itself (schema.org NewsArticle).

    ``date_published`` is ISO 8601, as precise as the article is: a day, a time, or a time with its offset; "--03-06"
    is a day whose year the article leaves out (``with_year``).
    """

    headline: str | None = None
    publisher: str | None = None
    author: tuple[str, ...] = ()
    date_published: str | None = None
    language: str | None = None
    url: str | None = None


def with_year(metadata: Metadata, received: date) -> Metadata:
    """Return metadata in which a day without its year has the latest that an article ``received`` that day may mean."""
    told = metadata.date_published
    if told is None or not told.startswith("--"):
        return metadata
    # Somewhere it is tomorrow already.
    latest = received + timedelta(days=1)
    for year in range(latest.year, latest.year - _YEARS_TO_A_LEAP_DAY, -1):
        try:
            day = date.fromisoformat(f"{year:04}{told[1:]}")
        except ValueError:
            continue
        if day <= latest:
            return replace(metadata, date_published=day.isoformat())
    return replace(metadata, date_published=None)


class Reading(StrEnum):
    """How far an article of its language could be read.

    PEOPLE and LEAD have no attributions; their claims are the article's first sentences. LEAD finds no names either.
    """

    FULL = "full"
    PEOPLE = "people"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that came out of one article; offsets count characters of the text as received.

    ``fingerprint`` is that of the body; one that is too short has none. ``agency`` is whose report the article is, by
    its own account.
    """

    metadata: Metadata = field(default_factory=Metadata)
    people: tuple[NamedPerson, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    claims: tuple[KeyClaim, ...] = ()
    fingerprint: Fingerprint | None = None
    reading: Reading = Reading.FULL
    agency: str | None = None


class FailureReason(StrEnum):
    """Why nothing came out."""

    TIMEOUT = "timeout"
    CRASH = "crash"
    UNREADABLE_SCRIPT = "unreadable_script"


@dataclass(frozen=True, slots=True)
class ExtractionFailure:
    """The article is kept, but its claims could not be read; a script that cannot be read has a fingerprint yet."""

    reason: FailureReason
    fingerprint: Fingerprint | None = None
