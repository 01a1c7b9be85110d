"""The fingerprint of an article's body, the same in every process and release, in any language and script.

Shingles are runs of three words, or of six characters where a script sets no words apart, within one sentence: so
sentences may be cut and moved without touching those that stay. What is on the page beside the body does not count.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from domain.fingerprints import MINIMA, Fingerprint
from extraction.layout import Paragraph, ParagraphKind

WORDS = 3
CHARACTERS = 6
# Fewer shingles than this say too little: two short notes would be alike by chance.
FEWEST = 20
# Shingles that are permuted at a time, so that a book takes no more memory than an article.
_BATCH = 2_000

# Thai, Lao, Myanmar, Khmer; kana and Han.
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_CHARACTER = re.compile(rf"[{_UNSPACED}]")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\W*\s)|[。！？｡।॥؟۔።]+")


def fingerprint(page: Sequence[Paragraph]) -> Fingerprint | None:
    """Return the fingerprint of a page's body, or None where the body is too short to have one."""
    shingles = {shingle for line in page if line.kind is ParagraphKind.BODY for shingle in _shingles(line.text)}
    if len(shingles) < FEWEST:
        return None
    hashes = np.array([_hash(shingle) for shingle in shingles], dtype=np.uint64)
    return Fingerprint(_minima(hashes).astype("<u2").tobytes())


def _shingles(text: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(unicodedata.normalize("NFKC", text).casefold()):
        tokens = _TOKEN.findall(sentence)
        length = CHARACTERS if 2 * sum(map(bool, map(_CHARACTER.match, tokens))) > len(tokens) else WORDS
        for start in range(len(tokens) - length + 1):
            yield " ".join(tokens[start : start + length])


def _hash(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode("utf-8", "replace"), digest_size=8).digest(), "little")


def _minima(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return each permutation's smallest value; a permutation is h → a·h + b modulo 2⁶⁴ with an odd a."""
    factors, summands = _permutations()
    smallest = np.full(MINIMA, np.iinfo(np.uint64).max, dtype=np.uint64)
    for start in range(0, len(hashes), _BATCH):
        permuted = hashes[start : start + _BATCH, np.newaxis] * factors + summands
        smallest = np.minimum(smallest, permuted.min(axis=0))
    return smallest


@cache
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    factors = np.array([_hash(f"factor {index}") | 1 for index in range(MINIMA)], dtype=np.uint64)
    summands = np.array([_hash(f"summand {index}") for index in range(MINIMA)], dtype=np.uint64)
    return factors, summands
