"""Drawing: what a process of its own runs, because it takes a moment and matplotlib is large."""

from domain.ledger import PersonReference
from domain.pictures import Drawn, Net, Picture, Timeline
from handlers.replies.charts.lettering import readable
from handlers.replies.charts.net import net
from handlers.replies.charts.timeline import timeline


def draw(picture: Picture) -> Drawn:
    """Return the picture as PNG; it must have something to show."""
    canvas = timeline(picture) if isinstance(picture, Timeline) else net(picture)
    names = [person.name for person in _people(picture)]
    spelt = tuple((name, readable(name)) for name in names if name.isascii() is False and readable(name).isascii())
    return Drawn(canvas.png(), spelt)


def _people(picture: Picture) -> tuple[PersonReference, ...]:
    return (picture.person, *picture.people) if isinstance(picture, Net) else (picture.person,)
