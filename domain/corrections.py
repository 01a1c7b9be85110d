"""What people put right, and where in an article it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class CorrectionKind(StrEnum):
    """What was put right; the first three are judgements on persons, RELATION is one on two claims.

    ANOTHER_PERSON says that whom one article names is not the person whom the machine took them for.
    """

    SAME_PERSON = "same_person"
    DIFFERENT_PERSONS = "different_persons"
    UNSURE = "unsure"
    ANOTHER_PERSON = "another_person"
    NOT_A_PERSON = "not_a_person"
    SPEAKER = "speaker"
    NOT_A_CLAIM = "not_a_claim"
    FACTUALITY = "factuality"
    RELATION = "relation"
    HEADLINE = "headline"
    DATE = "date"
    PUBLISHER = "publisher"
    FORGOTTEN = "forgotten"


class CorrectionState(StrEnum):
    """Whether a correction holds: UNDONE by a person, REOPENED because the article's own words changed there."""

    STANDING = "standing"
    UNDONE = "undone"
    REOPENED = "reopened"


class Verdict(StrEnum):
    """A judgement on whether two persons are one, as in nomenklatura."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in an article by its words and those around them (W3C Web Annotation, TextQuoteSelector)."""

    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Editor:
    """Who puts something right, and in which chat; ``user`` is Telegram's number of them."""

    user: int
    name: str
    chat: int


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """A correction to be kept.

    ``said`` is what the machine said and ``corrected`` what holds instead, as plain JSON values; what they hold
    depends on the kind. ``article`` is None for judgements on persons and on claims of two articles.
    """

    kind: CorrectionKind
    article: int | None
    anchor: Anchor | None
    said: Mapping[str, Any]
    corrected: Mapping[str, Any]
    editor: Editor


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction as it is kept; ``ended_at`` and ``ended_by`` tell when it ceased to hold, and through whom."""

    id: int
    new: NewCorrection
    made_at: datetime
    state: CorrectionState
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class Clue:
    """What speaks for two persons being one, or against it: of which kind it is, and the values that it has.

    Values are plain JSON ones; the words for it are those of whoever is asked.
    """

    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"kind": self.kind, **self.values}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        """Return what was kept."""
        return cls(kept["kind"], {name: value for name, value in kept.items() if name != "kind"})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two persons who may be one: ``person``, brought by ``article``, and ``candidate``, known before.

    ``score`` is from 0 to 1; ``evidence`` is what speaks for and against.
    """

    id: int
    person: int
    candidate: int
    article: int
    score: float
    evidence: tuple[Clue, ...]
