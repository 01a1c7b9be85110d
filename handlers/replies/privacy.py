"""Words about what is kept, for how long, and how it is erased."""

from markupsafe import Markup

from handlers.replies import Button, Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import ngettext
from handlers.replies.layout import join

# For how many days articles may be kept, by buttons; any other number is written.
OFFERED = (30, 90, 365)


def privacy(days: int | None) -> Reply:
    """Return what is kept, where and how long; ``days`` is for how long an article, None is for good."""
    what = Markup(
        _(
            "<b>What I keep</b>\n"
            "Articles that you forward, paste or link to, and what they said before an edit; the claims and people in "
            "them, and how they compare with other articles here; who brought them, when, from where, with what note, "
            "and the messages' numbers; who put what right; this chat's name, settings, language and zone, its "
            "digests, whom it watches, and with whom it shares; what my answers of the last 90 days were about; how "
            "much was asked of me today. No other talk: a message that is no article, question, note or command is "
            "dropped within seconds. Exports are sent and not kept."
        )
    )
    where = Markup(
        _(
            "<b>Where, and who sees it</b>\n"
            "In the database of whoever runs this bot. This chat sees what was brought here, and the chats that it "
            "shares its articles with: /members. Articles are read on the same machine and sent to nobody. A link is "
            "fetched from its site, which sees the bot's address and not yours."
        )
    )
    erasing = Markup(
        _(
            "<b>How it is erased</b>\n"
            "/forget_me: what you brought, and your name; /forget_chat: all of this chat; [Wrong?] below its card: one "
            "article; /retention: all that is older than you wish. /export first gives you a copy."
        )
    )
    return Reply(Markup("\n\n").join([what, where, Markup("{}\n{}").format(_how_long(days), _rest()), erasing]))


def ask_chat() -> Reply:
    """Ask whether all of a chat is to be erased."""
    text = Markup(
        _(
            "<b>Erase all that I keep of this chat?</b>\n"
            "Its articles with all that I read in them, notes, names, corrections, digests, watches, settings and what "
            "still waits to be read. Where other chats share its articles, what they brought stays with them. "
            "This cannot be undone; /export first gives you a copy."
        )
    )
    return Reply(text, ((Button(_("Erase all"), "forget:chat"), Button(_("No"), "forget:no")),))


def ask_me(user: int, *, private: bool) -> Reply:
    """Ask whether what a user brought is to be erased."""
    if private:
        text = Markup(
            _(
                "<b>Erase all that I keep of you?</b>\n"
                "All of this chat, as by /forget_chat, and in groups the articles that only you brought, your notes "
                "and your name. What others brought, too, stays with them; corrections that you made there hold on "
                "without your name. This cannot be undone; /export first gives you a copy."
            )
        )
    else:
        text = Markup(
            _(
                "<b>Erase what I keep of you in this group?</b>\n"
                "The articles that only you brought here, your notes and your name. What others brought, too, stays; "
                "corrections that you made hold on without your name. In a private chat, /forget_me erases all that I "
                "keep of you everywhere. This cannot be undone."
            )
        )
    return Reply(text, ((Button(_("Erase it"), f"forget:me:{user}"), Button(_("No"), "forget:no")),))


def erasing() -> Reply:
    """Return that it is being erased."""
    return Reply(Markup(_("It is out of sight now, and being erased. I tell you here when nothing is left.")))


def erased() -> Reply:
    """Return that nothing is left, and what the bot cannot reach."""
    return Reply(
        Markup(
            _(
                "<b>Erased.</b> Nothing of it is left in the database's files.\n"
                "What I cannot reach: the messages in Telegram, mine too, which you can delete; copies that whoever "
                "runs this bot has made of its database, which they have to delete; and files that you have exported."
            )
        )
    )


def not_erased() -> Reply:
    """Return that it could not be finished, through a fault."""
    return Reply(
        Markup(
            _(
                "Something went wrong on my side while I erased. What it was about is out of sight; whoever runs this "
                "bot has to look after the rest."
            )
        )
    )


def kept() -> Reply:
    """Return that nothing was erased."""
    return Reply(Markup(_("Nothing was erased.")))


def not_yours() -> str:
    """Return that somebody else's request is theirs."""
    return _("Only who has asked for this can do that. Send /forget_me yourself.")


def as_yourself() -> Reply:
    """Return that somebody who writes in a chat's name is not known."""
    return Reply(Markup(_("I cannot tell who you are: send it in your own name, or in our private chat.")))


def retention(days: int | None) -> Reply:
    """Return how long articles are kept, with buttons to change that."""
    how = _("/retention 365d erases each article a year after it came in; /retention off keeps them.")
    offered = tuple(Button(_marked(_days(each), each == days), f"keep:ask:{each}") for each in OFFERED)
    keep = Button(_marked(_("For good"), days is None), "keep:off")
    rows = (offered, (keep, Button(_("Settings"), "sub:all")))
    return Reply(join([_how_long(days), Markup("{}").format(how)]), rows)


def open_retention() -> Button:
    """Return the button that leads to how long articles are kept."""
    return Button(_("Keeping articles"), "keep:which")


def retention_not_understood() -> Reply:
    """Return how retention is set."""
    return Reply(Markup(_("Write /retention 365d for a number of days, from 1 to 36,500, or /retention off.")))


def ask_retention(days: int, older: int) -> Reply:
    """Ask whether articles are to go after so many days; so many are older than that now."""
    first = Markup(
        ngettext(
            "<b>Erase each article {days} day after it came in?</b>",
            "<b>Erase each article {days} days after it came in?</b>",
            days,
        )
    ).format(days=days)
    second = Markup(
        ngettext("{older} article is older and goes now.", "{older} articles are older and go now.", older)
    ).format(older=older)
    lines = [first, *([second] if older else []), Markup(_("This cannot be undone; /export first gives you a copy."))]
    return Reply(join(lines), ((Button(_("Yes"), f"keep:{days}"), Button(_("No"), "keep:no")),))


def _days(count: int) -> str:
    return ngettext("{count} day", "{count} days", count).format(count=count)


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _how_long(days: int | None) -> Markup:
    if days is None:
        return Markup(_("<b>How long</b>\nArticles are kept until somebody here has them erased."))
    text = Markup(
        ngettext(
            "<b>How long</b>\nEach article is erased {days} day after it came in.",
            "<b>How long</b>\nEach article is erased {days} days after it came in.",
            days,
        )
    )
    return text.format(days=days)


def _rest() -> Markup:
    return Markup(
        _(
            "An article that is forgotten by [Wrong?] can come back for a day. What the queue held is forgotten when "
            "it is done, and what failed after three days."
        )
    )
