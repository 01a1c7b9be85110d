"""Words about which digests come when, and what is said around changing that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.lists import format_list
from markupsafe import Markup

from domain.chats import ChatIdentity, ChatKind
from domain.corrections import Editor
from domain.ledger import PersonReference
from domain.schedule import EVERY_DAY, WORKDAYS, Timetable
from domain.sending import Loss
from domain.subscriptions import ChatSettings, Filters, Subscription, SubscriptionState
from handlers.replies import Button, Reply, deliveries
from handlers.replies.language import LANGUAGES, ngettext, spoken
from handlers.replies.language import gettext as _
from handlers.replies.languages import open_language
from handlers.replies.layout import fit, join, shorten
from handlers.replies.privacy import open_retention
from handlers.replies.wording import NAME_LENGTH, minute

WEEKEND = (6, 7)
# Of a name among others.
_FEW = 30

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What the chats to which digests go, and the people whom they are about, are called, by number."""

    chats: Mapping[int, ChatIdentity] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)


def when(timetable: Timetable) -> str:
    """Return "every day at 08:00 (Europe/Vilnius)"."""
    several = _("on {days} at {times} ({zone})") if len(timetable.days) > 1 else _("every {days} at {times} ({zone})")
    sentence = {
        EVERY_DAY: _("every day at {times} ({zone})"),
        WORKDAYS: _("on workdays at {times} ({zone})"),
        WEEKEND: _("at weekends at {times} ({zone})"),
    }.get(timetable.days, several)
    return sentence.format(days=_days(timetable.days), times=times(timetable), zone=timetable.timezone)


def about(filters: Filters, people: Mapping[int, str]) -> str:
    """Return in few words what a digest is limited to: "Ada Quill, what is denied"; empty where it is of all."""
    named = [people[number] for number in filters.people if number in people]
    counted = ngettext("{count} origin or more", "{count} origins or more", filters.origins)
    limits = [
        *(shorten(each, _FEW) for each in (*named, *filters.names)),
        *([f"“{shorten(filters.words, _FEW)}”"] if filters.words else []),
        *(shorten(each, _FEW) for each in filters.publishers),
        *(language_name(code) for code in filters.languages),
        *([counted.format(count=filters.origins)] if filters.origins > 1 else []),
        *([_("what is denied")] if filters.disputed else []),
    ]
    return shorten(", ".join(limits), NAME_LENGTH)


def called(subscription: Subscription, people: Mapping[int, str]) -> str:
    """Return what tells a digest from others: "Ada Quill: every day at 08:00 (UTC)"."""
    said, limited = when(subscription.wish.timetable), about(subscription.wish.filters, people)
    return _("{about}: {when}").format(about=limited, when=said) if limited else said


def language_name(code: str) -> str:
    """Return what a language is called in the one that is spoken."""
    return str(Locale(spoken()).languages.get(code, code))


def times(timetable: Timetable) -> str:
    """Return the times of a day: "08:00 and 18:00"."""
    return listed([f"{at:%H:%M}" for at in timetable.times])


def subscribed(
    subscription: Subscription,
    target: ChatIdentity | None,
    others: int,
    now: datetime,
    people: Sequence[PersonReference] = (),
    *,
    sets_clock: bool = False,
) -> Reply:
    """Return that digests will come, and when the first one will; ``others`` without filters come to the same place.

    ``sets_clock`` where what is typed without a city is by its clock from now on.
    """
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
    limited = about(subscription.wish.filters, {person.id: person.name for person in people})
    if limited:
        lines.append(html(_("Only: {about}"), about=limited))
    if sets_clock:
        zone = subscription.wish.timetable.timezone
        lines.append(html(_("This chat's times are by the clock of {zone} from now on."), zone=zone))
    if elsewhere and subscription.chat > 0:
        lines.append(html(_("Its lines lead nobody to an article there: nobody can be led into a private chat.")))
    if target is not None and target.kind is ChatKind.CHANNEL and not elsewhere:
        unfit = _(
            "It tells what is posted in this channel. To have it tell your articles, write /subscribe to me alone."
        )
        lines.append(html(unfit))
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


def all_ended(count: int) -> Reply:
    """Return that all of several have ended."""
    if not count:
        return none_here()
    text = ngettext("{count} digest has ended.", "{count} digests have ended.", count)
    return Reply(html(text + " " + _("No digest will come here any more. /subscribe brings it back."), count=count))


def words_for_all() -> frozenset[str]:
    """Return the words by which all digests are meant, in lower case."""
    return frozenset(word.casefold() for word in ("all", "everything", _("all of them")))


def no_such_rhythm(written: str, most: int) -> Reply:
    """Return that digests come by the clock and by days of the week only."""
    text = _(
        "Digests come at times of the day, {most} at most, and on days of the week; “{written}” I can't do. Write "
        "<code>/subscribe 08:00 12:00 18:00</code> or <code>/subscribe Monday 9:00</code>."
    )
    return Reply(html(text, written=shorten(written, NAME_LENGTH), most=most))


def offer_to_subscribe() -> Reply:
    """Return what somebody may mean who speaks of digests."""
    text = _(
        "A digest tells what came in. /digest shows one now, /subscribe brings one every day: for example "
        "<code>/subscribe 08:00 Vilnius</code>. /unsubscribe ends it."
    )
    return Reply(html(text))


def sees_little() -> Reply:
    """Return that the bot does not see what is written in a group."""
    text = _(
        "In this group I see only what is said to me: articles that are forwarded here do not reach me. Make me an "
        "administrator, or answer to an article with /article."
    )
    return Reply(html(text))


def sees_all() -> Reply:
    """Return that what is forwarded in a group is read."""
    return Reply(html(_("I read the articles that are forwarded here. /subscribe brings digests of them.")))


def which_to_end(found: Sequence[Subscription], names: Names) -> Reply:
    """Ask which of several is to end."""
    rows: Rows = tuple((button(each, _line(each, names), "d"),) for each in found)
    if len(found) > 1:
        rows = (*rows, (Button(_("All of them"), "sub:none"),))
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


def language_unknown(written: str) -> str:
    """Return that a language is not known."""
    return _("I don't know the language “{written}”.").format(written=shorten(written, NAME_LENGTH))


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
        "person": _("Answer with a name; in “quotes” where no article has named them yet."),
        "publisher": _("Answer with the name of an outlet, as it is called."),
        "language": _("Answer with a language."),
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


def settings(current: ChatSettings, names: Names) -> Reply:
    """Return how a chat is set up, what became of its last digests, and buttons to change what comes."""
    lines = [Markup("<b>{}</b>").format(_("Settings of {chat}").format(chat=title(current.chat.identity)))]
    lines.append(html(_("Time zone: {zone}"), zone=current.chat.timezone))
    lines.append(html(_("Language: {language}"), language=LANGUAGES[spoken()]))
    lines.append(_kept(current.kept_days))
    lines += [_told(each, names) for each in current.subscriptions]
    lines += [_lost(each, names) for each in current.lost]
    if not current.subscriptions:
        lines.append(html(_("No digest; /subscribe brings one.")))
    if current.deliveries:
        last = [
            deliveries.line(each, about(each.subscription.wish.filters, names.people)) for each in current.deliveries
        ]
        lines += [Markup("\n<b>{}</b>").format(_("Last digests")), *last]
    return Reply(fit(lines), _list_buttons(current.subscriptions, names))


def _lost(each: Subscription, names: Names) -> Markup:
    """Return on a line that a digest has ended by itself, and why."""
    text = _("Ended: the digest to {chat} {when}, as {why}")
    why = deliveries.why_lost(Loss(each.reason)) if each.reason in set(Loss) else "?"
    return html(text, chat=title(names.chats.get(each.wish.target)), when=when(each.wish.timetable), why=why)


def _list_buttons(found: Sequence[Subscription], names: Names) -> Rows:
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


def _told(each: Subscription, names: Names) -> Markup:
    """Return one digest in a list of all."""
    paused = each.state is SubscriptionState.PAUSED
    if each.wish.target != each.chat:
        text = _("Digest to {chat} {when}, paused") if paused else _("Digest to {chat} {when}, next {moment}")
    elif each.wish.thread_id:
        text = _("Digest in one topic {when}, paused") if paused else _("Digest in one topic {when}, next {moment}")
    else:
        text = _("Digest {when}, paused") if paused else _("Digest {when}, next {moment}")
    moment, chat = minute(local(each.next_run, each)), title(names.chats.get(each.wish.target))
    told, limited = html(text, when=when(each.wish.timetable), moment=moment, chat=chat), each.wish.filters
    said = about(limited, names.people)
    return html(_("{digest}. Only: {about}"), digest=told, about=said) if said else told


def _line(each: Subscription, names: Names) -> str:
    """Return one digest on a button."""
    said = called(each, names.people)
    if each.wish.target != each.chat:
        said = _("{chat}: {when}").format(chat=title(names.chats.get(each.wish.target)), when=said)
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
