"""Forgetting an article: out of sight at once, for good after a day."""

from datetime import timedelta

from domain.correcting import Correcting, Made, NotHere
from domain.corrections import CorrectionKind, Editor, NewCorrection
from domain.jobs import JobKind, NewJob
from services import Services
from services.access import Right, allowed
from services.cards import show_again
from storage import articles, corrections, deliveries, forgotten, sharing

# So long it can be taken back.
KEPT = timedelta(days=1)


async def forget(services: Services, chat: int, article: int, editor: Editor) -> Correcting:
    """Put an article of the chat's collection out of sight, to be erased in a day; its cards say so."""
    now = services.clock()
    async with services.database.transaction() as db:
        known = await allowed(db, chat, Right.CORRECT)
        stored = await articles.find(db, known.collection, article) if known else None
        if known is None or stored is None:
            return NotHere()
        said = {"headline": stored.reference.headline, "seen_at": stored.reference.seen_at.isoformat()}
        new = NewCorrection(CorrectionKind.FORGOTTEN, article, None, said, {}, editor)
        number = await corrections.add(db, known.collection, new, now)
        neighbours = await forgotten.neighbours(db, article)
        await deliveries.forget_parts(db, [each.chat.id for each in await sharing.members(db, known.collection)])
        await forgotten.hide(db, known.collection, article, now)
        for each in neighbours:
            await show_again(services, db, each, f"forgotten {number}")
        for shown_in in await articles.chats_with_card(db, article):
            message = await articles.card_message(db, article, shown_in)
            if message is None:
                continue
            payload = {"what": "forgotten", "correction": number, "chat": shown_in, "message": message}
            key = f"card:{article}:{shown_in}"
            await services.queue.put(db, [NewJob(JobKind.SEND, f"{key}:forgotten {number}", payload, key)])
        made = await corrections.find(db, known.collection, number)
        assert made is not None  # noqa: S101  # it was kept just now
        return Made(made)


async def erase_due(services: Services) -> int:
    """Erase what was forgotten more than a day ago, with all that refers to it; return how many articles these are.

    One that cannot be erased does not keep the others; what was wrong is raised when they are gone.
    """
    async with services.database.reading() as db:
        due = await forgotten.due(db, services.clock() - KEPT)
    faults: list[Exception] = []
    for article in due:
        try:
            async with services.database.transaction() as db:
                await forgotten.erase(db, article)
        except Exception as fault:  # noqa: BLE001  # whatever it is, the others are to go; it is raised below
            faults.append(fault)
    if faults:
        raise ExceptionGroup("forgotten articles that cannot be erased", faults)
    return len(due)
