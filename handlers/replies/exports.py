"""The words around an export."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from domain.exports import Form, Selection
from handlers.replies import Reply
from handlers.replies.layout import join, shorten
from handlers.replies.wording import NAME_LENGTH, day

_FORMS = {
    Form.LINES: "JSON lines, from which presswatch import restores all of it",
    Form.TABLES: "tables (CSV) of articles, people, claims, relations and corrections",
    Form.LINKED: "schema.org's JSON-LD",
}
_HOW = Markup(
    "As in <code>/export</code>, <code>/export csv</code>, "
    "<code>/export jsonl since 2026-03-01 until 2026-03-31</code>; "
    "also <code>jsonld</code>, <code>person NAME</code>, <code>publisher NAME</code>, <code>language en</code>."
)


def under_way() -> Reply:
    """Return that a file is being written."""
    return Reply(Markup("I am writing it; the file comes as an answer to your message."))


def caption(forms: Sequence[Form], selection: Selection) -> Reply:
    """Return what a file holds."""
    what = Markup("This chat's articles with all that belongs to them")
    filters = list(_filters(selection))
    if filters:
        what += Markup(": only ") + Markup(", ").join(filters)
    return Reply(join([what + Markup("."), *(Markup("• {}").format(_FORMS[form]) for form in forms)]))


def too_large(limit: int) -> Reply:
    """Return that a file cannot be sent."""
    return Reply(
        Markup(
            "That is more than {} MB, which is what Telegram lets a bot send. "
            "Ask for less: one form, or some months. {}\n"
            "Whoever runs this bot gets all of it with <code>presswatch export</code>."
        ).format(limit // 2**20 if limit >= 2**20 else f"{limit / 2**20:.2f}", _HOW)
    )


def failed() -> Reply:
    """Return that a file could not be written or sent."""
    return Reply(
        Markup(
            "The file for this could not be written or sent; it has been noted. Please ask again, or for less. {}"
        ).format(_HOW)
    )


def nobody(name: str) -> Reply:
    """Return that nobody bears a name."""
    return Reply(Markup("Nobody here is called {}.").format(shorten(name, NAME_LENGTH)))


def nothing_fits() -> Reply:
    """Return that no article is left by the filters."""
    return Reply(Markup("No article here is like that: there is nothing to export. /export alone exports everything."))


def nothing() -> Reply:
    """Return that there is nothing to export."""
    return Reply(Markup("There is nothing here yet. Forward or paste an article first."))


def not_understood(words: str) -> Reply:
    """Return that something of the command was not understood."""
    return Reply(Markup("I can't make out “{}”. {}").format(shorten(words, NAME_LENGTH), _HOW))


def _filters(selection: Selection) -> list[Markup]:
    days: list[tuple[str, date | None]] = [("since", selection.since), ("until", selection.until)]
    found = [Markup("{} {}").format(name, day(when)) for name, when in days if when is not None]
    named = [("that name", selection.person), ("by", selection.publisher), ("in the language", selection.language)]
    return found + [Markup("{} {}").format(name, shorten(value, NAME_LENGTH)) for name, value in named if value]
