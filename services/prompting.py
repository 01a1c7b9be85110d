"""The question of ours that a plain text may answer, where nobody but the asker and the bot is there."""

from dataclasses import dataclass
from datetime import timedelta

from services import Services
from services.correcting import prompts as corrections
from services.subscribing import prompts as wishes
from storage import told
from storage.told import ToldMessage

# A text that comes later is thought to be about something else; an answer to the message itself is taken for longer.
_WAITS = timedelta(minutes=15)
_OPEN = frozenset({corrections.KIND, wishes.KIND})
_ASKED = _OPEN | {corrections.ENDED, wishes.ENDED}
_PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question that waits for words: the ``message`` that asks, and what it ``asks`` for."""

    message: int
    asks: str


async def waiting(services: Services, chat: int) -> Waiting | None:
    """Return the last question in a chat, unless it was answered, or something else came after it."""
    async with services.database.reading() as db:
        recent = await told.recent(db, chat, services.clock() - _WAITS)
    last = next(((message, topic) for message, topic in recent if topic.get("kind") in _ASKED), None)
    if last is None or last[1]["kind"] not in _OPEN or last[1].get(_PASSED):
        return None
    return Waiting(last[0], last[1]["ask"])


async def pass_by(services: Services, chat: int, question: Waiting) -> None:
    """Keep that a plain text does not answer a question any more; one that answers its message still does."""
    async with services.database.transaction() as db:
        topic = await told.find(db, chat, question.message)
        if topic is not None:
            passed = {**topic, _PASSED: True}
            await told.keep(db, ToldMessage(chat, question.message, None), passed, (), services.clock())
