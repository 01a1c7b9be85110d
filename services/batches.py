"""Many articles brought in a row: one message tells how far they are, instead of a card each."""

from datetime import datetime, timedelta

from domain.articles import Forward
from domain.jobs import JobKind, NewJob
from domain.ledger import Batch
from services import Services
from services.access import Right, allowed
from storage import batches
from storage.batches import NewItem
from storage.connection import Writer

# So many articles of one sender, sent within this time of each other, begin a batch; others follow within it.
FEWEST = 5
WITHIN = timedelta(seconds=10)
# How often its message is edited; a group takes twenty messages a minute, and others want answers there, too.
EVERY, IN_A_GROUP = timedelta(seconds=4), timedelta(seconds=12)


async def join(services: Services, db: Writer, forward: Forward, item: NewItem) -> bool:
    """Put what a message brought into its sender's batch; False where there is none, nor reason to begin one."""
    batch = await batches.batch_around(db, forward, WITHIN)
    items = [item]
    if batch is None:
        before = await batches.brought_around(db, forward, WITHIN)
        if len({*before, item}) < FEWEST:
            return False
        batch = await batches.add(db, forward, before[0].message)
        items = [*before, item]
    await batches.add_items(db, batch, items, forward.sent_at)
    await services.queue.put(db, [tell_job(batch, forward.chat.id, services.clock())])
    return True


def tell_job(batch: int, chat: int, now: datetime) -> NewJob:
    """Return the job that makes a batch's message tell how far it is by then; there is one for each few seconds."""
    every = (EVERY if chat > 0 else IN_A_GROUP).total_seconds()
    step = int(now.timestamp() / every) + 1
    run_at = datetime.fromtimestamp(step * every, now.tzinfo)
    payload = {"what": "batch", "batch": batch, "chat": chat}
    return NewJob(JobKind.SEND, f"batch:{batch}:{step}", payload, f"batch:{batch}", run_at)


async def show(services: Services, chat: int, batch: int) -> Batch | None:
    """Return a batch of the chat, with those of its articles that are in what the chat sees."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        return await batches.find(db, known.collection, chat, batch) if known else None


async def told(services: Services, batch: int, message: int) -> None:
    """Keep which message tells of a batch."""
    await services.database.note(lambda db: batches.set_message(db, batch, message))
