"""Putting right: what can be, what has been, who did, and what others are told of it."""

from collections.abc import Sequence
from datetime import datetime

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
    Undoing,
    Undone,
)
from domain.corrections import Correction, CorrectionKind, CorrectionState, Editor
from domain.extraction import Factuality
from domain.identity import Contradicts, JudgementOutcome, Merged, OneAlready
from domain.ledger import ArticleReference, LedgerClaim, PersonReference, RelationKind, RelationState
from handlers.replies import Button, Reply
from handlers.replies.layout import fit, shorten
from handlers.replies.wording import NAME_LENGTH, headline, minute, outlet, published, short_day
from handlers.replies.wording import claim as as_told

PER_PAGE = 8
WORDS_LENGTH = 160
CHANGE_LENGTH = 200
EDITS_SHOWN = 5
LABEL_LENGTH = 48

# How surely, as a button says it; the order is that of the buttons.
STATUSES = (
    (Factuality.CERTAIN, "says so"),
    (Factuality.PROBABLE, "probably"),
    (Factuality.POSSIBLE, "possibly"),
    (Factuality.DENIED, "denies it"),
    (Factuality.UNKNOWN, "unconfirmed"),
    (Factuality.IMPROBABLE, "doubts it"),
)
_OF_SOMEBODY = frozenset({Factuality.DENIED, Factuality.IMPROBABLE})
_HELD = {
    Factuality.CERTAIN: "certain",
    Factuality.PROBABLE: "probable",
    Factuality.POSSIBLE: "possible",
    Factuality.DENIED: "denied",
    Factuality.IMPROBABLE: "doubted",
    Factuality.NOT_POSSIBLE: "not possible",
    Factuality.UNKNOWN: "unconfirmed",
}
_FIELDS = {CorrectionKind.HEADLINE: "headline", CorrectionKind.DATE: "date", CorrectionKind.PUBLISHER: "publisher"}
_CLAIM_KINDS = {"s": "Whose speaker is wrong?", "c": "Which is not a claim?", "f": "Whose status is wrong?"}
_PERSON_KINDS = {
    "w": "Who is taken for somebody else?",
    "n": "Which is not a person?",
    "j": "Who is the same person as somebody else?",
}


_TIES = {
    RelationKind.REPEATS: "repeats",
    RelationKind.CORROBORATES: "bears out",
    RelationKind.CONTRADICTS: "contradicts",
    RelationKind.DENIES: "denies",
    RelationKind.UPDATES: "brings up to date",
}
_QUESTIONS = {
    "headline": Markup("What is the headline of “{}”? A dash is none."),
    "date": Markup("On which day was “{}” published? As in: 11 March 2026. A dash is none."),
    "publisher": Markup("Who published “{}”? A dash is nobody known."),
    "speaker": Markup("Who says “{}”? Write the name."),
    "person": Markup("Who is “{}” in this article? Write the name."),
    "same": Markup("Who is the same person as {}? Write the name."),
}


def menu(found: Correctable) -> Reply:
    """Return what can be put right in an article."""
    number = found.article.id
    rows: list[tuple[Button, ...]] = []
    if found.claims:
        rows.append((Button("Wrong speaker", f"fix:{number}:ls:0"), Button("Wrong status", f"fix:{number}:lf:0")))
        rows.append((Button("Not a claim", f"fix:{number}:lc:0"),))
    if found.people:
        rows.append((Button("Wrong person", f"fix:{number}:lw:0"), Button("Not a person", f"fix:{number}:ln:0")))
        rows.append((Button("Same person as …", f"fix:{number}:lj:0"),))
    if found.ties:
        rows.append((Button("Who denies or repeats whom", f"fix:{number}:lr:0"),))
    edits = tuple(Button(name.capitalize(), f"fix:{number}:{kind.value[0]}") for kind, name in _FIELDS.items())
    rows += [
        edits,
        (Button("Forget this article", f"fix:{number}:e"),),
        (Button("‹ Nothing is wrong", f"fix:{number}:x"),),
    ]
    return Reply(Markup("What is wrong in <b>{}</b>?").format(headline(found.article)), tuple(rows))


def closed() -> Reply:
    """Return that nothing was changed."""
    return Reply(Markup("Nothing was changed."))


def claims(found: Correctable, kind: str, page: int) -> Reply:
    """Return a page of an article's claims to choose from."""
    lines = [
        Markup("{}. {}").format(number, as_told(each, WORDS_LENGTH))
        for number, each in enumerate(found.claims, start=1)
    ]
    numbers = [each.id for each in found.claims]
    return _choice(found.article, _CLAIM_KINDS[kind], lines, numbers, kind, page)


def people(found: Correctable, kind: str, page: int) -> Reply:
    """Return a page of an article's people to choose from."""
    lines = [Markup("{}. {}").format(number, _person(each)) for number, each in enumerate(found.people, start=1)]
    numbers = [each.id for each in found.people]
    return _choice(found.article, _PERSON_KINDS[kind], lines, numbers, kind, page)


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
            Button("Somebody else …", f"fix:{number}:st:{claim.id}"),
            Button("Nobody named", f"fix:{number}:sn:{claim.id}"),
        )
    )
    text = Markup("{}\n\nWho says it?").format(as_told(claim, WORDS_LENGTH))
    return Reply(text, _rows(*rows, (_back(number, "ls:0"),)))


def unknown_speaker(article: int, claim: int, name: str, candidates: Sequence[PersonReference]) -> Reply:
    """Return whether a name that nobody bears for sure is meant so, or somebody who is called much like it."""
    rows: list[tuple[Button, ...]] = [(_candidate(each, f"fix:{article}:s:{claim}:{each.id}"),) for each in candidates]
    rows.append((Button(f"Yes, {shorten(name, LABEL_LENGTH)}", f"fix:{article}:sy:{claim}"),))
    rows.append((Button("Another name …", f"fix:{article}:st:{claim}"), _back(article, "ls:0")))
    text = Markup("I don't know just one “{}”. Is the name right?").format(shorten(name, NAME_LENGTH))
    return Reply(text, tuple(rows))


def statuses(found: Correctable, claim: LedgerClaim) -> Reply:
    """Return how surely a claim may be held."""
    number = found.article.id
    # What nobody in particular says, nobody denies or doubts.
    offered = [
        Button(label, f"fix:{number}:f:{claim.id}:{place}")
        for place, (value, label) in enumerate(STATUSES)
        if claim.kind is not None or value not in _OF_SOMEBODY
    ]
    text = Markup("{}\n\nNow: {}. What holds?").format(as_told(claim, WORDS_LENGTH), _HELD[claim.factuality])
    return Reply(text, _rows(tuple(offered[:3]), tuple(offered[3:]), (_back(number, "lf:0"),)))


def ties(found: Correctable, page: int) -> Reply:
    """Return a page of what an article's claims are to others, to choose from."""
    lines = [Markup("{}. {}").format(number, _tie(each)) for number, each in enumerate(found.ties, start=1)]
    numbers = [each.relation for each in found.ties]
    return _choice(found.article, "Which is wrong, or right for sure?", lines, numbers, "r", page)


def tie(found: Correctable, chosen: TiePlace) -> Reply:
    """Return what a claim is to another one, to be confirmed or rejected."""
    number = found.article.id
    row = tuple(
        Button(label, f"fix:{number}:r:{chosen.relation}:{value}")
        for label, value in (("It is so", 1), ("It is not so", 0))
    )
    return Reply(Markup("{}\n\nIs that so?").format(_tie(chosen)), (row, (_back(number, "lr:0"),)))


def others(found: Correctable, person: PersonPlace, candidates: Sequence[PersonReference]) -> Reply:
    """Return whom an article may mean by a name."""
    number = found.article.id
    rows: list[tuple[Button, ...]] = [
        (_candidate(each, f"fix:{number}:w:{person.id}:{each.id}"),) for each in candidates
    ]
    rows.append(
        (
            Button("A new person", f"fix:{number}:wn:{person.id}"),
            Button("Somebody else …", f"fix:{number}:wt:{person.id}"),
        )
    )
    text = Markup("<b>{}</b> in “{}” is taken for {}. Who is it?").format(
        shorten(person.name, NAME_LENGTH), headline(found.article), _called(person.shown_as)
    )
    return Reply(text, _rows(*rows, (_back(number, "lw:0"),)))


def same(person: PersonReference, candidates: Sequence[PersonReference]) -> Reply:
    """Return who may be the same person as somebody."""
    rows: list[tuple[Button, ...]] = [(_candidate(each, f"same:{person.id}:{each.id}"),) for each in candidates]
    rows.append((Button("Another name …", f"same:{person.id}:t"),))
    text = Markup("Who is the same person as <b>{}</b>?").format(shorten(person.name, NAME_LENGTH))
    return Reply(text, _rows(*rows, (Button("‹ Nobody", "fix:0:x"),)))


def which_article(
    person: PersonReference, named_in: Sequence[tuple[ArticleReference, int]], page: int, has_older: bool
) -> Reply:
    """Return the articles that name somebody, to pick the one that means somebody else."""
    lines = [
        Markup("{}. {} ({})").format(place, headline(article), short_day(article.seen_at))
        for place, (article, _) in enumerate(named_in, start=1)
    ]
    picks = [Button(str(place), f"fix:{article.id}:w:{row}") for place, (article, row) in enumerate(named_in, start=1)]
    turn = []
    if page > 0:
        turn.append(Button("‹ Newer", f"split:{person.id}:{page - 1}"))
    if has_older:
        turn.append(Button("Older ›", f"split:{person.id}:{page + 1}"))
    title = Markup("Which article means another <b>{}</b>?").format(shorten(person.name, NAME_LENGTH))
    one = (Button("Two names of one person …", f"same:{person.id}:m"),)
    close = (Button("‹ Nothing is wrong", "fix:0:x"),)
    return Reply(fit([title, Markup(""), *lines]), _rows(tuple(picks[:4]), tuple(picks[4:]), tuple(turn), one, close))


def forget(article: ArticleReference) -> Reply:
    """Return what forgetting an article means, before it is done."""
    text = Markup(
        "Forget <b>{}</b>? Its claims, and people whom only it names, disappear from every answer and digest. "
        "For a day this can be undone; then it is erased for good."
    ).format(headline(article))
    return Reply(text, ((Button("Forget it", f"fix:{article.id}:E"), _back(article.id)),))


def prompt(ask: str, about: str, asked: Editor | None, problem: str | None = None) -> Reply:
    """Return a question that is answered by writing; in a group, it names whom it is for.

    ``problem`` says why the last answer could not be taken.
    """
    question = _QUESTIONS[ask].format(shorten(about, WORDS_LENGTH))
    if problem:
        question = Markup("{}\n{}").format(problem, question)
    if asked is not None:
        question = Markup('<a href="tg://user?id={}">{}</a>: {}').format(asked.user, _name(asked.name), question)
    return Reply(question, asks=True)


def outcome(became: Correcting, article: int | None = None) -> Reply | str:
    """Return what holds now; a sentence where nothing has changed."""
    match became:
        case Made(correction):
            row = [Button("Undo", f"undo:{correction.id}")]
            if article is not None and correction.new.kind is not CorrectionKind.FORGOTTEN:
                row.append(Button("More is wrong", f"fix:{article}:m"))
            return Reply(Markup("Put right: {}").format(what(correction)), (tuple(row),))
        case NothingToChange(holds):
            return f"It is so already: {shorten(_in_words(holds), WORDS_LENGTH)}. Nothing was changed."
        case NotUnderstood(sentence):
            return sentence
        case _:
            return gone()


def undone(became: Undoing) -> Reply:
    """Return what became of taking a correction back."""
    match became:
        case Undone(correction):
            return Reply(Markup("Undone. This does not hold any more: {}").format(what(correction)))
        case EndedBefore(correction):
            state = "was undone before" if correction.state is CorrectionState.UNDONE else "does not hold any more"
            return Reply(Markup("This {}: {}").format(state, what(correction)))
        case CannotUndo(sentence):
            return Reply(Markup("{}").format(sentence))
        case _:
            return Reply(Markup("There is nothing here to undo."))


def gone() -> str:
    """Return what a tap tells whose article, claim or person is not here (any more)."""
    return "This is not in this chat's archive any more."


def judged(became: JudgementOutcome) -> Reply | str:
    """Return what holds of two persons now."""
    match became:
        case Merged(correction, person):
            text = Markup("Put right: they are one person, shown as <b>{}</b>.").format(_called(person))
            return Reply(text, ((Button("Undo", f"undo:{correction}"),),))
        case Contradicts(earlier):
            text = Markup("It was said before: {}. Undo that first.").format(what(earlier))
            return Reply(text, ((Button(f"Undo {earlier.id}", f"undo:{earlier.id}"),),))
        case OneAlready():
            return "They are one person already."
        case _:
            return gone()


def nobody_called(name: str) -> str:
    """Return that no name fits."""
    return f"I don't know “{shorten(name, NAME_LENGTH)}”."


def which_card() -> Reply:
    """Return how to say what is to be put right."""
    return Reply(Markup("Answer to the card of an article with /fix, or tap [Wrong?] under it."))


def forgotten(correction: Correction) -> Reply:
    """Return what stands in the place of the card of a forgotten article."""
    text = Markup("This article is forgotten: <b>{}</b>. In a day it is erased for good.")
    return Reply(text.format(_headline(correction)), ((Button("Undo", f"undo:{correction.id}"),),))


def notice(made: Sequence[Correction], *, is_undone: bool) -> Reply:
    """Return what a chat is told that was told something else before."""
    begin = "Taken back, the first was right" if is_undone else "Correction"
    if len(made) == 1:
        return Reply(Markup("{}: {}").format(begin, _told(made[0])))
    return Reply(fit([Markup("{}s:").format(begin), *(Markup("• {}").format(_told(each)) for each in made)]))


def reopened(correction: Correction) -> Reply:
    """Return what whoever put something right is told when the article's text has changed there."""
    return Reply(
        Markup("The text of “{}” changed, so what {} put right there does not hold any more: {}").format(
            _headline(correction), _name(correction.new.editor.name), what(correction)
        )
    )


def history(found: History) -> Reply:
    """Return a page of what was corrected, and of one article also how it was edited."""
    about = f":{found.article.id}" if found.article else ""
    title = Markup("<b>What was put right</b>")
    if found.article:
        title = Markup("<b>What was put right in “{}”</b>").format(headline(found.article))
    lines = [_entry(each) for each in found.entries] or [Markup("Nothing so far.")]
    edits = [line for edit in found.edits[:EDITS_SHOWN] for line in _edit(edit.at, edit.changes)]
    if edits:
        edits = [Markup(""), Markup("<b>Edited</b>"), *edits]
    undo = [
        Button(f"Undo {each.correction.id}", f"undo:{each.correction.id}:{found.page}")
        for each in found.entries
        if each.correction.state is CorrectionState.STANDING
    ]
    turn = []
    if found.page > 0:
        turn.append(Button("‹ Newer", f"history:{found.page - 1}{about}"))
    if found.has_older:
        turn.append(Button("Older ›", f"history:{found.page + 1}{about}"))
    return Reply(fit([title, *lines, *edits]), _rows(tuple(undo[:4]), tuple(undo[4:]), tuple(turn)))


def _entry(entry: HistoryEntry) -> Markup:
    correction = entry.correction
    who = shorten(correction.new.editor.name, NAME_LENGTH)
    line = Markup("{}. {}, <b>{}</b>: {}").format(correction.id, minute(correction.made_at), who, what(correction))
    if entry.article is not None:
        line += Markup(" (/a{})").format(entry.article.id)
    if correction.state is CorrectionState.STANDING or correction.ended_at is None:
        return line
    ended = short_day(correction.ended_at)
    if correction.state is CorrectionState.REOPENED:
        return line + Markup(" <i>— until {}, when the article's text changed</i>").format(ended)
    return line + Markup(" <i>— undone on {} by {}</i>").format(ended, shorten(correction.ended_by or "", NAME_LENGTH))


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
            return Markup("“{}”: said by <b>{}</b>, not by {}").format(
                _words(said["text"]),
                _name(now.get("name"), "nobody named"),
                _name(said.get("source"), "the article itself"),
            )
        case CorrectionKind.NOT_A_CLAIM:
            return Markup("no claim: “{}”").format(_words(said["text"]))
        case CorrectionKind.FACTUALITY:
            return Markup("“{}”: <b>{}</b>, not {}").format(
                _words(said["text"]), _held(now["factuality"]), _held(said["factuality"])
            )
        case CorrectionKind.NOT_A_PERSON:
            return Markup("“{}” is <b>nobody</b>").format(_words(said["name"]))
        case CorrectionKind.ANOTHER_PERSON:
            fresh = ", somebody new" if now.get("new") else ""
            return Markup("“{}” is <b>{}</b>{}, not the {} known before").format(
                _words(said["name"]), _name(now["name"]), fresh, _name(said["shown_as"])
            )
        case CorrectionKind.HEADLINE | CorrectionKind.DATE | CorrectionKind.PUBLISHER:
            return Markup("{}: <b>{}</b>, not {}").format(
                _FIELDS[kind], _of_itself(kind, now["value"]), _of_itself(kind, said["value"])
            )
        case CorrectionKind.FORGOTTEN:
            return Markup("forgotten: {}").format(_headline(correction))
        case CorrectionKind.RELATION:
            return _relation(correction)
        case _:
            return _identity(correction)


def _told(correction: Correction) -> Markup:
    """Return a correction as those read it who were told what it puts right."""
    said, now = correction.new.said, correction.new.corrected
    match correction.new.kind:
        case CorrectionKind.SPEAKER:
            given = _name(said.get("source"), "the article itself")
            by = (
                Markup("{} said it.").format(_name(now["name"]))
                if now.get("name")
                else Markup("it stays open who said it.")
            )
            return Markup("“{}” was given to {}; {}").format(_words(said["text"]), given, by)
        case CorrectionKind.NOT_A_CLAIM:
            return Markup("“{}” was told as a claim; “{}” makes no such claim.").format(
                _words(said["text"]), _headline(correction)
            )
        case CorrectionKind.FACTUALITY:
            return Markup("“{}” was told as {}; it is {}.").format(
                _words(said["text"]), _held(said["factuality"]), _held(now["factuality"])
            )
        case CorrectionKind.NOT_A_PERSON:
            return Markup("“{}” in “{}” was told as a person; it is none.").format(
                _words(said["name"]), _headline(correction)
            )
        case CorrectionKind.ANOTHER_PERSON:
            return Markup("{} in “{}” was taken for {}; it is another person, {}.").format(
                _name(said["name"]), _headline(correction), _name(said["shown_as"]), _name(now["name"])
            )
        case _:
            return Markup("in “{}”, {}").format(_headline(correction), what(correction))


def _identity(correction: Correction) -> Markup:
    names = [_name(str(each.get("name", ""))) for each in correction.new.said.get("persons", ())]
    says = {
        CorrectionKind.SAME_PERSON: "one person",
        CorrectionKind.DIFFERENT_PERSONS: "two people",
        CorrectionKind.UNSURE: "not known whether one person",
    }
    return Markup("{}: <b>{}</b>").format(" and ".join(names), says.get(correction.new.kind, ""))


def _relation(correction: Correction) -> Markup:
    said = correction.new.said
    kind = RelationKind(said["kind"])
    so = "it is so" if correction.new.corrected.get("state") == RelationState.CONFIRMED else "it is not so"
    one, other = (_words(each["text"]) for each in said["claims"])
    return Markup("<b>{}</b> that “{}” {} “{}”").format(so, one, _TIES[kind], other)


def _tie(tie: TiePlace) -> Markup:
    one, other = (tie.claim, tie.other) if tie.outgoing else (tie.other, tie.claim)
    perhaps = " perhaps" if tie.state is RelationState.SUGGESTED else ""
    return Markup("“{}” ({}) <b>{}{}</b> “{}” ({})").format(
        _words(one.text), outlet(one.article), _TIES[tie.kind], perhaps, _words(other.text), outlet(other.article)
    )


def _person(person: PersonPlace) -> Markup:
    name = Markup("<b>{}</b>").format(shorten(person.name, NAME_LENGTH))
    known = person.shown_as.name
    return name if known == person.name else name + Markup(", taken for {}").format(shorten(known, NAME_LENGTH))


def _called(person: PersonReference) -> str:
    return shorten(person.name, NAME_LENGTH)


def _candidate(person: PersonReference, data: str) -> Button:
    known = [str(person.articles)] if person.articles else []
    known += [short_day(person.last_seen)] if person.last_seen else []
    told = f" ({', '.join(known)})" if known else ""
    return Button(f"{shorten(person.called, LABEL_LENGTH)}{told}", data)


def _words(text: str) -> str:
    return shorten(text, WORDS_LENGTH)


def _name(name: str | None, otherwise: str = "nobody") -> str:
    return shorten(name, NAME_LENGTH) if name else otherwise


def _in_words(holds: str) -> str:
    return _held(holds) if holds in set(Factuality) else holds


def _held(value: str) -> str:
    return _HELD[Factuality(value)]


def _headline(correction: Correction) -> str:
    return shorten(correction.new.said.get("headline") or "an article without a headline", WORDS_LENGTH)


def _of_itself(kind: CorrectionKind, value: str | None) -> str:
    if value is None:
        return "none"
    return published(value) or value if kind is CorrectionKind.DATE else shorten(value, WORDS_LENGTH)


def _turn(data: str, page: int, count: int) -> tuple[Button, ...]:
    turn = []
    if page > 0:
        turn.append(Button("‹ Before", f"{data}{page - 1}"))
    if (page + 1) * PER_PAGE < count:
        turn.append(Button("More ›", f"{data}{page + 1}"))
    return tuple(turn)


def _back(article: int, to: str = "m") -> Button:
    return Button("‹ Back", f"fix:{article}:{to}")


def _rows(*rows: tuple[Button, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(row for row in rows if row)
