"""Links by which a chat joins a collection: what stands in them, and whether it is ours.

A link is random, says when it expires, and is signed with HMAC-SHA-256 (RFC 2104, shortened to 128 bits), so that one
that is made up is known before the database is asked. The database has only its hash.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

# Telegram takes 64 of these letters behind ?start=; the first tells it from the number of an article.
PAYLOAD = re.compile(r"s[A-Za-z0-9_-]{48}")
_RANDOM, _TIME, _SIGNATURE = 16, 4, 16


def key_of(token: str) -> bytes:
    """Return the key that a bot with this token signs with."""
    return hmac.digest(token.encode(), b"presswatch: links to collections", "sha256")


def make(key: bytes, expires_at: datetime) -> str:
    """Return a new link's payload."""
    said = secrets.token_bytes(_RANDOM) + int(expires_at.timestamp()).to_bytes(_TIME)
    return "s" + urlsafe_b64encode(said + _signature(key, said)).decode()


def is_good(key: bytes, payload: str, now: datetime) -> bool:
    """Return whether a payload is one that ``make`` gave and has not expired."""
    if not PAYLOAD.fullmatch(payload):
        return False
    whole = urlsafe_b64decode(payload[1:])
    said, signature = whole[:-_SIGNATURE], whole[-_SIGNATURE:]
    expires_at = datetime.fromtimestamp(int.from_bytes(said[_RANDOM:]), UTC)
    return hmac.compare_digest(signature, _signature(key, said)) and now < expires_at


def hash_of(payload: str) -> str:
    """Return what is kept of a payload."""
    return hashlib.sha256(payload.encode()).hexdigest()


def _signature(key: bytes, said: bytes) -> bytes:
    return hmac.digest(key, said, "sha256")[:_SIGNATURE]
