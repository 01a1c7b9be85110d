"""Fingerprints of article bodies: how alike two texts are, told from half a kilobyte of each.

A fingerprint is a MinHash signature (Broder 1997) of which the lowest 16 bits of each minimum are kept (b-bit minwise
hashing, Li and König 2010). The share of equal minima estimates the Jaccard coefficient of the two texts' shingles.

An article is a reprint of another where more than half of all the wording that stands in either body (55 %) stands in
both: a text cut by a fifth, put in another order, under another headline and with a paragraph added still is one; a
follow-up that takes a third of an earlier article, or even half of it, and tells as much again of its own is not.
"""

import struct
from dataclasses import dataclass
from operator import eq

MINIMA = 256
# Minima a band: four of 16 bits are one whole number of 64.
ROWS = 4
# Measured by benchmarks/near_duplicates.py: between edited copies, which go down to 0.6, and short follow-ups.
SAME = 0.55

_BANDS = struct.Struct(f"<{MINIMA // ROWS}q")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What an article's body is made of; ``minima`` is 256 unsigned numbers of 16 bits, little-endian."""

    minima: bytes

    def likeness(self, other: "Fingerprint") -> float:
        """Estimate the Jaccard coefficient of two texts, 0 to 1; its standard error is 0.03 at most."""
        mine, theirs = memoryview(self.minima).cast("H"), memoryview(other.minima).cast("H")
        same: int = sum(map(eq, mine, theirs))
        return same / MINIMA

    def bands(self) -> tuple[int, ...]:
        """Return 64 signed numbers of 64 bits; the chance that two texts of likeness J share any is 1 − (1 − J⁴)⁶⁴.

        That is 99.8 % at J = 0.55 and 1 % at J = 0.1 (Leskovec, Rajaraman and Ullman 2014, 3.4).
        """
        return _BANDS.unpack(self.minima)
