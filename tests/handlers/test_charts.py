"""Pictures: whatever they show has room, can be read and is told by the caption, too."""

import struct
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.colors import to_rgb
from matplotlib.ft2font import FT2Font
from matplotlib.patches import Rectangle

from bot.local_telegram.text import utf16_length
from domain.ledger import PersonReference
from domain.pictures import Figure, Net, Newsmaker, Newsmakers, Period, Picture, Step, Tally, Timeline, Voice
from handlers.replies.charts import captions, look
from handlers.replies.charts.drawing import canvas_of, draw
from handlers.replies.charts.lettering import OWN, readable
from handlers.replies.charts.net import net
from handlers.replies.charts.timeline import timeline
from handlers.replies.charts.words import called, span
from handlers.replies.language import LANGUAGES, RIGHT_TO_LEFT, speaking
from handlers.replies.layout import visible_length
from tests.handlers.replies_samples import HOSTILE, TEXTS, data, shown

MONDAY = date(2026, 3, 2)
TORVIN = PersonReference(1, "Torvin Hagelund", 7)
# A name in each script, and whether the font that comes with matplotlib has it.
SCRIPTS = {
    "Latin": ("Þórunn Đặng-Żółć", True),
    "Cyrillic": ("Мирослав Їжаченко", True),
    "Greek": ("Γιώργος Ωνάσης", True),
    "Armenian": ("Հայկ Բզնունի", True),
    "Georgian": ("დავით ბერიძე", True),
    "Hebrew": ("יעל בן־דוד", True),
    "Arabic": ("محمد رضا پیام‌آور", True),
    "Devanagari": ("राम नारायण", False),
    "Bengali": ("রাম নারায়ণ", False),
    "Tamil": ("ராமன்", False),
    "Thai": ("สมชาย ใจดี", False),
    "Ethiopic": ("ኃይለ ሥላሴ", False),
    "Han": ("王小明", False),
    "Kana": ("たなか タロウ", False),
    "Hangul": ("김철수", False),
    "Khmer": ("សុខា", False),
    "Emoji": ("Ann 🦄🧾", False),
    "dollars": ("A$AP $x^2$", True),
    "nothing": ("\u200b\u202e\x07", False),
}
LONG = "Wolfeschlegelsteinhausenbergerdorff"
NAMES = [name for name, _ in SCRIPTS.values()] + [LONG, "Ó", "Maximiliana Oppenheimer-Wolkenstein von und zu Rabenau"]


def tallies(*pairs: tuple[int, int]) -> tuple[Tally, ...]:
    return tuple(Tally(*pair) for pair in pairs)


def line(says: tuple[Tally, ...], said: tuple[Tally, ...], step: Step = Step.DAY, name: str = "Torvin Hagelund"):
    length = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 31, Step.YEAR: 366}[step]
    firsts = [MONDAY + timedelta(length * place) for place in range(len(says))]
    periods = tuple(Period(*each) for each in zip(firsts, says, said, strict=True))
    return Timeline(PersonReference(1, name, 7), step, firsts[0], firsts[-1], periods)


def web(figures: int, voices: int, claims: int = 5, names: list[str] = NAMES, person: str = "Torvin Hagelund") -> Net:
    """A net with so many others, named in turn, and as many voices as asked for: first those of the person."""
    others = [Figure(2 + place if place % 3 else -2 - place, names[place % len(names)]) for place in range(figures)]
    numbers = [figure.id for figure in others]
    pairs = [*((1, each) for each in numbers), *((each, 1) for each in numbers)]
    pairs += [pair for pair in product(numbers, numbers) if pair[0] != pair[1]]
    made = (Voice(*pair, claims * (place + 1), place % 3) for place, pair in enumerate(pairs[:voices]))
    return Net(PersonReference(1, person, 7), tuple(others), tuple(made))


def makers(*people: tuple[str, tuple[int, int], tuple[int, int], int | None], left_out: int = 0) -> Newsmakers:
    """People of a digest: their name, what they say, what others say, and how many claims there were before."""
    shown = [
        Newsmaker(place, name, Tally(*says), Tally(*said), before)
        for place, (name, says, said, before) in enumerate(people, start=1)
    ]
    return Newsmakers(MONDAY, MONDAY + timedelta(1), tuple(shown), left_out)


IN_THE_NEWS = makers(
    ("Torvin Hagelund", (6, 2), (2, 1), 4),
    ("Ada Kestrel", (3, 0), (1, 1), 6),
    ("Ole Moor", (0, 0), (2, 0), 2),
    ("王小明", (1, 0), (0, 0), None),
    left_out=2,
)
ORDINARY = line(tallies((3, 1), (0, 0), (5, 2)), tallies((4, 0), (9, 4), (1, 1)))
PICTURES = {
    "ordinary days": ORDINARY,
    "one claim": line(tallies((1, 0)), tallies((0, 0))),
    "one claim about them": line(tallies((0, 0)), tallies((1, 1))),
    "thousands": line(tallies(*[(12_345, 999)] * 31), tallies(*[(1, 0)] * 31), Step.WEEK),
    "one week of many": line(tallies((2_000_000, 0), *[(0, 0)] * 30), tallies(*[(0, 0)] * 30, (7, 7)), Step.WEEK),
    "months": line(tallies(*[(2, 1)] * 20), tallies(*[(3, 0)] * 20), Step.MONTH, LONG * 3),
    "years": line(tallies(*[(10, 1)] * 31), tallies(*[(3, 3)] * 31), Step.YEAR),
    "one other": web(1, 1),
    "to and fro": web(1, 2),
    "three": web(3, 6),
    "four": web(4, 11),
    "most": web(7, 20),
    "most, long names": web(7, 20, 1_000_000, [LONG, NAMES[-1]], NAMES[-1]),
    "most, all around": web(7, 14, names=NAMES[7:]),
    "in the news": IN_THE_NEWS,
    "in the news, long names": makers(*[(name, (9_999, 999), (1_000_000, 7), 5) for name in (LONG, *NAMES[-3:])]),
    "in the news, most": makers(*[(name, (1, 1), (0, 0), 900_000) for name in NAMES[:8]]),
}


def drawn(picture: Picture) -> look.Canvas:
    return canvas_of(picture)


def written(canvas: look.Canvas) -> Iterator[tuple[str, float, float, float, float]]:
    """What is written, and the room that it takes, in pixels."""
    for text in canvas.axes.texts:
        room = canvas.extent(text)
        yield text.get_text(), room.x0, room.y0, room.x1, room.y1


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_nothing_is_cut_and_nothing_lies_above_other_words(picture: Picture):
    canvas = drawn(picture)
    rooms = list(written(canvas))
    for text, left, low, right, high in rooms:
        assert 0 <= left < right <= look.WIDTH, text
        assert 0 <= low < high <= canvas.height, text
    for one, other in combinations(rooms, 2):
        apart = min(one[3], other[3]) - max(one[1], other[1]), min(one[4], other[4]) - max(one[2], other[2])
        assert min(apart) <= 1, (one, other)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each not in RIGHT_TO_LEFT])
@pytest.mark.parametrize("name", ["years", "most, long names", "in the news, long names"])
def test_nothing_is_cut_in_any_language(name: str, language: str):
    with speaking(language):
        canvas = drawn(PICTURES[name])
        caption = captions.caption(PICTURES[name])
    assert all(0 <= left < right <= look.WIDTH for _, left, _, right, _ in written(canvas))
    assert visible_length(caption.text) <= captions.LIMIT


@pytest.mark.parametrize("name", ["years", "one other", "most, long names", "in the news, most"])
def test_a_picture_has_a_phones_width_and_a_size_that_telegram_takes(name: str):
    png = draw(PICTURES[name]).png
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert (width, height in range(1000, 1500)) == (1080, True)
    assert len(png) < 500_000


@pytest.mark.parametrize(("name", "own"), SCRIPTS.values(), ids=SCRIPTS)
def test_no_name_is_drawn_with_a_letter_that_its_font_lacks(name: str, own: bool, monkeypatch: pytest.MonkeyPatch):
    """Warnings are errors here, and matplotlib warns of each letter that it draws a box for."""
    monkeypatch.setattr("handlers.replies.charts.lettering._system_fonts", lambda: ())
    fresh()
    try:
        picture = draw(web(1, 1, names=[name], person=name))
        shown_as = readable(name)
        font = FT2Font(str(font_manager.findfont(OWN)))
        assert [letter for letter in shown_as if not font.get_char_index(ord(letter))] == []
        assert shown_as
        assert (shown_as == name) == own
        assert (name in dict(picture.spelt)) == (not own and not name.isspace())
    finally:
        fresh()


def fresh() -> None:
    """Forget which letters fonts were found to have."""
    from handlers.replies.charts import lettering

    for remembered in (lettering.family_of, lettering.readable, lettering._font_with):
        remembered.cache_clear()


@pytest.mark.parametrize(
    ("name", "latin"),
    [("王小明", "Wang Xiao Ming"), ("김철수", "Gim Cheol Su"), ("राम", "Ram"), ("\u200b", "?"), ("🦄", ":unicorn:")],
)
def test_a_name_that_no_font_has_is_written_in_latin_letters(name: str, latin: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("handlers.replies.charts.lettering._system_fonts", lambda: ())
    fresh()
    try:
        assert readable(name) == latin
    finally:
        fresh()


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize(
    ("letters", "ground"),
    [
        (look.INK, look.GROUND),
        (look.QUIET, look.GROUND),
        (look.SAYS, look.GROUND),
        (look.SAID, look.GROUND),
        (look.INK, look.PANEL),
        (look.GROUND, look.INK),
    ],
)
def test_letters_stand_out_from_their_ground(letters: str, ground: str):
    light, dark = sorted((luminance(letters), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_bars_are_as_long_as_their_claims_and_their_hatched_part_as_their_denials():
    bars = [patch for patch in timeline(ORDINARY).axes.patches if isinstance(patch, Rectangle)]
    heights = [round(bar.get_height(), 3) for bar in bars if bar.get_width() > 50]
    unit = heights[0]  # one denial of the first day
    assert [round(height / unit) for height in heights] == [1, 2, 2, 3, 4, 4, 5, 1]


def test_bars_of_a_digests_people_are_as_long_as_their_claims_denials_and_claims_before():
    bars = [patch for patch in canvas_of(IN_THE_NEWS).axes.patches if isinstance(patch, Rectangle)]
    unit = bars[1].get_width() / 4  # what somebody says and does not deny
    drawn_ones = [(round(bar.get_width() / unit), bool(bar.get_hatch())) for bar in bars[:-4]]
    assert drawn_ones == [
        *[(2, True), (4, False), (1, True), (1, False), (4, False)],
        *[(3, False), (1, True), (6, False)],
        *[(2, False), (2, False)],
        (1, False),
    ]


def test_a_caption_tells_the_numbers_of_a_digests_people_and_their_change():
    new = Newsmaker(5, "Jonas Brekke", Tally(1), Tally(), 0, is_new=True)
    told = Newsmakers(IN_THE_NEWS.first, IN_THE_NEWS.last, (*IN_THE_NEWS.people, new), 2)
    text, _ = shown(captions.caption(told, (("王小明", "Wang Xiao Ming"),)))
    assert text.split("\n") == [
        "Claims by and about people, 2–3 March 2026",
        "Torvin Hagelund: says 6 (2 deny), others 2 (1 denied) · +4",
        "Ada Kestrel: says 3, others 1 (1 denied) · −2",
        "Ole Moor: others 2",
        "王小明: says 1",
        "Jonas Brekke: says 1 · new",
        "2 more people with fewer claims not shown.",
        "+ and − compare with as long a time before, on average.",
        "In the picture 王小明 is “Wang Xiao Ming”.",
    ]
    assert {"8 (+4)", "4 (−2)", "2", "1"} <= {words for words, *_ in written(canvas_of(IN_THE_NEWS))}


def test_names_and_signs_do_not_turn_a_line_that_is_written_from_right_to_left():
    with speaking("he"):
        text, _ = shown(captions.caption(IN_THE_NEWS))
    lines = [line for line in text.split("\n") if "Torvin Hagelund" in line]
    assert [line[:17] for line in lines] == ["\u2068Torvin Hagelund\u2069"]
    assert lines[0].endswith("\u2068+4\u2069")


def test_a_timeline_writes_every_number_where_there_is_room_and_else_the_highest():
    assert {"3", "5", "4", "9", "1"} <= {text for text, *_ in written(timeline(ORDINARY))}
    many = [
        text for text, *_ in written(timeline(line(tallies(*[(1234, 0)] * 30, (9876, 0)), tallies(*[(0, 0)] * 31))))
    ]
    assert "9,876" in many
    assert "1,234" not in many


def test_a_net_writes_how_many_claims_each_arrow_stands_for_and_how_many_are_denials():
    written_there = [text for text, *_ in written(net(web(2, 4, 7, ["Ada Kestrel", "Ole Moor"])))]
    assert {"7", "14\n1 ✗", "21\n2 ✗", "28", "Ada Kestrel", "Ole Moor"} <= set(written_there)
    assert "✗ - -  denials, and what is denied" in written_there


def test_a_caption_tells_the_numbers_of_the_timeline():
    text, _ = shown(captions.caption(ORDINARY))
    assert text.split("\n") == [
        "Torvin Hagelund, 2–4 March 2026, by day",
        "They say: 8 claims, of which 3 deny something.",
        "Others say about them: 14 claims, of which 5 are denied.",
        "",
        "2 Mar: says 3 (1 denies), others 4",
        "3 Mar: others 9 (4 denied)",
        "4 Mar: says 5 (2 deny), others 1 (1 denied)",
    ]
    assert data(captions.caption(ORDINARY)) == ["pic:net:1", "who:1:0"]


def test_a_caption_tells_the_arrows_of_the_net_and_what_is_left_out():
    around = web(2, 3, 1, ["Ada Kestrel", "王小明"])
    told = Net(around.person, around.figures, around.voices, left_out=4, voices_left_out=1, unnamed=2)
    text, _ = shown(captions.caption(told, (("王小明", "Wang Xiao Ming"),)))
    assert text.split("\n") == [
        "Who speaks about whom around Torvin Hagelund:",
        "Torvin Hagelund → Ada Kestrel: 1 claim",
        "Torvin Hagelund → 王小明: 2 claims (1 ✗)",
        "Ada Kestrel → Torvin Hagelund: 3 claims (2 ✗)",
        "✗ denies something, or is denied.",
        "4 more sources with fewer claims not shown.",
        "1 more arrow among those shown.",
        "2 claims about them by nobody with a name.",
        "In the picture 王小明 is “Wang Xiao Ming”.",
    ]
    assert data(captions.caption(told)) == ["pic:timeline:1", "who:1:0"]


@pytest.mark.parametrize(
    ("empty", "sentence"),
    [
        (Timeline(TORVIN, Step.DAY, MONDAY, MONDAY, ()), "No claim by or about Torvin Hagelund yet"),
        (Net(TORVIN, (), (), unnamed=3), "3 claims about them by nobody with a name."),
    ],
)
def test_where_there_is_nothing_to_draw_there_is_a_sentence(empty: Picture, sentence: str):
    assert empty.is_empty
    assert sentence in shown(captions.caption(empty))[0]


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_a_caption_is_as_long_as_telegram_takes_it(picture: Picture):
    spelt = tuple((name, name) for name in picture.names.values())
    for caption in (captions.caption(picture), captions.caption(picture, spelt)):
        assert utf16_length(shown(caption)[0]) <= 1024


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=8), st.integers(1, 20), st.integers(1, 10**12))
def test_a_caption_takes_any_names_and_numbers(names: list[str], voices: int, claims: int):
    picture = web(min(7, len(names)), voices, claims, names, names[0])
    spelt = tuple((name, HOSTILE) for name in names)
    assert utf16_length(shown(captions.caption(picture, spelt))[0]) <= 1024
    times = line(tallies(*[(claims, claims)] * voices), tallies(*[(claims, 1)] * voices), name=names[0])
    assert utf16_length(shown(captions.caption(times, spelt))[0]) <= 1024
    news = makers(*[(name, (claims, claims), (claims, 1), claims) for name in names], left_out=claims)
    assert utf16_length(shown(captions.caption(news, spelt))[0]) <= 1024


@settings(max_examples=6, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=7), st.integers(1, 20), st.sampled_from([1, 44, 10**9]))
@example(["\U0001ee67"], 1, 1)  # in a later edition of the main font only
def test_whatever_a_name_is_made_of_it_is_drawn_within_the_picture(names: list[str], voices: int, claims: int):
    picture = web(len(names), voices, claims, names, names[0])
    times = line(tallies((claims, 0)), tallies((0, 0)), name=names[-1])
    news = makers(*[(name, (claims, 1), (voices, voices), claims) for name in names])
    for canvas in map(canvas_of, (picture, times, news)):
        assert canvas.png()
        for text, left, low, right, high in written(canvas):
            assert 0 <= left <= right <= look.WIDTH and 0 <= low <= high <= canvas.height, text


@pytest.mark.parametrize(
    ("first", "last", "step", "words"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), Step.DAY, "2 March 2026"),
        (date(2026, 3, 2), date(2026, 3, 12), Step.DAY, "2–12 March 2026, by day"),
        (date(2026, 2, 20), date(2026, 3, 12), Step.DAY, "20 February – 12 March 2026, by day"),
        (date(2025, 12, 20), date(2026, 3, 12), Step.WEEK, "20 December 2025 – 12 March 2026, by week"),
        (date(1998, 1, 1), date(2026, 3, 12), Step.YEAR, "1 January 1998 – 12 March 2026, by year"),
    ],
)
def test_when_it_was_is_told_shortly(first: date, last: date, step: Step, words: str):
    assert span(Timeline(TORVIN, step, first, last, ())) == words


@pytest.mark.parametrize(
    ("step", "words"), [(Step.DAY, "2 Mar"), (Step.WEEK, "2 Mar"), (Step.MONTH, "Mar 2026"), (Step.YEAR, "2026")]
)
def test_a_period_is_called_by_its_beginning(step: Step, words: str):
    assert called(MONDAY, step) == words


@pytest.mark.parametrize("picture", list(PICTURES.values()))
def test_in_hebrew_a_caption_tells_that_the_picture_is_in_english(picture: Picture):
    with speaking("he"):
        drawn, alone = (shown(captions.caption(picture, spelt))[0] for spelt in ((), None))
    assert "אנגלית" in drawn and "אנגלית" not in alone
    with speaking("uk"):
        assert captions.caption(picture, ()) == captions.caption(picture)
