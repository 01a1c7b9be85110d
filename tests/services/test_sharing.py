"""Sharing: a link lets one chat in, once; what it sees, adds and keeps; roles, leaving, and who owns what is left."""

from datetime import time, timedelta

import pytest

from domain.articles import AlreadyHere, ArticleState, Forward, IncomingArticle, OnlyReads, Origin, Taken, TooShort
from domain.chats import ChatIdentity, ChatKind, Role
from domain.correcting import NotHere
from domain.corrections import Editor
from domain.digests import ComposedDigest
from domain.messages import FileReference, IncomingMessage
from domain.schedule import Timetable
from domain.sharing import Inviter, Obstacle, Offer
from domain.subscriptions import Filters, SubscriptionState, Wish
from domain.watching import Watch
from services import Services, batches, cards, delivering, digesting, intake, receiving, sharing
from services.chats import know
from services.correcting import forgetting, history, undoing
from services.delivering import Part
from storage import deliveries, persons, subscriptions, watches
from tests.engines import ON_BOTH
from tests.planned import planned
from tests.samples import DAY, HOUR, NOON, Clock, chat_identity, forward

ANN, BOB, CLEO = chat_identity(100), chat_identity(200), chat_identity(300)
DESK = ChatIdentity(-1001, ChatKind.SUPERGROUP, "Desk")
ONE = "The council of Lundvik has sold four berths, its chief auditor said. " * 8
TWO = "The ferries to Ostholm stay in port until Friday, their union said. " * 8


def by(chat: ChatIdentity) -> Inviter:
    return Inviter(chat.id, f"{chat.title}'s admin", chat.id)


async def link(services: Services, host: ChatIdentity = ANN, role: Role = Role.READER) -> str:
    made = await sharing.invite(services, host, by(host), role)
    assert made is not None
    return made[0]


async def let_in(services: Services, guest: ChatIdentity, role: Role = Role.READER, host: ChatIdentity = ANN) -> None:
    assert await sharing.join(services, guest, await link(services, host, role)) == Offer(host, role)


async def bring(services: Services, chat: ChatIdentity, text: str, message: int = 1) -> int:
    taken = await intake.take_in(services, IncomingArticle(text, forward(chat, message)))
    assert isinstance(taken, Taken | AlreadyHere)
    return taken.article


async def sees(services: Services, chat: ChatIdentity, article: int) -> bool:
    return await cards.show(services, chat.id, article) is not None


async def roles(services: Services, chat: ChatIdentity = ANN) -> dict[int, Role]:
    return {each.chat.id: each.role for each in (await sharing.members(services, chat)).members}


async def told(services: Services, chat: ChatIdentity) -> list[str]:
    """What a chat is to hear, oldest first."""
    async with services.database.reading() as db:
        rows = await db.all(
            "SELECT json_extract(payload, '$.event') AS event FROM jobs WHERE lane = :lane ORDER BY id",
            lane=f"sharing:{chat.id}",
        )
    return [row["event"] for row in rows]


def text_message(chat: ChatIdentity, text: str, *, file: FileReference | None = None) -> IncomingMessage:
    brought = Forward(chat, 7, None, "Ann", Origin(), NOON)
    return IncomingMessage(brought, text, (), file, None, addressed=True)


@ON_BOTH
async def test_who_joins_sees_the_articles_and_what_was_its_own_comes_back(services: Services):
    own, shared = await bring(services, BOB, TWO), await bring(services, ANN, ONE)
    await let_in(services, BOB)
    assert (await sees(services, BOB, shared), await sees(services, BOB, own)) == (True, False)
    assert not await sees(services, ANN, own)
    assert await sharing.leave(services, BOB.id) == ANN
    assert (await sees(services, BOB, shared), await sees(services, BOB, own)) == (False, True)
    assert await roles(services) == {ANN.id: Role.OWNER}
    assert await roles(services, BOB) == {BOB.id: Role.OWNER}
    assert await told(services, ANN) == ["joined", "left"]


async def test_a_link_is_good_for_one_chat(services: Services):
    given = await link(services)
    assert await sharing.offered(services, BOB, given) == Offer(ANN, Role.READER)
    assert await sharing.join(services, BOB, given) == Offer(ANN, Role.READER)
    assert await sharing.join(services, CLEO, given) is None
    assert await sharing.offered(services, CLEO, given) is None
    await sharing.leave(services, BOB.id)
    assert await sharing.join(services, BOB, given) is None


async def test_a_link_is_no_good_when_it_has_expired_or_is_taken_back(services: Services, clock: Clock):
    old, taken_back = await link(services), await link(services)
    (_, second) = (await sharing.members(services, ANN)).invitations
    assert not await sharing.revoke(services, BOB.id, second.id)
    assert await sharing.revoke(services, ANN.id, second.id)
    assert not await sharing.revoke(services, ANN.id, second.id)
    assert await sharing.join(services, BOB, taken_back) is None
    clock.now += sharing.GOOD_FOR - timedelta(seconds=1)
    assert await sharing.offered(services, BOB, old) is not None
    clock.now += timedelta(seconds=1)
    assert await sharing.offered(services, BOB, old) is None
    assert await sharing.join(services, BOB, old) is None
    assert (await sharing.members(services, ANN)).invitations == ()


async def test_a_link_that_a_group_has_opened_is_good_nowhere_else(services: Services):
    given = await link(services)
    assert await sharing.offered(services, BOB, given) is not None
    assert await sharing.offered(services, DESK, given) is not None
    assert await sharing.offered(services, BOB, given) is None
    assert await sharing.join(services, BOB, given) is None
    assert await sharing.join(services, DESK, given) == Offer(ANN, Role.READER)


async def test_a_link_of_a_chat_that_owns_nothing_any_more_is_no_good(services: Services):
    given = await link(services)
    await let_in(services, ANN, host=CLEO)
    assert await sharing.join(services, BOB, given) is None
    assert await sharing.invite(services, ANN, by(ANN), Role.READER) is None


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR])
async def test_nobody_but_the_owner_lets_others_in_or_changes_them(services: Services, role: Role):
    await let_in(services, BOB, role)
    await let_in(services, CLEO)
    assert await sharing.invite(services, BOB, by(BOB), Role.READER) is None
    assert await sharing.member(services, BOB.id, CLEO.id) is None
    assert await sharing.remove(services, BOB.id, CLEO.id) is None
    assert await sharing.remove(services, BOB.id, ANN.id) is None
    assert await sharing.change_role(services, BOB.id, BOB.id, Role.EDITOR) is None
    assert (await sharing.members(services, BOB)).invitations == ()
    assert await roles(services) == {ANN.id: Role.OWNER, BOB.id: role, CLEO.id: Role.READER}


async def test_no_link_makes_an_owner(services: Services):
    assert await sharing.invite(services, ANN, by(ANN), Role.OWNER) is None
    await let_in(services, BOB)
    assert await sharing.change_role(services, ANN.id, BOB.id, Role.OWNER) is None


async def test_what_hinders_a_chat_from_joining(services: Services):
    await let_in(services, BOB)
    assert await sharing.join(services, BOB, await link(services)) is Obstacle.MEMBER
    assert await sharing.join(services, ANN, await link(services)) is Obstacle.MEMBER
    other = await link(services, CLEO)
    assert await sharing.join(services, BOB, other) is Obstacle.GUEST
    assert await sharing.join(services, ANN, other) is Obstacle.HOST
    await sharing.leave(services, BOB.id)
    assert await sharing.join(services, BOB, other) == Offer(CLEO, Role.READER)


async def test_what_hinders_a_chat_from_leaving(services: Services):
    await know(services, ANN)
    for chat in (ANN.id, 999):
        assert await sharing.may_leave(services, chat) is Obstacle.OWN
        assert await sharing.leave(services, chat) is Obstacle.OWN


async def test_a_collection_takes_so_many_chats(services: Services, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sharing, "MOST", 2)
    await let_in(services, BOB)
    assert await sharing.join(services, CLEO, await link(services)) is Obstacle.FULL


async def test_a_reader_adds_nothing_and_changes_nothing(services: Services):
    shared = await bring(services, ANN, ONE)
    await let_in(services, BOB)
    assert await intake.take_in(services, IncomingArticle(TWO, forward(BOB))) == OnlyReads()
    assert await receiving.receive(services, text_message(BOB, TWO)) == OnlyReads()
    file = FileReference("file", "berths.pdf", None, 10)
    assert await receiving.receive(services, text_message(BOB, "", file=file)) == OnlyReads()
    assert await receiving.receive(services, text_message(BOB, "good morning")) == TooShort(2)
    async with services.database.reading() as db:
        counted = await db.one(
            """SELECT (SELECT COUNT(*) FROM articles) AS articles, (SELECT COUNT(*) FROM forwards) AS forwards,
            (SELECT COUNT(*) FROM waiting_messages) AS waiting"""
        )
    assert counted is not None and tuple(counted.values()) == (1, 1, 0)
    editor = Editor(BOB.id, "Bob", BOB.id)
    assert await forgetting.forget(services, BOB.id, shared, editor) == NotHere()
    assert await undoing.undo_latest(services, BOB.id, editor) == NotHere()
    assert (await history.history(services, BOB.id)).entries == ()


async def test_what_an_editor_adds_is_seen_by_all_and_stays(services: Services):
    await let_in(services, BOB, Role.EDITOR)
    added = await bring(services, BOB, TWO)
    assert await sees(services, ANN, added)
    await sharing.leave(services, BOB.id)
    assert (await sees(services, ANN, added), await sees(services, BOB, added)) == (True, False)
    assert await bring(services, BOB, TWO, message=2) != added
    message = text_message(BOB, ONE)
    async with services.database.reading() as db:
        assert await intake.article_of(db, message) is None


async def test_an_edit_of_a_message_reaches_no_article_that_its_chat_may_not_change(services: Services):
    await let_in(services, BOB, Role.EDITOR)
    message = text_message(BOB, ONE)
    taken = await receiving.take(services, receiving.Bundle((message,)))
    assert isinstance(taken, Taken)
    await sharing.change_role(services, ANN.id, BOB.id, Role.READER)
    assert await intake.edit(services, text_message(BOB, TWO))
    await sharing.leave(services, BOB.id)
    assert await intake.edit(services, text_message(BOB, TWO))
    async with services.database.reading() as db:
        row = await db.one("SELECT body FROM articles WHERE id = :id", id=taken.article)
    assert row is not None and row["body"] == ONE


async def test_a_batch_does_not_tell_of_articles_that_its_chat_sees_no_more(services: Services):
    await let_in(services, BOB, Role.EDITOR)
    for number in range(5):
        await intake.take_in(services, IncomingArticle(f"{number} {ONE}", forward(BOB, 1)))
    shown = await batches.show(services, BOB.id, 1)
    assert shown is not None and all(each.article for each in shown.items)
    await sharing.leave(services, BOB.id)
    shown = await batches.show(services, BOB.id, 1)
    assert shown is not None and not any(each.article for each in shown.items)
    assert {each.state for each in shown.items} == {None} != {ArticleState.RECEIVED}


async def test_those_removed_see_their_own_again_and_hear_of_it_as_of_a_new_role(services: Services):
    shared = await bring(services, ANN, ONE)
    await let_in(services, BOB)
    changed = await sharing.change_role(services, ANN.id, BOB.id, Role.EDITOR)
    assert changed is not None and changed.role is Role.EDITOR
    assert await sharing.remove(services, ANN.id, BOB.id) is not None
    assert not await sees(services, BOB, shared)
    assert await sharing.remove(services, ANN.id, BOB.id) is None
    assert await sharing.remove(services, ANN.id, 999) is None
    assert await told(services, BOB) == ["editor", "removed"]


async def test_who_let_whom_in_and_when_is_shown(services: Services, clock: Clock):
    await let_in(services, BOB)
    clock.now += DAY
    await let_in(services, CLEO, Role.EDITOR)
    owner, first, second = (await sharing.members(services, CLEO)).members
    assert (owner.chat, owner.role, owner.joined_at) == (ANN, Role.OWNER, None)
    assert (first.chat, first.role, first.joined_at, first.inviter) == (BOB, Role.READER, NOON, "Chat 100's admin")
    assert (second.chat, second.role, second.joined_at) == (CLEO, Role.EDITOR, NOON + DAY)


async def test_digests_of_certain_persons_go_on_by_their_names(services: Services):
    his = (await know(services, BOB)).collection
    async with services.database.transaction() as db:
        person = await persons.add(db, his, "Ada Quill")
        wish = Wish(Timetable((time(8),), "UTC"), BOB.id, filters=Filters(people=(person,), disputed=True))
        number = await subscriptions.add(db, BOB.id, 0, wish, NOON + HOUR, NOON)
    await let_in(services, BOB)
    async with services.database.reading() as db:
        found = await subscriptions.find(db, BOB.id, number)
    assert found is not None
    assert found.state is SubscriptionState.ACTIVE
    assert found.wish.filters == Filters(names=("Ada Quill",), disputed=True)


async def test_digests_go_on_but_those_of_nobody_who_is_still_known_end(services: Services):
    await know(services, BOB)
    daily = Timetable((time(8),), "UTC")
    async with services.database.transaction() as db:
        plain = await subscriptions.add(db, BOB.id, 0, Wish(daily, BOB.id), NOON + HOUR, NOON)
        of_one = await subscriptions.add(
            db, BOB.id, 0, Wish(daily, BOB.id, filters=Filters(people=(1,))), NOON + HOUR, NOON
        )
    await let_in(services, BOB)
    async with services.database.reading() as db:
        states = {each.id: each.state for each in await subscriptions.of_chat(db, BOB.id)}
    assert states[plain] is SubscriptionState.ACTIVE
    assert states.get(of_one, SubscriptionState.ENDED) is SubscriptionState.ENDED


async def on_its_way(services: Services, chat: ChatIdentity) -> int:
    """Have the second message of a chat's digest wait to be sent."""
    async with services.database.transaction() as db:
        daily = Timetable((time(8),), "UTC")
        number = await subscriptions.add(db, chat.id, 0, Wish(daily, chat.id), NOON, NOON)
        delivery = await planned(db, number, deliveries.NewDelivery(daily.latest(NOON), NOON))
        await deliveries.keep_parts(db, delivery, ["first", "second"])
        await deliveries.add_message(db, delivery, 0, 77)
    return delivery


async def test_what_is_left_of_a_digest_is_of_what_its_chat_sees_by_then(services: Services):
    await know(services, BOB)
    await let_in(services, BOB)
    kept, his = await on_its_way(services, ANN), await on_its_way(services, BOB)
    assert await delivering.next_part(services, his) == Part(1, "second", is_last=True)
    assert await sharing.remove(services, ANN.id, BOB.id)
    assert await delivering.next_part(services, his) is None
    found = await delivering.find_planned(services, his)
    assert found is not None
    composed = await digesting.compose(services, found)
    assert isinstance(composed, ComposedDigest)
    assert composed.stories == ()
    assert await delivering.next_part(services, kept) == Part(1, "second", is_last=True)


async def test_watches_go_on_by_name(services: Services):
    await know(services, BOB)
    async with services.database.transaction() as db:
        home = (await know(services, BOB)).collection
        person = await persons.add(db, home, "Ada Kestrel")
        await watches.add(db, Watch(0, BOB.id, 0, 0, "Ada Kestrel", person), NOON)
    await let_in(services, BOB)
    async with services.database.reading() as db:
        (watch,) = await watches.of_chat(db, BOB.id)
    assert (watch.name, watch.person) == ("Ada Kestrel", None)


async def test_whoever_owns_what_is_left_of_the_first_owner_hands_it_on(services: Services):
    for chat in (BOB, CLEO, DESK):
        await let_in(services, chat, Role.READER if chat is BOB else Role.EDITOR)
    # The first owner has gone elsewhere: Desk has inherited.
    elsewhere = (await know(services, chat_identity(400))).collection
    async with services.database.transaction() as db:
        await db.run("UPDATE chats SET collection_id = :own, role = 'owner' WHERE id = :id", own=elsewhere, id=ANN.id)
        await db.run("UPDATE chats SET role = 'owner' WHERE id = :id", id=DESK.id)
    assert await sharing.leave(services, DESK.id) == CLEO
    assert await told(services, CLEO) == ["owner"]
    assert await roles(services, CLEO) == {CLEO.id: Role.OWNER, BOB.id: Role.READER}
    assert await sharing.leave(services, CLEO.id) == BOB
    assert await sharing.leave(services, BOB.id) is Obstacle.LAST
