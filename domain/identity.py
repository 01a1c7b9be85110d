"""Whether two persons are one: what the machine finds, what people say of it, and what became of that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import exp

from domain.corrections import Clue, Correction, Doubt
from domain.ledger import ArticleReference, PersonReference


@dataclass(frozen=True, slots=True)
class Merged:
    """Two persons are one from now on, shown as ``person``."""

    correction: int
    person: PersonReference


@dataclass(frozen=True, slots=True)
class KeptApart:
    """Two persons stay two, and are never asked about again."""

    correction: int
    left: PersonReference
    right: PersonReference


@dataclass(frozen=True, slots=True)
class Noted:
    """Somebody does not know whether two persons are one; they stay two."""

    correction: int
    left: PersonReference
    right: PersonReference


@dataclass(frozen=True, slots=True)
class Contradicts:
    """A judgement that does not agree with an ``earlier`` one, which has to be undone first; nothing has changed."""

    earlier: Correction
    left: PersonReference
    right: PersonReference


@dataclass(frozen=True, slots=True)
class OneAlready:
    """The two are one and the same row: an article's person is put right in the article, not here."""

    person: PersonReference


@dataclass(frozen=True, slots=True)
class UnknownPerson:
    """The chat's collection has nobody of this number."""

    person: int


JudgementOutcome = Merged | KeptApart | Noted | Contradicts | OneAlready | UnknownPerson


@dataclass(frozen=True, slots=True)
class DoubtedPerson:
    """A person of whom a doubt speaks: the name and the role in the article that names them, or names them last."""

    name: str
    job_title: str | None
    article: ArticleReference
    articles: int = 1


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """A doubt with both whom it is about; ``further`` is how many others wait for an answer, up to a hundred."""

    doubt: Doubt
    newcomer: DoubtedPerson
    known: DoubtedPerson
    further: int = 0


@dataclass(frozen=True, slots=True)
class AnsweredDoubt:
    """What became of an answer; ``further`` is how many doubts wait for one yet, up to a hundred."""

    doubt: Doubt
    outcome: JudgementOutcome
    further: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What articles say of a person: one article of a newcomer, some of the newest of somebody known.

    ``around`` are the normalised words beside the person's names, ``topic`` tells how many words of each article
    each field of work has. ``places`` are the beginnings of words written with a capital that are nobody's name, and of
    somebody known, of all words; ``rarity`` tells from 0 to 1 how rare those of a newcomer are that somebody known has
    as well, ``home`` which of all the article has most.
    ``fellows`` are the others whom the articles name, by number; of a newcomer, all whom they may be. ``births`` are
    years that the ages in the articles tell, ``genders`` "f" and "m", as titles before the names and given names tell.
    ``own`` are the rows under which somebody known was filed, with the names of each.
    """

    names: tuple[str, ...]
    roles: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    topic: tuple[Mapping[str, int], ...] = ()
    places: frozenset[str] = frozenset()
    rarity: Mapping[str, float] = field(default_factory=dict)
    home: str | None = None
    fellows: Mapping[int, str] = field(default_factory=dict)
    births: frozenset[int] = frozenset()
    seen: tuple[datetime, ...] = ()
    publishers: frozenset[str] = frozenset()
    genders: frozenset[str] = frozenset()
    own: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for two persons being one (a weight above 0), or against it.

    ``weight`` is that of its kind as many ``times`` as it is found.
    """

    clue: Clue
    weight: float
    times: float = 1.0

    @property
    def kind(self) -> str:
        """What it is weighed as."""
        return self.clue.kind


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a newcomer compares with somebody known; ``weight`` is the logit of the score.

    ``row`` is that of the candidate's rows whose names agree best, ``alike`` are the other candidates who may well be
    one with this one.
    """

    candidate: int
    row: int
    weight: float
    evidence: tuple[Evidence, ...]
    alike: frozenset[int] = frozenset()

    @property
    def by_name(self) -> float:
        """What their names alone weigh."""
        return self.evidence[0].weight

    @property
    def score(self) -> float:
        """How likely it is that they are one, from 0 to 1."""
        return 1 / (1 + exp(-self.weight))


@dataclass(frozen=True, slots=True)
class Sure:
    """The newcomer is the candidate of the comparison."""

    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Unsure:
    """The newcomer may be one of these, the likeliest first; somebody has to be asked."""

    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class New:
    """The newcomer is nobody whom the archive knows."""


Decision = Sure | Unsure | New
