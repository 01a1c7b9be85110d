"""Putting right: what can be, what has been, who did, and what others are told of it."""

from collections.abc import Sequence
from datetime import datetime

from babel.lists import format_list
from markupsafe import Markup

from domain.correcting import (
    CannotUndo,
    Correctable,
    Correcting,
    EndedBefore,
    History,
    HistoryEntry,
    Made,
    NothingToChange,
    NotUnderstood,
    PersonPlace,
    TiePlace,
    Unclear,
    Undoing,
    Undone,
)
from domain.corrections import Correction, CorrectionKind, CorrectionState, Editor
from domain.extraction import Factuality
from domain.identity import Contradicts, JudgementOutcome, Merged, OneAlready
from domain.ledger import ArticleReference, LedgerClaim, PersonReference, RelationKind, RelationState
from handlers.replies import Button, Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import later, locale
from handlers.replies.layout import fit, shorten
from handlers.replies.wording import NAME_LENGTH, day, headline, minute, outlet, published, short_day
from handlers.replies.wording import claim as as_told

PER_PAGE = 8
WORDS_LENGTH = 160
CHANGE_LENGTH = 200
EDITS_SHOWN = 5
LABEL_LENGTH = 48

# How surely, as a button says it; the order is that of the buttons.
STATUSES = (
    (Factuality.CERTAIN, later("says so")),
    (Factuality.PROBABLE, later("probably")),
    (Factuality.POSSIBLE, later("possibly")),
    (Factuality.DENIED, later("denies it")),
    (Factuality.UNKNOWN, later("unconfirmed")),
    (Factuality.IMPROBABLE, later("doubts it")),
)
_OF_SOMEBODY = frozenset({Factuality.DENIED, Factuality.IMPROBABLE})
_HELD = {
    Factuality.CERTAIN: later("certain"),
    Factuality.PROBABLE: later("probable"),
    Factuality.POSSIBLE: later("possible"),
    Factuality.DENIED: later("denied"),
    Factuality.IMPROBABLE: later("doubted"),
    Factuality.NOT_POSSIBLE: later("not possible"),
    Factuality.UNKNOWN: later("unconfirmed"),
}
# What holds already, where it is neither a name nor a text.
_HOLDS = (later("nobody by name"), later("none"), later("it is so"), later("it is not so"))
_LABELS = {
    CorrectionKind.HEADLINE: later("Headline"),
    CorrectionKind.DATE: later("Date"),
    CorrectionKind.PUBLISHER: later("Publisher"),
}
_FIELDS = {
    CorrectionKind.HEADLINE: later("headline: <b>{now}</b>, not {before}"),
    CorrectionKind.DATE: later("date: <b>{now}</b>, not {before}"),
    CorrectionKind.PUBLISHER: later("publisher: <b>{now}</b>, not {before}"),
}
_CLAIM_KINDS = {
    "s": later("Whose speaker is wrong?"),
    "c": later("Which is not a claim?"),
    "f": later("Whose status is wrong?"),
}
_PERSON_KINDS = {
    "w": later("Who is taken for somebody else?"),
    "n": later("Which is not a person?"),
    "j": later("Who is the same person as somebody else?"),
}


# What one claim is to another: for sure, perhaps, and as somebody has said it is, or is not.
_TIES = {
    RelationKind.REPEATS: (
        later("“{one}” ({source}) <b>repeats</b> “{other}” ({from_source})"),
        later("“{one}” ({source}) <b>repeats perhaps</b> “{other}” ({from_source})"),
        later("<b>it is so</b> that “{one}” repeats “{other}”"),
        later("<b>it is not so</b> that “{one}” repeats “{other}”"),
    ),
    RelationKind.CORROBORATES: (
        later("“{one}” ({source}) <b>bears out</b> “{other}” ({from_source})"),
        later("“{one}” ({source}) <b>bears out perhaps</b> “{other}” ({from_source})"),
        later("<b>it is so</b> that “{one}” bears out “{other}”"),
        later("<b>it is not so</b> that “{one}” bears out “{other}”"),
    ),
    RelationKind.CONTRADICTS: (
        later("“{one}” ({source}) <b>contradicts</b> “{other}” ({from_source})"),
        later("“{one}” ({source}) <b>contradicts perhaps</b> “{other}” ({from_source})"),
        later("<b>it is so</b> that “{one}” contradicts “{other}”"),
        later("<b>it is not so</b> that “{one}” contradicts “{other}”"),
    ),
    RelationKind.DENIES: (
        later("“{one}” ({source}) <b>denies</b> “{other}” ({from_source})"),
        later("“{one}” ({source}) <b>denies perhaps</b> “{other}” ({from_source})"),
        later("<b>it is so</b> that “{one}” denies “{other}”"),
        later("<b>it is not so</b> that “{one}” denies “{other}”"),
    ),
    RelationKind.UPDATES: (
        later("“{one}” ({source}) <b>brings up to date</b> “{other}” ({from_source})"),
        later("“{one}” ({source}) <b>brings up to date perhaps</b> “{other}” ({from_source})"),
        later("<b>it is so</b> that “{one}” brings up to date “{other}”"),
        later("<b>it is not so</b> that “{one}” brings up to date “{other}”"),
    ),
}
_QUESTIONS = {
    "headline": later("What is the headline of “{words}”? A dash is none."),
    "date": later("On which day was “{words}” published? As in: 11 March 2026. A dash is none."),
    "publisher": later("Who published “{words}”? A dash is nobody known."),
    "speaker": later("Who says “{words}”? Write the name."),
    "person": later("Who is “{words}” in this article? Write the name."),
    "same": later("Who is the same person as {words}? Write the name."),
}


def menu(found: Correctable) -> Reply:
    """Return what can be put right in an article."""
    number = found.article.id
    rows: list[tuple[Button, ...]] = []
    if found.claims:
        rows.append((Button(_("Wrong speaker"), f"fix:{number}:ls:0"), Button(_("Wrong status"), f"fix:{number}:lf:0")))
        rows.append((Button(_("Not a claim"), f"fix:{number}:lc:0"),))
    if found.people:
        rows.append((Button(_("Wrong person"), f"fix:{number}:lw:0"), Button(_("Not a person"), f"fix:{number}:ln:0")))
        rows.append((Button(_("Same person as …"), f"fix:{number}:lj:0"),))
    if found.ties:
        rows.append((Button(_("Who denies or repeats whom"), f"fix:{number}:lr:0"),))
    edits = tuple(Button(_(name), f"fix:{number}:{kind.value[0]}") for kind, name in _LABELS.items())
    rows += [
        edits,
        (Button(_("Forget this article"), f"fix:{number}:e"),),
        (Button(_("‹ Nothing is wrong"), f"fix:{number}:x"),),
    ]
    return Reply(Markup(_("What is wrong in <b>{headline}</b>?")).format(headline=headline(found.article)), tuple(rows))


def this_article() -> str:
    """Return what an article without a headline is called in a question."""
    return _("this article")


def closed() -> Reply:
    """Return that nothing was changed."""
    return Reply(Markup(_("Nothing was changed.")))


def claims(found: Correctable, kind: str, page: int) -> Reply:
    """Return a page of an article's claims to choose from."""
    lines = [
        Markup("{}. {}").format(number, as_told(each, WORDS_LENGTH))
        for number, each in enumerate(found.claims, start=1)
    ]
    numbers = [each.id for each in found.claims]
    return _choice(found.article, _(_CLAIM_KINDS[kind]), lines, numbers, kind, page)


def people(found: Correctable, kind: str, page: int) -> Reply:
    """Return a page of an article's people to choose from."""
    lines = [Markup("{}. {}").format(number, _person(each)) for number, each in enumerate(found.people, start=1)]
    numbers = [each.id for each in found.people]
    return _choice(found.article, _(_PERSON_KINDS[kind]), lines, numbers, kind, page)


def _choice(
    article: ArticleReference, title: str, lines: Sequence[Markup], numbers: Sequence[int], kind: str, page: int
) -> Reply:
    page = min(page, max(0, (len(lines) - 1) // PER_PAGE))
    shown = slice(page * PER_PAGE, (page + 1) * PER_PAGE)
    picks = [
        Button(str(page * PER_PAGE + place), f"fix:{article.id}:{kind}:{number}")
        for place, number in enumerate(numbers[shown], start=1)
    ]
    rows = [tuple(picks[:4]), tuple(picks[4:]), _turn(f"fix:{article.id}:l{kind}:", page, len(lines))]
    head = [Markup("<b>{}</b>").format(headline(article)), Markup("{}").format(title), Markup("")]
    return Reply(fit([*head, *lines[shown]]), _rows(*rows, (_back(article.id),)))


def speakers(found: Correctable, claim: LedgerClaim, page: int) -> Reply:
    """Return who may have made a claim."""
    number = found.article.id
    page = min(page, max(0, (len(found.people) - 1) // PER_PAGE))
    shown = found.people[page * PER_PAGE : (page + 1) * PER_PAGE]
    rows: list[tuple[Button, ...]] = [
        (Button(shorten(each.name, LABEL_LENGTH), f"fix:{number}:s:{claim.id}:{each.id}"),) for each in shown
    ]
    rows.append(_turn(f"fix:{number}:sp:{claim.id}:", page, len(found.people)))
    rows.append(
        (
            Button(_("Somebody else …"), f"fix:{number}:st:{claim.id}"),
            Button(_("Nobody named"), f"fix:{number}:sn:{claim.id}"),
        )
    )
    text = Markup(_("{claim}\n\nWho says it?")).format(claim=as_told(claim, WORDS_LENGTH))
    return Reply(text, _rows(*rows, (_back(number, "ls:0"),)))


def unknown_speaker(article: int, claim: int, name: str, candidates: Sequence[PersonReference]) -> Reply:
    """Return whether a name that nobody bears for sure is meant so, or somebody who is called much like it."""
    rows: list[tuple[Button, ...]] = [(_candidate(each, f"fix:{article}:s:{claim}:{each.id}"),) for each in candidates]
    rows.append((Button(_("Yes, {name}").format(name=shorten(name, LABEL_LENGTH)), f"fix:{article}:sy:{claim}"),))
    rows.append((Button(_("Another name …"), f"fix:{article}:st:{claim}"), _back(article, "ls:0")))
    text = Markup(_("I don't know just one “{name}”. Is the name right?")).format(name=shorten(name, NAME_LENGTH))
    return Reply(text, tuple(rows))


def statuses(found: Correctable, claim: LedgerClaim) -> Reply:
    """Return how surely a claim may be held."""
    number = found.article.id
    # What nobody in particular says, nobody denies or doubts.
    offered = [
        Button(_(label), f"fix:{number}:f:{claim.id}:{place}")
        for place, (value, label) in enumerate(STATUSES)
        if claim.kind is not None or value not in _OF_SOMEBODY
    ]
    text = Markup(_("{claim}\n\nNow: {status}. What holds?")).format(
        claim=as_told(claim, WORDS_LENGTH), status=_(_HELD[claim.factuality])
    )
    return Reply(text, _rows(tuple(offered[:3]), tuple(offered[3:]), (_back(number, "lf:0"),)))


def ties(found: Correctable, page: int) -> Reply:
    """Return a page of what an article's claims are to others, to choose from."""
    lines = [Markup("{}. {}").format(number, _tie(each)) for number, each in enumerate(found.ties, start=1)]
    numbers = [each.relation for each in found.ties]
    return _choice(found.article, _("Which is wrong, or right for sure?"), lines, numbers, "r", page)


def tie(found: Correctable, chosen: TiePlace) -> Reply:
    """Return what a claim is to another one, to be confirmed or rejected."""
    number = found.article.id
    row = tuple(
        Button(label, f"fix:{number}:r:{chosen.relation}:{value}")
        for label, value in ((_("It is so"), 1), (_("It is not so"), 0))
    )
    return Reply(Markup(_("{tie}\n\nIs that so?")).format(tie=_tie(chosen)), (row, (_back(number, "lr:0"),)))


def others(found: Correctable, person: PersonPlace, candidates: Sequence[PersonReference]) -> Reply:
    """Return whom an article may mean by a name."""
    number = found.article.id
    rows: list[tuple[Button, ...]] = [
        (_candidate(each, f"fix:{number}:w:{person.id}:{each.id}"),) for each in candidates
    ]
    rows.append(
        (
            Button(_("A new person"), f"fix:{number}:wn:{person.id}"),
            Button(_("Somebody else …"), f"fix:{number}:wt:{person.id}"),
        )
    )
    text = Markup(_("<b>{name}</b> in “{headline}” is taken for {known}. Who is it?")).format(
        name=shorten(person.name, NAME_LENGTH), headline=headline(found.article), known=_called(person.shown_as)
    )
    return Reply(text, _rows(*rows, (_back(number, "lw:0"),)))


def same(person: PersonReference, candidates: Sequence[PersonReference]) -> Reply:
    """Return who may be the same person as somebody."""
    rows: list[tuple[Button, ...]] = [(_candidate(each, f"same:{person.id}:{each.id}"),) for each in candidates]
    rows.append((Button(_("Another name …"), f"same:{person.id}:t"),))
    text = Markup(_("Who is the same person as <b>{name}</b>?")).format(name=shorten(person.name, NAME_LENGTH))
    return Reply(text, _rows(*rows, (Button(_("‹ Nobody"), "fix:0:x"),)))


def which_article(
    person: PersonReference, named_in: Sequence[tuple[ArticleReference, int]], page: int, has_older: bool
) -> Reply:
    """Return the articles that name somebody, to pick the one that means somebody else."""
    lines = [
        Markup("{}. {} ({})").format(place, headline(article), short_day(article.seen_at))
        for place, (article, _row) in enumerate(named_in, start=1)
    ]
    picks = [Button(str(place), f"fix:{article.id}:w:{row}") for place, (article, row) in enumerate(named_in, start=1)]
    turn = []
    if page > 0:
        turn.append(Button(_("‹ Newer"), f"split:{person.id}:{page - 1}"))
    if has_older:
        turn.append(Button(_("Older ›"), f"split:{person.id}:{page + 1}"))
    title = Markup(_("Which article means another <b>{name}</b>?")).format(name=shorten(person.name, NAME_LENGTH))
    one = (Button(_("Two names of one person …"), f"same:{person.id}:m"),)
    close = (Button(_("‹ Nothing is wrong"), "fix:0:x"),)
    return Reply(fit([title, Markup(""), *lines]), _rows(tuple(picks[:4]), tuple(picks[4:]), tuple(turn), one, close))


def forget(article: ArticleReference) -> Reply:
    """Return what forgetting an article means, before it is done."""
    text = Markup(
        _(
            "Forget <b>{headline}</b>? Its claims, and people whom only it names, disappear from every answer and "
            "digest. For a day this can be undone; then it is erased for good."
        )
    ).format(headline=headline(article))
    return Reply(text, ((Button(_("Forget it"), f"fix:{article.id}:E"), _back(article.id)),))


def prompt(ask: str, about: str, asked: Editor | None, problem: str | None = None) -> Reply:
    """Return a question that is answered by writing; in a group, it names whom it is for.

    ``problem`` says why the last answer could not be taken.
    """
    question = Markup(_(_QUESTIONS[ask])).format(words=shorten(about, WORDS_LENGTH))
    if problem:
        question = Markup("{}\n{}").format(problem, question)
    if asked is not None:
        question = Markup('<a href="tg://user?id={}">{}</a>: {}').format(asked.user, _name(asked.name), question)
    return Reply(question, asks=True)


def outcome(became: Correcting, article: int | None = None) -> Reply | str:
    """Return what holds now; a sentence where nothing has changed."""
    match became:
        case Made(correction):
            row = [Button(_("Undo"), f"undo:{correction.id}")]
            if article is not None and correction.new.kind is not CorrectionKind.FORGOTTEN:
                row.append(Button(_("More is wrong"), f"fix:{article}:m"))
            return Reply(Markup(_("Put right: {change}")).format(change=what(correction)), (tuple(row),))
        case NothingToChange(holds):
            holds = shorten(_in_words(holds), WORDS_LENGTH)
            return _("It is so already: {what}. Nothing was changed.").format(what=holds)
        case NotUnderstood():
            return not_understood(became)
        case _:
            return gone()


def not_understood(became: NotUnderstood) -> str:
    """Return why what was typed cannot be taken, and what can."""
    about = became.about
    match became.why:
        case Unclear.NO_NAME:
            return _("I need a name of a few words, as in: Ingeborg Tveitan")
        case Unclear.NO_DATE:
            why = _("I don't read a date there.")
        case Unclear.NOT_YET:
            why = _("{day} has not been yet.").format(day=day(became.day) if became.day else "")
        case Unclear.NO_WORDS:
            return (
                _("I need a headline with words in it, or a dash for none.")
                if about is CorrectionKind.HEADLINE
                else _("I need a publisher with words in it, or a dash for none.")
            )
        case Unclear.TOO_LONG:
            text = (
                _("This is {length} characters long; a headline has at most {longest}.")
                if about is CorrectionKind.HEADLINE
                else _("This is {length} characters long; a publisher has at most {longest}.")
            )
            return text.format(length=became.length, longest=became.longest)
    return f"{why} {_('I need a day, as in: 11 March 2026, 2026-03-11 or yesterday; a dash is no date.')}"


def undone(became: Undoing) -> Reply:
    """Return what became of taking a correction back."""
    match became:
        case Undone(correction):
            return Reply(Markup(_("Undone. This does not hold any more: {change}")).format(change=what(correction)))
        case EndedBefore(correction):
            text = (
                _("This was undone before: {change}")
                if correction.state is CorrectionState.UNDONE
                else _("This does not hold any more: {change}")
            )
            return Reply(Markup(text).format(change=what(correction)))  # noqa: S704  # a text of ours
        case CannotUndo():
            return Reply(
                Markup(_("Its text has been forwarded again since, so it is here already, as another article."))
            )
        case _:
            return Reply(Markup(_("There is nothing here to undo.")))


def gone() -> str:
    """Return what a tap tells whose article, claim or person is not here (any more)."""
    return _("This is not in this chat's archive any more.")


def judged(became: JudgementOutcome) -> Reply | str:
    """Return what holds of two persons now."""
    match became:
        case Merged(correction, person):
            text = Markup(_("Put right: they are one person, shown as <b>{name}</b>.")).format(name=_called(person))
            return Reply(text, ((Button(_("Undo"), f"undo:{correction}"),),))
        case Contradicts(earlier):
            text = Markup(_("It was said before: {change}. Undo that first.")).format(change=what(earlier))
            return Reply(text, ((Button(_("Undo {number}").format(number=earlier.id), f"undo:{earlier.id}"),),))
        case OneAlready():
            return _("They are one person already.")
        case _:
            return gone()


def nobody_called(name: str) -> str:
    """Return that no name fits."""
    return _("I don't know “{name}”.").format(name=shorten(name, NAME_LENGTH))


def which_card() -> Reply:
    """Return how to say what is to be put right."""
    return Reply(Markup(_("Answer to the card of an article with /fix, or tap [Wrong?] under it.")))


def forgotten(correction: Correction) -> Reply:
    """Return what stands in the place of the card of a forgotten article."""
    text = Markup(_("This article is forgotten: <b>{headline}</b>. In a day it is erased for good."))
    return Reply(text.format(headline=_headline(correction)), ((Button(_("Undo"), f"undo:{correction.id}"),),))


def notice(made: Sequence[Correction], *, is_undone: bool) -> Reply:
    """Return what a chat is told that was told something else before."""
    if len(made) == 1:
        one = Markup(_("Taken back, the first was right: {change}") if is_undone else _("Correction: {change}"))  # noqa: S704  # both are texts of ours
        return Reply(one.format(change=put_right(made[0])))
    head = _("Taken back, the first was right:") if is_undone else _("Corrections:")
    return Reply(fit([Markup("{}").format(head), *(Markup("• {}").format(put_right(each)) for each in made)]))


def reopened(correction: Correction) -> Reply:
    """Return what whoever put something right is told when the article's text has changed there."""
    return Reply(
        Markup(
            _("The text of “{headline}” changed, so what {name} put right there does not hold any more: {change}")
        ).format(
            headline=_headline(correction),
            name=_name(correction.new.editor.name, _("somebody")),
            change=what(correction),
        )
    )


def history(found: History) -> Reply:
    """Return a page of what was corrected, and of one article also how it was edited."""
    about = f":{found.article.id}" if found.article else ""
    title = Markup("<b>{}</b>").format(_("What was put right"))
    if found.article:
        title = Markup(_("<b>What was put right in “{headline}”</b>")).format(headline=headline(found.article))
    lines = [_entry(each) for each in found.entries] or [Markup(_("Nothing so far."))]
    edits = [line for edit in found.edits[:EDITS_SHOWN] for line in _edit(edit.at, edit.changes)]
    if edits:
        edits = [Markup(""), Markup("<b>{}</b>").format(_("Edited")), *edits]
    undo = [
        Button(_("Undo {number}").format(number=each.correction.id), f"undo:{each.correction.id}:{found.page}")
        for each in found.entries
        if each.correction.state is CorrectionState.STANDING
    ]
    turn = []
    if found.page > 0:
        turn.append(Button(_("‹ Newer"), f"history:{found.page - 1}{about}"))
    if found.has_older:
        turn.append(Button(_("Older ›"), f"history:{found.page + 1}{about}"))
    return Reply(fit([title, *lines, *edits]), _rows(tuple(undo[:4]), tuple(undo[4:]), tuple(turn)))


def _entry(entry: HistoryEntry) -> Markup:
    correction = entry.correction
    # Whoever had their name erased is somebody.
    who = _name(correction.new.editor.name, _("somebody"))
    line = Markup("{}. {}, <b>{}</b>: {}").format(correction.id, minute(correction.made_at), who, what(correction))
    if entry.article is not None:
        line += Markup(" (/a{})").format(entry.article.id)
    if correction.state is CorrectionState.STANDING or correction.ended_at is None:
        return line
    ended = short_day(correction.ended_at)
    if correction.state is CorrectionState.REOPENED:
        return line + Markup(" <i>{}</i>").format(_("— until {day}, when the article's text changed").format(day=ended))
    by = _name(correction.ended_by, _("somebody"))
    return line + Markup(" <i>{}</i>").format(_("— undone on {day} by {name}").format(day=ended, name=by))


def _edit(at: datetime, changes: Sequence[tuple[str, str]]) -> list[Markup]:
    lines = [Markup("{}").format(minute(at))]
    for before, after in changes[:EDITS_SHOWN]:
        old = Markup("<s>{}</s> ").format(shorten(before, CHANGE_LENGTH)) if before else Markup("")
        new = Markup("<u>{}</u>").format(shorten(after, CHANGE_LENGTH)) if after else Markup("")
        lines.append(Markup("  {}{}").format(old, new))
    return lines


def what(correction: Correction) -> Markup:
    """Return a correction in words: what holds, and what the machine had said."""
    said, now, kind = correction.new.said, correction.new.corrected, correction.new.kind
    match kind:
        case CorrectionKind.SPEAKER:
            return Markup(_("“{text}”: said by <b>{now}</b>, not by {before}")).format(
                text=_words(said["text"]),
                now=_name(now.get("name"), _("nobody named")),
                before=_name(said.get("source"), _("the article itself")),
            )
        case CorrectionKind.NOT_A_CLAIM:
            return Markup(_("no claim: “{text}”")).format(text=_words(said["text"]))
        case CorrectionKind.FACTUALITY:
            return Markup(_("“{text}”: <b>{now}</b>, not {before}")).format(
                text=_words(said["text"]), now=_held(now["factuality"]), before=_held(said["factuality"])
            )
        case CorrectionKind.NOT_A_PERSON:
            return Markup(_("“{name}” is <b>nobody</b>")).format(name=_words(said["name"]))
        case CorrectionKind.ANOTHER_PERSON:
            text = (
                Markup(_("“{name}” is <b>{now}</b>, somebody new, not the {before} known before"))
                if now.get("new")
                else Markup(_("“{name}” is <b>{now}</b>, not the {before} known before"))
            )
            return text.format(name=_words(said["name"]), now=_name(now["name"]), before=_name(said["shown_as"]))
        case CorrectionKind.HEADLINE | CorrectionKind.DATE | CorrectionKind.PUBLISHER:
            return Markup(_(_FIELDS[kind])).format(
                now=_of_itself(kind, now["value"]), before=_of_itself(kind, said["value"])
            )
        case CorrectionKind.FORGOTTEN:
            return Markup(_("forgotten: {headline}")).format(headline=_headline(correction))
        case CorrectionKind.RELATION:
            return _relation(correction)
        case _:
            return _identity(correction)


def put_right(correction: Correction) -> Markup:
    """Return a correction as those read it who were told what it puts right."""
    said, now = correction.new.said, correction.new.corrected
    match correction.new.kind:
        case CorrectionKind.SPEAKER:
            text = (
                Markup(_("“{text}” was given to {before}; {now} said it."))
                if now.get("name")
                else Markup(_("“{text}” was given to {before}; it stays open who said it."))
            )
            before = _name(said.get("source"), _("the article itself"))
            return text.format(text=_words(said["text"]), before=before, now=_name(now.get("name")))
        case CorrectionKind.NOT_A_CLAIM:
            return Markup(_("“{text}” was told as a claim; “{headline}” makes no such claim.")).format(
                text=_words(said["text"]), headline=_headline(correction)
            )
        case CorrectionKind.FACTUALITY:
            return Markup(_("“{text}” was told as {before}; it is {now}.")).format(
                text=_words(said["text"]), before=_held(said["factuality"]), now=_held(now["factuality"])
            )
        case CorrectionKind.NOT_A_PERSON:
            return Markup(_("“{name}” in “{headline}” was told as a person; it is none.")).format(
                name=_words(said["name"]), headline=_headline(correction)
            )
        case CorrectionKind.ANOTHER_PERSON:
            return Markup(_("{name} in “{headline}” was taken for {before}; it is another person, {now}.")).format(
                name=_name(said["name"]),
                headline=_headline(correction),
                before=_name(said["shown_as"]),
                now=_name(now["name"]),
            )
        case _:
            return Markup(_("in “{headline}”, {change}")).format(
                headline=_headline(correction), change=what(correction)
            )


def _identity(correction: Correction) -> Markup:
    names = [_name(str(each.get("name", ""))) for each in correction.new.said.get("persons", ())]
    one, other = names if len(names) == 2 else (format_list(names, locale=locale()), "")
    says = {
        CorrectionKind.SAME_PERSON: Markup(_("{one} and {other}: <b>one person</b>")),
        CorrectionKind.DIFFERENT_PERSONS: Markup(_("{one} and {other}: <b>two people</b>")),
        CorrectionKind.UNSURE: Markup(_("{one} and {other}: <b>not known whether one person</b>")),
    }
    return says[correction.new.kind].format(one=one, other=other)


def _relation(correction: Correction) -> Markup:
    said = correction.new.said
    is_so = correction.new.corrected.get("state") == RelationState.CONFIRMED
    one, other = (_words(each["text"]) for each in said["claims"])
    sentence = _TIES[RelationKind(said["kind"])][2 if is_so else 3]
    return Markup(_(sentence)).format(one=one, other=other)


def _tie(tie: TiePlace) -> Markup:
    one, other = (tie.claim, tie.other) if tie.outgoing else (tie.other, tie.claim)
    sentence = _TIES[tie.kind][tie.state is RelationState.SUGGESTED]
    return Markup(_(sentence)).format(
        one=_words(one.text), source=outlet(one.article), other=_words(other.text), from_source=outlet(other.article)
    )


def _person(person: PersonPlace) -> Markup:
    name = Markup("<b>{}</b>").format(shorten(person.name, NAME_LENGTH))
    known = person.shown_as.name
    if known == person.name:
        return name
    return Markup(_("{name}, taken for {known}")).format(name=name, known=shorten(known, NAME_LENGTH))


def _called(person: PersonReference) -> str:
    return shorten(person.name, NAME_LENGTH)


def _candidate(person: PersonReference, data: str) -> Button:
    known = [str(person.articles)] if person.articles else []
    known += [short_day(person.last_seen)] if person.last_seen else []
    told = f" ({', '.join(known)})" if known else ""
    return Button(f"{shorten(person.called, LABEL_LENGTH)}{told}", data)


def _words(text: str) -> str:
    return shorten(text, WORDS_LENGTH)


def _name(name: str | None, otherwise: str | None = None) -> str:
    return shorten(name, NAME_LENGTH) if name else otherwise or _("nobody")


def _in_words(holds: str) -> str:
    if holds in set(Factuality):
        return _held(holds)
    return _(holds) if holds in _HOLDS else holds


def _held(value: str) -> str:
    return _(_HELD[Factuality(value)])


def _headline(correction: Correction) -> str:
    return shorten(correction.new.said.get("headline") or _("an article without a headline"), WORDS_LENGTH)


def _of_itself(kind: CorrectionKind, value: str | None) -> str:
    if value is None:
        return _("none")
    return published(value) or value if kind is CorrectionKind.DATE else shorten(value, WORDS_LENGTH)


def _turn(data: str, page: int, count: int) -> tuple[Button, ...]:
    turn = []
    if page > 0:
        turn.append(Button(_("‹ Before"), f"{data}{page - 1}"))
    if (page + 1) * PER_PAGE < count:
        turn.append(Button(_("More ›"), f"{data}{page + 1}"))
    return tuple(turn)


def _back(article: int, to: str = "m") -> Button:
    return Button(_("‹ Back"), f"fix:{article}:{to}")


def _rows(*rows: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(row for row in rows if row)
