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


def lane_of_updates(chat: int | None) -> str:
    """Return the lane in which a chat's updates are handled."""
    return f"updates:{chat}"


async def wait(services: Services, db: Writer, message: IncomingMessage) -> None:
    """Keep a message, or what it says after an edit, until it is known what belongs to it."""
    now, chat = services.clock(), message.forward.chat.id
    await messages.wait(db, services.bot, message, now)
    # A key of its own each time: a message may wait again after it was edited.
    key = f"gather:{services.bot}:{chat}:{message.number}:{now.isoformat()}"
    lane, owner = f"gather:{chat}", message.forward.by
    await services.queue.put(db, [NewJob(JobKind.GATHER, key, {"chat": chat}, lane, now + QUIET, owner=owner)])


async def waiting(services: Services, db: Reader, chat: int) -> Sequence[IncomingMessage]:
    """Return the messages of a chat that wait, in order."""
    return [message for message, _ in await messages.waiting(db, services.bot, chat)]


async def due(services: Services, chat: int) -> Sequence[Bundle] | None:
    """Return what has waited long enough; None while updates of the chat, which may belong to it, are still to come."""
    if await services.queue.is_open(lane_of_updates(chat)):
        return None
    async with services.database.reading() as db:
        arrived = dict(await messages.waiting(db, services.bot, chat))
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
