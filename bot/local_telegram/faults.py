"""Faults on demand: what Telegram and the network do to a bot on a bad day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.local_telegram.spec import Refused

FaultKind = Literal[429, 403, 500, 502, 504, "hang", "drop", "slow"]
"""An HTTP status; or never answering; or performing the call and losing the answer; or answering late."""


class ConnectionDropped(Exception):  # noqa: N818 - a state of the line, told to the doors
    """The call was performed, and its answer is lost on the way."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    retry_after: int = 1
    delay: float = 0.1

    def refusal(self) -> Refused | None:
        """The refusal that this fault is; None for the faults of the line."""
        match self.kind:
            case 429:
                wait = self.retry_after
                return Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
            case 403:
                return Refused(403, "Forbidden: bot was blocked by the user")
            case 500:
                return Refused(500, "Internal Server Error")
            case 502:
                return Refused(502, "Bad Gateway")
            case 504:
                return Refused(504, "Gateway Timeout")
        return None


@dataclass(slots=True)
class Faults:
    """The faults that are still to come, by method."""

    _coming: dict[str, list[Fault]] = field(default_factory=dict)

    def add(self, method: str, fault: Fault, times: int) -> None:
        self._coming.setdefault(method, []).extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        coming = self._coming.get(method)
        return coming.pop(0) if coming else None
