"""One friendly sentence for what cannot be done, with what to do instead."""

from markupsafe import Markup

from domain.intake import NoArticle
from handlers.replies import Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import later, ngettext
from handlers.replies.layout import shorten


def too_short(words: int, least: int) -> Reply:
    """Return that a text is no article."""
    text = ngettext(
        "That is {count} word; I read articles of {least} words and more. Forward the whole text, or ask: "
        "<i>who is NAME?</i>",
        "That is {count} words; I read articles of {least} words and more. Forward the whole text, or ask: "
        "<i>who is NAME?</i>",
        words,
    )
    return Reply(Markup(text).format(count=words, least=least))  # noqa: S704  # a text of ours


def how_to_ask() -> Reply:
    """Return what can be asked, after a question that has no answer here or a mention without words."""
    return Reply(
        Markup(
            _(
                "Forward me an article, or ask about people and what they said: <i>who is NAME?</i> · <i>what did "
                "NAME say about WORDS?</i> · <i>who denied WORDS?</i> /search WORDS looks into whole articles."
            )
        )
    )


def long_question() -> Reply:
    """Return why a text as long as an article was not kept as one."""
    return Reply(
        Markup(
            _(
                "That reads like a question, so I did not keep it as an article. Ask in fewer words: "
                "<i>what did NAME say about WORDS?</i> If it is an article, answer to it with /article."
            )
        )
    )


def silence() -> Reply:
    """Return that what was not said is in no article."""
    return Reply(
        Markup(
            _(
                "I can't tell what somebody did not say; I only know what articles report. "
                "Ask: <i>what did NAME say?</i> or <i>what did NAME deny?</i>"
            )
        )
    )


def closed(user: int) -> str:
    """Return what somebody hears to whom the bot is closed; ``user`` is their number, by which they can be let in."""
    text = _("This bot is open to certain people only. Your number is {number}: whoever runs it can let you in.")
    return text.format(number=user)


def unknown_command(near: str | None = None) -> Reply:
    """Return that a command is not known, and which one may be meant."""
    if near is not None:
        text = Markup(_("I don't know this command. Did you mean /{command}? /help lists what I understand."))
        return Reply(text.format(command=near))
    return Reply(Markup(_("I don't know this command. /help lists what I understand.")))


_WHY = {
    NoArticle.EMPTY: (later("there is no text in it"), later("Copy the article's text into a message.")),
    NoArticle.UNKNOWN_FORMAT: (
        later("it is of a kind that I can't read"),
        later("I read PDF, DOCX, ODT, HTML, EML, Markdown and plain text."),
    ),
    NoArticle.ARCHIVE: (later("it is an archive"), later("Unpack it and send the articles one by one.")),
    NoArticle.ENCRYPTED: (later("it is locked with a password"), later("Send a copy without one.")),
    NoArticle.SCAN: (
        later("its pages are pictures without text"),
        later("Send the text, or a file with recognised text."),
    ),
    NoArticle.DAMAGED: (later("it is damaged"), later("Send it once more, or the article's text.")),
    NoArticle.TOO_LARGE: (
        later("it is too large: I read files of up to 20 MB, pages of up to 5 MB and a million characters of text"),
        later("Send one article at a time."),
    ),
    NoArticle.TOO_MANY_PAGES: (later("it has more pages than an article"), later("Send the pages with the article.")),
    NoArticle.BOMB: (later("it unpacks to far more than an article"), later("Send the article's text.")),
    NoArticle.NOT_AN_ADDRESS: (
        later("it is no address of a page"),
        later("I follow links that begin with https:// or http://."),
    ),
    NoArticle.PRIVATE_ADDRESS: (
        later("it is not an address on the public internet"),
        later("Paste the article's text here."),
    ),
    NoArticle.NOT_REACHED: (later("its site does not answer"), later("Try later, or paste the article's text here.")),
    NoArticle.TOO_MANY_REDIRECTS: (later("it sends me on and on"), later("Paste the article's text here.")),
    NoArticle.NOT_FOUND: (
        later("there is no such page"),
        later("Look at the link again, or paste the article's text here."),
    ),
    NoArticle.LOG_IN: (later("only those who log in can read it"), later("Paste the article's text here.")),
    NoArticle.CONSENT_WALL: (
        later("it asks for consent before it shows anything"),
        later("Paste the article's text here."),
    ),
    NoArticle.ROBOT_CHECK: (later("it lets no bots in"), later("Paste the article's text here.")),
    NoArticle.REFUSED: (later("its site refuses me"), later("Paste the article's text here.")),
    NoArticle.NOT_A_PAGE: (
        later("there is no page behind it, but something else"),
        later("Send me pages or files with text."),
    ),
    NoArticle.NO_ARTICLE_ON_PAGE: (later("I find no article there"), later("Paste the article's text here.")),
    NoArticle.TIMEOUT: (later("it took too long"), later("Try later, or send the article's text.")),
    NoArticle.CRASH: (later("I stumbled over it; the fault is mine"), later("Send the article's text.")),
}


def no_article(reason: NoArticle, what: str) -> Reply:
    """Return why a file or a link, ``what``, gives no article, and what to do instead."""
    because, instead = _WHY[reason]
    text = Markup(_("I can't read “{what}”: {because}. {instead}"))
    return Reply(text.format(what=shorten(what, 80), because=_(because), instead=_(instead)))


def why(reason: NoArticle) -> str:
    """Return why there is no article, for a list."""
    return _(_WHY[reason][0])


def file_gone() -> str:
    """Return what a tap tells when the file that it is about is out of reach."""
    return _("I can't reach this file any more. Send it once more, please.")


def which_article() -> Reply:
    """Return how to have a message taken in."""
    return Reply(
        Markup(
            _(
                "Answer to the message with the article by /article, or write a link or the text after it: "
                "/article https://…"
            )
        )
    )


def photo_without_text() -> Reply:
    """Return that a picture needs words."""
    return Reply(Markup(_("I can't read pictures. Send the article's text, or write it as the picture's caption.")))


def recording() -> Reply:
    """Return that sound and film cannot be read."""
    return Reply(Markup(_("I can't listen or watch. Send the article as text.")))


def no_text() -> Reply:
    """Return that a message has no text."""
    return Reply(Markup(_("There is no text in this message that I could read. Forward me an article as text.")))


def old_button() -> str:
    """Return what a tap on a button of an older version tells."""
    return _("This button does not work any more.")


def our_fault() -> Reply:
    """Return that something went wrong here."""
    return Reply(Markup(_("Something went wrong on my side; it has been noted. Please try again in a minute.")))
