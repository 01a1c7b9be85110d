"""A place's zone: from any spelling of a city, from a clock, or from the map; and never an offset."""

import asyncio
from asyncio.subprocess import Process
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.places import Place
from services import CITIES_AT_ONCE, Services
from services.subscribing.cities import cities_called
from services.subscribing.zones import Offered, ahead_of, clocks, known, place_of, showing, zone_at
from storage.values import normalise

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Europe/Vilnius", "Europe/Vilnius"),
        ("vilnius", "Europe/Vilnius"),
        ("new york", "America/New_York"),
        ("UTC", "UTC"),
        ("Kiev", "Europe/Kyiv"),
        ("europe/kiev", "Europe/Kyiv"),
        ("Tel Aviv", "Asia/Jerusalem"),
        ("Calcutta", "Asia/Kolkata"),
        ("Stockholm", "Europe/Stockholm"),
        ("Asia/Kolkata", "Asia/Kolkata"),
    ],
)
async def test_a_zone_is_known_by_its_name_and_by_its_city(services: Services, written: str, zone: str):
    assert await place_of(services, written) == Place(zone, zone)


@pytest.mark.parametrize(
    ("written", "name", "zone"),
    [
        ("Lviv", "Lviv", "Europe/Kyiv"),
        ("Львів", "Lviv", "Europe/Kyiv"),
        ("Lvov", "Lviv", "Europe/Kyiv"),
        ("קייב", "Kyiv", "Europe/Kyiv"),
        ("Muenchen", "Munich", "Europe/Berlin"),
        ("Sao Paulo", "São Paulo", "America/Sao_Paulo"),
        ("Paris, Texas", "Paris", "America/Chicago"),
        ("paris france", "Paris", "Europe/Paris"),
        ("Ukraine", "Kyiv", "Europe/Kyiv"),
        ("California", "Los Angeles", "America/Los_Angeles"),
    ],
)
def test_a_city_is_known_in_any_spelling_and_with_its_country(written: str, name: str, zone: str):
    surely, found = cities_called(written, normalise(written))
    assert surely
    assert (found[0]["name"], found[0]["timezone"]) == (name, zone)


@pytest.mark.parametrize(("written", "near"), [("Mykolayiiv", "Mykolayiv"), ("Gotheburgg", "Gothenburg")])
def test_a_misspelt_city_is_offered_and_not_taken(written: str, near: str):
    surely, found = cities_called(written, normalise(written))
    assert not surely
    assert near in [each["name"] for each in found]


@pytest.mark.parametrize("written", ["Lvov2", "stap", "ofg"])
def test_of_less_than_five_letters_nothing_is_guessed(written: str):
    surely, found = cities_called(written, normalise(written))
    assert not surely
    assert bool(found) == (len(written) >= 5)


@pytest.mark.parametrize("written", ["off", "no", "Only", "every", "monthly", "нет"])
async def test_words_of_talk_are_no_places_though_a_village_is_called_so(services: Services, written: str):
    assert await place_of(services, written) == Offered()


@pytest.mark.parametrize(
    ("written", "zones"),
    [
        ("Georgia", {"Asia/Tbilisi", "America/New_York"}),
        ("Birmingham", {"Europe/London", "America/Chicago"}),
    ],
)
async def test_what_is_called_like_another_large_place_is_asked(services: Services, written: str, zones: set[str]):
    several = await place_of(services, written)
    assert isinstance(several, Offered)
    assert zones <= {place.timezone for place in several.places}


async def test_the_city_that_is_meant_is_looked_up_in_a_process_of_its_own(services: Services):
    assert await place_of(services, "Львів") == Place("Lviv", "Europe/Kyiv", "UA")
    several = await place_of(services, "Springfield")
    assert isinstance(several, Offered)
    assert len({place.timezone for place in several.places}) == len(several.places) > 1
    assert await place_of(services, "Xyzzyqwv") == Offered()


@pytest.mark.parametrize(
    ("letters", "zone"), [("EST", "America/New_York"), ("cet", "Europe/Berlin"), ("IST", "Asia/Kolkata")]
)
async def test_the_letters_of_a_clock_are_offered_and_never_a_city_of_that_code(
    services: Services, letters: str, zone: str
):
    offered = await place_of(services, letters)
    assert isinstance(offered, Offered)
    assert zone in [place.timezone for place in offered.places]
    assert all(known(place.timezone) for place in offered.places)


async def test_so_many_cities_are_looked_up_at_a_time_and_others_after_them(
    services: Services, monkeypatch: pytest.MonkeyPatch
):
    started: list[Process] = []
    at_once: list[int] = []
    start = asyncio.create_subprocess_exec

    async def counted(*command: str, **options: Any) -> Process:
        at_once.append(1 + sum(each.returncode is None for each in started))
        started.append(await start(*command, **options))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", counted)
    found = await asyncio.gather(*(place_of(services, name) for name in ("Lviv", "Lwow", "Lvov", "Львів")))
    assert {place.timezone for place in found if isinstance(place, Place)} == {"Europe/Kyiv"}
    assert len(started) == 4
    assert max(at_once) == CITIES_AT_ONCE


@pytest.mark.parametrize(("written", "behind"), [("UTC+2", 120), ("gmt -3:30", 1230), ("+02:00", 120), ("UTC-0", 0)])
async def test_an_offset_is_no_place(services: Services, written: str, behind: int):
    assert await place_of(services, written) == Offered(behind=behind)


@settings(max_examples=10)
@given(MOMENTS, st.integers(0, 30))
def test_every_clock_of_the_world_leads_to_zones_that_show_it(now: datetime, number: int):
    ahead = clocks(now)[number]
    found = showing(ahead, now)
    assert found
    for zone in found:
        offset = now.astimezone(ZoneInfo(zone)).utcoffset()
        assert offset is not None
        assert offset.total_seconds() / 60 % 1440 == ahead


@pytest.mark.parametrize(
    ("clock", "ahead"), [((14, 2), 120), ((13, 57), 120), ((12, 0), 0), ((17, 45), 345), ((12, 20), None)]
)
def test_a_clock_that_goes_a_little_wrong_is_still_known(clock: tuple[int, int], ahead: int | None):
    assert ahead_of(time(*clock), datetime(2026, 3, 12, 12, tzinfo=UTC)) == ahead


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"), [(54.68, 25.28, "Europe/Vilnius"), (0, -30, None), (89.9, 0, None)]
)
async def test_a_place_on_the_map_has_a_zone_unless_it_is_at_sea(latitude: float, longitude: float, zone: str | None):
    assert await zone_at(latitude, longitude) == zone


def test_what_is_no_zone_is_not_known():
    assert known("Europe/Vilnius")
    assert not known("Europe/Nowhere") and not known("UTC+2") and not known("../etc/passwd")
