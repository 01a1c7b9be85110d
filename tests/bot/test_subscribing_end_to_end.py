"""Wishes for digests over HTTP: by buttons, on one line, for groups, topics and channels; only those who may decide."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.local_telegram import Chat, Message, User
from domain.extraction import Extraction, Metadata
from tests.bot.support import World, open_world

MORNING = datetime(2026, 3, 12, 5, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Clock:
    """A clock that is set by hand."""

    present: datetime = MORNING

    def __call__(self) -> datetime:
        return self.present


class NothingFound:
    """Extraction is not what these tests are about."""

    async def extract(self, text: str, given: Metadata) -> Extraction:
        return Extraction()

    def warm_up(self) -> None:
        """Nothing to load."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody taps as fast as these tests; that the pace of messages is kept, others prove."""
    monkeypatch.setattr("domain.pace.BURST", 1000)


@pytest.fixture
async def world(tmp_path: Path, clock: Clock) -> AsyncIterator[World]:
    async with open_world(tmp_path / "test.db", NothingFound(), clock) as made:
        yield made


async def tick(world: World) -> None:
    """What the JobQueue does each minute."""
    assert world.app.job_queue is not None
    job = next(job for job in world.app.job_queue.jobs() if job.name == "digests")
    await job.run(world.app)


def data_of(message: Message, label: str) -> str:
    """What the button with a label sends."""
    found = [button.data for button in message.buttons if label in button.text]
    assert found, f"no button {label!r} among {[button.text for button in message.buttons]}"
    assert found[0] is not None
    return found[0]


async def tap(world: World, message: Message, *labels: str, user: User | None = None) -> None:
    """Tap one button after the other, waiting for each to be answered."""
    for label in labels:
        query = world.local.press(message, data_of(message, label), user or world.ann)
        await world.local.until(lambda query=query: [each for each in world.local.answers if each.query_id == query])


def alerts(world: World) -> list[str]:
    return [each.text for each in world.local.answers if each.text]


def question(world: World, chat: Chat) -> Message:
    """The last message of ours that is answered by writing, or on a keyboard."""
    return [each for each in world.local.messages(chat) if each.markup and "inline_keyboard" not in each.markup][-1]


async def answer_question(world: World, text: str) -> None:
    """Answer the last question, and wait until it is gone or asked anew."""
    asked = question(world, world.chat)
    before = len(world.local.calls)
    world.local.send_text(world.chat, world.ann, text, reply_to=asked)
    await world.local.until(lambda: asked.deleted or question(world, world.chat) is not asked, 60)
    assert len(world.local.calls) > before
    await asyncio.sleep(0)


async def test_a_wish_is_put_together_by_buttons_in_one_message(world: World):
    menu = await world.ask("/subscribe")
    assert menu.text.startswith("A new digest\nWhen: every day at 08:00 (UTC); it is 05:30 there now")
    await tap(world, menu, "How often", "Workdays")
    await tap(world, menu, "Time", "09:00")
    await tap(world, menu, "Time", "15 min later", "Back")
    await tap(world, menu, "Zone", "By my clock", "07:30", "Vilnius")
    await tap(world, menu, "When nothing is new")
    assert menu.text.split("\n")[1:] == [
        "When: on workdays at 09:15 (Europe/Vilnius); it is 07:30 there now",
        "About: everything",
        "Where: here",
        "When nothing is new: nothing comes",
        "Picture of the people: when there are many",
    ]
    assert "No digest" in (await world.ask("/settings")).text, "nothing comes before it is wished for"
    await tap(world, menu, "Subscribe")
    assert menu.text.startswith("A digest comes here on workdays at 09:15 (Europe/Vilnius).")
    assert "The first one: 12 March 2026, 09:15." in menu.text
    settings = await world.ask("/settings")
    assert "Digest on workdays at 09:15 (Europe/Vilnius), next 12 March 2026, 09:15" in settings.text
    assert len(world.local.calls_of("sendMessage")) == 3


async def test_several_times_a_day_and_days_of_the_week_are_marked_one_by_one(world: World, clock: Clock):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "How often", "Once a week", "Thursday")
    await tap(world, menu, "How often", "Sun", "Several times a day", "18:00", "Back")
    assert "When: on Thursday and Sunday at 08:00 and 18:00 (UTC)" in menu.text
    await tap(world, menu, "Time", "Several", "✓ 08:00", "✓ 18:00")
    assert "At least one time has to stay" in alerts(world)[-1]
    await tap(world, menu, "Back", "How often", "✓ Thu", "✓ Sun")
    assert "One day has to stay" in alerts(world)[-1]
    await tap(world, menu, "Back", "Subscribe")
    assert "every Sunday at 18:00 (UTC). The first one: 15 March 2026, 18:00." in menu.text


async def test_a_wish_survives_a_restart(tmp_path: Path, clock: Clock):
    async with open_world(tmp_path / "again.db", NothingFound(), clock) as world:
        menu = await world.ask("/subscribe")
        await tap(world, menu, "Time", "10:00")
        begin = data_of(menu, "Subscribe")
    async with open_world(tmp_path / "again.db", NothingFound(), clock, first_update_id=100) as world:
        other = await world.ask("/settings")
        world.local.press(other, begin, world.ann, forged=True)
        await world.local.until(lambda: "every day at 10:00 (UTC). The first one" in other.text)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "08:00 Europe/Vilnius weekdays",
            "on workdays at 08:00 (Europe/Vilnius). The first one: 12 March 2026, 08:00.",
        ),
        ("weekly sunday 9:00", "every Sunday at 09:00 (UTC). The first one: 15 March 2026, 09:00."),
        ("8.30, 18 Львів mon wed fri", "on Monday, Wednesday, and Friday at 08:30 and 18:00 (Europe/Kyiv)."),
        ("every day at 9 pm in Paris, Texas", "every day at 21:00 (America/Chicago)."),
    ],
)
async def test_one_line_is_enough(world: World, line: str, said: str):
    assert said in (await world.ask(f"/subscribe {line}")).text


async def test_a_place_that_is_not_known_for_sure_is_offered_and_one_tap_ends_it(world: World):
    answer = await world.ask("/subscribe 8.30 Springfield")
    assert answer.text == ("I read: every day at 08:30. I don't know the place “Springfield” for sure: did you mean …?")
    await tap(world, answer, "Springfield, MA, United States (America/New_York)")
    assert "A digest comes here every day at 08:30 (America/New_York)." in answer.text


async def test_an_offset_is_no_zone_and_its_places_are_offered(world: World):
    answer = await world.ask("/subscribe 8 UTC+2")
    assert "“UTC+2” is an offset, and clocks change" in answer.text
    await tap(world, answer, "Kyiv")
    assert "every day at 08:00 (Europe/Kyiv)" in answer.text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1 2 3 4 5 6 7", "A digest can come 6 times a day at most."),
        ("25:00", "I can't read “25:00” as a time"),
        ("8 Xyzzyqwv", "I read: every day at 08:00. I don't know the place “Xyzzyqwv”."),
        ("weekly 9", "On which day of the week?"),
        ("Vilnius", "When: every day at 08:00 (Europe/Vilnius)"),
    ],
)
async def test_what_a_line_lacks_is_asked_for(world: World, line: str, said: str):
    assert said in (await world.ask(f"/subscribe {line}")).text
    assert "No digest" in (await world.ask("/settings")).text


async def test_a_second_line_adds_a_digest_and_the_same_again_does_not(world: World):
    await world.ask("/subscribe 08:00")
    again = await world.ask("/subscribe 08:00")
    assert "more digest" not in again.text
    second = await world.ask("/subscribe 18:00 weekends")
    assert "1 more digest of everything comes to the same place." in second.text
    assert len([line for line in (await world.ask("/settings")).text.split("\n") if "next" in line]) == 2
    await tap(world, second, "Keep only this one")
    settings = (await world.ask("/settings")).text
    assert "at weekends at 18:00" in settings and "08:00 (UTC)" not in settings


async def test_a_chat_has_twenty_at_most(world: World):
    for hour in range(20):
        answer = await world.ask(f"/subscribe {hour}:00")
        assert "The first one" in answer.text
    assert "at most 20 digests" in (await world.ask("/subscribe 20:00")).text
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Subscribe")
    assert "at most 20 digests" in menu.text


async def test_time_city_and_words_are_typed(world: World):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Time", "Type it")
    await answer_question(world, "noon-ish")
    assert "I can't read “noon-ish” as a time." in question(world, world.chat).text
    await answer_question(world, "6:45, 17.20")
    await world.local.until(lambda: "at 06:45 and 17:20" in menu.text)
    await tap(world, menu, "Zone", "Type a city")
    await answer_question(world, "Springfield")
    await world.local.until(lambda: "Which place is “Springfield”?" in menu.text)
    await tap(world, menu, "America/Chicago")
    await tap(world, menu, "Zone", "Type a city")
    await answer_question(world, "7.33")
    await world.local.until(lambda: "It is 07:30 now in these places." in menu.text)
    await tap(world, menu, "Vilnius", "Zone", "Type a city")
    await answer_question(world, "Chicago")
    await world.local.until(lambda: "(America/Chicago)" in menu.text)
    await tap(world, menu, "About what", "Words", "Write them")
    await answer_question(world, "dam AND (cracks OR repair")
    assert "The bracket at character 9 is not closed: dam AND ▸(cracks OR" in question(world, world.chat).text
    await answer_question(world, "dam AND (cracks OR <repair>) NOT football")
    await world.local.until(lambda: "Words: dam AND (cracks OR <repair>) NOT football" in menu.text)
    await tap(world, menu, "Subscribe")
    assert "every day at 06:45 and 17:20 (America/Chicago)" in menu.text


async def test_filters_are_set_and_taken_away(world: World):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "About what", "Independent origins", "3")
    await tap(world, menu, "Only what is denied or contradicted", "Back")
    assert "Only claims with 3 independent origins or more\nOnly what is denied or contradicted" in menu.text
    await tap(world, menu, "About what", "Everything")
    assert "About: everything" in menu.text
    await tap(world, menu, "About what", "People", "Add a name")
    await answer_question(world, "Nobody Known")
    await world.local.until(lambda: "People: Nobody Known" in menu.text)


async def test_where_somebody_is_gives_the_zone(world: World):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Zone", "By where I am")
    world.local.send(world.chat, world.ann, {"location": {"latitude": 54.68, "longitude": 25.28}})
    await world.local.until(lambda: "(Europe/Vilnius)" in menu.text)
    said = world.local.messages(world.chat)[-1]
    assert said.text == "Your time zone is Europe/Vilnius."
    assert said.markup == {"remove_keyboard": True}


async def test_a_place_that_nobody_asked_for_is_what_it_was_before(world: World):
    place = world.local.send(world.chat, world.ann, {"location": {"latitude": 54.68, "longitude": 25.28}})
    assert "zone" not in (await world.answer_to(place)).text


async def test_a_digest_is_paused_skipped_changed_and_deleted_in_the_settings(world: World, clock: Clock):
    await world.ask("/subscribe 08:00")
    settings = await world.ask("/settings")
    await tap(world, settings, "every day at 08:00", "Skip the next")
    assert "Next: 13 March 2026, 08:00" in settings.text
    await tap(world, settings, "Pause")
    assert "Paused" in settings.text
    clock.present += 2 * DAY
    await tick(world)
    await tap(world, settings, "Go on")
    assert "The first one: 14 March 2026, 08:00" in settings.text
    await tap(world, settings, "Change", "Time", "10:00", "All digests")
    assert "Digest every day at 10:00 (UTC), next 14 March 2026, 10:00" in settings.text
    await tap(world, settings, "every day at 10:00", "Delete", "Delete it")
    assert "comes no more" in settings.text
    assert "No digest" in (await world.ask("/settings")).text
    digests = [each for each in world.local.messages(world.chat) if each.text.startswith("Your digest")]
    assert digests == []


async def test_the_chats_zone_is_chosen_in_the_settings_without_a_digest(world: World):
    settings = await world.ask("/settings")
    await tap(world, settings, "Time zone", "By my clock", "07:30", "Vilnius", "Cancel")
    assert settings.text == "No digest was begun. /subscribe begins again."
    after = (await world.ask("/settings")).text
    assert "Time zone: Europe/Vilnius" in after and "No digest;" in after


async def test_stale_and_foreign_buttons_get_a_sentence_and_change_nothing(world: World):
    await world.ask("/subscribe 08:00")
    settings = await world.ask("/settings")
    bob = world.local.create_user("Bob")
    theirs = world.local.create_private_chat(bob)
    other = await world.answer_to(world.local.send_text(theirs, bob, "/settings"))
    forged = ["sub:1:d", "sub:1:dy", "sub:1:p", "sub:1:fa:1", "sub:99:m", "sub:1:zz:Europe/Nowhere", "sub:1:th:9999"]
    for message, user, data in [
        *((other, bob, each) for each in forged),
        *(
            (settings, world.ann, each)
            for each in ("sub:1:xyz", "sub:1:zz:Europe/Nowhere", "sub:1:th:9999", "sub:1:od:8")
        ),
        *((settings, world.ann, each) for each in ("sub:1:fa:77", "sub:1:fu:abc", "sub:1:fl:xx", "sub:1:fn:99")),
        *((settings, world.ann, each) for each in ("sub:1:ts:7", "sub:1:at:5", "sub:1:zz:UTC+2", "sub:1:od:0")),
    ]:
        before = len(alerts(world))
        query = world.local.press(message, data, user, forged=True)
        await world.local.until(lambda query=query: [each for each in world.local.answers if each.query_id == query])
        assert len(alerts(world)) == before + 1, data
    assert "Digest every day at 08:00 (UTC), next 12 March 2026, 08:00" in (await world.ask("/settings")).text


async def test_in_a_group_only_administrators_decide(world: World):
    group = world.local.create_supergroup("Desk", world.ann)
    bob = world.local.create_user("Bob")
    for command in ("/subscribe 08:00", "/subscribe", "/unsubscribe"):
        refused = await world.answer_to(world.local.send_text(group, bob, command))
        assert refused.text == "Only administrators of this chat can say which digests come here."
    menu = await world.answer_to(world.local.send_text(group, world.ann, "/subscribe"))
    await tap(world, menu, "Subscribe", user=bob)
    assert alerts(world) == ["Only administrators of this chat can say which digests come here."]
    assert "By where I am" not in [button.text for button in menu.buttons]
    await tap(world, menu, "Subscribe")
    assert "The first one" in menu.text
    anonymous = await world.answer_to(world.local.send_text(group, None, "/subscribe 18:00"))
    assert "The first one" in anonymous.text


async def test_a_channels_own_post_subscribes_it_and_its_readers_change_nothing(world: World):
    channel = world.local.create_channel("Harbour news", world.ann)
    bob = world.local.create_user("Bob")
    answer = await world.answer_to(world.local.send_text(channel, None, "/subscribe 08:00"))
    assert "A digest comes here every day at 08:00 (UTC)." in answer.text
    await tap(world, answer, "Change", user=bob)
    assert alerts(world) == ["Only administrators of this chat can say which digests come here."]
    await tap(world, answer, "Change", "Pause")
    assert "Paused" in answer.text


async def test_a_topic_keeps_its_digest(world: World, clock: Clock):
    forum = world.local.create_supergroup("Forum", world.ann, forum=True)
    topic = world.local.create_topic(forum, world.ann, "Press")
    menu = await world.answer_to(world.local.send_text(forum, world.ann, "/subscribe", thread_id=topic))
    assert "Where: this topic" in menu.text
    await tap(world, menu, "Where", "The general topic")
    assert "Where: here" in menu.text
    await tap(world, menu, "Where", "This topic", "Subscribe")
    clock.present = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)
    await tick(world)
    sent = await world.local.until(
        lambda: [each for each in world.local.messages(forum) if each.text.startswith("Your digest")]
    )
    assert [each.thread_id for each in sent] == [topic]


async def channel_digests(world: World, channel: Chat, clock: Clock) -> list[Message]:
    clock.present = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)
    await tick(world)
    return await world.local.until(lambda: world.local.messages(channel))


async def test_a_channel_is_chosen_on_the_keyboard_and_gets_the_digest(world: World, clock: Clock):
    channel = world.local.create_channel("Harbour <news>", world.ann)
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Where", "A channel or group")
    world.local.choose_chat(question(world, world.chat), world.ann, "A channel", channel)
    await world.local.until(lambda: "Where: Harbour <news>" in menu.text)
    await tap(world, menu, "Subscribe")
    assert menu.text.startswith("A digest comes to Harbour <news> every day at 08:00 (UTC).")
    assert await channel_digests(world, channel, clock)
    settings = await world.ask("/settings")
    assert "Digest to Harbour <news> every day at 08:00 (UTC), next 13 March 2026, 08:00" in settings.text


async def test_a_channel_is_named_and_refused_where_one_of_us_is_no_administrator(world: World, clock: Clock):
    bob = world.local.create_user("Bob")
    world.local.create_channel("Bob's", bob, username="bobs")
    world.local.create_channel("Ours", world.ann, username="ours_news")
    world.local.create_channel("Not mine", world.ann, username="no_bot", bot_status="left")
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Where", "Type its @name")
    for name, said in (("@bobs", "Bob's"), ("@no_bot", "@no_bot"), ("@nobody", "can't find"), ("news", "can't find")):
        await answer_question(world, name)
        assert said in question(world, world.chat).text
    await answer_question(world, "@ours_news")
    await world.local.until(lambda: "Where: Ours" in menu.text)


async def test_of_several_digests_one_is_chosen_to_end(world: World):
    await world.ask("/subscribe 08:00")
    await world.ask("/subscribe 18:00")
    asked = await world.ask("/unsubscribe")
    assert asked.text == "Which digest shall end?"
    await tap(world, asked, "18:00", "Delete it")
    assert "No digest will come here any more" in (await world.ask("/unsubscribe")).text
    assert "No digest comes here" in (await world.ask("/unsubscribe")).text


async def plainly(world: World, text: str, **how: object) -> None:
    """Write something that answers no message, and wait until the last question is gone, or is asked anew."""
    asked = question(world, world.chat)
    world.local.send_text(world.chat, world.ann, text, **how)  # type: ignore[arg-type]
    await world.local.until(lambda: asked.deleted or question(world, world.chat) is not asked, 60)


async def test_in_a_private_chat_the_next_plain_words_are_the_answer(world: World):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Time", "Type it")
    await plainly(world, "some time soon")
    assert "I can't read “some time soon” as a time." in question(world, world.chat).text
    await plainly(world, "6:45, 17.20")
    await world.local.until(lambda: "at 06:45 and 17:20 (UTC)" in menu.text)
    await tap(world, menu, "About what", "Words", "Write them")
    await plainly(world, "dam AND cracks")
    await world.local.until(lambda: "Words: dam AND cracks" in menu.text)


async def test_who_finds_nothing_among_what_is_offered_writes_again(world: World):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Zone", "Type a city")
    await plainly(world, "Springfield")
    await world.local.until(lambda: "Which place is “Springfield”?" in menu.text)
    world.local.send_text(world.chat, world.ann, "Vilnius")
    await world.local.until(lambda: "(Europe/Vilnius)" in menu.text)
    assert not menu.deleted


async def test_who_does_not_share_a_place_writes_it(world: World):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Zone", "By where I am")
    await plainly(world, "Xyzzyqwv")
    assert "I don't know the place “Xyzzyqwv”" in question(world, world.chat).text
    await plainly(world, "vilnius")
    await world.local.until(lambda: "(Europe/Vilnius)" in menu.text)


async def test_at_sea_a_city_is_asked_for(world: World):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Zone", "By where I am")
    shared = question(world, world.chat)
    world.local.send(world.chat, world.ann, {"location": {"latitude": 0.0, "longitude": -30.0}})
    await world.local.until(lambda: question(world, world.chat) is not shared)
    await plainly(world, "vilnius")
    await world.local.until(lambda: "(Europe/Vilnius)" in menu.text)


@pytest.mark.parametrize("elsewhere", ["/language", "What did Ann Lee say?", "https://harbour.example/news/1"])
async def test_who_turns_to_something_else_is_asked_no_more_and_an_answer_to_the_message_still_counts(
    world: World, elsewhere: str
):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Zone", "Type a city")
    asked = question(world, world.chat)
    for text in (elsewhere, "Vilnius"):
        world.local.send_text(world.chat, world.ann, text)
    assert "Time zone: UTC" in (await world.ask("/settings")).text
    assert "it is UTC" in menu.text and not asked.deleted
    await answer_question(world, "Vilnius")
    await world.local.until(lambda: "(Europe/Vilnius)" in menu.text)


async def test_a_tap_elsewhere_and_a_long_time_end_the_waiting(world: World, clock: Clock):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Zone", "Type a city")
    asked = question(world, world.chat)
    await tap(world, menu, "Back")
    world.local.send_text(world.chat, world.ann, "Vilnius")
    assert "Time zone: UTC" in (await world.ask("/settings")).text
    await tap(world, menu, "Zone", "Type a city")
    clock.present += timedelta(minutes=20)
    world.local.send_text(world.chat, world.ann, "Vilnius")
    assert "Time zone: UTC" in (await world.ask("/settings")).text
    assert not asked.deleted


async def test_cancel_ends_a_question(world: World):
    menu = await world.ask("/subscribe")
    await tap(world, menu, "Zone", "Type a city")
    said = len(world.local.messages(world.chat))
    world.local.send_text(world.chat, world.ann, "cancel")
    await world.local.until(lambda: len(world.local.messages(world.chat)) > said)
    assert world.local.messages(world.chat)[-1].text == "All right, it stays as it is."


async def test_in_a_group_plain_words_answer_nothing(world: World):
    group = world.local.create_supergroup("Desk", world.ann, bot_status="administrator")
    menu = await world.answer_to(world.local.send_text(group, world.ann, "/subscribe"))
    await tap(world, menu, "Zone", "Type a city")
    asked = question(world, group)
    world.local.send_text(group, world.ann, "Vilnius")
    after = await world.answer_to(world.local.send_text(group, world.ann, "/settings"))
    assert "Time zone: UTC" in after.text and question(world, group) is asked
