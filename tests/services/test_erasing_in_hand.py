"""What somebody has in hand while it is erased is not begun anew after that."""

from datetime import timedelta

from domain.jobs import JobKind
from services import Services, erasing
from services.erasing import Asked
from tests.engines import ON_BOTH
from tests.samples import Clock
from tests.services.test_erasing import ANN, DESK, HER, fetched, know

SECOND = timedelta(seconds=1)


@ON_BOTH
async def test_what_was_in_hand_and_is_put_back_is_not_begun_again(services: Services, clock: Clock):
    """As where the process dies that had it, or the database went away."""
    for chat in (ANN, DESK):
        await know(services, chat)
    async with services.database.transaction() as db:
        await services.queue.put(db, [fetched(2)])
    in_hand = await services.queue.claim(JobKind.FETCH)
    assert in_hand is not None
    clock.now += SECOND
    await erasing.forget_user(services, Asked(ANN.id, 900, *HER, "en"))
    clock.now += SECOND
    async with services.database.transaction() as db:
        await services.queue.put(db, [fetched(3)])
    erase = await services.queue.claim(JobKind.ERASE)
    assert erase is not None
    assert await erasing.go_on(services, erase.payload) == SECOND
    await services.queue.retry(in_hand, timedelta(0), "the database is away", counts=False)
    assert await erasing.go_on(services, erase.payload) != SECOND
    left = await services.queue.claim(JobKind.FETCH)
    assert left is not None, "what she brought after that is kept"
    assert left.key != in_hand.key
