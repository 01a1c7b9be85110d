"""Where the bot listens, and where Telegram posts to; nothing here needs a web server."""

import hashlib
import hmac
from dataclasses import dataclass, field

from bot.settings import Settings, parse_place


class ListenError(Exception):
    """Nobody can listen at a place; the message says why."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"nobody can listen at {place}: {why}")
        self.place = place


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram posts updates (``url``), by which ``secret`` it is known, and where we listen for it."""

    url: str
    secret: str = field(repr=False)
    host: str
    port: int
    is_shared: bool = False


def webhook_of(settings: Settings, token: str, *, is_shared: bool = False) -> Webhook:
    """Return the webhook that the operator has set; several processes may listen at one that ``is_shared``."""
    given = settings.webhook_secret
    secret = given.get_secret_value() if given else secret_from(token)
    return Webhook(settings.webhook_url or "", secret, *parse_place(settings.listen), is_shared)


def secret_from(token: str) -> str:
    """Return the secret of a bot's webhook, which only who has the token can tell."""
    return hmac.new(token.encode(), b"the secret of the webhook", hashlib.sha256).hexdigest()
