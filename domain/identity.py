"""Whether two persons are one: what people say of it, and what became of that."""

from dataclasses import dataclass

from domain.corrections import Correction, Doubt
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
    """A person of whom a doubt speaks: what an article calls them and says that they are."""

    person: PersonReference
    job_title: str | None
    article: ArticleReference | None


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """A doubt with both whom it is about; ``left`` are the further ones that nobody has answered."""

    doubt: Doubt
    newcomer: DoubtedPerson
    known: DoubtedPerson
    left: int = 0
