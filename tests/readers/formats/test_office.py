"""DOCX and ODT: the text as its author left it, and nothing that is hidden, deleted or run."""

import pytest

from domain.intake import FoundArticle, NoArticle
from readers.files import read_file
from tests.readers.sample_files import BODY, DOCX, HEADLINE, ODT, TEXT, docx_file, odt_file, with_part, zip_file

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def docx_of(body: str, spaces: str = W) -> bytes:
    return with_part(
        DOCX, "word/document.xml", f"<w:document {spaces} {MC}><w:body>{body}</w:body></w:document>".encode()
    )


def odt_of(body: str) -> bytes:
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:document-content {ODF}>{text}</office:document-content>"
    return with_part(ODT, "content.xml", content.encode())


def text_of(data: bytes) -> str:
    found = read_file(data)
    assert isinstance(found, tuple) and len(found) == 1
    return found[0].text


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@pytest.mark.parametrize("data", [DOCX, ODT])
def test_paragraphs_come_apart_by_a_blank_line(data: bytes):
    assert read_file(data) == (FoundArticle(TEXT),)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<w:p><w:r><w:t>The </w:t></w:r><w:ins><w:r><w:t>ferry</w:t></w:r></w:ins></w:p>", "The ferry"),
        ("<w:p><w:r><w:t>One</w:t></w:r><w:del><w:r><w:delText>Two</w:delText></w:r></w:del></w:p>", "One"),
        (f"<w:moveFrom>{p('Gone')}</w:moveFrom>{p('Here')}", "Here"),
        ("<w:p><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink><w:r><w:t>ed</w:t></w:r></w:p>", "linked"),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a b\nc"),
        (
            "<w:p><w:r><w:instrText>TOC</w:instrText><w:t>one</w:t><w:noBreakHyphen/><w:t>off</w:t></w:r></w:p>",
            "one-off",
        ),
        (f"<w:tbl><w:tr><w:tc>{p('left')}</w:tc><w:tc>{p('right')}</w:tc></w:tr></w:tbl>", "left\n\nright"),
        (f"<w:sdt><w:sdtContent>{p('field')}</w:sdtContent></w:sdt>", "field"),
        (
            f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{p('box')}</w:txbxContent></mc:Choice>"
            f"<mc:Fallback><w:txbxContent>{p('box')}</w:txbxContent></mc:Fallback></mc:AlternateContent>"
            "<w:t>around</w:t></w:r></w:p>",
            "box\n\naround",
        ),
        (f"{p('')}{p('  ')}{p('words')}", "words"),
    ],
)
def test_what_a_reader_of_a_docx_sees_is_its_text(body: str, text: str):
    assert text_of(docx_of(body)) == text
    assert text_of(docx_of(body, STRICT)) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:p>The <text:span>ferry</text:span> stays</text:p>", "The ferry stays"),
        ("<text:p>a<text:tab/>b<text:s text:c='999999999'/>c<text:line-break/>d</text:p>", "a b c\nd"),
        ("<text:p>a<text:note><text:note-body><text:p>foot</text:p></text:note-body></text:note>b</text:p>", "ab"),
        (
            "<text:p>a<office:annotation><dc:creator>X</dc:creator><text:p>note</text:p></office:annotation>b</text:p>",
            "ab",
        ),
        (
            "<text:tracked-changes><text:changed-region><text:p>old</text:p></text:changed-region></text:tracked-changes><text:p>new</text:p>",
            "new",
        ),
        (
            "<text:p>a<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>b</text:p>",
            "box\n\nab",
        ),
        (
            "<table:table><table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell></table:table-row></table:table>",
            "cell",
        ),
        ("<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>", "item"),
    ],
)
def test_what_a_reader_of_an_odt_sees_is_its_text(body: str, text: str):
    assert text_of(odt_of(body)) == text


def test_properties_count_where_the_text_bears_them_out():
    for data in (
        docx_file(
            [(HEADLINE, None), ("By Nils Terkov", None), *((one, None) for one in BODY)], HEADLINE, "Nils Terkov"
        ),
        odt_file([(HEADLINE, 0), *((one, 0) for one in BODY)], HEADLINE),
    ):
        found = read_file(data)
        assert isinstance(found, tuple) and found[0].metadata.headline == HEADLINE
    found = read_file(docx_file([(one, None) for one in BODY], "Template of the press office", "python-docx"))
    assert isinstance(found, tuple) and (found[0].metadata.headline, found[0].metadata.author) == (None, ())


def test_a_file_with_macros_is_read_as_text_and_nothing_in_it_is_run():
    macros = with_part(DOCX, "word/vbaProject.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"AutoOpen" * 9)
    assert read_file(macros, "article.docm") == (FoundArticle(TEXT),)


def test_a_part_under_another_number_is_found():
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "word/document2.xml": f"<w:document {W}>{p('words')}</w:document>".encode(),
    }
    assert text_of(zip_file(parts)) == "words"


ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("declared", [ENTITIES, OUTSIDE])
@pytest.mark.parametrize(
    ("package", "part"),
    [
        (DOCX, "word/document.xml"),
        (DOCX, "word/styles.xml"),
        (DOCX, "docProps/core.xml"),
        (ODT, "content.xml"),
        (ODT, "meta.xml"),
    ],
)
def test_declared_entities_are_a_bomb_wherever_they_stand(package: bytes, part: str, declared: str):
    assert read_file(with_part(package, part, f"{declared}<x>&a;</x>".encode())) is NoArticle.BOMB


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (docx_of(p(" " * 40_000_000)), NoArticle.BOMB),
        (with_part(ODT, "META-INF/manifest.xml", b" " * 40_000_000), NoArticle.BOMB),
        (docx_of("".join(p("The ferry stays in port. " * 100) for _ in range(500))), NoArticle.TOO_LARGE),
        (odt_of("<text:p>The ferry stays in port.</text:p>" * 50_000), NoArticle.TOO_LARGE),
        (with_part(DOCX, "word/document.xml", b"<w:document"), NoArticle.DAMAGED),
        (with_part(DOCX, "word/document.xml", b""), NoArticle.DAMAGED),
        (with_part(ODT, "content.xml", b"\xff\xfe<x"), NoArticle.DAMAGED),
        (with_part(ODT, "content.xml", b"<?xml version='1.0' encoding='nonsense'?><x/>"), NoArticle.DAMAGED),
        (DOCX[:-100], NoArticle.DAMAGED),
        (DOCX[:200], NoArticle.DAMAGED),
        (ODT.replace(b"content.xml", b"kontent.xml", 1), NoArticle.DAMAGED),
        (docx_of(""), NoArticle.EMPTY),
        (odt_of("<text:p/>"), NoArticle.EMPTY),
        (with_part(ODT, "META-INF/manifest.xml", b"<m><manifest:encryption-data/></m>"), NoArticle.ENCRYPTED),
        (zip_file({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), NoArticle.UNKNOWN_FORMAT),
        (zip_file({"mimetype": b"application/epub+zip", "OEBPS/a.xhtml": b""}), NoArticle.UNKNOWN_FORMAT),
        (
            zip_file({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}),
            NoArticle.UNKNOWN_FORMAT,
        ),
        (zip_file({"a.txt": TEXT.encode()}), NoArticle.ARCHIVE),
        (zip_file({"a.zip": zip_file({"b.zip": zip_file({"c.docx": DOCX})})}), NoArticle.ARCHIVE),
        (zip_file({f"{number}": b"" for number in range(10_001)}), NoArticle.BOMB),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: NoArticle):
    assert read_file(data) is reason


def test_empty_paragraphs_count_for_nothing():
    assert text_of(docx_of(p("The ferry stays in port. " * 100) + p("") * 2_000)).endswith("in port.")


def test_nesting_without_end_is_read_or_refused():
    deep = "<w:ins>" * 60_000 + "<w:r><w:t>deep</w:t></w:r>" + "</w:ins>" * 60_000
    found = read_file(docx_of(f"<w:p>{deep}</w:p>"))
    assert found == (FoundArticle("deep"),) or isinstance(found, NoArticle)
