"""Which letters a picture can write: a name that no font at hand has all letters of is written in Latin ones.

Matplotlib brings DejaVu (Latin, Cyrillic, Greek, Armenian, Georgian, Hebrew, Arabic, Lao); other scripts need a font
of the system. Where one is missing, a font draws boxes, and so nothing is left to chance here.
"""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font

from handlers.replies.layout import shorten

OWN = "DejaVu Sans"
# Fonts that have a sign for every letter, which shows that there is none.
_SHAM = ("lastresort", "blank", "unifont_upper", "notdef")
# Control and private characters; but these two tell how letters are joined.
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")
_JOINERS = "\u200c\u200d"
# Characters of a name that are written, and that are looked at for them.
_LONGEST, _LOOKED_AT = 80, 400


@lru_cache(maxsize=512)
def family_of(text: str) -> tuple[str, ...] | None:
    """Return the fonts that together have every letter of a text, the main one first; None where some have none."""
    lacking = frozenset(
        letter for letter in text if not letter.isspace() and not all(_has(font, letter) for font in _own())
    )
    if not lacking:
        return (OWN,)
    further = _font_with(lacking)
    return (OWN, further) if further else None


@lru_cache(maxsize=512)
def readable(text: str) -> str:
    """Return a name as a picture can write it, not too long: itself, or in Latin letters."""
    seen = "".join(letter for letter in text if letter in _JOINERS or unicodedata.category(letter) not in _UNSEEN)
    line = shorten(unicodedata.normalize("NFC", seen[:_LOOKED_AT]), _LONGEST)
    if line and family_of(line):
        return line
    # Of Chinese, anyascii writes the syllables one after the other, each with a capital.
    latin = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", anyascii(line))
    return shorten(" ".join(word[:1].upper() + word[1:] for word in latin.split()), _LONGEST) or "?"


@lru_cache(maxsize=1)
def _own() -> tuple[FT2Font, ...]:
    """Return the main font, thin and bold: what one of them lacks is written with neither."""
    weights = ("normal", "bold")
    found = [font_manager.findfont(FontProperties(family=OWN, weight=weight)) for weight in weights]
    return tuple(FT2Font(str(file)) for file in found)


def _has(font: FT2Font, letter: str) -> bool:
    return font.get_char_index(ord(letter)) != 0


@lru_cache(maxsize=128)
def _font_with(letters: frozenset[str]) -> str | None:
    """Return a font of the system that has all of the letters, now known to matplotlib by the name returned."""
    for file in _system_fonts():
        font = _opened(file)
        # Another edition of the main font goes by its name, under which matplotlib finds its own.
        if font is not None and font.family_name != OWN and all(_has(font, letter) for letter in letters):
            font_manager.fontManager.addfont(file)
            return font.family_name
    return None


@lru_cache(maxsize=1)
def _system_fonts() -> tuple[str, ...]:
    """Return the files of the system's fonts, those for ordinary text first."""
    files = [file for file in font_manager.findSystemFonts() if not any(sham in file.lower() for sham in _SHAM)]
    return tuple(sorted(files, key=lambda file: ("sans" not in file.lower(), "regular" not in file.lower(), file)))


def _opened(file: str) -> FT2Font | None:
    try:
        font = FT2Font(file)
    except (OSError, RuntimeError):
        return None  # some formats, as those of bitmaps, are not for matplotlib
    return font if font.scalable else None
