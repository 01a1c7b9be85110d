"""The picture of a person's timeline: what they say above the dates, what others say about them below."""

from collections.abc import Callable, Sequence

from matplotlib.text import Text

from domain.pictures import Period, Tally, Timeline
from handlers.replies.charts.lettering import readable
from handlers.replies.charts.look import HEADING, INK, MARGIN, QUIET, SAID, SAYS, TITLE, WIDTH, Canvas, bar
from handlers.replies.charts.words import called, number, span
from handlers.replies.language import gettext as _
from handlers.replies.language import ngettext

HEIGHT = 1080
_BAND = 72
_BARS_TOP, _BARS_END = HEIGHT - 296, 196
# Above and below the highest bars, for their numbers.
_HEADROOM = 44
_WIDEST_SLOT = 150
_GAP = 0.18
# Each side has at least this share of the height.
_LEAST_SHARE = 0.22


def timeline(shown: Timeline) -> Canvas:
    """Return the picture of a timeline that has periods."""
    canvas = Canvas(HEIGHT)
    canvas.fit(canvas.write(MARGIN, HEIGHT - 100, readable(shown.person.name), TITLE, weight="bold"), _room())
    canvas.fit(canvas.write(MARGIN, HEIGHT - 152, span(shown), color=QUIET), _room())
    _heading(canvas, HEIGHT - 232, _("What they say: {claims}"), shown.says, _denying(shown.says.denials), SAYS)
    _heading(canvas, 112, _("What others say about them: {claims}"), shown.said, _denied(shown.said.denials), SAID)
    bars = _Bars(canvas, shown.periods)
    bars.draw(lambda period: period.says, SAYS, 1)
    bars.draw(lambda period: period.said, SAID, -1)
    bars.dates([called(period.first, shown.step) for period in shown.periods])
    return canvas


def _room() -> float:
    return WIDTH - 2 * MARGIN


def _heading(canvas: Canvas, y: float, title: str, tally: Tally, denials: str, color: str) -> None:
    """Write what a side shows, and below it what its hatched part is."""
    claims = ngettext("{count} claim", "{count} claims", tally.claims).format(count=number(tally.claims))
    heading = title.format(claims=claims if tally.claims else _("nothing"))
    canvas.fit(canvas.write(MARGIN, y, heading, HEADING, color, weight="bold"), _room())
    if tally.denials:
        canvas.axes.add_patch(bar(MARGIN + 2, y - 48, 44, 28, color, hatched=True))
        canvas.write(MARGIN + 62, y - 46, denials.format(count=number(tally.denials)), color=INK)


def _denying(count: int) -> str:
    return ngettext("{count} of them denies something", "{count} of them deny something", count)


def _denied(count: int) -> str:
    return ngettext("{count} of them is denied", "{count} of them are denied", count)


class _Bars:
    """The bars of all periods on both sides of the dates, on one scale."""

    def __init__(self, canvas: Canvas, periods: Sequence[Period]) -> None:
        self._canvas = canvas
        self._periods = periods
        self._slot = min(_WIDEST_SLOT, _room() / len(periods))
        self._left = (WIDTH - self._slot * len(periods)) / 2
        up = max(period.says.claims for period in periods)
        down = max(period.said.claims for period in periods)
        length = _BARS_TOP - _BARS_END - _BAND - 2 * _HEADROOM
        share = min(1 - _LEAST_SHARE, max(_LEAST_SHARE, up / (up + down)))
        self._scale = min(length * share / max(1, up), length * (1 - share) / max(1, down))
        self._axis = _BARS_END + _HEADROOM + length * (1 - share) + _BAND / 2

    def draw(self, side: Callable[[Period], Tally], color: str, sign: int) -> None:
        """Draw one side's bars, from the dates outwards, the denials first."""
        for place, period in enumerate(self._periods):
            tally = side(period)
            self._stack(place, tally.denials, tally.claims, color, sign)
        self._numbers([side(period).claims for period in self._periods], color, sign)

    def dates(self, names: Sequence[str]) -> None:
        """Write as many dates as have room, evenly."""
        texts = [
            self._canvas.write(0, self._axis, name, color=INK, ha="center", va="center_baseline") for name in names
        ]
        every = next(
            step
            for step in range(1, len(names) + 1)
            if max(self._canvas.extent(text).width for text in texts) * 1.2 <= step * self._slot or step == len(names)
        )
        for place, text in enumerate(texts):
            if place % every:
                text.remove()
            else:
                self._centre(text, place)

    def _stack(self, place: int, denials: int, claims: int, color: str, sign: int) -> None:
        x, width = self._left + (place + _GAP / 2) * self._slot, (1 - _GAP) * self._slot
        start = self._axis + sign * _BAND / 2
        for low, high, hatched in ((0, denials, True), (denials, claims, False)):
            if high > low:
                y, end = start + sign * low * self._scale, start + sign * high * self._scale
                self._canvas.axes.add_patch(bar(x, min(y, end), width, abs(end - y), color, hatched=hatched))

    def _numbers(self, claims: Sequence[int], color: str, sign: int) -> None:
        """Write how many they are: at each bar, or, where there is no room, at the highest."""
        texts = {
            place: self._canvas.write(
                0,
                self._axis + sign * (_BAND / 2 + height * self._scale + 10),
                number(height),
                color=color,
                ha="center",
                va="bottom" if sign > 0 else "top",
            )
            for place, height in enumerate(claims)
            if height
        }
        crowded = any(self._canvas.extent(text).width > 0.96 * self._slot for text in texts.values())
        highest = claims.index(max(claims))
        for place, text in texts.items():
            if crowded and place != highest and len(claims) > 1:
                text.remove()
            else:
                self._centre(text, place)

    def _centre(self, text: Text, place: int) -> None:
        half = self._canvas.extent(text).width / 2
        middle = self._left + (place + 0.5) * self._slot
        text.set_x(min(max(middle, 8 + half), WIDTH - 8 - half))
