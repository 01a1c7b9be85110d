"""What people see of the bot's doubts on who is who: the real application over HTTP, with the samples' namesakes."""

from bot.local_telegram import Message
from tests.bot.support import World, seed


async def namesakes(world: World) -> Message:
    """Bring the two articles, and wait for the question."""
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    forward = world.local.send_text(world.chat, world.ann, seed(12))
    await world.card_of(forward)
    return (await world.local.until(lambda: questions(world), 60))[0]


def questions(world: World) -> list[Message]:
    return [each for each in world.local.messages(world.chat) if each.text.startswith("Is ")]


def data(message: Message) -> list[str]:
    return [str(button.data) for button in message.buttons]


async def people_called(world: World, name: str) -> int:
    async with world.services.database.reading() as db:
        rows = await db.all("SELECT DISTINCT canonical_id FROM persons WHERE name = :name", name=name)
    return len(rows)


async def test_two_namesakes_stay_two_and_are_asked_about_with_what_both_articles_say(world: World):
    question = await namesakes(world)
    assert question.text.count("Emil Sandvoort") == 2
    assert "secretary of the water workers' union" in question.text
    assert "3 Mar 2026" in question.text
    assert "Halvenstad" in question.text
    assert [each.split(":")[-1] for each in data(question)] == ["same", "different", "unsure"]
    assert await people_called(world, "Emil Sandvoort") == 2
    assert len(questions(world)) == 1


async def test_an_answer_holds_and_can_be_undone(world: World):
    question = await namesakes(world)
    await world.press(question, data(question)[0])
    await world.local.until(lambda: question.text.startswith("One person from now on"))
    assert await people_called(world, "Emil Sandvoort") == 1
    (undo,) = data(question)
    await world.press(question, undo)
    await world.local.until(lambda: "Undone" in question.text)
    assert await people_called(world, "Emil Sandvoort") == 2
    assert (await world.ask("/doubts")).text.startswith("Is ")


async def test_who_was_told_apart_is_never_asked_about_again(world: World):
    question = await namesakes(world)
    await world.press(question, data(question)[1])
    await world.local.until(lambda: question.text.startswith("Two people: "))
    assert (await world.ask("/doubts")).text.startswith("I have no doubts")
    assert len(questions(world)) == 0


async def test_a_forged_answer_gets_a_sentence(world: World):
    note = await world.ask("/doubts")
    for forged in ("doubt:1:same", "doubt:999999999999999999:different"):
        answers = len(world.local.answers)
        world.local.press(note, forged, world.ann, forged=True)
        (answer,) = await world.local.until(lambda seen=answers: world.local.answers[seen:])
        assert answer.text.startswith("This question is settled")
    assert note.text.startswith("I have no doubts")
