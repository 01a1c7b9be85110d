"""Addresses: one plain form for each, no trick to a private place, and nothing that no browser would open."""

from ipaddress import ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.intake import NoArticle
from readers.web.addresses import Address, is_public, may_visit, parse_address, parse_allowed, without_trackers

PLAIN = [
    ("https://press.example", "https://press.example/"),
    ("  HTTPS://Press.Example/Story  ", "https://press.example/Story"),
    ("press.example/story?id=7", "https://press.example/story?id=7"),
    ("http://press.example:80/", "http://press.example/"),
    ("http://press.example:443/", "http://press.example:443/"),
    ("https://press.example:/", "https://press.example/"),
    ("https://press.example./", "https://press.example/"),
    ("https://press_room.example/", "https://press_room.example/"),
    ("https://press.example/a/../b", "https://press.example/a/../b"),
    (
        "https://press.example/новость?q=ё#part",
        "https://press.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D1%8C?q=%D1%91",
    ),
    ("https://press.example/two words", "https://press.example/two%20words"),
    ("https://press.example/%d0%bd", "https://press.example/%d0%bd"),
    ("https://новости.example/", "https://xn--b1amnebsh.example/"),
    ("https://ｐｒｅｓｓ。example/", "https://press.example/"),
    ("http://9.9.9.9/", "http://9.9.9.9/"),
    ("http://0x09.011.2313", "http://9.9.9.9/"),
    ("http://[2620:FE:0::fe]/", "http://[2620:fe::fe]/"),
]


@pytest.mark.parametrize(("text", "plain"), PLAIN)
def test_an_address_has_one_plain_form(text: str, plain: str):
    assert str(parse_address(text)) == plain


@pytest.mark.parametrize(("_", "plain"), PLAIN)
def test_the_plain_form_is_its_own(_: str, plain: str):
    assert str(parse_address(plain)) == plain


def test_a_look_alike_host_shows_what_it_is():
    assert str(parse_address("https://\u0440r\u0435ss.example/")) == "https://xn--rss-rdd7c.example/"


LOOPBACK = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0x7f.1",
    "0X7F.0.0.1",
    "0177.0.0.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "127.0.0.1.",
    "１２７.0.0.1",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b:1::127.0.0.1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[2620:fe::5efe:127.0.0.1]",
    "localhost",
    "LOCALHOST.",
    "press.localhost",
]
ELSEWHERE = [
    "0.0.0.0",  # noqa: S104  # nothing is bound
    "0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "0xA9FEA9FE",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.5",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::10.0.0.1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[100::1]",
    "[2001:db8::1]",
    "[2001:2::1]",
    "[3fff::1]",
    "[4000::1]",
    "printer.local",
    "metadata.google.internal",
    "router.home.arpa",
]


@pytest.mark.parametrize("host", LOOPBACK + ELSEWHERE)
@pytest.mark.parametrize("form", ["http://{}/", "https://{}:80/x"])
def test_no_spelling_of_a_private_address_is_let_in(form: str, host: str):
    assert parse_address(form.format(host)) is NoArticle.PRIVATE_ADDRESS


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "word",
        "two words",
        "/story",
        "//press.example/",
        "ftp://press.example/",
        "file:///etc/passwd",
        "gopher://press.example/",
        "javascript:alert(1)",
        "mailto:desk@press.example",
        "data:text/html,x",
        "tg://resolve?domain=press",
        "http://",
        "http:///story",
        "http://.example/",
        "http://press..example/",
        "http://press.example../",
        "http://-press.example/",
        "http://press example/",
        "http://press.example:8080/",
        "http://press.example:0/",
        "http://press.example:99999/",
        "http://press.example:80x/",
        "http://9.9.9.9:22/",
        "http://reader@press.example/",
        "http://reader:word@press.example/",
        "http://press.example@127.0.0.1/",
        "http://press.example\\@127.0.0.1/",
        "http:\\\\press.example/",
        "http://press.example/\\..",
        "http://press%2eexample/",
        "http://%31%32%37.0.0.1/",
        "http://press.exam\u0000ple/",
        "http://press.example/\r\nHost: other.example",
        "http://press.example/\x85x",
        "http://press.example/\ud800",
        "http://1.2.3.4.5/",
        "http://9.9.9.256/",
        "http://9.9.9.09/",
        "http://9.9.9.0x100/",
        "http://0x100000000/",
        "http://press.0x7f/",
        "http://[::1/",
        "http://[::1]x/",
        "http://[fe80::1%25eth0]/",
        "http://[fe80::1%eth0]/",
        "http://[press.example]/",
        "http://[v1.x]/",
        "http://::1/",
        "http://press.example\u2100/",
        "http://press\u200b.example\u202e/",
        "http://" + "a" * 64 + ".example/",
        "http://" + "a." * 130 + "example/",
        "http://press.example/" + "a" * 4096,
    ],
)
def test_what_no_browser_would_open_or_only_tricks_need_is_no_address(text: str):
    assert parse_address(text) is NoArticle.NOT_AN_ADDRESS


def test_the_operator_lets_private_places_in_one_by_one():
    allowed = parse_allowed(
        ["10.0.0.0/8", "127.0.0.1:8080", "[::1]:8081", "intranet.example:81", "fd00::/8", "localhost"]
    )
    for text in (
        "http://10.1.2.3/",
        "http://127.1:8080/",
        "http://[::1]:8081/",
        "http://intranet.example:81/",
        "http://[fd00::1]/",
        "http://localhost/",
    ):
        assert isinstance(parse_address(text, allowed), Address), text
    for text in (
        "http://10.1.2.3:8080/",
        "http://127.0.0.1/",
        "http://127.0.0.2:8080/",
        "http://[::1]:8080/",
        "http://192.168.0.1/",
        "http://[fe80::1]/",
        "http://9.9.9.9:8080/",
        "http://localhost:8082/",
    ):
        address = parse_address(text, allowed)
        assert isinstance(address, NoArticle) or not may_visit(address, ip_address("127.0.0.1"), allowed), text


def test_a_name_that_is_let_in_at_a_port_is_let_in_there_alone():
    allowed = parse_allowed(["intranet.example:81"])
    near = ip_address("10.0.0.1")
    assert may_visit(Address("http", "intranet.example", 81, "/"), near, allowed)
    assert not may_visit(Address("http", "intranet.example", 80, "/"), near, allowed)
    assert not may_visit(Address("http", "other.example", 81, "/"), near, allowed)


@pytest.mark.parametrize(
    "entry", ["", "10.0.0.0/33", "http://intranet.example", "two words", "[::1", "a:b:c", "x:99999999"]
)
def test_a_setting_that_means_nothing_is_refused(entry: str):
    with pytest.raises(ValueError, match=r".*"):
        parse_allowed([entry])


HOSTS = st.one_of(
    st.ip_addresses().map(lambda at: f"[{at}]" if at.version == 6 else str(at)),
    st.integers(0, 2**32 - 1).map(str),
    st.integers(0, 2**32 - 1).map(hex),
    st.lists(st.sampled_from(["0", "127", "0x7f", "0177", "255", "256", "08", "①", "press", "", "1"]), max_size=5).map(
        ".".join
    ),
    st.text(max_size=30),
)
TEXTS = st.one_of(
    st.text(),
    st.builds(
        "{}{}{}{}{}".format,
        st.sampled_from(["http://", "https://", "HTTP://", "", "http:/", "ftp://", "\thttp://"]),
        st.sampled_from(["", "", "", "a@", "a:b@", "[", "\\"]),
        HOSTS,
        st.sampled_from(["", "", ":80", ":443", ":8080", ":", ":-1", ":٣"]),
        st.sampled_from(["", "/", "/a?b#c", "?x", "#", "\\", "/\n", "/é?ü"]),
    ),
)


@given(TEXTS)
@example("http://[::ffff:0:7f00:1]")
def test_whatever_is_accepted_is_a_public_web_address(text: str):
    address = parse_address(text)
    if isinstance(address, NoArticle):
        return
    assert address.scheme in ("http", "https")
    assert address.port in (80, 443)
    assert str(address).isascii()
    assert not set(str(address)) & set(" \\\r\n\t")
    assert address.literal is None or is_public(address.literal)
    assert parse_address(str(address)) == address


@given(st.ip_addresses(v=4))
def test_a_translated_address_is_as_public_as_the_one_in_it(at):
    mapped, translated = (ip_address(int(ip_address(net)) + int(at)) for net in ("::ffff:0:0", "64:ff9b::"))
    assert is_public(mapped) == is_public(translated) == is_public(at)


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (
            "https://press.example/story?utm_source=letter&id=7&UTM_MEDIUM=mail&fbclid=x",
            "https://press.example/story?id=7",
        ),
        ("https://press.example/story?gclid=x&igshid=y", "https://press.example/story"),
        ("https://press.example/story?b=2&a=1;c=%2C,", "https://press.example/story?b=2&a=1;c=%2C,"),
        ("https://press.example/story?cid=7&source=port&ref=3", "https://press.example/story?cid=7&source=port&ref=3"),
        ("https://press.example/story", "https://press.example/story"),
        ("", ""),
    ],
)
def test_trackers_go_and_what_may_name_an_article_stays(url: str, clean: str):
    assert without_trackers(url) == clean
