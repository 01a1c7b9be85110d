"""What plain words want of digests: "digest", "send me a digest every morning", "what's new today?"."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

from services.subscribing.lines import Line, parse

# Who says more tells of something else.
_LONGEST = 12
_SHORT = 6
_WORD = re.compile(r"[\w’'-]+")


class Aim(StrEnum):
    """What is wanted: a digest now, one at times, none any more, or something about digests."""

    NEWS = "news"
    SUBSCRIBE = "subscribe"
    END = "end"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is wanted; ``words`` say of which time a digest now, ``line`` when digests shall come."""

    aim: Aim
    words: str = ""
    line: Line = field(default_factory=Line)


def heard(text: str) -> Spoken | None:
    """Return what a short text wants of digests; None where it does not speak of them."""
    plain = " ".join(text.replace("’", "'").casefold().split()).strip(" .!?")
    if news := _news().fullmatch(plain):
        return Spoken(Aim.NEWS, news["when"] or "")
    words = _WORD.findall(plain)
    of = _lists()["of"]
    if len(words) > _LONGEST or not any(word in each for word in words for each in of.values()):
        return None
    filling = _lists()["filling"]["words"]
    wanting = " ".join(word for word in words if word not in filling)
    ending = tuple(f"{each} " for each in _lists()["ending"]["words"])
    if set(words) & set(of["end"]) or (len(words) <= _SHORT and wanting.startswith(ending)):
        return Spoken(Aim.END)
    known = {*of["digests"], *of["subscribe"], *filling}
    told = (word for word in text.replace("’", "'").split() if word.casefold().strip(".,!?") not in known)
    line = parse(" ".join(told))
    timed = bool(line.times or line.days or line.rhythm or (line.weekly and not line.place))
    if timed or (set(words) & set(of["subscribe"]) and line == Line()):
        return Spoken(Aim.SUBSCRIBE, line=line)
    return Spoken(Aim.NEWS) if line == Line() else Spoken(Aim.UNCLEAR)


@cache
def _news() -> re.Pattern[str]:
    news = _lists()["news"]
    return re.compile(rf"(?:{'|'.join(news['words'])})(?: (?P<when>(?:{'|'.join(news['when'])})\b.*))?")


@cache
def _lists() -> Mapping[str, Mapping[str, list[str]]]:
    data = files("services.subscribing") / "data" / "spoken.toml"
    read: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(data.read_text(encoding="utf-8"))
    return read
