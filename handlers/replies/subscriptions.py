"""Words about which digests come when, and the buttons that put a wish together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from babel import Locale
from babel.lists import format_list
from markupsafe import Markup

from domain.chats import ChatIdentity
from domain.ledger import PersonReference
from domain.places import Place
from domain.schedule import EVERY_DAY, WORKDAYS, Timetable
from domain.subscriptions import ChatSettings, Filters, Subscription, SubscriptionState, WhenEmpty
from handlers.replies import Button, Reply, deliveries
from handlers.replies.language import gettext as _
from handlers.replies.language import ngettext, spoken
from handlers.replies.layout import fit, join, shorten
from handlers.replies.wording import NAME_LENGTH, minute

WEEKEND = (6, 7)
HOURS = (6, 7, 8, 9, 10, 12, 14, 16, 17, 18, 20, 22)
ZONES_SHOWN = 24
_LABEL = 40

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A wish as it is shown: where it goes, and whom it is limited to."""

    subscription: Subscription
    now: datetime
    target: ChatIdentity | None
    people: Sequence[PersonReference] = ()

    @property
    def is_draft(self) -> bool:
        """Whether it has not begun."""
        return self.subscription.state is SubscriptionState.DRAFT


def when(timetable: Timetable) -> str:
    """Return "every day at 08:00 (Europe/Vilnius)"."""
    sentence = {
        EVERY_DAY: _("every day at {times} ({zone})"),
        WORKDAYS: _("on workdays at {times} ({zone})"),
        WEEKEND: _("at weekends at {times} ({zone})"),
    }.get(timetable.days, _("on {days} at {times} ({zone})"))
    return sentence.format(days=_days(timetable.days), times=times(timetable), zone=timetable.timezone)


def times(timetable: Timetable) -> str:
    """Return the times of a day: "08:00 and 18:00"."""
    return _listed([f"{at:%H:%M}" for at in timetable.times])


def subscribed(subscription: Subscription, target: ChatIdentity | None, others: int) -> Reply:
    """Return that digests will come, and when the first one will; ``others`` without filters come to the same place."""
    first = minute(_local(subscription.next_run, subscription))
    elsewhere = subscription.wish.target != subscription.chat
    text = (
        _("A digest comes to {chat} {when}. The first one: {first}.\n/settings changes it.")
        if elsewhere
        else _("A digest comes here {when}. The first one: {first}.\n/digest shows it now, /unsubscribe ends it.")
    )
    lines = [_html(text, when=when(subscription.wish.timetable), first=first, chat=_title(target))]
    rows = [(_to(subscription, _("Change"), "m"),)]
    if others:
        besides = ngettext(
            "{count} more digest of everything comes to the same place.",
            "{count} more digests of everything come to the same place.",
            others,
        )
        lines.append(_html(besides, count=others))
        rows.append((_to(subscription, _("Keep only this one"), "only"),))
    return Reply(join(lines), tuple(rows))


def kept_only(subscription: Subscription) -> Reply:
    """Return that one is left."""
    text = _("Only this one comes now: {when}.")
    rows = ((_to(subscription, _("Change"), "m"),),)
    return Reply(_html(text, when=when(subscription.wish.timetable)), rows)


def unsubscribed() -> Reply:
    """Return that no digest will come any more."""
    return Reply(_html(_("No digest will come here any more. /subscribe brings it back.")))


def none_here() -> Reply:
    """Return that there was nothing to end."""
    return Reply(_html(_("No digest comes here. <code>/subscribe 08:00 Europe/Vilnius</code> brings one every day.")))


def which_to_end(found: Sequence[Subscription], names: Mapping[int, ChatIdentity]) -> Reply:
    """Ask which of several is to end."""
    rows = tuple((_to(each, _line(each, names), "d"),) for each in found)
    return Reply(_html(_("Which digest shall end?")), rows)


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
    return Reply(_html(text, written=shorten(written, NAME_LENGTH)))


def place_unclear(shown: Shown, written: str, places: Sequence[Place]) -> Reply:
    """Return that a place was not understood, with those that may be meant."""
    rows = (*_places(shown, places, "zs"), (*_zone_ways(shown)[:2], _to(shown.subscription, _("Cancel"), "x")))
    text = (
        _("I read: {read}. I don't know the place “{written}” for sure: did you mean …?")
        if places
        else _("I read: {read}. I don't know the place “{written}”. Choose its clock in another way:")
    )
    return Reply(_html(text, read=_read(shown), written=shorten(written, NAME_LENGTH)), rows)


def wish(shown: Shown) -> Reply:
    """Return a wish as it stands, with buttons to change it."""
    each = shown.subscription
    head = _("<b>A new digest</b>") if shown.is_draft else _("<b>Digest</b>")
    lines = [
        _html(head),
        _html(
            _("When: {when}; it is {clock} there now"),
            when=when(each.wish.timetable),
            clock=f"{_local(shown.now, each):%H:%M}",
        ),
        *limits(each.wish.filters, shown.people),
        _html(_where(shown), chat=_title(shown.target)),
        _html(_empty(each.wish.when_empty)),
    ]
    if each.state is SubscriptionState.PAUSED:
        lines.append(_html(_("Paused: none comes until you let it go on.")))
    elif not shown.is_draft:
        lines.append(_html(_("Next: {moment}"), moment=minute(_local(each.next_run, each))))
    return Reply(fit(lines), _menu(shown))


def limits(filters: Filters, people: Sequence[PersonReference]) -> list[Markup]:
    """Return to what a digest is limited, a line each."""
    if filters == Filters():
        return [_html(_("About: everything"))]
    names = _listed([shorten(person.name, _LABEL) for person in people]) or _("nobody who is still known")
    lines = [
        (filters.people, _("People: {values}"), names),
        (filters.words, _("Words: {values}"), shorten(filters.words or "", 300)),
        (
            filters.publishers,
            _("Publishers: {values}"),
            _listed([shorten(each, _LABEL) for each in filters.publishers]),
        ),
        (filters.languages, _("Languages: {values}"), _listed([language_name(each) for each in filters.languages])),
        (filters.origins > 1, _origins(filters.origins), ""),
        (filters.disputed, _("Only what is denied or contradicted"), ""),
    ]
    return [_html(text, values=values) for limited, text, values in lines if limited]


def how_often(shown: Shown) -> Reply:
    """Offer the days of the week."""
    each, chosen = shown.subscription, shown.subscription.wish.timetable.days
    names = Locale(spoken()).days["stand-alone"]["abbreviated"]
    days = [_to(each, _marked(names[day - 1], day in chosen), "od", str(day)) for day in EVERY_DAY]
    rows: Rows = (
        (
            _to(each, _marked(_("Every day"), chosen == EVERY_DAY), "oe"),
            _to(each, _marked(_("Workdays"), chosen == WORKDAYS), "ow"),
        ),
        (
            _to(each, _marked(_("Weekends"), chosen == WEEKEND), "on"),
            _to(each, _marked(_("Once a week …"), len(chosen) == 1), "o1"),
        ),
        tuple(days[:4]),
        tuple(days[4:]),
        (_to(each, _("Several times a day …"), "tm"), _back(shown)),
    )
    return Reply(_html(_("On which days? Now: {when}"), when=when(each.wish.timetable)), rows)


def which_day(shown: Shown) -> Reply:
    """Ask for the one day of a week."""
    each, names = shown.subscription, Locale(spoken()).days["stand-alone"]["wide"]
    days = [_to(each, names[day - 1], "o1", str(day)) for day in EVERY_DAY]
    return Reply(_html(_("On which day of the week?")), (*_rows(days, 3), (_back(shown),)))


def what_time(shown: Shown, *, several: bool) -> Reply:
    """Offer times of day; of ``several``, each tap adds one or takes it away."""
    each, chosen = shown.subscription, shown.subscription.wish.timetable.times
    what = "tt" if several else "th"
    hours = [_to(each, _marked(f"{hour:02}:00", time(hour) in chosen), what, f"{hour:02}00") for hour in HOURS]
    odd = [
        _to(each, _marked(f"{at:%H:%M}", True), what, f"{at:%H%M}")
        for at in chosen
        if at.minute or at.hour not in HOURS
    ]
    other = _("Once a day") if several else _("Several times a day")
    rows: Rows = (
        *_rows(odd, 4),
        *_rows(hours, 4),
        (_to(each, _("15 min earlier"), "ts", "-15"), _to(each, _("15 min later"), "ts", "15")),
        (_to(each, other, "t" if several else "tm"), _to(each, _("Type it"), "ty")),
        (_back(shown),),
    )
    text = _("At which times of the day? Tap all. Now: {when}") if several else _("At what time of day? Now: {when}")
    return Reply(_html(text, when=when(each.wish.timetable)), rows)


def which_zone(shown: Shown, *, private: bool) -> Reply:
    """Offer the ways to a zone."""
    each = shown.subscription
    rows = [
        (_to(each, _("Type a city"), "zc"), _to(each, _("By my clock"), "zk")),
        *([(_to(each, _("By where I am"), "zl"),)] if private else []),
        (_back(shown),),
    ]
    text = _("By which clock? Now it is {zone}, where it is {clock}.")
    clock = f"{_local(shown.now, each):%H:%M}"
    return Reply(_html(text, zone=each.wish.timetable.timezone, clock=clock), tuple(rows))


def which_place(shown: Shown, written: str, places: Sequence[Place]) -> Reply:
    """Offer the places that somebody may have meant."""
    rows = (*_places(shown, places, "zz"), _zone_ways(shown))
    text = _("Which place is “{written}”?")
    return Reply(_html(text, written=shorten(written, NAME_LENGTH)), rows)


def which_clock(shown: Shown, clocks: Sequence[int]) -> Reply:
    """Ask what time it is for somebody now; ``clocks`` are the world's, in minutes ahead of UTC."""
    shown_by = sorted(((shown.now + timedelta(minutes=ahead)).strftime("%H:%M"), ahead) for ahead in clocks)
    buttons = [_to(shown.subscription, clock, "zk", str(ahead)) for clock, ahead in shown_by]
    rows = (*_rows(buttons, 5), _zone_ways(shown))
    return Reply(_html(_("What time is it for you now?")), rows)


def which_of_zones(shown: Shown, zones: Sequence[str], ahead: int, page: int) -> Reply:
    """Offer the zones whose clocks show a time now."""
    clock = (shown.now + timedelta(minutes=ahead)).strftime("%H:%M")
    text = _("It is {clock} now in these places. Which has your clock, in summer and in winter?")
    return Reply(_html(text, clock=clock), _zone_page(shown, zones, ahead, page, "zz"))


def offset_zones(shown: Shown, written: str, zones: Sequence[str], ahead: int) -> Reply:
    """Offer the zones that somebody may mean who wrote an offset."""
    text = _("I read: {read}. “{written}” is an offset, and clocks change: whose clock is it?")
    named = shorten(written, NAME_LENGTH)
    return Reply(_html(text, read=_read(shown), written=named), _zone_page(shown, zones, ahead, 0, "zs"))


def about_what(shown: Shown) -> Reply:
    """Offer what a digest can be limited to."""
    each = shown.subscription
    filters = each.wish.filters
    rows: Rows = (
        (
            _to(each, _marked(_("People"), bool(filters.people)), "fp"),
            _to(each, _marked(_("Words"), filters.words is not None), "fw"),
        ),
        (
            _to(each, _marked(_("Publishers"), bool(filters.publishers)), "fu"),
            _to(each, _marked(_("Languages"), bool(filters.languages)), "fl"),
        ),
        (_to(each, _marked(_("Independent origins"), filters.origins > 1), "fn"),),
        (_to(each, _marked(_("Only what is denied or contradicted"), filters.disputed), "fd"),),
        (_to(each, _("Everything"), "fx"), _back(shown)),
    )
    head = _html(_("What is it about? All that is set here must hold."))
    return Reply(fit([head, *limits(filters, shown.people)]), rows)


def which_people(shown: Shown) -> Reply:
    """Show whom a digest is about; a tap takes one away."""
    each = shown.subscription
    named = [
        (_to(each, _("✕ {name}").format(name=shorten(person.called, _LABEL)), "fa", str(person.id)),)
        for person in shown.people
    ]
    rows: Rows = (*named, (_to(each, _("Add a name"), "fq"), _to(each, _("Back"), "f")))
    return Reply(_html(_("Whom is it about? What one of them says, or what names them, is told.")), rows)


def which_person(shown: Shown, name: str, found: Sequence[PersonReference]) -> Reply:
    """Offer those whom a name may mean."""
    each = shown.subscription
    offered = [(_to(each, shorten(person.called, _LABEL), "fa", str(person.id)),) for person in found]
    rows: Rows = (*offered, (_to(each, _("Another name"), "fq"), _to(each, _("Back"), "fp")))
    return Reply(_html(_("Who is “{name}”?"), name=shorten(name, NAME_LENGTH)), rows)


def nobody_called(name: str) -> str:
    """Return that nobody bears a name."""
    return _("I know nobody called “{name}” here. Only those whom an article has named can be chosen.").format(
        name=shorten(name, NAME_LENGTH)
    )


def which_words(shown: Shown) -> Reply:
    """Show the words of a digest, and how they are written."""
    each = shown.subscription
    words = each.wish.filters.words
    text = _html(
        _(
            "Which words? Only what has them is told. AND, OR, NOT and brackets may join them, quotes keep a phrase "
            "together, a star stands for any ending:\n<code>dam* AND (crack* OR repair) NOT football</code>"
        )
    )
    now = [_html(_("Now: {words}"), words=Markup("<code>{}</code>").format(words))] if words else []
    rows: Rows = (
        (_to(each, _("Write them"), "fv"), *([_to(each, _("Any words"), "fz")] if words else [])),
        (_to(each, _("Back"), "f"),),
    )
    return Reply(join([text, *now]), rows)


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


def which_publishers(shown: Shown, publishers: Sequence[str]) -> Reply:
    """Offer publishers."""
    each, chosen = shown.subscription, shown.subscription.wish.filters.publishers
    offered = list(dict.fromkeys((*chosen, *publishers)))
    buttons = [(_to(each, _marked(shorten(name, _LABEL), name in chosen), "fu", key_of(name)),) for name in offered]
    text = _("Whose articles?") if offered else _("No article here has a publisher that I know.")
    return Reply(_html(text), (*buttons, (_to(each, _("Back"), "f"),)))


def key_of(publisher: str) -> str:
    """Return a publisher's name as it fits into a button."""
    return f"{crc32(publisher.encode()):x}"


def which_languages(shown: Shown, languages: Sequence[str]) -> Reply:
    """Offer languages."""
    each, chosen = shown.subscription, shown.subscription.wish.filters.languages
    offered = list(dict.fromkeys((*chosen, *languages)))
    buttons = [_to(each, _marked(language_name(code), code in chosen), "fl", code) for code in offered]
    text = _("Articles in which languages?") if offered else _("No article here has a language that I know.")
    return Reply(_html(text), (*_rows(buttons, 2), (_to(each, _("Back"), "f"),)))


def language_name(code: str) -> str:
    """Return what a language is called in the one that is spoken."""
    return str(Locale(spoken()).languages.get(code, code))


def how_many_origins(shown: Shown) -> Reply:
    """Ask for the number of independent origins."""
    each = shown.subscription
    chosen = each.wish.filters.origins
    buttons = tuple(_to(each, _marked(str(count), count == chosen), "fn", str(count)) for count in range(1, 6))
    text = _("Only claims with at least how many independent origins? Reprints of one text count once.")
    return Reply(_html(text), (buttons, (_to(each, _("Back"), "f"),)))


def where_to(shown: Shown, thread_id: int | None, *, private: bool) -> Reply:
    """Offer where a digest can go; ``thread_id`` is the topic in which the buttons are."""
    each = shown.subscription
    rows: list[tuple[Button, ...]] = [(_to(each, _("Here"), "ah"),)]
    if thread_id is not None:
        rows = [(_to(each, _("This topic"), "at", str(thread_id)), _to(each, _("The general topic"), "ah"))]
    if private:
        rows += [(_to(each, _("A channel or group …"), "as"), _to(each, _("Type its @name"), "an"))]
    lines = [_html(_where(shown), chat=_title(shown.target))]
    if not private:
        lines.append(_html(_("For a channel, write /subscribe to me in private.")))
    return Reply(join(lines), (*rows, (_back(shown),)))


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
        "city": _("Answer with a city, in any language."),
        "words": _("Answer with the words, for example: dam* AND (crack* OR repair) NOT football"),
        "person": _("Answer with a name."),
        "chat": _("Answer with the channel's name, for example @harbourpost. You and I must be administrators there."),
    }[asks]


def asked(asks: str, problem: str | None = None) -> Reply:
    """Return a question that is answered by writing; ``problem`` says why the last answer could not be taken."""
    lines = [Markup("{}").format(problem)] if problem else []
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
    return Reply(_html(_("Nothing was changed. /subscribe begins again.")))


def deleted(subscription: Subscription) -> Reply:
    """Return that a digest will come no more."""
    text = _("Deleted: the digest {when} comes no more.")
    rows = ((Button(_("All digests"), "sub:all"),),)
    return Reply(_html(text, when=when(subscription.wish.timetable)), rows)


def delete(shown: Shown) -> Reply:
    """Ask whether a digest is to come no more."""
    each = shown.subscription
    text = _("Shall the digest {when} come no more?")
    rows: Rows = ((_to(each, _("Delete it"), "dy"), _back(shown)),)
    return Reply(_html(text, when=when(each.wish.timetable)), rows)


def settings(current: ChatSettings, names: Mapping[int, ChatIdentity]) -> Reply:
    """Return how a chat is set up, what became of its last digests, and buttons to change what comes."""
    lines = [Markup("<b>{}</b>").format(_("Settings of {chat}").format(chat=_title(current.chat.identity)))]
    lines.append(_html(_("Time zone: {zone}"), zone=current.chat.timezone))
    lines += [_told(each, names) for each in current.subscriptions]
    if not current.subscriptions:
        lines.append(_html(_("No digest; /subscribe brings one.")))
    if current.deliveries:
        lines += [Markup("\n<b>{}</b>").format(_("Last digests")), *map(deliveries.line, current.deliveries)]
    return Reply(fit(lines), _list_buttons(current.subscriptions, names))


def _list_buttons(found: Sequence[Subscription], names: Mapping[int, ChatIdentity]) -> Rows:
    """Return a button for each digest of a chat, and one for a further one."""
    return (*((_to(each, _line(each, names), "m"),) for each in found), (Button(_("New digest"), "sub:new"),))


def _told(each: Subscription, names: Mapping[int, ChatIdentity]) -> Markup:
    """Return one digest in a list of all."""
    paused = each.state is SubscriptionState.PAUSED
    if each.wish.target != each.chat:
        text = _("Digest to {chat} {when}, paused") if paused else _("Digest to {chat} {when}, next {moment}")
    elif each.wish.thread_id:
        text = _("Digest in one topic {when}, paused") if paused else _("Digest in one topic {when}, next {moment}")
    else:
        text = _("Digest {when}, paused") if paused else _("Digest {when}, next {moment}")
    moment, chat = minute(_local(each.next_run, each)), _title(names.get(each.wish.target))
    return _html(text, when=when(each.wish.timetable), moment=moment, chat=chat)


def _line(each: Subscription, names: Mapping[int, ChatIdentity]) -> str:
    """Return one digest on a button."""
    said = when(each.wish.timetable)
    if each.wish.target != each.chat:
        said = _("{chat}: {when}").format(chat=_title(names.get(each.wish.target)), when=said)
    elif each.wish.thread_id:
        said = _("One topic: {when}").format(when=said)
    return shorten(said, 60)


def _where(shown: Shown) -> str:
    wanted = shown.subscription.wish
    if wanted.target != shown.subscription.chat:
        return _("Where: {chat}")
    return _("Where: this topic") if wanted.thread_id else _("Where: here")


def _empty(chosen: WhenEmpty) -> str:
    return (
        _("When nothing is new: one line says so")
        if chosen is WhenEmpty.LINE
        else _("When nothing is new: nothing comes")
    )


def _origins(count: int) -> str:
    return ngettext(
        "Only claims with {count} independent origin or more",
        "Only claims with {count} independent origins or more",
        count,
    ).format(count=count)


def _menu(shown: Shown) -> Rows:
    each = shown.subscription
    parts: Rows = (
        (_to(each, _("How often"), "o"), _to(each, _("Time"), "t"), _to(each, _("Zone"), "z")),
        (_to(each, _("About what"), "f"), _to(each, _("Where"), "a")),
        (_to(each, _("When nothing is new"), "e"),),
    )
    if shown.is_draft:
        return ((_to(each, _("✓ Subscribe"), "ok"),), *parts, (_to(each, _("Cancel"), "x"),))
    active = each.state is SubscriptionState.ACTIVE
    state = (
        (_to(each, _("Pause"), "p"), _to(each, _("Skip the next"), "k")) if active else (_to(each, _("Go on"), "ok"),)
    )
    return (*parts, (*state, _to(each, _("Delete"), "d")), (Button(_("All digests"), "sub:all"),))


def _zone_page(shown: Shown, zones: Sequence[str], ahead: int, page: int, what: str) -> Rows:
    part = zones[page * ZONES_SHOWN : (page + 1) * ZONES_SHOWN]
    buttons = [_to(shown.subscription, zone.rpartition("/")[2].replace("_", " "), what, zone) for zone in part]
    more = (
        [_to(shown.subscription, _("More"), "zk", f"{ahead}:{page + 1}")] if zones[(page + 1) * ZONES_SHOWN :] else []
    )
    return (*_rows(buttons, 3), *([tuple(more)] if more else []), _zone_ways(shown))


def _zone_ways(shown: Shown) -> tuple[Button, ...]:
    each = shown.subscription
    return _to(each, _("Type a city"), "zc"), _to(each, _("By my clock"), "zk"), _back(shown)


def _places(shown: Shown, places: Sequence[Place], what: str) -> Rows:
    territories = Locale(spoken()).territories
    labels_of = [
        f"{place.name}, {territories.get(place.country, place.country)}" if place.country else place.name
        for place in places
    ]
    return tuple(
        (_to(shown.subscription, shorten(f"{label} ({place.timezone})", 60), what, place.timezone),)
        for label, place in zip(labels_of, places, strict=True)
    )


def _html(text: str, **values: object) -> Markup:
    """Return a text of ours, with values from outside, escaped, in its places."""
    return Markup(text).format(**values)  # noqa: S704  # all texts stand in this file or in the catalogues


def _to(subscription: Subscription, label: str, what: str, value: str = "") -> Button:
    return Button(label, f"sub:{subscription.id}:{what}:{value}" if value else f"sub:{subscription.id}:{what}")


def _back(shown: Shown) -> Button:
    return _to(shown.subscription, _("Back"), "m")


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def _days(days: Sequence[int]) -> str:
    names = Locale(spoken()).days["format"]["wide"]
    return _listed([names[day - 1] for day in days])


def _listed(values: Sequence[str]) -> str:
    return format_list(list(values), locale=spoken()) if values else ""


def _title(chat: ChatIdentity | None) -> str:
    return shorten(chat.title, NAME_LENGTH) if chat is not None else _("another chat")


def _read(shown: Shown) -> str:
    """Return the times and days of a wish, without its zone."""
    timetable = shown.subscription.wish.timetable
    return when(timetable).replace(f" ({timetable.timezone})", "")


def _local(moment: datetime, subscription: Subscription) -> datetime:
    return moment.astimezone(ZoneInfo(subscription.wish.timetable.timezone))
