"""What is known of a person, and finding one."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from domain.ledger import Dossier, Finds, LedgerClaim, PersonReference, Role
from handlers.replies import Button, Reply
from handlers.replies.language import apart, ngettext
from handlers.replies.language import gettext as _
from handlers.replies.layout import fit, join, shorten
from handlers.replies.wording import (
    LISTED_LENGTH,
    NAME_LENGTH,
    claim,
    headline,
    link,
    outlet,
    said,
    short_day,
    ties,
    when,
)

ROLES_SHOWN = 3
FORMER_SHOWN = 3
IN_SHORT = 3


def dossier(known: Dossier, bot: str, *, only_said: bool = False) -> Reply:
    """Return a page of what is known of a person, each line with its article and the way back to its message."""
    blocks = [*_head(known)]
    for title, claims, wording in (
        (_("Says"), known.claims_by, said),
        (_("Said about them"), known.claims_about, claim),
    ):
        if claims:
            lines = (join([dated(found, wording(found, LISTED_LENGTH), bot), *ties(found, bot)]) for found in claims)
            blocks += [Markup(""), Markup("<b>{}</b>").format(title), *lines]
    if not known.claims_by and not known.claims_about:
        nothing = _("That is all.") if known.page else _("Named, but no claim by or about them.")
        blocks += [Markup(""), Markup("{}").format(nothing)]
    return Reply(fit(blocks), _buttons(known, only_said=only_said))


@dataclass(frozen=True, slots=True)
class InShort:
    """A person as one of several to choose from: a title and a line without marks, and the text that is sent."""

    title: str
    description: str
    text: Markup


def in_short(known: Dossier) -> InShort:
    """Return who a person is, with their newest claims; ways back lead to a chat that others may not see, so none."""
    lines = [
        Markup("{}  {}").format(when(found.article), said(found, LISTED_LENGTH)) for found in known.claims_by[:IN_SHORT]
    ]
    sources = [Markup("<i>{}</i>").format(outlet(found.article)) for found in known.claims_by[:IN_SHORT]]
    told = [join([line, source]) for line, source in zip(lines, sources, strict=True)]
    says = [Markup(""), Markup("<b>{}</b>").format(_("Says")), *told] if told else []
    role = shorten(known.roles[0].job_title, NAME_LENGTH) if known.roles else ""
    description = " · ".join(part for part in (role, _articles(known.person)) if part)
    return InShort(shorten(known.person.name, NAME_LENGTH), description, fit([*_head(known), *says]))


def offer_nobody(name: str) -> str:
    """Return what leads to the bot's own chat where a name means nobody, or the asker's archive has nobody yet."""
    if not name:
        return shorten(_("Nobody yet: forward me an article"), 64)
    return shorten(_("Nobody is called “{name}”: how to ask").format(name=shorten(name, 30)), 64)


def finds(found: Finds, bot: str) -> Reply:
    """Return a page of the claims and articles in which words stand."""
    turn = turning("ask", found.page, has_older=found.has_older)
    rows = (turn,) if turn else ()
    if not found.claims and not found.articles and found.page:
        return Reply(Markup(_("That is all.")), rows)
    if not found.claims and not found.articles:
        return Reply(Markup(_("Nothing found for “{words}”.")).format(words=shorten(found.asked, NAME_LENGTH)))
    blocks = []
    if found.claims:
        blocks += [
            Markup("<b>{}</b>").format(_("Claims")),
            *(dated(each, claim(each, LISTED_LENGTH), bot) for each in found.claims),
            Markup(""),
        ]
    if found.articles:
        blocks.append(Markup("<b>{}</b>").format(_("Articles")))
    for article in found.articles:
        called = apart(escape(headline(article)))
        line = Markup("{}  {} — {}").format(when(article), called, link(article, bot, headed=True))
        blocks.append(line)
    return Reply(fit(blocks), rows)


def ask_whom() -> Reply:
    """Return how to ask for a person."""
    return Reply(Markup(_("Whom do you mean? Write a name after it: <code>/who Name</code>")))


def ask_what() -> Reply:
    """Return how to search."""
    return Reply(Markup(_("What shall I look for? Write words after it: <code>/search words</code>")))


def gone() -> str:
    """Return what a tap on a button of a person tells that this chat does not know."""
    return _("Nobody of this number is in this chat's archive.")


def nobody(asked: str, nearest: tuple[PersonReference, ...]) -> Markup:
    """Return that nobody bears a name."""
    name = shorten(asked, NAME_LENGTH)
    if not nearest:
        text = Markup(_("I don't know “{name}”: no article that you forwarded to this chat names them."))
        return text.format(name=name)
    return Markup(_("I don't know “{name}”. Did you mean one of these?")).format(name=name)


def choices(candidates: tuple[PersonReference, ...]) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each of the persons, which shows what is known of them."""
    return tuple(
        (Button(f"{shorten(person.called, 48)} ({_articles(person)})", f"who:{person.id}:0"),) for person in candidates
    )


def _articles(person: PersonReference) -> str:
    return ngettext("{count} article", "{count} articles", person.articles).format(count=person.articles)


def _head(known: Dossier) -> list[Markup]:
    name = Markup("<b>{}</b>").format(shorten(known.person.name, NAME_LENGTH))
    others = [other for other in known.names if other not in known.person.name.split()]
    if others:
        name += Markup(" {}").format(_("(also {names})").format(names=shorten(", ".join(others), 200)))
    return [name, *_roles(known.roles), _counts(known)]


def _roles(roles: tuple[Role, ...]) -> list[Markup]:
    """Return the newest article's roles as today's, the others as former ones."""
    if not roles:
        return []
    newest = roles[0].seen_at
    current = [role for role in roles if role.seen_at == newest]
    former = [role for role in roles if role.seen_at < newest]
    today = " · ".join(shorten(role.job_title, 160) for role in current[:ROLES_SHOWN])
    lines = [apart(Markup("{} ({})").format(shorten(today, 320), short_day(newest)))]
    return lines + [
        Markup(_("<i>former</i> {role} (until {day})")).format(
            role=shorten(role.job_title, 160), day=short_day(role.seen_at)
        )
        for role in former[:FORMER_SHOWN]
    ]


def _counts(known: Dossier) -> Markup:
    parts = [_articles(known.person)]
    if known.origins:
        origins = ngettext("{count} independent origin", "{count} independent origins", known.origins)
        parts.append(origins.format(count=known.origins))
    if when := _when(known):
        parts.append(when)
    line = Markup("{}").format(", ".join(parts))
    if known.named_with:
        names = ", ".join(shorten(fellow.name, NAME_LENGTH) for fellow in known.named_with)
        line += Markup(" · {}").format(_("most named with {names}").format(names=shorten(names, 240)))
    return line


def _when(known: Dossier) -> str:
    if known.first_seen is None or known.last_seen is None:
        return ""
    first, last = short_day(known.first_seen), short_day(known.last_seen)
    return first if first == last else _("{first} – {last}").format(first=first, last=last)


def dated(found: LedgerClaim, told: Markup, bot: str) -> Markup:
    """Return a line with its day before it and the way to its article behind it."""
    return Markup("{}  {} · {}").format(when(found.article), told, link(found.article, bot))


def turning(data: str, page: int, *, has_older: bool) -> tuple[Button, ...]:
    """Return the buttons that turn a page, counted from 0; ``data`` is what stands before its number."""
    newer = Button(_("‹ Newer"), f"{data}:{page - 1}") if page > 0 else None
    older = Button(_("Older ›"), f"{data}:{page + 1}") if has_older else None
    return tuple(button for button in (newer, older) if button)


def _buttons(known: Dossier, *, only_said: bool) -> tuple[tuple[Button, ...], ...]:
    number, view = known.person.id, "says" if only_said else "who"
    row = turning(f"{view}:{number}", known.page, has_older=known.has_older)
    whole = Button(_("Everything"), f"who:{number}:0")
    only = Button(_("Only what they say"), f"says:{number}:0")
    views = (whole if only_said else only, Button(_("Timeline"), f"pic:timeline:{number}"))
    return tuple(each for each in (row, views, (Button(_("Not the same person?"), f"split:{number}"),)) if each)
