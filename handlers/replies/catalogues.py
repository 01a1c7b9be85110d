"""Catalogues of translated texts (gettext's .po files), read in a tenth of the time that Babel takes to compile them.

Telegram is told the commands in every language at each start, so all catalogues are read before the first answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from gettext import c2py

_FIELD = re.compile(r'^(msgid|msgid_plural|msgstr)(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\n?)+)', re.MULTILINE)
# What ends a line and begins the next, and what stands for another character.
_WRITTEN = re.compile(r'"\n"|\\(.)')
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}
_PLURAL = re.compile(r"\bplural=(.*?);")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Texts by what they are in English, in each of their forms, and which form a number has."""

    texts: Mapping[str, Sequence[str]]
    form_of: Callable[[int], int]

    def gettext(self, text: str) -> str:
        """Return a text, in English where it is not known."""
        forms = self.texts.get(text)
        return forms[0] if forms else text

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return the form of a text for a number, in English where it is not known."""
        forms = self.texts.get(one)
        return forms[self.form_of(count)] if forms else (one if count == 1 else many)


UNTRANSLATED = Catalogue({}, lambda count: int(count != 1))


def read(po: str, change: Callable[[str], str] = str) -> Catalogue:
    """Return what a .po file holds in which all is translated; ``change`` is done to each translation."""
    texts: dict[str, list[str]] = {}
    forms: list[str] = []
    for keyword, written in _FIELD.findall(po):
        text = _WRITTEN.sub(_meant, written.strip()[1:-1])
        if keyword == "msgid":
            forms = texts.setdefault(text, [])
        elif keyword == "msgstr":
            forms.append(text)
    (header,) = texts.pop("")
    changed = {text: [change(form) for form in forms] for text, forms in texts.items()}
    return Catalogue(changed, c2py(_PLURAL.findall(header)[0]))


def _meant(found: re.Match[str]) -> str:
    return _MEANT.get(found[1], found[1]) if found[1] else ""
