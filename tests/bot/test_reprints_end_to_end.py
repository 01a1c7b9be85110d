"""What people see when an article comes again in other clothes: the real application over HTTP."""

from tests.bot.support import World, seed


async def test_the_card_of_a_reprint_leads_to_the_article_that_came_first(world: World):
    first = await world.card_of(world.local.send_text(world.chat, world.ann, seed(4)))
    second = await world.card_of(world.local.send_text(world.chat, world.ann, seed(5)))
    headline = first.text.split("\n")[0]
    (line,) = [line for line in second.text.split("\n") if line.startswith("Same article as")]
    assert line.startswith(f"Same article as {headline}, first brought by Ann Lee on ")
    assert line.endswith(": /a1")
    assert "Key claims" in second.text
    world.local.send_text(world.chat, world.ann, "/a1")
    again = (await world.local.until(lambda: world.local.messages(world.chat)[2:]))[0]
    assert again.reply_to is first.reply_to
    assert again.text.split("\n")[0] == headline
    assert "Reprinted once since" in again.text
