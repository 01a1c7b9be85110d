"""A story: its articles, and what they say above all."""

from markupsafe import Markup, escape

from domain.ledger import ArticleReference, LedgerClaim
from domain.stories import Story
from handlers.replies import Button, Reply
from handlers.replies.language import apart, later, ngettext
from handlers.replies.language import gettext as _
from handlers.replies.layout import fit, shorten
from handlers.replies.wording import (
    HEADLINE_LENGTH,
    LISTED_LENGTH,
    NAME_LENGTH,
    claim,
    headline,
    link,
    short_day,
    ties,
    when,
)

NAMELESS = later("A story without a headline")


def story(shown: Story, bot: str) -> Reply:
    """Return a page of a story: the first one tells what its articles say above all, each page lists articles."""
    title = shorten(shown.reference.headline, HEADLINE_LENGTH) or _(NAMELESS)
    blocks = [Markup("<b>{}</b>").format(title), Markup("{}").format(_extent(shown)), Markup("")]
    if shown.claims:
        blocks += [*(block for told in shown.claims for block in _claim(told, bot)), Markup("")]
    blocks += [Markup("<b>{}</b>").format(_("Articles")), *(_article(each, bot) for each in shown.articles)]
    return Reply(fit(blocks), _turn(shown))


def ask_which() -> Reply:
    """Return how to ask for a story."""
    return Reply(
        Markup(
            _(
                "Which story? Send /story in answer to an article or its card, or write words after it: "
                "<code>/story harbour crane</code>"
            )
        )
    )


def nothing(words: str) -> Reply:
    """Return that no article has the words."""
    return Reply(Markup(_("No article here has “{words}”.")).format(words=shorten(words, NAME_LENGTH)))


def no_article() -> Reply:
    """Return that the message that was answered to belongs to no article that was read."""
    return Reply(Markup(_("That message is no article that I have read. Answer to an article or to its card.")))


def not_seen() -> Reply:
    """Return that what a link leads to is not of this chat's articles, or not here any more."""
    return Reply(Markup(_("This chat does not see the articles of that story, or they are not here any more.")))


def gone() -> str:
    """Return what a tap on a button of a story tells that is not here any more."""
    return _("This story is not here any more: its articles are told elsewhere.")


def _extent(shown: Story) -> str:
    articles = shown.reference.articles
    first, last = short_day(shown.since), short_day(shown.until)
    days = first if first == last else _("{first} – {last}").format(first=first, last=last)
    if articles == 1:
        return _("One article so far · {days}").format(days=days)
    origins = shown.reference.origins
    counted = ngettext("{count} article", "{count} articles", articles).format(count=articles)
    independent = ngettext("{count} independent origin", "{count} independent origins", origins).format(count=origins)
    return _("{articles}, {origins} · {days}").format(articles=counted, origins=independent, days=days)


def _claim(told: LedgerClaim, bot: str) -> list[Markup]:
    dated = Markup("• {} · {}").format(claim(told, LISTED_LENGTH), link(told.article, bot))
    return [dated, *ties(told, bot)]


def _article(article: ArticleReference, bot: str) -> Markup:
    return Markup("{}  {} — {}").format(
        when(article), apart(escape(headline(article))), link(article, bot, headed=True)
    )


def _turn(shown: Story) -> tuple[tuple[Button, ...], ...]:
    number, row = shown.reference.id, []
    if shown.page > 0:
        row.append(Button(_("‹ Newer"), f"story:{number}:{shown.page - 1}"))
    if shown.has_older:
        row.append(Button(_("Older ›"), f"story:{number}:{shown.page + 1}"))
    return (tuple(row),) if row else ()
