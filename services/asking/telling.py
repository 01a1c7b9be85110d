"""What our messages were about: an answer's question, for replies to it and its buttons; and the claims they told."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from domain.ledger import Dossier, Finds, LedgerClaim, SeveralPersons
from domain.questions import Answer, Asked, ClaimsFound, Question
from services import Services
from storage import told
from storage.told import ToldMessage

_KIND = "question"


@dataclass(frozen=True, slots=True)
class Place:
    """A message of ours; ``thread_id`` is its topic in a forum."""

    chat: int
    message: int
    thread_id: int | None


async def keep_question(services: Services, place: Place, question: Question, page: int, given: Answer) -> None:
    """Keep which question a message of ours answers, on which page, and the claims that it tells."""
    topic = {"kind": _KIND, "question": _to_json(_settled(question, given)), "page": page}
    await _keep(services, place, topic, (claim.id for claim in claims_in(given)))


async def keep_claims(services: Services, place: Place, kind: str, claims: Iterable[LedgerClaim]) -> None:
    """Keep the claims that a card or a story tells."""
    await _keep(services, place, {"kind": kind}, (claim.id for claim in claims))


async def keep_shown(services: Services, place: Place, kind: str, claims: Iterable[int]) -> None:
    """Keep the claims, by number, whose words stand in a message of ours."""
    await _keep(services, place, {"kind": kind}, claims)


async def question_of(services: Services, chat: int, message: int) -> tuple[Question, int] | None:
    """Return the question that a message of ours answers, and on which page, or None where it answers none."""
    async with services.database.reading() as db:
        topic = await told.find(db, chat, message)
    if topic is None or topic.get("kind") != _KIND:
        return None
    return _from_json(topic["question"]), int(topic["page"])


def claims_in(given: Answer) -> tuple[LedgerClaim, ...]:
    """Return the claims that an answer tells."""
    if isinstance(given, Dossier):
        return given.claims_by + given.claims_about
    return given.claims if isinstance(given, ClaimsFound | Finds) else ()


async def _keep(services: Services, place: Place, topic: dict[str, Any], claims: Iterable[int]) -> None:
    message, numbers = ToldMessage(place.chat, place.message, place.thread_id), tuple(dict.fromkeys(claims))
    await services.database.note(lambda db: told.keep(db, message, topic, numbers, services.clock()))


def _settled(question: Question, given: Answer) -> Question:
    """Return the question as it was understood, so that what follows keeps to the person who was meant."""
    if isinstance(given, SeveralPersons):
        return question
    understood = getattr(given, "question", question)
    person = getattr(given, "person", None)
    return Question(
        asked=understood.asked,
        person=person.name if person else understood.person,
        topic=understood.topic,
        subject=None if person or understood.topic else understood.subject,
        when=understood.when,
        chosen=person.id if person else understood.chosen,
    )


def _to_json(question: Question) -> dict[str, Any]:
    return {name: value for name, value in asdict(question).items() if value is not None}


def _from_json(values: dict[str, Any]) -> Question:
    return Question(**{**values, "asked": Asked(values["asked"])})
