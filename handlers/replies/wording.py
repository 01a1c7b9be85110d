"""How a date, a person, a claim and its certainty are put into words."""

import re
from datetime import date, datetime

from babel.dates import format_date
from markupsafe import Markup, escape

from domain.articles import OriginKind
from domain.chats import ChatKind
from domain.extraction import AttributionKind, Factuality, NamedPerson
from domain.ledger import ArticleReference, Claimant, LedgerClaim, RelatedClaim, RelationKind, RelationState
from handlers.replies.language import ENGLISH, apart, later, locale, ngettext, spoken
from handlers.replies.language import gettext as _
from handlers.replies.layout import shorten
from handlers.replies.reading import is_read_elsewhere, is_read_in_private, may_ask

CLAIM_LENGTH = 320
# In a list with claims of other articles, each beside a way to its own.
LISTED_LENGTH = 200
NAME_LENGTH = 80
HEADLINE_LENGTH = 200
OPENING_LENGTH = 80
UNNAMED_LENGTH = 40
# Emoji and rules around a headline.
_SIGNS = re.compile(r"^[^\w\"“„«‘'(¿¡]+|[^\w\"”“»’').!?…]+$")

# How a claimant holds what they hold: one, and several of them; each with what is held set off, and going on with it.
_Forms = tuple[tuple[str, str], tuple[str, str]]
_SAYS: dict[AttributionKind, _Forms] = {
    AttributionKind.SPEECH: (
        (later("{who} says: {text}"), later("{who} says {text}")),
        (later("{who} say: {text}"), later("{who} say {text}")),
    ),
    AttributionKind.BELIEF: (
        (later("{who} believes: {text}"), later("{who} believes {text}")),
        (later("{who} believe: {text}"), later("{who} believe {text}")),
    ),
    AttributionKind.INTENTION: (
        (later("{who} intends: {text}"), later("{who} intends {text}")),
        (later("{who} intend: {text}"), later("{who} intend {text}")),
    ),
    AttributionKind.EVIDENCE: (
        (later("{who} shows: {text}"), later("{who} shows {text}")),
        (later("{who} show: {text}"), later("{who} show {text}")),
    ),
    AttributionKind.TOPIC: (
        (later("{who} speaks of: {text}"), later("{who} speaks of {text}")),
        (later("{who} speak of: {text}"), later("{who} speak of {text}")),
    ),
}
_DENIES: _Forms = (
    (later("{who} denies: {text}"), later("{who} denies {text}")),
    (later("{who} deny: {text}"), later("{who} deny {text}")),
)
_DOUBTS: _Forms = (
    (later("{who} doubts: {text}"), later("{who} doubts {text}")),
    (later("{who} doubt: {text}"), later("{who} doubt {text}")),
)
# The same where who says it stands above.
_SAID: dict[AttributionKind, _Forms] = {
    AttributionKind.SPEECH: (
        (later("says: {text}"), later("says {text}")),
        (later("say: {text}"), later("say {text}")),
    ),
    AttributionKind.BELIEF: (
        (later("believes: {text}"), later("believes {text}")),
        (later("believe: {text}"), later("believe {text}")),
    ),
    AttributionKind.INTENTION: (
        (later("intends: {text}"), later("intends {text}")),
        (later("intend: {text}"), later("intend {text}")),
    ),
    AttributionKind.EVIDENCE: (
        (later("shows: {text}"), later("shows {text}")),
        (later("show: {text}"), later("show {text}")),
    ),
    AttributionKind.TOPIC: (
        (later("speaks of: {text}"), later("speaks of {text}")),
        (later("speak of: {text}"), later("speak of {text}")),
    ),
}
_SAID_DENYING: _Forms = (
    (later("denies: {text}"), later("denies {text}")),
    (later("deny: {text}"), later("deny {text}")),
)
_SAID_DOUBTING: _Forms = (
    (later("doubts: {text}"), later("doubts {text}")),
    (later("doubt: {text}"), later("doubt {text}")),
)
# What another claim does to the one above it, and what that one does to another: of one claimant and of several, for
# sure and perhaps.
_DOES = {
    RelationKind.DENIES: (
        (
            later("{who} denies it: {text} ({source}, {day})"),
            later("perhaps {who} denies it: {text} ({source}, {day})"),
        ),
        (later("{who} deny it: {text} ({source}, {day})"), later("perhaps {who} deny it: {text} ({source}, {day})")),
    ),
    RelationKind.CONTRADICTS: (
        (
            later("{who} says otherwise: {text} ({source}, {day})"),
            later("perhaps {who} says otherwise: {text} ({source}, {day})"),
        ),
        (
            later("{who} say otherwise: {text} ({source}, {day})"),
            later("perhaps {who} say otherwise: {text} ({source}, {day})"),
        ),
    ),
    RelationKind.UPDATES: (
        (later("{who} later: {text} ({source}, {day})"), later("perhaps {who} later: {text} ({source}, {day})")),
    )
    * 2,
}
_DONE = _DOES | {
    RelationKind.DENIES: (
        (
            later("denies what {who} says: {text} ({source}, {day})"),
            later("perhaps denies what {who} says: {text} ({source}, {day})"),
        ),
        (
            later("denies what {who} say: {text} ({source}, {day})"),
            later("perhaps denies what {who} say: {text} ({source}, {day})"),
        ),
    ),
    RelationKind.UPDATES: (
        (later("{who} before: {text} ({source}, {day})"), later("perhaps {who} before: {text} ({source}, {day})")),
    )
    * 2,
}
# What a correction does to what it corrects, and what it corrects: for sure and perhaps.
_CORRECTS = (
    (
        later("{who} corrects it: {text} ({source}, {day})"),
        later("perhaps {who} corrects it: {text} ({source}, {day})"),
    ),
    (later("corrects: {text} ({source}, {day})"), later("perhaps corrects: {text} ({source}, {day})")),
)
# A denial whose words only point to what is denied.
_DENIES_IT = (
    (later("{who} denies it ({source}, {day})"), later("perhaps {who} denies it ({source}, {day})")),
    (later("{who} deny it ({source}, {day})"), later("perhaps {who} deny it ({source}, {day})")),
)
_POINTING = re.compile(
    r"\W*(?:(?:all |both )?(?:of )?(?:this|that|it|these|those|them|everything|all)"
    r"|(?:all |both )?(?:the|these|those|this|that) (?:claim|allegation|accusation|charge|report|suggestion)s?)\W*",
    re.IGNORECASE,
)
RELATED_LENGTH = 120
RELATED_SHOWN = 2
# What is negative is so in the words that are shown: those of the cue, or those of the content itself.
_CERTAINTY = {
    Factuality.PROBABLE: later("(probable)"),
    Factuality.POSSIBLE: later("(possible)"),
    Factuality.UNKNOWN: later("(unconfirmed)"),
}
# Cues that turn their content round. After any other, the content is negative in its own words: "the port failed to
# pay, he said" denies nothing.
_REVERSALS = {
    re.compile(
        r"\b(?:den(?:y|ie[sd]|ying)|disput(?:es?|ed|ing)|rul(?:es?|ed|ing) out"
        r"|(?:rebut|refut|reject|dismiss|contest|contradict|disavow|repudiat)\w*)\b",
        re.IGNORECASE,
    ): (_DENIES, _SAID_DENYING),
    re.compile(r"\b(?:doubt|question)(?:s|ed|ing)?\b", re.IGNORECASE): (_DOUBTS, _SAID_DOUBTING),
}
_NEGATIVE = frozenset({Factuality.DENIED, Factuality.IMPROBABLE, Factuality.NOT_POSSIBLE})
# A pronoun stands before its verb here, wherever the article has it.
_SUBJECTS = {"him": "he", "her": "she", "them": "they", "me": "I", "us": "we"}
# Words with which a content goes on from a verb without a colon.
_GOES_ON = re.compile(r"(?:that|to|if|whether|how|why|what|when|where|who)\b")
_PLURAL = re.compile(r"\b(?:and|they|we|people|police|men|women)\b|[a-z]{2,}[^\Wsui]s$", re.IGNORECASE)
_AFTER_THE_HEAD = re.compile(r",|\s(?:of|in|from|at|for|on|with|to|who|that|which|close|familiar|involved)\s")


def day(moment: date) -> str:
    """Return "11 March 2026"."""
    return format_date(moment, "d MMMM y" if spoken() == ENGLISH else "long", locale())


def short_day(moment: date) -> str:
    """Return "11 Mar 2026"."""
    return format_date(moment, "d MMM y" if spoken() == ENGLISH else "medium", locale())


def minute(moment: datetime) -> str:
    """Return "11 March 2026, 08:00"."""
    return _("{day}, {time}").format(day=day(moment), time=f"{moment:%H:%M}")


def published(date_published: str | None) -> str | None:
    """Return the day of an article's own date, which may have a time."""
    if date_published is None:
        return None
    try:
        return day(datetime.fromisoformat(date_published))
    except ValueError:
        return date_published


def when(article: ArticleReference) -> str:
    """Return "11 Mar 2026", the article's own day; of an article without one, when it came in."""
    came = short_day(article.seen_at)
    return came if article.dated else _("received {day}").format(day=came)


def language(code: str | None) -> str | None:
    """Return a language's name."""
    return locale().languages.get(code, code) if code else None


def headline(article: ArticleReference) -> str:
    """Return what the article is called: its headline, or how it begins, or else when it was received."""
    called = shorten(article.headline or "", HEADLINE_LENGTH) or shorten(article.opening or "", OPENING_LENGTH)
    return called or _("Article of {day} without a headline").format(day=day(article.seen_at))


def outlet(article: ArticleReference) -> str:
    """Return the shortest name of where a line comes from."""
    origin = article.forward.origin if article.forward else None
    named = article.publisher or (origin.name if origin and origin.kind is not OriginKind.NONE else None)
    return shorten(named or "", 60) or _by_headline(article)


def _by_headline(article: ArticleReference) -> str:
    """Return a few words for an article of no known outlet, without the signs around its headline."""
    called = headline(article)
    return shorten(_SIGNS.sub("", called) or called, UNNAMED_LENGTH)


def link(article: ArticleReference, bot: str, *, headed: bool = False) -> Markup:
    """Return where a line comes from, leading back to the message that brought it.

    A line that is ``headed`` by the article's headline does not end with it, too.
    Messages of private chats and plain groups have no address, and readers of another chat may not go to those of
    groups that are not public: a tap sends the bot a command, which answers to the message, or else shows the card. So
    it does for an article that no message brought. Where the readers' chat does not see the article, nothing leads to
    it.
    """
    name = outlet(article)
    if headed and name in (shorten(headline(article), 60), _by_headline(article)):
        name = _("message") if article.forward else _("article")
    address = _address(article, bot)
    if address is None:
        return Markup("{} /a{}").format(name, article.id) if may_ask() else escape(name)
    return Markup('<a href="{}">{}</a>').format(address, _("{name} →").format(name=name))


def _address(article: ArticleReference, bot: str) -> str | None:
    if article.forward is None:
        return None
    chat = article.forward.chat
    hidden = chat.username is None and is_read_elsewhere(chat.id)
    if chat.kind is ChatKind.PRIVATE or hidden:
        # The reader's own chat with the bot opens, and shows what that chat may see.
        alone = (is_read_in_private() and may_ask()) or not is_read_elsewhere(chat.id)
        return f"https://t.me/{bot}?start=a{article.id}" if alone else None
    if chat.kind is ChatKind.GROUP:
        return None
    place = chat.username or f"c/{str(chat.id).removeprefix('-100')}"
    return f"https://t.me/{place}/{article.forward.message_id}"


def person(named: NamedPerson) -> Markup:
    """Return a person of a card: name, role in the article's words, other spellings."""
    line = Markup("<b>{}</b>").format(shorten(named.name, NAME_LENGTH))
    if named.job_titles:
        line += Markup(", {}").format(shorten("; ".join(named.job_titles), 120))
    line = apart(line)
    others = [name for name in named.alternate_names if name not in named.name.split()]
    if others:
        line += Markup(" <i>{}</i>").format(_("(also {names})").format(names=shorten(", ".join(others), 120)))
    return line


def claim(found: LedgerClaim, length: int = CLAIM_LENGTH, *, titled: bool = True) -> Markup:
    """Return a claim as a sentence: who, how surely, what; of the words, at most ``length`` characters.

    Who says it is ``titled`` with their role, where it is known.
    The content is never rewritten, and between it and the claimant stand the article's own words where they fit.
    """
    if found.kind is None:
        text = apart(escape(shorten(found.text, CLAIM_LENGTH if found.is_correction else length)))
        return (
            Markup(_("<b>Correction</b>: {text}")).format(text=text)
            if found.is_correction
            else text + _certainty(found)
        )
    who = _claimant(found.claimant, titled=titled)
    if found.lead_in and found.claimant:
        return apart(Markup("{} {}").format(who, _in_its_words(found, length))) + _certainty(found)
    return _held(found, _forms(found)[0], length, who)


def said(found: LedgerClaim, length: int = CLAIM_LENGTH) -> Markup:
    """Return what a claimant says, and how surely, without the claimant."""
    if found.lead_in and found.claimant:
        return apart(_in_its_words(found, length)) + _certainty(found)
    return _held(found, _forms(found)[1], length)


def _in_its_words(found: LedgerClaim, length: int) -> Markup:
    return Markup("{} {}").format(shorten(found.lead_in or "", NAME_LENGTH), shorten(found.text, length))


def _held(found: LedgerClaim, forms: _Forms, length: int, who: Markup | None = None) -> Markup:
    several = found.claimant is not None and is_plural(found.claimant)
    text = shorten(found.text, length)
    form = forms[several][_GOES_ON.match(text) is not None]
    return Markup(_(form)).format(who=who or "", text=text) + _certainty(found)


def ties(found: LedgerClaim, bot: str) -> list[Markup]:
    """Return the lines that go below a claim: how many report it, who denies it, what it denies, what came later.

    What only says the same again has no line; it is in the count of independent origins.
    """
    told = sorted((each for each in found.related if each.kind in _DOES), key=lambda each: not _corrects(found, each))
    lines = [_tie(each, bot, found) for each in told[:RELATED_SHOWN]]
    if found.origins > 1:
        reported = ngettext(
            "reported by {count} independent outlet", "reported by {count} independent outlets", found.origins
        )
        lines.append(Markup("   ↳ {}").format(reported.format(count=found.origins)))
    return lines


def _corrects(found: LedgerClaim, related: RelatedClaim) -> bool:
    """Return whether a tie is that of a correction to what it corrects."""
    newer = found if related.outgoing else related.claim
    return related.kind is RelationKind.UPDATES and newer.is_correction


def _tie(related: RelatedClaim, bot: str, found: LedgerClaim) -> Markup:
    """Return one line; where the tie is only suggested, it says so."""
    other = related.claim
    several = other.claimant is not None and is_plural(other.claimant)
    if _corrects(found, related):
        wording = _CORRECTS[related.outgoing]
    elif related.kind is RelationKind.DENIES and not related.outgoing and _only_points(other.text):
        wording = _DENIES_IT[several]
    else:
        wording = (_DONE if related.outgoing else _DOES)[related.kind][several]
    sentence = Markup(_(wording[related.state is RelationState.SUGGESTED])).format(
        who=_teller(other),
        text=shorten(other.text, CLAIM_LENGTH if other.is_correction else RELATED_LENGTH),
        source=link(other.article, bot),
        day=when(other.article),
    )
    return Markup("   ↳ {}").format(sentence)


def _only_points(text: str) -> bool:
    return _POINTING.fullmatch(text) is not None


def _teller(found: LedgerClaim) -> str:
    """Return who makes a claim; the article itself where it names nobody."""
    if found.kind is None:
        return outlet(found.article)
    claimant = found.claimant
    if claimant is None:
        return _("an unnamed source")
    return shorten(claimant.name or _SUBJECTS.get(claimant.text.casefold(), claimant.text), NAME_LENGTH)


def _claimant(claimant: Claimant | None, *, titled: bool) -> Markup:
    if claimant is None:
        return Markup("<i>{}</i>").format(_("unnamed source"))
    called = claimant.name or _SUBJECTS.get(claimant.text.casefold(), claimant.text)
    name = Markup("<b>{}</b>").format(shorten(called[:1].upper() + called[1:], NAME_LENGTH))
    title = claimant.job_title
    if title is None or not titled:
        return name
    return Markup("{} ({})").format(name, shorten(title, NAME_LENGTH))


def _forms(found: LedgerClaim) -> tuple[_Forms, _Forms]:
    """Return the sentences with and without who says it."""
    if found.factuality in _NEGATIVE and found.cue:
        for cue, forms in _REVERSALS.items():
            if cue.search(found.cue):
                return forms
    kind = found.kind or AttributionKind.SPEECH
    return _SAYS[kind], _SAID[kind]


def _certainty(found: LedgerClaim) -> Markup:
    word = _CERTAINTY.get(found.factuality)
    # A wish or a topic asserts nothing that could be confirmed; and the article's own verb tells what stays open.
    open_by_its_verb = found.factuality is Factuality.UNKNOWN and found.lead_in and found.claimant
    if word is None or open_by_its_verb or found.kind in (AttributionKind.INTENTION, AttributionKind.TOPIC):
        return Markup("")
    return Markup(" <i>{}</i>").format(_(word))


def is_plural(claimant: Claimant) -> bool:
    """Return whether the verb after the claimant has the plural form."""
    head = _AFTER_THE_HEAD.split(shorten(claimant.text, HEADLINE_LENGTH), maxsplit=1)[0]
    return claimant.person is None and _PLURAL.search(head) is not None
