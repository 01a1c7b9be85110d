"""Watches: a chat hears at once when an article that has just been read names somebody whom it watches.

Imports, further readings and reprints tell nothing. Who has just brought the article, and is shown its card where the
watch is, reads it there. What comes in a chat's quiet time is told together at its end.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta
from enum import StrEnum

from domain.chats import Chat, ChatIdentity, CollectionId
from domain.jobs import JobKind, NewJob
from domain.ledger import LedgerClaim, NobodyFound, PersonReference, SeveralPersons
from domain.watching import Alert, Quiet, Watch, Watched
from services import Services
from services.access import Right, allowed
from services.asking import people
from services.asking.telling import Place, keep_claims
from services.chats import know
from storage import articles, batches, claims, identity, persons, reprints, told, watches
from storage.connection import Reader, Writer
from storage.told import ToldMessage
from storage.watches import Named

# So many a chat.
MOST = 50
# What an article of many claims says of somebody, in short.
CLAIMS = 3
# Of articles that came in a row, one message tells.
TOGETHER = timedelta(seconds=3)
_ASKED = "watch"


class Refusal(StrEnum):
    """Why there is no watch."""

    TOO_MANY = "too many"
    GONE = "gone"
    KNOWN = "known"


Found = Watch | SeveralPersons | NobodyFound | Refusal


async def watch(services: Services, asker: ChatIdentity, thread_id: int | None, owner: int, name: str) -> Found:
    """Watch whom a name means; where it may mean several, or nobody yet, say who they are, or who is near."""
    chat = await know(services, asker)
    async with services.database.reading() as db:
        found = await people.find(db, chat.collection, name)
        if isinstance(found, SeveralPersons):
            return SeveralPersons(tuple([await _with_role(db, each) for each in found.candidates]))
    if isinstance(found, NobodyFound):
        return found
    return await _add(services, chat, thread_id, owner, found)


async def watch_person(
    services: Services, chat: int, thread_id: int | None, owner: int, person: int
) -> Watch | Refusal:
    """Watch a person of what the chat sees, by number."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = await persons.find(db, known.collection, person) if known else None
    if known is None or found is None:
        return Refusal.GONE
    return await _add(services, known, thread_id, owner, found)


async def watch_name(services: Services, chat: int, thread_id: int | None, owner: int, message: int) -> Watch | Refusal:
    """Watch whoever will be called as a message of ours said that nobody is yet."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        topic = await told.find(db, chat, message)
    if known is None or topic is None or topic.get("kind") != _ASKED:
        return Refusal.GONE
    return await _add(services, known, thread_id, owner, str(topic["name"]))


async def keep_name(services: Services, place: Place, name: str) -> None:
    """Keep which name a message of ours offers to watch."""
    async with services.database.transaction() as db:
        heard = ToldMessage(place.chat, place.message, place.thread_id)
        await told.keep(db, heard, {"kind": _ASKED, "name": name}, (), services.clock())


async def watched(services: Services, chat: int) -> Watched:
    """Return whom a chat watches, and its quiet time."""
    async with services.database.reading() as db:
        return Watched(tuple(await watches.of_chat(db, chat)), await watches.quiet(db, chat))


async def stop(services: Services, chat: int, number: int) -> bool:
    """Watch somebody no more; False where the chat has no such watch."""
    async with services.database.transaction() as db:
        return await watches.remove(db, chat, number)


async def stop_all(services: Services, chat: int, thread_id: int | None = None) -> None:
    """Watch nobody any more, since nothing can be told any more, in the chat or in one of its topics."""
    async with services.database.transaction() as db:
        await watches.remove_all(db, chat, thread_id)


async def set_quiet(services: Services, asker: ChatIdentity, times: tuple[time, time] | None) -> Quiet | None:
    """Set a chat's quiet time; what waits is told at its end, or now where there is none any more."""
    await know(services, asker)
    async with services.database.transaction() as db:
        await watches.set_quiet(db, asker.id, times)
        quiet = await watches.quiet(db, asker.id)
        threads = {each.id: each.thread_id for each in await watches.of_chat(db, asker.id)}
        for number, article, _ in await watches.open_alerts(db, asker.id):
            job = _job(services, asker.id, threads[number], number, article, quiet)
            await services.queue.withdraw(db, job.key)
            await services.queue.put(db, [job])
    return quiet


async def alert(services: Services, db: Writer, collection: CollectionId, article: int, brought_to: int) -> None:
    """Have everybody hear of an article who watches somebody in it; it has just been read for the first time."""
    wanted = await watches.of_collection(db, collection)
    if not wanted or (await reprints.standing(db, article))[0] is not None:
        return
    people_there = await watches.named_in(db, collection, article)
    shown_in = await _thread_of_card(db, collection, article, brought_to)
    for each in wanted:
        person = await _meant(db, collection, each, people_there)
        if person is None:
            continue
        if each.person is None:
            await watches.bind(db, each.id, person)
        if (each.chat, each.thread_id) == shown_in:
            continue
        if await watches.add_alert(db, each.id, article):
            quiet = await watches.quiet(db, each.chat)
            await services.queue.put(db, [_job(services, each.chat, each.thread_id, each.id, article, quiet)])


async def names_in(db: Reader, chat: Chat, article: int) -> tuple[str, ...]:
    """Return whom of those that a chat watches an article names."""
    wanted = await watches.of_chat(db, chat.id)
    there = await watches.named_in(db, chat.collection, article) if wanted else ()
    found = [each.name for each in wanted if await _meant(db, chat.collection, each, there) is not None]
    return tuple(dict.fromkeys(found))


async def quiet_until(services: Services, chat: int) -> timedelta | None:
    """Return how long a chat still wants to hear of nothing; None where it may be told now."""
    now = services.clock()
    async with services.database.reading() as db:
        quiet = await watches.quiet(db, chat)
    until = quiet.until(now) if quiet is not None else None
    return until - now if until is not None else None


async def due(services: Services, chat: int, thread_id: int) -> Sequence[Alert]:
    """Return what a chat, or a topic of it, is still to be told, oldest first.

    What it may see no more is not told.
    """
    async with services.database.transaction() as db:
        known = await allowed(db, chat, Right.READ)
        here = {each.id: each for each in await watches.of_chat(db, chat) if each.thread_id == thread_id}
        by_article: dict[int, list[tuple[Watch, str]]] = {}
        for number, article, state in await watches.open_alerts(db, chat):
            if number in here:
                by_article.setdefault(article, []).append((here[number], state))
        found = [await _alert(db, known, article, of_it) for article, of_it in by_article.items()] if known else []
        lost = {*by_article} - {each.article.id for each in found if each is not None}
        gone = [(each.id, article) for article in lost for each, _ in by_article[article]]
        await watches.set_state(db, gone, watches.TOLD)
    return [each for each in found if each is not None]


async def begin(services: Services, alerts: Sequence[Alert]) -> None:
    """Keep that alerts are about to be told."""
    await _set(services, alerts, watches.SENDING)


async def give_back(services: Services, alerts: Sequence[Alert]) -> None:
    """Keep that alerts were not told, for sure, by this attempt; one before it may have told them."""
    await _set(services, [each for each in alerts if not each.perhaps_told], watches.WAITING)


async def told_of(services: Services, place: Place, alerts: Sequence[Alert]) -> None:
    """Keep that alerts were told, and by which message, so that corrections of them follow it."""
    await _set(services, alerts, watches.TOLD)
    await keep_claims(services, place, "alert", [claim for each in alerts for claim in each.claims])


async def _set(services: Services, alerts: Sequence[Alert], state: str) -> None:
    async with services.database.transaction() as db:
        pairs = [(watch.id, each.article.id) for each in alerts for watch in each.watches]
        await watches.set_state(db, pairs, state)


async def _add(
    services: Services, chat: Chat, thread_id: int | None, owner: int, whom: PersonReference | str
) -> Watch | Refusal:
    name = whom if isinstance(whom, str) else whom.name
    person = None if isinstance(whom, str) else whom.id
    new = Watch(0, chat.id, thread_id or 0, owner, name, person)
    async with services.database.transaction() as db:
        before = await watches.of_chat(db, chat.id)
        if any(_is_same(each, new) for each in before):
            return Refusal.KNOWN
        if len(before) >= MOST:
            return Refusal.TOO_MANY
        return replace(new, id=await watches.add(db, new, services.clock()))


def _is_same(one: Watch, other: Watch) -> bool:
    same = (one.thread_id, one.person) == (other.thread_id, other.person)
    return same and (one.person is not None or one.name.casefold() == other.name.casefold())


async def _with_role(db: Reader, person: PersonReference) -> PersonReference:
    roles = await persons.roles_of(db, person.id)
    return replace(person, role=roles[0].job_title) if roles else person


async def _meant(db: Reader, collection: CollectionId, watch: Watch, there: Sequence[Named]) -> Named | None:
    """Return who of an article's people is watched; where it is open who they are, who may be."""
    found = watches.meant(watch, there)
    if found is not None or watch.person is None or not there:
        return found
    perhaps = await identity.perhaps(db, collection, watch.person)
    return next((each for each in there if each.person in perhaps), None)


async def _thread_of_card(db: Reader, collection: CollectionId, article: int, chat: int) -> tuple[int, int] | None:
    """Return the chat and topic where a card shows the article; of many in a row there are none."""
    if await batches.batch_of(db, article, chat) is not None:
        return None
    stored = await articles.find(db, collection, article)
    forward = stored.reference.forward if stored else None
    thread = forward.thread_id if forward is not None and forward.chat.id == chat else None
    return chat, thread or 0


async def _alert(db: Reader, chat: Chat, article: int, of_it: Sequence[tuple[Watch, str]]) -> Alert | None:
    stored = await articles.find(db, chat.collection, article)
    if stored is None:
        return None
    named = await watches.named_in(db, chat.collection, article)
    wanted, unsure = set[int](), set[int]()
    for watch, _ in of_it:
        person = await _meant(db, chat.collection, watch, named)
        if person is not None:
            wanted |= await watches.claims_with(db, chat.collection, article, person.person)
        if person is None or person.person != watch.person:
            unsure.add(watch.id)
    there: Sequence[LedgerClaim] = await claims.of_article(db, chat.collection, article) if wanted else ()
    chosen = [each for each in there if each.id in wanted][:CLAIMS]
    perhaps = any(state == watches.SENDING for _, state in of_it)
    return Alert(tuple(watch for watch, _ in of_it), stored.reference, tuple(chosen), perhaps, frozenset(unsure))


def _job(services: Services, chat: int, thread_id: int, watch: int, article: int, quiet: Quiet | None) -> NewJob:
    """Return the job that tells a chat what it is to be told by then; it tells all, and the others find nothing."""
    now = services.clock()
    run_at = (quiet.until(now) if quiet is not None else None) or now + TOGETHER
    payload = {"what": "alert", "chat": chat, "thread": thread_id}
    return NewJob(JobKind.SEND, f"watch:{watch}:{article}", payload, f"watch:{chat}:{thread_id}", run_at)
