"""What somebody else has told us is believed for a moment, so that they are not asked at every step."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

# Of so many things; more are forgotten all together.
MOST = 10_000


@dataclass(slots=True)
class Remembered:
    """Whether something is so, by two numbers, as far as it was learnt within ``believed``."""

    believed: timedelta = timedelta(minutes=1)
    _said: dict[tuple[int, int], tuple[datetime, bool]] = field(default_factory=dict)

    def of(self, one: int, other: int, now: datetime) -> bool | None:
        """Return what was learnt; None where that is nothing, or too long ago."""
        at, said = self._said.get((one, other), (None, False))
        return said if at is not None and now - at < self.believed else None

    def keep(self, one: int, other: int, now: datetime, *, said: bool) -> None:
        """Keep what has just been learnt."""
        if len(self._said) >= MOST:
            self._said.clear()
        self._said[one, other] = now, said
