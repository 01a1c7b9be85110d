"""The picture of a digest's people: a bar for each, of what they say and what others say about them."""

from domain.pictures import Newsmaker, Newsmakers, Tally
from handlers.replies.charts.lettering import readable
from handlers.replies.charts.look import HEADING, INK, MARGIN, QUIET, SAID, SAYS, TEXT, TITLE, WIDTH, Canvas, bar
from handlers.replies.charts.words import change, days, number
from handlers.replies.language import gettext as _

_HEAD, _ROW, _FOOT = 200, 128, 60
_LINE = 50
_BAR, _BEFORE = 40, 10
# Between what they say and what others say.
_GAP = 6
# Right of the longest bar, for its numbers.
_NUMBERS = 300
_ROOM = WIDTH - 2 * MARGIN


def newsmakers(shown: Newsmakers) -> Canvas:
    """Return the picture of people, of whom there is at least one."""
    legend = _legend(shown)
    canvas = Canvas(_HEAD + _ROW * len(shown.people) + _LINE * len(legend) + _FOOT)
    canvas.fit(canvas.write(MARGIN, canvas.height - 100, _("Claims by and about people"), TITLE, weight="bold"), _ROOM)
    canvas.fit(canvas.write(MARGIN, canvas.height - 152, days(shown.first, shown.last), color=QUIET), _ROOM)
    scale = (_ROOM - _NUMBERS) / max(max(each.claims, each.before or 0) for each in shown.people)
    for place, person in enumerate(shown.people):
        _person(canvas, canvas.height - _HEAD - _ROW * (place + 1), person, scale)
    for place, (color, hatched, words) in enumerate(legend):
        _explain(canvas, _FOOT + _LINE * (len(legend) - 1 - place), color, hatched, words)
    return canvas


def _person(canvas: Canvas, y: float, person: Newsmaker, scale: float) -> None:
    """Draw a row: the name and how many claims more or less, the bar with its numbers, and a line of those before."""
    changed = change(person)
    total = (
        _("{count} ({change})").format(count=number(person.claims), change=changed)
        if changed
        else number(person.claims)
    )
    right = canvas.write(WIDTH - MARGIN, y + 84, total, HEADING, ha="right")
    name = canvas.write(MARGIN, y + 84, readable(person.name), HEADING, weight="bold")
    canvas.fit(name, _ROOM - canvas.extent(right).width - MARGIN)
    middle = _stack(canvas, MARGIN, y + 32, person.says, SAYS, scale)
    end = _stack(
        canvas, middle + (_GAP if person.says.claims and person.said.claims else 0), y + 32, person.said, SAID, scale
    )
    told = canvas.write(end + 16, y + 32 + _BAR / 2, _sides(person), TEXT, QUIET, va="center_baseline")
    canvas.fit(told, WIDTH - MARGIN - end - 16)
    if person.before:
        canvas.axes.add_patch(bar(MARGIN, y + 10, person.before * scale, _BEFORE, QUIET, hatched=False))


def _stack(canvas: Canvas, x: float, y: float, tally: Tally, color: str, scale: float) -> float:
    """Draw a side's claims, the denials first, and return where they end."""
    for count, hatched in ((tally.denials, True), (tally.claims - tally.denials, False)):
        if count:
            canvas.axes.add_patch(bar(x, y, count * scale, _BAR, color, hatched=hatched))
            x += count * scale
    return x


def _sides(person: Newsmaker) -> str:
    sides = []
    if person.says.claims:
        sides.append(_("says {count}").format(count=number(person.says.claims)))
    if person.said.claims:
        sides.append(_("others {count}").format(count=number(person.said.claims)))
    return ", ".join(sides)


def _legend(shown: Newsmakers) -> list[tuple[str, bool, str]]:
    """Return what the colours, the hatching and the line stand for, as far as they are there."""
    lines = [
        (any(each.says.claims for each in shown.people), SAYS, False, _("what they say")),
        (any(each.said.claims for each in shown.people), SAID, False, _("what others say about them")),
        (
            any(each.says.denials + each.said.denials for each in shown.people),
            INK,
            True,
            _("denies something, or is denied"),
        ),
        (any(each.before for each in shown.people), QUIET, False, _("as long a time before, on average")),
    ]
    return [(color, hatched, words) for there, color, hatched, words in lines if there]


def _explain(canvas: Canvas, y: float, color: str, hatched: bool, words: str) -> None:
    high = _BEFORE if color == QUIET else 28
    canvas.axes.add_patch(bar(MARGIN + 2, y + 12 - high / 2, 44, high, color, hatched=hatched))
    canvas.fit(canvas.write(MARGIN + 62, y, words), _ROOM - 62)
