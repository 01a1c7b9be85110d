"""What becomes of a message: it may be an article, point to one, wait for what belongs to it, or be talk."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from zlib import crc32

from domain.articles import (
    Fetching,
    InBatch,
    IncomingArticle,
    MessagePart,
    NothingHere,
    OnlyReads,
    Received,
    SeveralHere,
    Taken,
    TooShort,
    Waiting,
)
from domain.chats import ChatKind
from domain.intake import FoundArticle, NoArticle
from domain.jobs import JobKind, NewJob
from domain.limits import What
from domain.messages import (
    LONGEST_TALK,
    SHORTEST_ARTICLE,
    Bundle,
    FileReference,
    IncomingMessage,
    Links,
    Talk,
    Text,
    beside_links,
    comments_on,
    content_of,
    continues,
    is_bare,
    is_nearly_full,
    joined,
    may_comment,
    note_of,
    words_in,
)
from services import Services, batches
from services.access import Right, is_allowed_in
from services.intake import article_of, edit, take_in
from services.limits import Asker, asker_of, use
from services.waiting import wait, waiting
from storage import messages
from storage.batches import NewItem
from storage.connection import Reader, Writer
from storage.values import content_hash

# Telegram lets bots fetch files up to this size, in bytes.
LARGEST_FILE = 20_000_000
# Of more links in a message, the first; a chat's are fetched in as many lanes, so that it leaves room for others.
MOST_LINKS = 20
LANES = 2
# PostgreSQL's indexes take a third of a page of 8 kB.
LONGEST_IN_KEY = 500


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a message's chat and of the message: what waits there, and of which article it is a part."""

    may_add: bool
    earlier: Sequence[IncomingMessage]
    article: int | None


async def receive(services: Services, message: IncomingMessage) -> Received:
    """Take in what a message holds or points to, or let it wait until it is known what belongs to it."""
    known = await services.database.look(partial(_known, services, message))
    if not known.may_add:
        return _refused(Bundle((message,)))
    comments: tuple[IncomingMessage, ...] | None = ()
    if known.earlier or _waits(message, ()):
        comments = await services.database.transact(partial(_comments_on, services, message))
    if comments is None:
        return Waiting()
    return await _take(services, Bundle((message,), comments), known, asker_of(message.forward))


async def _known(services: Services, message: IncomingMessage, db: Reader) -> _Known:
    may_add = await is_allowed_in(db, message.forward.chat.id, Right.ADD)
    earlier = await waiting(services, db, message.forward.chat.id)
    return _Known(may_add, earlier, await article_of(db, message))


async def _comments_on(services: Services, message: IncomingMessage, db: Writer) -> tuple[IncomingMessage, ...] | None:
    """Return the earlier messages that comment on one; None where it waits itself for what it belongs to."""
    earlier = await waiting(services, db, message.forward.chat.id)
    if _waits(message, earlier):
        await wait(services, db, message)
        return None
    comments = tuple(each for each in earlier if comments_on(each, message))
    for comment in comments:
        # It may belong to the next forwards, too, and is no talk that wants an answer any more.
        await wait(services, db, replace(comment, addressed=False))
    return comments


async def take(services: Services, bundle: Bundle, *, alone: bool = False, asker: Asker | None = None) -> Received:
    """Take in the article that messages hold, or have what they point to fetched.

    Messages that are an article's already bring it up to date. ``alone`` keeps it out of any batch. It counts for the
    ``asker``, or else for who brings it.
    """
    known = await services.database.look(partial(_known, services, bundle.first))
    if not known.may_add:
        return _refused(bundle)
    return await _take(services, bundle, known, asker or asker_of(bundle.first.forward), alone=alone)


async def _take(services: Services, bundle: Bundle, known: _Known, asker: Asker, *, alone: bool = False) -> Received:
    first = bundle.first
    files = [message for message in bundle.messages if message.file is not None]
    if files:
        over = await use(services, asker, What.FILE, len(files))
        return over or await _fetch_files(services, bundle, files)
    match content_of(bundle.messages):
        case Text(text, parts) if _is_no_talk(first, text):
            if known.article is not None:
                for message in bundle.messages:
                    await edit(services, message)
                return Taken(known.article)
            incoming = IncomingArticle(text, bundle.forward(), parts)
            return await take_in(services, incoming, alone=alone, asker=asker)
        case Links(addresses) if _are_meant(first):
            wanted = addresses[:MOST_LINKS]
            over = await use(services, asker, What.LINK, len(wanted))
            return over or await _fetch_links(services, bundle, wanted)
        case Talk(words):
            return TooShort(words)
        case _:
            return TooShort(words_in(first.text))


async def fetch_link(services: Services, message: IncomingMessage, link: str) -> Received:
    """Take in the article that stands at an address."""
    content = await services.links.read_link(link)
    if isinstance(content, NoArticle):
        return await _beside(services, message) or await _nothing(services, message, link, content)
    return await _take_found(services, message, link, content)


async def fetch_file(services: Services, message: IncomingMessage, data: bytes, how: str) -> Received:
    """Take in what a file holds; of several articles, ``how`` says: "each", as "one", or "ask" the sender."""
    assert message.file is not None  # noqa: S101  # only messages with a file are fetched
    name = message.file.name or "this file"
    content = await services.files.read_file(data, message.file.name, message.file.mime)
    if isinstance(content, NoArticle):
        return await _beside(services, message) or await _nothing(services, message, name, content)
    if len(content) == 1 or how == "one":
        whole = FoundArticle(joined([article.text for article in content]), content[0].metadata)
        return await _take_found(services, message, name, content[0] if len(content) == 1 else whole)
    if how == "ask":
        return SeveralHere(name, tuple(_headline(article) for article in content))
    over = await use(services, asker_of(message.forward), What.ARTICLE, len(content))
    if over is not None:
        return over
    taken = [await _take_found(services, message, name, article) for article in content]
    # A list of contents, say, is none, and the others came in.
    return next((each for kind in (InBatch, Taken) for each in taken if isinstance(each, kind)), taken[0])


def fetch_job(
    bot: int, message: IncomingMessage, note: str | None, *, link: str | None = None, how: str = "ask"
) -> NewJob:
    """Return the job that fetches a link, or the message's file."""
    told = replace(message, forward=replace(message.forward, note=note))
    payload: dict[str, Any] = {"message": messages.to_json(told), "link": link, "how": how}
    what, chat = link or (f"{message.file.id}:{how}" if message.file else ""), message.forward.chat.id
    what = what if len(what) <= LONGEST_IN_KEY else content_hash(what)
    lane = f"fetch:{bot}:{chat}:{crc32(what.encode('utf-8', 'replace')) % LANES}"
    return NewJob(JobKind.FETCH, f"fetch:{bot}:{chat}:{message.number}:{what}", payload, lane, owner=told.forward.by)


def message_of(payload: dict[str, Any]) -> IncomingMessage:
    """Return the message of a job that fetches."""
    return messages.from_json(payload["message"])


async def split_file(services: Services, message: IncomingMessage, how: str) -> None:
    """Have a file fetched again whose articles are meant as the sender has now said."""
    async with services.database.transaction() as db:
        await services.queue.put(db, [fetch_job(services.bot, message, note_of(message.text), how=how)])


async def _fetch_files(services: Services, bundle: Bundle, files: Sequence[IncomingMessage]) -> Received:
    large = next((each.file for each in files if each.file and each.file.size > LARGEST_FILE), None)
    wanted = [each for each in files if each.file and each.file.size <= LARGEST_FILE]
    captions = joined([message.text for message in bundle.messages if message.text.strip()])
    note = bundle.forward(note_of(captions)).note
    async with services.database.transaction() as db:
        await services.queue.put(db, [fetch_job(services.bot, message, note) for message in wanted])
    return NothingHere(_name(large), NoArticle.TOO_LARGE) if large else Fetching()


async def _fetch_links(services: Services, bundle: Bundle, addresses: Sequence[str]) -> Received:
    note = bundle.forward(beside_links(bundle.first)).note
    jobs = [fetch_job(services.bot, bundle.first, note, link=address) for address in addresses]
    async with services.database.transaction() as db:
        await services.queue.put(db, jobs)
    return Fetching()


async def _take_found(services: Services, message: IncomingMessage, what: str, found: FoundArticle) -> Received:
    if words_in(found.text) < SHORTEST_ARTICLE:
        return await _nothing(services, message, what, NoArticle.NO_ARTICLE_ON_PAGE)
    return await take_in(services, IncomingArticle(found.text, message.forward, (), found.metadata))


async def _beside(services: Services, message: IncomingMessage) -> Received | None:
    """Take in what a message says besides pointing to where no article is, if it is long enough for one."""
    if words_in(message.text) < SHORTEST_ARTICLE:
        return None
    parts = (MessagePart(message.number, message.text),)
    return await take_in(services, IncomingArticle(message.text, message.forward, parts))


async def _nothing(services: Services, message: IncomingMessage, what: str, reason: NoArticle) -> Received:
    item = NewItem(message.number, what, None, problem=reason.value)
    async with services.database.transaction() as db:
        in_batch = await batches.join(services, db, message.forward, item)
    return InBatch() if in_batch else NothingHere(what, reason)


def _refused(bundle: Bundle) -> Received:
    """Return what becomes of messages of a chat that may not add; of talk, the same as anywhere."""
    first = bundle.first
    match content_of(bundle.messages):
        case Text(text) if _is_no_talk(first, text):
            return OnlyReads()
        case Links() if _are_meant(first):
            return OnlyReads()
    return TooShort(words_in(first.text)) if first.file is None else OnlyReads()


def _waits(message: IncomingMessage, earlier: Sequence[IncomingMessage]) -> bool:
    belongs = message.album is not None or any(continues(each, message) for each in earlier)
    return belongs or is_nearly_full(message) or may_comment(message)


def _is_no_talk(message: IncomingMessage, text: str) -> bool:
    """Return whether a text is for the bot: in a group, people talk at length as well."""
    in_group = message.forward.chat.kind in (ChatKind.GROUP, ChatKind.SUPERGROUP)
    return not in_group or message.addressed or message.is_forward or words_in(text) > LONGEST_TALK


def _are_meant(message: IncomingMessage) -> bool:
    """Return whether links are for the bot: in a group, people's talk has links as well."""
    in_channel = message.forward.chat.kind is ChatKind.CHANNEL
    return message.addressed or message.is_forward or in_channel or is_bare(message)


def _headline(article: FoundArticle) -> str:
    return article.metadata.headline or article.text.strip().partition("\n")[0]


def _name(file: FileReference) -> str:
    return file.name or "this file"
