"""The questions that the bot has: whether two persons are one, and what holds once somebody has answered."""

from markupsafe import Markup

from domain.identity import (
    AnsweredDoubt,
    Contradicts,
    DoubtedPerson,
    KeptApart,
    Merged,
    Noted,
    OneAlready,
    OpenDoubt,
)
from handlers.replies import Button, Reply
from handlers.replies.evidence import told
from handlers.replies.language import gettext as _
from handlers.replies.language import ngettext
from handlers.replies.layout import join, shorten
from handlers.replies.wording import NAME_LENGTH, day, headline, link, outlet, when

ROLE_LENGTH = 120
TITLE_LENGTH = 120
EVIDENCE_LENGTH = 400


def doubt(asked: OpenDoubt, bot: str) -> Reply:
    """Return the question whether somebody of an article is somebody known, what led to it, and the answers."""
    said = [words for each in asked.doubt.evidence if (words := told(each))]
    evidence = shorten("; ".join(said), EVIDENCE_LENGTH)
    lines = [
        Markup(_("Is {newcomer} {known}?")).format(newcomer=_newcomer(asked.newcomer), known=_known(asked.known, bot)),
        *([Markup("<i>{}</i>").format(evidence[:1].upper() + evidence[1:])] if said else []),
    ]
    number = asked.doubt.id
    answers = (
        Button(_("Same person"), f"doubt:{number}:same"),
        Button(_("Someone else"), f"doubt:{number}:different"),
        Button(_("I don't know"), f"doubt:{number}:unsure"),
    )
    return Reply(join(lines), (answers, *_next(number, asked.further)))


def answered(became: AnsweredDoubt) -> Reply:
    """Return what holds now of two persons, with a way back, and a way on where more is open."""
    text, undo = _outcome(became)
    row = (Button(_("Undo"), f"undo:{undo}"),) if undo is not None else ()
    return Reply(text, tuple(each for each in (row, *_next(became.doubt.id, became.further)) if each))


def none_open() -> Reply:
    """Return that there is nothing to ask."""
    return Reply(Markup(_("I have no doubts: nobody here may be somebody else, as far as I can tell.")))


def gone() -> str:
    """Return what a tap tells on a question that does not stand any more, or stands in another chat."""
    return _("This question is settled, or its article is not here any more. /doubts shows what is open.")


def _outcome(became: AnsweredDoubt) -> tuple[Markup, int | None]:
    match became.outcome:
        case Merged(correction, person):
            return Markup(_("One person from now on: {name}.")).format(name=_name(person.name)), correction
        case KeptApart(correction, one, other):
            text = Markup(_("Two people: {one} and {other}. I shall not ask about them again."))
            return text.format(one=_name(one.name), other=_name(other.name)), correction
        case Noted(correction, one, other):
            text = Markup(_("Nobody knows whether they are one: {one} and {other}. They stay two."))
            return text.format(one=_name(one.name), other=_name(other.name)), correction
        case Contradicts(earlier, one, other):
            text = Markup(
                _("Nothing has changed: {editor} said on {day} otherwise of {one} and {other}. Undo that first.")
            )
            said = {
                "editor": shorten(earlier.new.editor.name, NAME_LENGTH) or _("somebody"),
                "day": day(earlier.made_at),
            }
            return text.format(**said, one=_name(one.name), other=_name(other.name)), earlier.id
        case OneAlready(person):
            return Markup(_("They are one person already: {name}.")).format(name=_name(person.name)), None
        case _:
            return Markup("{}").format(gone()), None


def _newcomer(person: DoubtedPerson) -> Markup:
    role = Markup(" ({})").format(shorten(person.job_title, ROLE_LENGTH)) if person.job_title else Markup("")
    title = shorten(headline(person.article), TITLE_LENGTH)
    where = [outlet(person.article)] if person.article.publisher else []
    place = ", ".join([*where, when(person.article)])
    name = Markup("{}{}").format(_name(person.name), role)
    return Markup(_("{name} in “{headline}” ({place})")).format(name=name, headline=title, place=place)


def _known(person: DoubtedPerson, bot: str) -> Markup:
    role = Markup(", {}").format(shorten(person.job_title, ROLE_LENGTH)) if person.job_title else Markup("")
    others = person.articles - 1
    place = Markup("{}, {}").format(link(person.article, bot), when(person.article))
    if others > 0:
        more = ngettext("{place} and {count} more", "{place} and {count} more", others)
        place = Markup(more).format(place=place, count=others)  # noqa: S704  # a text of ours
    name = Markup("{}{}").format(_name(person.name), role)
    title = shorten(headline(person.article), TITLE_LENGTH)
    return Markup(_("the {name} of “{headline}” ({place})")).format(name=name, headline=title, place=place)


def _name(name: str) -> Markup:
    return Markup("<b>{}</b>").format(shorten(name, NAME_LENGTH))


def _next(number: int, further: int) -> tuple[tuple[Button, ...], ...]:
    if not further:
        return ()
    many = further >= 100
    label = _("Next question (100 or more)") if many else _("Next question ({count})").format(count=further)
    return ((Button(label, f"doubt:{number}:next"),),)
