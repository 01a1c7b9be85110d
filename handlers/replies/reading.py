"""In which chat a reply is read: its links lead only to where those may go who read it.

That is set for the time that an update, or a job, is handled.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_chat: ContextVar[int | None] = ContextVar("chat", default=None)
_sees: ContextVar[bool] = ContextVar("sees", default=True)


@contextmanager
def read_in(chat: int | None, *, sees: bool = True) -> Iterator[None]:
    """Let what follows be read in a chat; None where that is not known.

    One to which another chat has its digests sent, a channel say, does not see the articles that they tell of.
    """
    tokens = _chat.set(chat), _sees.set(sees)
    try:
        yield
    finally:
        _chat.reset(tokens[0])
        _sees.reset(tokens[1])


def may_ask() -> bool:
    """Return whether the readers' chat sees the articles, and so may ask for their cards."""
    return _sees.get()


def is_read_elsewhere(chat: int) -> bool:
    """Return whether the readers are those of another chat than this one."""
    return _chat.get() not in (None, chat)


def is_read_in_private() -> bool:
    """Return whether the reader is alone with the bot: their chat has their own number, which is above zero."""
    return (_chat.get() or 0) > 0
