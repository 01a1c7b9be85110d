"""EML (RFC 5322, MIME) and saved pages (MHTML): the article that a mail carries, not the mail around it."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files
from typing import TypeVar, cast

from domain.extraction import Metadata
from domain.intake import FileContent, FoundArticle, NoArticle
from domain.messages import words_in
from readers.formats.decoding import decode
from readers.formats.document import MOST_CHARACTERS
from readers.formats.html import read_html
from readers.formats.plain import read_plain_text
from readers.formats.several import articles

# A body with fewer words is a note to what is attached.
_Answer = TypeVar("_Answer")

_FEWEST_WORDS = 60
_MOST_PARTS = 500
_DEEPEST = 4
_ATTACHED = re.compile(r"\.(?:pdf|docx|docm|odt|html?|txt|md)$", re.IGNORECASE)
_SIGNATURE = re.compile(r"^-- ?\r?$", re.MULTILINE)
# How mail programs set off a mail forwarded within another: a line of dashes, or nothing, then the mail's own header.
_FORWARDED = re.compile(
    r"(?:^[ \t>]*-{2,}[^\n]{0,80}-{2,}[ \t]*\n|^Begin forwarded message:[ \t]*\n|\A)\s*"
    r"(?P<header>(?:^[ \t>]*\*?[^\W\d_][\w -]{1,15}\*?:[^\n]{1,300}\n){3,8})\s*\n",
    re.MULTILINE,
)
_FIELD = re.compile(r"^[ \t>]*\*?(?P<name>[^\W\d_][\w -]{1,15})\*?:[ \t]*\*?(?P<value>[^\n]*)$", re.MULTILINE)

# Characters of one header field, encoded. The library's parser takes a time that grows with the square of it.
_LONGEST_FIELD = 1_500


class _Policy(policy.EmailPolicy):
    """As the library's own, but of a field without end only its beginning is kept."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return name and value of a header field."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_FIELD]


_POLICY = _Policy()

ReadAttachment = Callable[[bytes, str | None, str | None], FileContent]


def read_mail(data: bytes, read_attachment: ReadAttachment, depth: int = 0) -> FileContent:
    """Return the article of a mail: its body's, else that of a mail within it, else that of a file attached.

    ``read_attachment`` is given what is attached, with its name and type.
    """
    try:
        message = cast(EmailMessage, BytesParser(EmailMessage, policy=_POLICY).parsebytes(data.lstrip()))
        parts = list(_parts(message))
    # The library's parser fails in ways that it does not name, on headers above all.
    except RecursionError:
        return NoArticle.BOMB
    except Exception:  # noqa: BLE001  # see above; this is where the library's code ends
        return NoArticle.DAMAGED
    if len(parts) > _MOST_PARTS:
        return NoArticle.BOMB
    return _content(message, parts, read_attachment, depth)


def _content(message: EmailMessage, parts: list[EmailMessage], read: ReadAttachment, depth: int) -> FileContent:
    if depth > _DEEPEST:
        return NoArticle.BOMB
    if _type(message) == "multipart/digest":
        return _of_digest(parts, read, depth)
    told = _metadata(message)
    body = _body(parts, told)
    if isinstance(body, tuple) and sum(words_in(article.text) for article in body) >= _FEWEST_WORDS:
        return body
    inner = [content for content in _attached(parts, read, depth) if content is not None]
    held = tuple(article for content in inner if isinstance(content, tuple) for article in content)
    if held:
        return held
    # What is wrong with the attachment says more than that the body is empty.
    return body if isinstance(body, tuple) or not inner else inner[0]


def _of_digest(parts: list[EmailMessage], read: ReadAttachment, depth: int) -> FileContent:
    mails = [content for part in parts if (content := _mail_within(part, read, depth)) is not None]
    held = tuple(article for content in mails if isinstance(content, tuple) for article in content)
    return held or next(iter(mails), NoArticle.EMPTY)


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """A mail's parts, not those of a mail within it."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        yield part
        if part.is_multipart() and not (part is not message and _type(part).startswith("message/")):
            waiting.extend(reversed(part.get_payload()))  # type: ignore[arg-type]  # a multipart's payload is its parts


def _or(otherwise: _Answer, ask: Callable[[], _Answer]) -> _Answer:
    """Return what the library makes of a part, or ``otherwise`` where it stumbles, which it does in any way."""
    try:
        return ask()
    except Exception:  # noqa: BLE001  # as in read_mail
        return otherwise


def _type(part: EmailMessage) -> str:
    told = _or("application/octet-stream", part.get_content_type)
    # A multipart without a boundary is the text that it looks like.
    return "text/plain" if told.startswith("multipart/") and not part.is_multipart() else told


def _header(part: EmailMessage, name: str) -> str:
    value = _or("", lambda: str(part.get(name) or ""))
    return " ".join(value.encode("utf-8", "replace").decode().split())


def _file_name(part: EmailMessage) -> str | None:
    return _or(None, part.get_filename)


def _charset(part: EmailMessage) -> str | None:
    return _or(None, part.get_content_charset)


def _bytes(part: EmailMessage) -> bytes:
    payload: object = _or(None, lambda: part.get_payload(decode=True))
    return payload if isinstance(payload, bytes) else b""


# What the header tells


def _metadata(message: EmailMessage) -> Metadata:
    """Subject, date, and where a saved page came from; a sender is an author only where the article says so."""
    address = _header(message, "Snapshot-Content-Location")
    return _told(_header(message, "Subject"), _header(message, "Date"), address)


@cache
def _words(group: str) -> tuple[str, ...]:
    listed = (files("readers.formats") / "data" / "mail_words.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(listed)[group])


@cache
def _subject_marks() -> re.Pattern[str]:
    return re.compile(rf"^(?:\s*(?:{'|'.join(_words('subject_marks'))})(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def _told(subject: str, date: str, address: str = "") -> Metadata:
    headline = _subject_marks().sub("", subject).strip()
    return Metadata(
        headline=headline[:300] or None,
        date_published=_iso(date),
        url=address if address.startswith(("http://", "https://")) else None,
    )


def _iso(date: str) -> str | None:
    try:
        return parsedate_to_datetime(date).isoformat() if date else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# Bodies


def _body(parts: list[EmailMessage], told: Metadata) -> FileContent:
    """The longest of plain texts, or the page where no text says as much as a note does."""
    shown = [part for part in parts if not part.is_multipart() and (part is parts[0] or not _is_attached(part))]
    texts = [text for part in shown if _type(part) == "text/plain" and (text := _text(part))]
    if texts and words_in(text := "\n\n".join(texts)) >= _FEWEST_WORDS:
        return _of_text(text, told)
    pages = [part for part in shown if _type(part) in {"text/html", "application/xhtml+xml"}]
    for part in sorted(pages, key=lambda part: len(_bytes(part)), reverse=True)[:1]:
        content = read_html(_bytes(part), _charset(part))
        if isinstance(content, tuple):
            return _told_by_mail(content, told)
    return _of_text("\n\n".join(texts), told) if texts else NoArticle.EMPTY


def _told_by_mail(found: tuple[FoundArticle, ...], told: Metadata) -> FileContent:
    """The subject is the headline of one article, not of several."""
    return tuple(replace(one, metadata=_over(told, one.metadata)) for one in found) if len(found) == 1 else found


def _over(told: Metadata, read: Metadata) -> Metadata:
    """A page knows its own headline, date and address better than the mail that carries it."""
    return replace(
        read,
        headline=read.headline or told.headline,
        date_published=read.date_published or told.date_published,
        url=read.url or told.url,
    )


def _is_attached(part: EmailMessage) -> bool:
    return "attachment" in _header(part, "Content-Disposition").lower() or bool(_file_name(part))


def _text(part: EmailMessage) -> str:
    text = decode(_bytes(part), _charset(part)) or ""
    if "flowed" in _header(part, "Content-Type").lower():
        text = _unflowed(text, "delsp=yes" in _header(part, "Content-Type").lower().replace('"', ""))
    return text


def _unflowed(text: str, without_space: bool) -> str:
    """Join the lines of format=flowed (RFC 3676): a space at the end says that the paragraph goes on."""
    joined = []
    for line in text.splitlines():
        line = line[1:] if line.startswith(" ") else line
        flows = line.endswith(" ") and line != "-- "
        joined.append((line[:-1] if without_space else line) if flows else f"{line}\n")
    return "".join(joined)


def _of_text(text: str, told: Metadata) -> FileContent:
    text = text.replace("\r\n", "\n")
    if len(text) > MOST_CHARACTERS:
        return NoArticle.TOO_LARGE
    if (forwarded := _FORWARDED.search(text)) and words_in(text[forwarded.end() :]) >= _FEWEST_WORDS:
        told = _of_forwarded(forwarded["header"], told)
        text = text[forwarded.end() :]
    text = _unquoted(_SIGNATURE.split(text)[0]).strip()
    return articles(read_plain_text(text, told)) if text else NoArticle.EMPTY


def _unquoted(text: str) -> str:
    """A mail that is one quotation is a forwarded one."""
    lines = text.splitlines()
    quoted = sum(line.startswith(">") for line in lines)
    told = sum(bool(line.strip()) for line in lines)
    return re.sub(r"^(?:> ?)+", "", text, flags=re.MULTILINE) if quoted and quoted * 10 >= told * 9 else text


def _of_forwarded(header: str, told: Metadata) -> Metadata:
    fields = {match["name"].strip().lower(): match["value"].strip(" *\r") for match in _FIELD.finditer(header)}
    subject, date = (
        next((fields[name] for name in _words(group) if name in fields), "") for group in ("subject", "date")
    )
    inner = _told(subject, date)
    return replace(inner, headline=inner.headline or told.headline)


# Attachments


def _attached(parts: list[EmailMessage], read: ReadAttachment, depth: int) -> Iterator[FileContent | None]:
    for part in parts[1:]:
        if _type(part) == "message/rfc822":
            yield _mail_within(part, read, depth)
        elif not part.is_multipart() and _is_attached(part):
            name = _file_name(part)
            if _ATTACHED.search(name or "") or _type(part) == "application/pdf":
                yield read(_bytes(part), name, _type(part))


def _mail_within(part: EmailMessage, read: ReadAttachment, depth: int) -> FileContent | None:
    within = part.get_payload() if _type(part) == "message/rfc822" else None
    if not isinstance(within, list) or not within:
        return None
    message = within[0]
    return _content(message, list(_parts(message)), read, depth + 1)  # type: ignore[arg-type]  # as in _parts
