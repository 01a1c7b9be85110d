"""Pages: an article comes with what its page says of it; a wall, a check or a front page is none."""

import json
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.intake import FoundArticle, NoArticle
from readers.web.pages import read_page

URL = "https://www.press.example/port/berths-7?utm_source=letter"
PARAGRAPHS = (
    "The port of Lundvik sold eleven berths for a tenth of their value, the chief auditor said on Thursday, and nobody "
    "on the harbour board can say who agreed to the price.",
    "“We asked for the minutes three times and were given the menu of the canteen,” said Ingeborg Tveitan, who has "
    "audited the port since the old ferry quay burned down nine years ago.",
    "Tormod Haugseth, director of the port, denied that he had known the buyers. He has been asked to appear before "
    "the council in March, together with the two clerks who signed the papers.",
)
TEXT = "\n\n".join(PARAGRAPHS)
NAVIGATION = "<nav><a href='/'>Start</a> <a href='/port'>Port</a> <a href='/town'>Town</a></nav>"


def html(body: str, head: str = "", title: str = "Auditor: berths sold too cheaply") -> bytes:
    return (
        f"<!doctype html><html lang='nb'><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()
    )


def article(*paragraphs: str, head: str = "", more: str = "", title: str = "Auditor: berths sold too cheaply") -> bytes:
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs or PARAGRAPHS)
    return html(
        f"{NAVIGATION}<article><h1>{title}</h1>{text}</article>{more}<footer>Lundvik Press</footer>", head, title
    )


def json_ld(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", **values})}</script>'


NEWS = json_ld(**{"@type": "NewsArticle", "headline": "Auditor: berths sold too cheaply"})
LOCKED = json_ld(**{"@type": "NewsArticle", "isAccessibleForFree": False})


def read(data: bytes, url: str = URL):
    return read_page(data, url, "text/html; charset=utf-8")


def test_an_article_comes_as_paragraphs_and_nothing_around_them():
    found = read(article())
    assert isinstance(found, FoundArticle)
    assert found.text.removeprefix("Auditor: berths sold too cheaply\n\n") == TEXT


def test_a_page_says_who_wrote_what_when():
    head = """
        <meta property="og:title" content="Auditor: berths sold too cheaply | Lundvik Press">
        <meta property="og:site_name" content="Lundvik Press">
        <meta property="article:published_time" content="2026-02-05T08:30:00+01:00">
        <meta name="author" content="Solveig Brekke; Arne Dahl">
        <link rel="canonical" href="https://press.example/port/berths-7">
    """
    found = read(article(head=head))
    assert isinstance(found, FoundArticle)
    metadata = found.metadata
    assert metadata.headline == "Auditor: berths sold too cheaply"
    assert metadata.publisher == "Lundvik Press"
    assert metadata.author == ("Solveig Brekke", "Arne Dahl")
    assert metadata.date_published == "2026-02-05T08:30:00+01:00"
    assert metadata.language == "nb"
    assert metadata.url == "https://press.example/port/berths-7"


@pytest.mark.parametrize(
    "canonical",
    [
        "https://other.example/port/berths-7",
        "https://press.example.other.example/x",
        "https://other-press.example/x",
        "http://127.0.0.1/x",
        "https://press.example/",
        "javascript:alert(1)",
        "//[",
        "ftp://press.example/x",
    ],
)
def test_a_page_cannot_put_its_words_under_another_address(canonical: str):
    found = read(article(head=f'<link rel="canonical" href="{canonical}">'))
    assert isinstance(found, FoundArticle)
    assert found.metadata.url == "https://www.press.example/port/berths-7"


@pytest.mark.parametrize(
    ("head", "date"),
    [
        (json_ld(**{"@type": "NewsArticle", "datePublished": "2026-02-05T08:30:00Z"}), "2026-02-05T08:30:00+00:00"),
        (json_ld(**{"@type": "NewsArticle", "datePublished": "2026-02-05"}), "2026-02-05"),
        (json_ld(**{"@type": "NewsArticle", "datePublished": "2026-02-05 teatime"}), "2026-02-05"),
        (json_ld(**{"@type": "NewsArticle", "datePublished": ["soon"]}), None),
        ("", None),
    ],
)
def test_a_date_is_as_exact_as_the_page_says_and_never_guessed(head: str, date: str | None):
    found = read(article(head=head, more="<p>© 2019 Lundvik Press</p>"))
    assert isinstance(found, FoundArticle)
    assert (found.metadata.date_published or "")[:25] == (date or "")


def test_the_language_that_templates_have_says_nothing():
    found = read(article().replace(b"lang='nb'", b"lang='en-US'"))
    assert isinstance(found, FoundArticle)
    assert found.metadata.language is None


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8", "utf-16"])
def test_an_article_in_another_alphabet_is_read(charset: str):
    line = "Порт Лундвик продал одиннадцать причалов за десятую часть цены, сказала в четверг аудитор Ингеборг Твейтан."
    page = article(
        line, line.replace("четверг", "пятницу"), line.replace("порт", "город"), head=f'<meta charset="{charset}">'
    )
    found = read_page(page.decode().encode(charset), URL, None)
    assert isinstance(found, FoundArticle)
    assert line in found.text


# What an article may have about it and be an article still

LOG_IN_FORM = "<form action='/login' class='login-form'><input name='user'><input type='password' name='word'></form>"
BANNER = """<div id='onetrust-consent-sdk'>
    <p>We and our partners use cookies to store and access information on a device.</p>
    <button>Accept all</button><button>Reject all</button></div>"""
CAPTCHA = "<form id='comment'><div class='g-recaptcha'></div><script src='/captcha/api.js'></script></form>"


@pytest.mark.parametrize(
    "more", [LOG_IN_FORM, BANNER, CAPTCHA, LOG_IN_FORM + BANNER + CAPTCHA, "<video src='/a.mp4'></video>"]
)
@pytest.mark.parametrize("head", ["", NEWS])
def test_an_article_beside_a_wall_is_an_article(head: str, more: str):
    found = read(article(head=head, more=more))
    assert isinstance(found, FoundArticle)
    assert found.text.endswith(PARAGRAPHS[-1])


def test_a_flash_of_one_sentence_is_an_article_where_the_page_says_so():
    found = read(article(PARAGRAPHS[0], head=NEWS, more=LOG_IN_FORM + BANNER + CAPTCHA))
    assert isinstance(found, FoundArticle)


def test_the_free_beginning_of_a_locked_article_is_an_article():
    found = read(article(head=LOCKED, more="<div class='paywall'>Subscribe to read on.</div>"))
    assert isinstance(found, FoundArticle)


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment of calm in Lundvik",
        "404 jobs gone at the shipyard",
        "Forbidden quay opens to walkers",
        "Cookies made the old way",
        "Access denied to inspectors at the port",
        "Captcha: how a riddle conquered the web",
        "Subscribe to a berth, says the port",
        "Log in the fairway stops ferry",
    ],
)
def test_a_headline_that_sounds_like_a_wall_is_none(title: str):
    assert isinstance(read(article(*PARAGRAPHS * 2, title=title)), FoundArticle)
    assert isinstance(read(article(title=title, head=NEWS)), FoundArticle)


def test_an_article_about_cookies_is_an_article():
    about = (
        "The council's site put cookies on every reader's device without consent, the privacy board found on Thursday. "
        "It had shared identifiers with nine partners and vendors, the board said, and the preferences did nothing.",
        "“They could accept or reject what they wanted,” said Sigrun Moe of the board. “It was stored either way.”",
        "The mayor said that consent had been a matter of course, and that the advertising had paid for the library.",
    )
    assert isinstance(read(article(*about * 2, head=NEWS)), FoundArticle)


@pytest.mark.parametrize("url", ["https://one-page.example/", "https://one-page.example/?p=7"])
def test_an_article_at_the_root_of_a_site_is_an_article(url: str):
    assert isinstance(read(article(*PARAGRAPHS * 2), url), FoundArticle)


# Walls

CHALLENGE = html(
    "<div class='main-wrapper'><h1>press.example</h1><h2>Checking if the connection is secure</h2>"
    "<form id='challenge-form' action='/?__cf_chl_f_tk=x'></form>"
    "<noscript>Enable JavaScript and cookies to continue</noscript>"
    "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate'></script></div>",
    title="Just a moment...",
)
CONSENT = html(
    "<form action='/collectConsent'><h1>We value your privacy</h1><p>We and our 840 partners store and access "
    "information on a device, such as cookies, and process personal data, such as identifiers, for personalised "
    "advertising, advertising measurement and audience research.</p>"
    "<p>With your consent we and our partners may use precise data. You may accept or reject the processing, or "
    "withdraw your consent at any time by way of the privacy settings.</p>"
    "<button name='agree'>Accept all</button><button name='reject'>Reject all</button></form>",
    title="Lundvik Press",
)
CONSENT_DE = html(
    "<div class='sp_message_container'><h1>Weiterlesen mit Werbung</h1>"
    "<p>Besuchen Sie uns wie gewohnt mit Werbung und Cookies. Ihre Einwilligung und den Widerruf finden Sie in den "
    "Datenschutzeinstellungen. Wir und unsere Partner verarbeiten Daten auf Ihrem Gerät. Akzeptieren Sie die "
    "Verarbeitung für Werbung, oder lesen Sie ohne Werbung und ohne Cookies.</p>"
    "<button>Akzeptieren und weiter</button></div>",
    title="Zustimmung",
)
LOG_IN = html(
    f"<h1>Log in to Lundvik Press</h1>{LOG_IN_FORM}<p>Forgot your password? New here? Register.</p>", title="Log in"
)
TEASER = article(PARAGRAPHS[0], head=LOCKED, more="<div class='paywall'>Subscribe to read on.</div>")
PAYWALL = article(PARAGRAPHS[0], more="<div class='paywall-offer'>Three months for one krone.</div>")
NOT_FOUND = html(
    "<h1>Page not found</h1><p>We could not find that page. Perhaps it moved with the ferry quay. Try a search.</p>"
)
NOT_FOUND_LONG = html(
    "<h1>Sorry, we couldn’t find what you were looking for</h1><p>Perhaps it moved. Try a search.</p>" * 3
)
NOT_FOUND_RU = html("<h1>Ой</h1><p>Такой страницы у нас нет.</p>", title="Страница не найдена | Лундвик")
REFUSED = html(
    "<h1>Access Denied</h1><p>You don't have permission to access this on this server.</p>", title="Access Denied"
)
ROBOT = html(
    "<p>Please show that you are not a robot.</p><div class='h-captcha' data-sitekey='x'></div>", title="press.example"
)
SCRIPT = html(
    "<div id='root'></div><noscript>You need to enable JavaScript to run this app.</noscript>", title="Lundvik Press"
)
VIDEO = article(
    "Watch how the ferry came in.",
    head='<meta property="og:type" content="video.other">' + json_ld(**{"@type": "VideoObject", "name": "The ferry"}),
    more="<video src='/ferry.mp4'></video>",
)
TEASERS = {
    "Auditor says that berths were sold too cheaply": "Eleven berths went for a tenth of what they are worth, "
    "she found, and nobody can say why.",
    "Ferry quay to be rebuilt after nine years": "The council voted for a loan on Monday, though two of its members "
    "walked out of the meeting.",
    "Goalkeeper leaves Lundvik for the south": "She had saved eleven penalties this season, and said that the winters "
    "were too long.",
    "Choir school to close its doors in June": "There are four pupils left in the school, of whom one is the "
    "headmaster's own daughter.",
    "Mayor will not stand for office again": "After sixteen years in the town hall he wants to build boats, he told "
    "the parish paper.",
    "Old lighthouse sold to a bank clerk": "He wants to live there with eleven goats, and has asked the port for a "
    "boat of his own.",
}
FRONT = html(
    NAVIGATION
    + "".join(
        f"<article><h2><a href='/s/{n}'>{head}</a></h2><p>{text}</p></article>"
        for n, (head, text) in enumerate(TEASERS.items())
    ),
    head='<meta property="og:type" content="website">' + json_ld(**{"@type": "WebSite", "name": "Lundvik Press"}),
    title="Lundvik Press",
)
EMPTY_FRAMES = b"<html><frameset cols='20%,80%'><frame src='/menu'><frame src='/text'></frameset></html>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (CHALLENGE, NoArticle.ROBOT_CHECK),
        (ROBOT, NoArticle.ROBOT_CHECK),
        (CONSENT, NoArticle.CONSENT_WALL),
        (CONSENT_DE, NoArticle.CONSENT_WALL),
        (LOG_IN, NoArticle.LOG_IN),
        (TEASER, NoArticle.LOG_IN),
        (PAYWALL, NoArticle.LOG_IN),
        (NOT_FOUND, NoArticle.NOT_FOUND),
        (NOT_FOUND_LONG, NoArticle.NOT_FOUND),
        (NOT_FOUND_RU, NoArticle.NOT_FOUND),
        (REFUSED, NoArticle.REFUSED),
        (SCRIPT, NoArticle.NO_ARTICLE_ON_PAGE),
        (VIDEO, NoArticle.NO_ARTICLE_ON_PAGE),
        (FRONT, NoArticle.NO_ARTICLE_ON_PAGE),
        (EMPTY_FRAMES, NoArticle.NO_ARTICLE_ON_PAGE),
        (html(""), NoArticle.NO_ARTICLE_ON_PAGE),
        (b"", NoArticle.NO_ARTICLE_ON_PAGE),
        (b"\x00\xff" * 100, NoArticle.NO_ARTICLE_ON_PAGE),
    ],
)
def test_a_page_without_an_article_says_why(data: bytes, reason: NoArticle):
    assert read(data) is reason


@pytest.mark.parametrize(
    "url",
    [
        "https://press.example/",
        "https://press.example",
        "https://press.example/?utm_source=x",
        "https://press.example/port/",
    ],
)
def test_a_front_page_is_no_article_wherever_it_stands(url: str):
    assert read(FRONT, url) is NoArticle.NO_ARTICLE_ON_PAGE


# Strange pages


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 100_000,
        "<b><i>" * 50_000 + PARAGRAPHS[0],
        "<table><tr><td>" * 20_000,
        "<p>word " * 3_000,
        "<" * 100_000,
        "&" * 100_000,
        "<!--" * 20_000,
        "<a href='" * 20_000,
        "<p " + " ".join(f"a{n}=x" for n in range(2_000)) + ">word",
        f'<script type="application/ld+json">{"[" * 50_000}</script>',
        f'<script type="application/ld+json">{json.dumps([{"@type": ["Thing", None, 7, {}]}] * 5_000)}</script>',
        "<title>" + " " * 100_000 + "x</title>",
        "\ud800\x00\x0b\ufffe",
    ],
    ids=lambda body: body[:12],
)
def test_a_page_may_be_as_strange_as_it_likes(body: str):
    data = f"<html><body>{body}".encode("utf-8", "surrogatepass")
    assert isinstance(read(data), (FoundArticle, NoArticle))


TAGS = """
    <p> </p> <div> </div> <article> <table> <td> <a/href=x> </a> <h1> <br> <title> </title> <head> <body> </html>
    <!-- --> <script/type='application/ld+json'> </script> <meta/property='og:type'/content= <meta/charset= ]]>
    <![CDATA[ <link/rel=canonical/href= <html/lang= &#0; 2026-02-05
"""
PIECES = st.one_of(
    st.sampled_from(TAGS.split()),
    st.sampled_from([*PARAGRAPHS, NEWS, LOCKED, LOG_IN_FORM, BANNER, CAPTCHA, '{"@type": "NewsArticle"']),
    st.text(max_size=20),
)


@given(
    st.one_of(st.binary(), st.lists(PIECES).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass"))),
    st.text(),
)
@example(b"<html><title>\xff</title><a>", "")
@example(article(), "https://[")
def test_no_page_breaks_anything(data: bytes, url: str):
    found = read_page(data, url, None)
    if isinstance(found, FoundArticle):
        assert found.text.strip()
        assert len(found.text) < 4 * len(data) + 100


@given(st.integers(0, 2000), st.integers(0, 2000), st.binary(max_size=30))
def test_no_cut_or_patched_page_breaks_anything(start: int, length: int, patch: bytes):
    whole = article(head=NEWS + LOCKED, more=LOG_IN_FORM + BANNER + CAPTCHA)
    assert isinstance(read(whole[:start] + patch + whole[start + length :]), (FoundArticle, NoArticle))
