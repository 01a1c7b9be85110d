"""Taking an article in: kept before anything is said about it, once, and queued to be read."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from domain.articles import AlreadyHere, ArticleState, Forward, InBatch, IncomingArticle, OnlyReads, Taken
from domain.chats import Chat, ChatIdentity
from domain.extraction import FailureReason, Metadata
from domain.jobs import JobKind, NewJob
from domain.limits import OverLimit, What
from domain.messages import SHORTEST_ARTICLE, IncomingMessage, joined, words_in
from services import Services, batches
from services.access import Right, allowed, may
from services.cards import card_job
from services.chats import know, know_in
from services.correcting.reopening import reopen_ties
from services.limits import Asker, asker_of, use_in
from services.waiting import wait, waiting
from storage import articles, messages
from storage.batches import NewItem
from storage.connection import Reader, Writer

# Another try may do better than these.
_MAY_PASS = frozenset({FailureReason.TIMEOUT, FailureReason.CRASH})
# An article that takes longer than this to read gets a note, which the card then replaces.
NOTE_AFTER = timedelta(seconds=4)


async def take_in(
    services: Services, incoming: IncomingArticle, *, alone: bool = False, asker: Asker | None = None
) -> Taken | AlreadyHere | InBatch | OnlyReads | OverLimit:
    """Keep an article and queue it to be read, in one transaction; ``alone`` keeps it out of any batch.

    It counts for the ``asker``, if there is one. The same message once more, after a power cut say, is answered as the
    first time. A text whose reading failed for a reason that may pass is read again.
    """
    return await services.database.transact(partial(_take_in, services, incoming, alone, asker))


async def _take_in(
    services: Services, incoming: IncomingArticle, alone: bool, asker: Asker | None, db: Writer
) -> Taken | AlreadyHere | InBatch | OnlyReads | OverLimit:
    forward, now = incoming.forward, services.clock()
    over = await use_in(services, db, asker, What.ARTICLE) if asker else None
    if over is not None:
        return over
    chat = await know_in(services, forward.chat, db)
    if not may(chat, Right.ADD):
        return OnlyReads()
    new = await articles.add(db, chat.collection, incoming.text, incoming.metadata, now)
    article = new or await articles.find_same(db, chat.collection, incoming.text)
    assert article is not None  # noqa: S101  # it was added just now, or stood in the way of being added
    await articles.add_forward(db, article, forward)
    stored = await articles.find(db, chat.collection, article)
    assert stored is not None and stored.reference.forward is not None  # noqa: S101  # both were kept just now
    first = stored.reference.forward
    brought = (first.chat.id, first.message_id) == (chat.id, forward.message_id)
    again = not brought and stored.failure in _MAY_PASS
    if brought:
        await messages.set_parts(db, article, chat.id, incoming.parts)
    known = not (brought or again)
    item = NewItem(forward.message_id, str(article), article, known)
    in_batch = not alone and await batches.join(services, db, forward, item)
    if brought:
        if not in_batch:
            await articles.to_be_shown(db, article, chat.id)
        await services.queue.put(db, _jobs(article, stored.state, forward, now, in_batch=in_batch))
    elif again:
        await services.queue.put(db, [_read_job(article, forward, f"read for message {forward.message_id}")])
    if in_batch:
        return InBatch()
    return AlreadyHere(article, first) if known else Taken(article)


async def article_of(db: Reader, message: IncomingMessage) -> int | None:
    """Return the article whose text, or part of it, a message is, if it is in what the chat sees."""
    article = await messages.article_of(db, message.forward.chat.id, message.number)
    known = await allowed(db, message.forward.chat.id, Right.READ) if article else None
    here = known and article and await articles.find(db, known.collection, article)
    return article if here else None


async def edit(services: Services, message: IncomingMessage) -> bool | OverLimit:
    """Give an article the text that one of its messages has now, and queue it to be read again.

    False where the message is not part of any article. An article that would be none any more keeps its text, and so
    does one that would become the same as another.
    """
    number = (await know(services, message.forward.chat)).id
    async with services.database.transaction() as db:
        chat = await allowed(db, number, Right.ADD)
        waits = any(each.number == message.number for each in await waiting(services, db, number))
        if waits:
            await wait(services, db, message)
        article = await messages.article_of(db, number, message.number)
        if article is not None and chat is not None:
            over = await _rewrite(services, db, chat, article, message)
            if over is not None:
                return over
    return waits or article is not None


async def _rewrite(
    services: Services, db: Writer, chat: Chat, article: int, message: IncomingMessage
) -> OverLimit | None:
    before = await messages.parts_of(db, article, chat.id)
    parts = [replace(part, text=message.text) if part.message_id == message.number else part for part in before]
    text = joined([part.text for part in parts])
    if parts == before or words_in(text) < SHORTEST_ARTICLE:
        return None
    over = await use_in(services, db, asker_of(message.forward), What.ARTICLE)
    if over is not None:
        return over
    now = services.clock()
    stored = await articles.find(db, chat.collection, article)
    if stored is not None and await articles.replace_text(db, chat.collection, article, text, now):
        await reopen_ties(services, db, chat.collection, article, stored.body, text)
        await messages.set_parts(db, article, chat.id, parts)
        await services.queue.put(db, [_read_job(article, message.forward, f"edited {now.isoformat()}")])
    return None


async def take_in_imported(
    services: Services, to: ChatIdentity, text: str, given: Metadata, sent_at: datetime | None = None
) -> int | None:
    """Keep an article that no message brought here and return its number; None where it is there and has been read.

    An article without a date of its own sorts by when it was sent elsewhere, if that is known.
    """
    chat = await know(services, to)
    now = services.clock()
    async with services.database.transaction() as db:
        new = await articles.add(db, chat.collection, text, given, min(sent_at or now, now))
        article = new or await articles.find_same(db, chat.collection, text)
        assert article is not None  # noqa: S101  # it was added just now, or stood in the way of being added
        stored = await articles.find(db, chat.collection, article)
    unread = stored is not None and (stored.state is ArticleState.RECEIVED or stored.failure in _MAY_PASS)
    return article if unread else None


def _jobs(article: int, state: ArticleState, forward: Forward, now: datetime, *, in_batch: bool) -> list[NewJob]:
    """Return what is to be done for the message that brought an article; an import may have read it before."""
    if state is not ArticleState.RECEIVED:
        return [] if in_batch else [card_job(article, forward.chat.id, "read")]
    note = card_job(article, forward.chat.id, "note", now + NOTE_AFTER)
    return [_read_job(article, forward, "read"), *([] if in_batch else [note])]


def _read_job(article: int, forward: Forward, occasion: str) -> NewJob:
    payload = {"article": article, "chat": forward.chat.id, "occasion": occasion}
    return NewJob(JobKind.EXTRACT, f"extract:{article}:{occasion}", payload, owner=forward.by)
