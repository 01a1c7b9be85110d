"""Every text is in every catalogue, whole: values, marks of HTML, numbers and lengths as in the original."""

import re
from collections import Counter
from importlib import resources
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.local_telegram.text import parse_html, utf16_length
from handlers.replies import texts
from handlers.replies.language import ENGLISH, ISOLATE, LANGUAGES, POP, gettext, isolated, ngettext, speaking

ROOT = Path(__file__).parents[2]
OTHERS = [language for language in LANGUAGES if language != ENGLISH]
KEYWORDS = {"_": None, "gettext": None, "later": None, "ngettext": (1, 2)}
NUMBERS = (0, 1, 2, 5, 11, 21, 101)
# As many forms as a language has, for these numbers.
FORMS = {
    "en": (1, 0, 1, 1, 1, 1, 1),
    "de": (1, 0, 1, 1, 1, 1, 1),
    "fr": (0, 0, 1, 1, 1, 1, 1),
    "he": (1, 0, 1, 1, 1, 1, 1),
    "uk": (2, 0, 1, 2, 2, 0, 0),
    "ru": (2, 0, 1, 2, 2, 0, 0),
}


def _catalogue(language: str) -> Catalog:
    file = resources.files("handlers.replies") / "locale" / language / "LC_MESSAGES" / "presswatch.po"
    with file.open("rb") as source:
        return read_po(source, locale=language)


CATALOGUES = {language: _catalogue(language) for language in OTHERS}


def _in_the_code() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(str(ROOT / "handlers"), keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found}


def _messages() -> list[tuple[str, Message]]:
    return [(language, each) for language, catalogue in CATALOGUES.items() for each in catalogue if each.id]


def _pairs(message: Message) -> list[tuple[str, str]]:
    """Return each form of a message with the original whose place it takes."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    one, many = message.id
    return [(one if place == 0 else many, form) for place, form in enumerate(message.string)]


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _tags(text: str) -> Counter[str]:
    return Counter(re.findall(r"</?\w+", text))


def test_every_text_of_the_code_is_in_every_catalogue():
    texts_in_code = _in_the_code()
    assert len(texts_in_code) > 500
    for language, catalogue in CATALOGUES.items():
        known = {message.id for message in catalogue}
        missing = [text for text in texts_in_code if text not in known]
        assert not missing, f"make catalogue, and translate into {language}: {missing}"


def test_nothing_is_in_a_catalogue_that_nobody_says():
    texts_in_code = _in_the_code()
    for language, catalogue in CATALOGUES.items():
        left = [message.id for message in catalogue if message.id and message.id not in texts_in_code]
        assert not left, f"make catalogue: {language} has {left}"


def test_every_text_is_translated():
    for language, message in _messages():
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(forms) and not message.fuzzy, f"{language}: {message.id}"
        assert isinstance(message.id, str) or len(forms) == CATALOGUES[language].num_plurals, (language, message.id)


def test_a_translation_has_the_values_and_marks_of_its_original():
    for language, message in _messages():
        for original, form in _pairs(message):
            # A singular may say "once" where it is said of 1 alone.
            named = _values(original) | (_values(form) & {"count", "number"})
            assert _values(form) <= _values(original) | {"count", "number"}, (language, form)
            assert _values(form) == named, (language, form)
            assert _tags(form) == _tags(original), (language, form)


def test_where_a_singular_is_said_of_other_numbers_too_it_names_the_number():
    """The form for 1 is that for 21, 101 in Ukrainian and Russian, and that for 0 in French."""
    for language in ("uk", "ru", "fr"):
        for message in CATALOGUES[language]:
            if isinstance(message.id, tuple):
                first, number = (
                    message.string[0],
                    {"count", "number", "denials", "days", "older"} & _values(message.id[1]),
                )
                assert not number or number & _values(first), (language, first)


def test_a_translation_is_html_that_telegram_takes_and_not_too_long():
    for language, message in _messages():
        for original, form in _pairs(message):
            length = utf16_length(parse_html(form)[0])
            assert length <= max(3500, utf16_length(original)), (language, form)
            assert "  " not in form.replace(" - -  ", "") or "  " in original, (language, form)


def test_what_is_typed_is_not_translated():
    """Commands, and what stands in the questions that are understood in English only."""
    command = re.compile(r"(?<![\w/<@=])/[a-z_]+")
    for language, message in _messages():
        for original, form in _pairs(message):
            assert set(command.findall(form)) == set(command.findall(original)), (language, form)


def test_labels_of_buttons_fit_onto_them():
    """A button with more than some 40 characters is cut on a phone."""
    for language in OTHERS:
        with speaking(language):
            for label in ("Wrong?", "Show the card", "Forget this article", "Skip the next", "Same person", "Language"):
                assert utf16_length(gettext(label)) <= 40, (language, label)


@pytest.mark.parametrize("language", LANGUAGES)
def test_telegram_takes_the_descriptions_of_the_commands(language: str):
    with speaking(language):
        for command, says in texts.COMMANDS.items():
            assert 1 <= len(gettext(says)) <= 256, command
        assert utf16_length(parse_html(str(texts.help_text().text))[0]) <= 4096
        assert utf16_length(parse_html(str(texts.start("presswatch_bot").text))[0]) <= 4096


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_take_the_form_of_the_language(language: str):
    one, many = "{count} article", "{count} articles"
    forms = (one, many) if language == ENGLISH else dict(_pairs_of(language, one))["forms"]
    with speaking(language):
        said = [ngettext(one, many, number) for number in NUMBERS]
    clean = [each.replace(ISOLATE, "").replace(POP, "") for each in said]
    assert clean == [forms[place] for place in FORMS[language]]


def _pairs_of(language: str, one: str) -> list[tuple[str, tuple[str, ...]]]:
    message = CATALOGUES[language].get(one)
    assert message is not None
    return [("forms", message.string)]


def test_in_hebrew_what_is_foreign_stands_apart():
    with speaking("he"):
        assert gettext("Who is {name}?").count(ISOLATE) == 1
        for message in CATALOGUES["he"]:
            for _, form in _pairs(message) if message.id else ():
                told = isolated(form)
                assert told.count(ISOLATE) == told.count(POP)
                assert re.sub(f"[{ISOLATE}{POP}]", "", told) == form
                # Never within a tag, a command or an address.
                assert not re.search(rf"<[^>]*[{ISOLATE}{POP}]|/[{ISOLATE}]|=[{ISOLATE}]", told), told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("שלום {name}", "שלום \u2068{name}\u2069"),
        ("<code>/who {name}</code>", "\u2068<code>/who {name}</code>\u2069"),
        ("כתבו /help כאן", "כתבו \u2068/help\u2069 כאן"),
        ("/a{number}", "\u2068/a{number}\u2069"),
        ('<a href="{url}">{name}</a>', '<a href="{url}">\u2068{name}\u2069</a>'),
        ("בשם @{bot}.", "בשם \u2068@{bot}\u2069."),
        ("שלום", "שלום"),
    ],
)
def test_what_stands_apart(text: str, told: str):
    assert isolated(text) == told
