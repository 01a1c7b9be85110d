"""What people see when they put things right: the real application over HTTP."""

from datetime import timedelta

import pytest

from bot.local_telegram import Chat, Message, User
from services.rereading import reread
from tests.bot.support import World, seed


async def card_and_menu(world: World, number: int = 1) -> tuple[Message, Message]:
    """Bring a seed, and open the menu below its card."""
    card = await world.card_of(world.local.send_text(world.chat, world.ann, seed(number)))
    await world.press(card, "fix:1")
    return card, await world.answer_to(card)


async def choose(world: World, menu: Message, *labels: str) -> None:
    """Tap the buttons whose labels begin so, one after the other, each time the message has changed."""
    for label in labels:
        before = menu.html
        button = next(each for each in menu.buttons if each.text.startswith(label))
        await world.press(menu, str(button.data))
        await world.local.until(lambda before=before: menu.html != before)


async def asked(world: World, menu: Message, *labels: str) -> Message:
    """Tap through to a question that is answered by writing."""
    await choose(world, menu, *labels[:-1])
    button = next(each for each in menu.buttons if each.text.startswith(labels[-1]))
    known = world.local.messages(world.chat)
    await world.press(menu, str(button.data))
    new = await world.local.until(
        lambda: [each for each in world.local.messages(world.chat) if each.reply_to is menu and each not in known]
    )
    return new[0]


async def write(world: World, question: Message, text: str) -> Message:
    """Answer a question."""
    return await world.answer_to(world.local.send_text(world.chat, world.ann, text, reply_to=question))


async def test_a_wrong_speaker_is_put_right_by_buttons_survives_another_reading_and_is_taken_back(world: World):
    card, menu = await card_and_menu(world)
    as_read = card.html
    await choose(world, menu, "Wrong speaker", "1", "Hedda Osterlaan")
    assert menu.text.startswith("Put right: ") and "said by Hedda Osterlaan, not by the city's auditors" in menu.text
    await world.local.until(lambda: card.html != as_read)
    assert "1. Hedda Osterlaan (chief auditor) says" in card.text
    corrected = card.html
    await reread(world.services, 1, "a new model")
    shown = await world.ask("/history")
    assert "Ann Lee" in shown.text and "said by Hedda Osterlaan" in shown.text
    assert [button.text for button in shown.buttons] == ["Undo 1"]
    assert card.html == corrected
    assert (await world.ask("/undo")).text.startswith("Undone. This does not hold any more: ")
    await world.local.until(lambda: card.html == as_read)
    assert "undone on" in (await world.ask("/history")).text
    assert (await world.ask("/undo")).text == "There is nothing here to undo."


@pytest.mark.parametrize(
    ("taps", "says", "card_says"),
    [
        (("Not a claim", "1"), "no claim: “", None),
        (("Wrong status", "1", "unconfirmed"), "unconfirmed, not certain", "(unconfirmed)"),
        (("Wrong status", "1", "denies it"), "denied, not certain", "The city's auditors deny: "),
        (("Wrong speaker", "1", "Nobody named"), "said by nobody named", "1. unnamed source says: "),
        (("Not a person", "1"), "“Anselm Orkavec” is nobody", None),
        (("Wrong person", "1", "A new person"), "“Anselm Orkavec” is Anselm Orkavec, somebody new", None),
    ],
)
async def test_each_kind_is_put_right_by_buttons_and_taken_back_by_one(
    world: World, taps: tuple[str, ...], says: str, card_says: str | None
):
    card, menu = await card_and_menu(world)
    as_read = card.html
    await choose(world, menu, *taps)
    assert menu.text.startswith("Put right: ") and says in menu.text
    if "somebody new" not in says:
        await world.local.until(lambda: card.html != as_read)
    assert card_says is None or card_says in card.text
    await choose(world, menu, "Undo")
    assert menu.text.startswith("Undone.")
    await world.local.until(lambda: card.html == as_read)


async def test_every_step_leads_back_and_nothing_is_changed(world: World):
    card, menu = await card_and_menu(world)
    as_read, begin = card.html, menu.html
    for taps in (("Wrong speaker", "1"), ("Wrong status", "2"), ("Wrong person", "1"), ("Not a claim",), ("Not a p",)):
        await choose(world, menu, *taps)
        while menu.html != begin:
            await choose(world, menu, "‹ Back")
    await choose(world, menu, "Forget this article", "‹ Back", "‹ Nothing is wrong")
    assert menu.text == "Nothing was changed."
    assert (await world.ask("/history")).text.endswith("Nothing so far.")
    assert card.html == as_read


async def test_what_is_written_is_taken_and_a_mistake_may_be_tried_again(world: World):
    card, menu = await card_and_menu(world)
    question = await asked(world, menu, "Date")
    assert question.markup is not None and question.markup["force_reply"] is True
    again = await write(world, question, "soon")
    assert again.text.startswith("I don't read a date there.") and again.markup == question.markup
    done = await write(world, again, "1 March 2026")
    assert done.text.startswith("Put right: date: 1 March 2026, not 3 March 2026")
    await world.local.until(lambda: "1 March 2026" in card.text)
    headline = await write(world, await asked(world, menu, "Headline"), "Meters & <b>men</b>")
    assert "headline: Meters & <b>men</b>, not Water chief" in headline.text
    await world.local.until(lambda: card.text.startswith("Meters & <b>men</b>\n"))
    await write(world, await asked(world, menu, "Publisher"), "-")
    await world.local.until(lambda: "Halvenstad Courier" not in card.text)


async def test_a_speaker_whom_the_article_does_not_name_is_written(world: World):
    card, menu = await card_and_menu(world)
    known = await write(world, await asked(world, menu, "Wrong speaker", "1", "Somebody else"), "Anselm Orkavec")
    assert "said by Anselm Orkavec" in known.text
    unknown = await write(
        world, await asked(world, known, "More is wrong", "Wrong speaker", "1", "Somebody"), "Uma Falk"
    )
    assert unknown.text.startswith("I don't know just one “Uma Falk”")
    await choose(world, unknown, "Yes, Uma Falk")
    assert "said by Uma Falk" in unknown.text
    await world.local.until(lambda: "1. Uma Falk says" in card.text)
    dossier = await world.ask("who is Uma Falk?")
    assert dossier.text.startswith("Uma Falk") and "Halvenstad Water Authority paid" in dossier.text


async def test_two_names_become_one_person_and_two_again(world: World):
    _, menu = await card_and_menu(world)
    question = await asked(world, menu, "Same person", "1", "Another name")
    unknown = await write(world, question, "Zyx Qwerty")
    assert unknown.text.startswith("I don't know “Zyx Qwerty”.")
    picks = await write(world, unknown, "Sandvoort")
    await choose(world, picks, "Emil Sandvoort")
    assert picks.text.startswith("Put right: they are one person")
    one = await world.ask("who is Sandvoort?")
    assert "Anselm Orkavec" in one.text
    await choose(world, picks, "Undo")
    two = await world.ask("who is Emil Sandvoort?")
    assert "Orkavec" not in two.text.split("\n")[0]


async def test_a_denial_is_rejected_and_stands_again_when_that_is_undone(world: World):
    card = await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))
    await world.local.until(lambda: "Anselm Orkavec denies it" in card.text)
    denied = card.text.count("denies it")
    await world.press(card, "fix:1")
    menu = await world.answer_to(card)
    await choose(world, menu, "Who denies")
    line = next(line for line in menu.text.split("\n") if " denies “The Halvenstad Water Authority" in line)
    await choose(world, menu, line[0], "It is not so")
    assert menu.text.startswith("Put right: it is not so that “")
    await world.local.until(lambda: card.text.count("denies it") == denied - 1)
    assert (await world.ask("/undo")).text.startswith("Undone.")
    await world.local.until(lambda: card.text.count("denies it") == denied)


async def test_in_a_group_a_question_names_whom_it_is_for_and_they_alone_answer_once(world: World):
    bob = world.local.create_user("Bob")
    group = world.local.create_group("Desk", world.ann)
    forward = world.local.send_text(group, bob, f"@presswatch_bot {seed(1)}")
    card = await world.card_of(forward)
    world.local.press(card, "fix:1", bob)
    menu = await world.answer_to(card)
    world.local.press(menu, "fix:1:h", bob)
    question = await world.answer_to(menu)
    assert question.text.startswith("Bob: What is the headline of")
    world.local.send_text(group, world.ann, "Not mine", reply_to=question)
    article = world.local.send_text(group, bob, f"@presswatch_bot {seed(2)}", reply_to=question)
    assert "Radio Sennet" in (await world.card_of(article)).text
    done = await world.answer_to(world.local.send_text(group, bob, "Meters & men", reply_to=question))
    assert "headline: Meters & men" in done.text
    world.local.send_text(group, bob, "Too late", reply_to=question)
    shown = await world.answer_to(world.local.send_text(group, bob, "/history@presswatch_bot"))
    assert "Bob: headline: Meters & men" in shown.text
    assert "Not mine" not in shown.text and "Too late" not in shown.text


async def test_of_a_persons_articles_the_one_that_means_somebody_else_is_picked(world: World):
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))
    dossier = await world.ask("/help")
    world.local.press(dossier, "split:1", world.ann, forged=True)
    menu = await world.answer_to(dossier)
    assert "Which article means another Anselm Orkavec?" in menu.text
    await choose(world, menu, "1", "A new person")
    assert "somebody new" in menu.text
    found = await world.ask("who is Anselm Orkavec?")
    assert found.text.startswith("Several people") and len(found.buttons) == 2


async def test_an_article_is_forgotten_after_a_question_and_comes_back(world: World):
    card, menu = await card_and_menu(world)
    as_read = card.html
    await choose(world, menu, "Forget this article")
    assert "erased for good" in menu.text and card.html == as_read
    await choose(world, menu, "Forget it")
    await world.local.until(lambda: card.text.startswith("This article is forgotten: "))
    assert (await world.ask("who is Anselm Orkavec?")).text.startswith("I don't know")
    assert (await world.ask("/search meters")).text.startswith("Nothing found")
    assert (await world.ask("/start a1")).text == "This article is not in this chat's archive."
    await choose(world, card, "Undo")
    await world.local.until(lambda: card.html == as_read)
    assert "Anselm Orkavec" in (await world.ask("who is Anselm Orkavec?")).text


async def test_what_a_forgotten_article_denied_stands_alone_until_it_comes_back(world: World):
    card = await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    other = await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))
    await world.local.until(lambda: "Anselm Orkavec denies it" in card.text)
    await world.press(other, "fix:2")
    menu = await world.answer_to(other)
    await choose(world, menu, "Forget this article", "Forget it")
    await world.local.until(lambda: "Radio Sennet" not in card.text)
    assert "Radio Sennet" not in (await world.ask("who is Anselm Orkavec?")).text
    await choose(world, menu, "Undo")
    await world.local.until(lambda: "Anselm Orkavec denies it" in card.text and "Radio Sennet" in other.text)


async def test_fix_and_history_in_answer_to_a_card_are_about_its_article(world: World):
    forward = world.local.send_text(world.chat, world.ann, seed(1))
    card = await world.card_of(forward)
    for to in (card, forward):
        menu = await world.answer_to(world.local.send_text(world.chat, world.ann, "/fix", reply_to=to))
        assert menu.text.startswith("What is wrong in Water chief")
    lost = await world.answer_to(world.local.send_text(world.chat, world.ann, "/fix", reply_to=menu))
    assert (await world.ask("/fix")).text == lost.text
    edited = seed(1).replace("94 pages", "95 pages")
    assert edited != seed(1)
    world.local.edit_text(forward, edited)
    await world.local.until(lambda: "95 pages" in card.text)
    shown = await world.answer_to(world.local.send_text(world.chat, world.ann, "/history", reply_to=card))
    assert "Edited" in shown.text and "94 95" in shown.text


@pytest.mark.parametrize(
    "data",
    [
        "fix:999", "fix:999:m", "fix:1:zz", "fix:1:s:999", "fix:1:s:999:1", "fix:1:s:1:999", "fix:1:c:999",
        "fix:1:f:999", "fix:1:f:1:9", "fix:1:f:999:1", "fix:1:n:999", "fix:1:w:999", "fix:1:w:1:999",
        "fix:1:wn:999", "fix:1:wt:999",
        "fix:1:j:999", "fix:1:st:999", "fix:1:E:1:1:1", "fix:999:E", "same:999", "same:1:999", "same:999:1",
        "same:999:t", "same:1:1", "split:999", "fix::", "same:1:x", "history:x", "fix:1:E9",
    ],
)  # fmt: skip
async def test_a_forged_or_stale_button_gets_a_sentence_and_changes_nothing(world: World, data: str):
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    answer = await world.ask("/help")
    before = answer.html
    query = world.local.press(answer, data, world.ann, forged=True)
    await world.local.until(lambda: [each for each in world.local.answers if each.query_id == query and each.text])
    assert answer.html == before
    assert (await world.ask("/history")).text.endswith("Nothing so far.")


async def test_buttons_of_another_chats_article_and_corrections_do_nothing(world: World):
    _, menu = await card_and_menu(world)
    await choose(world, menu, "Wrong speaker", "1", "Hedda Osterlaan")
    bob: User = world.local.create_user("Bob")
    other: Chat = world.local.create_private_chat(bob)
    help_text = await world.answer_to(world.local.send_text(other, bob, "/help"))
    for data in ("fix:1", "fix:1:c:1", "fix:1:E", "fix:1:n:1", "same:1:2", "split:1"):
        query = world.local.press(help_text, data, bob, forged=True)
        await world.local.until(
            lambda query=query: [each for each in world.local.answers if each.query_id == query and each.text]
        )
    assert help_text.edits == 0
    undone = await world.answer_to(world.local.send_text(other, bob, "/undo"))
    assert undone.text == "There is nothing here to undo."
    assert "said by Hedda Osterlaan" in (await world.ask("/history")).text


@pytest.mark.parametrize("question", ["/digest@presswatch_bot", "@presswatch_bot who is Anselm Orkavec?"])
async def test_a_group_that_was_told_hears_of_a_correction_below_what_told_it(
    world: World, monkeypatch: pytest.MonkeyPatch, question: str
):
    monkeypatch.setattr("services.correcting.making.QUIET", timedelta())
    group = world.local.create_group("Desk", world.ann)
    card = await world.card_of(world.local.send_text(group, world.ann, f"@presswatch_bot {seed(1)}"))
    await world.press(card, "fix:1")
    menu = await world.answer_to(card)
    telling = await world.answer_to(world.local.send_text(group, world.ann, question))
    assert "in a report of 94 pages" in telling.text.casefold()
    await choose(world, menu, "Wrong status", "2", "unconfirmed")
    notice = await world.answer_to(telling)
    assert notice.text.startswith("Correction: “In a report of 94 pages")
    assert notice.text.endswith("was told as certain; it is unconfirmed.")
    await choose(world, menu, "Undo")
    await world.local.until(
        lambda: [
            each
            for each in world.local.messages(group)
            if each.reply_to is telling and each.text.startswith("Taken back, the first was right: “In a report")
        ]
    )
