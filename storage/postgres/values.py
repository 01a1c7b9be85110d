"""How Python's values become PostgreSQL's and the other way round, so that both engines give the same."""

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper, Loader
from psycopg.types.string import StrDumper


class _Truth(Dumper):
    """Columns that say yes or no are numbers."""

    def dump(self, obj: bool) -> Buffer | None:
        return b"1" if obj else b"0"

    def quote(self, obj: bool) -> Buffer:
        return b"1" if obj else b"0"


class _Text(StrDumper):
    """PostgreSQL keeps every character but the one with number 0.

    In its place stands the one for what cannot be shown: as long, so that the offsets of others stay true.
    """

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


class _Number(Loader):
    """Sums of whole numbers come as decimals; to us they are whole numbers, and averages are not."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return int(text) if text.lstrip(b"-").isdigit() else float(text)


def adapters() -> AdaptersMap:
    """Return what psycopg is to know of values, besides what it knows."""
    known = AdaptersMap(psycopg.adapters)
    known.register_dumper(bool, _Truth)
    known.register_dumper(str, _Text)
    known.register_loader("numeric", _Number)
    return known
