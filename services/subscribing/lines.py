"""A wish written on one line, its words in any order: "8.30, 18 Lviv mon wed fri", "weekly sunday 9:00"."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale

from domain.schedule import EVERY_DAY, WORKDAYS

# Their names of the days of the week are understood.
_LANGUAGES = ("en", "uk", "ru", "de", "fr", "he")
_WEEKEND = (6, 7)
# As much of a line as is read.
LONGEST = 200
_HOURS = r"(?:heures?|h|годин[аиі]?|год|час(?:ов|а)?|uhr)"
_CLOCK = re.compile(
    rf"(?P<hour>\d{{1,2}})(?:(?:[:.]|{_HOURS})(?P<minute>\d{{2}}))?{_HOURS}?(?P<half>am|pm)?", re.IGNORECASE
)
_APART = re.compile(rf"(?<=\d)\s+(?=(?:[ap]\.?m\.?|{_HOURS})(?!\w))", re.IGNORECASE)
# "7 Uhr 30"
_MINUTES = re.compile(rf"(?<=\d)\s*{_HOURS}\s+(?=\d{{2}}(?![\w:.])(?!\s*{_HOURS}(?!\w)))", re.IGNORECASE)
# What belongs to a number and is no part of it: "8-й", "ב-8:00".
_ENDING = re.compile(r"(?<=\d)-(?:й|ій|ої|ти|го)(?!\w)|(?<!\w)ב[-־]?(?=\d)")
_SIGNS = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "：": ":", "،": ","})
_HALF = re.compile(r"(?<=\d)([ap])\.?m\.?(?!\w)", re.IGNORECASE)
_TO = r"\s+(?:to|till|until|through|bis|до|по|au)\s+|\s*[-–—]\s*"
_AFTERNOON = time(18)
# Noon and midnight; other names are of parts of the day.
_EXACT = (time(0), time(12))


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says: times in order, days of the week (ISO), words of a place, and what is no time of day.

    ``weekly`` asks for one day of the week without saying which; ``about`` are the words of what it is limited to, and
    ``disputed`` limits it to denials. ``rhythm`` is one that there is not, such as "every 2 hours"; who ``ends`` wants
    no digest.
    """

    times: tuple[time, ...] = ()
    days: tuple[int, ...] = ()
    place: str | None = None
    unclear: tuple[str, ...] = ()
    weekly: bool = False
    about: str | None = None
    disputed: bool = False
    rhythm: str | None = None
    ends: bool = False


@dataclass(slots=True)
class _Read:
    """What has been read so far."""

    times: list[tuple[time, time | None]]
    """Each with the part of the day that it is in: the morning, the evening, or what is not said."""
    days: set[int]
    named: set[time]
    place: list[str]
    about: list[str]
    unclear: list[str]
    weekly: bool = False
    part: time | None = None
    """What was said before the times that it is of."""
    limits: bool = False
    """Whether the next words are of what it is about."""
    disputed: bool = False


def parse(text: str) -> Line:
    """Return what a line says; whatever it is, nothing is raised."""
    read = _Read([], set(), set(), [], [], [])
    plain = _ENDING.sub("", _in_ascii_digits(text[:LONGEST].translate(_SIGNS)))
    if plain.strip(" .,;!").casefold() in _vocabulary()["ends"]["words"]:
        return Line(ends=True)
    if rhythm := _rhythm().search(plain):
        return Line(rhythm=rhythm[0])
    joined = _HALF.sub(r"\1m", _APART.sub("", _MINUTES.sub(":", plain)))
    words = [word.strip(".,;") for word in _spans(joined).replace(",", " ").replace(";", " ").split()]
    words = [word for word in words if word]
    while words:
        used = next((count for count in (3, 2, 1) if _take(words[:count], count, read)), 1)
        words = words[used:]
    return Line(
        times=tuple(sorted(_times(read))),
        days=tuple(sorted(read.days)),
        place=_bare(read.place),
        unclear=tuple(read.unclear),
        weekly=read.weekly and not read.days,
        about=_bare(read.about),
        disputed=read.disputed,
    )


def _in_ascii_digits(text: str) -> str:
    """Return a text with the digits of any script, such as Arabic ones, as 0 to 9."""
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in text)


def time_of(written: str) -> time | None:
    """Return the time of day that "08:00", "8.30", "8h15", "8", "8 pm" or "noon" means, or None."""
    line = parse(written)
    return line.times[0] if len(line.times) == 1 and line == Line(times=line.times) else None


def _take(words: list[str], count: int, read: _Read) -> bool:
    """Take the next words, so many, as one; False where they say nothing together."""
    said = " ".join(words).casefold()
    if len(words) < count:
        return False
    if said in _vocabulary()["limits"]["disputed"]:
        read.disputed = True
    elif said in _vocabulary()["limits"]["about"]:
        read.limits = True
    elif said in _days():
        read.days.update(_days()[said])
    elif count == 1 and words[0] in _capitalised():
        read.days.add(_capitalised()[words[0]])
    elif said in _vocabulary()["days"]["weekly"]:
        read.weekly = True
    elif said in _named_times():
        _take_named(_named_times()[said], read)
    elif count == 1:
        _take_word(words[0], read)
    else:
        return False
    return True


def _take_word(word: str, read: _Read) -> None:
    if not word[0].isdigit():
        (read.about if read.limits else read.place).append(word)
    elif (at := _clock(word)) is not None:
        read.times.append((at, read.part))
        # A place may follow.
        read.limits = False
    else:
        read.unclear.append(word)


def _take_named(named: time, read: _Read) -> None:
    """Take "noon", or "morning" and its like, which are of the times before it, else of those behind."""
    read.named.add(named)
    if named in _EXACT:
        return
    if any(part is None for _, part in read.times):
        read.times = [(at, part or named) for at, part in read.times]
    else:
        read.part = named


def _clock(word: str) -> time | None:
    read = _CLOCK.fullmatch(word)
    if read is None:
        return None
    hour, minute, half = int(read["hour"]), int(read["minute"] or 0), (read["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _times(read: _Read) -> set[time]:
    """Return the times; "morning" and its like are times only where there is no other, "evening" moves its own."""
    if not read.times:
        return read.named
    moved = {
        at.replace(hour=at.hour + 12) if part == _AFTERNOON and 1 <= at.hour < 12 else at for at, part in read.times
    }
    return moved | {at for at in read.named if at in _EXACT}


def _spans(text: str) -> str:
    """Return a line with each "mon-fri", "monday to friday" written out."""

    days = _single_days()

    def written_out(found: re.Match[str]) -> str:
        first, last = (days[each.casefold()] for each in found.groups())
        return " ".join(_english(day) for day in _from_to(first, last))

    return _span().sub(written_out, text)


@cache
def _span() -> re.Pattern[str]:
    names = sorted(_single_days(), key=len, reverse=True)
    either = "|".join(map(re.escape, names))
    return re.compile(rf"(?<!\w)({either})(?:{_TO})({either})(?!\w)", re.IGNORECASE)


@cache
def _single_days() -> Mapping[str, int]:
    """Return what one day of the week is called, abbreviated too."""
    short = {name.casefold(): day for name, day in _capitalised().items()}
    return short | {name: days[0] for name, days in _days().items() if len(days) == 1}


@cache
def _capitalised() -> Mapping[str, int]:
    return {name: int(day) for day, name in _vocabulary()["capitalised"].items()}


def _from_to(first: int, last: int) -> Iterator[int]:
    day = first
    while day != last:
        yield day
        day = day % 7 + 1
    yield last


def _english(day: int) -> str:
    return str(Locale("en").days["stand-alone"]["wide"][day - 1])


@cache
def _rhythm() -> re.Pattern[str]:
    """Return what fits "monthly", "every 2 hours", "every hour"."""
    known = _vocabulary()["rhythms"]
    every, many, short, long, words = ("|".join(known[each]) for each in ("every", "many", "short", "long", "words"))
    some = rf"(?:\d+|{many})\s+"
    each = rf"(?:{every})\s+(?:(?:{some})?(?:{short})|{some}(?:{long}))"
    return re.compile(rf"(?<!\w)(?:{words}|{each})(?!\w)", re.IGNORECASE)


def _bare(words: list[str]) -> str | None:
    """Return words of a place, or of a topic, without those at its borders that belong to none."""
    ignored = _vocabulary()["ignored"]["words"]
    while words and words[0].casefold() in ignored:
        words = words[1:]
    while words and words[-1].casefold() in (*ignored, "the"):
        words = words[:-1]
    return " ".join(words) or None


@cache
def _days() -> Mapping[str, tuple[int, ...]]:
    """Return the days of the week that a word, or several, mean."""
    words = _vocabulary()
    found: dict[str, tuple[int, ...]] = {}
    for language in _LANGUAGES:
        for name_of_day in (Locale(language).days[form]["wide"] for form in ("format", "stand-alone")):
            found |= {str(name).casefold().translate(_SIGNS): (day + 1,) for day, name in name_of_day.items()}
            # "Mondays", "montags"; in other languages it is no word.
            found |= {f"{name}s".casefold(): (day + 1,) for day, name in name_of_day.items()}
    found |= {name: (int(day),) for day, names in words["weekdays"].items() for name in names}
    for kind, days in (("daily", EVERY_DAY), ("workdays", WORKDAYS), ("weekend", _WEEKEND)):
        found |= dict.fromkeys(words["days"][kind], days)
    return found


@cache
def _named_times() -> Mapping[str, time]:
    return {name: time.fromisoformat(at) for at, names in _vocabulary()["times"].items() for name in names}


@cache
def _vocabulary() -> Mapping[str, Any]:
    return tomllib.loads((files("services.subscribing") / "data" / "words.toml").read_text(encoding="utf-8"))
