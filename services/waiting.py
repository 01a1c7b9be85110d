"""Messages that others may belong to wait until that is known, for a second or two."""

from collections.abc import Sequence
from datetime import timedelta

from domain.jobs import JobKind, NewJob
from domain.messages import Bundle, IncomingMessage, bundles
from services import Services
from storage import messages
from storage.connection import Reader, Writer

# What belongs together comes within a moment; nobody waits for it longer than this.
QUIET = timedelta(seconds=1.2)
LONGEST_WAIT = timedelta(seconds=5)


def lane_of_updates(chat: int | None, sender: int | None = None) -> str:
    """Return the lane in which the updates of a sender in a chat are handled; without one, the chat's own."""
    return f"updates:{chat}:{chat if sender is None else sender}"


async def wait(services: Services, db: Writer, message: IncomingMessage) -> None:
    """Keep a message, or what it says after an edit, until it is known what belongs to it."""
    now, chat = services.clock(), message.forward.chat.id
    await messages.wait(db, services.bot, message, now)
    # A key of its own each time: a message may wait again after it was edited.
    key = f"gather:{services.bot}:{chat}:{message.number}:{now.isoformat()}"
    sender = message.forward.by
    payload, lane = {"chat": chat, "sender": sender}, f"gather:{chat}:{sender}"
    await services.queue.put(db, [NewJob(JobKind.GATHER, key, payload, lane, now + QUIET, owner=sender)])


async def waiting(services: Services, db: Reader, chat: int) -> Sequence[IncomingMessage]:
    """Return the messages of a chat that wait, in order."""
    return [message for message, _ in await messages.waiting(db, services.bot, chat)]


async def due(services: Services, chat: int, sender: int | None = None) -> Sequence[Bundle] | None:
    """Return what of a sender (without one, of the chat itself) has waited long enough.

    None while updates of theirs there, which may belong to it, are still to come.
    """
    if await services.queue.is_open(lane_of_updates(chat, sender)):
        return None
    whose = chat if sender is None else sender
    async with services.database.reading() as db:
        waits = await messages.waiting(db, services.bot, chat)
    arrived = {message: since for message, since in waits if message.forward.by == whose}
    now = services.clock()
    return [
        bundle
        for bundle in bundles(list(arrived))
        if max(arrived[each] for each in bundle.messages) + QUIET <= now
        or min(arrived[each] for each in bundle.messages) + LONGEST_WAIT <= now
    ]


async def let_go(services: Services, bundle: Bundle) -> None:
    """Forget that the messages of a bundle waited; one that was edited meanwhile waits on."""
    async with services.database.transaction() as db:
        await messages.let_go(db, services.bot, bundle.members)
