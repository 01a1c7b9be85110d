"""In any language every reply is one message that Telegram takes, and nothing is said that is not translated."""

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.corrections import Clue
from domain.extraction import AttributionKind, Factuality
from domain.ledger import Card, Claimant, Dossier, Finds, LedgerClaim, PersonReference
from domain.pictures import Period, Step, Tally, Timeline
from handlers.replies import answers, cards, evidence, languages, persons, wording
from handlers.replies.charts.words import called, span
from handlers.replies.language import ENGLISH, ISOLATE, LANGUAGES, POP, known, speaking, spoken
from services.identity import comparing
from tests.handlers.replies_samples import BOT, CARDS, CLAIMS, DOSSIERS, FINDS, REFERENCES, WHO, claim, shown

HANDLERS = Path(__file__).parents[2] / "handlers"
SPOKEN = st.sampled_from(list(LANGUAGES))
MANY = settings(phases=(Phase.explicit, Phase.reuse, Phase.generate), max_examples=50)

THROUGH_GETTEXT = {"_", "gettext", "ngettext", "later"}
# What only programs read.
FOR_PROGRAMS = {"compile", "warning", "error", "info", "exception", "format_date", "format_skeleton", "format_interval"}
EXCEPTIONS = {
    "answering.py": "what Telegram says when a message cannot be edited",
    "refusals.py": "what Telegram says when it refuses",
    "asking.py": "a question in English is put together for the parser, which reads no other language",
    "errors.py": "the reason of a failed job, for the operator",
    "exporting.py": "the reason of a failed job, for the operator",
    "jobs.py": "the reason of a failed job, for the operator",
    "register.py": "the name of a scheduled job",
    "replies/charts/lettering.py": "the name of a font",
    "replies/charts/look.py": "a field of a picture's metadata",
    "replies/language.py": "what languages are called by those who speak them",
    "replies/subscriptions.py": "the filter's codes for what is wrong with an expression",
    "replies/watching.py": "commands, which are typed alike in every language",
}


def _sentences(source: str) -> Iterator[tuple[int, str]]:
    """Yield each string with words in a row, or a word with a capital, that goes neither to gettext nor to programs."""
    tree = ast.parse(source)
    let_through = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in THROUGH_GETTEXT | FOR_PROGRAMS:
            let_through |= {id(node) for node in ast.walk(call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in let_through:
            said = re.sub(r"<[^>]*>|\{[^}]*\}", "", node.value)
            if re.search(r"[^\W\d_]{2,}\s|\s\W*[^\W\d_]{2,}|^\W*[A-Z][a-z]", said):
                yield node.lineno, node.value


def test_every_sentence_goes_through_gettext():
    """What is excepted has its reason above, and is excepted no longer than it is there."""
    found = {
        str(file.relative_to(HANDLERS)): list(_sentences(file.read_text(encoding="utf-8")))
        for file in sorted(HANDLERS.rglob("*.py"))
    }
    unheard = {name: said for name, said in found.items() if said and name not in EXCEPTIONS}
    assert not unheard
    assert not [name for name in EXCEPTIONS if not found.get(name)]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('Markup("Whom do you mean?")', True),
        ('Button("Newer", data)', True),
        ('f"{count} articles of {day}"', True),
        ('text += " (until {})"', True),
        ('Markup(_("Whom do you mean?"))', False),
        ('ngettext("{count} article", "{count} articles", 2)', False),
        ('Button(_("Newer"), f"ask:{page}")', False),
        ('Markup("<b>{}</b> · {}")', False),
        ('log.warning("Telegram refused")', False),
        ('"""What a docstring says."""', False),
    ],
)
def test_which_strings_are_sentences(code: str, said: bool):
    assert bool(list(_sentences(code))) == said


def is_whole(text: str) -> bool:
    """Whether each isolate that begins ends, in its order."""
    depth = 0
    for letter in text:
        depth += (letter == ISOLATE) - (letter == POP)
        if depth < 0:
            return False
    return depth == 0


@MANY
@given(SPOKEN, CARDS)
def test_every_card(language: str, known_card: Card):
    with speaking(language):
        for reply in (cards.card(known_card, BOT), cards.all_claims(known_card, 0, BOT)):
            assert is_whole(shown(reply)[0])


@MANY
@given(SPOKEN, DOSSIERS)
def test_every_dossier(language: str, dossier: Dossier):
    with speaking(language):
        assert is_whole(shown(answers.answer(WHO, dossier, BOT))[0])


@MANY
@given(SPOKEN, FINDS)
def test_every_find(language: str, found: Finds):
    with speaking(language):
        assert is_whole(shown(persons.finds(found, BOT))[0])


@MANY
@given(SPOKEN, CLAIMS)
def test_every_claim_and_what_is_tied_to_it(language: str, found: LedgerClaim):
    with speaking(language):
        for line in (wording.claim(found), wording.said(found), *wording.ties(found, BOT)):
            assert is_whole(line)


RODEN = Claimant("Roden", 5, "Ilka Roden")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Ilka Roden says: it rains (probable)"),
        ("de", "Ilka Roden sagt: it rains (wahrscheinlich)"),
        ("uk", "Ilka Roden каже: it rains (імовірно)"),
        ("ru", "Ilka Roden говорит: it rains (вероятно)"),
        ("fr", "Ilka Roden dit : it rains (probable)"),
        ("he", "לדברי \u2068Ilka Roden\u2069: \u2068it rains\u2069 (סביר)"),
    ],
)
def test_a_claim_in_each_language(language: str, sentence: str):
    with speaking(language):
        said = wording.claim(claim("it rains", RODEN, Factuality.PROBABLE, AttributionKind.SPEECH))
    assert _plain(said.striptags()) == sentence


def test_the_articles_own_words_stay_as_they_are():
    told = claim("that it rains", RODEN, Factuality.DENIED, cue="denied", lead_in="has denied")
    with speaking("he"):
        assert wording.claim(told).striptags() == f"{ISOLATE}Ilka Roden has denied that it rains{POP}"


@pytest.mark.parametrize(
    ("language", "long", "short", "moment"),
    [
        ("en", "11 March 2026", "11 Mar 2026", "11 March 2026, 08:05"),
        ("de", "11. März 2026", "11.03.2026", "11. März 2026, 08:05 Uhr"),
        ("uk", "11 березня 2026\xa0р.", "11 бер. 2026\xa0р.", "11 березня 2026\xa0р., 08:05"),
        ("ru", "11 марта 2026\u202fг.", "11 мар. 2026\u202fг.", "11 марта 2026\u202fг., 08:05"),
        ("fr", "11 mars 2026", "11 mars 2026", "11 mars 2026, 08:05"),
        ("he", "11 במרץ 2026", "11 במרץ 2026", "\u206811 במרץ 2026\u2069, \u206808:05\u2069"),
    ],
)
def test_days_and_minutes(language: str, long: str, short: str, moment: str):
    day = datetime(2026, 3, 11, 8, 5, tzinfo=UTC)
    with speaking(language):
        found = (wording.day(day), wording.short_day(day), wording.minute(day))
    assert [_plain(each) for each in found] == [_plain(each) for each in (long, short, moment)]


def _plain(text: str) -> str:
    return re.sub(r"\s", " ", text)


@given(SPOKEN, REFERENCES, st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 900), st.sampled_from(Step))
def test_every_span_of_days_can_be_said(language: str, person: PersonReference, first: date, days: int, step: Step):
    last = date.fromordinal(first.toordinal() + days)
    shown_days = Timeline(person, step, first, last, (Period(first, Tally(1, 0), Tally(1, 0)),))
    with speaking(language):
        assert called(first, step) and str(last.year) in span(shown_days)


@pytest.mark.parametrize(
    ("code", "language"),
    [("uk", "uk"), ("UK-ua", "uk"), ("de_AT", "de"), ("pt-br", None), ("", None), (None, None), ("en-GB", "en")],
)
def test_which_language_a_tag_means(code: str | None, language: str | None):
    assert known(code) == language


def test_what_is_not_ours_is_spoken_to_in_english():
    with speaking("xx"):
        assert spoken() == ENGLISH
    with speaking(None):
        assert spoken() == ENGLISH


def test_the_language_that_is_spoken_ends_with_its_time():
    with speaking("uk"):
        with speaking("de"):
            assert spoken() == "de"
        assert spoken() == "uk"
    assert spoken() == ENGLISH


def test_the_choice_marks_the_language_that_is_spoken():
    with speaking("fr"):
        labels = [button.label for row in languages.which().buttons for button in row]
    assert labels.count("✓ Français") == 1 and len(labels) == len(LANGUAGES)


KINDS = sorted(comparing.weights())
VALUES: dict[str, Any] = {
    "role": "mayor",
    "here": "judge",
    "there": "trade",
    "field": "sport",
    "names": ["Uma Falk", "Ilse Orn"],
}


def clues(kind: str) -> list[Clue]:
    """What may be kept of a kind; where it counts, the numbers that languages tell apart."""
    if kind in ("namesakes", "places", "other_age", "years"):
        return [Clue(kind, {"count": count}) for count in (1, 2, 5, 11, 21)]
    if kind.startswith(("field_far", "field_near")):
        return [Clue(kind, {"here": "sport", "there": "trade"})]
    return [Clue(kind, VALUES), *([Clue(kind, {"before": 1})] if kind == "unheard_of" else [])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_led_to_a_doubt_is_said_in_each_language(language: str):
    for clue in (clue for kind in KINDS for clue in clues(kind)):
        with speaking(ENGLISH):
            english = evidence.told(clue)
        with speaking(language):
            words = evidence.told(clue)
        assert english and words, clue
        assert (words == english) == (language == ENGLISH), clue


def test_each_field_of_work_has_a_name_in_each_language():
    names = tomllib.loads((resources.files("services.identity") / "data" / "fields.toml").read_text(encoding="utf-8"))
    with speaking("de"):
        said = [evidence.told(Clue("field_by_role", {"field": each})) for each in names["fields"]]
    assert len(set(said)) == len(said) > 10
    assert not [each for each, words in zip(names["fields"], said, strict=True) if words and words.endswith(f" {each}")]


def test_the_values_of_evidence_stay():
    with speaking("de"):
        roles = Clue("role_other", {"here": "mayor", "there": "judge; in office"})
        assert evidence.told(roles) == "hier „mayor“, dort „judge; in office“"
        assert evidence.told(Clue("namesakes", {"count": 3})) == "auch 3 andere Personen können gemeint sein"
        assert evidence.told(Clue("something else", {})) is None
        together = evidence.told(Clue("fellows", {"names": ["Uma Falk", "Ilse Orn"]}))
        assert together is not None and "Uma Falk und Ilse Orn" in together


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 год"), (2, "2 года"), (5, "5 лет"), (11, "11 лет"), (21, "21 год")],
)
def test_counts_of_evidence_take_the_form_of_the_language(count: int, said: str):
    with speaking("ru"):
        assert said in str(evidence.told(Clue("years", {"count": count})))
