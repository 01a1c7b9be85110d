"""A digest, and what is said around subscribing."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from domain.ledger import Digest, DigestArticle, PersonCount
from domain.subscriptions import PUNCTUAL, Delivery
from handlers.replies import Reply
from handlers.replies.layout import LIMIT, fit, join, pages, shorten
from handlers.replies.wording import LISTED_LENGTH, NAME_LENGTH, claim, day, headline, link, minute, ties


def delivered(digest: Digest, delivery: Delivery, now: datetime, bot: str) -> Reply:
    """Return the digest of a subscription; one that is late says so."""
    late = now - delivery.due > PUNCTUAL
    title = f"Your digest of {day(delivery.day)}"
    if late:
        due = minute(delivery.due.astimezone(ZoneInfo(delivery.subscription.wish.timetable.timezone)))
        title += f" (late: it was due on {due})"
    return _digest(digest, title, bot)


def on_demand(digest: Digest, bot: str) -> Reply:
    """Return the digest of the last day."""
    return _digest(digest, "The last 24 hours", bot)


def _digest(digest: Digest, title: str, bot: str) -> Reply:
    head = Markup("<b>{}</b> · {}").format(title, _count(digest.total))
    articles = pages([_article(found, bot) for found in digest.articles], LIMIT - 800)[0]
    return Reply(fit([head, *articles, *_rest(digest, len(articles)), *_people(digest.people)]))


def _rest(digest: Digest, shown: int) -> list[Markup]:
    if digest.total == 0:
        return [Markup("Nothing new was forwarded here.")]
    more = digest.total - shown
    lines = [Markup("\n… and {} more.").format(_count(more))] if more else []
    if digest.unread:
        lines.append(Markup("\n{} not read yet, or not readable.").format(_count(digest.unread)))
    return lines


def _count(articles: int) -> str:
    return "1 article" if articles == 1 else f"{articles} articles"


def _article(found: DigestArticle, bot: str) -> Markup:
    lines = [Markup("\n<b>{}</b>  {}").format(headline(found.article), link(found.article, bot, headed=True))]
    for each in found.claims:
        lines += [Markup("• {}").format(claim(each, LISTED_LENGTH)), *ties(each, bot)]
    return join(lines)


def _people(people: Sequence[PersonCount]) -> list[Markup]:
    if not people:
        return []
    named = " · ".join(f"{shorten(person.name, NAME_LENGTH)} {person.articles}" for person in people)
    return [Markup("\n<b>In the news</b>  {}").format(named)]
