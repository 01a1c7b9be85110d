"""Chats hear of corrections of what they were told."""

from collections.abc import Sequence
from dataclasses import replace

from domain.chats import CollectionId
from domain.corrections import Correction, CorrectionState
from domain.jobs import JobKind, NewJob
from services import Services
from services.access import Right, allowed
from storage import articles, corrections, told
from storage.connection import Reader
from storage.told import ToldMessage

KIND = "correction"
# Of a collection, the newest so many may be due.
MOST = 100


async def due(services: Services, chat: int, message: int, correction: int) -> Sequence[Correction]:
    """Return the corrections that a chat is to hear of, of those that concern one message, oldest first.

    Each has a job of its own, a while after it was made; of several in a row, the job of the last one tells all.
    """
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        made = await corrections.latest(db, known.collection, MOST) if known else ()
        here = [each for each in reversed(made) if message in _messages(each, chat)]
        heard = await _heard(db, chat, here[0]) if here else set()
    left = [each for each in here if each.state is CorrectionState.STANDING and each.id not in heard]
    return left if left and left[-1].id <= correction else ()


async def standing(services: Services, chat: int, correction: int) -> Correction | None:
    """Return a correction of the chat's collection, None where it does not hold any more."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = await corrections.find(db, known.collection, correction) if known else None
    return found if found is not None and found.state is CorrectionState.STANDING else None


async def taken_back(services: Services, chat: int, correction: int) -> Sequence[Correction]:
    """Return a correction that does not hold any more, where the chat has heard of it and so is to hear of its end."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = await corrections.find(db, known.collection, correction) if known else None
        if found is None or found.state is not CorrectionState.UNDONE:
            return ()
        return (found,) if correction in await _heard(db, chat, found) else ()


async def _heard(db: Reader, chat: int, since: Correction) -> set[int]:
    topics = await told.topics(db, chat, since.made_at)
    return {number for topic in topics if topic.get("kind") == KIND for number in topic["corrections"]}


def _messages(correction: Correction, chat: int) -> list[int]:
    return [message for in_chat, message, _ in correction.new.said.get("told", ()) if in_chat == chat]


def at_once(made: Sequence[Correction]) -> list[Correction]:
    """Return corrections, those of one thing as one: what was told first is put right by what was said last."""
    found: dict[tuple[object, ...], Correction] = {}
    for each in made:
        key = (each.new.kind, each.new.article, each.new.anchor)
        first = found.pop(key, each)
        found[key] = replace(each, new=replace(each.new, said=first.new.said))
    return list(found.values())


async def reopened_jobs(db: Reader, collection: CollectionId, correction: Correction) -> Sequence[NewJob]:
    """Return the job that tells whoever made a correction here that it has ceased to hold, as the text changed."""
    article, chat = correction.new.article, correction.new.editor.chat
    known = await allowed(db, chat, Right.READ)
    if article is None or known is None or known.collection != collection:
        return ()
    if await corrections.is_restored(db, correction.id):
        return ()
    message = await articles.card_message(db, article, chat)
    lane = f"correction:{correction.id}:{chat}"
    payload = {"what": "reopened", "correction": correction.id, "chat": chat, "message": message}
    # Its number may be given again when its article is erased.
    return [NewJob(JobKind.SEND, f"{lane}:reopened {correction.made_at.isoformat()}", payload, lane)]


async def reopened(services: Services, chat: int, correction: int) -> Correction | None:
    """Return a correction that has ceased to hold, as the text changed; None where its article is forgotten since."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = await corrections.find(db, known.collection, correction) if known else None
        if known is None or found is None or found.state is not CorrectionState.REOPENED or found.new.article is None:
            return None
        return found if await articles.find(db, known.collection, found.new.article) else None


async def sent(
    services: Services, chat: int, message: int, thread_id: int | None, heard_of: Sequence[Correction]
) -> None:
    """Keep which message told a chat of corrections."""
    topic = {"kind": KIND, "corrections": [each.id for each in heard_of]}
    place = ToldMessage(chat, message, thread_id)
    await services.database.note(lambda db: told.keep(db, place, topic, (), services.clock()))
