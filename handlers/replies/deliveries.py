"""What became of digests: the page of ``/deliveries``, and the word to whoever set up one that has ended by itself."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from markupsafe import Markup

from domain.sending import EndedDigests, Ledger, Loss, Trouble
from domain.subscriptions import Delivery, DeliveryState
from handlers.replies import Button, Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import ngettext
from handlers.replies.layout import join, shorten
from handlers.replies.wording import NAME_LENGTH, minute


def page(found: Ledger, about: Mapping[int, str]) -> Reply:
    """Return some of what became of a chat's digests, newest first; ``about`` has by delivery what limits it."""
    if not found.deliveries:
        return Reply(Markup(_("No digest has been due here yet. /subscribe brings one.")))
    lines = [
        Markup("<b>{}</b>").format(_("Digests that were due")),
        *(line(each, about.get(each.id, "")) for each in found.deliveries),
    ]
    return Reply(join(lines), _turning(found))


def for_admins() -> Reply:
    """Return who may see what became of a group's digests."""
    return Reply(Markup(_("Only this group's administrators can see what became of its digests.")))


def gone() -> str:
    """Return that a tap was not an administrator's."""
    return _("Only this group's administrators can turn these pages.")


def ended(told: EndedDigests) -> Reply:
    """Return that somebody's digests to a chat have ended by themselves."""
    text = ngettext(
        "Your digest in “{chat}” has ended: {why} To have it again, write /subscribe there.",
        "Your {number} digests in “{chat}” have ended: {why} To have them again, write /subscribe there.",
        told.digests,
    )
    chat = shorten(told.chat, NAME_LENGTH)
    # A text of ours, in one of our languages.
    return Reply(Markup(text).format(number=told.digests, chat=chat, why=why_lost(told.reason)))  # noqa: S704


def line(delivery: Delivery, about: str = "") -> Markup:
    """Return what became of one digest, which may be limited."""
    due = minute(delivery.due.astimezone(ZoneInfo(delivery.subscription.wish.timetable.timezone)))
    if about:
        due = _("{time} ({about})").format(time=due, about=about)
    why = _why(delivery)
    if delivery.reason == Trouble.SILENT and why:
        # Nothing was sent.
        return Markup(_("{time}: {state}")).format(time=due, state=why)
    said = _states()[delivery.state]
    if why:
        return Markup(_("{time}: {state}. {why}")).format(time=due, state=said, why=why)
    return Markup(_("{time}: {state}")).format(time=due, state=said)


def _turning(found: Ledger) -> tuple[tuple[Button, ...], ...]:
    buttons = []
    if found.page:
        buttons.append(Button(_("Newer"), f"deliveries:{found.page - 1}"))
    if found.has_older:
        buttons.append(Button(_("Older"), f"deliveries:{found.page + 1}"))
    return (tuple(buttons),) if buttons else ()


def _states() -> dict[DeliveryState, str]:
    return {
        DeliveryState.PLANNED: _("waiting to be sent"),
        DeliveryState.SENDING: _("being sent"),
        DeliveryState.SENT: _("sent"),
        DeliveryState.FAILED: _("not sent"),
        DeliveryState.UNCERTAIN: _("it may not have arrived"),
        DeliveryState.MISSED: _("missed"),
    }


def _why(delivery: Delivery) -> str | None:
    reason = delivery.reason
    if reason in set(Loss):
        return why_lost(Loss(reason))
    attempts = delivery.attempts
    reasons = {
        Trouble.BUSY: _("Telegram wants the bot to wait."),
        Trouble.UNREACHED: ngettext(
            "Telegram is out of reach; tried {number} time.",
            "Telegram is out of reach; tried {number} times.",
            attempts,
        ).format(number=attempts),
        Trouble.REFUSED: _("Telegram did not take the message."),
        Trouble.NO_ANSWER: _("Telegram gave no answer; sent again, it might have come twice."),
        Trouble.CUT_OFF: _("The bot was stopped while it was sending; sent again, it might have come twice."),
        Trouble.TOO_LATE: _("The bot could not send for half a day. The next digest tells what this one would have."),
        Trouble.TOGETHER: _("The bot was not running. The next digest told what this one would have."),
        Trouble.SILENT: _("Nothing was new, so nothing came, as you wish."),
        Trouble.ENDED: _("By then nobody wanted it any more."),
        Trouble.GIVEN_UP: _("It was tried several times, in vain. The next digest tells what this one would have."),
    }
    return next((words for trouble, words in reasons.items() if trouble == reason), None)


def why_lost(reason: Loss) -> str:
    """Return why nothing can be sent to a chat any more."""
    return {
        Loss.BLOCKED: _("the bot was blocked there."),
        Loss.REMOVED: _("the bot was removed from there."),
        Loss.GONE: _("the chat is not there any more."),
        Loss.TOPIC: _("its topic was closed or deleted."),
        Loss.RIGHTS: _("the bot may not write there."),
    }[reason]
