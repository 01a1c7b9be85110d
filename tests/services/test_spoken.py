"""Plain words about digests do what they say; what only has such a word in it does nothing."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.schedule import EVERY_DAY
from services.subscribing.lines import Line
from services.subscribing.spoken import Aim, Spoken, heard


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("digest", Spoken(Aim.NEWS)),
        ("Show me the digest now, please", Spoken(Aim.NEWS)),
        ("What’s new today?", Spoken(Aim.NEWS, "today")),
        ("what's new since Monday", Spoken(Aim.NEWS, "since monday")),
        ("що нового сьогодні?", Spoken(Aim.NEWS, "сьогодні")),
        ("subscribe", Spoken(Aim.SUBSCRIBE)),
        ("send me a digest every morning", Spoken(Aim.SUBSCRIBE, line=Line((time(8),)))),
        ("daily digest at 7 Lviv", Spoken(Aim.SUBSCRIBE, line=Line((time(7),), (), "Lviv"))),
        ("дайджест щодня о 8", Spoken(Aim.SUBSCRIBE, line=Line((time(8),), EVERY_DAY))),
        ("a digest every 2 hours", Spoken(Aim.SUBSCRIBE, line=Line(rhythm="every 2 hours"))),
        ("no more digests please", Spoken(Aim.END)),
        ("unsubscribe", Spoken(Aim.END)),
        ("no digest came today", Spoken(Aim.UNCLEAR)),
        ("what is a digest?", Spoken(Aim.UNCLEAR)),
        ("what is new about Ada Quill?", None),
        ("who is Ada Quill?", None),
        ("stop", None),
        ("Ada Quill wrote that the court keeps a digest of all its rulings since the war", None),
        ("", None),
    ],
)
def test_plain_words_about_digests(text: str, spoken: Spoken | None):
    assert heard(text) == spoken


@given(st.text(max_size=80) | st.text(max_size=40).map("digest {}".format))
def test_no_text_breaks_the_reader(text: str):
    found = heard(text)
    assert found is None or found.aim in Aim
