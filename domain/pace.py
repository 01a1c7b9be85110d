"""Telegram's limits on what a bot sends, and who goes first: decided on what was sent lately, in seconds of one clock.

Telegram asks for about 30 messages a second in all, one a second in a chat (short bursts may pass), 20 a minute in a
group. What somebody waits for goes before digests: an answer takes the next slot of the bot, even one that is still to
come; a digest takes none but that of the present moment.
"""

from dataclasses import dataclass, field
from enum import Enum, auto

# In all, a second, and what two messages may differ in how long they take to arrive.
OVERALL = 30
A_SECOND = 1.05
# In a group, a minute, and what two messages may differ in how long they take to arrive.
IN_A_GROUP = 20
A_MINUTE = 61.0
# Cards that say more by and by take no more of them, so that there is room for what somebody waits for.
EDITS_IN_A_GROUP = 12
# Answers in one chat come as people ask and tap, in bursts, but not more of them than seconds within a minute.
BURST = 60
# Digests come evenly, so many seconds apart.
APART = A_SECOND / OVERALL
# One that comes late by less than this, in seconds, does not delay those behind it.
MADE_UP = 0.25
# A 429 may be one chat's affair: no longer than so many seconds does it keep digests from the others.
PAUSE = 30.0


@dataclass(slots=True)
class BotTurns:
    """What a bot has sent lately, and until when Telegram wants it, or some of its chats, left alone.

    ``sent`` are the newest messages, oldest first; some may be still to come.
    """

    sent: list[float] = field(default_factory=list)
    closed: dict[str, float] = field(default_factory=dict)
    closed_until: float = 0.0
    digests_closed_until: float = 0.0
    last_digest: float = 0.0


ChatTurns = list[float]
"""When the newest messages of a chat had their turn, oldest first."""


class Whose(Enum):
    """Whose limit it is that has to be waited for."""

    NOBODYS = auto()
    CHATS = auto()
    BOTS = auto()


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that was taken, and comes after ``wait`` seconds; or, where somebody's limit stands before it, none.

    Who has none asks again after ``wait``.
    """

    wait: float
    whose: Whose = Whose.NOBODYS

    @property
    def is_taken(self) -> bool:
        """Return whether the message may go after the wait."""
        return self.whose is Whose.NOBODYS


def answer(chat: str, in_a_group: int | None, bot: BotTurns, turns: ChatTurns, now: float) -> Turn:
    """Take the turn of what somebody waits for; in a group ``in_a_group`` may have gone within a minute."""
    opens = max(_opens(chat, in_a_group, bot, turns, now, evenly=False), bot.closed_until)
    if opens > now:
        return Turn(opens - now, Whose.CHATS)
    _keep(turns, now, BURST)
    return slot(bot, turns, now)


def digest(chat: str, in_a_group: int | None, bot: BotTurns, turns: ChatTurns, now: float) -> Turn:
    """Take the turn of a digest in its chat and among digests; it has no slot of the bot yet."""
    opens = _opens(chat, in_a_group, bot, turns, now, evenly=True)
    if opens > now:
        return Turn(opens - now, Whose.CHATS)
    opens = max(_slot(bot), bot.closed_until, bot.digests_closed_until, bot.last_digest + APART)
    if bot.sent and bot.sent[-1] > now:
        # Answers wait for their slots: those go first.
        opens = max(opens, bot.sent[-1] + APART)
    if opens > now:
        return Turn(opens - now, Whose.BOTS)
    bot.last_digest = opens if now - opens < MADE_UP else now
    _keep(turns, now, BURST)
    return Turn(0.0)


def slot(bot: BotTurns, _: ChatTurns, now: float) -> Turn:
    """Take the next slot of the bot."""
    at = max(now, _slot(bot))
    _keep(bot.sent, at, OVERALL)
    return Turn(at - now)


def refused(chat: str, wait: float, bot: BotTurns, _: ChatTurns, now: float) -> Turn:
    """Leave a chat alone after a 429, and send no digests for some time; after a second chat, nothing at all."""
    bot.closed = {key: until for key, until in bot.closed.items() if until > now}
    if bot.closed.keys() - {chat}:
        bot.closed_until = max(bot.closed_until, now + wait)
    bot.closed[chat] = max(bot.closed.get(chat, 0.0), now + wait)
    bot.digests_closed_until = max(bot.digests_closed_until, now + min(wait, PAUSE))
    return Turn(wait, Whose.CHATS)


def quiet_from(turns: ChatTurns) -> float:
    """Return from when on nothing need be remembered of a chat."""
    return turns[-1] + A_MINUTE if turns else 0.0


def _opens(chat: str, in_a_group: int | None, bot: BotTurns, turns: ChatTurns, now: float, *, evenly: bool) -> float:
    """Return when the next message of a chat may go, ``evenly`` a second after the one before."""
    opens = max(now, bot.closed.get(chat, 0.0))
    if evenly and turns:
        opens = max(opens, turns[-1] + 1)
    for most in (BURST, in_a_group):
        if most is not None and len(turns) >= most:
            opens = max(opens, turns[-most] + A_MINUTE)
    return opens


def _slot(bot: BotTurns) -> float:
    """Return when the next message of the bot may go."""
    return bot.sent[-OVERALL] + A_SECOND if len(bot.sent) >= OVERALL else 0.0


def _keep(times: list[float], at: float, most: int) -> None:
    times.append(at)
    del times[:-most]
