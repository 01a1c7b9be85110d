"""What pictures show: when claims by and about a person were made, who speaks about whom, and who is in a digest."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.ledger import PersonReference


class Step(StrEnum):
    """How long each period of a timeline is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of claims, and how many of them are denials: deny something or, of claims about somebody, are denied."""

    claims: int = 0
    denials: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.claims + other.claims, self.denials + other.denials)


@dataclass(frozen=True, slots=True)
class DayTally:
    """What the articles of one day have of a person: claims they make, and claims that others make about them."""

    day: date
    says: Tally
    said: Tally


@dataclass(frozen=True, slots=True)
class Period:
    """The claims of the articles from ``first`` on, as long as the timeline's step."""

    first: date
    says: Tally
    said: Tally


@dataclass(frozen=True, slots=True)
class Timeline:
    """The periods from a person's first claim to the last, none left out; ``before`` are the claims of earlier ones.

    ``first`` and ``last`` are the days of the oldest and the newest article of the periods.
    """

    person: PersonReference
    step: Step
    first: date
    last: date
    periods: tuple[Period, ...]
    before: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.periods

    @property
    def names(self) -> dict[int, str]:
        """Who is named."""
        return {self.person.id: self.person.name}

    @property
    def says(self) -> Tally:
        """What the person says, altogether."""
        return sum((period.says for period in self.periods), Tally())

    @property
    def said(self) -> Tally:
        """What others say about them, altogether."""
        return sum((period.said for period in self.periods), Tally())


@dataclass(frozen=True, slots=True)
class Voice:
    """That one person speaks about another: in how many claims, and how many of them deny something or are denied."""

    speaker: int
    about: int
    claims: int
    denials: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody in a net: a person by their number, or who is none, an institution or an outlet, by a negative one."""

    id: int
    name: str

    @property
    def is_person(self) -> bool:
        """Whether it is one of the persons that are kept."""
        return self.id > 0


@dataclass(frozen=True, slots=True)
class Net:
    """Who speaks about whom around a person; the voices of most claims first.

    Articles speak for their outlets, where they name no other source. ``figures`` are the others who are shown;
    ``left_out`` counts those who are not, ``voices_left_out`` what the ones shown say about each other that is not, and
    ``unnamed`` the claims about the person by nobody who has a name.
    """

    person: PersonReference
    figures: tuple[Figure, ...]
    voices: tuple[Voice, ...]
    left_out: int = 0
    voices_left_out: int = 0
    unnamed: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.voices

    @property
    def names(self) -> dict[int, str]:
        """Who is named, by their numbers, the person first."""
        return {self.person.id: self.person.name} | {figure.id: figure.name for figure in self.figures}


@dataclass(frozen=True, slots=True)
class Newsmaker:
    """Somebody of a digest: the claims that they make in its articles, and those that others make about them there.

    ``before`` is how many both were in as long a time before, on average; None where there is nothing to compare with.
    ``is_new`` says that no article named them before.
    """

    id: int
    name: str
    says: Tally
    said: Tally
    before: int | None = None
    is_new: bool = False

    @property
    def claims(self) -> int:
        """How many claims are by them or about them."""
        return self.says.claims + self.said.claims

    @property
    def change(self) -> int | None:
        """How many claims more that is than before, or, below 0, less."""
        return None if self.before is None else self.claims - self.before


@dataclass(frozen=True, slots=True)
class Newsmakers:
    """Who speaks and is spoken about in the articles of a digest, those of most claims first.

    ``first`` and ``last`` are the local days in which its articles came in; ``left_out`` counts the people who are not
    shown.
    """

    first: date
    last: date
    people: tuple[Newsmaker, ...]
    left_out: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.people

    @property
    def names(self) -> dict[int, str]:
        """Who is named."""
        return {each.id: each.name for each in self.people}


Picture = Timeline | Net | Newsmakers


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as PNG; ``spelt`` has the names that are written in Latin letters in it, and how."""

    png: bytes
    spelt: tuple[tuple[str, str], ...] = ()
