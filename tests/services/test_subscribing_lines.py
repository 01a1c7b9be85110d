"""A wish on one line: any rendering is read back as itself, and no text breaks the reader."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.schedule import EVERY_DAY, WORKDAYS
from services.subscribing.lines import Line, parse, time_of

EIGHT, HALF_PAST_EIGHT, NINE, SIX = time(8), time(8, 30), time(9), time(18)


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("", Line()),
        ("08:00 Europe/Vilnius weekdays", Line((EIGHT,), WORKDAYS, "Europe/Vilnius")),
        ("8.30, 18 Lviv mon wed fri", Line((HALF_PAST_EIGHT, SIX), (1, 3, 5), "Lviv")),
        ("weekly sunday 9:00", Line((NINE,), (7,))),
        ("weekly 9", Line((NINE,), weekly=True)),
        ("every Monday at 6 pm in New York, please", Line((SIX,), (1,), "New York")),
        ("6 p.m. mon-fri The Hague", Line((SIX,), WORKDAYS, "The Hague")),
        ("Monday to Friday 8h30", Line((HALF_PAST_EIGHT,), WORKDAYS)),
        ("fri-mon 8", Line((EIGHT,), (1, 5, 6, 7))),
        ("weekend, 9", Line((NINE,), (6, 7))),
        ("every morning", Line((EIGHT,))),
        ("6 in the evening", Line((SIX,))),
        ("8 in the morning and 6 in the evening", Line((EIGHT, SIX))),
        ("в 8 утра и в 6 вечера", Line((EIGHT, SIX))),
        ("morgens um 8, abends um 6", Line((EIGHT, SIX))),
        ("8, 9 in the evening", Line((time(20), time(21)))),
        ("evenings at 8 and 9", Line((time(20), time(21)))),
        ("noon and 6 in the evening", Line((time(12), SIX))),
        ("noon and midnight", Line((time(0), time(12)))),
        ("12am 12pm", Line((time(0), time(12)))),
        ("щодня 8:30 Київ", Line((HALF_PAST_EIGHT,), EVERY_DAY, "Київ")),
        ("пн-пт 9", Line((NINE,), WORKDAYS)),
        ("sonntags 9 Uhr", Line((NINE,), (7,))),
        ("täglich 9 Uhr", Line((NINE,), EVERY_DAY)),
        ("Mo-Fr 8 Uhr 30 Wien", Line((HALF_PAST_EIGHT,), WORKDAYS, "Wien")),
        ("Mo. und Mi. 8 Uhr", Line((EIGHT,), (1, 3))),
        ("mo-fr 8 Uhr 18 Uhr", Line((EIGHT, SIX), WORKDAYS)),
        ("8 Reggio di Calabria", Line((EIGHT,), (), "Reggio di Calabria")),
        ("8 Mar del Plata", Line((EIGHT,), (), "Mar del Plata")),
        ("jeden Montag um 9 Uhr", Line((NINE,), (1,))),
        ("у п’ятницю о 9 годині Львів", Line((NINE,), (5,), "Львів")),
        ("щосереди о 8-й ранку", Line((EIGHT,), (3,))),
        ("кожного дня о 6 вечора", Line((SIX,), EVERY_DAY)),
        ("каждую субботу в 9 часов", Line((NINE,), (6,))),
        ("по понедельникам и средам в 8 утра", Line((EIGHT,), (1, 3))),
        ("du lundi au vendredi à 8 h 30", Line((HALF_PAST_EIGHT,), WORKDAYS)),
        ("chaque jour à 8 heures et 18 heures", Line((EIGHT, SIX), EVERY_DAY)),
        ("כל יום ב-8:30 תל אביב", Line((HALF_PAST_EIGHT,), EVERY_DAY, "תל אביב")),
        ("בימי שני בשעה 9", Line((NINE,), (1,))),
        ("٠٨:٣٠، ١٨:٠٠ Cairo", Line((HALF_PAST_EIGHT, SIX), (), "Cairo")),
        ("０８：３０ Tokyo", Line((HALF_PAST_EIGHT,), (), "Tokyo")),
        ("Lviv 08:00 Ukraine", Line((EIGHT,), (), "Lviv Ukraine")),
        ("daily at 7 in the morning Berlin", Line((time(7),), EVERY_DAY, "Berlin")),
        ("off", Line(ends=True)),
        ("No.", Line(ends=True)),
        ("стоп", Line(ends=True)),
        ("8 Stop", Line((EIGHT,), (), "Stop")),
        ("every 2 hours", Line(rhythm="every 2 hours")),
        ("jede Stunde", Line(rhythm="jede Stunde")),
        ("каждые 2 часа", Line(rhythm="каждые 2 часа")),
        ("every other day 8", Line(rhythm="every other day")),
        ("monthly 9", Line(rhythm="monthly")),
        ("08:00 only denials Vilnius", Line((EIGHT,), (), "Vilnius", disputed=True)),
        ("08:00 about Ada Quill", Line((EIGHT,), about="Ada Quill")),
        ("about the dam at 8 Lviv", Line((EIGHT,), (), "Lviv", about="the dam")),
        ("only on mondays at 8", Line((EIGHT,), (1,))),
        ("25:00", Line(unclear=("25:00",))),
        ("13pm 8:75 8-18 24", Line(unclear=("13pm", "8:75", "8-18", "24"))),
    ],
)
def test_a_line_says_when_and_where(written: str, line: Line):
    assert parse(written) == line


@pytest.mark.parametrize(
    ("written", "at"), [("8", EIGHT), ("08.30", HALF_PAST_EIGHT), ("6 PM", SIX), ("8 Lviv", None), ("8 9", None)]
)
def test_a_time_alone(written: str, at: time | None):
    assert time_of(written) == at


NAMES = {1: "mon", 2: "Tuesday", 3: "wednesdays", 4: "thu", 5: "FRI", 6: "saturday", 7: "неділя"}
PLACES = [None, "Lviv", "Europe/Vilnius", "The Hague", "São Paulo", "Нью-Йорк", "Rio de Janeiro", "St. Petersburg"]
WHOLE = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))


def written_times(at: time) -> list[str]:
    forms = [
        f"{at:%H:%M}",
        f"{at.hour}:{at:%M}",
        f"{at:%H.%M},",
        f"{at.hour}h{at:%M}",
        f"{at:%I:%M%p}",
        f"{at:%I.%M %p}",
    ]
    return forms + ([f"{at.hour}", f"{at:%I %p}", f"at {at.hour}h"] if at.minute == 0 else [])


def written_days(days: tuple[int, ...]) -> list[list[str]]:
    forms = [[NAMES[day] for day in days], [f"on {NAMES[day]}," for day in days]]
    return forms + {EVERY_DAY: [["daily"], ["every day"], ["mon-sun"]], WORKDAYS: [["weekdays"], ["mon to FRI"]]}.get(
        days, []
    )


@st.composite
def lines(draw: st.DrawFn) -> tuple[Line, str]:
    """What somebody means, and one of the ways in which they may write it."""
    times = tuple(sorted(draw(st.sets(WHOLE, max_size=4))))
    common = st.sampled_from([(), EVERY_DAY, WORKDAYS])
    days = draw(common | st.sets(st.sampled_from(EVERY_DAY)).map(lambda days: tuple(sorted(days))))
    place = draw(st.sampled_from(PLACES))
    parts = [draw(st.sampled_from(written_times(at))) for at in times]
    parts += draw(st.sampled_from(written_days(days)))
    parts += [f"in {place}" if draw(st.booleans()) else place] if place else []
    return Line(times, days, place and place.replace("St.", "St")), " ".join(draw(st.permutations(parts)))


@given(lines())
def test_any_way_of_writing_a_wish_is_read_as_the_wish(line: tuple[Line, str]):
    meant, written = line
    assert parse(written) == meant


@given(st.text() | st.text(alphabet="0123456789:.,h apm-–monfri", max_size=40))
def test_no_text_breaks_it(text: str):
    line = parse(text)
    assert list(line.times) == sorted(set(line.times))
    assert set(line.days) <= set(EVERY_DAY)
    time_of(text)
