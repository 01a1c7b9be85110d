"""Files of every form, built from text of our own."""

import io
import zipfile
import zlib
from collections.abc import Sequence
from email.message import EmailMessage
from textwrap import wrap

import docx
from odfdo import Document, Header, Paragraph

HEADLINE = "Ferry to Tessel Island stays in port"
BODY = (
    "The ferry between Halvenstad and Tessel Island will not sail before Monday, the harbour office said on Thursday. "
    "Divers had found a crack of forty centimetres in the hull.",
    "“We will not send two hundred people out in a boat that we do not trust,” said Ruta Almendor, the harbour master. "
    "She asked the islanders for patience and offered them seats in a fishing boat.",
    "According to the company, the repair costs 310,000 crowns. Its director, Piet Vandorel, denied that the crack "
    "had been known since the summer, as two former sailors told the newspaper.",
)
ARTICLE = (HEADLINE, *BODY)
TEXT = "\n\n".join(ARTICLE)

SECOND_HEADLINE = "Council puts off its vote on the tram"
SECOND = (
    SECOND_HEADLINE,
    "The council of Halvenstad has put off its vote on the new tram line until the autumn, as the engineers asked for "
    "more time to examine the old bridge over the Isk.",
    "“A bridge of 1911 does not care for our calendar,” said Naima Torgersdal, the mayor, who had wanted the vote now.",
    "Opponents of the line called the delay a defeat of the mayor. The line is to cost 92 million crowns, of which the "
    "state would pay one half.",
)

_PAGE = (595, 842)


def words(paragraph: str, width: int) -> list[str]:
    """Return a paragraph's lines, broken between words."""
    return wrap(paragraph, width, break_on_hyphens=False)


def placed(
    paragraphs: Sequence[str], x: int = 60, y: int = 760, width: int = 80, size: int = 11
) -> list[tuple[float, float, int, str]]:
    """Return lines with their places for ``pdf``, paragraphs from the top down."""
    found: list[tuple[float, float, int, str]] = []
    for paragraph in paragraphs:
        for line in words(paragraph, width):
            found.append((x, y, size, line))
            y -= size + 2
        y -= size
    return found


def pdf(
    pages: Sequence[Sequence[tuple[float, float, int, str]]],
    info: dict[str, str] | None = None,
    packed: bool = False,
    pictures: bool = False,
    trailer: bytes = b"",
    content: bytes | None = None,
) -> bytes:
    """Return a PDF file of pages of (x, y, size, line), written by hand."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>")
    picture = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    objects.append(picture + b" /Length 1 >>\nstream\n\x80\nendstream")
    kids = []
    for lines in pages:
        drawn = content if content is not None else _drawn(lines, pictures)
        objects.append(_stream(drawn, packed))
        resources = b"<< /Font << /F1 3 0 R >> /XObject << /I1 4 0 R >> >>"
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources %s /Contents %d 0 R >>"
        objects.append(page % (*_PAGE, resources, len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    if info:
        told = b" ".join(b"/%s (%s)" % (key.encode(), _escaped(value)) for key, value in info.items())
        objects.append(b"<< %s >>" % told)
        trailer += b" /Info %d 0 R" % len(objects)
    return _assembled(objects, trailer)


def _drawn(lines: Sequence[tuple[float, float, int, str]], pictures: bool) -> bytes:
    shown = [b"/F1 %d Tf 1 0 0 1 %d %d Tm (%s) Tj\n" % (size, x, y, _escaped(line)) for x, y, size, line in lines]
    picture = b"q 500 0 0 800 20 20 cm /I1 Do Q\n" if pictures else b""
    return picture + b"BT\n" + b"".join(shown) + b"ET"


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _stream(data: bytes, packed: bool) -> bytes:
    told = b""
    if packed:
        data, told = zlib.compress(data), b" /Filter /FlateDecode"
    return b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), told, data)


def _assembled(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, end)


def docx_file(paragraphs: Sequence[tuple[str, str | None]], title: str = "", author: str = "") -> bytes:
    """Return a DOCX file of (text, style); a style of None is body text."""
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = author
    for text, style in paragraphs:
        document.add_paragraph(text, style=style)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def odt_file(paragraphs: Sequence[tuple[str, int]], title: str = "") -> bytes:
    """Return an ODT file of (text, heading level); level 0 is body text."""
    document = Document("text")
    document.body.clear()
    if title:
        document.meta.title = title
    for text, level in paragraphs:
        document.body.append(Header(level, text) if level else Paragraph(text))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_part(package: bytes, name: str, data: bytes) -> bytes:
    """Return a zip file with one of its parts replaced, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member, old.read(member))
        new.writestr(name, data)
    return out.getvalue()


def zip_file(parts: dict[str, bytes]) -> bytes:
    """Return a zip file of parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def mail(text: str = TEXT, subject: str = HEADLINE, html: str | None = None) -> EmailMessage:
    """Return a mail with a body of text, and of HTML beside it."""
    message = EmailMessage()
    message["From"] = "Press Desk <desk@courier.example>"
    message["To"] = "team@watch.example"
    message["Subject"] = subject
    message["Date"] = "Thu, 05 Mar 2026 10:15:00 +0100"
    message["Message-ID"] = "<1@courier.example>"
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message


def page(paragraphs: Sequence[str] = BODY, headline: str = HEADLINE) -> str:
    """Return a simple page with one article."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = f"<html lang='en'><head><meta charset='utf-8'><title>{headline}</title></head>"
    return (
        f"<!DOCTYPE html>\n{head}<body><nav>Home | City</nav><article><h1>{headline}</h1>{body}</article></body></html>"
    )


DOCX = docx_file([(HEADLINE, "Heading 1"), *((paragraph, None) for paragraph in BODY)])
ODT = odt_file([(HEADLINE, 1), *((paragraph, 0) for paragraph in BODY)])
PDF = pdf([placed([HEADLINE], size=20, y=800, width=60) + placed(BODY)])
SAMPLES = {
    "pdf": PDF,
    "pdf_packed": pdf(
        [placed([HEADLINE], size=20, y=800, width=60) + placed(BODY)] * 3, {"Title": HEADLINE}, packed=True
    ),
    "docx": DOCX,
    "odt": ODT,
    "html": page().encode(),
    "eml": mail(html=page()).as_bytes(),
    "eml_forward": mail("See below.", f"Fwd: {HEADLINE}").as_bytes(),
    "txt": TEXT.encode(),
    "txt_1251": ("Паром на остров останется в порту\n\n" + "Водолазы нашли трещину в корпусе. " * 30).encode("cp1251"),
    "txt_utf16": TEXT.encode("utf-16"),
    "md": f"# {HEADLINE}\n\n*By [Nils Terkov](https://courier.example/a)*\n\n".encode() + "\n\n".join(BODY).encode(),
}
NAMES = {"md": "article.md", "html": "article.html"}
