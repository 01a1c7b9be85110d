"""Answers to questions: claims newest first, people, or that nothing was found; each line leads back to its article."""

from datetime import timedelta

from markupsafe import Markup, escape

from domain.ledger import Dossier, Finds, NobodyFound, PersonReference, SeveralPersons
from domain.questions import Answer, Asked, ClaimsFound, Fellows, Holders, NothingFound, Period, Question
from handlers.replies import Button, Reply
from handlers.replies.layout import fit, join, shorten
from handlers.replies.persons import choices, dated, dossier, finds, nobody, turning
from handlers.replies.wording import LISTED_LENGTH, NAME_LENGTH, claim, said, short_day, ties

_A_MOMENT = timedelta(microseconds=1)
# What heads the claims of an answer: about somebody, and about words alone.
_TITLES = {
    Asked.SAID: ("What {} says", "What is said"),
    Asked.DENIED: ("What {} denies", "What is denied"),
    Asked.DENIERS: ("Who denies what {} says", "Who denies it"),
    Asked.NEWS: ("Newest by and about {}", "Newest"),
    Asked.SAYERS: ("What is said about {}", "Who says it"),
    Asked.TRUE: ("What is said about {}", "Who says it, and who denies it"),
    Asked.OTHER: ("What is said by and about {}", "I can't answer that; what I have on it"),
}
_BY = {Asked.SAID: "Said by {}", Asked.DENIED: "Denied by {}", Asked.NEWS: "Newest by {}"}
_NOTHING = {
    Asked.SAID: ("I have no claim by {}", "I have no such claim"),
    Asked.DENIED: ("I have no denial by {}", "I have no such denial"),
    Asked.DENIERS: ("I have nobody who denies what {} says", "I have nobody who denies it"),
    Asked.NEWS: ("I have nothing by or about {}", "I have nothing"),
    Asked.SAYERS: ("I have nobody who says anything about {}", "I have nobody who says so"),
    Asked.TRUE: ("I have nothing about {}", "I have no claim that says so, and none that denies it"),
}


def answer(question: Question, given: Answer, bot: str) -> Reply:
    """Return what the archive answers to a question."""
    match given:
        case Dossier():
            return dossier(given, bot)
        case SeveralPersons(candidates):
            return Reply(Markup("Several people bear that name. Whom do you mean?"), _pick(question, candidates))
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
        Markup("Whose claims? Write a name after it, and a topic if you like: <code>/claims Name about topic</code>")
    )


def forgotten() -> str:
    """Return what a tap on a button of an answer tells whose question is not known any more."""
    return "I don't know any more what was asked here. Please ask again."


def _claims(found: ClaimsFound, bot: str) -> Reply:
    """Return a page of claims; where one person says them all, without their name on each line."""
    by_one = found.person is not None and found.question.asked in (Asked.SAID, Asked.DENIED)
    blocks = [_title(found), *_caution(found), Markup("")]
    split = found.denials and not _all_deny(found)
    for number, each in enumerate(found.claims):
        first = each.id in found.denials and (number == 0 or found.claims[number - 1].id not in found.denials)
        if split and first:
            blocks.append(Markup("<b>Denied or doubted</b>"))
        one = each.claimant is not None and found.person is not None and each.claimant.person == found.person.id
        told = said(each, LISTED_LENGTH) if by_one and one else claim(each, LISTED_LENGTH)
        blocks.append(join([dated(each, told, bot), *ties(each, bot)]))
    if not found.claims:
        blocks.append(Markup("That is all."))
    return Reply(fit(blocks), _turn(found))


def _title(found: ClaimsFound) -> Markup:
    about_somebody, about_words = _TITLES[found.question.asked if found.question.asked in _TITLES else Asked.SAID]
    if found.doubted:
        about_somebody = "No denial by {}, but a doubt"
    if _all_deny(found):
        about_words = "I have nobody who says so, but it is denied or doubted"
    if found.person is None and found.question.person and found.question.asked in _BY:
        # An outlet, or those who are called by what they are: "the auditors".
        about_somebody, name = _BY[found.question.asked], shorten(found.question.person, NAME_LENGTH)
    else:
        name = shorten(found.person.name, NAME_LENGTH) if found.person else ""
    title = Markup("<b>{}</b>").format(about_somebody.format(name) if name else about_words)
    asked_for = found.question.topic or (None if name else found.question.person)
    if asked_for:
        title += Markup(": “{}”").format(shorten(asked_for, NAME_LENGTH))
    return title + _when(found.question, found.period)


def _all_deny(found: ClaimsFound) -> bool:
    return found.page == 0 and bool(found.claims) and all(claim.id in found.denials for claim in found.claims)


def _caution(found: ClaimsFound) -> list[Markup]:
    lines = []
    if found.near:
        lines.append(Markup("<i>No claim has all these words; these come near.</i>"))
    if found.question.when and found.period == Period():
        lines.append(
            Markup("<i>I can't read “{}” as a time, so these are of any time.</i>").format(
                shorten(found.question.when, NAME_LENGTH)
            )
        )
    return lines


def _when(question: Question, period: Period) -> Markup:
    """Return the time that was understood, so that a misunderstanding shows."""
    if question.when is None or period == Period():
        return Markup("")
    first = short_day(period.since) if period.since else None
    last = short_day(period.until - _A_MOMENT) if period.until else None
    if first and last:
        return escape(f", {first}" if first == last else f", {first} – {last}")
    return escape(f", since {first}" if first else f", until {last}")


def _nothing(found: NothingFound) -> Reply:
    about_somebody, about_words = _NOTHING.get(found.question.asked, _NOTHING[Asked.SAID])
    named = about_somebody.format(shorten(found.person.name, NAME_LENGTH)) if found.person else about_words
    text = Markup("{}").format(named)
    if found.question.topic:
        between = " with the words of" if found.person else ":"
        text += Markup("{} “{}”").format(between, shorten(found.question.topic, NAME_LENGTH))
    text += _when(found.question, found.period) + Markup(".")
    if found.question.topic:
        text += Markup("\n<code>/search {}</code> looks into whole articles.").format(
            shorten(found.question.topic, NAME_LENGTH)
        )
    if found.person is None:
        return Reply(text)
    return Reply(text, ((Button(f"Who is {shorten(found.person.name, 40)}?", f"who:{found.person.id}:0"),),))


def _fellows(found: Fellows) -> Reply:
    name = shorten(found.person.name, NAME_LENGTH)
    if not found.fellows:
        return Reply(Markup("No article names anybody together with <b>{}</b>.").format(name))
    lines = [
        Markup("{}  {}").format(_articles(fellow.articles), shorten(fellow.name, NAME_LENGTH))
        for fellow in found.fellows
    ]
    rows = tuple(
        (Button(f"{shorten(fellow.name, 44)} ({_articles(fellow.articles)})", f"who:{fellow.person}:0"),)
        for fellow in found.fellows[:6]
    )
    return Reply(fit([Markup("<b>Named with {}</b>").format(name), Markup(""), *lines]), rows)


def _holders(found: Holders) -> Reply:
    lines = []
    for each in found.holders:
        name, role = shorten(each.person.name, NAME_LENGTH), shorten(each.role.job_title, 160)
        told = Markup("<i>former</i> {} (until {})") if each.former else Markup("{} ({})")
        lines.append(Markup("<b>{}</b>, {}").format(name, told.format(role, short_day(each.role.seen_at))))
    title = Markup("Who is called “{}”").format(shorten(found.question.person or "", NAME_LENGTH))
    return Reply(fit([title, Markup(""), *lines]), choices(tuple(each.person for each in found.holders)))


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"


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
    about = (Button(f"Who is {shorten(person.name, 40)}?", f"who:{person.id}:0"),) if person else ()
    return tuple(each for each in (turning("ask", found.page, has_older=found.has_older), about) if each)
