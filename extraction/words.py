"""Words as readers see them: what hyphens and apostrophes join is one word, though the tokenizer takes it apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from spacy.tokens import Doc

from extraction.vocabulary import vocabulary

_JOINS = frozenset("-‐‑'’ʻʼ`")
# "al-Amin", "d'Aubigny": the capital stands behind a prefix.
_SOME_CAPITAL = re.compile(
    r"(?:al|el|an|ar|as|at|ad|az|ash|ed|ul|ur|bin|ibn|d|l|dell|dall|dos?|de|n|o|t|mac|mc)['’ʻʼ‐‑-]", re.I
)
_INITIAL = re.compile(r"(?:[^\W\d_a-z]\.-?)+|[^\W\d_a-z]")
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
        return _is_initial(self.text)


# The same words come again and again.
@lru_cache(maxsize=20_000)
def _is_initial(text: str) -> bool:
    return bool(_INITIAL.fullmatch(text))


@lru_cache(maxsize=20_000)
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
    texts = [token.text for token in doc]
    touches = [not token.whitespace_ for token in doc]
    touches[-1:] = [False]
    index = 0
    while index < len(texts):
        if _begins(texts, touches, index):
            end = _end(texts, touches, index)
            yield Word(index, end, texts[index] if end == index + 1 else doc[index:end].text)
            index = end
        else:
            index += 1


def _begins(texts: Sequence[str], touches: Sequence[bool], index: int) -> bool:
    text = texts[index]
    if text in "'’" and touches[index]:
        return texts[index + 1] == "t"
    return text[0].isalpha() or (
        len(text) > 1 and text[0] in "'’ʻ" and text[1:] not in {"s", "S", "re", "ve", "ll", "d", "m"}
    )


def _end(texts: Sequence[str], touches: Sequence[bool], index: int) -> int:
    end = index + 1
    while touches[end - 1]:
        if texts[end][0].isalpha():
            end += 1
        elif _joins(texts, touches, end):
            end += 2
        else:
            break
    return end + 1 if touches[end - 1] and texts[end] == "." and _abbreviates(texts[index]) else end


def _abbreviates(text: str) -> bool:
    if len(text) > 4:
        return False
    bare, known = text.lower(), vocabulary()
    return bare in known.titles or bare in known.honorifics or bare in _SHORT_GIVEN_NAMES


def _joins(texts: Sequence[str], touches: Sequence[bool], index: int) -> bool:
    """A sign joins two words where letters touch it on both sides."""
    return touches[index] and texts[index] in _JOINS and texts[index + 1][0].isalpha()
