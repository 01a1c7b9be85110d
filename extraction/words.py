"""Words as readers see them: what hyphens and apostrophes join is one word, though the tokenizer takes it apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from extraction.vocabulary import vocabulary

_JOINS = frozenset("-‐‑'’ʻʼ`")
# "al-Amin", "d'Aubigny": the capital stands behind a prefix.
_SOME_CAPITAL = re.compile(
    r"(?:al|el|an|ar|as|at|ad|az|ash|ed|ul|ur|bin|ibn|d|l|dell|dall|dos?|de|n|o|t|mac|mc)['’ʻʼ‐‑-]", re.I
)
_COMPOUND = re.compile(
    r"[-‐‑](?:era|style|led|backed|like|born|based|appointed|supporting|controlled|owned|friendly|related|made|esque"
    r"|run|wide|trained|funded|loyal|linked|aligned|elect|designate|hating|loving|bashing|inspired|endorsed|old)$"
)

_SHORT_GIVEN_NAMES = frozenset(["mohd", "md", "muhd", "wm", "chas", "geo", "thos", "jos", "alex"])


@dataclass(frozen=True, slots=True)
class Word:
    """The tokens from ``start`` up to, not including, ``end``."""

    start: int
    end: int
    text: str

    @property
    def capital(self) -> bool:
        """Whether the word is written as names are."""
        return is_capital(self.text)

    @property
    def initial(self) -> bool:
        """Whether it is one or more letters with a point each."""
        return bool(re.fullmatch(r"(?:[^\W\d_a-z]\.-?)+|[^\W\d_a-z]", self.text))


def is_capital(text: str) -> bool:
    """Say whether ``text`` is written as names are: with a capital, which may stand behind a prefix."""
    if _COMPOUND.search(text):
        return False
    if text[:1].isalpha() and text[:1].isupper():
        return True
    prefix = _SOME_CAPITAL.match(text)
    return bool(prefix) and text[prefix.end() : prefix.end() + 1].isupper()  # type: ignore[union-attr]


def words(doc: Doc) -> Iterator[Word]:
    """Yield the words of a Doc in order; a possessive ending is none of them."""
    index = 0
    while index < len(doc):
        if _begins(doc, index):
            end = _end(doc, index)
            yield Word(index, end, doc[index].text if end == index + 1 else doc[index:end].text)
            index = end
        else:
            index += 1


def _begins(doc: Doc, index: int) -> bool:
    text = doc[index].text
    if text in "'’" and index + 1 < len(doc) and not doc[index].whitespace_:
        return doc[index + 1].text == "t"
    return text[0].isalpha() or (
        len(text) > 1 and text[0] in "'’ʻ" and text[1:] not in {"s", "S", "re", "ve", "ll", "d", "m"}
    )


def _end(doc: Doc, index: int) -> int:
    end = index + 1
    while end < len(doc) and not doc[end - 1].whitespace_:
        if doc[end].text[0].isalpha():
            end += 1
        elif _joins(doc, end):
            end += 2
        else:
            break
    if end < len(doc) and doc[end].text == "." and not doc[end - 1].whitespace_ and _abbreviates(doc[index].text):
        end += 1
    return end


def _abbreviates(text: str) -> bool:
    known = vocabulary().titles | vocabulary().honorifics | _SHORT_GIVEN_NAMES
    return len(text) <= 4 and text.lower() in known


def _joins(doc: Doc, index: int) -> bool:
    """A sign joins two words where letters touch it on both sides."""
    more = index + 1 < len(doc) and not doc[index].whitespace_
    return more and doc[index].text in _JOINS and doc[index + 1].text[0].isalpha()
