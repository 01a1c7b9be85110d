"""Any encoding is read; clean text is never changed."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readers.formats.decoding import decode

RUSSIAN = (
    "Паром на остров Тессель останется в порту до понедельника, сообщили в четверг в управлении гавани.\n\n"
    "«Мы не отправим двести человек на судне, которому не доверяем», — сказала Рута Альмендор."
)
UKRAINIAN = (
    "Пором на острів Тессель залишиться в порту до понеділка. «Ми їм не віримо», — сказала Рута Альмендор її ґазеті."
)
CHINESE = "开往泰瑟尔岛的渡轮星期一之前不会启航，港务局星期四说。\n“我们不会让两百人登上一艘我们不信任的船。”港务长说。"
TAIWANESE = (
    "開往泰瑟爾島的渡輪星期一之前不會啟航，港務局星期四說。\n「我們不會讓兩百人登上一艘我們不信任的船。」港務長說。"
)
JAPANESE = (
    "テッセル島行きのフェリーは月曜日まで出航しないと港湾局は木曜日に述べた。\n"
    "「信頼できない船に二百人を乗せることはない」と港長は語った。"
)
KOREAN = (
    "테셀섬으로 가는 여객선은 월요일까지 출항하지 않는다고 항만청이 목요일 밝혔다.\n"
    "항만청장은 믿을 수 없는 배에 사람을 태우지 않겠다고 말했다."
)
FRENCH = (
    "Le bac de l’île de Tessel restera à quai jusqu’à lundi, a annoncé jeudi la capitainerie.\n"
    "« Où est le problème ? », a demandé Élodie Vandorel, à peine élue."
)
GERMAN = (
    "Die Fähre zur Insel Tessel bleibt bis Montag im Hafen, wie das Hafenamt erklärte.\n"
    "„Größe schützt nicht vor Rissen“, sagte Jürgen Öhlmann."
)
POLISH = (
    "Prom na wyspę Tessel zostanie w porcie do poniedziałku.\n"
    "„Nie wyślemy dwustu osób łodzią, której nie ufamy” – powiedziała Róża Źdźbłowska, świeżo wybrana."
)
CZECH = (
    "Trajekt na ostrov Tessel zůstane v přístavu do pondělí.\n"
    "„Nepošleme dvě stě lidí lodí, které nevěříme,“ řekla Růžena Žďárská."
)
GREEK = "Το πλοίο για το νησί Τέσελ θα μείνει στο λιμάνι μέχρι τη Δευτέρα, ανακοίνωσε το λιμεναρχείο."
TURKISH = (
    "Tessel adasına giden vapur pazartesiye kadar limanda kalacak.\n"
    "“Güvenmediğimiz bir gemiyle iki yüz kişiyi göndermeyiz” dedi Işıl Şahinoğlu."
)
ARABIC = "قال مكتب الميناء يوم الخميس إن العبارة إلى جزيرة تيسل لن تبحر قبل يوم الاثنين. وطلبت مديرة الميناء الصبر."
HEBREW = "המעבורת לאי טסל תישאר בנמל עד יום שני, כך אמר משרד הנמל ביום חמישי. מנהלת הנמל ביקשה סבלנות."
ENGLISH = "The ferry stays in port – “until Monday”, the harbour office said. It’s the talk of every café."


def typed(text: str) -> str:
    """Return a text with the quotation marks and dashes of a typewriter, as old encodings have no other."""
    return text.translate(dict.fromkeys(map(ord, "«»„”“"), '"') | dict.fromkeys(map(ord, "–—"), "-") | {ord("’"): "'"})


CASES = [
    *((RUSSIAN, encoding) for encoding in ("cp1251", "mac-cyrillic")),
    *((typed(RUSSIAN), encoding) for encoding in ("koi8-r", "iso8859-5", "cp866")),
    *((UKRAINIAN, encoding) for encoding in ("cp1251",)),
    *((typed(UKRAINIAN), encoding) for encoding in ("koi8-u",)),
    *((CHINESE, encoding) for encoding in ("gb18030", "gb2312", "gbk")),
    *((TAIWANESE, encoding) for encoding in ("big5", "gb18030")),
    *((JAPANESE, encoding) for encoding in ("shift-jis", "euc-jp", "iso2022-jp")),
    *((KOREAN, encoding) for encoding in ("euc-kr", "cp949")),
    *((FRENCH, encoding) for encoding in ("cp1252", "mac-roman")),
    *((GERMAN, encoding) for encoding in ("cp1252",)),
    *((POLISH, encoding) for encoding in ("cp1250",)),
    *((CZECH, encoding) for encoding in ("cp1250",)),
    *((GREEK, encoding) for encoding in ("cp1253", "iso8859-7")),
    *((TURKISH, encoding) for encoding in ("cp1254",)),
    *((ARABIC, encoding) for encoding in ("cp1256",)),
    *((HEBREW, encoding) for encoding in ("cp1255", "iso8859-8")),
    *((ENGLISH, encoding) for encoding in ("cp1252",)),
    *((typed(FRENCH), encoding) for encoding in ("latin-1", "iso8859-15")),
    *((typed(POLISH), encoding) for encoding in ("iso8859-2",)),
    *((typed(CZECH), encoding) for encoding in ("iso8859-2",)),
    *(
        (f"{text} " * 2, "cp1252")
        for text in ("It was the café’s fault, the board said. " * 9, "El niño está aquí, señor. ¿Cómo?")
    ),
    *((text, "cp1252") for text in ("Er sagte: „Straße frei“. " * 3, "Å være eller ikke være på øya, sa hun. " * 2)),
    *(
        (text, "cp1250")
        for text in (
            "Fűtés és őszi vásár: a polgármester szerint nincs pénz.",
            "Železničná stanica ľuďom chýba, tvrdí Ľubica.",
        )
    ),
    *((text, "cp1257") for text in ("Mėnesį keltas stovės uoste, pranešė žurnalistams šaltinis.",)),
]
EVERY = sorted({text for text, _ in CASES})
WIDE = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize(("text", "encoding"), CASES)
def test_a_text_is_read_in_the_encoding_that_it_is_in(text: str, encoding: str):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", EVERY)
@pytest.mark.parametrize("encoding", WIDE)
def test_unicode_is_read_with_its_mark_and_without(text: str, encoding: str):
    assert decode(f"{text}\n".encode(encoding)) == f"{text}\n"


def test_a_mark_of_the_other_byte_order_is_heeded():
    assert decode(codecs.BOM_UTF16_BE + RUSSIAN.encode("utf-16-be")) == RUSSIAN


@pytest.mark.parametrize(
    ("text", "inner", "outer"),
    [
        *((text, "utf-8", "cp1252") for text in (FRENCH, GERMAN)),
        *(
            (text, "utf-8", "latin-1")
            for text in (RUSSIAN, UKRAINIAN, CHINESE, JAPANESE, KOREAN, FRENCH, POLISH, ENGLISH)
        ),
        *((text, "utf-8", "cp1251") for text in (UKRAINIAN,)),
    ],
)
def test_mojibake_from_end_to_end_is_mended(text: str, inner: str, outer: str):
    assert decode(text.encode(inner).decode(outer).encode()) == text


@pytest.mark.parametrize(
    "text",
    [
        *EVERY,
        "The sign read “cafÃ©”, to everyone's delight: the printer's machine knew no accents.",
        "“Curly” ‘quotes’, a ligature ﬁ, ｆｕｌｌ width, &amp; and \u00a0 spaces stay, as does e\u0301.",
        "Â la carte, Ã is a letter, and Ñandú, Ærø, Œuvre and ÀÉÎÕÜ are names.",
        "ВЛАСТЬ И ПРЕССА: «РЅ» – это не слово",
        "1 € = 1,08 $ · ™ © ® … — –",
        "emoji 😀👩‍👩‍👧 and flags 🇺🇦",
        "Tab\tand\r\nline ends\rof every kind\n",
        "",
    ],
)
def test_clean_text_comes_back_to_the_character(text: str):
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00H",
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00",
        b"text\x00with a nul",
        bytes(range(256)) * 4,
        b"\xff\xfe\x00\xd8",
        b"\x00" * 100,
        "\ue000\ue001\ue002 words".encode(),
    ],
)
def test_what_is_no_text_is_none(data: bytes):
    assert decode(data) is None


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("cp1251", True),
        ("windows-1251", True),
        ("unicode_escape", False),
        ("zlib", False),
        ("nonsense", False),
        ("", False),
    ],
)
def test_a_declared_encoding_is_believed_if_it_is_one(declared: str, expected: bool):
    short = "Эхо".encode("cp1251")
    assert (decode(short, declared) == "Эхо") is expected or decode(short) == "Эхо"


CLEAN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Co", "Cn", "Cs"]))


@given(CLEAN)
def test_every_clean_text_in_a_plain_alphabet_comes_back(text: str):
    plain = "".join(character for character in text if not "\x80" <= character <= "\u02ff")
    assert decode(plain.encode()) == plain.removeprefix("\ufeff")


@given(st.binary(max_size=2_000), st.none() | st.sampled_from(["utf-8", "utf-16", "cp1251", "hz", "big5", "x"]))
def test_no_bytes_break_it(data: bytes, declared: str | None):
    text = decode(data, declared)
    assert text is None or ("\0" not in text and len(text) <= 2 * len(data))
