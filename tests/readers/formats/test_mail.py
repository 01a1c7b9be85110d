"""Mail: the article that it carries, wherever that is, and not the mail around it."""

from email.message import EmailMessage
from textwrap import fill

import pytest

from domain.intake import FoundArticle, NoArticle
from readers.files import read_file
from tests.readers.sample_files import (
    ARTICLE,
    BODY,
    DOCX,
    HEADLINE,
    PDF,
    SECOND,
    SECOND_HEADLINE,
    TEXT,
    mail,
    page,
    pdf,
    zip_file,
)

BODY_TEXT = "\n\n".join(BODY)
DATE = "2026-03-05T10:15:00+01:00"


def one(message: EmailMessage | bytes, name: str | None = None) -> FoundArticle:
    data = message if isinstance(message, bytes) else message.as_bytes()
    found = read_file(data, name)
    assert isinstance(found, tuple) and len(found) == 1
    return found[0]


def test_subject_and_date_are_hints_and_the_body_is_the_article():
    found = one(mail(BODY_TEXT))
    assert (found.text, found.metadata.headline, found.metadata.date_published) == (BODY_TEXT, HEADLINE, DATE)
    assert found.metadata.author == ()


def test_plain_text_is_preferred_and_the_page_read_where_there_is_no_plain_text_to_speak_of():
    assert one(mail(BODY_TEXT, html=page(SECOND[1:], SECOND_HEADLINE))).text == BODY_TEXT
    found = one(mail("Please view this mail in a browser.", html=page()))
    assert BODY[1] in found.text and found.metadata.headline == HEADLINE
    only = EmailMessage()
    only["Subject"], only["From"], only["Date"] = HEADLINE, "a@b.example", "Thu, 05 Mar 2026 10:15:00 +0100"
    only.set_content(page(), subtype="html")
    assert BODY[1] in one(only).text


@pytest.mark.parametrize(
    ("subject", "headline"),
    [
        (f"Fwd: {HEADLINE}", HEADLINE),
        (f"WG: AW: Re[2]: {HEADLINE}", HEADLINE),
        (f"Пер: {HEADLINE}", HEADLINE),
        ("Паром остаётся в порту", "Паром остаётся в порту"),
        ("Reform: it stays", "Reform: it stays"),
        ("", None),
    ],
)
def test_marks_of_answering_and_forwarding_are_no_headline(subject: str, headline: str | None):
    assert one(mail(BODY_TEXT, subject)).metadata.headline == headline


@pytest.mark.parametrize(
    "head",
    [
        "---------- Forwarded message ---------\nFrom: Radio Sennet <a@b.example>\n"
        "Date: Fri, 6 Mar 2026 08:00:00 +0100\nSubject: The inner headline\nTo: <c@d.example>\n\n",
        "Begin forwarded message:\n\nFrom: Radio Sennet <a@b.example>\nSubject: The inner headline\n"
        "Date: Fri, 6 Mar 2026 08:00:00 +0100\nTo: c@d.example\n\n",
        "-----Ursprüngliche Nachricht-----\nVon: Radio Sennet\nGesendet: Fri, 6 Mar 2026 08:00:00 +0100\n"
        "Betreff: The inner headline\nAn: Redaktion\n\n",
    ],
)
@pytest.mark.parametrize("note", ["", "Have you seen this?\n\n"])
def test_a_mail_forwarded_in_the_text_gives_its_own_headline_and_date(head: str, note: str):
    found = one(mail(f"{note}{head}{BODY_TEXT}", "Fwd: something"))
    assert (found.text, found.metadata.headline) == (BODY_TEXT, "The inner headline")
    assert found.metadata.date_published == "2026-03-06T08:00:00+01:00"


def test_a_mail_attached_to_a_note_is_the_article():
    outer = mail("See below.", "Fwd: look")
    outer.add_attachment(mail(BODY_TEXT))
    assert (one(outer).text, one(outer).metadata.headline) == (BODY_TEXT, HEADLINE)


@pytest.mark.parametrize(
    ("data", "kind", "name"), [(PDF, "pdf", "a.pdf"), (DOCX, "x", "a.docx"), (TEXT.encode("cp1252"), "x", "a.txt")]
)
def test_a_file_attached_to_a_note_is_the_article(data: bytes, kind: str, name: str):
    outer = mail("Here is the piece that I spoke of.")
    outer.add_attachment(data, maintype="application", subtype=kind, filename=name)
    assert one(outer).text == TEXT


def test_an_attachment_counts_only_where_the_body_is_no_article_itself():
    outer = mail(BODY_TEXT)
    outer.add_attachment(PDF, maintype="application", subtype="pdf", filename="a.pdf")
    assert one(outer).text == BODY_TEXT


def test_what_is_wrong_with_the_attachment_is_told_where_there_is_nothing_else():
    outer = mail("")
    outer.add_attachment(pdf([[]], pictures=True), maintype="application", subtype="pdf", filename="a.pdf")
    assert read_file(outer.as_bytes()) is NoArticle.SCAN


def test_attachments_that_are_no_articles_are_left_alone():
    outer = mail(BODY_TEXT)
    outer.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="logo.png")
    outer.add_attachment(zip_file({"a.txt": b"x"}), maintype="application", subtype="zip", filename="a.zip")
    assert one(outer).text == BODY_TEXT


def test_a_digest_gives_each_of_its_mails():
    digest = EmailMessage()
    digest["Subject"], digest["From"], digest["Date"] = "Digest 7", "list@b.example", "Thu, 05 Mar 2026 10:15:00 +0100"
    digest.make_mixed()
    digest.set_type("multipart/digest")
    for headline, body in ((HEADLINE, BODY), (SECOND_HEADLINE, SECOND[1:])):
        inner = EmailMessage()
        inner["Content-Type"] = "message/rfc822"
        inner.set_payload([mail("\n\n".join(body), headline)])
        digest.attach(inner)
    found = read_file(digest.as_bytes())
    assert isinstance(found, tuple)
    assert [article.metadata.headline for article in found] == [HEADLINE, SECOND_HEADLINE]


@pytest.mark.parametrize("encoding", ["koi8-r", "cp1251", "utf-8"])
@pytest.mark.parametrize("transfer", ["base64", "quoted-printable", "8bit"])
def test_the_charset_of_a_part_is_heeded(encoding: str, transfer: str):
    text = "Паром на остров Тессель останется в порту до понедельника. " * 10
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = "Паром", "a@b.example", "Thu, 05 Mar 2026 10:15:00 +0100"
    message.set_content(text, charset=encoding, cte=transfer)
    assert one(message).text == text.strip()


def test_wrong_charsets_are_seen_through():
    text = "Паром на остров Тессель останется в порту до понедельника. " * 10
    head = b"From: a@b.example\nSubject: x\nDate: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset=%s\n\n"
    for charset in (b"us-ascii", b"nonsense", b"utf-8", b"unicode_escape"):
        assert one(head % charset + text.encode("cp1251")).text == text.strip()


def test_broken_lines_are_mended_and_signatures_dropped():
    wrapped = "\n\n".join(fill(paragraph, 72, break_on_hyphens=False) for paragraph in BODY)
    assert one(mail(f"{wrapped}\n\n-- \nNils Terkov\nPress desk")).text == BODY_TEXT
    head = b"From: a@b.example\nSubject: x\nDate: x\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n"
    flowed = "\n\n".join(" \n".join(fill(paragraph, 50).splitlines()) for paragraph in BODY)
    assert one(head + flowed.encode()).text == BODY_TEXT


def test_a_mail_that_is_one_quotation_loses_its_marks():
    quoted = "\n".join(f"> {line}" for line in TEXT.splitlines())
    assert one(mail(quoted)).text == TEXT


def test_a_saved_page_is_read_with_its_address():
    head = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://courier.example/ferry\nSubject: A tab\n"
        "Date: Thu, 5 Mar 2026 10:15:00 -0000\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; type="text/html"; boundary="x"\n\n--x\nContent-Type: text/html\n'
        "Content-Transfer-Encoding: 8bit\nContent-Location: https://courier.example/ferry\n\n"
    )
    found = one(f"{head}{page()}\n--x--\n".encode(), "page.mhtml")
    assert BODY[1] in found.text
    assert (found.metadata.headline, found.metadata.url) == (HEADLINE, "https://courier.example/ferry")


def test_mails_within_mails_end_somewhere():
    message = mail("deep")
    for _ in range(12):
        outer = mail("")
        outer.add_attachment(message)
        message = outer
    assert read_file(message.as_bytes()) is NoArticle.BOMB
    parts = b"".join(b"--x\nContent-Type: text/plain\n\na\n" for _ in range(600))
    head = b'From: a@b.example\nSubject: x\nDate: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="x"\n\n'
    assert read_file(head + parts + b"--x--") is NoArticle.BOMB
    nested = b"".join(b'--%d\nContent-Type: multipart/mixed; boundary="%d"\n\n' % (at, at + 1) for at in range(120))
    found = read_file(head.replace(b'"x"', b'"0"') + nested)
    assert isinstance(found, NoArticle)


@pytest.mark.parametrize(
    "header",
    [
        "Subject: =?utf-8?b?////?=",
        "Subject: =?unknown-8bit?q?=E9=FF?=",
        "Date: 99 Foo 99999 99:99:99 +9999",
        "Date: \x80\x81",
        "From: <<<@@>>>,,;:",
        "To: " + "(" * 5_000,
        "Content-Type: ;;;=;charset*0*=x''%ff",
        "Content-Type: multipart/mixed",
        "Content-Disposition: attachment; filename*=utf-8''%ff%fe",
        "Content-Transfer-Encoding: nonsense",
    ],
)
def test_a_header_that_makes_no_sense_costs_nothing_but_itself(header: str):
    data = f"Message-ID: <1@a.example>\n{header}\n\n{TEXT}\n".encode("latin-1", "replace")
    assert BODY[0] in one(data).text


def test_a_text_that_begins_like_a_letter_is_no_mail():
    text = f"Halvenstad: {HEADLINE}\n\n" + "\n\n".join(ARTICLE)
    assert one(text.encode()) == FoundArticle(text)
    assert read_file(b"Subject: only\n\n" + TEXT.encode()) == (FoundArticle("Subject: only\n\n" + TEXT),)
