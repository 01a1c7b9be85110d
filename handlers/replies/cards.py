"""The card of an article, and what its buttons open."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from domain.articles import AlreadyHere, ArticleState, Origin, OriginKind, SeveralHere
from domain.extraction import FailureReason, Metadata, Reading
from domain.ledger import Card, LedgerClaim
from handlers.replies import Button, Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import later, ngettext
from handlers.replies.layout import LIMIT, fit, join, pages, shorten
from handlers.replies.watching import on_card
from handlers.replies.wording import NAME_LENGTH, claim, day, headline, language, person, published, ties

PEOPLE_ON_CARD = 8

_FAILURES = {
    FailureReason.TIMEOUT: later("Reading this article took too long, so I stopped. It is kept, and found by /search."),
    FailureReason.CRASH: later("I could not read this article; the fault is mine. It is kept, and found by /search."),
    FailureReason.UNREADABLE_SCRIPT: later(
        "I find no letters in this text, so there is nothing to read in it. It is kept, and found by /search."
    ),
}


def card(shown: Card, bot: str) -> Reply:
    """Return the card of an article, or how far it has come."""
    if shown.state is ArticleState.RECEIVED:
        return Reply(Markup(_("Reading …")))
    if shown.failure is not None:
        return Reply(join([*_head(shown), Markup(""), Markup("{}").format(_(_FAILURES[shown.failure]))]))
    head = [*_head(shown), *on_card(shown.watched)]
    blocks = [*head, Markup(""), *_roughly(shown), *_key_claims(shown, bot), *_people_line(shown)]
    return Reply(fit(blocks), _buttons(shown))


def all_claims(shown: Card, page: int, bot: str) -> Reply:
    """Return a page, counted from 0, of every claim of the article."""
    lines = _numbered(shown.claims, bot)
    return _listing(shown, ngettext("All {count} claim", "All {count} claims", len(lines)), lines, page, "claims")


def all_people(shown: Card, page: int, bot: str) -> Reply:
    """Return a page, counted from 0, of everybody whom the article names."""
    lines = [Markup("• {}").format(person(named)) for named in shown.people]
    return _listing(shown, ngettext("All {count} person", "All {count} people", len(lines)), lines, page, "people")


def already_here(known: AlreadyHere, shown: Card) -> Reply:
    """Return that the text came before, when and by whom, with a way to its card."""
    first = known.first
    text = Markup(_("Already here: forwarded by {name} on {day}.\n<b>{headline}</b>")).format(
        name=shorten(first.sender, NAME_LENGTH), day=day(first.sent_at), headline=headline(shown.article)
    )
    return Reply(text, ((Button(_("Show the card"), f"card:{known.article}"),),))


def several(found: SeveralHere) -> Reply:
    """Return that a file holds several articles, and ask how they are meant."""
    count = len(found.headlines)
    lines = [Markup("{}. {}").format(number, shorten(each, 120)) for number, each in enumerate(found.headlines, 1)]
    holds = ngettext("“{what}” holds {count} article:", "“{what}” holds {count} articles:", count)
    title = Markup(holds).format(what=shorten(found.what, NAME_LENGTH), count=count)  # noqa: S704  # a text of ours
    every = ngettext("Take all {count}", "Take all {count}", count).format(count=count)
    each, one = Button(every, "file:each"), Button(_("It is one article"), "file:one")
    return Reply(fit([title, *lines]), ((each, one),))


def being_split(how: str) -> Reply:
    """Return that a file's articles are taken as the sender has said."""
    return Reply(Markup("{}").format(_("I take them one by one.") if how == "each" else _("I take it as one article.")))


def gone() -> str:
    """Return what a tap on a button of an article tells that this chat does not have."""
    return _("This article is not in this chat's archive.")


def _head(shown: Card) -> list[Markup]:
    facts, forward = _facts(shown.metadata), shown.article.forward
    lines = [Markup("<b>{}</b>").format(headline(shown.article))]
    if facts:
        lines.append(Markup(" · ").join(facts))
    if forward is not None and forward.origin.kind is not OriginKind.NONE:
        lines.append(_origin(forward.origin))
    if forward is not None and forward.note:
        lines.append(Markup("<i>{}: {}</i>").format(shorten(forward.sender, NAME_LENGTH), shorten(forward.note, 200)))
    return [*lines, *_reprints(shown)]


def _reprints(shown: Card) -> list[Markup]:
    """Return of what the article is a reprint, with the command that answers with that; or how many reprints it has."""
    first = shown.reprint_of
    if first is None:
        times = ngettext("Reprinted once since", "Reprinted {count} times since", shown.reprints)
        return [Markup("{}").format(times.format(count=shown.reprints))] if shown.reprints else []
    if first.forward is None:
        text = Markup(_("Same article as <b>{headline}</b>: /a{number}"))
        return [text.format(headline=headline(first), number=first.id)]
    text = Markup(_("Same article as <b>{headline}</b>, first brought by {name} on {day}: /a{number}"))
    sender = shorten(first.forward.sender, NAME_LENGTH)
    return [text.format(headline=headline(first), name=sender, day=day(first.forward.sent_at), number=first.id)]


def _facts(metadata: Metadata) -> list[Markup]:
    found = (metadata.publisher, published(metadata.date_published), language(metadata.language))
    facts = [escape(shorten(fact, NAME_LENGTH)) for fact in found if fact]
    return [*facts, _page(metadata.url)] if metadata.url else facts


def _page(url: str) -> Markup:
    """Return a link to the page, called by its site."""
    return Markup('<a href="{}">{}</a>').format(url, shorten(urlsplit(url).hostname or url, NAME_LENGTH))


def _origin(origin: Origin) -> Markup:
    """Return where a forward came from; a post of a public channel has an address."""
    name = shorten(f"@{origin.username}" if origin.username else origin.name or _("somebody"), NAME_LENGTH)
    called = escape(name)
    if origin.username and origin.message_id:
        called = Markup('<a href="https://t.me/{}/{}">{}</a>').format(origin.username, origin.message_id, name)
    if origin.signature is None:
        return Markup(_("forwarded from {name}")).format(name=called)
    signature = shorten(origin.signature, NAME_LENGTH)
    return Markup(_("forwarded from {name}, signed {signature}")).format(name=called, signature=signature)


def _key_claims(shown: Card, bot: str) -> list[Markup]:
    if not shown.key_claims:
        return [Markup(_("I found no claim in it that I am sure of."))]
    return [Markup(_("<b>Key claims</b>")), *_numbered(shown.key_claims, bot)]


def _numbered(claims: Sequence[LedgerClaim], bot: str) -> list[Markup]:
    """Return the claims one by one, each in one piece with what is tied to it; a role stands where it comes first."""
    lines, told = [], set[tuple[int | None, str | None]]()
    for number, found in enumerate(claims, start=1):
        who = (found.claimant.person, found.claimant.job_title) if found.claimant else (None, None)
        titled = who[0] is None or who not in told
        told.add(who)
        lines.append(join([Markup("{}. {}").format(number, claim(found, titled=titled)), *ties(found, bot)]))
    return lines


def _roughly(shown: Card) -> list[Markup]:
    """What to expect of an article whose language is not read in full."""
    if shown.reading is Reading.FULL:
        return []
    name = language(shown.metadata.language) or _("this language")
    told = (
        _("I read {language} only roughly: its first sentences and the people named, not who says what.")
        if shown.reading is Reading.PEOPLE
        else _("I read {language} only roughly: its first sentences and people whom I know already, not who says what.")
    )
    return [Markup("<i>{}</i>").format(told.format(language=name)), Markup("")]


def _people_line(shown: Card) -> list[Markup]:
    if not shown.people:
        return []
    people = [Markup("• {}").format(person(named)) for named in shown.people[:PEOPLE_ON_CARD]]
    if more := len(shown.people) - len(people):
        people.append(
            Markup("{}").format(ngettext("… and {count} more", "… and {count} more", more).format(count=more))
        )
    return [Markup(""), Markup(_("<b>People</b>")), *people]


def _buttons(shown: Card) -> tuple[tuple[Button, ...], ...]:
    number = shown.article.id
    row = []
    if shown.claims:
        row.append(Button(_("All claims ({count})").format(count=len(shown.claims)), f"claims:{number}:0"))
    if shown.people:
        row.append(Button(_("People ({count})").format(count=len(shown.people)), f"people:{number}:0"))
    more = []
    if shown.story is not None:
        count = shown.story.articles
        label = ngettext("Same story: {count} article", "Same story: {count} articles", count).format(count=count)
        more.append(Button(label, f"story:{shown.story.id}:0"))
    more.append(Button(_("Wrong?"), f"fix:{number}"))
    return tuple(tuple(each) for each in (row, more) if each)


def _listing(shown: Card, title: str, lines: Sequence[Markup], page: int, opens: str) -> Reply:
    head = [Markup("<b>{}</b>").format(headline(shown.article)), Markup("{}").format(title.format(count=len(lines)))]
    runs = pages(lines, LIMIT - 400)
    page = min(page, len(runs) - 1)
    number = shown.article.id
    turn = []
    if page > 0:
        turn.append(Button(_("‹ Before"), f"{opens}:{number}:{page - 1}"))
    if page + 1 < len(runs):
        turn.append(Button(_("More ›"), f"{opens}:{number}:{page + 1}"))
    back = (Button(_("Back to the card"), f"card:{number}"),)
    rows = (tuple(turn), back) if turn else (back,)
    return Reply(join([*head, Markup(""), *runs[page]]), rows)
