"""What a picture shows, in words: all that it says, as far as a caption has room."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from domain.ledger import PersonReference
from domain.pictures import Net, Period, Picture, Tally, Timeline, Voice
from handlers.replies import Button, Reply
from handlers.replies.charts.words import DENIAL, called, span
from handlers.replies.layout import shorten, visible_length

# What Telegram takes below a picture, in UTF-16 units, without the tags.
LIMIT = 1024
_NAME_LENGTH = 48
_PERIODS_NAMED = 8


def caption(shown: Picture, spelt: Sequence[tuple[str, str]] = ()) -> Reply:
    """Return what a picture shows, or what there is to say where it has nothing to show.

    ``spelt`` has the names that are written in Latin letters in it.
    """
    return _timeline(shown, spelt) if isinstance(shown, Timeline) else _net(shown, spelt)


def not_drawn(told: Reply) -> Reply:
    """Return the caption as a message of its own, where the picture could not be drawn or sent."""
    note = Markup("{}\n\n<i>The picture could not be made; these are its numbers.</i>")
    return Reply(note.format(told.text), told.buttons)


def nothing(kind: str) -> str:
    """Return what a tap tells that leads to no picture."""
    if kind == "net":
        return "No picture of this: nobody speaks about them, nor they about anybody."
    return "No picture of this: there is no claim by or about them."


def ask_whom(kind: str) -> Reply:
    """Return how to ask for a picture."""
    return Reply(Markup("Whom do you mean? Write a name after it: <code>/{} Name</code>").format(kind))


def several() -> Markup:
    """Return what there is to say where a name is that of several people."""
    return Markup("Several people bear that name. Whom do you mean?")


def choices(words: Markup, kind: str, people: Iterable[PersonReference]) -> Reply:
    """Return words with buttons that lead to the pictures of people."""
    rows = ((Button(shorten(person.called, _NAME_LENGTH), f"pic:{kind}:{person.id}"),) for person in people)
    return Reply(words, tuple(rows))


def _timeline(shown: Timeline, spelt: Sequence[tuple[str, str]]) -> Reply:
    person = shown.person
    name = Markup("<b>{}</b>").format(shorten(person.name, _NAME_LENGTH))
    if shown.is_empty:
        return Reply(Markup("No claim by or about {} yet: there is nothing to draw.").format(name), _buttons(person.id))
    head = [
        Markup("{}, {}").format(name, span(shown)),
        Markup("They say: {}.").format(_told(shown.says, ("denies", "deny"), " something")),
        Markup("Others say about them: {}.").format(_told(shown.said, ("is", "are"), " denied")),
    ]
    busiest = sorted(shown.periods, key=lambda period: -(period.says.claims + period.said.claims))[:_PERIODS_NAMED]
    lines = [_period(period, shown) for period in shown.periods if period in busiest and _claims(period)]
    if sum(1 for period in shown.periods if _claims(period)) > len(lines):
        lines.insert(0, Markup("Most:"))
    if shown.before:
        head.append(Markup("Before that, {}.").format(_claims_of(shown.before)))
    return Reply(_fitted([*head, Markup("")], lines, _spellings(spelt)), _buttons(person.id, "net"))


def _net(shown: Net, spelt: Sequence[tuple[str, str]]) -> Reply:
    person = shown.person
    name = Markup("<b>{}</b>").format(shorten(person.name, _NAME_LENGTH))
    rest = _rest(shown)
    if shown.is_empty:
        nobody = Markup("Nobody speaks about {} yet, nor they about anybody: there is nothing to draw.").format(name)
        return Reply(Markup("\n").join([nobody, *rest]), _buttons(person.id, "timeline"))
    names = {figure: shorten(full, _NAME_LENGTH) for figure, full in shown.names.items()}
    lines = [_voice(voice, names) for voice in shown.voices]
    head = [Markup("Who speaks about whom around {}:").format(name)]
    return Reply(_fitted(head, lines, [*rest, *_spellings(spelt)]), _buttons(person.id, "timeline"))


def _buttons(person: int, *other: str) -> tuple[tuple[Button, ...], ...]:
    labels = {"timeline": "Timeline", "net": "Who speaks about whom"}
    turn = tuple(Button(labels[each], f"pic:{each}:{person}") for each in other)
    return ((*turn, Button("All about them", f"who:{person}:0")),)


def _period(period: Period, shown: Timeline) -> Markup:
    says, said = period.says, period.said
    parts = []
    if says.claims:
        parts.append(f"says {says.claims:,}" + (f" ({_of(says.denials, 'denies', 'deny')})" if says.denials else ""))
    if said.claims:
        parts.append(f"others {said.claims:,}" + (f" ({said.denials:,} denied)" if said.denials else ""))
    return Markup("{}: {}").format(called(period.first, shown.step), ", ".join(parts))


def _of(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _told(tally: Tally, verb: tuple[str, str], rest: str) -> str:
    claims = _claims_of(tally.claims) if tally.claims else "nothing"
    return f"{claims}, of which {_of(tally.denials, *verb)}{rest}" if tally.denials else claims


def _claims(period: Period) -> int:
    return period.says.claims + period.said.claims


def _claims_of(number: int) -> str:
    return _of(number, "claim", "claims")


def _voice(voice: Voice, names: dict[int, str]) -> Markup:
    denials = f" ({voice.denials:,} {DENIAL})" if voice.denials else ""
    return Markup("{} → {}: {}{}").format(names[voice.speaker], names[voice.about], _claims_of(voice.claims), denials)


def _rest(shown: Net) -> list[Markup]:
    """Return what the sign stands for, and what the picture leaves out."""
    lines = []
    if any(voice.denials for voice in shown.voices):
        lines.append(Markup("{} denies something, or is denied.").format(DENIAL))
    if shown.left_out:
        lines.append(
            Markup("{} with fewer claims not shown.").format(_of(shown.left_out, "more source", "more sources"))
        )
    if shown.voices_left_out:
        lines.append(Markup("{} among those shown.").format(_of(shown.voices_left_out, "more arrow", "more arrows")))
    if shown.unnamed:
        lines.append(Markup("{} about them by nobody with a name.").format(_claims_of(shown.unnamed)))
    return lines


def _spellings(spelt: Sequence[tuple[str, str]]) -> list[Markup]:
    """Return who is written in other letters in the picture than in their own."""
    return [
        Markup("In the picture {} is “{}”.").format(shorten(name, _NAME_LENGTH), shorten(latin, _NAME_LENGTH))
        for name, latin in spelt
    ]


def _fitted(head: Sequence[Markup], lines: Sequence[Markup], end: Sequence[Markup]) -> Markup:
    """Return the lines one below the other, as many of the middle ones as there is room for."""
    for kept in range(len(lines), -1, -1):
        cut = [Markup("… and {} more").format(len(lines) - kept)] if kept < len(lines) else []
        text = _joined([*head, *lines[:kept], *cut, *end])
        if visible_length(text) <= LIMIT:
            return text
    return _fitted(head, (), end[:-1])


def _joined(lines: Iterable[Markup]) -> Markup:
    return Markup("\n").join(lines).strip()
