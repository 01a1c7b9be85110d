"""Articles in other languages than English: read in full, by names, or by their lead."""

import importlib

import pytest

from domain.extraction import Extraction, Factuality, Reading, Span
from extraction.extractor import Extractor
from extraction.languages import has_words, language_read, reading
from extraction.lead import sentences
from extraction.named_spans import NamedSpan, people_of
from extraction.pipeline import Pipelines
from extraction.scripts import is_foreign, language_of, script_of

RUSSIAN = """Голос порта

Суд отпустил Анну Ковальчук

12 марта 2026

Суд в Лисогорске освободил Анну Ковальчук из-под стражи. «Я ни при чём», — сказала Ковальчук журналистам. Её адвокату \
Сергею Петровичу Лобанову отказали в допуске.

По словам Лобанова, дело закрыто. Анной Ковальчук гордятся её коллеги. Ирине Зотовой и Павлу Зотову запретили выезд."""

POLISH = """Burmistrz zaprzecza

Burmistrz Belwina Jan Kowalczyk zaprzeczył we wtorek, że dostał pieniądze od firmy Kelvane. „Nie wziąłem ani grosza” \
– powiedział dziennikarzom. Rada miasta zbierze się w piątek w tej sprawie.

Czytaj także: strajk trwa"""

CHINESE = (
    "市长否认指控\n\n李明市长周二否认收受贿赂。他说:“我没有拿过任何人的钱。”审计局说,该市为水表支付了四百二十万元。"
)


def read(extractor: Extractor, text: str) -> Extraction:
    found = extractor.extract(text)
    assert isinstance(found, Extraction)
    for person in found.people:
        assert all(text[one.span.start : one.span.end] == one.text for one in person.mentions)
    for claim in found.claims:
        assert " ".join(text[span.start : span.end] for span in claim.spans).split() == claim.text.split()
    return found


def test_people_of_a_russian_article_bear_their_names_in_the_nominative(extractor: Extractor) -> None:
    found = read(extractor, RUSSIAN)
    assert (found.reading, found.metadata.language) == (Reading.PEOPLE, "ru")
    assert [person.name for person in found.people] == [
        "Анна Ковальчук",
        "Сергей Петрович Лобанов",
        "Ирина Зотова",
        "Павел Зотов",
    ]
    assert [one.text for one in found.people[0].mentions][-2:] == ["Ковальчук", "Анной Ковальчук"]
    assert [one.text for one in found.people[1].mentions] == ["Сергею Петровичу Лобанову", "Лобанова"]


def test_the_lead_of_a_russian_article_is_its_claims(extractor: Extractor) -> None:
    found = read(extractor, RUSSIAN)
    assert [(claim.rank, claim.people) for claim in found.claims] == [(1, (0,)), (2, (0,)), (3, (1,))]
    assert found.attributions == ()
    assert {claim.factuality for claim in found.claims} == {Factuality.CERTAIN}


@pytest.mark.parametrize(
    ("text", "language", "claims"),
    [
        (POLISH, "pl", 3),
        (CHINESE, "zh", 3),
        ("議会は金曜日に会合を開いた。市長は「知らなかった」と述べた。", "ja", 2),
        ("اجتمع المجلس يوم الجمعة وقرر تأجيل بيع الأرصفة حتى شهر يونيو المقبل.", "ar", 1),
        ("המועצה התכנסה ביום שישי והחליטה לדחות את מכירת הרציפים עד חודש יוני.", "he", 1),
        ("สภาประชุมเมื่อวันศุกร์และตัดสินใจเลื่อนการขายท่าเรือออกไปจนถึงเดือนมิถุนายน", "th", 1),
        ("परिषद की बैठक शुक्रवार को हुई और उसने बंदरगाह की बिक्री जून तक टाल दी।", "hi", 1),
        ("Η σύγκλητος συνεδρίασε την Παρασκευή και ανέβαλε την πώληση ως τον Ιούνιο.", "el", 1),
        ("Der Rat von Lundvik hat am Freitag den Verkauf der Liegeplätze auf den Juni verschoben.", "de", 1),
    ],
)
def test_any_other_language_is_read_by_its_lead(extractor: Extractor, text: str, language: str, claims: int) -> None:
    found = read(extractor, text)
    assert (found.reading, found.metadata.language) == (Reading.LEAD, language)
    assert (len(found.claims), found.people, found.attributions) == (claims, (), ())


def test_furniture_is_no_lead(extractor: Extractor) -> None:
    assert not any(
        "Czytaj" in claim.text or claim.text == "Burmistrz zaprzecza" for claim in read(extractor, POLISH).claims
    )


def test_russian_is_read_by_its_lead_where_no_finder_of_names_is_installed(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("extraction.extractor")
    monkeypatch.setattr(module, "_name_finder", lambda language: None)
    assert (read(extractor, RUSSIAN).reading, read(extractor, RUSSIAN).people) == (Reading.LEAD, ())


def test_a_paragraph_of_another_language_in_an_english_article_attributes_nothing(extractor: Extractor) -> None:
    german = (
        "Der Vorsitzende des Rates, Tormod Haugseth, erklärte am Freitag, der Verkauf der Liegeplätze sei rechtmäßig "
        "gewesen und werde nicht rückgängig gemacht."
    )
    english = (
        "The council of Lundvik met on Friday. Council leader Fatou Ndiaye said the sale was off until June. The "
        "berths lie at the end of the old harbour and have been empty since the ferry line was closed, and the town "
        "has paid for their upkeep ever since. In the summer they are to be rented out to the owners of small boats."
    )
    found = read(extractor, f"Council stops sale\n\n{english}\n\n{german}")
    assert found.reading is Reading.FULL
    assert [one.source.text for one in found.attributions if one.source] == ["Council leader Fatou Ndiaye"]


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Short: nicht wahr", False),
        ("The council met on Friday and decided that the sale of the berths would not go on before the summer.", False),
        (
            "Le conseil s'est réuni vendredi et a décidé que la vente des quais du vieux port n'aura pas lieu avant",
            True,
        ),
        ("1 2 3 4 5", False),
    ],
)
def test_a_paragraph_is_foreign_only_where_that_is_sure(text: str, foreign: bool) -> None:
    assert is_foreign(text) == foreign


@pytest.mark.parametrize(("text", "script"), [("Ку-ку", "CYRILLIC"), ("カタカナ", "CJK"), ("a", "LATIN"), ("1", None)])
def test_a_script_is_that_of_most_letters(text: str, script: str | None) -> None:
    assert script_of(text) == script


@pytest.mark.parametrize(("text", "language"), [("", None), ("too short", None), ("会議", None)])
def test_too_little_text_has_no_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Один день. Другой день.", ["Один день.", "Другой день."]),
        ("Ал. Петров пришёл. А он?", ["Ал. Петров пришёл.", "А он?"]),
        ("他说:“好。”然后走了。", ["他说:“好。”", "然后走了。"]),
        ("„Nie.” – powiedział", ["„Nie.” – powiedział"]),
        ("  ", []),
    ],
)
def test_sentences_end_where_punctuation_says_so(text: str, parts: list[str]) -> None:
    assert [text[span.start : span.end] for span in sentences(text)] == parts


def names(*normals: str) -> list[NamedSpan]:
    return [NamedSpan(normal, Span(10 * at, 10 * at + 5), normal) for at, normal in enumerate(normals)]


@pytest.mark.parametrize(
    ("found", "people"),
    [
        ((), []),
        (("Anna Rud", "Rud", "Anna"), [("Anna Rud", 3)]),
        (("Rud", "Anna Rud", "Ola Rud"), [("Anna Rud", 2), ("Ola Rud", 1)]),
        (("Ola Berg Rud", "Ola Rud"), [("Ola Berg Rud", 2)]),
        (("Berg", "Ola Berg Rud"), [("Berg", 1), ("Ola Berg Rud", 1)]),
    ],
)
def test_a_short_name_is_that_of_who_bears_it_in_full(found: tuple[str, ...], people: list[tuple[str, int]]) -> None:
    assert [(one.name, len(one.mentions)) for one in people_of(names(*found))] == people


def test_words_come_from_the_language_that_is_read() -> None:
    assert language_read() == "en"
    with reading("fr"):
        assert language_read() == "fr"
    assert language_read() == "en"
    assert has_words("en") and not has_words("xx")


FRENCH = "Le conseil de Belvaux s’est réuni vendredi. {} Le quai nord reste fermé aux bateaux jusqu’au mois de juin."


@pytest.mark.parametrize(
    ("sentence", "source", "content", "factuality"),
    [
        ("« Nous n’avons rien vendu », a déclaré le maire.", "le maire", "« Nous n’avons rien vendu »", "CT-"),
        ("« Tout a été vérifié », affirme le préfet.", "le préfet", "« Tout a été vérifié »", "CT+"),
        ("Marie Castagnou a affirmé que le pont était sûr.", "Marie Castagnou", "que le pont était sûr", "CT+"),
        ("D’après les enquêteurs, l’usine était fermée.", "les enquêteurs", "l’usine était fermée", "CT+"),
        ("Selon Awa Diouldé, la vente aurait été annulée.", "Awa Diouldé", "la vente aurait été annulée", "PS+"),
        ("Le directeur nie avoir touché de l’argent.", "Le directeur", "avoir touché de l’argent", "CT-"),
        ("La mairie a promis de publier les comptes.", "La mairie", "de publier les comptes", "Uu"),
        ("« Le quai est à nous », a-t-il dit.", "-il", "« Le quai est à nous »", "CT+"),
        ("Le maire habite d’ailleurs près du quai.", None, None, None),
    ],
)
def test_french_constructions_attribute_with_their_own_words(
    pipelines: Pipelines, sentence: str, source: str | None, content: str | None, factuality: str | None
) -> None:
    found = read(Extractor(pipelines, {"fr": "fr_core_news_md"}), FRENCH.format(sentence))
    assert found.reading is Reading.FULL
    told = [(one.source and one.source.text, one.content.text, one.factuality.value) for one in found.attributions]
    assert told == ([(source, content, factuality)] if source else [])


def test_a_title_makes_a_french_role(pipelines: Pipelines) -> None:
    text = FRENCH.format("Étienne Rouvrel, maire de Belvaux, a salué l’accord. Rouvrel part demain.")
    (person,) = read(Extractor(pipelines, {"fr": "fr_core_news_md"}), text).people
    assert (person.name, person.job_titles) == ("Étienne Rouvrel", ("maire de Belvaux",))
    assert [one.text for one in person.mentions] == ["Étienne Rouvrel", "Rouvrel"]


@pytest.mark.parametrize("text", ["港口负责人否认出售泊位" * 40, "A.B." * 200, "ПОРТ" * 300])
def test_a_line_without_spaces_is_read_at_once(extractor: Extractor, text: str) -> None:
    """What sets datelines apart does not try every way to cut it: that took minutes."""
    assert isinstance(extractor.extract(text), Extraction)


_ENGLISH = "The council said that it would not sell the berths at the end of the old harbour before the summer. "
_DUTCH = (
    "Was de verkoop van de ligplaatsen in het dorp in strijd met de wet of was er in de raad niemand die wist dat de "
    "haven in particuliere handen is gekomen? "
)
_CHINESE = "市议会周五决定在夏季之前不出售旧港口尽头的泊位因为渡轮航线关闭后一直空置维护费用由市政府承担。"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (_ENGLISH, "en"),
        (_ENGLISH * 5, "en"),
        (_DUTCH, "nl"),  # a quarter of its words are also English ones
        ("Lundvik council drops berth sale: ferry line closure left quays empty, upkeep costs town dearly. " * 5, "en"),
        (_ENGLISH * 4 + _CHINESE * 12, "zh"),  # most of its words are English, few of its letters
    ],
)
def test_a_language_is_told_by_its_small_words_only_where_those_are_many(text: str, language: str) -> None:
    assert language_of(text) == language
