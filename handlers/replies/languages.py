"""Words about the language that is spoken in a chat."""

from markupsafe import Markup

from handlers.replies import Button, Reply
from handlers.replies.language import LANGUAGES, spoken
from handlers.replies.language import gettext as _
from handlers.replies.layout import join


def which() -> Reply:
    """Ask which language is to be spoken; the one that is has a mark."""
    buttons = [
        Button(f"✓ {name}" if code == spoken() else name, f"language:{code}") for code, name in LANGUAGES.items()
    ]
    text = Markup(_("Which language shall I speak in this chat?"))
    return Reply(join([text, _asked()]), (tuple(buttons[:3]), tuple(buttons[3:])))


def chosen() -> Reply:
    """Return, in the language that was chosen, that it is spoken from now on."""
    return Reply(join([Markup(_("From now on I speak English in this chat.")), _asked()]))


def admins_only() -> str:
    """Return who may choose."""
    return _("Only administrators of this chat can choose its language.")


def open_language() -> Button:
    """Return the button that leads to the choice."""
    return Button(_("Language"), "language:which")


def _asked() -> Markup:
    return Markup(_("Questions to me are understood in English only; articles are read in the languages they are in."))
