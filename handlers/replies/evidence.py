"""What led to a doubt, in words of the language that is spoken."""

from collections.abc import Callable, Mapping, Sequence

from babel.lists import format_list

from domain.corrections import Clue
from handlers.replies.language import gettext as _
from handlers.replies.language import later, ngettext, spoken

# By kind, each with its values in braces.
_WORDS = {
    "name_full": later("the same full name"),
    "name_extended": later("the same name, more of it written out"),
    "name_near": later("nearly the same name"),
    "name_married": later("half of a double surname"),
    "name_initials": later("the same surname and initial"),
    "name_single": later("the same single name"),
    "name_surname": later("the same surname, and no given name"),
    "name_given": later("the same given name, and no surname"),
    "name_none": later("other names"),
    "name_conflict": later("other names"),
    "middle_name": later("a given name more, or a surname"),
    "initials": later("two initials"),
    "only_bearer": later("nobody else bears the surname"),
    "half": later("little but half a name in common"),
    "little": later("little but the name in common"),
    "untold": later("little is told but the name"),
    "role_word": later("in both “{role}” or much like it"),
    "role_words": later("in both “{role}” or much like it"),
    "role_and_place": later("and in the same place"),
    "role_general": later("in both much like “{role}”"),
    "role_place": later("roles in the same place"),
    "role_elsewhere": later("here “{here}”, there “{there}”"),
    "role_near": later("here “{here}”, there “{there}”"),
    "role_other": later("here “{here}”, there “{there}”"),
    "unheard_of": later("told as of somebody unheard of"),
    "fellows": later("named together with {names} in both"),
    "elsewhere": later("the article is about another place"),
    "same_age": later("of the same age"),
    "other_gender": later("a woman here, a man there"),
    "kin": later("told as somebody's relative"),
    "publisher": later("the same publisher"),
    "caution": later("so part of this speaks against it"),
}
_BEFORE = later("told as of somebody unheard of before")
# What tells in which field of work somebody is makes no difference to the words.
_ONE_FIELD, _TWO_FIELDS = later("both of one field: {field}"), later("here {here}, there {there}")
_FIELDS = {
    "arts": later("the arts"),
    "business": later("business"),
    "justice": later("justice"),
    "labour": later("labour"),
    "media": later("the media"),
    "medicine": later("medicine"),
    "military": later("the military"),
    "police": later("the police"),
    "politics": later("politics"),
    "religion": later("religion"),
    "science": later("science"),
    "sport": later("sport"),
    "trade": later("trade"),
    "transport": later("transport"),
}


def told(clue: Clue) -> str | None:
    """Return a piece of evidence in the language that is spoken; None where its kind is not known here."""
    if (count := clue.values.get("count")) is not None:
        counted = _COUNTED.get(clue.kind)
        return counted(int(count)) if counted else None
    sentence = _sentence(clue)
    if sentence is None:
        return None
    return _(sentence).format(**{name: _value(value) for name, value in clue.values.items()})


def _sentence(clue: Clue) -> str | None:
    if clue.kind.startswith("field_"):
        return _ONE_FIELD if "field" in clue.values else _TWO_FIELDS
    return _BEFORE if "before" in clue.values else _WORDS.get(clue.kind)


def _value(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return format_list([str(each) for each in value], locale=spoken())
    written = str(value)
    return _(_FIELDS[written]) if written in _FIELDS else written


def _namesakes(count: int) -> str:
    if count == 1:
        return _("another person may be meant as well")
    text = ngettext("{count} other person may be meant as well", "{count} other persons may be meant as well", count)
    return text.format(count=count)


def _places(count: int) -> str:
    text = ngettext("{count} place or name of a thing in both", "{count} places or names of things in both", count)
    return text.format(count=count)


def _ages(count: int) -> str:
    return ngettext("{count} year between their ages", "{count} years between their ages", count).format(count=count)


def _years(count: int) -> str:
    text = ngettext("{count} year between the articles", "{count} years between the articles", count)
    return text.format(count=count)


_COUNTED: Mapping[str, Callable[[int], str]] = {
    "namesakes": _namesakes,
    "places": _places,
    "other_age": _ages,
    "years": _years,
}
