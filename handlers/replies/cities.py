"""What the cities are called, in the language that is spoken, that time zones are named after."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from handlers.replies.language import ENGLISH, locale, spoken


def city_of(zone: str) -> str:
    """Return the city of an IANA zone: "Kyiv", "Київ"."""
    latin = zone.rpartition("/")[2].replace("_", " ")
    if spoken() == ENGLISH:
        return latin
    known = locale().time_zones.get(_first_names().get(zone, zone), {})
    return str(known.get("city", latin))


@cache
def _first_names() -> Mapping[str, str]:
    names: dict[str, str] = tomllib.loads((files("handlers.replies") / "cities.toml").read_text(encoding="utf-8"))
    return names
