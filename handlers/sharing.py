"""Which chats see one another's articles: ``/share``, the links it gives, ``/members`` and ``/leave``."""

import re
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest, Forbidden

from domain.chats import ChatKind, Role
from domain.jobs import Done, Outcome
from domain.sharing import Event, Inviter, Obstacle, Offer
from handlers.admins import may_decide, may_decide_by_tap
from handlers.answering import answer, send
from handlers.context import Bot, Context, identity, message_of
from handlers.replies import sharing as replies
from handlers.replies.texts import plain
from handlers.tapping import chat_of, refuse, tap, turn_to
from services import Services, access, sharing
from services.access import Right

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

# Whatever stands there, so that a link that is cut or changed gets the same answer as one that is used.
LINK = re.compile(r"^/start(?:@\w+)?\s+(?P<payload>s[\w-]*)$")
SHARE = re.compile(r"share:(?P<what>read|add|off:(?P<number>\d{1,18}))\Z")
JOIN = re.compile(r"join:(?P<payload>no|s[\w-]*)\Z")
MEMBER = re.compile(r"member:(?:all|(?P<member>-?\d{1,18}):(?P<what>show|out|reader|editor))\Z")
LEAVE = re.compile(r"leave:(?P<what>yes|no)\Z")


def needing(right: Right, handler: Handler) -> Handler:
    """Return a handler that says so where the chat has no such right in what it sees."""

    async def guarded(update: Update, context: Context) -> None:
        chat, query = update.effective_chat, update.callback_query
        if chat is None or await access.is_allowed(context.services, chat.id, right):
            await handler(update, context)
        elif query is not None:
            await refuse(query, replies.may_only_read())
        else:
            await answer(message_of(update), plain(replies.may_only_read()))

    return guarded


async def on_share(update: Update, context: Context) -> None:
    """Ask what another chat is to be allowed."""
    message = message_of(update)
    if message.chat.type == ChatKind.CHANNEL:
        await answer(message, replies.not_here())
    elif not await may_decide(message, context):
        await answer(message, plain(replies.admins_only()))
    elif not await access.is_allowed(context.services, message.chat_id, Right.MANAGE):
        await answer(message, plain(replies.only_the_owner()))
    else:
        await answer(message, replies.share())


async def on_share_button(update: Update, context: Context) -> None:
    """Give a link, in private, as everybody in a group could use it; or take one back."""
    query, tapped = tap(update, SHARE)
    message = query.message
    if not isinstance(message, Message) or not await _decides(query, context):
        return
    if tapped["number"] is not None:
        if await sharing.revoke(context.services, message.chat_id, int(tapped["number"])):
            await turn_to(query, replies.revoked(), context)
        else:
            await refuse(query, replies.no_link())
        return
    role = Role.READER if tapped["what"] == "read" else Role.EDITOR
    await _give(query, message, role, context)


async def _give(query: CallbackQuery, message: Message, role: Role, context: Context) -> None:
    user = query.from_user
    by = Inviter(user.id, user.full_name, message.chat_id)
    made = await sharing.invite(context.services, identity(message.chat), by, role)
    if made is None:
        await refuse(query, replies.only_the_owner())
        return
    payload, invitation = made
    in_group = message.chat.type != ChatKind.PRIVATE
    words = replies.link(payload, role, invitation.id, invitation.expires_at, context.name, group=in_group)
    if not in_group:
        await turn_to(query, words, context)
        return
    try:
        await send(context.bot, user.id, words)
    except (BadRequest, Forbidden):
        await sharing.revoke(context.services, message.chat_id, invitation.id)
        await refuse(query, replies.write_first())
        return
    await turn_to(query, replies.link_sent(role, invitation.id, user.full_name), context)


async def on_link(update: Update, context: Context) -> None:
    """Say what a link leads to, and ask whether that is wanted."""
    message = message_of(update)
    if message.chat.type == ChatKind.CHANNEL:
        await answer(message, replies.not_here())
        return
    if not await may_decide(message, context):
        await answer(message, plain(replies.admins_only()))
        return
    opened = LINK.match(message.text or "")
    payload = opened["payload"] if opened else ""
    offered = await sharing.offered(context.services, identity(message.chat), payload)
    await answer(message, replies.offer(offered, payload) if offered else plain(replies.no_link()))


async def on_join(update: Update, context: Context) -> None:
    """Let the chat see what a link leads to."""
    query, tapped = tap(update, JOIN)
    message = query.message
    if message is None or not await _decides(query, context):
        return
    if tapped["payload"] == "no":
        await turn_to(query, replies.declined(), context)
        return
    became = await sharing.join(context.services, identity(message.chat), tapped["payload"])
    match became:
        case Offer():
            await turn_to(query, replies.joined(became), context)
        case Obstacle():
            await refuse(query, replies.obstacle(became))
        case None:
            await refuse(query, replies.no_link())


async def on_members(update: Update, context: Context) -> None:
    """Show which chats see what this one sees."""
    message = message_of(update)
    if message.chat.type == ChatKind.CHANNEL:
        await answer(message, replies.not_here())
        return
    found = await sharing.members(context.services, identity(message.chat))
    await answer(message, replies.members(found))


async def on_member(update: Update, context: Context) -> None:
    """Show one of the chats to the administrators of the owner, let it do more or less, or remove it."""
    query, tapped = tap(update, MEMBER)
    message, chat = query.message, chat_of(query)
    if message is None or not await _decides(query, context):
        return
    services, number = context.services, int(tapped["member"] or 0)
    match tapped["what"]:
        case "show":
            found = await sharing.member(services, chat, number)
        case "out":
            found = await sharing.remove(services, chat, number)
        case "reader" | "editor" as role:
            found = await sharing.change_role(services, chat, number, Role(role))
        case _:
            await turn_to(query, replies.members(await sharing.members(services, identity(message.chat))), context)
            return
    if found is None:
        await refuse(query, replies.no_member())
    elif tapped["what"] == "out":
        await turn_to(query, replies.members(await sharing.members(services, identity(message.chat))), context)
    else:
        await turn_to(query, replies.member(found), context)


async def on_leave(update: Update, context: Context) -> None:
    """Ask whether the chat wants its own articles back."""
    message = message_of(update)
    if not await may_decide(message, context):
        await answer(message, plain(replies.admins_only()))
        return
    hindered = await sharing.may_leave(context.services, message.chat_id)
    await answer(message, plain(replies.obstacle(hindered)) if hindered else replies.leave())


async def on_leave_button(update: Update, context: Context) -> None:
    """Give the chat its own articles back."""
    query, tapped = tap(update, LEAVE)
    if not await _decides(query, context):
        return
    if tapped["what"] == "no":
        await turn_to(query, replies.declined(), context)
        return
    became = await sharing.leave(context.services, chat_of(query))
    if isinstance(became, Obstacle):
        await refuse(query, replies.obstacle(became))
    else:
        await turn_to(query, replies.left(became.title), context)


async def send_event(services: Services, bot: Bot, payload: Mapping[str, Any]) -> Outcome:
    """Tell a chat what became of another one with which it shares, or shared, articles."""
    reply = replies.told(Event(payload["event"]), payload["title"], Role(payload["role"]))
    await send(bot, payload["chat"], reply)
    return Done()


async def _decides(query: CallbackQuery, context: Context) -> bool:
    """Return whether who taps decides for the chat; say so where not."""
    if await may_decide_by_tap(query, context):
        return True
    await refuse(query, replies.admins_only())
    return False
