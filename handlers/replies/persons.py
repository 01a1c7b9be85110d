"""What is known of a person, and finding one."""

from markupsafe import Markup

from domain.ledger import Dossier, Finds, LedgerClaim, NobodyFound, PersonReference, SeveralPersons, WhoAnswer
from handlers.replies import Button, Reply
from handlers.replies.layout import fit, shorten
from handlers.replies.wording import LISTED_LENGTH, NAME_LENGTH, claim, headline, link, said, short_day

ROLES_SHOWN = 4


def who(answer: WhoAnswer, bot: str) -> Reply:
    """Return what is known of whom was asked for, or whom to choose from."""
    match answer:
        case SeveralPersons(candidates):
            return Reply(Markup("Several people bear that name. Whom do you mean?"), _choices(candidates))
        case NobodyFound(asked, nearest):
            return _nobody(asked, nearest)
        case Dossier():
            return dossier(answer, bot)


def dossier(known: Dossier, bot: str) -> Reply:
    """Return a page of what is known of a person, each line with its article and the way back to its message."""
    blocks = [*_head(known)]
    for title, claims, wording in (("Says", known.claims_by, said), ("Said about them", known.claims_about, claim)):
        if claims:
            lines = (_dated(found, wording(found, LISTED_LENGTH), bot) for found in claims)
            blocks += [Markup(""), Markup("<b>{}</b>").format(title), *lines]
    if not known.claims_by and not known.claims_about:
        blocks += [Markup(""), Markup("Named, but no claim by or about them.")]
    return Reply(fit(blocks), _turn(known))


def finds(found: Finds, bot: str) -> Reply:
    """Return the claims and articles in which words stand."""
    if not found.claims and not found.articles:
        return Reply(Markup("Nothing found for “{}”.").format(shorten(found.asked, NAME_LENGTH)))
    blocks = []
    if found.claims:
        blocks += [
            Markup("<b>Claims</b>"),
            *(_dated(each, claim(each, LISTED_LENGTH), bot) for each in found.claims),
            Markup(""),
        ]
    if found.articles:
        blocks.append(Markup("<b>Articles</b>"))
    for article in found.articles:
        line = Markup("{}  {} — {}").format(
            short_day(article.seen_at), headline(article), link(article, bot, headed=True)
        )
        blocks.append(line)
    return Reply(fit(blocks))


def ask_whom() -> Reply:
    """Return how to ask for a person."""
    return Reply(Markup("Whom do you mean? Write a name after it: <code>/who Name</code>"))


def ask_what() -> Reply:
    """Return how to search."""
    return Reply(Markup("What shall I look for? Write words after it: <code>/search words</code>"))


def gone() -> str:
    """Return what a tap on a button of a person tells that this chat does not know."""
    return "Nobody of this number is in this chat's archive."


def _nobody(asked: str, nearest: tuple[PersonReference, ...]) -> Reply:
    name = shorten(asked, NAME_LENGTH)
    if not nearest:
        return Reply(Markup("I don't know “{}”: no article that you forwarded to this chat names them.").format(name))
    return Reply(Markup("I don't know “{}”. Did you mean one of these?").format(name), _choices(nearest))


def _choices(candidates: tuple[PersonReference, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        (Button(f"{shorten(person.name, 48)} ({_articles(person)})", f"who:{person.id}:0"),) for person in candidates
    )


def _articles(person: PersonReference) -> str:
    return "1 article" if person.articles == 1 else f"{person.articles} articles"


def _head(known: Dossier) -> list[Markup]:
    name = Markup("<b>{}</b>").format(shorten(known.person.name, NAME_LENGTH))
    others = [other for other in known.names if other not in known.person.name.split()]
    if others:
        name += Markup(" (also {})").format(shorten(", ".join(others), 200))
    roles = [
        Markup("{} ({})").format(shorten(role.job_title, 160), short_day(role.seen_at))
        for role in known.roles[:ROLES_SHOWN]
    ]
    seen = Markup("{}{}").format(_articles(known.person), _when(known))
    return [name, *roles, seen]


def _when(known: Dossier) -> str:
    if known.first_seen is None or known.last_seen is None:
        return ""
    first, last = short_day(known.first_seen), short_day(known.last_seen)
    return f" · {first}" if first == last else f" · {first} – {last}"


def _dated(found: LedgerClaim, told: Markup, bot: str) -> Markup:
    return Markup("{}  {} · {}").format(short_day(found.article.seen_at), told, link(found.article, bot))


def _turn(known: Dossier) -> tuple[tuple[Button, ...], ...]:
    row = []
    if known.page > 0:
        row.append(Button("‹ Newer", f"who:{known.person.id}:{known.page - 1}"))
    if known.has_older:
        row.append(Button("Older ›", f"who:{known.person.id}:{known.page + 1}"))
    return (tuple(row),) if row else ()
