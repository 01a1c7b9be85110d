"""``/digest``: the digest of the last day, now."""

from telegram import Update

from handlers.answering import answer
from handlers.context import Context, identity, message_of, topic_of
from handlers.replies import digests
from services import digesting as service
from services.asking.telling import Place, keep_claims


async def on_digest(update: Update, context: Context) -> None:
    """Show the digest of the last day now."""
    message = message_of(update)
    digest = await service.latest(context.services, identity(message.chat))
    sent = await answer(message, digests.on_demand(digest, context.name))
    place = Place(message.chat_id, sent.message_id, topic_of(message))
    await keep_claims(context.services, place, "digest", [claim for each in digest.articles for claim in each.claims])
