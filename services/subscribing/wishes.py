"""The digests that a chat wishes for: put together step by step, begun, changed, paused and ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from domain.chats import Chat, ChatIdentity
from domain.schedule import A_DAY, Timetable
from domain.subscriptions import Filters, Subscription, SubscriptionState, Wish
from services import Services
from services.chats import know
from services.delivering import is_told
from storage import chats, subscriptions
from storage.connection import Reader, Writer

# Of one chat.
MOST = 20
MORNING = time(8)
_BEGUN = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


class Refusal(StrEnum):
    """Why a wish is not taken."""

    TOO_MANY = "too many"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription that has begun, and how many more without filters go to the same place.

    ``sets_clock`` where what is typed without a city in the chat is by its clock from now on.
    """

    subscription: Subscription
    others: int
    sets_clock: bool = False


async def draft(
    services: Services,
    identity: ChatIdentity,
    thread_id: int | None,
    user: int,
    timetable: Timetable | None = None,
    filters: Filters | None = None,
) -> Subscription:
    """Begin a wish that is still to be put together: of all, every morning, where nothing else is said."""
    chat = await know(services, identity)
    now = services.clock()
    timetable = timetable or Timetable((MORNING,), chat.timezone)
    async with services.database.transaction() as db:
        wish = Wish(timetable, chat.id, thread_id, filters or Filters())
        added = await _add(db, chat.id, user, wish, now, SubscriptionState.DRAFT)
        await subscriptions.forget_drafts(db, chat.id, now - A_DAY)
        return added


async def subscribe(
    services: Services, identity: ChatIdentity, thread_id: int | None, timetable: Timetable, user: int = 0
) -> Subscribed | Refusal:
    """Give the chat or topic a digest of all at these times; the one that it has at just these is that one.

    One that ended there is taken up again, so that what it told is not told twice.
    """
    chat = await know(services, identity)
    now = services.clock()
    wish = Wish(timetable, chat.id, thread_id)
    async with services.database.transaction() as db:
        begun = await subscriptions.of_chat(db, chat.id)
        same = next((each for each in begun if each.wish.timetable == timetable and _is_plain(each, wish)), None)
        ended = await subscriptions.plain_to(db, chat.id, chat.id, thread_id)
        if same is None and len(begun) >= MOST:
            return Refusal.TOO_MANY
        if same is None and ended is not None and ended.state is SubscriptionState.ENDED:
            await subscriptions.put_wish(db, ended.id, wish, ended.next_run)
            same = ended
        if same is None:
            same = await _add(db, chat.id, user, wish, now, SubscriptionState.ACTIVE)
        elif same.state is not SubscriptionState.ACTIVE:
            await _begin(db, same.id, timetable, now)
        return await _subscribed(db, chat, same.id)


async def confirm(services: Services, chat: int, number: int) -> Subscribed | Refusal:
    """Have the digests of a draft come, or those of a subscription that was paused."""
    now = services.clock()
    async with services.database.transaction() as db:
        known, found = await chats.find(db, chat), await _find(db, chat, number)
        if known is None or found is None:
            return Refusal.GONE
        if found.state is SubscriptionState.DRAFT and len(await subscriptions.of_chat(db, chat)) >= MOST:
            return Refusal.TOO_MANY
        if found.state is not SubscriptionState.ACTIVE:
            await _begin(db, number, found.wish.timetable, now)
        return await _subscribed(db, known, number)


async def find(services: Services, chat: int, number: int) -> Subscription | None:
    """Return a chat's subscription, or draft of one, unless it has ended."""
    async with services.database.reading() as db:
        return await _find(db, chat, number)


async def of_chat(services: Services, chat: int) -> Sequence[Subscription]:
    """Return the chat's subscriptions that have begun and not ended."""
    async with services.database.reading() as db:
        return await subscriptions.of_chat(db, chat)


async def change(
    services: Services, chat: int, number: int, alter: Callable[[Wish], Wish | None], *, sets_clock: bool = True
) -> Subscription | None:
    """Change a wish as ``alter`` does, which says None where that cannot be; None, too, where there is no such wish.

    A subscription keeps its state, and its next time unless its timetable is another one now. Another zone is the
    chat's from now on where it ``sets_clock``.
    """
    now = services.clock()
    async with services.database.transaction() as db:
        found = await _find(db, chat, number)
        wish = alter(found.wish) if found is not None else None
        if found is None or wish is None:
            return None
        next_run = found.next_run
        if wish.timetable != found.wish.timetable:
            next_run = await _next(db, number, wish.timetable, now)
        if sets_clock and wish.timetable.timezone != found.wish.timetable.timezone:
            await chats.set_timezone(db, chat, wish.timetable.timezone)
        await subscriptions.put_wish(db, number, wish, next_run)
        return await _find(db, chat, number)


async def pause(services: Services, chat: int, number: int) -> Subscription | None:
    """Let no digest come until somebody has it go on."""
    return await _set_state(services, chat, number, SubscriptionState.PAUSED)


async def end(services: Services, chat: int, number: int) -> Subscription | None:
    """End a subscription, and return it as it was."""
    async with services.database.transaction() as db:
        found = await _find(db, chat, number)
        if found is not None:
            await subscriptions.set_state(db, number, SubscriptionState.ENDED)
        return found


async def end_all(services: Services, chat: int) -> int:
    """End all subscriptions of a chat, and return how many there were."""
    async with services.database.transaction() as db:
        found = await subscriptions.of_chat(db, chat)
        for each in found:
            await subscriptions.set_state(db, each.id, SubscriptionState.ENDED)
        return len(found)


async def skip(services: Services, chat: int, number: int) -> Subscription | None:
    """Leave out the next digest; what it would have told is told by the one after it."""
    async with services.database.transaction() as db:
        found = await _find(db, chat, number)
        if found is None or found.state is not SubscriptionState.ACTIVE:
            return None
        following = await _next(db, number, found.wish.timetable, max(found.next_run, services.clock()))
        await subscriptions.put_wish(db, number, found.wish, following)
        return await _find(db, chat, number)


async def keep_only(services: Services, chat: int, number: int) -> Subscription | None:
    """End all others without filters that go to the place to which this one goes."""
    async with services.database.transaction() as db:
        found = await _find(db, chat, number)
        for each in await _beside(db, chat, found) if found is not None else ():
            await subscriptions.set_state(db, each.id, SubscriptionState.ENDED)
        return found


async def here(services: Services, chat: int, thread_id: int | None) -> Sequence[Subscription]:
    """Return the subscriptions that go to the chat, or to one of its topics."""
    return [
        each for each in await of_chat(services, chat) if each.wish.target == chat and each.wish.thread_id == thread_id
    ]


async def names_of(services: Services, numbers: Sequence[int]) -> dict[int, ChatIdentity]:
    """Return, by number, the chats to which digests go."""
    async with services.database.reading() as db:
        found = [await chats.find(db, number) for number in dict.fromkeys(numbers)]
    return {each.id: each.identity for each in found if each is not None}


async def _find(db: Reader, chat: int, number: int) -> Subscription | None:
    found = await subscriptions.find(db, chat, number)
    return found if found is not None and found.state is not SubscriptionState.ENDED else None


async def _add(db: Writer, chat: int, user: int, wish: Wish, now: datetime, state: SubscriptionState) -> Subscription:
    number = await subscriptions.add(db, chat, user, wish, wish.timetable.after(now).due, now, state)
    found = await _find(db, chat, number)
    assert found is not None  # noqa: S101  # it has just been kept
    return found


async def _begin(db: Writer, number: int, timetable: Timetable, now: datetime) -> None:
    await subscriptions.begin(db, number, await _next(db, number, timetable, now), now)


async def _subscribed(db: Writer, chat: Chat, number: int) -> Subscribed:
    found = await _find(db, chat.id, number)
    assert found is not None  # noqa: S101  # it was found before, in this transaction
    zone, begun = found.wish.timetable.timezone, await subscriptions.of_chat(db, chat.id)
    # Who has a further digest come by a clock elsewhere has not moved.
    sets_clock = zone != chat.timezone and [each.id for each in begun] == [number]
    if sets_clock:
        await chats.set_timezone(db, chat.id, zone)
    return Subscribed(found, len(await _beside(db, chat.id, found)), sets_clock)


async def _beside(db: Reader, chat: int, found: Subscription) -> Sequence[Subscription]:
    others = await subscriptions.of_chat(db, chat)
    return [each for each in others if each.id != found.id and _is_plain(each, found.wish)]


def _is_plain(subscription: Subscription, like: Wish) -> bool:
    """Return whether a subscription without filters goes where a wish goes that has none either."""
    wish = subscription.wish
    return (wish.target, wish.thread_id, wish.filters) == (like.target, like.thread_id, Filters())


async def _next(db: Reader, number: int, timetable: Timetable, moment: datetime) -> datetime:
    """Return the first time after a moment whose local date has not had its digest yet."""
    found = timetable.after(moment)
    while await is_told(db, number, timetable, found):
        found = timetable.after(found.due)
    return found.due


async def _set_state(services: Services, chat: int, number: int, state: SubscriptionState) -> Subscription | None:
    async with services.database.transaction() as db:
        found = await _find(db, chat, number)
        if found is None or found.state not in _BEGUN:
            return None
        await subscriptions.set_state(db, number, state)
        return await _find(db, chat, number)
