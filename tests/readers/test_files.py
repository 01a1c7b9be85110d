"""Files: told by their bytes, read into articles, or refused with the reason."""

import bz2
import gzip
import io
import lzma
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.extraction import Metadata
from domain.intake import FileContent, FoundArticle, NoArticle
from readers.files import MOST_BYTES, read_file, read_plain
from readers.formats.document import MOST_CHARACTERS
from tests.readers.sample_files import BODY, DOCX, HEADLINE, NAMES, ODT, PDF, SAMPLES, TEXT, page, pdf, zip_file

FOUND = sorted((Path(__file__).parent / "found_cases").rglob("*.bin"))
OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def tar_file() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("a.txt"))
    return out.getvalue()


def encrypted_zip() -> bytes:
    """A zip file whose members say that they are encrypted."""
    data = bytearray(zip_file({"a.txt": b"words"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize("form", SAMPLES)
def test_every_form_is_read_whatever_it_is_called(form: str):
    for name in (NAMES.get(form), f"file.{form.split('_')[0]}"):
        found = read_file(SAMPLES[form], name)
        assert isinstance(found, tuple) and found[0].text


@pytest.mark.parametrize("data", [PDF, DOCX, ODT, page().encode(), TEXT.encode("utf-16")])
@pytest.mark.parametrize("name", ["article.txt", "article.jpg", None])
@pytest.mark.parametrize("mime", ["image/jpeg", "application/octet-stream", None])
def test_the_bytes_say_what_a_file_is_not_its_name(data: bytes, name: str | None, mime: str | None):
    found = read_file(data, name, mime)
    assert isinstance(found, tuple) and [article.text for article in found] == [TEXT]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", NoArticle.EMPTY),
        (b" \n\t\r\n ", NoArticle.EMPTY),
        ("\ufeff \u00a0\n".encode(), NoArticle.EMPTY),
        (b"\xff\xfe", NoArticle.EMPTY),
        (b"<html><body></body></html>", NoArticle.NO_ARTICLE_ON_PAGE),
        (bytes(MOST_BYTES + 1), NoArticle.TOO_LARGE),
        (b"word " * 200_001, NoArticle.TOO_LARGE),
        ("Паром. ".encode("cp1251") * 700_000, NoArticle.TOO_LARGE),
        ("Паром. ".encode() * 700_000, NoArticle.TOO_LARGE),
        (zip_file({"a.txt": TEXT.encode()}), NoArticle.ARCHIVE),
        (b"PK\x05\x06" + bytes(18), NoArticle.ARCHIVE),
        (gzip.compress(TEXT.encode()), NoArticle.ARCHIVE),
        (bz2.compress(TEXT.encode()), NoArticle.ARCHIVE),
        (lzma.compress(TEXT.encode()), NoArticle.ARCHIVE),
        (tar_file(), NoArticle.ARCHIVE),
        (b"Rar!\x1a\x07\x01\x00" + bytes(20), NoArticle.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), NoArticle.ARCHIVE),
        (encrypted_zip(), NoArticle.ENCRYPTED),
        (OFFICE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), NoArticle.ENCRYPTED),
        (OFFICE + bytes(500) + "WordDocument".encode("utf-16-le"), NoArticle.UNKNOWN_FORMAT),
        (b"{\\rtf1\\ansi The ferry stays.}", NoArticle.UNKNOWN_FORMAT),
        (b"%!PS-Adobe-3.0\nshowpage", NoArticle.UNKNOWN_FORMAT),
        (b"<?xml version='1.0'?><rss><channel/></rss>", NoArticle.UNKNOWN_FORMAT),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NoArticle.UNKNOWN_FORMAT),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", NoArticle.UNKNOWN_FORMAT),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", NoArticle.UNKNOWN_FORMAT),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00TSSE", NoArticle.UNKNOWN_FORMAT),
        (b"OggS\x00\x02\x00\x00", NoArticle.UNKNOWN_FORMAT),
        (b"MZ\x90\x00\x03\x00\x00\x00", NoArticle.UNKNOWN_FORMAT),
        (b"\x7fELF\x02\x01\x01\x00\x00", NoArticle.UNKNOWN_FORMAT),
        (b"SQLite format 3\x00\x10\x00", NoArticle.UNKNOWN_FORMAT),
        (bytes(range(256)) * 8, NoArticle.UNKNOWN_FORMAT),
        (b"PK\x03\x04broken", NoArticle.DAMAGED),
        (b"%PDF-1.7\n%broken", NoArticle.DAMAGED),
    ],
)
def test_what_gives_no_article_says_why(data: bytes, reason: NoArticle):
    assert read_file(data) is reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_text_is_given_back_as_it_was_written(encoding: str):
    text = f"  {TEXT}\r\n\r\n— “the end”\n\n"
    assert read_file(text.encode(encoding)) == (FoundArticle(text),)


def test_a_page_without_an_article_around_its_text_gives_all_of_it():
    found = read_file(f"<html><body><div>{' '.join(BODY)}</div></body></html>".encode())
    assert isinstance(found, tuple) and " ".join(found[0].text.split()) == " ".join(BODY)


def test_a_page_in_an_old_encoding_is_read():
    body = "".join(f"<p>{'Паром на остров Тессель останется в порту до понедельника. ' * 4}</p>" for _ in range(3))
    data = f"<html><head><meta charset=windows-1251></head><body><article>{body}</article></body></html>".encode(
        "cp1251"
    )
    found = read_file(data, "a.html")
    assert isinstance(found, tuple) and "Паром на остров" in found[0].text


def test_markdown_is_told_by_its_name_or_type_alone():
    marked = f"# {HEADLINE}\n\n*{BODY[0]}*"
    plain = (FoundArticle(f"{HEADLINE}\n\n{BODY[0]}", Metadata(headline=HEADLINE)),)
    assert read_file(marked.encode(), "a.md") == read_file(marked.encode(), None, "text/markdown") == plain
    assert read_file(marked.encode(), "a.txt") == (FoundArticle(marked),)


# Nothing breaks a reader


def _is_content(content: FileContent) -> bool:
    if isinstance(content, NoArticle):
        return True
    return bool(content) and 0 < sum(len(article.text) for article in content) <= MOST_CHARACTERS


@pytest.mark.parametrize("case", FOUND, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_what_broke_a_reader_once_breaks_it_no_more(case: Path):
    assert _is_content(read_file(case.read_bytes(), NAMES.get(case.parent.name)))


NAMED = st.sampled_from([None, "a.pdf", "a.html", "a.md", "a.eml", "a.txt", "a.mhtml"])
BEGUN = st.sampled_from(
    [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"From: a\nTo: b\nDate: c\nSubject: d\n\n", b"\xff\xfe"]
)


@given(st.binary(max_size=3_000), BEGUN, NAMED)
def test_no_bytes_break_it(data: bytes, begun: bytes, name: str | None):
    assert _is_content(read_file(begun + data, name))


@st.composite
def damaged(draw: st.DrawFn) -> tuple[bytes, str | None]:
    """A file with bytes changed, cut out, put in or cut off."""
    form = draw(st.sampled_from(sorted(SAMPLES)))
    data = bytearray(SAMPLES[form])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        kept = draw(st.sampled_from([at, at + 1, at + 20, len(data)]))
        data[at:kept] = draw(st.binary(max_size=12))
    return bytes(data), NAMES.get(form)


@settings(max_examples=150)
@given(damaged())
def test_no_damage_to_a_good_file_breaks_it(file: tuple[bytes, str | None]):
    assert _is_content(read_file(*file))


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Co", "Cn"]), min_size=1, max_size=500)


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1, max_size=5))
def test_any_text_in_a_file_of_any_form_comes_out_bounded(paragraphs: list[str]):
    text = "\n\n".join(paragraphs)
    for data, name in (
        (text.encode(), None),
        (text.encode(), "a.md"),
        (page(paragraphs, "Headline").encode(), None),
        (b"From: a@b.example\nSubject: x\nDate: x\n\n" + text.encode(), None),
        (
            pdf(
                [
                    [
                        (60, 700 - 20 * at, 11, one.encode("cp1252", "replace").decode("cp1252"))
                        for at, one in enumerate(paragraphs)
                    ]
                ]
            ),
            None,
        ),
    ):
        content = read_file(data, name)
        assert _is_content(content)
        if isinstance(content, tuple):
            assert sum(len(article.text) for article in content) <= 4 * len(data)


# Plain text alone, for who wants nothing else

PLAIN = "Ľubomíra: “Пристань” \U0001f600\r\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"plain", "plain"),
        (PLAIN.encode(), PLAIN),
        (PLAIN.encode("utf-8-sig"), PLAIN),
        (PLAIN.encode("utf-16"), PLAIN),
        (b"\xfe\xff" + PLAIN.encode("utf-16-be"), PLAIN),
        (b"\xff\xfe", ""),
    ],
)
def test_a_text_file_is_read_as_it_was_written(data: bytes, text: str):
    assert read_plain(data) == text


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
        b"PK\x03\x04\x14\x00\x06\x00",
        b"MZ\x90\x00\x03",
        b"text\x00with a nul",
        PLAIN.encode("utf-16-le"),
        "Пристань".encode("cp1251"),
        "café".encode("latin-1"),
        b"\xff\xfea",
        b"\xff\xfe\x00\xd8",
        b"\xef\xbb\xbf\xff",
    ],
)
def test_anything_else_is_not_taken_for_text(data: bytes):
    assert read_plain(data) is None


PLAIN_TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"))


@given(PLAIN_TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_every_text_comes_back(text: str, encoding: str):
    marked = encoding == "utf-8" and text.startswith("\ufeff")
    assert read_plain(text.encode(encoding)) == (text[1:] if marked else text)


@given(st.binary())
def test_no_file_breaks_plain_reading(data: bytes):
    text = read_plain(data)
    assert text is None or "\0" not in text
