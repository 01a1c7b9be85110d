"""Words about which digests come when, and what is said around changing that."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.lists import format_list
from markupsafe import Markup

from domain.chats import ChatIdentity
from domain.corrections import Editor
from domain.schedule import EVERY_DAY, WORKDAYS, Timetable
from domain.subscriptions import ChatSettings, Subscription, SubscriptionState
from handlers.replies import Button, Reply, deliveries
from handlers.replies.language import LANGUAGES, ngettext, spoken
from handlers.replies.language import gettext as _
from handlers.replies.languages import open_language
from handlers.replies.layout import fit, join, shorten
from handlers.replies.privacy import open_retention
from handlers.replies.wording import NAME_LENGTH, minute

WEEKEND = (6, 7)

Rows = tuple[tuple[Button, ...], ...]


def when(timetable: Timetable) -> str:
    """Return "every day at 08:00 (Europe/Vilnius)"."""
    several = _("on {days} at {times} ({zone})") if len(timetable.days) > 1 else _("every {days} at {times} ({zone})")
    sentence = {
        EVERY_DAY: _("every day at {times} ({zone})"),
        WORKDAYS: _("on workdays at {times} ({zone})"),
        WEEKEND: _("at weekends at {times} ({zone})"),
    }.get(timetable.days, several)
    return sentence.format(days=_days(timetable.days), times=times(timetable), zone=timetable.timezone)


def times(timetable: Timetable) -> str:
    """Return the times of a day: "08:00 and 18:00"."""
    return listed([f"{at:%H:%M}" for at in timetable.times])


def subscribed(subscription: Subscription, target: ChatIdentity | None, others: int, now: datetime) -> Reply:
    """Return that digests will come, and when the first one will; ``others`` without filters come to the same place."""
    first = minute(local(subscription.next_run, subscription))
    elsewhere = subscription.wish.target != subscription.chat
    text = (
        _("A digest comes to {chat} {when}. The first one: {first}.\n/settings changes it.")
        if elsewhere
        else _("A digest comes here {when}. The first one: {first}.\n/digest shows it now, /unsubscribe ends it.")
    )
    lines = [
        html(text, when=when(subscription.wish.timetable), first=first, chat=title(target)),
        html(_("It is {clock} there now."), clock=f"{local(now, subscription):%H:%M}"),
    ]
    rows: list[tuple[Button, ...]] = [
        (button(subscription, _("Change"), "m"), button(subscription, _("Another zone"), "z"))
    ]
    if others:
        besides = ngettext(
            "{count} more digest of everything comes to the same place.",
            "{count} more digests of everything come to the same place.",
            others,
        )
        lines.append(html(besides, count=others))
        rows.append((button(subscription, _("Keep only this one"), "only"),))
    return Reply(join(lines), tuple(rows))


def kept_only(subscription: Subscription) -> Reply:
    """Return that one is left."""
    text = _("Only this one comes now: {when}.")
    rows = ((button(subscription, _("Change"), "m"),),)
    return Reply(html(text, when=when(subscription.wish.timetable)), rows)


def unsubscribed() -> Reply:
    """Return that no digest will come any more."""
    return Reply(html(_("No digest will come here any more. /subscribe brings it back.")))


def none_here() -> Reply:
    """Return that there was nothing to end."""
    return Reply(html(_("No digest comes here. <code>/subscribe 08:00 Europe/Vilnius</code> brings one every day.")))


def which_to_end(found: Sequence[Subscription], names: Mapping[int, ChatIdentity]) -> Reply:
    """Ask which of several is to end."""
    rows = tuple((button(each, _line(each, names), "d"),) for each in found)
    return Reply(html(_("Which digest shall end?")), rows)


def too_many(most: int) -> str:
    """Return why there is not one more."""
    return _("A chat has at most {most} digests. End one in /settings first.").format(most=most)


def gone() -> str:
    """Return why a button does nothing."""
    return _("This digest is not there any more. /settings shows those that are.")


def admins_only() -> str:
    """Return who may change what comes."""
    return _("Only administrators of this chat can say which digests come here.")


def time_unclear(written: str) -> Reply:
    """Return that a time was not understood."""
    text = _(
        "I can't read “{written}” as a time. Write it as 08:00, for example <code>/subscribe 08:00 Vilnius</code>, "
        "or tap your way with /subscribe."
    )
    return Reply(html(text, written=shorten(written, NAME_LENGTH)))


def nobody_called(name: str) -> str:
    """Return that nobody bears a name."""
    return _("I know nobody called “{name}” here. Only those whom an article has named can be chosen.").format(
        name=shorten(name, NAME_LENGTH)
    )


def words_unclear(why: str, at: int, found: str, written: str) -> str:
    """Return what is wrong with an expression, and where; ``why`` is one of the reasons of the filter."""
    sentence = {
        "nothing": _("There is no word in it."),
        "too long": _("It is too long: at most {at} characters."),
        "too deep": _("There are too many brackets inside one another."),
        "unclosed": _("The bracket at character {place} is not closed: {near}"),
        "unopened": _("The bracket at character {place} was not opened: {near}"),
        "quote": _("The quotation mark at character {place} has no second one: {near}"),
        "no word": _("“{found}” at character {place} is no word: {near}"),
        "word missing before": _("A word is missing before “{found}” at character {place}: {near}"),
        "word missing after": _("A word is missing after “{found}” at character {place}: {near}"),
    }[why]
    near = written[max(0, at - 15) : at] + "▸" + written[at : at + 15]
    return sentence.format(place=at + 1, at=at, found=shorten(found, 30), near=shorten(near, NAME_LENGTH))


def not_admins(title: str | None) -> str:
    """Return what is missing for digests to go to a chat."""
    return _(
        "Digests can go to {chat} only where both you and I are administrators, and I may post. Make me one there, "
        "and choose it again."
    ).format(chat=shorten(title or "?", NAME_LENGTH))


def no_such_chat(written: str) -> str:
    """Return that a chat's name is not known."""
    return _(
        "I can't find “{name}”. A channel's name looks like @harbourpost; one without a name can be chosen by button."
    ).format(name=shorten(written, NAME_LENGTH))


def share_chat() -> str:
    """Ask to choose a chat on the keyboard."""
    return _("Choose the channel or group below. You and I must be administrators there.")


def share_place() -> str:
    """Ask to share a place on the keyboard."""
    return _("Share where you are below. I keep only the time zone of it.")


def chosen_chat(title: str) -> str:
    """Return that a chat was chosen."""
    return _("It will go to {chat}.").format(chat=shorten(title, NAME_LENGTH))


def chosen_zone(zone: str) -> str:
    """Return that a zone was found."""
    return _("Your time zone is {zone}.").format(zone=zone)


def no_zone_there() -> str:
    """Return that a place has no zone."""
    return _("There is no time zone at that place. Type a city instead.")


def not_chosen() -> str:
    """Return that nothing was shared."""
    return _("All right, it stays as it is.")


def too_many_times(most: int) -> str:
    """Return why there are not so many digests a day."""
    return _("A digest can come {most} times a day at most.").format(most=most)


def no_time(written: str) -> str:
    """Return that what was written is no time."""
    return _("I can't read “{written}” as a time.").format(written=shorten(written, NAME_LENGTH))


def place_unknown(written: str) -> str:
    """Return that a place is not known."""
    return _("I don't know the place “{written}”. Write a larger city nearby.").format(
        written=shorten(written, NAME_LENGTH)
    )


def prompt(asks: str) -> str:
    """Ask for words."""
    return {
        "time": _("Answer with the time, for example 08:30, or several: 08:30, 18:00."),
        "city": _("Answer with a city, in any language, or with the time that it is for you now."),
        "words": _("Answer with the words, for example: dam* AND (crack* OR repair) NOT football"),
        "person": _("Answer with a name."),
        "chat": _("Answer with the channel's name, for example @harbourpost. You and I must be administrators there."),
    }[asks]


def asked(asks: str, problem: str | None = None, by: Editor | None = None) -> Reply:
    """Return a question that is answered by writing; in a group, it names whom it is for.

    ``problem`` says why the last answer could not be taken.
    """
    lines = [Markup("{}").format(problem)] if problem else []
    if by is not None:
        lines.append(Markup('<a href="tg://user?id={}">{}</a>').format(by.user, shorten(by.name, NAME_LENGTH) or "?"))
    return Reply(join([*lines, Markup("{}").format(prompt(asks))]), asks=True)


def labels() -> tuple[str, str, str, str]:
    """Return the labels of the keyboard below the text: a channel, a group, a place, and none of them."""
    return _("A channel"), _("A group"), _("Share where I am"), _("Cancel")


def one_day_left() -> str:
    """Return why the last day stays."""
    return _("One day has to stay. To end the digest, delete it.")


def one_time_left(most: int) -> str:
    """Return why a time is neither taken away nor added."""
    return _("At least one time has to stay, and there can be {most} a day at most.").format(most=most)


def enough(most: int) -> str:
    """Return why no further person is added."""
    return _("A digest can be about {most} people at most.").format(most=most)


def cancelled() -> Reply:
    """Return that a wish was dropped."""
    return Reply(html(_("No digest was begun. /subscribe begins again.")))


def deleted(subscription: Subscription) -> Reply:
    """Return that a digest will come no more."""
    text = _("Deleted: the digest {when} comes no more.")
    rows = ((Button(_("All digests"), "sub:all"),),)
    return Reply(html(text, when=when(subscription.wish.timetable)), rows)


def settings(current: ChatSettings, names: Mapping[int, ChatIdentity]) -> Reply:
    """Return how a chat is set up, what became of its last digests, and buttons to change what comes."""
    lines = [Markup("<b>{}</b>").format(_("Settings of {chat}").format(chat=title(current.chat.identity)))]
    lines.append(html(_("Time zone: {zone}"), zone=current.chat.timezone))
    lines.append(html(_("Language: {language}"), language=LANGUAGES[spoken()]))
    lines.append(_kept(current.kept_days))
    lines += [_told(each, names) for each in current.subscriptions]
    if not current.subscriptions:
        lines.append(html(_("No digest; /subscribe brings one.")))
    if current.deliveries:
        lines += [Markup("\n<b>{}</b>").format(_("Last digests")), *map(deliveries.line, current.deliveries)]
    return Reply(fit(lines), _list_buttons(current.subscriptions, names))


def _list_buttons(found: Sequence[Subscription], names: Mapping[int, ChatIdentity]) -> Rows:
    """Return a button for each digest of a chat, and one for a further one."""
    return (
        *((button(each, _line(each, names), "m"),) for each in found),
        (Button(_("New digest"), "sub:new"), Button(_("Time zone"), "sub:zone")),
        (open_language(), open_retention()),
    )


def _kept(days: int | None) -> Markup:
    """Return for how long articles are kept, on a line."""
    if days is None:
        return html(_("Articles: kept for good"))
    return html(ngettext("Articles: kept for {days} day", "Articles: kept for {days} days", days), days=days)


def _told(each: Subscription, names: Mapping[int, ChatIdentity]) -> Markup:
    """Return one digest in a list of all."""
    paused = each.state is SubscriptionState.PAUSED
    if each.wish.target != each.chat:
        text = _("Digest to {chat} {when}, paused") if paused else _("Digest to {chat} {when}, next {moment}")
    elif each.wish.thread_id:
        text = _("Digest in one topic {when}, paused") if paused else _("Digest in one topic {when}, next {moment}")
    else:
        text = _("Digest {when}, paused") if paused else _("Digest {when}, next {moment}")
    moment, chat = minute(local(each.next_run, each)), title(names.get(each.wish.target))
    return html(text, when=when(each.wish.timetable), moment=moment, chat=chat)


def _line(each: Subscription, names: Mapping[int, ChatIdentity]) -> str:
    """Return one digest on a button."""
    said = when(each.wish.timetable)
    if each.wish.target != each.chat:
        said = _("{chat}: {when}").format(chat=title(names.get(each.wish.target)), when=said)
    elif each.wish.thread_id:
        said = _("One topic: {when}").format(when=said)
    return shorten(said, 60)


def html(text: str, **values: object) -> Markup:
    """Return a text of ours, with values from outside, escaped, in its places."""
    return Markup(text).format(**values)  # noqa: S704  # all texts stand in this file or in the catalogues


def button(subscription: Subscription, label: str, what: str, value: str = "") -> Button:
    """Return a button that does something to a subscription, or a draft of one."""
    return Button(label, f"sub:{subscription.id}:{what}:{value}" if value else f"sub:{subscription.id}:{what}")


def _days(days: Sequence[int]) -> str:
    names = Locale(spoken()).days["format"]["wide"]
    return listed([names[day - 1] for day in days])


def listed(values: Sequence[str]) -> str:
    """Return "one, two and three"."""
    return format_list(list(values), locale=spoken()) if values else ""


def title(chat: ChatIdentity | None) -> str:
    """Return what a chat is called."""
    return shorten(chat.title, NAME_LENGTH) if chat is not None else _("another chat")


def local(moment: datetime, subscription: Subscription) -> datetime:
    """Return a moment by the clock of a subscription."""
    return moment.astimezone(ZoneInfo(subscription.wish.timetable.timezone))
