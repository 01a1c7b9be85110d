"""A wish for digests as it stands, and the buttons that put it together: one screen for each thing that can be set."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zlib import crc32

from babel import Locale
from markupsafe import Markup

from domain.chats import ChatIdentity
from domain.ledger import PersonReference
from domain.places import Place
from domain.schedule import EVERY_DAY, WORKDAYS
from domain.subscriptions import Filters, Subscription, SubscriptionState, WhenEmpty
from handlers.replies import Button, Reply
from handlers.replies.cities import city_of
from handlers.replies.language import gettext as _
from handlers.replies.language import ngettext, spoken
from handlers.replies.layout import fit, join, shorten
from handlers.replies.subscriptions import (
    WEEKEND,
    Rows,
    button,
    called,
    html,
    language_name,
    listed,
    local,
    title,
    when,
)
from handlers.replies.wording import NAME_LENGTH, minute

HOURS = (6, 7, 8, 9, 10, 12, 14, 16, 17, 18, 20, 22)
ZONES_SHOWN = 24
_LABEL = 40
# At the end of what says when, in every language.
_ZONE = re.compile(r"\s*\([^()]*\)\Z")


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


def place_unclear(shown: Shown, written: str, places: Sequence[Place]) -> Reply:
    """Return that a place was not understood, with those that may be meant."""
    rows = (*_places(shown, places, "zs"), (*_zone_ways(shown)[:2], button(shown.subscription, _("Cancel"), "x")))
    text = (
        _("I read: {read}. I don't know the place “{written}” for sure: did you mean …?")
        if places
        else _("I read: {read}. I don't know the place “{written}”. Choose its clock in another way:")
    )
    return Reply(html(text, read=_read(shown), written=shorten(written, NAME_LENGTH)), rows)


def wish(shown: Shown) -> Reply:
    """Return a wish as it stands, with buttons to change it."""
    each = shown.subscription
    head = _("<b>A new digest</b>") if shown.is_draft else _("<b>Digest</b>")
    lines = [
        html(head),
        html(
            _("When: {when}; it is {clock} there now"),
            when=when(each.wish.timetable),
            clock=f"{local(shown.now, each):%H:%M}",
        ),
        *limits(each.wish.filters, shown.people),
        html(_where(shown), chat=title(shown.target)),
        html(_empty(each.wish.when_empty)),
        html(_pictured(pictures=each.wish.pictures)),
    ]
    if each.state is SubscriptionState.PAUSED:
        lines.append(html(_("Paused: none comes until you let it go on.")))
    elif not shown.is_draft:
        lines.append(html(_("Next: {moment}"), moment=minute(local(each.next_run, each))))
    return Reply(fit(lines), _menu(shown))


def limits(filters: Filters, people: Sequence[PersonReference]) -> list[Markup]:
    """Return to what a digest is limited, a line each."""
    if filters == Filters():
        return [html(_("About: everything"))]
    names = listed([_label(name) for name in (*(person.name for person in people), *filters.names)])
    lines = [
        (filters.of_people, _("People: {values}"), names or _("nobody who is still known")),
        (filters.words, _("Words: {values}"), shorten(filters.words or "", 300)),
        (
            filters.publishers,
            _("Publishers: {values}"),
            listed([_label(each) for each in filters.publishers]),
        ),
        (filters.languages, _("Languages: {values}"), listed([language_name(each) for each in filters.languages])),
        (filters.origins > 1, _origins(filters.origins), ""),
        (filters.disputed, _("Only what is denied or contradicted"), ""),
    ]
    return [html(text, values=values) for limited, text, values in lines if limited]


def how_often(shown: Shown) -> Reply:
    """Offer the days of the week."""
    each, chosen = shown.subscription, shown.subscription.wish.timetable.days
    names = Locale(spoken()).days["stand-alone"]["abbreviated"]
    days = [button(each, _marked(names[day - 1], day in chosen), "od", str(day)) for day in EVERY_DAY]
    rows: Rows = (
        (
            button(each, _marked(_("Every day"), chosen == EVERY_DAY), "oe"),
            button(each, _marked(_("Workdays"), chosen == WORKDAYS), "ow"),
        ),
        (
            button(each, _marked(_("Weekends"), chosen == WEEKEND), "on"),
            button(each, _marked(_("Once a week …"), len(chosen) == 1), "o1"),
        ),
        tuple(days[:4]),
        tuple(days[4:]),
        (button(each, _("Several times a day …"), "tm"), _back(shown)),
    )
    return Reply(html(_("On which days? Now: {when}"), when=when(each.wish.timetable)), rows)


def which_day(shown: Shown) -> Reply:
    """Ask for the one day of a week."""
    each, names = shown.subscription, Locale(spoken()).days["stand-alone"]["wide"]
    days = [button(each, names[day - 1], "o1", str(day)) for day in EVERY_DAY]
    return Reply(html(_("On which day of the week?")), (*_rows(days, 3), (_back(shown),)))


def what_time(shown: Shown, *, several: bool) -> Reply:
    """Offer times of day; of ``several``, each tap adds one or takes it away."""
    each, chosen = shown.subscription, shown.subscription.wish.timetable.times
    what = "tt" if several else "th"
    hours = [button(each, _marked(f"{hour:02}:00", time(hour) in chosen), what, f"{hour:02}00") for hour in HOURS]
    odd = [
        button(each, _marked(f"{at:%H:%M}", True), what, f"{at:%H%M}")
        for at in chosen
        if at.minute or at.hour not in HOURS
    ]
    other = _("Once a day") if several else _("Several times a day")
    rows: Rows = (
        *_rows(odd, 4),
        *_rows(hours, 4),
        (button(each, _("15 min earlier"), "ts", "-15"), button(each, _("15 min later"), "ts", "15")),
        (button(each, other, "t" if several else "tm"), button(each, _("Type it"), "ty")),
        (_back(shown),),
    )
    text = _("At which times of the day? Tap all. Now: {when}") if several else _("At what time of day? Now: {when}")
    return Reply(html(text, when=when(each.wish.timetable)), rows)


def which_zone(shown: Shown, *, private: bool) -> Reply:
    """Offer the ways to a zone."""
    each = shown.subscription
    rows = [
        (button(each, _("Type a city"), "zc"), button(each, _("By my clock"), "zk")),
        *([(button(each, _("By where I am"), "zl"),)] if private else []),
        (_back(shown),),
    ]
    text = _("By which clock? Now it is {zone}, where it is {clock}.")
    clock = f"{local(shown.now, each):%H:%M}"
    return Reply(html(text, zone=each.wish.timetable.timezone, clock=clock), tuple(rows))


def which_place(shown: Shown, written: str, places: Sequence[Place]) -> Reply:
    """Offer the places that somebody may have meant."""
    rows = (*_places(shown, places, "zz"), _zone_ways(shown))
    text = _("Which place is “{written}”?")
    return Reply(html(text, written=shorten(written, NAME_LENGTH)), rows)


def which_clock(shown: Shown, clocks: Sequence[int]) -> Reply:
    """Ask what time it is for somebody now; ``clocks`` are the world's, in minutes ahead of UTC."""
    shown_by = sorted(((shown.now + timedelta(minutes=ahead)).strftime("%H:%M"), ahead) for ahead in clocks)
    buttons = [button(shown.subscription, clock, "zk", str(ahead)) for clock, ahead in shown_by]
    rows = (*_rows(buttons, 5), _zone_ways(shown))
    return Reply(html(_("What time is it for you now?")), rows)


def which_of_zones(shown: Shown, zones: Sequence[str], ahead: int, page: int) -> Reply:
    """Offer the zones whose clocks show a time now."""
    clock = (shown.now + timedelta(minutes=ahead)).strftime("%H:%M")
    text = _("It is {clock} now in these places. Which has your clock, in summer and in winter?")
    return Reply(html(text, clock=clock), _zone_page(shown, zones, ahead, page, "zz"))


def offset_zones(shown: Shown, written: str, zones: Sequence[str], ahead: int) -> Reply:
    """Offer the zones that somebody may mean who wrote an offset."""
    text = _("I read: {read}. “{written}” is an offset, and clocks change: whose clock is it?")
    named = shorten(written, NAME_LENGTH)
    return Reply(html(text, read=_read(shown), written=named), _zone_page(shown, zones, ahead, 0, "zs"))


def about_what(shown: Shown) -> Reply:
    """Offer what a digest can be limited to."""
    each = shown.subscription
    filters = each.wish.filters
    rows: Rows = (
        (
            button(each, _marked(_("People"), filters.of_people), "fp"),
            button(each, _marked(_("Words"), filters.words is not None), "fw"),
        ),
        (
            button(each, _marked(_("Publishers"), bool(filters.publishers)), "fu"),
            button(each, _marked(_("Languages"), bool(filters.languages)), "fl"),
        ),
        (button(each, _marked(_("Independent origins"), filters.origins > 1), "fn"),),
        (button(each, _marked(_("Only what is denied or contradicted"), filters.disputed), "fd"),),
        (button(each, _("Everything"), "fx"), _back(shown)),
    )
    head = html(_("What is it about? All that is set here must hold."))
    return Reply(fit([head, *limits(filters, shown.people)]), rows)


def which_people(shown: Shown) -> Reply:
    """Show whom a digest is about; a tap takes one away."""
    each = shown.subscription
    named = [
        (button(each, _("✕ {name}").format(name=_label(person.called)), "fa", str(person.id)),)
        for person in shown.people
    ] + [
        (button(each, _("✕ {name}").format(name=_label(name)), "fr", key_of(name)),) for name in each.wish.filters.names
    ]
    rows: Rows = (*named, (button(each, _("Add a name"), "fq"), button(each, _("Back"), "f")))
    return Reply(html(_("Whom is it about? What one of them says, or what names them, is told.")), rows)


def which_person(shown: Shown, name: str, found: Sequence[PersonReference]) -> Reply:
    """Offer those whom a name may mean."""
    each = shown.subscription
    offered = [(button(each, _label(person.called), "fa", str(person.id)),) for person in found]
    rows: Rows = (*offered, (button(each, _("Another name"), "fq"), button(each, _("Back"), "fp")))
    text = _("Who is “{name}”? For somebody whom no article has named yet, write the name in “quotes”.")
    return Reply(html(text, name=shorten(name, NAME_LENGTH)), rows)


def which_words(shown: Shown) -> Reply:
    """Show the words of a digest, and how they are written."""
    each = shown.subscription
    words = each.wish.filters.words
    text = html(
        _(
            "Which words? Only what has them is told. AND, OR, NOT and brackets may join them, quotes keep a phrase "
            "together, a star stands for any ending:\n<code>dam* AND (crack* OR repair) NOT football</code>"
        )
    )
    now = [html(_("Now: {words}"), words=Markup("<code>{}</code>").format(words))] if words else []
    rows: Rows = (
        (button(each, _("Write them"), "fv"), *([button(each, _("Any words"), "fz")] if words else [])),
        (button(each, _("Back"), "f"),),
    )
    return Reply(join([text, *now]), rows)


def which_publishers(shown: Shown, publishers: Sequence[str]) -> Reply:
    """Offer publishers."""
    each, chosen = shown.subscription, shown.subscription.wish.filters.publishers
    offered = list(dict.fromkeys((*chosen, *publishers)))
    buttons = [(button(each, _marked(_label(name), name in chosen), "fu", key_of(name)),) for name in offered]
    rows: Rows = (*buttons, (button(each, _("Type it"), "fuw"), button(each, _("Back"), "f")))
    return Reply(html(_("Whose articles?")), rows)


def key_of(name: str) -> str:
    """Return a name as it fits into a button."""
    return f"{crc32(name.encode()):x}"


def which_languages(shown: Shown, languages: Sequence[str]) -> Reply:
    """Offer languages."""
    each, chosen = shown.subscription, shown.subscription.wish.filters.languages
    offered = list(dict.fromkeys((*chosen, *languages)))
    buttons = [button(each, _marked(language_name(code), code in chosen), "fl", code) for code in offered]
    rows: Rows = (*_rows(buttons, 2), (button(each, _("Type it"), "flw"), button(each, _("Back"), "f")))
    return Reply(html(_("Articles in which languages?")), rows)


def how_many_origins(shown: Shown) -> Reply:
    """Ask for the number of independent origins."""
    each = shown.subscription
    chosen = each.wish.filters.origins
    buttons = tuple(button(each, _marked(str(count), count == chosen), "fn", str(count)) for count in range(1, 6))
    text = _("Only claims with at least how many independent origins? Reprints of one text count once.")
    return Reply(html(text), (buttons, (button(each, _("Back"), "f"),)))


def where_to(shown: Shown, thread_id: int | None, *, private: bool) -> Reply:
    """Offer where a digest can go; ``thread_id`` is the topic in which the buttons are."""
    each = shown.subscription
    rows: list[tuple[Button, ...]] = [(button(each, _("Here"), "ah"),)]
    if thread_id is not None:
        rows = [(button(each, _("This topic"), "at", str(thread_id)), button(each, _("The general topic"), "ah"))]
    if private:
        rows += [(button(each, _("A channel or group …"), "as"), button(each, _("Type its @name"), "an"))]
    lines = [html(_where(shown), chat=title(shown.target))]
    if not private:
        lines.append(html(_("For a channel, write /subscribe to me in private.")))
    return Reply(join(lines), (*rows, (_back(shown),)))


def delete(shown: Shown) -> Reply:
    """Ask whether a digest is to come no more."""
    each = shown.subscription
    text = _("Shall the digest {when} come no more?")
    rows: Rows = ((button(each, _("Delete it"), "dy"), _back(shown)),)
    return Reply(html(text, when=called(each, {person.id: person.name for person in shown.people})), rows)


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


def _pictured(*, pictures: bool) -> str:
    return _("Picture of the people: when there are many") if pictures else _("Picture of the people: none")


def _origins(count: int) -> str:
    return ngettext(
        "Only claims with {count} independent origin or more",
        "Only claims with {count} independent origins or more",
        count,
    ).format(count=count)


def _menu(shown: Shown) -> Rows:
    each = shown.subscription
    parts: Rows = (
        (button(each, _("How often"), "o"), button(each, _("Time"), "t"), button(each, _("Zone"), "z")),
        (button(each, _("About what"), "f"), button(each, _("Where"), "a")),
        (button(each, _("When nothing is new"), "e"), button(each, _("Picture"), "g")),
    )
    if shown.is_draft:
        return ((button(each, _("✓ Subscribe"), "ok"),), *parts, (button(each, _("Cancel"), "x"),))
    active = each.state is SubscriptionState.ACTIVE
    going = (button(each, _("Pause"), "p"), button(each, _("Skip the next"), "k"))
    state = going if active else (button(each, _("Go on"), "ok"),)
    return (*parts, (*state, button(each, _("Delete"), "d")), (Button(_("All digests"), "sub:all"),))


def _zone_page(shown: Shown, zones: Sequence[str], ahead: int, page: int, what: str) -> Rows:
    named = sorted((city_of(zone), zone) for zone in zones)
    part = named[page * ZONES_SHOWN : (page + 1) * ZONES_SHOWN]
    buttons = [button(shown.subscription, city, what, zone) for city, zone in part]
    has_more = len(zones) > (page + 1) * ZONES_SHOWN
    more = (button(shown.subscription, _("More"), "zk", f"{ahead}:{page + 1}"),)
    return (*_rows(buttons, 3), *([more] if has_more else []), _zone_ways(shown))


def _zone_ways(shown: Shown) -> tuple[Button, ...]:
    each = shown.subscription
    return button(each, _("Type a city"), "zc"), button(each, _("By my clock"), "zk"), _back(shown)


def _places(shown: Shown, places: Sequence[Place], what: str) -> Rows:
    territories = Locale(spoken()).territories
    labels_of = [
        f"{place.name}, {territories.get(place.country, place.country)}" if place.country else place.name
        for place in places
    ]
    return tuple(
        (button(shown.subscription, shorten(f"{label} ({place.timezone})", 60), what, place.timezone),)
        for label, place in zip(labels_of, places, strict=True)
    )


def _back(shown: Shown) -> Button:
    return button(shown.subscription, _("Back"), "m")


def _label(text: str) -> str:
    """Return words from outside as they fit on a button, which is never empty."""
    return shorten(text, _LABEL) or "?"


def _marked(label: str, chosen: bool) -> str:
    return f"✓ {label}" if chosen else label


def _rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def _read(shown: Shown) -> str:
    """Return the times and days of a wish, without its zone."""
    return _ZONE.sub("", when(shown.subscription.wish.timetable))
