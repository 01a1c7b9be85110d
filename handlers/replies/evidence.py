"""What led to a doubt, in the language that is spoken: it is kept in English, in the sentences below."""

import re
from functools import cache

from handlers.replies.language import gettext as _
from handlers.replies.language import later

SENTENCES = (
    later("the same full name"),
    later("the same name, more of it written out"),
    later("nearly the same name"),
    later("half of a double surname"),
    later("the same surname and initial"),
    later("the same single name"),
    later("the same surname, and no given name"),
    later("the same given name, and no surname"),
    later("other names"),
    later("a given name more, or a surname"),
    later("two initials"),
    later("nobody else bears the surname"),
    later("another person may be meant as well"),
    later("{count} other persons may be meant as well"),
    later("little but half a name in common"),
    later("little but the name in common"),
    later("little is told but the name"),
    later("in both “{role}” or much like it"),
    later("and in the same place"),
    later("in both much like “{role}”"),
    later("roles in the same place"),
    later("here “{here}”, there “{there}”"),
    later("here {here}, there {there}"),
    later("told as of somebody unheard of"),
    later("told as of somebody unheard of before"),
    later("both of one field: {field}"),
    later("named together with {names} in both"),
    later("{count} places or names of things in both"),
    later("the article is about another place"),
    later("of the same age"),
    later("{count} years between their ages"),
    later("a woman here, a man there"),
    later("told as somebody's relative"),
    later("the same publisher"),
    later("{count} years between the articles"),
    later("so part of this speaks against it"),
)


def told(kept: str) -> str:
    """Return a piece of evidence in the language that is spoken; one that is not known here stays as it is."""
    if kept in SENTENCES:
        return _(kept)
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(kept):
            return _(sentence).format(**found.groupdict())
    return kept


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the sentences that have values, each with what its words look like."""
    values = [sentence for sentence in SENTENCES if "{" in sentence]
    return tuple(
        (sentence, re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(sentence)), re.DOTALL))
        for sentence in values
    )
