"""The words around an export."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from domain.exports import Form, Selection
from handlers.replies import Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import later
from handlers.replies.layout import join, shorten
from handlers.replies.wording import NAME_LENGTH, day

_FORMS = {
    Form.LINES: later("JSON lines, from which presswatch import restores all of it"),
    Form.TABLES: later("tables (CSV) of articles, people, claims, relations and corrections"),
    Form.LINKED: later("schema.org's JSON-LD"),
}
_HOW = later(
    "As in <code>/export</code>, <code>/export csv</code>, "
    "<code>/export jsonl since 2026-03-01 until 2026-03-31</code>; "
    "also <code>jsonld</code>, <code>person NAME</code>, <code>publisher NAME</code>, <code>language en</code>."
)


def under_way() -> Reply:
    """Return that a file is being written."""
    return Reply(Markup(_("I am writing it; the file comes as an answer to your message.")))


def caption(forms: Sequence[Form], selection: Selection) -> Reply:
    """Return what a file holds."""
    filters = Markup(", ").join(_filters(selection))
    what = (
        Markup(_("This chat's articles with all that belongs to them: only {filters}.")).format(filters=filters)
        if filters
        else Markup(_("This chat's articles with all that belongs to them."))
    )
    return Reply(join([what, *(Markup("• {}").format(_(_FORMS[form])) for form in forms)]))


def too_large(limit: int) -> Reply:
    """Return that a file cannot be sent."""
    return Reply(
        Markup(
            _(
                "That is more than {size} MB, which is what Telegram lets a bot send. "
                "Ask for less: one form, or some months. {how}\n"
                "Whoever runs this bot gets all of it with <code>presswatch export</code>."
            )
        ).format(size=limit // 2**20 if limit >= 2**20 else f"{limit / 2**20:.2f}", how=_how())
    )


def failed() -> Reply:
    """Return that a file could not be written or sent."""
    return Reply(
        Markup(
            _("The file for this could not be written or sent; it has been noted. Please ask again, or for less. {how}")
        ).format(how=_how())
    )


def nobody(name: str) -> Reply:
    """Return that nobody bears a name."""
    return Reply(Markup(_("Nobody here is called {name}.")).format(name=shorten(name, NAME_LENGTH)))


def nothing_fits() -> Reply:
    """Return that no article is left by the filters."""
    return Reply(
        Markup(_("No article here is like that: there is nothing to export. /export alone exports everything."))
    )


def nothing() -> Reply:
    """Return that there is nothing to export."""
    return Reply(Markup(_("There is nothing here yet. Forward or paste an article first.")))


def not_understood(words: str) -> Reply:
    """Return that something of the command was not understood."""
    return Reply(Markup(_("I can't make out “{words}”. {how}")).format(words=shorten(words, NAME_LENGTH), how=_how()))


def _filters(selection: Selection) -> list[Markup]:
    limits = [
        (_("since {value}"), _day(selection.since)),
        (_("until {value}"), _day(selection.until)),
        (_("that name {value}"), selection.person),
        (_("by {value}"), selection.publisher),
        (_("in the language {value}"), selection.language),
    ]
    return [Markup("{}").format(text.format(value=shorten(value, NAME_LENGTH))) for text, value in limits if value]


def _day(moment: date | None) -> str | None:
    return day(moment) if moment is not None else None


def _how() -> Markup:
    return Markup(_(_HOW))
