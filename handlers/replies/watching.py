"""Watches: who is watched, whom a name may mean, and what is told at once."""

from collections.abc import Sequence

from markupsafe import Markup

from domain.ledger import NobodyFound, PersonReference
from domain.watching import Alert, Quiet, Watch, Watched
from handlers.replies import Button, Reply
from handlers.replies.language import apart, ngettext
from handlers.replies.language import gettext as _
from handlers.replies.layout import fit, join, shorten
from handlers.replies.wording import CLAIM_LENGTH, LISTED_LENGTH, NAME_LENGTH, claim, headline, link

# Of so many articles each one's claims are told; of more, its first one.
FEW = 4
# Of more articles at once it is only said how many more they are.
MOST = 25
LABEL = 40


def listed(found: Watched) -> Reply:
    """Return whom a chat watches, each with a button to stop it."""
    if not found.watches:
        return Reply(join([_how_to(), *_quiet_line(found.quiet)]))
    lines = [Markup("• {}").format(_line(each)) for each in found.watches]
    title = Markup("<b>{}</b>").format(_("Watched here"))
    buttons = tuple((_stop(each),) for each in found.watches)
    return Reply(fit([title, *lines, *_quiet_line(found.quiet), Markup(""), _how_to()]), buttons)


def watching(watch: Watch) -> Reply:
    """Return that somebody is watched from now on."""
    if watch.person is None:
        text = _("As soon as an article names somebody called {name}, I tell it here, and watch them from then on.")
    else:
        text = _("I watch {name}: whenever a new article names them, I tell it here at once.")
    return Reply(Markup(text).format(name=_name(watch.name)), ((_stop(watch),),))  # noqa: S704  # a text of ours


def which(candidates: Sequence[PersonReference]) -> Reply:
    """Ask which of several is meant, each with their role."""
    buttons = tuple((Button(shorten(each.called, LABEL) or "…", f"watch:who:{each.id}"),) for each in candidates)
    return Reply(Markup(_("Several people are called so. Whom shall I watch?")), buttons)


def nobody(found: NobodyFound) -> Reply:
    """Return that nobody is called so yet, with those who nearly are, and an offer to wait for the name."""
    near = tuple((Button(shorten(each.name, LABEL) or "…", f"watch:who:{each.id}"),) for each in found.nearest)
    wait = (Button(_("Wait for this name"), "watch:name"),)
    text = Markup(_("No article here names {name} yet. Shall I wait for the name?"))
    return Reply(text.format(name=_name(found.asked)), (*near, wait))


def known() -> str:
    """Return that somebody is watched already."""
    return _("I watch them here already. /watch shows whom I watch.")


def too_many(most: int) -> str:
    """Return that a chat watches as many as it may."""
    return _("{most} people are watched here, and there can be no more. /watch lets you stop one.").format(most=most)


def gone() -> str:
    """Return what a tap tells on somebody, or a watch, that this chat does not have."""
    return _("This is not here any more. /watch shows whom I watch.")


def admins_only() -> str:
    """Return who may say whom a group watches."""
    return _("Only this group's administrators can say whom I watch here.")


def quiet_set(quiet: Quiet | None) -> Reply:
    """Return when nothing is told at once from now on."""
    if quiet is None:
        return Reply(Markup(_("There is no quiet time any more: I tell at once, day and night.")))
    return Reply(join(_quiet_line(quiet)))


def quiet_unclear() -> Reply:
    """Return how a quiet time is written."""
    text = _("Write the quiet time like this: {example}, or {none} for none.")
    example, none = (
        Markup("<code>{}</code>").format(each) for each in ("/watch quiet 22:00-07:00", "/watch quiet off")
    )
    return Reply(Markup(text).format(example=example, none=none))  # noqa: S704  # a text of ours


def alerts(found: Sequence[Alert], bot: str) -> Reply:
    """Return what new articles say by or about people who are watched, each with the way back."""
    few = len(found) <= FEW
    blocks = []
    if any(each.perhaps_told for each in found):
        note = _("I was interrupted: perhaps you have read this already.")
        blocks.append(Markup("<i>{}</i>").format(note))
    if not few:
        text = ngettext(
            "{count} new article names people watched here", "{count} new articles name people watched here", len(found)
        )
        blocks.append(Markup("<b>{}</b>").format(text.format(count=len(found))))
    for each in found[:MOST]:
        blocks += [*([Markup("")] if blocks else []), _alert(each, bot, few=few)]
    if more := len(found) - MOST:
        text = ngettext("… and {count} more article", "… and {count} more articles", more)
        blocks += [Markup("{}").format(text.format(count=more))] if more > 0 else []
    return Reply(fit(blocks))


def on_card(names: Sequence[str]) -> list[Markup]:
    """Return the line of a card that names people who are watched where it is shown."""
    if not names:
        return []
    called = ", ".join(shorten(each, NAME_LENGTH) for each in names)
    return [Markup("👁 {}").format(_("watched: {names}").format(names=shorten(called, LISTED_LENGTH)))]


def _alert(found: Alert, bot: str, *, few: bool) -> Markup:
    called = ((shorten(each.name, NAME_LENGTH), each.id in found.unsure) for each in found.watches)
    names = dict.fromkeys(_("perhaps {name}").format(name=name) if unsure else name for name, unsure in called)
    called_so = Markup("<b>{}</b>").format(shorten(", ".join(names), LISTED_LENGTH))
    head = Markup("👁 {}").format(apart(called_so))
    told = found.claims if few else found.claims[:1]
    lines = [Markup("• {}").format(claim(each, CLAIM_LENGTH if few else LISTED_LENGTH)) for each in told]
    where = Markup("{} · {}").format(headline(found.article), link(found.article, bot, headed=True))
    return join([head, where, *lines])


def _line(watch: Watch) -> Markup:
    name = Markup("{}").format(shorten(watch.name, NAME_LENGTH))
    if watch.person is not None:
        return name
    return Markup(_("{name} <i>(nobody is called so yet)</i>")).format(name=name)


def _quiet_line(quiet: Quiet | None) -> list[Markup]:
    if quiet is None:
        return []
    text = _("Quiet from {begins} to {ends} ({zone}): what comes then I tell together at its end.")
    return [
        Markup("{}").format(
            text.format(begins=f"{quiet.begins:%H:%M}", ends=f"{quiet.ends:%H:%M}", zone=quiet.timezone)
        )
    ]


def _how_to() -> Markup:
    text = _("To hear at once when somebody is named, write {watch}. For a quiet time, write {quiet}.")
    watch, quiet = Markup("<code>/watch Name</code>"), Markup("<code>/watch quiet 22:00-07:00</code>")
    return Markup(text).format(watch=watch, quiet=quiet)  # noqa: S704  # a text of ours


def _name(name: str) -> Markup:
    return Markup("<b>{}</b>").format(shorten(name, NAME_LENGTH))


def _stop(watch: Watch) -> Button:
    return Button(_("Stop: {name}").format(name=shorten(watch.name, LABEL)), f"watch:stop:{watch.id}")
