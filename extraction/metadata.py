"""What the page says about itself: headline, publisher, author, date, language."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace

from domain.extraction import Metadata
from extraction.dates import find_dates, find_yearless, tells_change, without_dates
from extraction.layout import Paragraph, ParagraphKind, is_byline
from extraction.outlets import looks_like_outlet
from extraction.scripts import language_of

_PART = re.compile(r"\s*[|•·]\s*|\s+[—–/-]\s+|\s{3,}")
_AGENCY = re.compile(r"\(([A-Z][\w./& -]{1,40})\)\W*$")
_RIGHTS = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)\W*(?:\d{4}\W*)?(?P<who>[A-Z][\w.&' -]{2,40}?)(?:\W*\d{4})?"
    r"\s*(?:[.,|]|all rights|$)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^\W*(?:source|publisher|publication|published (?:by|in)|from)\s*:\s*(?P<who>\S.{1,50})$", re.IGNORECASE
)
# Where a page tells by its day alone when it was published: further down, a day is the text's own.
_HEAD_LINES = 8
_AUTHORS = re.compile(r"\s*(?:,|&|\band\b)\s*", re.IGNORECASE)
_ROLE_OF_AUTHOR = re.compile(
    r"\b(?:staff|writer|reporter|correspondent|editor|bureau|chief|desk|special|for|of|the|in|at|from|contributor"
    r"|columnist|journalist|agencies|team|news|press|agency)\b",
    re.IGNORECASE,
)


def read_metadata(page: Sequence[Paragraph]) -> Metadata:
    """Return what the lines of a page tell about it; what they don't tell is None or empty."""
    header = [line for line in page if line.kind is ParagraphKind.METADATA or _is_masthead(line, page)]
    return Metadata(
        headline=_headline(page),
        publisher=_publisher(page, header),
        author=_authors(header),
        date_published=_date_published(page, header),
        language=language_of(" ".join(line.text for line in page if line.kind is ParagraphKind.BODY)),
    )


def _is_masthead(line: Paragraph, page: Sequence[Paragraph]) -> bool:
    """The page's address or outlet above everything else."""
    return line is page[0] and line.kind is ParagraphKind.BOILERPLATE and looks_like_outlet(line.text)


def prefer(given: Metadata | None, read: Metadata) -> Metadata:
    """Return ``read`` with every field that is ``given`` in its place."""
    if given is None:
        return read
    known = {field.name: getattr(given, field.name) for field in fields(given)}
    return replace(read, **{name: value for name, value in known.items() if value})


def _headline(page: Sequence[Paragraph]) -> str | None:
    for line in page:
        if line.kind is ParagraphKind.HEADLINE:
            return _unquoted(" ".join(line.text.split()))
    return None


def _unquoted(headline: str) -> str:
    """Return a headline that stands in quotation marks as a whole without them."""
    inner = headline[1:-1]
    whole = headline[:1] in '"“«„' and headline[-1:] in '"”»“'
    return inner.strip() if whole and not re.search(r"[\"“”«»„]", inner) else headline


def _parts(header: Sequence[Paragraph]) -> Iterator[str]:
    """Yield what the header's lines hold beside dates, part by part."""
    for line in header:
        yield from (bare for part in _PART.split(line.text) if (bare := _beside_dates(part)))


def _beside_dates(part: str) -> str:
    """Return a part of a line without the dates in it and what stands with them between commas."""
    for found in reversed(find_dates(part) or find_yearless(part)):
        part = f"{part[: found.start]},{part[found.end :]}"
    return ", ".join(piece.strip() for piece in part.split(",") if without_dates(piece))


def _publisher(page: Sequence[Paragraph], header: Sequence[Paragraph]) -> str | None:
    """The first outlet among the header's lines; else the one behind ©, "Source:" or an agency's dateline."""
    for part in _parts(header):
        if not is_byline(part) and _may_be_publisher(part, header):
            return part.strip(" .,:;|-–—\"'")
    furniture = [line.text for line in page if line.kind is not ParagraphKind.BODY]
    for pattern in (_RIGHTS, _NAMED):
        for line in furniture:
            if match := pattern.search(line):
                return match["who"].strip(" .,")
    agencies = [match[1] for line in header if (match := _AGENCY.search(line.text))]
    return agencies[0] if agencies else None


def _may_be_publisher(part: str, header: Sequence[Paragraph]) -> bool:
    """A header line that is neither date nor byline nor dateline names the publisher."""
    whole_line = any(line.text.strip() == part.strip() for line in header)
    dateline = re.search(r"\(\w|[—–]\s*$|-\s*$", part)
    return bool(re.search(r"[^\W\d_]", part)) and not dateline and (looks_like_outlet(part) or whole_line)


def _authors(header: Sequence[Paragraph]) -> tuple[str, ...]:
    for part in (*(line.text for line in header), *_parts(header)):
        if match := is_byline(part):
            names = [name.strip(" .") for name in _AUTHORS.split(match["names"])]
            return tuple(_cased(name) for name in names if name and not _ROLE_OF_AUTHOR.search(name))
    return ()


def _cased(name: str) -> str:
    return name.title() if name.isupper() else name


def _date_published(page: Sequence[Paragraph], header: Sequence[Paragraph]) -> str | None:
    """The first day of publication with a year; else that of a change, else a day above the text without its year."""
    changed = []
    for line in header:
        before = 0
        for found in find_dates(line.text):
            if found.value and not tells_change(line.text[before : found.start]):
                return found.value
            changed += [found.value] if found.value else []
            before = found.end
    top = [line for line in header if line in page[:_HEAD_LINES]]
    yearless = (found.value for line in top for found in find_yearless(line.text) if found.value)
    return next(iter(changed), None) or next(yearless, None)
