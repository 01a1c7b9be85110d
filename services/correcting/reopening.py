"""What people said of a claim, open again once an edit of its article has taken the claim's own words away."""

from domain.chats import CollectionId
from domain.corrections import CorrectionState
from services import Services
from services.relations import withdraw_relation
from storage import corrections, relations
from storage.connection import Writer

# Who ends a correction whose words the article does not have any more.
BY_ITSELF = "the article's new text"


async def reopen_ties(
    services: Services, db: Writer, collection: CollectionId, article: int, before: str, now: str
) -> None:
    """Reopen what people judged of ties of the article's claims whose words stood in its text and do not any more.

    A claim may stand where it stood and say something else: "412 meters" then, "655 meters" now.
    """
    for correction in await relations.judgements(db, collection):
        words = [told["text"] for told in correction.new.said["claims"] if told["article"] == article]
        if any(text in before and text not in now for text in words):
            await withdraw_relation(db, collection, correction)
            await corrections.end(db, correction.id, CorrectionState.REOPENED, BY_ITSELF, services.clock())
