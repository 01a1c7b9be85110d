"""Fingerprints: an edited copy's is nearly the same, a follow-up's is not, in any script, process and release."""

import random
import subprocess
import sys
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.extraction import Span
from domain.fingerprints import MINIMA, SAME, Fingerprint
from extraction.fingerprint import _BATCH, _minima, _shingles, fingerprint
from extraction.layout import Paragraph, ParagraphKind, paragraphs

SENTENCES = (
    "The council of Arnby stopped the sale of nine berths on Friday.",
    "Ingrid Solvang, who audits the harbour, had found that the price was a tenth of what the berths are worth.",
    "The buyers, two brothers from Morvik, were not in town and did not answer their telephone.",
    "“Nobody asked the bank,” Solvang told the council.",
    "A vote on the harbour master is planned for the last week of May.",
    "Fishermen who use the berths have collected four hundred signatures against the sale.",
    "The ferry company has said that it would leave the pier if the berths went to anybody else.",
    "Two members of the council left the room before the vote was counted.",
    "The mayor promised to show every letter that she has had from the buyers.",
    "It is the third time in six years that the harbour is offered to somebody who lives elsewhere.",
)
BODY = "\n\n".join(SENTENCES)
LATER = (
    "A court in Morvik will look at the papers of the harbour next month.",
    "Both brothers have hired a lawyer, Karsten Ude, who calls the audit a fairy tale.",
    "He wants the town to pay back the deposit with interest by the end of the year.",
    "The bank says that it has learnt of the contract from the newspaper.",
    "On the quay somebody has painted the word thieves over the name of the company.",
    "Police are asking for witnesses and for the film of the camera at the crane.",
)


def of(text: str) -> Fingerprint | None:
    return fingerprint(paragraphs(text))


def likeness(one: str, other: str) -> float:
    first, second = of(one), of(other)
    assert first is not None and second is not None
    return first.likeness(second)


def article(*sentences: str, headline: str = "Council stops sale", below: str = "") -> str:
    return "\n\n".join([headline, *sentences, below])


def test_an_edited_copy_is_the_same_article():
    """A fifth dropped, another order, another headline, another outlet's furniture."""
    copy = article(
        *random.Random(1).sample(SENTENCES, 8),  # noqa: S311  # any order
        headline="Berths stay with the town after all",
        below="Subscribe to our newsletter to get the news in your inbox.\n\n© 2026 The Lunde Post.",
    )
    assert likeness(article(*SENTENCES), copy) >= SAME


@pytest.mark.parametrize(
    "text",
    [
        article(*LATER),
        article(*LATER, *SENTENCES[:3]),
        article(*LATER, *SENTENCES[:5]),
    ],
)
def test_a_follow_up_that_takes_up_to_half_of_an_article_is_another_one(text: str):
    assert likeness(article(*SENTENCES), text) < SAME


def test_a_bulletin_with_other_numbers_is_another_one():
    first = "Herring cost {} crowns a kilo, cod {} and eel {}. Hay stood at {} crowns, straw at {} and oats at {}. " * 2
    assert likeness(article(first.format(*range(12))), article(first.format(*range(50, 62)))) < SAME


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        BODY.replace("\n\n", " "),
        BODY.replace("“", '"').replace("”", '"'),
        BODY.upper(),
        BODY.replace(" ", "\u00a0"),
        f"Another headline\n\nBy Alva Kvist\n\n{BODY}",
        f"{BODY}\n\nSubscribe to our newsletter to get the news in your inbox.",
    ],
)
def test_layout_letter_case_and_what_stands_beside_the_body_change_little(text: str):
    assert likeness(f"Council stops sale\n\n{BODY}", text) >= 0.9


# The first and the second half share nothing; the whole shares half with each.
HALVES = {
    "Russian": (
        "Совет города остановил продажу девяти причалов в пятницу вечером после долгой беседы с ревизором порта, "
        "который нашёл, что цена была в десять раз ниже настоящей стоимости земли и воды.",
        "Полиция ищет свидетелей, которые видели, как ночью кто-то написал слово «воры» над названием новой фирмы "
        "у крана, и просит сторожа отдать запись камеры за всю прошлую неделю.",
    ),
    "Chinese": (
        "市议会星期五晚上停止出售九个泊位，因为审计员发现价格只有实际价值的十分之一，买家是来自外地的两兄弟。",
        "警方正在寻找证人，希望有人看到夜里是谁在码头新公司名称上方写下小偷二字，摄像机录像也已经交给法院。",
    ),
    "Thai": (
        "สภาเมืองหยุดการขายท่าเรือเก้าแห่งเมื่อวันศุกร์หลังจากผู้ตรวจสอบพบว่าราคาเป็นเพียงหนึ่งในสิบของมูลค่าจริง",
        "ตำรวจกำลังหาพยานที่เห็นว่าใครเขียนคำว่าขโมยเหนือชื่อบริษัทใหม่ที่ท่าเรือในตอนกลางคืนใกล้กับปั้นจั่นตัวใหญ่",
    ),
    "Arabic": (
        "أوقف مجلس المدينة بيع تسعة أرصفة مساء الجمعة بعد حديث طويل مع مدقق الميناء والبنك الذي لم يسأله أحد عن الثمن "
        "قبل ذلك اليوم الذي وقع فيه العقد مع الأخوين.",
        "تبحث الشرطة عن شهود رأوا من كتب كلمة لصوص فوق اسم الشركة الجديدة قرب الرافعة في الليل وقد طلبت تسجيل الكاميرا "
        "من الحارس الذي كان نائما في غرفته.",
    ),
}


@pytest.mark.parametrize("language", list(HALVES))
def test_any_script_has_fingerprints(language: str):
    first, second = HALVES[language]
    one, other, whole = (
        f"The sale of berths\n{first}",
        f"The sale of berths\n{second}",
        f"The sale of berths\n{first}\n{second}",
    )
    assert likeness(whole, f"The sale of berths\n{second}\n{first}") == 1
    assert likeness(one, other) < 0.1
    assert likeness(whole, one) == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(
    "text", ["", "Council stops sale", "One two three four five six. " * 30, "12 !? …\n\n" * 50, "\ud800" * 99]
)
def test_a_body_that_says_too_little_has_none(text: str):
    assert of(text) is None


@pytest.mark.parametrize(
    ("text", "shingles"),
    [
        ("One two three four.", ["one two three", "two three four"]),
        ("One two three. Four five six!", ["one two three", "four five six"]),
        ("It cost 3.5 million crowns.", ["it cost 3", "cost 3 5", "3 5 million", "5 million crowns"]),
        ("Élan vital ｆｕｌｌ", ["élan vital full"]),
        ("一二三四五六七。八九", ["一 二 三 四 五 六", "二 三 四 五 六 七"]),
        ("One two.", []),
        ("", []),
    ],
)
def test_shingles_stay_within_a_sentence(text: str, shingles: list[str]):
    assert list(_shingles(text)) == shingles


@given(st.text(max_size=400))
def test_any_text_has_a_fingerprint_of_one_size_or_none(text: str):
    found = of(text)
    assert found is None or (len(found.minima) == 2 * MINIMA and found.likeness(found) == 1)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.55, 0.8, 1.0])
def test_the_estimate_is_near_the_jaccard_coefficient(share: float):
    common = int(share * 1000)
    words = [f"w{index}" for index in range(2000 - common)]
    one, other = words[:1000], words[1000 - common :]

    def made_of(them: list[str]) -> Fingerprint:
        text = " ".join(f"{word} {word} {word}." for word in them)
        found = fingerprint([Paragraph(ParagraphKind.BODY, text, Span(0, len(text)))])
        assert found is not None
        return found

    assert made_of(one).likeness(made_of(other)) == pytest.approx(common / (2000 - common), abs=0.1)


def test_more_shingles_than_are_permuted_at_a_time_give_the_smallest_of_all():
    import numpy as np

    hashes = np.arange(2 * _BATCH + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    parts = [_minima(hashes[start : start + 999]) for start in range(0, len(hashes), 999)]
    assert (_minima(hashes) == np.min(parts, axis=0)).all()


def test_fingerprints_are_the_same_in_every_process_and_release():
    """They are compared with those that a database has kept for years: never change what this test says."""
    found = of(BODY)
    assert found is not None
    assert sha256(found.minima).hexdigest() == "d6b94cef8123672fac7e0473f8916c53278a9884456e70a301dfb7beee0784b8"
    code = (
        "from extraction.fingerprint import fingerprint; from extraction.layout import paragraphs;"
        f"print(fingerprint(paragraphs({BODY!r})).minima.hex())"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # ours
    assert bytes.fromhex(other.stdout) == found.minima


def test_texts_that_are_alike_share_bands_and_others_do_not():
    whole, copy, later = of(article(*SENTENCES)), of(article(*SENTENCES[:8])), of(article(*LATER))
    assert whole is not None and copy is not None and later is not None
    assert set(whole.bands()) & set(copy.bands())
    assert not set(whole.bands()) & set(later.bands())
    assert len(whole.bands()) == 64
