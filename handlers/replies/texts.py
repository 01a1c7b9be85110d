"""The fixed texts: start, help, privacy."""

from functools import cache

from markupsafe import Markup

from handlers.replies import Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import later, spoken
from handlers.replies.layout import join

COMMANDS = {
    "article": later("Take in the message that this answers, or a link"),
    "who": later("Who is …? Write a name after it"),
    "claims": later("What somebody says: a name, then, if you like, about and a topic"),
    "timeline": later("A picture of when somebody spoke and was spoken about"),
    "net": later("A picture of who speaks about whom"),
    "search": later("Find words in claims and articles"),
    "story": later("All on the same events, in answer to an article or its card, or with words"),
    "doubts": later("Two people or one? What I could not tell"),
    "digest": later("What came in during the last day; or write after it: 3d, since Monday"),
    "subscribe": later("Digests: when, where to, of what; or at once: 08:00 Vilnius weekdays"),
    "unsubscribe": later("No digest any more"),
    "deliveries": later("What became of the digests that were due"),
    "watch": later("Hear at once when somebody is named: a name; quiet 22:00-07:00"),
    "fix": later("Put something right, in answer to an article's card"),
    "undo": later("Take back the last correction made here"),
    "history": later("Who put what right"),
    "export": later("All of this chat as a file: JSON lines, CSV, JSON-LD"),
    "share": later("Let another chat see the articles of this one"),
    "members": later("Which chats see these articles"),
    "leave": later("See this chat's own articles again"),
    "settings": later("How this chat is set up"),
    "language": later("Which language I speak in this chat"),
    "privacy": later("What is kept, where and how long"),
    "retention": later("Erase what is older: 365d, or off"),
    "forget_me": later("Erase what you brought, and your name"),
    "forget_chat": later("Erase all that is kept of this chat"),
    "help": later("What I understand"),
}

# Commands that there are not, with those that do what they say.
MEANT = {
    "pause": "settings",
    "resume": "settings",
    "time": "settings",
    "timezone": "settings",
    "unwatch": "watch",
    "stop": "unsubscribe",
    "news": "digest",
    "find": "search",
    "people": "who",
    "commands": "help",
}


def start(bot: str) -> Reply:
    """Return what the bot is for."""
    return Reply(
        Markup(
            _(
                "I keep who said what in the press.\n\n"
                "Forward or paste an article here: I answer with its key claims (who says what, how surely) and the "
                "people it names, and keep them. Then ask me: <i>who is NAME?</i>\n\n"
                "/subscribe 08:00 brings a digest every day. In a group, add me as @{bot}. /help has the rest."
            )
        ).format(bot=bot)
    )


def help_text() -> Reply:
    """Return what the bot understands."""
    return _help_in(spoken())


# Made once a language: it is asked for more than anything else and is the longest of the texts.
@cache
def _help_in(language: str) -> Reply:
    """Return the same, in the ``language`` that is spoken now."""
    lines = [Markup("/{} — {}").format(command, _(says)) for command, says in COMMANDS.items()]
    return Reply(
        join(
            [
                Markup(
                    _(
                        "Forward or paste an article of a paragraph or more, send a link to it, or a file (PDF, DOCX, "
                        "ODT, HTML, EML, Markdown, text): its claims and people come back. What you write just before "
                        "a forward is kept as a note on it. If you edit a message, its article is read again."
                    )
                ),
                Markup(
                    _(
                        "Ask: <i>who is NAME? what did NAME say about TOPIC since Monday? who said that …? did NAME "
                        "deny …? what is new about NAME? who is named with NAME?</i> Half a name or a misspelt one "
                        "will do. Reply to what I tell you to go on: <i>and about TOPIC?</i>"
                    )
                ),
                Markup(
                    _("In a group, name me when you ask something, or in answer to an article that I should read.\n")
                ),
                *lines,
            ]
        )
    )


def plain(sentence: str) -> Reply:
    """Return a sentence as a message."""
    return Reply(Markup("{}").format(sentence))
