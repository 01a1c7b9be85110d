"""One friendly sentence for what cannot be done, with what to do instead."""

from markupsafe import Markup

from handlers.replies import Reply
from handlers.replies.layout import shorten


def too_short(words: int, least: int) -> Reply:
    """Return that a text is no article."""
    said = "1 word" if words == 1 else f"{words} words"
    return Reply(
        Markup(
            "That is {}; I read articles of {} words and more. Forward the whole text, or ask: <i>who is NAME?</i>"
        ).format(said, least)
    )


def unknown_command() -> Reply:
    """Return that a command is not known."""
    return Reply(Markup("I don't know this command. /help lists what I understand."))


def file_too_large(size: int) -> Reply:
    """Return that Telegram does not hand a file of ``size`` bytes to a bot."""
    return Reply(
        Markup("This file is {} MB; Telegram lets bots fetch 20 MB. Send the text, or a smaller file.").format(
            round(size / 1_000_000)
        )
    )


def text_too_long(size: int) -> Reply:
    """Return that a text of ``size`` bytes is more than one article."""
    said = round(size / 1_000_000, 1)
    return Reply(Markup("This text is {} MB long; no article is. Send one article at a time.").format(said))


def file_unread(name: str | None) -> Reply:
    """Return that a file is not of a kind that can be read."""
    return Reply(
        Markup("I can't read “{}”: I read plain text files (.txt). Copy the article's text into a message.").format(
            shorten(name or "this file", 80)
        )
    )


def photo_without_text() -> Reply:
    """Return that a picture needs words."""
    return Reply(Markup("I can't read pictures. Send the article's text, or write it as the picture's caption."))


def recording() -> Reply:
    """Return that sound and film cannot be read."""
    return Reply(Markup("I can't listen or watch. Send the article as text."))


def no_text() -> Reply:
    """Return that a message has no text."""
    return Reply(Markup("There is no text in this message that I could read. Forward me an article as text."))


def our_fault() -> Reply:
    """Return that something went wrong here."""
    return Reply(Markup("Something went wrong on my side; it has been noted. Please try again in a minute."))
