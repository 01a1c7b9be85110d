"""What is said where somebody wants more than the limits allow."""

from datetime import datetime, timedelta

from markupsafe import Markup

from domain.limits import What
from handlers.replies import Reply
from handlers.replies.language import gettext as _
from handlers.replies.language import later

_SENTENCES = {
    What.ARTICLE: later(
        "That was too much at once: I take no more articles before {time}. Please send again then what came too early."
    ),
    What.LINK: later(
        "That was too much at once: I follow no more links before {time}. Please send again then what came too early."
    ),
    What.FILE: later(
        "That was too much at once: I take no more files before {time}. Please send again then what came too early."
    ),
    What.QUESTION: later("That was too much at once: I answer again from {time} on."),
    What.TAP: later("That was too much at once: buttons do something again from {time} on."),
}


def over(what: What, until: datetime, now: datetime) -> Reply:
    """Return when it goes on; both moments are in the reader's zone."""
    return Reply(Markup("{}").format(sentence(what, until, now)))


def sentence(what: What, until: datetime, now: datetime) -> str:
    """Return the same in plain words."""
    # Rounded up: at the minute that is named it does go on.
    at = (until + timedelta(seconds=59, microseconds=999_999)).replace(second=0, microsecond=0)
    time = f"{at:%H:%M}" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M}"
    return _(_SENTENCES[what]).format(time=time)
