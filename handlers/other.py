"""Whatever is neither a text nor a command that we know."""

from rapidfuzz import process
from rapidfuzz.distance import OSA
from telegram import Message, Update

from handlers.answering import answer
from handlers.context import Context, is_private, message_of
from handlers.incoming import incoming_message
from handlers.replies import Reply, problems
from handlers.replies.texts import COMMANDS, MEANT
from services import receiving

# From this likeness on (optimal string alignment, normalised) a command is thought to be misspelt.
_ALIKE = 0.6


async def on_unknown_command(update: Update, context: Context) -> None:
    """Name the commands; in a group another bot may be meant."""
    message = message_of(update)
    if is_private(update) or f"@{context.name}" in (message.text or ""):
        written = (message.text or "").split()[0].lstrip("/").partition("@")[0]
        await answer(message, problems.unknown_command(_nearest(written.lower())))


def _nearest(written: str) -> str | None:
    """Return the command that somebody may have meant."""
    found = process.extractOne(written, [*COMMANDS, *MEANT], scorer=OSA.normalized_similarity, score_cutoff=_ALIKE)
    return MEANT.get(found[0], found[0]) if found else None


async def on_unreadable(update: Update, context: Context) -> None:
    """Say what to send instead of what has no text; of an album, once."""
    message = message_of(update)
    if message.media_group_id is not None:
        await receiving.receive(context.services, incoming_message(message, context))
    elif is_private(update):
        await answer(message, _problem(message))


def _problem(message: Message) -> Reply:
    if message.photo or (message.document and (message.document.mime_type or "").startswith("image/")):
        return problems.photo_without_text()
    if message.voice or message.audio or message.video or message.video_note:
        return problems.recording()
    return problems.no_text()
