"""The picture of who speaks about whom: a name in the middle, the others around it, arrows from those who speak."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations
from math import cos, dist, pi, sin, sqrt

import numpy
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Polygon
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from domain.pictures import Net, Voice
from handlers.replies.charts.lettering import readable
from handlers.replies.charts.look import (
    GROUND,
    INK,
    MARGIN,
    PANEL,
    POINT,
    QUIET,
    SAID,
    SAYS,
    TEXT,
    TITLE,
    WIDTH,
    Canvas,
)
from handlers.replies.charts.words import DENIAL, number
from handlers.replies.language import gettext as _

# Few names need less room: what is above and below them, and how far they stand from the middle.
_HEIGHT, _LOW = 1400, 1140
_FEW = 3
_TOP, _BOTTOM = 240, 290
_RADIUS = 398.0
# Pixels; a longer name is written in two lines.
_LINE, _MIDDLE = 260, 200
_PADDING = 18
_SMALLEST = 0.75
_BREAKS = 12
# Nothing comes nearer to the picture's sides.
_EDGE = 20
_BEND = 0.18
# An arrow's width in pixels, of next to nothing and of the most claims, if these are many.
_THIN, _THICK = 3.0, 14.0
_MANY = 8
# Into so many pieces an arrow is cut.
_STEPS = 80

_Point = tuple[float, float]
_Points = NDArray[numpy.float64]


def net(shown: Net) -> Canvas:
    """Return the picture of a net that has voices."""
    canvas = Canvas(_LOW if len(shown.figures) <= _FEW else _HEIGHT)
    centre = shown.person.id
    title = canvas.write(MARGIN, canvas.height - 100, readable(shown.person.name), TITLE, weight="bold")
    canvas.fit(title, WIDTH - 2 * MARGIN)
    canvas.write(MARGIN, canvas.height - 152, _("Who speaks about whom, in how many claims"), color=QUIET)
    key = _key(canvas, shown)
    places = _places(shown, canvas.height)
    names = {figure: readable(name) for figure, name in shown.names.items()}
    boxes = {figure: _box(canvas, place, names[figure], _look(figure, centre)) for figure, place in places.items()}
    most = max(voice.claims for voice in shown.voices)
    arrows = [_arrow(canvas, voice, (boxes[voice.speaker], boxes[voice.about]), centre, most) for voice in shown.voices]
    _number(canvas, arrows, [*key, *(box.room for box in boxes.values())])
    return canvas


@dataclass(frozen=True, slots=True)
class _Look:
    """The colours of a name and its frame, and how wide the name may be."""

    letters: str
    face: str
    edge: str
    width: float


@dataclass(frozen=True, slots=True)
class _Box:
    """A name with its frame around ``place``."""

    place: _Point
    room: Bbox


@dataclass(frozen=True, slots=True)
class _Arrow:
    """An arrow's visible points, and what is written on it."""

    points: tuple[_Point, ...]
    thick: float
    label: str
    color: str


def _key(canvas: Canvas, shown: Net) -> list[Bbox]:
    """Write what the colours mean, in these colours, and what a broken line does; return the rooms this takes."""
    centre = shown.person.id
    lines = [
        (_("→ what they say about others"), SAYS, any(voice.speaker == centre for voice in shown.voices)),
        (_("→ what others say about them"), SAID, any(voice.about == centre for voice in shown.voices)),
        (_("→ what others say about each other"), QUIET, any(centre not in (v.speaker, v.about) for v in shown.voices)),
    ]
    kept = [(words, color) for words, color, there in lines if there]
    if any(voice.denials for voice in shown.voices):
        kept.append((_("{sign} - -  denials, and what is denied").format(sign=DENIAL), INK))
    rows = enumerate(reversed(kept))
    return [canvas.extent(canvas.write(MARGIN, 44 + 42 * row, words, color=color)) for row, (words, color) in rows]


def _places(shown: Net, height: int) -> dict[int, _Point]:
    """Return where each person stands: around the one in the middle, beginning at the top."""
    centre, radius = (WIDTH / 2, (height - _TOP + _BOTTOM) / 2), (height - _TOP - _BOTTOM) / 2
    ring = _ring(shown)
    angles = {person: (0.5 - 2 * place / len(ring)) * pi for place, person in enumerate(ring)}
    around = {
        person: (centre[0] + _RADIUS * cos(angle), centre[1] + radius * sin(angle)) for person, angle in angles.items()
    }
    return {shown.person.id: centre, **around}


def _ring(shown: Net) -> tuple[int, ...]:
    """Return the others in the order in which those who speak about each other stand the least far apart."""
    first, *rest = [person.id for person in shown.figures]
    pairs = [(v.speaker, v.about) for v in shown.voices if shown.person.id not in (v.speaker, v.about)]

    def apart(order: tuple[int, ...]) -> int:
        steps = [abs(order.index(one) - order.index(other)) for one, other in pairs]
        return sum(min(step, len(order) - step) for step in steps)

    if not pairs:
        return (first, *rest)
    return min(((first, *order) for order in permutations(rest)), key=apart)


def _look(figure: int, centre: int) -> _Look:
    """Return the look of a name: of persons full, of institutions and outlets an outline."""
    if figure == centre:
        return _Look(GROUND, INK, INK, _MIDDLE)
    return _Look(INK, PANEL if figure > 0 else GROUND, PANEL, _LINE)


def _box(canvas: Canvas, place: _Point, name: str, look: _Look) -> _Box:
    """Write a name in a frame, in several lines where it is long, as near its place as the picture's edges let it."""
    text = canvas.write(
        0, 0, name, color=look.letters, ha="center", va="center", zorder=5, weight="bold", linespacing=1.1
    )
    _narrow(canvas, text, look.width)
    half = canvas.extent(text).width / 2 + _PADDING
    x = min(max(place[0], _EDGE + half), WIDTH - _EDGE - half)
    text.set_position((x, place[1]))
    room = canvas.extent(text).padded(_PADDING)
    frame = FancyBboxPatch((room.x0, room.y0), room.width, room.height, boxstyle="round,pad=0,rounding_size=22")
    frame.set(facecolor=look.face, edgecolor=look.edge, linewidth=3, zorder=4)
    canvas.axes.add_patch(frame)
    return _Box((x, place[1]), room)


def _narrow(canvas: Canvas, text: Text, width: float) -> None:
    """Make a name as narrow as a box may be: a little smaller, in more lines, much smaller, and at last shorter."""
    name, size = text.get_text(), float(text.get_fontsize())
    for shrunk, lines in ((0.88, 1), (0.84, 2), (0.88, 3), (_SMALLEST, 3)):
        text.set_text(_in_lines(name, lines))
        text.set_fontsize(size)
        wide = canvas.extent(text).width
        text.set_fontsize(size * min(1, max(shrunk, width / wide)))
        if wide * shrunk <= width:
            return
    kept = text.get_text().split("\n")
    while canvas.extent(text).width > width and max(map(len, kept)) > 2:
        longest = max(range(len(kept)), key=lambda place: len(kept[place]))
        kept[longest] = kept[longest].removesuffix("…")[:-1].rstrip() + "…"
        text.set_text("\n".join(kept))


def _in_lines(name: str, lines: int) -> str:
    """Return a name in at most so many lines, broken where the longest line is the shortest."""
    breaks = [match.end() for match in re.finditer(r"\s|(?<=\w)[-‐–](?=\w)", name)]
    ways = combinations(breaks[:_BREAKS], min(lines - 1, len(breaks)))
    parts = [[name[start:end].strip() for start, end in pairwise((0, *way, len(name)))] for way in ways]
    return "\n".join(min(parts, key=lambda way: max(map(len, way))))


def _arrow(canvas: Canvas, voice: Voice, ends: tuple[_Box, _Box], centre: int, most: int) -> _Arrow:
    """Draw the arrow of a voice between two frames: the more claims, the thicker."""
    start, end = ends
    color = SAYS if voice.speaker == centre else SAID if voice.about == centre else QUIET
    thick = _THIN + (_THICK - _THIN) * sqrt(voice.claims / max(most, _MANY))
    free = [start.room.padded(6), end.room.padded(8)]
    points = [point for point in _curve(start.place, end.place) if not any(room.contains(*point) for room in free)]
    long, wide = 16 + 1.8 * thick, 7 + 1.1 * thick
    shaft = [point for point in points if dist(point, points[-1]) > 0.9 * long] or points[:1]
    line = Line2D(*zip(*shaft, strict=True), color=color, linewidth=thick * POINT, zorder=2)
    if voice.denials:
        line.set_linestyle((0, (2.0, 1.0)))
    line.set(dash_capstyle="butt", solid_capstyle="butt")
    canvas.axes.add_line(line)
    canvas.axes.add_patch(
        Polygon(_head(points, shaft[-1], long, wide), closed=True, color=color, zorder=2, linewidth=0)
    )
    return _Arrow(tuple(points), thick, _label(voice), color)


def _head(points: Sequence[_Point], base: _Point, long: float, wide: float) -> list[_Point]:
    """Return the corners of an arrow's head, whose tip is the last point."""
    tip = points[-1]
    away = dist(base, tip) or 1.0
    x, y = (base[0] - tip[0]) / away, (base[1] - tip[1]) / away
    foot = tip[0] + long * x, tip[1] + long * y
    return [tip, (foot[0] - wide * y, foot[1] + wide * x), (foot[0] + wide * y, foot[1] - wide * x)]


def _curve(start: _Point, end: _Point) -> list[_Point]:
    """Return points of a line that is bent to its right: a Bézier curve with one control point."""
    across, along = end[0] - start[0], end[1] - start[1]
    x = (start[0] + end[0]) / 2 + _BEND * along
    y = (start[1] + end[1]) / 2 - _BEND * across
    shares = [step / _STEPS for step in range(_STEPS + 1)]
    return [
        (
            (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * x + t**2 * end[0],
            (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * y + t**2 * end[1],
        )
        for t in shares
    ]


def _label(voice: Voice) -> str:
    """Return how many claims they are, and below how many of them deny something or are denied."""
    return f"{number(voice.claims)}\n{number(voice.denials)} {DENIAL}" if voice.denials else number(voice.claims)


def _number(canvas: Canvas, arrows: Sequence[_Arrow], taken: list[Bbox]) -> None:
    """Write each arrow's number beside it: near its middle, where nothing else is."""
    lines = numpy.array([point for arrow in arrows for point in arrow.points])
    for arrow in sorted(arrows, key=lambda each: -len(each.label)):
        text = canvas.write(0, 0, arrow.label, TEXT, arrow.color, ha="center", va="center", linespacing=1.0, zorder=6)
        size = canvas.extent(text)
        middles = _beside(arrow, size.width + 8, size.height + 4)
        half = numpy.array([size.width + 8, size.height + 4]) / 2
        best = middles[int(_costs(middles, half, arrow, taken, lines).argmin())]
        text.set_position((float(best[0]), float(best[1])))
        taken.append(Bbox([best - half, best + half]))


def _beside(arrow: _Arrow, width: float, height: float) -> _Points:
    """Return the middles of rooms of a size along an arrow on both sides, the nearest that do not touch it."""
    points = numpy.array(arrow.points)
    along = points[2:] - points[:-2]
    normals = numpy.stack([along[:, 1], -along[:, 0]], axis=1) / numpy.hypot(*along.T)[:, None]
    away = numpy.abs(normals) @ [width / 2, height / 2] + arrow.thick / 2 + 4
    return numpy.concatenate([points[1:-1] + side * away[:, None] * normals for side in (1, -1)])


def _costs(middles: _Points, half: _Points, arrow: _Arrow, taken: Sequence[Bbox], lines: _Points) -> _Points:
    """Return how bad each room is: what it covers, above all, and how far from the middle of its arrow it is."""
    low, high = middles - half, middles + half
    covered = sum(
        numpy.clip(numpy.minimum(high, each.max) - numpy.maximum(low, each.min), 0, None).prod(axis=1) for each in taken
    )
    outside = numpy.clip(_EDGE - low[:, 0], 0, None) + numpy.clip(high[:, 0] - (WIDTH - _EDGE), 0, None)
    crossed = ((lines > low[:, None]) & (lines < high[:, None])).all(axis=2).sum(axis=1)
    far = numpy.hypot(*(middles - arrow.points[len(arrow.points) // 2]).T)
    costs: _Points = 1e4 * (covered + outside) + 60 * crossed + far
    return costs
