"""Messages as they come: what one, or several that belong together, hold for us."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from domain.articles import Forward, MessagePart, OriginKind

# Shorter texts are talk, not articles: a paragraph of press prose has more words.
SHORTEST_ARTICLE = 40
# Where a script sets no words apart, letters are counted instead; English has fewer to a word. Of Han characters and
# kana, two make a word.
LETTERS_A_WORD = 7
IDEOGRAPHS_A_WORD = 2
# In a group, people's talk may be as long as this.
LONGEST_TALK = 100
# A line that is no sentence has to have as many words to be prose; headings, lists and "read more" have fewer.
PROSE_WORDS = 25
# Telegram's apps cut a text of more than 4,096 UTF-16 units, at a line or a space where there is one.
MESSAGE_LIMIT = 4096
NEARLY_FULL = 3000
# The parts of a text, and a comment with its forward, have nearly the same time, and numbers close to each other: in
# private chats a bot's messages are numbered over all of these.
FARTHEST = 20
# Posts of a channel that are parts of one text follow each other there.
FARTHEST_POST = 3
CLOSE = timedelta(seconds=3)
LONGEST_NOTE = 500

_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_ENDS_A_SENTENCE = re.compile(r"[.!?…:][\"”’»)\]]*\Z")


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file as Telegram names it; ``size`` is in bytes."""

    id: str
    name: str | None
    mime: str | None
    size: int


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message that may hold an article.

    ``links`` are the addresses in its text, behind its words and of its preview. ``album`` is shared by the messages of
    one album. ``addressed`` says whether the sender waits for an answer; in a group, talk is not for the bot.
    """

    forward: Forward
    text: str
    links: tuple[str, ...] = ()
    file: FileReference | None = None
    album: str | None = None
    addressed: bool = True

    @property
    def number(self) -> int:
        """Telegram's number of the message in its chat."""
        return self.forward.message_id

    @property
    def is_forward(self) -> bool:
        """Whether it was written elsewhere."""
        return self.forward.origin.kind is not OriginKind.NONE


@dataclass(frozen=True, slots=True)
class Text:
    """The messages hold an article's text."""

    text: str
    parts: tuple[MessagePart, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """The message points to articles."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    """The messages hold so many words and no article."""

    words: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """Messages that belong together, in order, and those by which the sender commented on them."""

    messages: tuple[IncomingMessage, ...]
    comments: tuple[IncomingMessage, ...] = ()

    @property
    def first(self) -> IncomingMessage:
        """The message that answers go to."""
        return self.messages[0]

    @property
    def members(self) -> tuple[IncomingMessage, ...]:
        """The messages, and the comments on them."""
        return self.comments + self.messages

    def forward(self, note: str | None = None) -> Forward:
        """Return whence it came, with what the sender wrote about it: the comments, or else ``note``."""
        written = " ".join(comment.text for comment in self.comments)
        return replace(self.first.forward, note=note_of(written) or note)


def words_in(text: str) -> int:
    """Return how many words a text has, or would have in a script that writes them without spaces."""
    ideographs = len(_IDEOGRAPH.findall(text))
    letters = sum(map(str.isalpha, text)) - ideographs
    return max(len(text.split()), letters // LETTERS_A_WORD + ideographs // IDEOGRAPHS_A_WORD)


def is_nearly_full(message: IncomingMessage) -> bool:
    """Return whether the sender's app may have cut the text here, so that more follows in another message."""
    return message.file is None and message.album is None and _units(message.text) >= NEARLY_FULL


def continues(before: IncomingMessage, message: IncomingMessage) -> bool:
    """Return whether ``message`` belongs to the same album or the same text as ``before``."""
    if not _same_sender(before, message):
        return False
    if before.album is not None or message.album is not None:
        return before.album == message.album
    return (
        is_nearly_full(before)
        and message.file is None
        and 0 < message.number - before.number <= FARTHEST
        and abs(message.forward.sent_at - before.forward.sent_at) <= CLOSE
        and _same_origin(before.forward, message.forward)
    )


def may_comment(message: IncomingMessage) -> bool:
    """Return whether the message may be a word about a forward that comes right after it."""
    alone = message.file is None and message.album is None and not message.is_forward
    return alone and bool(message.text.strip()) and isinstance(content_of([message]), Talk)


def comments_on(comment: IncomingMessage, message: IncomingMessage) -> bool:
    """Return whether a short text was sent together with the forwarded ``message``, which follows it."""
    return (
        may_comment(comment)
        and message.is_forward
        and _same_sender(comment, message)
        and 0 < message.number - comment.number <= FARTHEST
        and abs(message.forward.sent_at - comment.forward.sent_at) <= CLOSE
    )


def bundles(messages: Sequence[IncomingMessage]) -> list[Bundle]:
    """Return messages of one chat, in the order of their numbers, put together where they belong together.

    A comment on a forward becomes its note and no bundle of its own.
    """
    groups = [tuple(group) for group in _groups(sorted(messages, key=lambda message: message.number))]
    found = []
    for group in groups:
        if any(comments_on(group[0], other[0]) for other in groups):
            continue
        found.append(Bundle(group, tuple(other[0] for other in groups if comments_on(other[0], group[0]))))
    return found


def note_of(text: str) -> str | None:
    """Return what is kept of words that came with an article."""
    line = " ".join(text.split())
    return line[:LONGEST_NOTE] or None


def content_of(messages: Sequence[IncomingMessage]) -> Text | Links | Talk:
    """Return what messages that belong together hold; files are looked at by whoever fetches them.

    A text with links is an article where it has prose of an article's length, otherwise its links are what it brings.
    Addresses are no words.
    """
    said = [message for message in messages if message.text.strip()]
    text = joined([message.text for message in said])
    addresses = tuple(dict.fromkeys(address for message in messages for address in message.links))
    if addresses and words_in(_prose(_without(text, addresses))) < SHORTEST_ARTICLE:
        return Links(addresses)
    if words_in(text) < SHORTEST_ARTICLE:
        return Talk(words_in(text))
    return Text(text, tuple(MessagePart(message.number, message.text) for message in said))


def beside_links(message: IncomingMessage) -> str | None:
    """Return what a message says about the links that it brings."""
    return note_of(_without(message.text, message.links))


def is_bare(message: IncomingMessage) -> bool:
    """Return whether a message is nothing but links."""
    return beside_links(message) is None


def joined(parts: Sequence[str]) -> str:
    """Return the parts of a text as one; an app that cuts at a line or a space drops it."""
    return "".join(part + _seam(part, after) for part, after in pairwise([*parts, ""]))


def _seam(before: str, after: str) -> str:
    whole = before[-1:].isspace() or after[:1].isspace() or _units(before) == MESSAGE_LIMIT
    if not after or whole:
        return ""
    return "\n\n" if _units(before) < NEARLY_FULL or _ENDS_A_SENTENCE.search(before) else " "


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _without(text: str, addresses: Sequence[str]) -> str:
    """Return a text without addresses, which may stand there without their scheme."""
    for address in sorted(addresses, key=len, reverse=True):
        text = text.replace(address, " ").replace(address.partition("://")[2], " ")
    return text


def _prose(text: str) -> str:
    """Return the lines that are sentences, or long enough to hold some."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if _ENDS_A_SENTENCE.search(line) or words_in(line) >= PROSE_WORDS)


def _same_sender(one: IncomingMessage, other: IncomingMessage) -> bool:
    """Return whether messages of a chat are one person's, in one topic; administrators may share a number."""
    left, right = one.forward, other.forward
    return (left.sender_id, left.sender, left.thread_id) == (right.sender_id, right.sender, right.thread_id)


def _same_origin(left: Forward, right: Forward) -> bool:
    """Return whether two forwards may be parts of one text there."""
    one, other = left.origin, right.origin
    if (one.kind, one.name, one.username) != (other.kind, other.name, other.username):
        return False
    if one.message_id and other.message_id and abs(one.message_id - other.message_id) > FARTHEST_POST:
        return False
    return not (one.sent_at and other.sent_at) or abs(one.sent_at - other.sent_at) <= CLOSE


def _groups(messages: Sequence[IncomingMessage]) -> list[list[IncomingMessage]]:
    """Return runs of messages that belong together; other people's may stand in between."""
    groups: list[list[IncomingMessage]] = []
    for message in messages:
        group = next((group for group in groups if continues(group[-1], message)), None)
        if group is None:
            groups.append([message])
        else:
            group.append(message)
    return groups
