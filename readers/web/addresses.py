"""Addresses: what a person or a server gives for one, made plain, and whether it may be visited.

Parsing follows the WHATWG URL Standard where browsers are lenient about hosts (odd IPv4 numbers, full-width digits,
a trailing dot), so that an address means here what it means to them; where leniency only serves tricks
(user info, control characters, back-slashes, percent signs in hosts), the address is refused.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import quote, urlsplit

import idna

from domain.intake import NoArticle

PORTS = {"http": 80, "https": 443}
# Newsletters' tracking links reach some two thousand characters.
LONGEST = 4096

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\\]")
_HOST = re.compile(r"(?!.{254})[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*")
# Only names that nothing else has: one that also names an article would lead to another.
_TRACKER = re.compile(
    r"utm_\w+|(fb|g|dc|y|tw|tt|ys|sc|wic)clid|msclkid|[gw]braid|igshid?|mc_[ce]id|_hs(enc|mi)|mkt_tok|yclid"
)
_ENTRY = re.compile(r"(\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^:\[\]]+))(:(?P<port>\d{1,5}))?")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
# RFC 6761, 6762, 8375 and ICANN's reservation: names that mean this machine or this network, whatever a resolver says.
_NEAR = frozenset({"localhost", "local", "internal", "arpa"})

# Where packets end up that are sent to an address of another form (RFC 4291, 6052).
_NAT64 = IPv6Network("64:ff9b::/96")
# Only this part of IPv6 has been given out as global unicast (RFC 4291, IANA) …
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# … less tunnels (Teredo and 6to4, which carry IPv4 addresses, and are given up), benchmarks, and documentation.
_NOT_UNICAST = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")))
# RFC 6890 and its like: "this" network, carriers' NAT, protocol assignments, AS112, 6to4 relays, AMT, benchmarks.
# ``is_global`` knows most of them, in some releases of Python all.
_NOT_PUBLIC = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",
            "192.0.0.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "168.63.129.16/32",  # a cloud's metadata, on an address that looks public
        ),
    )
)
# ISATAP (RFC 5214) writes an IPv4 address of its site behind these.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


@dataclass(frozen=True, slots=True)
class Address:
    """A web address in plain form.

    ``host`` is in ASCII and lower case: a name, or an IP address without brackets. ``target`` is path and query,
    percent-encoded. The fragment is not kept: no server sees it.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def literal(self) -> IPAddress | None:
        """The IP address where the host is one."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """Host and, unless it is the scheme's own, port, as in a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """A private place that the operator lets in: a network or a host name, at one port or at the usual two."""

    place: IPNetwork | str
    port: int | None

    def permits(self, address: Address, at: IPAddress) -> bool:
        """Whether the operator lets ``address`` be visited ``at`` the IP address that its host has."""
        if address.port not in ((self.port,) if self.port else PORTS.values()):
            return False
        if isinstance(self.place, str):
            return self.place == address.host
        return at.version == self.place.version and at in self.place


def parse_allowed(entries: Iterable[str]) -> tuple[Allowed, ...]:
    """Return what the entries of ``allowed_private`` say.

    Such are ``10.0.0.0/8``, ``127.0.0.1:8080``, ``[::1]:8080`` and ``intranet.example:81``; without a port they mean 80
    and 443. Raises ValueError for an entry of another form.
    """
    return tuple(map(_allowed, entries))


def _allowed(entry: str) -> Allowed:
    match = _ENTRY.fullmatch(entry.strip())
    if match is None:
        return Allowed(ip_network(entry.strip()), None)
    port = int(match["port"]) if match["port"] else None
    host = (match["v6"] or match["host"]).lower()
    try:
        return Allowed(ip_network(host), port)
    except ValueError:
        if not _HOST.fullmatch(host):
            raise
        return Allowed(host, port)


def parse_address(text: str, allowed: tuple[Allowed, ...] = ()) -> Address | NoArticle:
    """Return the address that ``text`` is, or why it is none that may be visited.

    What needs no resolver is judged here; ``may_visit`` judges the rest.
    """
    text = text.strip()
    if not text or len(text) > LONGEST or _CONTROL.search(text):
        return NoArticle.NOT_AN_ADDRESS
    try:
        # Telegram takes "example.org/page" for a link.
        parts = urlsplit(text if _SCHEME.match(text) else f"https://{text}")
        host = _host(parts.netloc)
        port = parts.port
    except ValueError:
        return NoArticle.NOT_AN_ADDRESS
    if host is None or parts.scheme not in PORTS:
        return NoArticle.NOT_AN_ADDRESS
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + ("?" + _query(parts.query) if parts.query else "")
    address = Address(parts.scheme, host, PORTS[parts.scheme] if port is None else port, target)
    return _judge(address, allowed)


def _query(query: str) -> str:
    return quote(query, safe="/%:@!$&'()*+,;=~-._?[]{}|^`")


def _judge(address: Address, allowed: tuple[Allowed, ...]) -> Address | NoArticle:
    literal = address.literal
    if literal is not None and not may_visit(address, literal, allowed):
        return NoArticle.NOT_AN_ADDRESS if is_public(literal) else NoArticle.PRIVATE_ADDRESS
    if literal is not None or any(entry.place == address.host for entry in allowed):
        return address
    _, dot, last = address.host.rpartition(".")
    if last in _NEAR:
        return NoArticle.PRIVATE_ADDRESS
    port = address.port in PORTS.values() or address.port in {entry.port for entry in allowed}
    return address if dot and port else NoArticle.NOT_AN_ADDRESS


def without_trackers(url: str) -> str:
    """Return ``url`` without the parameters by which it is told who sent its reader; all else stays as it is."""
    page, mark, query = url.partition("?")
    kept = "&".join(part for part in query.split("&") if not _TRACKER.fullmatch(part.partition("=")[0].lower()))
    return page + (mark if kept else "") + kept


def may_visit(address: Address, at: IPAddress, allowed: tuple[Allowed, ...] = ()) -> bool:
    """Whether ``address`` may be visited ``at`` the IP address that its host has."""
    if address.port in PORTS.values() and is_public(at):
        return True
    return any(entry.permits(address, at) for entry in allowed)


def is_public(at: IPAddress) -> bool:
    """Whether an IP address is one host's on the public internet, whatever form it is written or translated in."""
    if isinstance(at, IPv4Address):
        return at.is_global and not (at.is_multicast or at.is_reserved) and not any(at in net for net in _NOT_PUBLIC)
    if at.ipv4_mapped is not None:
        return is_public(at.ipv4_mapped)
    if at in _NAT64:
        return is_public(IPv4Address(int(at) & 0xFFFFFFFF))
    return (
        at in _GLOBAL_UNICAST
        and at.is_global
        and at.scope_id is None
        and not any(at in net for net in _NOT_UNICAST)
        and (int(at) >> 32) & 0xFFFFFFFF not in _ISATAP
    )


def _host(netloc: str) -> str | None:
    """Return the host of ``netloc`` in plain form, or None for user info and for what no host can be."""
    if "@" in netloc or "%" in netloc:
        return None
    if netloc.startswith("["):
        inside, _, after = netloc[1:].partition("]")
        return str(IPv6Address(inside)) if not after or after.startswith(":") else None
    name = netloc.partition(":")[0]
    if not name.isascii():
        name = idna.encode(name, uts46=True, transitional=False).decode()
    name = name.lower().removesuffix(".")
    if not _HOST.fullmatch(name):
        return None
    return _ipv4(name) if _NUMBER.fullmatch(name.rpartition(".")[2]) else name


def _ipv4(name: str) -> str | None:
    """Return the dotted form of an IPv4 address in any of the forms of inet_aton; None for what only ends like one."""
    parts = name.split(".")
    if len(parts) > 4 or not all(map(_NUMBER.fullmatch, parts)):
        return None
    try:
        *first, last = map(_number, parts)
    except ValueError:
        return None
    if any(part > 255 for part in first) or last >= 256 ** (4 - len(first)):
        return None
    return str(IPv4Address(sum(part << 8 * (3 - place) for place, part in enumerate(first)) + last))


def _number(part: str) -> int:
    """Raises ValueError for an octal number with an 8 or a 9."""
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8 if len(part) > 1 and part.startswith("0") else 10)
