"""What people see of stories: the button of a card, and /story, in the real application over HTTP."""

from tests.bot.support import World, seed


async def test_articles_on_the_same_events_lead_to_each_other(world: World) -> None:
    """The card's button and /story, by words or in answer to the card, tell the same."""
    await world.card_of(world.local.send_text(world.chat, world.ann, seed(1)))
    card = await world.card_of(world.local.send_text(world.chat, world.ann, seed(2)))

    def buttons() -> list[str]:
        return [str(button.data) for button in card.buttons if str(button.data).startswith("story:")]

    (data,) = await world.local.until(buttons)
    await world.press(card, data)
    story = await world.answer_to(card)
    assert "2 articles, 2 independent origins" in story.text
    assert "Halvenstad Courier" in story.text
    assert "Radio Sennet" in story.text
    assert (await world.ask("/story meters")).text == story.text
    asked = world.local.send_text(world.chat, world.ann, "/story", reply_to=card)
    assert (await world.answer_to(asked)).text == story.text
    by_link = await world.ask(f"/start t{data.split(':')[1]}")
    assert by_link.text == story.text, "so does the button of a channel's digest"


async def test_what_has_no_story_is_told(world: World) -> None:
    assert "Which story?" in (await world.ask("/story")).text
    answer = await world.ask("/story zeppelin")
    assert answer.text == "No article here has “zeppelin”."
    asked = world.local.send_text(world.chat, world.ann, "/story", reply_to=answer)
    assert (await world.answer_to(asked)).text.startswith("That message is no article")
    assert (await world.ask("/start t1")).text.startswith("This chat does not see")
    query = world.local.press(answer, "story:1:0", world.ann, forged=True)
    await world.local.until(lambda: [each for each in world.local.answers if each.query_id == query and each.text])
