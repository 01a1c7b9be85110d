"""Wishes for digests: put together, begun, changed, paused and ended; a number of another chat finds nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.articles import IncomingArticle, Taken
from domain.chats import ChatIdentity
from domain.extraction import Extraction, Metadata
from domain.ledger import NobodyFound, PersonReference, SeveralPersons
from domain.schedule import EVERY_DAY, WORKDAYS, Timetable
from domain.subscriptions import Filters, Subscription, SubscriptionState, WhenEmpty, Wish
from services import Services, chats, delivering, intake, reading
from services.subscribing import changes, offers, prompts, wishes
from services.subscribing.prompts import Prompt
from services.subscribing.wishes import Refusal, Subscribed
from tests.samples import DAY, HOUR, NOON, Clock, chat_identity, forward, named
from tests.services.conftest import Prepared

ANN, BOB = chat_identity(100), chat_identity(200)
EIGHT = Timetable((time(8),), "UTC")
TOMORROW_AT_EIGHT = datetime(2026, 3, 13, 8, tzinfo=UTC)
LATER = partial(changes.at, times=(time(20),))


async def begun(services: Services, chat: ChatIdentity = ANN, timetable: Timetable = EIGHT) -> Subscription:
    became = await wishes.subscribe(services, chat, None, timetable, 7)
    assert isinstance(became, Subscribed)
    return became.subscription


async def test_a_draft_is_no_digest_before_it_is_confirmed(services: Services, clock: Clock):
    draft = await wishes.draft(services, ANN, 3, 7)
    assert draft.wish == Wish(Timetable((time(8),), "Europe/Vilnius"), ANN.id, 3)
    assert (draft.state, draft.owner) == (SubscriptionState.DRAFT, 7)
    clock.now = TOMORROW_AT_EIGHT
    assert await delivering.plan_due(services) == 0
    assert await wishes.of_chat(services, ANN.id) == []
    became = await wishes.confirm(services, ANN.id, draft.id)
    assert isinstance(became, Subscribed)
    assert became.subscription.created_at == clock.now
    assert await wishes.of_chat(services, ANN.id) == [became.subscription]


async def test_a_draft_left_alone_is_forgotten_after_a_day(services: Services, clock: Clock):
    draft = await wishes.draft(services, ANN, None, 7)
    clock.now += DAY + HOUR
    await wishes.draft(services, ANN, None, 7)
    assert await wishes.find(services, ANN.id, draft.id) is None
    assert await wishes.confirm(services, ANN.id, draft.id) is Refusal.GONE


async def test_the_zone_that_is_chosen_is_the_chats(services: Services):
    draft = await wishes.draft(services, ANN, None, 7)
    await wishes.change(services, ANN.id, draft.id, partial(changes.in_zone, zone="Asia/Kathmandu"))
    assert (await chats.know(services, ANN)).timezone == "Asia/Kathmandu"
    assert (await wishes.draft(services, ANN, None, 7)).wish.timetable.timezone == "Asia/Kathmandu"


async def test_nothing_of_another_chat_is_found_or_changed(services: Services):
    theirs = await begun(services)
    await chats.know(services, BOB)
    assert await wishes.find(services, BOB.id, theirs.id) is None
    assert await wishes.change(services, BOB.id, theirs.id, LATER) is None
    assert await wishes.confirm(services, BOB.id, theirs.id) is Refusal.GONE
    for step in (wishes.pause, wishes.skip, wishes.end, wishes.keep_only):
        assert await step(services, BOB.id, theirs.id) is None
    assert await wishes.find(services, ANN.id, theirs.id) == theirs


async def test_another_time_on_a_day_that_was_told_begins_tomorrow(services: Services, clock: Clock):
    first = await begun(services)
    clock.now = TOMORROW_AT_EIGHT
    assert await delivering.plan_due(services) == 1
    changed = await wishes.change(services, ANN.id, first.id, LATER)
    assert changed is not None
    assert changed.next_run == datetime(2026, 3, 14, 20, tzinfo=UTC)


async def test_a_further_time_of_day_comes_today(services: Services, clock: Clock):
    first = await begun(services)
    clock.now = TOMORROW_AT_EIGHT
    await delivering.plan_due(services)
    changed = await wishes.change(services, ANN.id, first.id, partial(changes.turn_time, moment=time(20)))
    assert changed is not None
    assert changed.next_run == datetime(2026, 3, 13, 20, tzinfo=UTC)


async def test_what_is_skipped_stays_skipped_whatever_else_is_changed(services: Services, clock: Clock):
    first = await begun(services)
    skipped = await wishes.skip(services, ANN.id, first.id)
    assert skipped is not None and skipped.next_run == TOMORROW_AT_EIGHT + DAY
    changed = await wishes.change(services, ANN.id, first.id, partial(changes.about, words="dam"))
    assert changed is not None and changed.next_run == TOMORROW_AT_EIGHT + DAY
    clock.now = TOMORROW_AT_EIGHT
    assert await delivering.plan_due(services) == 0
    clock.now = TOMORROW_AT_EIGHT + DAY
    assert await delivering.plan_due(services) == 1


async def test_while_it_is_paused_none_comes_and_what_lies_so_long_ago_is_not_told(services: Services, clock: Clock):
    first = await begun(services)
    assert await wishes.pause(services, ANN.id, first.id) is not None
    assert await wishes.skip(services, ANN.id, first.id) is None, "there is no next one"
    clock.now += 30 * DAY
    assert await delivering.plan_due(services) == 0
    became = await wishes.confirm(services, ANN.id, first.id)
    assert isinstance(became, Subscribed)
    assert (became.subscription.id, became.subscription.created_at) == (first.id, clock.now)
    assert became.subscription.next_run > clock.now


async def test_the_same_line_again_is_the_same_digest_and_one_that_ended_goes_on(services: Services):
    first = await begun(services)
    assert await begun(services) == first
    await wishes.pause(services, ANN.id, first.id)
    assert (await begun(services)).id == first.id
    await wishes.end(services, ANN.id, first.id)
    assert await wishes.here(services, ANN.id, None) == []
    again = await begun(services, timetable=Timetable((time(20),), "UTC"))
    assert (again.id, again.state) == (first.id, SubscriptionState.ACTIVE)


async def test_a_chat_has_so_many_and_no_more_at_once(services: Services):
    for hour in range(wishes.MOST):
        await begun(services, timetable=Timetable((time(hour),), "UTC"))
    full = Timetable((time(wishes.MOST),), "UTC")
    assert await wishes.subscribe(services, ANN, None, full) is Refusal.TOO_MANY
    draft = await wishes.draft(services, ANN, None, 7)
    assert await wishes.confirm(services, ANN.id, draft.id) is Refusal.TOO_MANY
    assert (await begun(services, BOB)).chat == BOB.id


async def test_only_one_is_kept_of_those_without_filters_in_one_place(services: Services):
    first, second = await begun(services), await begun(services, timetable=Timetable((time(20),), "UTC"))
    filtered = await begun(services, timetable=Timetable((time(21),), "UTC"))
    await wishes.change(services, ANN.id, filtered.id, changes.turn_disputed)
    topic = await wishes.subscribe(services, ANN, 3, EIGHT)
    assert isinstance(topic, Subscribed)
    assert await wishes.keep_only(services, ANN.id, second.id) == second
    left = [each.id for each in await wishes.of_chat(services, ANN.id)]
    assert left == [second.id, filtered.id, topic.subscription.id]
    assert first.id not in left


async def bring(services: Services, prepared: Prepared, *names: str) -> None:
    text = " ".join(f"{name} spoke of the berths." for name in names)
    people = tuple(named(text, name) for name in names)
    prepared.results[text] = Extraction(Metadata("Berths", "Harbour Post", language="en"), people)
    taken = await intake.take_in(services, IncomingArticle(text, forward(ANN, len(text))))
    assert isinstance(taken, Taken)
    await reading.read(services, taken.article, ANN.id)


async def test_people_publishers_and_languages_are_those_of_the_collection(services: Services, prepared: Prepared):
    await bring(services, prepared, "Ingrid Solvang", "Tor Solvang", "Anna Brekke")
    await chats.know(services, BOB)
    several = await offers.people_called(services, ANN.id, "Solvang")
    assert isinstance(several, SeveralPersons)
    assert {each.name for each in several.candidates} == {"Ingrid Solvang", "Tor Solvang"}
    one = await offers.people_called(services, ANN.id, "brekke")
    assert isinstance(one, PersonReference)
    assert [each.name for each in await offers.people_of(services, ANN.id, [one.id, 99])] == ["Anna Brekke"]
    assert isinstance(await offers.people_called(services, ANN.id, "Somebody Else"), NobodyFound)
    assert (await offers.publishers(services, ANN.id), await offers.languages(services, ANN.id)) == (
        ["Harbour Post"],
        ["en"],
    )
    assert isinstance(await offers.people_called(services, BOB.id, "Brekke"), NobodyFound)
    assert list(await offers.people_of(services, BOB.id, [one.id])) == []
    assert (await offers.publishers(services, BOB.id), await offers.languages(services, 999)) == ([], [])


async def test_a_question_waits_for_its_answer_once_and_for_an_hour(services: Services, clock: Clock):
    await chats.know(services, ANN)
    first, second = Prompt("place", 1, 7, 10, 11), Prompt("place", 2, 7, 12, 13)
    for each in (second, first, Prompt("city", 3, 7, 14, 15)):
        await prompts.remember(services, ANN.id, None, each)
    assert await prompts.asked(services, ANN.id, 11) == first
    assert await prompts.asked(services, BOB.id, 11) is None
    assert await prompts.open_one(services, ANN.id, "place") == second
    await prompts.end(services, ANN.id, second)
    assert await prompts.open_one(services, ANN.id, "place") == first
    assert await prompts.asked(services, ANN.id, 13) is None
    clock.now += 2 * HOUR
    assert await prompts.open_one(services, ANN.id, "place") is None


WISH = Wish(EIGHT, 100)


def at(*times: time) -> Wish:
    return replace(WISH, timetable=replace(EIGHT, times=times))


@pytest.mark.parametrize(
    ("alter", "after"),
    [
        (partial(changes.on_days, days=(5, 1)), replace(WISH, timetable=replace(EIGHT, days=(1, 5)))),
        (partial(changes.turn_day, day=7), replace(WISH, timetable=replace(EIGHT, days=EVERY_DAY[:6]))),
        (
            partial(changes.at, times=(time(9), time(8), time(9))),
            replace(WISH, timetable=replace(EIGHT, times=(time(8), time(9)))),
        ),
        (partial(changes.turn_time, moment=time(7)), at(time(7), time(8))),
        (partial(changes.turn_time, moment=time(8)), None),
        (partial(changes.shift, minutes=-15), at(time(7, 45))),
        (partial(changes.to, target=-5, thread_id=2), replace(WISH, target=-5, thread_id=2)),
        (changes.turn_empty, replace(WISH, when_empty=WhenEmpty.SILENCE)),
        (changes.turn_pictures, replace(WISH, pictures=False)),
        (partial(changes.turn_person, person=3), replace(WISH, filters=Filters(people=(3,)))),
        (partial(changes.about, words="dam"), replace(WISH, filters=Filters(words="dam"))),
        (partial(changes.turn_publisher, publisher="Post"), replace(WISH, filters=Filters(publishers=("Post",)))),
        (partial(changes.turn_language, language="uk"), replace(WISH, filters=Filters(languages=("uk",)))),
        (partial(changes.from_origins, origins=3), replace(WISH, filters=Filters(origins=3))),
        (partial(changes.from_origins, origins=0), None),
        (changes.turn_disputed, replace(WISH, filters=Filters(disputed=True))),
        (changes.of_all, WISH),
    ],
)
def test_what_a_tap_does(alter: Callable[[Wish], Wish | None], after: Wish | None):
    assert alter(WISH) == after


@given(
    st.lists(
        st.integers(1, 7).map(lambda day: partial(changes.turn_day, day=day))
        | st.times().map(lambda at: partial(changes.turn_time, moment=at.replace(fold=0)))
        | st.sampled_from([15, -15]).map(lambda minutes: partial(changes.shift, minutes=minutes))
        | st.integers(1, 30).map(lambda person: partial(changes.turn_person, person=person)),
        max_size=60,
    )
)
def test_whatever_is_tapped_a_wish_stays_one_that_can_be_kept(taps: list[Callable[[Wish], Wish | None]]):
    wish = replace(WISH, timetable=Timetable((time(8),), "UTC", WORKDAYS))
    for alter in taps:
        wish = alter(wish) or wish
        timetable = wish.timetable
        assert 1 <= len(timetable.times) <= changes.MOST_TIMES
        assert list(timetable.times) == sorted(set(timetable.times))
        assert timetable.days and list(timetable.days) == sorted(set(timetable.days))
        assert len(wish.filters.people) <= changes.MOST_PEOPLE
        assert timetable.after(NOON).due > NOON
