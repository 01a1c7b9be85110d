"""Limits on what users and chats may have done; what is over them is dropped, and they are told until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.articles import Forward
from domain.limits import OverLimit, Span, Used, What, counted
from services import Services
from storage import chats, limits
from storage.connection import Writer

# However much of one thing is over, it is said no more often.
TOLD_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants something, and where, by their numbers; somebody who writes as a chat is no user."""

    chat: int
    user: int

    @property
    def holders(self) -> tuple[tuple[int, int], ...]:
        """Whose limits count: the user's, everywhere, and those of a group or channel."""
        user = ((0, self.user),) if self.user > 0 else ()
        return (*user, (self.chat, 0)) if self.chat < 0 else user


def asker_of(forward: Forward) -> Asker:
    """Return who brought an article."""
    return Asker(forward.chat.id, forward.sender_id)


async def use(services: Services, asker: Asker, what: What, number: int = 1) -> OverLimit | None:
    """Count something that somebody wants, or return that it is too much."""
    if not services.limits.user and not services.limits.chat:
        return None
    return await services.database.transact(lambda db: use_in(services, db, asker, what, number))


async def use_in(services: Services, db: Writer, asker: Asker, what: What, number: int = 1) -> OverLimit | None:
    """Do the same in a transaction; what is too much is not counted."""
    now, found, over = services.clock(), dict[tuple[int, int, Span], Used](), list[OverLimit]()
    for chat, user in asker.holders:
        rate = (services.limits.chat if chat else services.limits.user).get(what)
        for span in Span if rate else ():
            before = await limits.used(db, services.bot, chat, user, what, span)
            after = counted(before, span, rate.within(span) if rate else 0, number, now)
            if isinstance(after, datetime):
                over.append(OverLimit(what, after, is_chats=bool(chat)))
            else:
                found[chat, user, span] = after
    if over:
        return max(over, key=lambda each: each.until)
    for (chat, user, span), after in found.items():
        await limits.set_used(db, services.bot, chat, user, what, span, after)
    return None


async def is_to_be_told(services: Services, asker: Asker, over: OverLimit) -> bool:
    """Return whether somebody is to be told that it is too much: so they are once a minute, of each thing."""
    now = services.clock()
    user = 0 if over.is_chats else asker.user
    async with services.database.transaction() as db:
        return await limits.tell(db, services.bot, asker.chat, user, over.what, now, now - TOLD_AGAIN)


async def was_not_told(services: Services, asker: Asker, over: OverLimit) -> None:
    """Have somebody told again whom the word has not reached."""
    async with services.database.transaction() as db:
        await limits.not_told(db, services.bot, asker.chat, 0 if over.is_chats else asker.user, over.what)


async def local(services: Services, chat: int, moment: datetime) -> datetime:
    """Return a moment in the zone of a chat."""
    async with services.database.reading() as db:
        known = await chats.find(db, chat)
    return moment.astimezone(ZoneInfo(known.timezone if known else services.default_timezone))
