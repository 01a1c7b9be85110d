"""Letting other chats see a collection: links, members, leaving.

A chat sees one collection at a time. Its own is out of sight while it shares another's and comes back when it leaves;
what it has brought meanwhile stays where it brought it. Its digests and watches go on with what it sees, a watch by the
name that it has; but digests of certain persons end, as these are persons of the collection that it sees no more.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.chats import Chat, ChatIdentity, ChatKind, CollectionId, Role
from domain.jobs import JobKind, NewJob
from domain.sharing import Event, Invitation, Inviter, Member, Members, Obstacle, Offer
from domain.subscriptions import SubscriptionState
from services import Services, invitations
from services.access import Right, allowed, may
from services.chats import know
from storage import deliveries, persons, sharing, subscriptions, watches
from storage.connection import Reader, Writer

# So long a link is good.
GOOD_FOR = timedelta(days=7)
# So many chats see one collection.
MOST = 50
# What others may be; a collection has one owner.
ROLES = (Role.READER, Role.EDITOR)


async def invite(
    services: Services, identity: ChatIdentity, inviter: Inviter, role: Role
) -> tuple[str, Invitation] | None:
    """Return a new link's payload and what it offers; None where the chat may not let others in."""
    await know(services, identity)
    expires_at = services.clock() + GOOD_FOR
    payload = invitations.make(services.secret, expires_at)
    async with services.database.transaction() as db:
        host = await allowed(db, inviter.chat, Right.MANAGE)
        if host is None or role not in ROLES:
            return None
        link = invitations.hash_of(payload)
        kept = await sharing.add_invitation(db, host.collection, inviter, role, link, expires_at)
    return payload, kept


async def revoke(services: Services, chat: int, number: int) -> bool:
    """Let a link to the collection that a chat owns be good no more; False where there is none."""
    async with services.database.transaction() as db:
        host = await allowed(db, chat, Right.MANAGE)
        return host is not None and await sharing.forget_invitation(db, host.collection, number)


async def offered(services: Services, identity: ChatIdentity, payload: str) -> Offer | None:
    """Return what a link offers to a chat; None for any that is not good, whatever the reason.

    One that is opened in a group is good there only from then on: everybody in the group can read it.
    """
    if not invitations.is_good(services.secret, payload, services.clock()):
        return None
    await know(services, identity)
    async with services.database.transaction() as db:
        found = await _open(services, db, identity.id, payload)
        if found is None:
            return None
        invitation, host = found
        if identity.kind is not ChatKind.PRIVATE:
            await sharing.keep_for(db, invitation.id, identity.id)
    return Offer(host.identity, invitation.role)


async def join(services: Services, identity: ChatIdentity, payload: str) -> Offer | Obstacle | None:
    """Let a chat see what a link offers, once; None for a link that is not good."""
    if not invitations.is_good(services.secret, payload, services.clock()):
        return None
    chat = await know(services, identity)
    async with services.database.transaction() as db:
        found = await _open(services, db, chat.id, payload)
        if found is None:
            return None
        invitation, host = found
        obstacle = await _obstacle(db, chat, host)
        if obstacle is not None:
            return obstacle
        await sharing.forget_invitation(db, invitation.collection, invitation.id)
        await sharing.forget_invitations_of(db, chat.collection, chat.id)
        await _look_elsewhere(db, chat.id, chat.collection)
        await sharing.enter(db, chat.id, host.collection, invitation.role, invitation.inviter, services.clock())
        await tell(services, db, host.id, Event.JOINED, identity, invitation.role)
    return Offer(host.identity, invitation.role)


async def members(services: Services, identity: ChatIdentity) -> Members:
    """Return who sees what a chat sees, and, to who owns it, the links by which more may."""
    known = await know(services, identity)
    async with services.database.reading() as db:
        found = await sharing.members(db, known.collection)
        links = await sharing.invitations(db, known.collection, services.clock()) if may(known, Right.MANAGE) else ()
    return Members(known, tuple(found), tuple(links))


async def member(services: Services, chat: int, number: int) -> Member | None:
    """Return another chat that sees the collection that a chat owns; None where it does not see it."""
    async with services.database.reading() as db:
        _, found = await _other(db, chat, number)
    return found


async def remove(services: Services, chat: int, member: int) -> Member | None:
    """Let another chat see the collection that a chat owns no more, and tell it; None where it does not see it."""
    async with services.database.transaction() as db:
        owner, found = await _other(db, chat, member)
        if owner is None or found is None:
            return None
        await _send_home(db, member)
        await tell(services, db, member, Event.REMOVED, owner.identity, found.role)
    return found


async def change_role(services: Services, chat: int, member: int, role: Role) -> Member | None:
    """Say what another chat may do with the collection that a chat owns, and tell it; None where it does not see it."""
    async with services.database.transaction() as db:
        owner, found = await _other(db, chat, member)
        if owner is None or found is None or role not in ROLES:
            return None
        if found.role is not role:
            await sharing.set_role(db, owner.collection, member, role)
            event = Event.MADE_EDITOR if role is Role.EDITOR else Event.MADE_READER
            await tell(services, db, member, event, owner.identity, role)
    return replace(found, role=role)


async def may_leave(services: Services, chat: int) -> Obstacle | None:
    """Return what hinders a chat from leaving."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        return _hindrance(known, await _others(db, known)) if known else Obstacle.OWN


async def leave(services: Services, chat: int) -> ChatIdentity | Obstacle:
    """Let a chat see its own collection again; return who owns the one that it has left.

    Where it owned that, because the first owner is gone, the eldest of those who may add, or else read, does from then.
    """
    async with services.database.transaction() as db:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return Obstacle.OWN
        others = await _others(db, known)
        hindrance = _hindrance(known, others)
        if hindrance is not None:
            return hindrance
        owner = next((each for each in others if each.role is Role.OWNER), None)
        if owner is None:
            owner = heir(others)
            await sharing.set_role(db, known.collection, owner.chat.id, Role.OWNER)
            await tell(services, db, owner.chat.id, Event.MADE_OWNER, known.identity, Role.OWNER)
        else:
            await tell(services, db, owner.chat.id, Event.LEFT, known.identity, known.role)
        await _send_home(db, chat)
    return owner.chat


def heir(others: Sequence[Member]) -> Member:
    """Return who owns a collection when its owner goes: of those who may add, or else of all, who came first.

    The others are given in the order in which they came.
    """
    return min(others, key=lambda each: each.role is Role.READER)


async def _open(services: Services, db: Reader, chat: int, payload: str) -> tuple[Invitation, Chat] | None:
    """Return a link that is good for a chat, and the chat that gave it, which still owns what it leads to."""
    found = await sharing.invitation(db, invitations.hash_of(payload), chat, services.clock())
    host = await allowed(db, found.inviter.chat, Right.MANAGE) if found else None
    return (found, host) if found and host and host.collection == found.collection else None


async def _obstacle(db: Reader, chat: Chat, host: Chat) -> Obstacle | None:
    if chat.collection == host.collection:
        return Obstacle.MEMBER
    if chat.collection != chat.own_collection:
        return Obstacle.GUEST
    if len(await sharing.members(db, chat.collection)) > 1:
        return Obstacle.HOST
    return Obstacle.FULL if len(await sharing.members(db, host.collection)) >= MOST else None


async def _others(db: Reader, chat: Chat) -> list[Member]:
    return [each for each in await sharing.members(db, chat.collection) if each.chat.id != chat.id]


def _hindrance(chat: Chat, others: Sequence[Member]) -> Obstacle | None:
    if chat.collection == chat.own_collection:
        return Obstacle.OWN
    return None if others else Obstacle.LAST


async def _other(db: Reader, chat: int, member: int) -> tuple[Chat | None, Member | None]:
    """Return a chat if it owns the collection that it sees, and another one that sees it, too."""
    owner = await allowed(db, chat, Right.MANAGE)
    others = await _others(db, owner) if owner else []
    return owner, next((each for each in others if each.chat.id == member), None)


async def _send_home(db: Writer, chat: int) -> None:
    known = await allowed(db, chat, Right.READ)
    assert known is not None  # noqa: S101  # it was found in this transaction
    await sharing.forget_invitations_of(db, known.collection, chat)
    await _look_elsewhere(db, chat, known.collection)
    await sharing.go_home(db, chat, known.own_collection)


async def _look_elsewhere(db: Writer, chat: int, collection: CollectionId) -> None:
    """Have a chat's digests and watches of certain persons be of their names: it is to see other persons.

    What is left of a digest on its way tells of what the chat sees from now on.
    """
    await watches.unbind(db, chat)
    await deliveries.forget_parts(db, [chat])
    for each in await subscriptions.of_chat(db, chat):
        filters = each.wish.filters
        if filters.people:
            found = [await persons.find(db, collection, person) for person in filters.people]
            names = tuple(dict.fromkeys((*filters.names, *(person.name for person in found if person))))
            if not names:
                # Limited by nothing, it would be of everything.
                await subscriptions.set_state(db, each.id, SubscriptionState.ENDED)
                continue
            by_name = replace(filters, people=(), names=names)
            await subscriptions.put_wish(db, each.id, replace(each.wish, filters=by_name), each.next_run)


async def tell(services: Services, db: Writer, chat: int, event: Event, about: ChatIdentity, role: Role) -> None:
    """Have a chat hear what became of another one, or of itself."""
    lane = f"sharing:{chat}"
    payload = {"what": "sharing", "chat": chat, "event": event.value, "title": about.title, "role": role.value}
    key = f"{lane}:{event.value}:{about.id}:{services.clock().isoformat()}"
    await services.queue.put(db, [NewJob(JobKind.SEND, key, payload, lane)])
