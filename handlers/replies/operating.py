"""What the operator is told: that something is wrong, or, when asked, how the bot fares."""

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from domain.jobs import JobKind
from domain.operating import Alert, Backlog, Notice, Status
from handlers.replies import Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import ngettext
from handlers.replies.layout import join
from handlers.replies.wording import minute

MEGABYTE, GIGABYTE = 10**6, 10**9


def notice(found: Notice) -> Reply:
    """Return an alert, and how often the same has happened besides."""
    said = Markup("⚠️ ") + _ALERTS[found.alert](found.detail)
    if found.more:
        said += Markup(" ") + Markup(_("And {number} more.")).format(number=found.more)
    return Reply(said)


def status(found: Status) -> Reply:
    """Return how the bot fares."""
    condition = found.condition
    backlogs = [_backlog(kind, each) for kind, each in condition.backlogs.items() if each != Backlog()]
    lines = [
        Markup("<b>{}</b>").format(_("How the bot fares")),
        *(backlogs or [Markup(_("Nothing waits in the queue."))]),
        _crew(condition.crew.working, condition.crew.dead),
        _last_update(condition.last_update),
        Markup(_("Disk: {free} free.")).format(free=_size(found.free)),
        Markup(_("Version: {version}.")).format(version=found.operator.version),
    ]
    return Reply(join(lines))


def _backlog(kind: JobKind, found: Backlog) -> Markup:
    counts = _("{ready} ready, {running} in hand, {failed} put aside").format(
        ready=found.ready, running=found.running, failed=found.failed
    )
    line = Markup("<code>{kind}</code>: {counts}").format(kind=kind.value, counts=counts)
    if found.due_since is not None:
        line += Markup(" · ") + Markup(_("the first since {time} UTC")).format(time=minute(found.due_since))
    return line


def _crew(working: int, dead: int) -> Markup:
    text = ngettext("{number} process works.", "{number} processes work.", working)
    line = Markup(text).format(number=working)  # noqa: S704  # a text of ours
    if dead:
        text = ngettext("{number} has died within a day.", "{number} have died within a day.", dead)
        line += Markup(" ") + Markup(text).format(number=dead)  # noqa: S704  # a text of ours
    return line


def _last_update(at: datetime | None) -> Markup:
    if at is None:
        return Markup(_("No update has come lately."))
    return Markup(_("The last update came at {time} UTC.")).format(time=minute(at))


def _size(octets: int) -> str:
    if octets >= GIGABYTE:
        return _("{number} GB").format(number=f"{octets / GIGABYTE:.1f}")
    return _("{number} MB").format(number=octets // MEGABYTE)


def _put_aside(kind: str) -> Markup:
    return Markup(_("A job of the kind <code>{kind}</code> was put aside; the log says why.")).format(kind=kind)


def _late(minutes: str) -> Markup:
    text = ngettext(
        "What is due has waited for {number} minute and nobody takes it up. Is there a worker, and is it enough?",
        "What is due has waited for {number} minutes and nobody takes it up. Is there a worker, and is it enough?",
        int(minutes),
    )
    return Markup(text).format(number=minutes)  # noqa: S704  # a text of ours


def _away(seconds: str) -> Markup:
    return Markup(_("The database has not answered for {seconds} s.")).format(seconds=seconds)


def _back(seconds: str) -> Markup:
    return Markup(_("The database answers again, after {seconds} s.")).format(seconds=seconds)


def _unauthorized(_detail: str) -> Markup:
    return Markup(_("For a while Telegram did not know the bot's token (401)."))


def _disk(megabytes: str) -> Markup:
    return Markup(_("The disk is nearly full: {size} are free.")).format(size=_size(int(megabytes) * MEGABYTE))


def _gone(number: str) -> Markup:
    text = ngettext(
        "{number} worker has died; what it had in hand goes to others.",
        "{number} workers have died; what they had in hand goes to others.",
        int(number),
    )
    return Markup(text).format(number=number)  # noqa: S704  # a text of ours


def _conflict(_detail: str) -> Markup:
    return Markup(
        _("Something else takes this bot's updates too (409), so some may pass me by. Stop it, or get a new token.")
    )


def _nobody(_detail: str) -> Markup:
    return Markup(_("Messages are received, but no worker is there to answer them: <code>presswatch worker</code>."))


def _no_backup(_detail: str) -> Markup:
    return Markup(_("A backup failed; <code>journalctl --unit presswatch-backup</code> says why."))


_ALERTS: dict[Alert, Callable[[str], Markup]] = {
    Alert.PUT_ASIDE: _put_aside,
    Alert.LATE: _late,
    Alert.DATABASE_AWAY: _away,
    Alert.DATABASE_BACK: _back,
    Alert.UNAUTHORIZED: _unauthorized,
    Alert.DISK_FULL: _disk,
    Alert.WORKERS_GONE: _gone,
    Alert.CONFLICT: _conflict,
    Alert.NOBODY_WORKS: _nobody,
    Alert.NO_BACKUP: _no_backup,
}
