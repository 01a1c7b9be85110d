"""Drawing: what a process of its own runs, because it takes a moment and matplotlib is large."""

from domain.pictures import Drawn, Net, Newsmakers, Picture, Timeline
from handlers.replies.charts.lettering import readable
from handlers.replies.charts.look import Canvas
from handlers.replies.charts.net import net
from handlers.replies.charts.newsmakers import newsmakers
from handlers.replies.charts.timeline import timeline


def draw(picture: Picture) -> Drawn:
    """Return the picture as PNG; it must have something to show."""
    canvas = canvas_of(picture)
    changed = [name for name in picture.names.values() if not name.isascii() and readable(name).isascii()]
    return Drawn(canvas.png(), tuple((name, readable(name)) for name in changed))


def canvas_of(picture: Picture) -> Canvas:
    """Return the picture as it is drawn."""
    match picture:
        case Timeline():
            return timeline(picture)
        case Net():
            return net(picture)
        case Newsmakers():
            return newsmakers(picture)
