"""Words about chats that share their articles."""

from datetime import datetime

from markupsafe import Markup

from domain.chats import ChatKind, Role
from domain.sharing import Event, Invitation, Member, Members, Obstacle, Offer
from handlers.replies import Button, Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import ngettext
from handlers.replies.layout import fit, join, shorten
from handlers.replies.wording import NAME_LENGTH, short_day


def admins_only() -> str:
    """Return who may say who sees what."""
    return _("Only administrators of this chat can do that.")


def not_here() -> Reply:
    """Return why nothing is shared from within a channel."""
    return _plain(_("Not in a channel: all its readers would see it. Groups and private chats can share articles."))


def only_the_owner() -> str:
    """Return why a chat cannot let others in."""
    return _("Only the chat whose articles these are can do that. /members shows which one it is.")


def may_only_read() -> str:
    """Return what a chat is told that may only read, where it brings an article or puts something right."""
    return _(
        "This chat only reads the articles that it shares: nothing was kept or changed. /members shows who could "
        "let it do more; after /leave it has its own articles again."
    )


def share() -> Reply:
    """Ask what another chat is to be allowed."""
    text = Markup(
        _(
            "<b>Let another chat see the articles of this one?</b>\n"
            "You get a link for one chat, good for seven days. An administrator there opens it, and from then on that "
            "chat sees, finds and exports all that is kept here, with who forwarded it and what they noted. /members "
            "shows who sees it and takes it back."
        )
    )
    read = Button(_("A link to read"), "share:read")
    add = Button(_("A link to read and add"), "share:add")
    return Reply(text, ((read,), (add,)))


def link(payload: str, role: Role, number: int, expires_at: datetime, bot: str, *, group: bool) -> Reply:
    """Return a link, with a button that takes it back; one sent elsewhere than to its chat is taken back there."""
    what = _("A link to read the articles") if role is Role.READER else _("A link to read the articles and add more")
    text = Markup(
        _(
            "<b>{what}</b>, for one chat, once, until {day}.\n"
            "For a private chat: {private}\n"
            "For a group: {group}\n"
            "Whoever has it can use it: send it only to whom it is for."
        )
    ).format(
        what=what,
        day=short_day(expires_at),
        private=f"https://t.me/{bot}?start={payload}",
        group=f"https://t.me/{bot}?startgroup={payload}",
    )
    return Reply(text, () if group else ((_revoke(number),),))


def link_sent(role: Role, number: int, name: str) -> Reply:
    """Return to a group that one of its administrators has a link now."""
    text = (
        Markup(_("{name} has a link from me now, by which one more chat can read the articles of this one."))
        if role is Role.READER
        else Markup(_("{name} has a link from me now, by which one more chat can read these articles and add more."))
    )
    return Reply(text.format(name=shorten(name, NAME_LENGTH)), ((_revoke(number),),))


def write_first() -> str:
    """Return what somebody has to do whom the bot may not write to."""
    return _("I send you the link in private and may not yet. Open a chat with me, press Start, and tap here again.")


def revoked() -> Reply:
    """Return that a link is good no more."""
    return _plain(_("Taken back: nobody can use this link any more."))


def no_link() -> str:
    """Return what every link gets that is not good: expired, used, taken back or made up."""
    return _("This link does not work, or does not work any more. Ask for a new one.")


def offer(offered: Offer, payload: str) -> Reply:
    """Ask whether a chat wants to see the articles of another one, and say what follows."""
    what = (
        _("It only reads: what is forwarded here is not kept.")
        if offered.role is Role.READER
        else _(
            "It may add articles and put right what I read in all of them. What it adds, with who forwarded it, is "
            "seen by all who share, and stays there when it leaves."
        )
    )
    text = Markup(
        _(
            "<b>Share the articles of “{title}”?</b>\n"
            "From then on this chat sees all that is kept there, in answers, searches, exports and digests. {what}\n"
            "This chat's own articles stay its own: they are out of sight until /leave brings them back. Its digests "
            "tell the shared articles from then on; those of certain people go on by their names."
        )
    ).format(title=_name(offered.host.title), what=what)
    return Reply(text, ((Button(_("Share them"), f"join:{payload}"), Button(_("No"), "join:no")),))


def joined(offered: Offer) -> Reply:
    """Return that a chat sees the articles of another one."""
    text = Markup(_("This chat shares the articles of “{title}” now. /members shows with whom; /leave ends it."))
    return Reply(text.format(title=_name(offered.host.title)))


def declined() -> Reply:
    """Return that nothing has changed."""
    return _plain(_("Nothing has changed."))


def obstacle(why: Obstacle) -> str:
    """Return why a chat cannot join or leave."""
    match why:
        case Obstacle.MEMBER:
            return _("This chat sees these articles already.")
        case Obstacle.GUEST:
            return _("This chat shares the articles of another chat. First /leave those, then open the link again.")
        case Obstacle.HOST:
            return _("Other chats see the articles of this one. First remove them with /members.")
        case Obstacle.FULL:
            return _("As many chats as can share these articles do so already.")
        case Obstacle.OWN:
            return _("This chat sees its own articles; there is nothing to leave.")
        case Obstacle.LAST:
            return _("No other chat sees these articles any more. /forget_chat erases them.")


def members(found: Members) -> Reply:
    """Return which chats share the articles, as what, since when and by whom; its owner gets buttons."""
    count = len(found.members)
    title = Markup(
        ngettext("<b>{count} chat sees these articles</b>", "<b>{count} chats see these articles</b>", count)
    )
    lines = [title.format(count=count), *(_member(each, found.chat.id) for each in found.members)]
    if found.invitations:
        lines.append(Markup("\n<b>{}</b>").format(_("Links that nobody has used")))
        lines += [_invitation(each) for each in found.invitations]
    return Reply(fit(lines), _buttons(found))


def member(found: Member) -> Reply:
    """Return one of the chats, with what its owner can do about it."""
    other = Role.EDITOR if found.role is Role.READER else Role.READER
    label = _("Let it only read") if other is Role.READER else _("Let it add, too")
    number = found.chat.id
    rows = (
        (Button(label, f"member:{number}:{other.value}"), Button(_("Remove"), f"member:{number}:out")),
        (Button(_("Back"), "member:all"),),
    )
    return Reply(_member(found, 0), rows)


def no_member() -> str:
    """Return that a chat does not share the articles (any more)."""
    return _("This chat does not share the articles any more.")


def leave() -> Reply:
    """Ask whether a chat wants its own articles back."""
    text = Markup(
        _(
            "<b>Share no more?</b>\nThis chat sees its own articles again, and no longer those that it shares. What it "
            "added there stays there. Its digests go on with its own articles, those of certain people by their names."
        )
    )
    return Reply(text, ((Button(_("Leave"), "leave:yes"), Button(_("Stay"), "leave:no")),))


def left(title: str) -> Reply:
    """Return that a chat sees its own articles again."""
    text = Markup(_("This chat no longer shares the articles of “{title}”; it sees its own again."))
    return Reply(text.format(title=_name(title)))


def told(event: Event, title: str, role: Role) -> Reply:
    """Return what a chat hears of another one, or of itself."""
    match event:
        case Event.JOINED if role is Role.READER:
            text = Markup(_("“{title}” reads the articles of this chat now. /members shows all who do."))
        case Event.JOINED:
            text = Markup(
                _("“{title}” reads the articles of this chat now, and may add more. /members shows all who do.")
            )
        case Event.LEFT:
            text = Markup(_("“{title}” no longer shares the articles that this chat sees."))
        case Event.ERASED:
            text = Markup(
                _(
                    "A chat that shared these articles has had its own erased, and sees them no more. /members shows "
                    "who does."
                )
            )
        case Event.REMOVED:
            text = Markup(_("“{title}” no longer shares its articles with this chat, which sees its own again."))
        case Event.MADE_READER:
            text = Markup(_("This chat may from now on only read the articles of “{title}”."))
        case Event.MADE_EDITOR:
            text = Markup(
                _("This chat may from now on add to the articles of “{title}” and put right what I read in them.")
            )
        case Event.INHERITED:
            text = Markup(
                _(
                    "The chat that shared these articles with this one has had its own erased; what others brought is "
                    "this chat's now. /members shows who sees it."
                )
            )
        case Event.MADE_OWNER:
            text = Markup(
                _("“{title}” has left; the articles that it shared are this chat's now. /members shows who sees them.")
            )
    return Reply(text.format(title=_name(title)))


def _member(found: Member, here: int) -> Markup:
    kind = {
        ChatKind.PRIVATE: _("private chat"),
        ChatKind.GROUP: _("group"),
        ChatKind.SUPERGROUP: _("group"),
        ChatKind.CHANNEL: _("channel"),
    }[found.chat.kind]
    name = _("this chat") if found.chat.id == here else _name(found.chat.title)
    roles = {Role.OWNER: _("owner"), Role.EDITOR: _("reads and adds"), Role.READER: _("reads")}
    line = Markup("<b>{name}</b> ({kind}): {role}").format(name=name, kind=kind, role=roles[found.role])
    if found.joined_at is None:
        return line
    # Whoever had their name erased is nobody here.
    text = Markup(_("since {day}, let in by {name}")) if found.inviter else Markup(_("since {day}"))
    since = text.format(day=short_day(found.joined_at), name=shorten(found.inviter or "", NAME_LENGTH))
    return Markup("{}, {}").format(line, since)


def _invitation(given: Invitation) -> Markup:
    text = (
        Markup(_("To read, by {name}, until {day}"))
        if given.role is Role.READER
        else Markup(_("To read and add, by {name}, until {day}"))
    )
    return text.format(name=shorten(given.inviter.name, NAME_LENGTH), day=short_day(given.expires_at))


def _buttons(found: Members) -> tuple[tuple[Button, ...], ...]:
    if found.chat.role is not Role.OWNER:
        return ()
    others = [each for each in found.members if each.chat.id != found.chat.id]
    rows = [(Button(shorten(each.chat.title, 40), f"member:{each.chat.id}:show"),) for each in others]
    return (*rows, *((_revoke(each.id),) for each in found.invitations))


def _revoke(number: int) -> Button:
    return Button(_("Take the link back"), f"share:off:{number}")


def _name(title: str) -> str:
    return shorten(title, NAME_LENGTH)


def _plain(sentence: str) -> Reply:
    return Reply(join([Markup("{}").format(sentence)]))
