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
from handlers.replies.layout import join, shorten
from handlers.replies.wording import NAME_LENGTH, day, headline, link, outlet, when

ROLE_LENGTH = 120
TITLE_LENGTH = 120
EVIDENCE_LENGTH = 400


def doubt(asked: OpenDoubt, bot: str) -> Reply:
    """Return the question whether somebody of an article is somebody known, what led to it, and the answers."""
    evidence = shorten("; ".join(asked.doubt.evidence), EVIDENCE_LENGTH)
    lines = [
        Markup("Is {} {}?").format(_newcomer(asked.newcomer), _known(asked.known, bot)),
        Markup("<i>{}</i>").format(evidence[:1].upper() + evidence[1:]),
    ]
    number = asked.doubt.id
    answers = (
        Button("Same person", f"doubt:{number}:same"),
        Button("Someone else", f"doubt:{number}:different"),
        Button("I don't know", f"doubt:{number}:unsure"),
    )
    return Reply(join(lines), (answers, *_next(number, asked.further)))


def answered(became: AnsweredDoubt) -> Reply:
    """Return what holds now of two persons, with a way back, and a way on where more is open."""
    text, undo = _outcome(became)
    row = (Button("Undo", f"undo:{undo}"),) if undo is not None else ()
    return Reply(text, tuple(each for each in (row, *_next(became.doubt.id, became.further)) if each))


def none_open() -> Reply:
    """Return that there is nothing to ask."""
    return Reply(Markup("I have no doubts: nobody here may be somebody else, as far as I can tell."))


def gone() -> str:
    """Return what a tap tells on a question that does not stand any more, or stands in another chat."""
    return "This question is settled, or its article is not here any more. /doubts shows what is open."


def _outcome(became: AnsweredDoubt) -> tuple[Markup, int | None]:
    match became.outcome:
        case Merged(correction, person):
            return Markup("One person from now on: {}.").format(_name(person.name)), correction
        case KeptApart(correction, one, other):
            two = Markup("{} and {}").format(_name(one.name), _name(other.name))
            return Markup("Two people: {}. I shall not ask about them again.").format(two), correction
        case Noted(correction, one, other):
            two = Markup("{} and {}").format(_name(one.name), _name(other.name))
            return Markup("Nobody knows whether they are one: {}. They stay two.").format(two), correction
        case Contradicts(earlier, one, other):
            said = Markup("{} said on {} otherwise").format(
                shorten(earlier.new.editor.name, NAME_LENGTH), day(earlier.made_at)
            )
            text = Markup("Nothing has changed: {} of {} and {}. Undo that first.")
            return text.format(said, _name(one.name), _name(other.name)), earlier.id
        case OneAlready(person):
            return Markup("They are one person already: {}.").format(_name(person.name)), None
        case _:
            return Markup("{}").format(gone()), None


def _newcomer(person: DoubtedPerson) -> Markup:
    role = Markup(" ({})").format(shorten(person.job_title, ROLE_LENGTH)) if person.job_title else Markup("")
    title = shorten(headline(person.article), TITLE_LENGTH)
    where = f"{outlet(person.article)}, " if person.article.publisher else ""
    return Markup("{}{} in “{}” ({}{})").format(_name(person.name), role, title, where, when(person.article))


def _known(person: DoubtedPerson, bot: str) -> Markup:
    role = Markup(", {}").format(shorten(person.job_title, ROLE_LENGTH)) if person.job_title else Markup("")
    many = "" if person.articles == 1 else f" and {person.articles - 1} more"
    place = Markup("{}, {}{}").format(link(person.article, bot), when(person.article), many)
    return Markup("the {}{} of “{}” ({})").format(
        _name(person.name), role, shorten(headline(person.article), TITLE_LENGTH), place
    )


def _name(name: str) -> Markup:
    return Markup("<b>{}</b>").format(shorten(name, NAME_LENGTH))


def _next(number: int, further: int) -> tuple[tuple[Button, ...], ...]:
    more = "100 or more" if further >= 100 else str(further)
    return ((Button(f"Next question ({more})", f"doubt:{number}:next"),),) if further else ()
