"""Taking an article in: kept before anything is said about it, once, and queued to be read."""

from datetime import datetime, timedelta

from domain.articles import AlreadyHere, ArticleState, Forward, IncomingArticle, Taken, TooShort
from domain.chats import ChatIdentity
from domain.extraction import FailureReason, Metadata
from domain.jobs import JobKind, NewJob
from readers.files import read_plain
from services import Services
from services.cards import card_job
from services.chats import know
from storage import articles

# Shorter texts are talk, not articles: a paragraph of press prose has more words.
SHORTEST_ARTICLE = 40
# Where a script sets no words apart, letters are counted instead; English has fewer to a word.
LETTERS_A_WORD = 7
# Another try may do better than these.
_MAY_PASS = frozenset({FailureReason.TIMEOUT, FailureReason.CRASH})
# An article that takes longer than this to read gets a note, which the card then replaces.
NOTE_AFTER = timedelta(seconds=4)


async def take_in(services: Services, incoming: IncomingArticle) -> Taken | AlreadyHere:
    """Keep an article and queue it to be read, in one transaction.

    The same message once more, after a power cut say, is answered as the first time. A text whose reading failed for
    a reason that may pass is read again.
    """
    chat = await know(services, incoming.forward.chat)
    now = services.clock()
    async with services.database.transaction() as db:
        new = await articles.add(db, chat.collection, incoming.text, Metadata(), now)
        article = new or await articles.find_same(db, chat.collection, incoming.text)
        assert article is not None  # noqa: S101  # it was added just now, or stood in the way of being added
        await articles.add_forward(db, article, incoming.forward)
        stored = await articles.find(db, chat.collection, article)
        assert stored is not None and stored.reference.forward is not None  # noqa: S101  # both were kept just now
        first = stored.reference.forward
        brought = (first.chat.id, first.message_id) == (chat.id, incoming.forward.message_id)
        again = not brought and stored.failure in _MAY_PASS
        if brought:
            await services.queue.put(db, _jobs(article, stored.state, chat.id, now))
        elif again:
            await services.queue.put(
                db, [_read_job(article, chat.id, f"read for message {incoming.forward.message_id}")]
            )
    return Taken(article) if brought or again else AlreadyHere(article, first)


async def take_in_imported(services: Services, to: ChatIdentity, text: str, given: Metadata) -> int | None:
    """Keep an article that no message brought and return its number; None where it is there and has been read."""
    chat = await know(services, to)
    async with services.database.transaction() as db:
        new = await articles.add(db, chat.collection, text, given, services.clock())
        article = new or await articles.find_same(db, chat.collection, text)
        assert article is not None  # noqa: S101  # it was added just now, or stood in the way of being added
        stored = await articles.find(db, chat.collection, article)
    return article if stored is not None and stored.state is ArticleState.RECEIVED else None


def _jobs(article: int, state: ArticleState, chat: int, now: datetime) -> list[NewJob]:
    """Return what is to be done for the message that brought an article; an import may have read it before."""
    if state is not ArticleState.RECEIVED:
        return [card_job(article, chat, "read")]
    return [_read_job(article, chat, "read"), card_job(article, chat, "note", now + NOTE_AFTER)]


def _read_job(article: int, chat: int, occasion: str) -> NewJob:
    payload = {"article": article, "chat": chat, "occasion": occasion}
    return NewJob(JobKind.EXTRACT, f"extract:{article}:{occasion}", payload)


async def take_in_file(services: Services, data: bytes, forward: Forward) -> Taken | AlreadyHere | TooShort | None:
    """Take in the article that a file holds; None where it cannot be read as text."""
    text = read_plain(data)
    if not text or not text.strip():
        return None
    words = words_in(text)
    return TooShort(words) if words < SHORTEST_ARTICLE else await take_in(services, IncomingArticle(text, forward))


def words_in(text: str) -> int:
    """Return how many words a text has, or would have in a script that writes them without spaces."""
    return max(len(text.split()), sum(map(str.isalpha, text)) // LETTERS_A_WORD)
