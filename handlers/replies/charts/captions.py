"""What a picture shows, in words: all that it says, as far as a caption has room."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from domain.ledger import PersonReference
from domain.pictures import Net, Newsmaker, Newsmakers, Period, Picture, Tally, Timeline, Voice
from handlers.replies import Button, Reply
from handlers.replies.charts.words import DENIAL, called, change, days, number, span
from handlers.replies.language import RIGHT_TO_LEFT, apart, ngettext, spoken
from handlers.replies.language import gettext as _
from handlers.replies.layout import shorten, visible_length

# What Telegram takes below a picture, in UTF-16 units, without the tags.
LIMIT = 1024
_NAME_LENGTH = 48
_PERIODS_NAMED = 8

Spelt = Sequence[tuple[str, str]] | None


def caption(shown: Picture, spelt: Spelt = None) -> Reply:
    """Return what a picture shows, or what there is to say where it has nothing to show.

    ``spelt`` has the names that are written in Latin letters in it; None where no picture is sent.
    """
    match shown:
        case Timeline():
            return _timeline(shown, spelt)
        case Net():
            return _net(shown, spelt)
        case Newsmakers():
            return _newsmakers(shown, spelt)


def not_drawn(told: Reply) -> Reply:
    """Return the caption as a message of its own, where the picture could not be drawn or sent."""
    note = Markup("<i>{}</i>").format(_("The picture could not be made; these are its numbers."))
    return Reply(Markup("{}\n\n{}").format(told.text, note), told.buttons)


def nothing(kind: str) -> str:
    """Return what a tap tells that leads to no picture."""
    if kind == "net":
        return _("No picture of this: nobody speaks about them, nor they about anybody.")
    return _("No picture of this: there is no claim by or about them.")


def ask_whom(kind: str) -> Reply:
    """Return how to ask for a picture."""
    return Reply(
        Markup(_("Whom do you mean? Write a name after it: <code>/{command} Name</code>")).format(command=kind)
    )


def several() -> Markup:
    """Return what there is to say where a name is that of several people."""
    return Markup(_("Several people bear that name. Whom do you mean?"))


def choices(words: Markup, kind: str, people: Iterable[PersonReference]) -> Reply:
    """Return words with buttons that lead to the pictures of people."""
    rows = ((Button(shorten(person.called, _NAME_LENGTH), f"pic:{kind}:{person.id}"),) for person in people)
    return Reply(words, tuple(rows))


def _timeline(shown: Timeline, spelt: Spelt) -> Reply:
    person = shown.person
    name = Markup("<b>{}</b>").format(shorten(person.name, _NAME_LENGTH))
    if shown.is_empty:
        return Reply(
            Markup(_("No claim by or about {name} yet: there is nothing to draw.")).format(name=name),
            _buttons(person.id),
        )
    head = [
        Markup("{}, {}").format(name, span(shown)),
        Markup("{}").format(_told(_("They say: {claims}."), _says(shown.says))),
        Markup("{}").format(_told(_("Others say about them: {claims}."), _said(shown.said))),
    ]
    busiest = sorted(shown.periods, key=lambda period: -(period.says.claims + period.said.claims))[:_PERIODS_NAMED]
    lines = [_period(period, shown) for period in shown.periods if period in busiest and _claims(period)]
    if sum(1 for period in shown.periods if _claims(period)) > len(lines):
        lines.insert(0, Markup(_("Most:")))
    if shown.before:
        head.append(Markup("{}").format(_("Before that, {claims}.").format(claims=_claims_of(shown.before))))
    return Reply(_fitted([*head, Markup("")], lines, _spellings(spelt)), _buttons(person.id, "net"))


def _net(shown: Net, spelt: Spelt) -> Reply:
    person = shown.person
    name = Markup("<b>{}</b>").format(shorten(person.name, _NAME_LENGTH))
    rest = _rest(shown)
    if shown.is_empty:
        nobody = Markup(_("Nobody speaks about {name} yet, nor they about anybody: there is nothing to draw.")).format(
            name=name
        )
        return Reply(Markup("\n").join([nobody, *rest]), _buttons(person.id, "timeline"))
    names = {figure: shorten(full, _NAME_LENGTH) for figure, full in shown.names.items()}
    lines = [_voice(voice, names) for voice in shown.voices]
    head = [Markup(_("Who speaks about whom around {name}:")).format(name=name)]
    return Reply(_fitted(head, lines, [*rest, *_spellings(spelt)]), _buttons(person.id, "timeline"))


def _buttons(person: int, *other: str) -> tuple[tuple[Button, ...], ...]:
    labels = {"timeline": _("Timeline"), "net": _("Who speaks about whom")}
    turn = tuple(Button(labels[each], f"pic:{each}:{person}") for each in other)
    return ((*turn, Button(_("All about them"), f"who:{person}:0")),)


def _newsmakers(shown: Newsmakers, spelt: Spelt) -> Reply:
    head = Markup("<b>{}</b>, {}").format(_("Claims by and about people"), days(shown.first, shown.last))
    lines = [_newsmaker(each) for each in shown.people]
    rest = []
    if shown.left_out:
        text = ngettext(
            "{count} more person with fewer claims not shown.",
            "{count} more people with fewer claims not shown.",
            shown.left_out,
        )
        rest.append(Markup("{}").format(text.format(count=number(shown.left_out))))
    if any(each.change for each in shown.people):
        rest.append(Markup("{}").format(_("+ and − compare with as long a time before, on average.")))
    # The picture has said it to whoever sees.
    words = _fitted([head], lines, [*rest, *_spellings(spelt)]).removeprefix(head).strip()
    return Reply(Markup("{}\n<blockquote expandable>{}</blockquote>").format(head, Markup(words)))  # noqa: S704  # escaped


def _newsmaker(person: Newsmaker) -> Markup:
    name, changed = apart(escape(shorten(person.name, _NAME_LENGTH))), change(person)
    told = Markup("{}: {}").format(name, _sides(person.says, person.said))
    return Markup("{} · {}").format(told, apart(escape(changed))) if changed else told


def _period(period: Period, shown: Timeline) -> Markup:
    return Markup("{}: {}").format(called(period.first, shown.step), _sides(period.says, period.said))


def _sides(says: Tally, said: Tally) -> str:
    """Return "says 6 (2 deny), others 3"."""
    parts = []
    if says.claims and says.denials:
        text = ngettext("says {count} ({denials} denies)", "says {count} ({denials} deny)", says.denials)
        parts.append(text.format(count=number(says.claims), denials=number(says.denials)))
    elif says.claims:
        parts.append(_("says {count}").format(count=number(says.claims)))
    if said.claims and said.denials:
        text = ngettext("others {count} ({denials} denied)", "others {count} ({denials} denied)", said.denials)
        parts.append(text.format(count=number(said.claims), denials=number(said.denials)))
    elif said.claims:
        parts.append(_("others {count}").format(count=number(said.claims)))
    return ", ".join(parts)


def _told(sentence: str, claims: str) -> str:
    return sentence.format(claims=claims)


def _says(tally: Tally) -> str:
    if not tally.denials:
        return _claims_of(tally.claims) if tally.claims else _("nothing")
    text = ngettext(
        "{claims}, of which {count} denies something", "{claims}, of which {count} deny something", tally.denials
    )
    return text.format(claims=_claims_of(tally.claims), count=number(tally.denials))


def _said(tally: Tally) -> str:
    if not tally.denials:
        return _claims_of(tally.claims) if tally.claims else _("nothing")
    text = ngettext("{claims}, of which {count} is denied", "{claims}, of which {count} are denied", tally.denials)
    return text.format(claims=_claims_of(tally.claims), count=number(tally.denials))


def _claims(period: Period) -> int:
    return period.says.claims + period.said.claims


def _claims_of(count: int) -> str:
    return ngettext("{count} claim", "{count} claims", count).format(count=number(count))


def _voice(voice: Voice, names: dict[int, str]) -> Markup:
    denials = f" ({number(voice.denials)} {DENIAL})" if voice.denials else ""
    return Markup("{} → {}: {}{}").format(names[voice.speaker], names[voice.about], _claims_of(voice.claims), denials)


def _rest(shown: Net) -> list[Markup]:
    """Return what the sign stands for, and what the picture leaves out."""
    lines = []
    if any(voice.denials for voice in shown.voices):
        lines.append(Markup("{}").format(_("{sign} denies something, or is denied.").format(sign=DENIAL)))
    if shown.left_out:
        text = ngettext(
            "{count} more source with fewer claims not shown.",
            "{count} more sources with fewer claims not shown.",
            shown.left_out,
        )
        lines.append(Markup("{}").format(text.format(count=number(shown.left_out))))
    if shown.voices_left_out:
        arrows = shown.voices_left_out
        text = ngettext("{count} more arrow among those shown.", "{count} more arrows among those shown.", arrows)
        lines.append(Markup("{}").format(text.format(count=number(arrows))))
    if shown.unnamed:
        text = _("{claims} about them by nobody with a name.")
        lines.append(Markup("{}").format(text.format(claims=_claims_of(shown.unnamed))))
    return lines


def _spellings(spelt: Spelt) -> list[Markup]:
    """Return what is written otherwise in the picture: its words, and who is in other letters than their own."""
    if spelt is None:
        return []
    # Nothing draws words from right to left: bot/drawing.py.
    english = [Markup(_("The words in the picture are English."))] if spoken() in RIGHT_TO_LEFT else []
    return english + [
        Markup(_("In the picture {name} is “{spelt}”.")).format(
            name=shorten(name, _NAME_LENGTH), spelt=shorten(latin, _NAME_LENGTH)
        )
        for name, latin in spelt
    ]


def _fitted(head: Sequence[Markup], lines: Sequence[Markup], end: Sequence[Markup]) -> Markup:
    """Return the lines one below the other, as many of the middle ones as there is room for."""
    for kept in range(len(lines), -1, -1):
        left = len(lines) - kept
        more = ngettext("… and {count} more", "… and {count} more", left).format(count=left)
        cut = [Markup("{}").format(more)] if left else []
        text = _joined([*head, *lines[:kept], *cut, *end])
        if visible_length(text) <= LIMIT:
            return text
    return _fitted(head, (), end[:-1])


def _joined(lines: Iterable[Markup]) -> Markup:
    return Markup("\n").join(lines).strip()
