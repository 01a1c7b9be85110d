"""Doubts: whether somebody of an article is somebody whom the archive knows, asked of the chat that brought it."""

from domain.chats import CollectionId
from domain.corrections import Doubt, Editor, Verdict
from domain.identity import AnsweredDoubt, DoubtedPerson, OpenDoubt
from domain.jobs import JobKind, NewJob
from services import Services
from services.access import Right, allowed
from services.identity.judging import judge
from storage import articles, batches, identity, persons
from storage.connection import Reader, Writer

_COUNTED = 100


async def ask_jobs(db: Writer, article: int, chat: int) -> list[NewJob]:
    """Return the job that asks a chat about the likeliest doubt of an article that it brought; never among a batch."""
    if await batches.batch_of(db, article, chat) is not None:
        return []
    doubt = await identity.to_ask(db, article)
    if doubt is None:
        return []
    payload = {"what": "doubt", "doubt": doubt.id, "chat": chat}
    # In the lane of the card, so that it comes behind it.
    return [NewJob(JobKind.SEND, f"doubt:{doubt.id}", payload, f"card:{article}:{chat}")]


async def show(services: Services, chat: int, doubt: int) -> OpenDoubt | None:
    """Return a doubt of the chat's collection that nobody has answered."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = await identity.find_doubt(db, known.collection, doubt) if known else None
        if known is None or found is None or not await identity.is_open(db, doubt):
            return None
        return await _shown(db, known.collection, found)


async def next_open(services: Services, chat: int, after: int = 0) -> OpenDoubt | None:
    """Return the next doubt of the chat's collection behind another one; behind the last comes the first."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return None
        found = await identity.open_doubts(db, known.collection, 1, after)
        found = found or await identity.open_doubts(db, known.collection, 1)
        return await _shown(db, known.collection, found[0]) if found else None


async def asked(services: Services, doubt: int) -> None:
    """Keep that a chat was asked."""
    async with services.database.transaction() as db:
        await identity.asked(db, doubt, services.clock())


async def answer(services: Services, chat: int, doubt: int, verdict: Verdict, editor: Editor) -> AnsweredDoubt | None:
    """Judge as somebody answers a doubt; None where the chat's collection has no such doubt."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.CORRECT)
        found = await identity.find_doubt(db, known.collection, doubt) if known else None
    if known is None or found is None:
        return None
    outcome = await judge(services, chat, found.person, found.candidate, verdict, editor)
    async with services.database.reading() as db:
        return AnsweredDoubt(found, outcome, len(await identity.open_doubts(db, known.collection, _COUNTED)))


async def _shown(db: Reader, collection: CollectionId, doubt: Doubt) -> OpenDoubt | None:
    newcomer = await _newcomer(db, collection, doubt)
    known = await _known(db, collection, doubt.candidate)
    further = [each for each in await identity.open_doubts(db, collection, _COUNTED) if each.id != doubt.id]
    return OpenDoubt(doubt, newcomer, known, len(further)) if newcomer and known else None


async def _newcomer(db: Reader, collection: CollectionId, doubt: Doubt) -> DoubtedPerson | None:
    article = await articles.find(db, collection, doubt.article)
    named = await identity.called_in(db, doubt.person, doubt.article)
    if article is None or named is None:
        return None
    roles = await identity.roles_in(db, await _canonical(db, collection, doubt.person), [doubt.article])
    return DoubtedPerson(named, next(iter(roles), None), article.reference)


async def _known(db: Reader, collection: CollectionId, row: int) -> DoubtedPerson | None:
    person = await persons.find(db, collection, row)
    newest = await identity.newest_articles(db, person.id, 1) if person else []
    article = await articles.find(db, collection, newest[0]) if newest else None
    if person is None or article is None:
        return None
    roles = await persons.roles_of(db, person.id)
    return DoubtedPerson(person.name, roles[0].job_title if roles else None, article.reference, person.articles)


async def _canonical(db: Reader, collection: CollectionId, row: int) -> int:
    person = await persons.find(db, collection, row)
    return person.id if person else row
