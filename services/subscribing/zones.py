"""Which IANA zone a place has: by its name, by the clock there, or by where it lies on the map. Never an offset."""

import asyncio
import json
import re
import sys
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from tzfpy import get_tz

from domain.places import Place
from services import Services
from storage.values import normalise

# A city of the name with so many times the people of any other is the one that is meant.
_SURELY = 8
_LONGEST = 100
# How long cities are looked up, in seconds.
_PATIENCE = 30
# So many minutes' difference between two clocks is thought to be none.
_CLOCKS_DIFFER = 8
A_DAY = 24 * 60
_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be meant by a place that is not surely known; ``behind`` is minutes, where an offset was written."""

    places: tuple[Place, ...] = ()
    behind: int | None = None


async def place_of(services: Services, written: str) -> Place | Offered:
    """Return the place that is meant, or which may be."""
    name = " ".join(written[:_LONGEST].split())
    if offset := _OFFSET.fullmatch(name):
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        return Offered(behind=(-minutes if offset["sign"] == "-" else minutes) % A_DAY)
    if name.casefold() in _no_places():
        return Offered()
    zone = _zones().get(name.casefold().replace(" ", "_"))
    if zone is not None:
        return Place(zone, zone)
    if lettered := _lettered().get(name.casefold()):
        return Offered(tuple(Place(zone.rpartition("/")[2].replace("_", " "), zone) for zone in lettered))
    async with services.looking_up:
        surely, found = await _cities(name)
    if not found:
        return Offered()
    largest = found[0]
    alone = all(largest["population"] >= _SURELY * other["population"] for other in found[1:])
    places = tuple(Place(_called(each), each["timezone"], each["countrycode"]) for each in found)
    return places[0] if surely and alone else Offered(places)


def known(zone: str) -> bool:
    """Return whether a zone's name is one, as IANA writes it."""
    return zone in _names()


async def zone_at(latitude: float, longitude: float) -> str | None:
    """Return the zone of a place on the map (degrees), or None at sea."""
    zone = await asyncio.to_thread(get_tz, longitude, latitude)
    # At sea there are offsets only.
    return zone if zone in _names() and not zone.startswith("Etc/") else None


def clocks(now: datetime) -> Sequence[int]:
    """Return how many minutes, of one day, the clocks of the world are ahead of UTC now; each once, in order."""
    return sorted({_ahead(zone, now) for zone in _inhabited()})


def ahead_of(clock: time, now: datetime) -> int | None:
    """Return how many minutes the clocks that show this time are ahead of UTC now, or None where none does."""
    shown = (clock.hour * 60 + clock.minute - now.hour * 60 - now.minute) % A_DAY
    apart = {ahead: min((ahead - shown) % A_DAY, (shown - ahead) % A_DAY) for ahead in clocks(now)}
    nearest = min(apart, key=lambda ahead: apart[ahead])
    return nearest if apart[nearest] <= _CLOCKS_DIFFER else None


def showing(ahead: int, now: datetime) -> Sequence[str]:
    """Return the zones whose clocks are so many minutes, of one day, ahead of UTC now, by name of their city."""
    found = (zone for zone in _inhabited() if _ahead(zone, now) == ahead % A_DAY)
    return sorted(found, key=lambda zone: zone.rpartition("/")[2])


def _ahead(zone: str, now: datetime) -> int:
    offset = now.astimezone(ZoneInfo(zone)).utcoffset()
    return round(offset.total_seconds() / 60) % A_DAY if offset else 0


def _called(city: Mapping[str, Any]) -> str:
    """Return a city's name, with its state where it is in the United States, which has many of one name."""
    return f"{city['name']}, {city['admin1code']}" if city["countrycode"] == "US" else str(city["name"])


async def _cities(name: str) -> tuple[bool, list[Mapping[str, Any]]]:
    script = str(Path(__file__).with_name("cities.py"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-P", script, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            answer, _ = await process.communicate(json.dumps([name, normalise(name)]).encode())
        surely, found = json.loads(answer)
    except (TimeoutError, ValueError):
        return False, []
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return surely, found


@cache
def _zones() -> Mapping[str, str]:
    """Return every zone by its name and by its city, in lower case."""
    zones = sorted(zone for zone in _names() if "/" in zone or zone in ("UTC", "GMT"))
    # Of two zones with one city's name, today's is the one that the table of zones has.
    cities = [zone for zone in zones if not zone.startswith("Etc/")]
    cities.sort(key=lambda zone: zone in _inhabited())
    named = {zone.rpartition("/")[2].casefold(): zone for zone in cities} | {zone.casefold(): zone for zone in zones}
    renamed = _renamed()
    return {name: renamed.get(zone, zone) for name, zone in named.items()}


@cache
def _renamed() -> Mapping[str, str]:
    """Return what old names of zones, such as Europe/Kiev, are called today.

    Links of the table of countries are no old names: Europe/Stockholm has had Berlin's clock since 1970.
    """
    links = (line.split() for line in _table("tzdata.zi") if line.startswith("L "))
    today = {row.split("\t")[2] for row in _table("zone.tab") if not row.startswith("#")}
    return {old: now for _, now, old in links if old not in today and now in today}


@cache
def _lettered() -> Mapping[str, Sequence[str]]:
    """Return the zones that letters such as CET, in lower case, may mean."""
    data = files("services.subscribing") / "data" / "clocks.toml"
    letters: dict[str, Sequence[str]] = tomllib.loads(data.read_text(encoding="utf-8"))["letters"]
    return letters


@cache
def _no_places() -> frozenset[str]:
    """Return words, in lower case, that mean no place, though one may be called so."""
    data = files("services.subscribing") / "data" / "words.toml"
    return frozenset(tomllib.loads(data.read_text(encoding="utf-8"))["places"]["none"])


def _table(name: str) -> Sequence[str]:
    return (files("tzdata.zoneinfo") / name).read_text(encoding="utf-8").splitlines()


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _inhabited() -> Sequence[str]:
    """Return one zone for each part of the world whose clocks have agreed since 1970, as IANA's table has them."""
    rows = [line.split("\t") for line in _table("zone1970.tab") if not line.startswith("#")]
    return [row[2] for row in rows if row[2] in _names() and row[0] != "AQ"]
