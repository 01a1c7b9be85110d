"""The one message about many articles that were brought in a row."""

from markupsafe import Markup, escape

from domain.articles import ArticleState
from domain.intake import NoArticle
from domain.ledger import Batch, BatchItem
from handlers.replies import Button, Reply
from handlers.replies.language import apart, ngettext
from handlers.replies.language import gettext as _
from handlers.replies.layout import join, shorten
from handlers.replies.problems import why
from handlers.replies.wording import LISTED_LENGTH, headline, link

LINES_A_PAGE = 8


def batch(shown: Batch, bot: str, page: int = 0) -> Reply:
    """Return how far the articles are, or, when all are read, a page of them, counted from 0."""
    total = len(shown.items)
    if shown.under_way:
        text = ngettext("Reading {count} article: {done} done.", "Reading {count} articles: {done} done.", total)
        return Reply(Markup("{}").format(text.format(count=total, done=total - shown.under_way)))
    last = (total - 1) // LINES_A_PAGE
    page = min(page, last)
    lines = [_line(item, bot) for item in shown.items[page * LINES_A_PAGE : (page + 1) * LINES_A_PAGE]]
    return Reply(join([Markup("<b>{}</b>").format(_sum(shown)), Markup(""), *lines]), _turn(shown.id, page, last))


def gone() -> str:
    """Return what a tap on a button of a batch tells that this chat does not have."""
    return _("I don't know these articles any more.")


def _sum(shown: Batch) -> str:
    known = sum(item.known for item in shown.items)
    problems = sum(item.article is None for item in shown.items)
    failed = sum(item.state is ArticleState.FAILED and not item.known for item in shown.items)
    new = len(shown.items) - known - problems - failed
    parts = [
        (True, ngettext("{count} new", "{count} new", new), new),
        (known > 0, ngettext("{count} here already", "{count} here already", known), known),
        (failed > 0, ngettext("{count} could not be read", "{count} could not be read", failed), failed),
        (problems > 0, ngettext("{count} without an article", "{count} without an article", problems), problems),
    ]
    found = ", ".join(text.format(count=count) for told, text, count in parts if told)
    text = ngettext("{count} article: {found}", "{count} articles: {found}", len(shown.items))
    return text.format(count=len(shown.items), found=found)


def _line(item: BatchItem, bot: str) -> Markup:
    if item.article is None:
        reason = why(NoArticle(item.problem)) if item.problem else ""
        return Markup("• {}: {}").format(shorten(item.what, 80), reason)
    line = Markup("• {} · {}").format(
        apart(escape(shorten(headline(item.article), LISTED_LENGTH))), link(item.article, bot, headed=True)
    )
    if item.known:
        return line + Markup(" <i>{}</i>").format(_("(here already)"))
    return line + Markup(" <i>{}</i>").format(_("(not read)")) if item.state is ArticleState.FAILED else line


def _turn(number: int, page: int, last: int) -> tuple[tuple[Button, ...], ...]:
    row = []
    if page > 0:
        row.append(Button(_("‹ Before"), f"batch:{number}:{page - 1}"))
    if page < last:
        row.append(Button(_("More ›"), f"batch:{number}:{page + 1}"))
    return (tuple(row),) if row else ()
