"""What is said of watches: each reply is one message that Telegram takes, whoever is called whatever."""

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.ledger import NobodyFound, PersonReference
from domain.limits import What
from domain.watching import Alert, Quiet, Watch, Watched
from handlers.replies import limits, watching
from tests.handlers.replies_samples import (
    ARTICLES,
    BOT,
    CLAIMS,
    HOSTILE,
    NUMBERS,
    REFERENCES,
    TEXTS,
    article,
    claim,
    data,
    many,
    shown,
)
from tests.samples import DAY, NOON

MANY = settings(phases=(Phase.explicit, Phase.reuse, Phase.generate), max_examples=50)
WATCHES = st.builds(Watch, NUMBERS, NUMBERS, st.just(0), NUMBERS, TEXTS, st.none() | NUMBERS)
QUIET = st.builds(
    Quiet, st.times(), st.times(), st.sampled_from(["Europe/Vilnius", "America/Argentina/ComodRivadavia"])
)
SOME = st.lists(WATCHES, min_size=1, max_size=3).map(tuple)
ALERTS = st.builds(Alert, SOME, ARTICLES, st.lists(CLAIMS, max_size=3).map(tuple), st.booleans(), st.just(frozenset()))
RODEN = Watch(1, 100, 0, 7, "Ilka Roden", 5)


def alert(number: int = 7, **more: object) -> Alert:
    return Alert((RODEN,), article(number), (claim(),), **more)  # type: ignore[arg-type]


@MANY
@given(many(ALERTS).filter(bool))
def test_every_alert(found: tuple[Alert, ...]):
    shown(watching.alerts(found, BOT))


@MANY
@given(st.builds(Watched, many(WATCHES), st.none() | QUIET))
def test_every_list(found: Watched):
    shown(watching.listed(found))


@MANY
@given(WATCHES, many(REFERENCES), TEXTS)
def test_every_choice(watch: Watch, people: tuple[PersonReference, ...], name: str):
    shown(watching.watching(watch))
    shown(watching.which(people))
    shown(watching.nobody(NobodyFound(name, people[:6])))


def test_of_few_articles_all_claims_are_told_and_of_many_one_each():
    few = shown(watching.alerts([alert()], BOT))[0]
    assert few.startswith("👁 Ilka Roden\nThe pier · ")
    assert "the pier is closed" in few
    many_told = shown(watching.alerts([alert(number) for number in range(40)], BOT))[0]
    assert many_told.startswith("40 new articles name people watched here")
    assert many_told.rstrip().endswith(("… and 15 more articles", "…"))


def test_what_is_not_sure_is_told_as_such():
    assert shown(watching.alerts([alert(unsure=frozenset({1}))], BOT))[0].startswith("👁 perhaps Ilka Roden")
    assert "perhaps you have read this already" in shown(watching.alerts([alert(perhaps_told=True)], BOT))[0]


def test_names_of_hostile_people_are_only_names():
    text, _ = shown(watching.watching(Watch(1, 100, 0, 7, HOSTILE, None)))
    assert HOSTILE[:20] in text
    assert data(watching.nobody(NobodyFound(HOSTILE, ()))) == ["watch:name"]


def test_when_it_goes_on_is_told_to_the_minute_and_with_the_day_where_it_is_another_one():
    for what in What:
        shown(limits.over(what, NOON, NOON))
        assert "12:00" in limits.sentence(what, NOON, NOON)
        assert "2026-03-13 12:00" in limits.sentence(what, NOON + DAY, NOON)
    assert "12:01" in limits.sentence(What.LINK, NOON.replace(second=1), NOON)
