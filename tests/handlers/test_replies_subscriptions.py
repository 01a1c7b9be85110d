"""What is said about digests and wishes: within Telegram's limits, whatever stands in it, on the subscriber's clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.chats import ChatIdentity, ChatKind
from domain.ledger import PersonReference
from domain.places import Place
from domain.schedule import EVERY_DAY, WORKDAYS, Timetable
from domain.subscriptions import DeliveryState, Filters, Subscription, SubscriptionState, WhenEmpty, Wish
from handlers.replies import Reply, subscriptions, texts, wishing
from handlers.replies.language import LANGUAGES, speaking
from handlers.replies.subscriptions import Names
from handlers.replies.wishing import Shown
from handlers.subscribing.menu import ALL, STEPS, WISH
from services.filtering import Misread
from tests.handlers.replies_samples import SUBSCRIPTION, data, settings_of, shown
from tests.samples import NOON

TARGET = ChatIdentity(-100, ChatKind.CHANNEL, "Harbour <news>")
TEXTS = st.text(max_size=300)
SUBSCRIPTIONS = st.builds(
    Subscription,
    st.integers(1, 10**15),
    st.just(100),
    st.just(7),
    st.builds(
        Wish,
        st.builds(
            Timetable,
            st.lists(st.times(), min_size=1, max_size=6).map(tuple),
            st.sampled_from(["UTC", "America/Argentina/ComodRivadavia"]),
            st.sampled_from([EVERY_DAY, WORKDAYS, (6, 7), (3,), (1, 2, 4)]),
        ),
        st.sampled_from([100, -100]),
        st.none() | st.integers(1, 9),
        st.builds(
            Filters,
            st.lists(st.integers(1, 10**15), max_size=10, unique=True).map(tuple),
            st.none() | TEXTS,
            st.lists(TEXTS, max_size=12, unique=True).map(tuple),
            st.lists(st.sampled_from(["en", "uk", "zz"]), unique=True).map(tuple),
            st.integers(1, 9),
            st.booleans(),
            st.lists(TEXTS, max_size=10, unique=True).map(tuple),
        ),
        st.sampled_from(WhenEmpty),
    ),
    st.sampled_from(SubscriptionState),
    st.just(NOON),
    st.just(NOON),
)
PEOPLE = st.lists(st.builds(PersonReference, st.integers(1, 10**15), TEXTS, st.just(3), st.none() | TEXTS), max_size=10)
PLACES = st.lists(
    st.builds(Place, TEXTS, st.just("America/Argentina/ComodRivadavia"), st.none() | st.just("LT")), max_size=6
)
ZONES = ["America/Argentina/ComodRivadavia", "Europe/Vilnius"] * 30


def screens(wish: Shown, text: str, places: Sequence[Place]) -> list[Reply]:
    """Every screen of a wish."""
    plain = [
        wishing.wish,
        wishing.how_often,
        wishing.which_day,
        wishing.about_what,
        wishing.which_people,
        wishing.which_words,
        wishing.how_many_origins,
        wishing.delete,
    ]
    return [
        *(screen(wish) for screen in plain),
        *(wishing.what_time(wish, several=several) for several in (True, False)),
        *(wishing.which_zone(wish, private=private) for private in (True, False)),
        *(wishing.where_to(wish, thread, private=thread is None) for thread in (None, 7)),
        wishing.place_unclear(wish, text, places),
        wishing.which_place(wish, text, places),
        wishing.which_clock(wish, range(0, 1440, 45)),
        wishing.which_of_zones(wish, ZONES, 120, 1),
        wishing.offset_zones(wish, text, ZONES, 120),
        wishing.which_person(wish, text, wish.people),
        wishing.which_publishers(wish, [text]),
        wishing.which_languages(wish, ["en"]),
    ]


@settings(max_examples=40)
@given(SUBSCRIPTIONS, PEOPLE, TEXTS, PLACES, st.sampled_from(sorted(LANGUAGES)))
def test_every_screen_can_be_sent(
    subscription: Subscription, people: list[PersonReference], text: str, places: list[Place], language: str
):
    wish = Shown(subscription, NOON, TARGET, people)
    with speaking(language):
        for reply in screens(wish, text, places):
            shown(reply)
            assert all(button.label.strip() for row in reply.buttons for button in row)


@settings(max_examples=40)
@given(SUBSCRIPTIONS, TEXTS, st.sampled_from(DeliveryState), st.sampled_from(Misread), st.integers(0, 300))
def test_every_sentence_can_be_sent(
    subscription: Subscription, text: str, state: DeliveryState, misread: Misread, at: int
):
    names = Names({-100: replace(TARGET, title=text)}, dict.fromkeys(subscription.wish.filters.people, text))
    lost = replace(subscription, reason="removed")
    current = replace(settings_of(text, state), subscriptions=(subscription,) * 20, lost=(lost,) * 3)
    shown(subscriptions.settings(current, names))
    shown(subscriptions.all_ended(len(text)))
    shown(subscriptions.no_such_rhythm(text, 6))
    for others in (0, 1, 5):
        shown(subscriptions.subscribed(subscription, TARGET, others, NOON))
    shown(subscriptions.which_to_end([subscription] * 20, names))
    shown(subscriptions.deleted(subscription))
    shown(subscriptions.kept_only(subscription))
    shown(subscriptions.time_unclear(text))
    for sentence in (
        subscriptions.words_unclear(misread.value, at, text, text),
        subscriptions.language_unknown(text),
        subscriptions.not_admins(text),
        subscriptions.no_such_chat(text),
        subscriptions.place_unknown(text),
    ):
        shown(texts.plain(sentence))
        shown(subscriptions.asked("words", sentence))


@settings(max_examples=40)
@given(SUBSCRIPTIONS, PEOPLE, TEXTS, PLACES)
def test_every_button_fits_and_is_understood(
    subscription: Subscription, people: list[PersonReference], text: str, places: list[Place]
):
    for reply in screens(Shown(subscription, NOON, TARGET, people), text, places):
        for button in (button for row in reply.buttons for button in row):
            tapped = WISH.match(button.data)
            assert ALL.match(button.data) or (tapped and tapped["what"] in STEPS), button


def test_a_subscriber_is_told_the_first_time_on_their_own_clock():
    text, _ = shown(subscriptions.subscribed(SUBSCRIPTION, None, 0, NOON))
    assert "every day at 08:05 (Europe/Vilnius). The first one: 12 March 2026, 14:00." in text


@pytest.mark.parametrize("state", list(DeliveryState))
def test_the_settings_tell_what_became_of_each_digest(state: DeliveryState):
    text, _ = shown(subscriptions.settings(settings_of("Ann <Lee>", state), Names()))
    lines = text.split("\n")
    assert lines[:5] == [
        "Settings of Ann <Lee>",
        "Time zone: Europe/Vilnius",
        "Language: English",
        "Articles: kept for good",
        "Digest every day at 08:05 (Europe/Vilnius), next 12 March 2026, 14:00",
    ]
    assert lines[-1].startswith("12 March 2026, 14:00: ")


def test_digests_with_filters_are_told_apart_wherever_they_are_listed():
    daily = SUBSCRIPTION.wish
    wishes = [
        replace(daily, filters=Filters(people=(5,))),
        replace(daily, filters=Filters(words="dam* NOT football")),
        replace(daily, filters=Filters(languages=("de",), disputed=True)),
        replace(daily, filters=Filters(origins=2, names=("Odo Rask",))),
    ]
    several = tuple(replace(SUBSCRIPTION, id=number, wish=wish) for number, wish in enumerate(wishes))
    current = replace(settings_of("Ann"), subscriptions=several)
    settings = subscriptions.settings(current, Names({}, {5: "Ada Quill"}))
    text, _ = shown(settings)
    limits = ["Ada Quill", "“dam* NOT football”", "German, what is denied", "Odo Rask, 2 origins or more"]
    assert [line.rpartition("Only: ")[2] for line in text.split("\n")[4:8]] == limits
    labels = [row[0].label for row in settings.buttons[:4]]
    assert [label.partition(": ")[0] for label in labels] == limits
    ending = subscriptions.which_to_end(several, Names({}, {5: "Ada Quill"}))
    assert [row[0].label for row in ending.buttons] == [*labels, "All of them"]


def test_a_digest_that_ended_by_itself_is_told_with_the_reason():
    lost = replace(SUBSCRIPTION, wish=replace(SUBSCRIPTION.wish, target=-100), reason="removed")
    current = replace(settings_of("Ann"), subscriptions=(), lost=(lost,))
    text, _ = shown(subscriptions.settings(current, Names({-100: TARGET})))
    assert "Ended: the digest to Harbour <news> every day at 08:05 (Europe/Vilnius), as the bot was removed" in text


def test_settings_without_a_digest():
    bare = replace(settings_of("Ann"), subscriptions=(), deliveries=())
    assert shown(subscriptions.settings(bare, Names()))[0].split("\n")[4:] == ["No digest; /subscribe brings one."]


@pytest.mark.parametrize(("days", "said"), [(None, "kept for good"), (1, "kept for 1 day"), (365, "kept for 365 days")])
def test_the_settings_tell_how_long_articles_are_kept_and_lead_to_that(days: int | None, said: str):
    settings = subscriptions.settings(replace(settings_of("Ann"), kept_days=days), Names())
    assert f"Articles: {said}" in shown(settings)[0].split("\n")
    assert "keep:which" in data(settings)


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        (replace(SUBSCRIPTION.wish, thread_id=4), "Digest in one topic every day at 08:05"),
        (replace(SUBSCRIPTION.wish, target=-100), "Digest to Harbour <news> every day at 08:05"),
    ],
)
def test_the_digest_of_another_place_says_so(wish: Wish, line: str):
    current = settings_of("Ann")
    elsewhere = replace(current, subscriptions=(replace(SUBSCRIPTION, wish=wish),))
    assert line in shown(subscriptions.settings(elsewhere, Names({-100: TARGET})))[0]


@pytest.mark.parametrize(
    ("timetable", "said"),
    [
        (Timetable((time(8),), "UTC"), "every day at 08:00 (UTC)"),
        (Timetable((time(8), time(18)), "UTC", WORKDAYS), "on workdays at 08:00 and 18:00 (UTC)"),
        (Timetable((time(8),), "UTC", (6, 7)), "at weekends at 08:00 (UTC)"),
        (Timetable((time(8),), "UTC", (7,)), "every Sunday at 08:00 (UTC)"),
        (Timetable((time(8),), "UTC", (1, 3, 5)), "on Monday, Wednesday, and Friday at 08:00 (UTC)"),
    ],
)
def test_a_timetable_in_words(timetable: Timetable, said: str):
    assert subscriptions.when(timetable) == said


def test_the_clock_there_is_shown_so_that_a_wrong_zone_is_seen():
    wish = replace(SUBSCRIPTION, state=SubscriptionState.DRAFT)
    text, _ = shown(wishing.wish(Shown(wish, NOON + timedelta(minutes=3), None)))
    assert "every day at 08:05 (Europe/Vilnius); it is 14:03 there now" in text


def test_zones_are_offered_by_their_cities_in_the_language_that_is_spoken():
    wish = Shown(SUBSCRIPTION, NOON, TARGET)
    with speaking("uk"):
        rows = wishing.which_of_zones(wish, ["Europe/Helsinki", "Europe/Kyiv", "Asia/Kolkata"], 120, 0).buttons
    labels = [each.label for row in rows[:-1] for each in row]
    assert set(labels) == {"Гельсінкі", "Київ", "Колката"} and labels == sorted(labels)
    with speaking("en"):
        assert wishing.which_of_zones(wish, ["America/New_York"], 120, 0).buttons[0][0].label == "New York"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_was_read_of_a_line_names_no_zone_that_was_not_in_it(language: str):
    wish = Shown(SUBSCRIPTION, NOON, TARGET)
    with speaking(language):
        for reply in (wishing.place_unclear(wish, "Lvov", ()), wishing.offset_zones(wish, "UTC+2", ZONES, 120)):
            text = shown(reply)[0]
            assert "08:05" in text and "Vilnius" not in text
