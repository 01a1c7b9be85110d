"""What every picture has in common: its size, its colours, and text that fits.

A picture stands on a ground of its own, so that it reads alike in a light and in a dark chat. The colours are of the
set that readers of every colour vision tell apart (Okabe and Ito 2008); nothing is told by colour alone. Everything
is placed in pixels from the lower left corner.
"""

from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from handlers.replies.charts.lettering import family_of

# A phone shows these as some 360 points.
WIDTH = 1080
MARGIN = 56
_DPI = 100
# What matplotlib counts lines and letters in, by pixels.
POINT = 72 / _DPI

GROUND = "#22303c"
PANEL = "#37495a"
INK = "#f5f2ea"
QUIET = "#bcc7d0"
SAYS = "#56b4e9"
SAID = "#e69f00"

TITLE = 54
HEADING = 38
TEXT = 32
_HATCH = "////"


class Canvas:
    """A picture under way, ``height`` pixels high."""

    def __init__(self, height: int) -> None:
        self.height = height
        self.figure = Figure(figsize=(WIDTH / _DPI, height / _DPI), dpi=_DPI, facecolor=GROUND)
        self._renderer = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]  # matplotlib leaves it so
        self.axes: Axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, height), frameon=False)
        self.axes.set_axis_off()

    def write(self, x: float, y: float, text: str, size: float = TEXT, color: str = INK, **how: Any) -> Text:
        """Write a text, ``size`` pixels high, with its left end and base line at the place unless ``how`` says else."""
        family = list(family_of(text) or ())
        return self.axes.text(
            x, y, text, fontsize=size * POINT, color=color, family=family, parse_math=False, clip_on=False, **how
        )

    def extent(self, text: Text) -> Bbox:
        """Return the rectangle that a text takes."""
        return text.get_window_extent(self._renderer)

    def fit(self, text: Text, width: float, smallest: float = 0.7) -> Text:
        """Make a text that is too wide smaller, down to ``smallest`` of its size; what is still too wide is cut."""
        size = float(text.get_fontsize())
        wide = self.extent(text).width
        if wide > width:
            text.set_fontsize(size * max(smallest, width / wide))
        words = text.get_text()
        while self.extent(text).width > width and len(words) > 1:
            words = words[: -max(1, len(words) // 12)].rstrip()
            text.set_text(f"{words}…")
        return text

    def png(self) -> bytes:
        """Return the picture."""
        written = BytesIO()
        self.figure.savefig(written, format="png", facecolor=GROUND, metadata={"Software": None})
        return written.getvalue()


def bar(x: float, y: float, width: float, height: float, color: str, *, hatched: bool) -> Rectangle:
    """Return a bar from its lower left corner; what is ``hatched`` are denials."""
    if hatched:
        return Rectangle((x, y), width, height, facecolor=GROUND, edgecolor=color, hatch=_HATCH, linewidth=2.5)
    return Rectangle((x, y), width, height, facecolor=color, edgecolor=color, linewidth=2.5)
