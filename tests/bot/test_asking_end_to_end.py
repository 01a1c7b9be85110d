"""What people see when they ask: questions in words, answers to answers, buttons, groups and inline mode, over HTTP."""

from bot.local_telegram.objects import Message
from tests.bot.support import World, seed


async def bring(world: World, *numbers: int) -> None:
    for number in numbers:
        await world.card_of(world.local.send_text(world.chat, world.ann, seed(number)))


async def test_a_question_in_words_is_answered_and_its_answers_keep_the_thread(world: World):
    """The affair's denial: what was denied, what else that person said, and then another person on the same."""
    await bring(world, 1, 2)
    denied = await world.ask("did anselm orkavec deny having paid for meters?")
    assert denied.text.startswith("What Anselm Orkavec denies: “having paid for meters”")
    assert "having paid for water meters that were never delivered" in denied.text
    follow = world.local.send_text(world.chat, world.ann, "and about the warehouses?", reply_to=denied)
    on_halls = await world.answer_to(follow)
    assert "warehouse" in on_halls.text and "Anselm Orkavec" in on_halls.text
    other = await world.answer_to(world.local.send_text(world.chat, world.ann, "and Osterlaan?", reply_to=on_halls))
    assert other.text.startswith("What Hedda Osterlaan") and "list of all warehouses" in other.text


async def test_a_misspelt_name_finds_the_person_with_buttons_that_turn_the_view(world: World):
    await bring(world, 1)
    known = await world.ask("pls who is hedda osterlan")
    assert known.text.startswith("Hedda Osterlaan") and "chief auditor (3 Mar 2026)" in known.text
    said = next(button.data for button in known.buttons if button.data.startswith("says:"))
    await world.press(known, said)
    await world.local.until(lambda: "Said about them" not in known.text)


async def test_of_several_the_one_who_is_picked_gets_the_same_question(world: World):
    await bring(world, 1, 2)
    choice = await world.ask("what did Orkavec say?")
    assert choice.text == "Several people bear that name. Whom do you mean?"
    judita = next(button for button in choice.buttons if button.text.startswith("Judita"))
    await world.press(choice, judita.data)
    await world.local.until(lambda: choice.text.startswith("What Judita Orkavec says"))
    assert "decided against it" in choice.text


async def test_talk_is_not_answered_from_the_archive(world: World):
    await bring(world, 1)
    answered = await world.ask("who is coming to lunch?")
    assert "Orkavec" not in answered.text and "don't know" not in answered.text


async def test_claims_by_command(world: World):
    await bring(world, 1)
    assert (await world.ask("/claims")).text.startswith("Whose claims?")
    found = await world.ask("/claims Osterlaan about the invoices")
    assert "The invoices were paid" in found.text and "founded six weeks" not in found.text


async def test_in_a_group_only_whoever_addresses_the_bot_is_answered(world: World):
    group = world.local.create_supergroup("Desk", world.ann, bot_status="administrator")
    silent = world.local.send_text(group, world.ann, "who is Hedda Osterlaan?")
    asked = world.local.send_text(group, world.ann, f"@{world.app.bot.username} who is Hedda Osterlaan?")
    answered = await world.answer_to(asked)
    assert "I don't know “Hedda Osterlaan”" in answered.text
    assert not [each for each in world.local.messages(group) if each.reply_to is silent]


async def test_inline_mode_knows_what_the_askers_own_chat_knows_and_no_more(world: World):
    await bring(world, 1)
    query = world.local.ask_inline(world.ann, "osterlaan")
    await world.local.until(lambda: query in world.local.inline_answers)
    (offered,) = world.local.inline_answers[query].results
    assert (offered.title, offered.description) == ("Hedda Osterlaan", "chief auditor · 1 article")
    bob = world.local.create_user("Bob")
    for user, text in ((bob, "osterlaan"), (bob, ""), (world.ann, "quillfeather"), (world.ann, "zzz")):
        query = world.local.ask_inline(user, text)
        await world.local.until(lambda query=query: query in world.local.inline_answers)
        # The button above leads to the bot's own chat, where it says how to ask.
        assert (world.local.inline_answers[query].results, world.local.inline_answers[query].start) == ((), "ask")


async def test_inline_mode_offers_whom_the_newest_articles_name(world: World):
    await bring(world, 1)
    query = world.local.ask_inline(world.ann, "")
    await world.local.until(lambda: query in world.local.inline_answers)
    offered = world.local.inline_answers[query]
    assert {"Hedda Osterlaan", "Anselm Orkavec"} <= {each.title for each in offered.results}
    assert offered.start == ""


async def test_a_question_of_an_articles_length_is_no_article(world: World):
    """It is told how to ask, and how to have it kept all the same."""
    await bring(world, 1)
    asks = "I have read about the meters for weeks now and I still wonder, " * 4 + "who is going to pay for all that?"
    asked = world.local.send_text(world.chat, world.ann, asks)
    told = await world.answer_to(asked)

    def since(message: Message) -> list[Message]:
        return [each for each in world.local.messages(world.chat) if each.id > message.id]

    assert told.text.startswith("That reads like a question, so I did not keep it as an article")
    world.local.send_text(world.chat, world.ann, "/article", reply_to=asked)
    await world.local.until(lambda: any(button.text == "Wrong?" for each in since(told) for button in each.buttons))


async def test_in_a_group_the_first_name_addresses_the_bot_too(world: World):
    group = world.local.create_supergroup("Desk", world.ann, bot_status="administrator")
    first = world.app.bot.first_name
    silent = world.local.send_text(group, world.ann, f"I asked {first} who is Hedda Osterlaan")
    asked = world.local.send_text(group, world.ann, f"{first}, who is Hedda Osterlaan?")
    assert "I don't know “Hedda Osterlaan”" in (await world.answer_to(asked)).text
    assert not [each for each in world.local.messages(group) if each.reply_to is silent]


async def test_a_question_that_the_archive_cannot_answer_gets_what_there_is_or_how_to_ask(world: World):
    await bring(world, 1)
    assert (await world.ask("is Osterlaan guilty?")).text.startswith("Hedda Osterlaan")
    assert (await world.ask("who owns Kelvane Systems?")).text.startswith("I can't answer that; what I have on it")
    assert (await world.ask("who is coming to lunch?")).text.startswith("Forward me an article, or ask")
    assert (await world.ask("what did Osterlaan not deny?")).text.startswith("I can't tell what somebody did not say")
    assert "I read articles of 40 words" in (await world.ask("lunch was good")).text


async def test_a_mention_without_words_is_told_how_to_ask(world: World):
    group = world.local.create_supergroup("Desk", world.ann, bot_status="administrator")
    mention = world.local.send_text(group, world.ann, f"@{world.app.bot.username}")
    assert (await world.answer_to(mention)).text.startswith("Forward me an article, or ask")
