"""What became of digests, and why what was to be sent was not."""

from dataclasses import dataclass
from enum import StrEnum

from domain.subscriptions import Delivery


class Loss(StrEnum):
    """Why a chat, or a topic, takes no digests any more."""

    BLOCKED = "blocked"
    REMOVED = "removed"
    GONE = "gone"
    TOPIC = "topic"
    RIGHTS = "rights"


class Trouble(StrEnum):
    """Why a digest has not been sent, as the ledger keeps it; a ``Loss`` stands there, too."""

    BUSY = "busy"
    """Telegram wanted us to wait (429)."""
    UNREACHED = "unreached"
    """Telegram, or the way to it, was out of order."""
    REFUSED = "refused"
    """Telegram did not take the message."""
    NO_ANSWER = "no answer"
    """Telegram gave no answer after it had been reached."""
    CUT_OFF = "cut off"
    """The bot was stopped in mid-send."""
    TOO_LATE = "too late"
    TOGETHER = "together"
    """The bot did not run at that time, and a later one told it all."""
    SILENT = "silent"
    """Nothing was new, and nobody wants to hear that: that counts as sent."""
    ENDED = "ended"
    """Nobody wanted it any more."""
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of what became of a chat's digests, newest first; pages count from 0."""

    deliveries: tuple[Delivery, ...]
    page: int
    has_older: bool


@dataclass(frozen=True, slots=True)
class EndedDigests:
    """How many digests to a chat, known by its title, have ended without their owner, and why."""

    chat: str
    reason: Loss
    digests: int
