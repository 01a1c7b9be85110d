"""Taking corrections back."""

from collections.abc import Iterable, Sequence

from domain.chats import CollectionId
from domain.correcting import CannotUndo, EndedBefore, NotHere, Undoing, Undone
from domain.corrections import Correction, CorrectionKind, CorrectionState, Editor
from services import Services, relations
from services.access import Right, allowed
from services.cards import show_again
from services.correcting.making import OF_ITSELF, notice_job, reread_job
from services.identity import judging
from storage import articles, corrections, forgotten
from storage.connection import Reader, Writer
from storage.told import ToldMessage

_ON_PERSONS = frozenset({CorrectionKind.SAME_PERSON, CorrectionKind.DIFFERENT_PERSONS, CorrectionKind.UNSURE})


async def undo_latest(services: Services, chat: int, editor: Editor) -> Undoing:
    """Take back the newest correction of the chat that holds."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.CORRECT)
        found = await corrections.latest_standing(db, known.collection, chat) if known else None
    return await undo(services, chat, found.id, editor) if found else NotHere()


async def undo(services: Services, chat: int, correction: int, editor: Editor) -> Undoing:
    """Take back a correction of the chat's collection: what the machine said, or an earlier correction, holds again."""
    async with services.database.transaction() as db:
        known = await allowed(db, chat, Right.CORRECT)
        found = await corrections.find(db, known.collection, correction) if known else None
        if known is None or found is None or not await _is_here(db, known.collection, found):
            return NotHere()
        if found.state is not CorrectionState.STANDING:
            return EndedBefore(found)
        if await _take_back(services, db, known.collection, found) is False:
            return CannotUndo()
        await corrections.end(db, correction, CorrectionState.UNDONE, editor.name, services.clock())
        await _tell_undone(services, db, found)
        ended = await corrections.find(db, known.collection, correction)
        assert ended is not None  # noqa: S101  # it was found in this transaction
        return Undone(ended)


def told_of(correction: Correction) -> Sequence[ToldMessage]:
    """Return the messages that told what was corrected, one a chat."""
    return [ToldMessage(*place) for place in correction.new.said.get("told", ())]


async def _is_here(db: Reader, collection: CollectionId, correction: Correction) -> bool:
    """Return whether what was corrected is not forgotten; that it is can itself be taken back."""
    kind, article = correction.new.kind, correction.new.article
    if kind is CorrectionKind.FORGOTTEN or article is None:
        return True
    return await articles.find(db, collection, article) is not None


async def _tell_undone(services: Services, db: Writer, correction: Correction) -> None:
    """Let chats that have heard of the correction hear of its end; the others hear of neither."""
    for each in told_of(correction):
        await services.queue.put(db, [notice_job(correction, each, None, undone=True)])


async def _take_back(services: Services, db: Writer, collection: CollectionId, correction: Correction) -> bool:
    """Return whether that could be done."""
    kind, article = correction.new.kind, correction.new.article
    if kind in _ON_PERSONS:
        people = await judging.withdraw(db, collection, correction)
        await judging.show_named(services, db, collection, people, f"undoing {correction.id}")
    elif kind is CorrectionKind.RELATION:
        concerned = await relations.withdraw_relation(db, collection, correction)
        await _show_again(services, db, concerned, correction)
    if article is None:
        return True
    if kind is CorrectionKind.FORGOTTEN:
        if not await forgotten.restore(db, collection, article):
            return False
        await _show_again(services, db, await forgotten.neighbours(db, article), correction)
    elif kind in OF_ITSELF:
        await _say_again(db, article, correction)
    elif correction.new.corrected.get("new"):
        # Nobody is left over where this is taken back before the article has been read again.
        await forgotten.forget_unused(db, collection, [correction.new.corrected["person"]])
    await services.queue.put(db, [reread_job(article, f"undoing {correction.id}")])
    return True


async def _show_again(services: Services, db: Writer, concerned: Iterable[int], correction: Correction) -> None:
    for each in sorted(concerned):
        await show_again(services, db, each, f"undoing {correction.id}")


async def _say_again(db: Writer, article: int, correction: Correction) -> None:
    """Give an article back what it said of itself, unless another correction of the same kind holds."""
    others = [each for each in await corrections.standing(db, article) if each.new.kind is correction.new.kind]
    if [each.id for each in others] == [correction.id]:
        await articles.set_of_itself(db, article, correction.new.kind.value, correction.new.said["machine"])
