"""A digest, and what is said around subscribing."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from domain.ledger import Digest, DigestArticle, PersonCount
from domain.schedule import Timetable
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


def subscribed(timetable: Timetable, first: datetime) -> Reply:
    """Return that a digest will come, and when the first one will."""
    local = first.astimezone(ZoneInfo(timetable.timezone))
    return Reply(
        Markup(
            "A digest comes here every day at {} ({}). The first one: {}.\n/digest shows it now, /unsubscribe ends it."
        ).format(times(timetable), timetable.timezone, minute(local))
    )


def times(timetable: Timetable) -> str:
    """Return the times of a day."""
    return " and ".join(f"{at:%H:%M}" for at in timetable.times)


def unsubscribed(ended: bool) -> Reply:
    """Return that no digest will come any more."""
    if ended:
        return Reply(Markup("No digest will come here any more. /subscribe brings it back."))
    return Reply(Markup("No digest comes here. <code>/subscribe 08:00 Europe/Vilnius</code> brings one every day."))


def how_to_subscribe(timezone: str) -> Reply:
    """Return how to subscribe."""
    return Reply(
        Markup(
            "Write when, and where your clock is: <code>/subscribe 08:00 Europe/Vilnius</code>\n"
            "Without a place I take this chat's zone, {}."
        ).format(timezone)
    )


def time_unclear(written: str) -> Reply:
    """Return that a time was not understood."""
    return Reply(
        Markup("I can't read “{}” as a time. Write it as 08:00, for example <code>/subscribe 08:00</code>").format(
            shorten(written, NAME_LENGTH)
        )
    )


def zone_unknown(at: str, written: str, nearest: Sequence[str]) -> Reply:
    """Return that a place was not understood, and which are spelt like it."""
    text = Markup("I read {}. I don't know the place “{}”").format(at, shorten(written, NAME_LENGTH))
    if not nearest:
        return Reply(text + Markup(": write a zone such as Europe/Vilnius, or UTC."))
    commands = [Markup("<code>/subscribe {} {}</code>").format(at, zone) for zone in nearest]
    return Reply(join([text + Markup(". Did you mean:"), *commands]))


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
