"""A digest: one screen first, the rest behind blocks that open, in as many messages as it takes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from markupsafe import Markup

from domain.corrections import Correction
from domain.digests import (
    Change,
    ComposedDigest,
    DigestClaim,
    DigestStory,
    PersonOfTheDay,
    StoryList,
    ToldClaim,
    Trouble,
)
from domain.subscriptions import PUNCTUAL, Delivery, Filters
from handlers.replies import Button, Reply
from handlers.replies.corrections import put_right
from handlers.replies.language import gettext as _
from handlers.replies.language import later, ngettext
from handlers.replies.layout import LIMIT, join, shorten, visible_length
from handlers.replies.wording import LISTED_LENGTH, NAME_LENGTH, claim, day, headline, link, minute, ties

# Telegram drops links and bold type without a word from a message that has more than a hundred of them.
MOST_MARKS = 90
STORY_BUTTONS = 3
MOST_PEOPLE = 12
LABEL_LENGTH = 40
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MARK = re.compile(r"<(?!/)")
_CHANGED = {
    Change.DENIED: later("<b>Update</b>, denied by now: {claim}"),
    Change.FACTUALITY: later("<b>Update</b>, no longer as sure or unsure as it was: {claim}"),
    Change.REWORDED: later("<b>Update</b>, put in other words: {claim}"),
    Change.ORIGINS: later("<b>Update</b>, reported by more: {claim}"),
    Change.UPDATING: later("<b>Update</b>: {claim}"),
}


@dataclass(frozen=True, slots=True)
class DigestPart:
    """One message of a digest, what its reader has been told by it, and the claims whose words stand there.

    A picture of the people follows one that is ``pictured``.
    """

    reply: Reply
    told: tuple[ToldClaim, ...] = ()
    shown: tuple[int, ...] = ()
    pictured: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """Lines that are never cut; ``quoted`` ones open at a tap, and a ``parted`` one has an empty line above it.

    ``leading`` ones stand with what follows.
    """

    text: Markup
    quoted: bool = False
    parted: bool = False
    leading: bool = False
    told: tuple[ToldClaim, ...] = ()
    shown: tuple[int, ...] = ()


def parts(digest: ComposedDigest, delivery: Delivery, now: datetime, bot: str, about: str = "") -> list[DigestPart]:
    """Return the messages of a subscription's digest, in order; one that is late says so, and what it is ``about``."""
    wish = delivery.subscription.wish
    zone = ZoneInfo(wish.timetable.timezone)
    here = wish.target == delivery.subscription.chat
    title = (_("Your digest of {day}") if here else _("Digest of {day}")).format(day=day(delivery.day))
    if now - delivery.due > PUNCTUAL:
        due = minute(delivery.due.astimezone(zone))
        title = _("Your digest of {day} (late: it was due on {due})").format(day=day(delivery.day), due=due)
    title = _entitled(title, about)
    buttons = _buttons(digest, f"digest:{delivery.id}") if here else _ways_to_stories(digest, bot)
    return _parts(digest, title, zone, bot, buttons, filtered=wish.filters != Filters())


def on_demand(digest: ComposedDigest, now: datetime, timezone: str, bot: str, about: str = "") -> list[DigestPart]:
    """Return the messages of a digest that somebody asked for, in order; ``about`` is what it is limited to."""
    zone = ZoneInfo(timezone)
    # A list of all stories knows of no limits.
    period = f"news:{int(digest.since.timestamp())}:{int(digest.until.timestamp())}" if not about else None
    title = _entitled(_period(digest, now, zone), about)
    return _parts(digest, title, zone, bot, _buttons(digest, period), filtered=bool(about))


def _entitled(title: str, about: str) -> str:
    return _("{digest}: {about}").format(digest=title, about=about) if about else title


def listing(found: StoryList, data: str, bot: str) -> Reply:
    """Return a page of all stories; ``data`` is what leads to its pages."""
    lines = [Markup("{}. {}").format(place, _title(story, bot)) for place, story in enumerate(found.stories, start=1)]
    opens = [
        Button(str(place), f"story:{story.number}:0")
        for place, story in enumerate(found.stories, start=1)
        if story.number is not None
    ]
    turn = []
    if found.page > 0:
        turn.append(Button(_("‹ Before"), f"{data}:{found.page - 1}"))
    if found.has_more:
        turn.append(Button(_("More ›"), f"{data}:{found.page + 1}"))
    head = Markup("<b>{}</b>\n").format(_("All stories"))
    rows = tuple(tuple(row) for row in (opens[:4], opens[4:], turn) if row)
    return Reply(join([head, *(lines or [Markup("{}").format(_("There is none."))])]), rows)


def gone() -> str:
    """Return what a tap on a button of a digest tells that is not of this chat, or not here any more."""
    return _("This digest is not here any more.")


def period_unclear(written: str) -> Reply:
    """Return that a time was not understood."""
    asked = shorten(written, NAME_LENGTH)
    return Reply(
        Markup(
            _(
                "I can't read “{written}” as a time that has passed. Write <code>/digest 3d</code>, "
                "<code>/digest 12h</code> or <code>/digest since Monday</code>."
            )
        ).format(written=asked)
    )


def _period(digest: ComposedDigest, now: datetime, zone: ZoneInfo) -> str:
    length = digest.until - digest.since
    if abs(digest.until - now) < _HOUR:
        if length % _DAY == timedelta() and length > _DAY:
            days = length // _DAY
            return ngettext("The last {count} day", "The last {count} days", days).format(count=days)
        if length % _HOUR == timedelta() and length <= _DAY:
            hours = length // _HOUR
            return ngettext("The last {count} hour", "The last {count} hours", hours).format(count=hours)
        return _("Since {moment}").format(moment=minute(digest.since.astimezone(zone)))
    since, until = minute(digest.since.astimezone(zone)), minute(digest.until.astimezone(zone))
    return _("From {since} to {until}").format(since=since, until=until)


def _parts(
    digest: ComposedDigest,
    title: str,
    zone: ZoneInfo,
    bot: str,
    buttons: tuple[tuple[Button, ...], ...],
    *,
    filtered: bool = False,
) -> list[DigestPart]:
    runs = _runs(_pieces(digest, title, zone, bot, filtered=filtered))
    last = len(runs) - 1
    return [
        DigestPart(
            Reply(_text(run), buttons if place == last else ()),
            tuple(told for piece in run for told in piece.told),
            tuple(number for piece in run for number in piece.shown),
            pictured=digest.pictured and place == last,
        )
        for place, run in enumerate(runs)
    ]


def _runs(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Return the pieces in runs that each fit into one message."""
    runs: list[list[_Piece]] = [[]]
    length = marks = 0
    for piece in pieces:
        more, marked = _size(piece)
        if runs[-1] and (length + more > LIMIT or marks + marked > MOST_MARKS):
            runs.append(_leading(runs[-1]))
            sizes = [_size(each) for each in runs[-1]]
            length, marks = sum(each for each, _ in sizes), sum(each for _, each in sizes)
        runs[-1].append(piece)
        length, marks = length + more, marks + marked
    return runs


def _size(piece: _Piece) -> tuple[int, int]:
    """Return how long a piece is, and how many marks it has."""
    # A line break or two above it, and a block of its own around it.
    return visible_length(piece.text) + 2, len(_MARK.findall(piece.text)) + 1


def _leading(run: list[_Piece]) -> list[_Piece]:
    """Take away what stands at the end of a message and belongs to the next one, but never all of it."""
    taken: list[_Piece] = []
    while len(run) > 1 and run[-1].leading:
        taken.insert(0, run.pop())
    return taken


def _text(run: Sequence[_Piece]) -> Markup:
    lines = []
    for quoted, pieces in groupby(run, key=lambda piece: piece.quoted):
        if quoted:
            lines.append(Markup("<blockquote expandable>{}</blockquote>").format(join(each.text for each in pieces)))
        else:
            lines += [Markup("\n") + each.text if each.parted and each is not run[0] else each.text for each in pieces]
    return join(lines)


def _pieces(digest: ComposedDigest, title: str, zone: ZoneInfo, bot: str, *, filtered: bool) -> Iterator[_Piece]:
    yield _Piece(_head(digest, title), told=digest.corrected)
    if digest.trouble is not None:
        yield from (_Piece(line, parted=not place) for place, line in enumerate(_trouble(digest.trouble, zone)))
    elif digest.is_empty:
        yield _Piece(_nothing_new(digest.articles, filtered=filtered), parted=True)
    told = [story for story in digest.stories if story.claims or story.lead]
    for story in told:
        yield from _story(story, bot)
    yield from _others([story for story in digest.stories if story not in told], digest.more_stories, bot)
    if digest.people:
        yield _Piece(_people(digest.people), parted=True)
    yield from _corrected(digest)


def _head(digest: ComposedDigest, title: str) -> Markup:
    articles = ngettext("{count} article", "{count} articles", digest.articles).format(count=digest.articles)
    if digest.reprints:
        beside = ngettext("{articles} and {count} reprint", "{articles} and {count} reprints", digest.reprints)
        articles = beside.format(articles=articles, count=digest.reprints)
    count = len(digest.stories) + digest.more_stories
    if count in (0, digest.articles):
        return Markup("<b>{}</b> · {}").format(title, articles)
    stories = ngettext("{count} story", "{count} stories", count).format(count=count)
    return Markup("<b>{}</b> · {} · {}").format(title, articles, stories)


def _nothing_new(articles: int, *, filtered: bool) -> Markup:
    if not articles and filtered:
        return Markup("{}").format(_("Nothing new came that this digest is about."))
    if not articles:
        return Markup("{}").format(_("Nothing new was forwarded here."))
    repeated = ngettext(
        "Nothing new: the article that came repeats what you were told.",
        "Nothing new: the {count} articles that came repeat what you were told.",
        articles,
    )
    return Markup("{}").format(repeated.format(count=articles))


def _trouble(trouble: Trouble, zone: ZoneInfo) -> Iterator[Markup]:
    """Return what is missing, and since when: that is not the same as nothing new."""
    if trouble.unread and trouble.unread_since:
        waits = ngettext(
            "⚠️ Reading has not gone on since {moment}: {count} article waits, and what it says is missing here.",
            "⚠️ Reading has not gone on since {moment}: {count} articles wait, and what they say is missing here.",
            trouble.unread,
        )
        moment = minute(trouble.unread_since.astimezone(zone))
        yield Markup("{}").format(waits.format(moment=moment, count=trouble.unread))
    if trouble.untied and trouble.untied_since:
        waits = ngettext(
            "⚠️ Comparing has not gone on since {moment}: of {count} article, denials and stories may be missing here.",
            "⚠️ Comparing has not gone on since {moment}: of {count} articles, denials and stories may be missing here.",
            trouble.untied,
        )
        moment = minute(trouble.untied_since.astimezone(zone))
        yield Markup("{}").format(waits.format(moment=moment, count=trouble.untied))
    if trouble.failed:
        failed = ngettext(
            "⚠️ {count} article that came could not be read.",
            "⚠️ {count} articles that came could not be read.",
            trouble.failed,
        )
        yield Markup("{}").format(failed.format(count=trouble.failed))


def _story(story: DigestStory, bot: str) -> Iterator[_Piece]:
    """Return what is new of a story: its best claims, and the others in a block that opens."""
    yield _Piece(_title(story, bot), parted=True, leading=True)
    alone = story.articles == 1
    lead, behind = story.claims[: story.lead], story.claims[story.lead :]
    for each in lead:
        yield _claim(each, bot, linked=not alone or each.change is not None)
    if not behind and (alone or not story.more):
        # The way to an article leads to all that it says.
        return
    count = len(behind) + story.more
    more = ngettext("{count} more claim", "{count} more claims", count).format(count=count)
    yield _Piece(Markup("<i>{}</i>").format(more), quoted=bool(behind), leading=bool(behind))
    for each in behind:
        yield _claim(each, bot, linked=not alone or each.change is not None, quoted=True)
    if behind and story.more:
        left = ngettext("… and {count} more", "… and {count} more", story.more).format(count=story.more)
        yield _Piece(_way_to_all(story, left, bot), quoted=True)


def _way_to_all(story: DigestStory, left: str, bot: str) -> Markup:
    """Return how many claims are left out, with the way to the story, whose articles have them."""
    if story.number is None:
        return Markup("{}").format(left)
    address = f"https://t.me/{bot}?start=t{story.number}"
    return Markup('<a href="{}">{}</a>').format(address, _("{name} →").format(name=left))


def _title(story: DigestStory, bot: str) -> Markup:
    """Return the headline: of one article with the way to it, of several with how many there are."""
    if story.articles == 1:
        return Markup("<b>{}</b>  {}").format(headline(story.newest), link(story.newest, bot, headed=True))
    title = Markup("<b>{}</b>").format(shorten(_called(story), LISTED_LENGTH))
    if not story.articles:
        return title
    articles = ngettext("{count} new article", "{count} new articles", story.articles).format(count=story.articles)
    origins = ngettext("{count} origin", "{count} origins", story.origins).format(count=story.origins)
    return Markup("{}  ({} · {})").format(title, articles, origins)


def _called(story: DigestStory) -> str:
    own = story.headline if story.articles > 1 else None
    # One of nothing but blanks and marks of direction would be a button without words, which Telegram refuses.
    return own if own and shorten(own, LISTED_LENGTH) else headline(story.newest)


def _claim(told: DigestClaim, bot: str, *, linked: bool, quoted: bool = False) -> _Piece:
    said = claim(told.claim, LISTED_LENGTH)
    if linked:
        # What goes on behind it ends with no full stop.
        said = Markup(said.removesuffix("."))  # noqa: S704  # escaped already
    if told.change is not None:
        said = Markup(_(_CHANGED[told.change])).format(claim=said)
    if linked:
        said = Markup("{} · {}").format(said, link(told.claim.article, bot))
    lines = [Markup("• {}").format(said), *ties(told.claim, bot)]
    return _Piece(join(lines), quoted=quoted, told=told.told, shown=told.shown)


def _others(stories: Sequence[DigestStory], more: int, bot: str) -> Iterator[_Piece]:
    """Return the stories that are told by their headlines alone, in a block that opens."""
    if not stories:
        return
    count = len(stories) + more
    others = ngettext("{count} more story", "{count} more stories", count).format(count=count)
    yield _Piece(Markup("<b>{}</b>").format(others), parted=True, leading=True)
    for story in stories:
        yield _Piece(Markup("• {}").format(_title(story, bot)), quoted=True)
    if more:
        left = ngettext("… and {count} more", "… and {count} more", more).format(count=more)
        yield _Piece(Markup("{}").format(left), quoted=True)


def _people(people: Sequence[PersonOfTheDay]) -> Markup:
    named = Markup(" · ").join(Markup("{}").format(_person(each)) for each in people[:MOST_PEOPLE])
    return Markup("<b>{}</b>  {}").format(_("In the news"), named)


def _person(person: PersonOfTheDay) -> str:
    name = shorten(person.name, NAME_LENGTH)
    if person.is_new:
        return _("{name} {count} (new)").format(name=name, count=person.articles)
    if person.change:
        change = f"{person.change:+d}".replace("-", "−")
        return _("{name} {count} ({change})").format(name=name, count=person.articles, change=change)
    return _("{name} {count}").format(name=name, count=person.articles)


def _corrected(digest: ComposedDigest) -> Iterator[_Piece]:
    """Return what was put right since, of what this chat was told."""
    if digest.corrections:
        yield _Piece(Markup("<b>{}</b>").format(_("Corrected")), parted=True, leading=True)
        yield from (_Piece(_correction(each)) for each in digest.corrections)
    if digest.more_corrections:
        more = ngettext("… and {count} more: /history", "… and {count} more: /history", digest.more_corrections)
        yield _Piece(Markup("{}").format(more.format(count=digest.more_corrections)))


def _correction(correction: Correction) -> Markup:
    return Markup("• {}").format(put_right(correction))


def _buttons(digest: ComposedDigest, data: str | None) -> tuple[tuple[Button, ...], ...]:
    rows = [(Button(label, f"story:{number}:0"),) for label, number in _labelled(digest)]
    if data is not None and len(digest.stories) + digest.more_stories > STORY_BUTTONS:
        rows.append((Button(_("All stories"), f"{data}:all"),))
    return tuple(rows)


def _ways_to_stories(digest: ComposedDigest, bot: str) -> tuple[tuple[Button, ...], ...]:
    """Return buttons for a channel: a tap by one of its readers must not have all of them read a story's pages.

    It leads to the reader's own chat with the bot, which shows the story if it sees the articles.
    """
    return tuple((Button(label, f"https://t.me/{bot}?start=t{number}"),) for label, number in _labelled(digest))


def _labelled(digest: ComposedDigest) -> list[tuple[str, int]]:
    several = [(story, story.number) for story in digest.stories if story.number is not None][:STORY_BUTTONS]
    return [(shorten(_called(story), LABEL_LENGTH), number) for story, number in several]
