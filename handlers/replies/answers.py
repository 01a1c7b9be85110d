"""Answers to questions: claims newest first, people, or that nothing was found; each line leads back to its article."""

from datetime import timedelta

from markupsafe import Markup

from domain.ledger import Dossier, Finds, NobodyFound, PersonReference, SeveralPersons
from domain.questions import Answer, Asked, ClaimsFound, Fellows, Holders, NothingFound, Period, Question
from handlers.replies import Button, Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import later, ngettext
from handlers.replies.layout import fit, join, shorten
from handlers.replies.persons import choices, dated, dossier, finds, nobody, turning
from handlers.replies.wording import LISTED_LENGTH, NAME_LENGTH, claim, said, short_day, ties

_A_MOMENT = timedelta(microseconds=1)
# What heads the claims of an answer: about somebody, and about words alone.
_TITLES = {
    Asked.SAID: (later("What {name} says"), later("What is said")),
    Asked.DENIED: (later("What {name} denies"), later("What is denied")),
    Asked.DENIERS: (later("Who denies what {name} says"), later("Who denies it")),
    Asked.NEWS: (later("Newest by and about {name}"), later("Newest")),
    Asked.SAYERS: (later("What is said about {name}"), later("Who says it")),
    Asked.TRUE: (later("What is said about {name}"), later("Who says it, and who denies it")),
    Asked.OTHER: (later("What is said by and about {name}"), later("I can't answer that; what I have on it")),
}
_BY = {
    Asked.SAID: later("Said by {name}"),
    Asked.DENIED: later("Denied by {name}"),
    Asked.NEWS: later("Newest by {name}"),
}
_NOTHING = {
    Asked.SAID: (later("I have no claim by {name}"), later("I have no such claim")),
    Asked.DENIED: (later("I have no denial by {name}"), later("I have no such denial")),
    Asked.DENIERS: (later("I have nobody who denies what {name} says"), later("I have nobody who denies it")),
    Asked.NEWS: (later("I have nothing by or about {name}"), later("I have nothing")),
    Asked.SAYERS: (later("I have nobody who says anything about {name}"), later("I have nobody who says so")),
    Asked.TRUE: (later("I have nothing about {name}"), later("I have no claim that says so, and none that denies it")),
}


def answer(question: Question, given: Answer, bot: str) -> Reply:
    """Return what the archive answers to a question."""
    match given:
        case Dossier():
            return dossier(given, bot)
        case SeveralPersons(candidates):
            return Reply(Markup(_("Several people bear that name. Whom do you mean?")), _pick(question, candidates))
        case NobodyFound(asked, nearest):
            return Reply(nobody(asked, nearest), _pick(question, nearest))
        case Holders():
            return _holders(given)
        case Finds():
            return finds(given, bot)
        case Fellows():
            return _fellows(given)
        case ClaimsFound():
            return _claims(given, bot)
        case NothingFound():
            return _nothing(given)


def ask_claims() -> Reply:
    """Return how to ask for claims."""
    return Reply(
        Markup(_("Whose claims? Write a name after it, and a topic if you like: <code>/claims Name about topic</code>"))
    )


def forgotten() -> str:
    """Return what a tap on a button of an answer tells whose question is not known any more."""
    return _("I don't know any more what was asked here. Please ask again.")


def _claims(found: ClaimsFound, bot: str) -> Reply:
    """Return a page of claims; where one person says them all, without their name on each line."""
    by_one = found.person is not None and found.question.asked in (Asked.SAID, Asked.DENIED)
    blocks = [_title(found), *_caution(found), Markup("")]
    split = found.denials and not _all_deny(found)
    for number, each in enumerate(found.claims):
        first = each.id in found.denials and (number == 0 or found.claims[number - 1].id not in found.denials)
        if split and first:
            blocks.append(Markup("<b>{}</b>").format(_("Denied or doubted")))
        one = each.claimant is not None and found.person is not None and each.claimant.person == found.person.id
        told = said(each, LISTED_LENGTH) if by_one and one else claim(each, LISTED_LENGTH)
        blocks.append(join([dated(each, told, bot), *ties(each, bot)]))
    if not found.claims:
        blocks.append(Markup(_("That is all.")))
    return Reply(fit(blocks), _turn(found))


def _title(found: ClaimsFound) -> Markup:
    about_somebody, about_words = _TITLES[found.question.asked if found.question.asked in _TITLES else Asked.SAID]
    if found.doubted:
        about_somebody = later("No denial by {name}, but a doubt")
    if _all_deny(found):
        about_words = later("I have nobody who says so, but it is denied or doubted")
    if found.person is None and found.question.person and found.question.asked in _BY:
        # An outlet, or those who are called by what they are: "the auditors".
        about_somebody, name = _BY[found.question.asked], shorten(found.question.person, NAME_LENGTH)
    else:
        name = shorten(found.person.name, NAME_LENGTH) if found.person else ""
    title = Markup("<b>{}</b>").format(_(about_somebody).format(name=name) if name else _(about_words))
    asked_for = found.question.topic or (None if name else found.question.person)
    if asked_for:
        title = Markup(_("{title}: “{words}”")).format(title=title, words=shorten(asked_for, NAME_LENGTH))
    period = _when(found.question, found.period)
    return Markup("{}, {}").format(title, period) if period else title


def _all_deny(found: ClaimsFound) -> bool:
    return found.page == 0 and bool(found.claims) and all(claim.id in found.denials for claim in found.claims)


def _caution(found: ClaimsFound) -> list[Markup]:
    lines = []
    if found.near:
        lines.append(Markup("<i>{}</i>").format(_("No claim has all these words; these come near.")))
    if found.question.when and found.period == Period():
        lines.append(
            Markup("<i>{}</i>").format(
                _("I can't read “{words}” as a time, so these are of any time.").format(
                    words=shorten(found.question.when, NAME_LENGTH)
                )
            )
        )
    return lines


def _when(question: Question, period: Period) -> str:
    """Return the time that was understood, so that a misunderstanding shows."""
    if question.when is None or period == Period():
        return ""
    first = short_day(period.since) if period.since else None
    last = short_day(period.until - _A_MOMENT) if period.until else None
    if first and last:
        return first if first == last else _("{first} – {last}").format(first=first, last=last)
    return _("since {day}").format(day=first) if first else _("until {day}").format(day=last)


def _nothing(found: NothingFound) -> Reply:
    about_somebody, about_words = _NOTHING.get(found.question.asked, _NOTHING[Asked.SAID])
    person, topic = found.person, shorten(found.question.topic or "", NAME_LENGTH)
    nothing = _(about_somebody).format(name=shorten(person.name, NAME_LENGTH)) if person else _(about_words)
    if topic:
        within = _("{nothing} with the words of “{words}”") if person else _("{nothing}: “{words}”")
        nothing = within.format(nothing=nothing, words=topic)
    period = _when(found.question, found.period)
    sentence = _("{nothing}, {period}.").format(nothing=nothing, period=period) if period else f"{nothing}."
    text = Markup("{}").format(sentence)
    if topic:
        elsewhere = Markup(_("<code>/search {words}</code> looks into whole articles.")).format(words=topic)
        text = join([text, elsewhere])
    if found.person is None:
        return Reply(text)
    return Reply(text, ((_who(found.person),),))


def _fellows(found: Fellows) -> Reply:
    name = shorten(found.person.name, NAME_LENGTH)
    if not found.fellows:
        return Reply(Markup(_("No article names anybody together with <b>{name}</b>.")).format(name=name))
    lines = [
        Markup("{}  {}").format(_articles(fellow.articles), shorten(fellow.name, NAME_LENGTH))
        for fellow in found.fellows
    ]
    rows = tuple(
        (Button(f"{shorten(fellow.name, 44)} ({_articles(fellow.articles)})", f"who:{fellow.person}:0"),)
        for fellow in found.fellows[:6]
    )
    return Reply(fit([Markup(_("<b>Named with {name}</b>")).format(name=name), Markup(""), *lines]), rows)


def _holders(found: Holders) -> Reply:
    lines = []
    for each in found.holders:
        name, role = shorten(each.person.name, NAME_LENGTH), shorten(each.role.job_title, 160)
        told = Markup(_("<i>former</i> {role} (until {day})")) if each.former else Markup("{role} ({day})")
        lines.append(Markup("<b>{}</b>, {}").format(name, told.format(role=role, day=short_day(each.role.seen_at))))
    title = Markup(_("Who is called “{words}”")).format(words=shorten(found.question.person or "", NAME_LENGTH))
    return Reply(fit([title, Markup(""), *lines]), choices(tuple(each.person for each in found.holders)))


def _articles(count: int) -> str:
    return ngettext("{count} article", "{count} articles", count).format(count=count)


def _pick(question: Question, candidates: tuple[PersonReference, ...]) -> tuple[tuple[Button, ...], ...]:
    """Return a button for each person; a tap asks the same question for them."""
    if question.asked is Asked.WHO:
        return choices(candidates)
    return tuple(
        (Button(row[0].label, f"whom:{person.id}"),)
        for row, person in zip(choices(candidates), candidates, strict=True)
    )


def _turn(found: ClaimsFound) -> tuple[tuple[Button, ...], ...]:
    person = found.person
    about = (_who(person),) if person else ()
    return tuple(each for each in (turning("ask", found.page, has_older=found.has_older), about) if each)


def _who(person: PersonReference) -> Button:
    return Button(_("Who is {name}?").format(name=shorten(person.name, 40)), f"who:{person.id}:0")
