"""What people paste where an address is wanted, made into the address of a status page. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from urllib.parse import urlsplit

from ..core.text import safe_url

_PLAIN = re.compile(r"[a-z0-9.-]+(?::[0-9]+)?(?:/[a-z0-9/]*)?")
"""An address that can be an id and stay readable."""

_MARKS = str.maketrans({".": "-", ":": "-", "/": "_"})

# What follows the page's own address in links that people copy.
_BELOW = re.compile(
    r"/(?:incidents?(?:/[^/]*)?|history(?:\.(?:atom|rss))?|api/v[12](?:/.*)?|feed\.(?:atom|rss)|uptime(?:/.*)?)/?\Z"
)


def normalise(text: str) -> str | None:
    """An address without trailing slash, query or a path below the page; None for what is no address.

    Without a scheme it is https, but http on this machine and in private networks, where certificates are rare. Plain
    http is kept there only; everywhere else it becomes https.

    >>> normalise("127.0.0.1:8000/status")
    'http://127.0.0.1:8000/status'
    >>> normalise("status.openai.com/incidents/01ABC")
    'https://status.openai.com'
    >>> normalise("http://127.0.0.1:8000/")
    'http://127.0.0.1:8000'
    """
    text = text.strip()
    if "://" not in text:
        host = urlsplit(f"//{text}").hostname if text.isprintable() and "[" not in text else None
        text = f"{'http' if host and is_near(host) else 'https'}://{text}"
    url = safe_url(text)
    if url is None:
        return None
    parts = urlsplit(url)
    host = parts.hostname or ""
    if "." not in host and host != "localhost" and ":" not in host:
        return None
    scheme = "http" if parts.scheme == "http" and is_near(host) else "https"
    path = _BELOW.sub("", parts.path.rstrip("/")).rstrip("/")
    return f"{scheme}://{parts.netloc.lower()}{path}"


def page_id(url: str) -> str:
    """An id for a page that is only known by its address; another address never gives the same one.

    >>> page_id("http://127.0.0.1:8000")
    '127-0-0-1-8000'
    >>> page_id("https://a-b.example/status")
    'a--b-example_status'
    """
    parts = urlsplit(url)
    text = f"{parts.netloc}{parts.path}"
    if _PLAIN.fullmatch(text):
        return text.replace("-", "--").translate(_MARKS)
    return f"{slug(text)}-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}"


def slug(text: str) -> str:
    """A text made into an id: lower case, letters and digits of ASCII, dashes between. Empty where none is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def is_near(host: str) -> bool:
    """Whether a host's name or address is on this computer or a private network, which need no internet."""
    host = host.strip("[]").rstrip(".").lower()
    if host == "localhost" or host.endswith((".localhost", ".local", ".lan", ".internal")):
        return True
    address = _read_address(host)
    return address is not None and not _is_public(address)


def is_public(address: str) -> bool:
    """Whether an address belongs to one host of the internet, also where it is wrapped in another kind of address."""
    read = _read_address(address)
    return read is not None and _is_public(read)


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_IPV4_INSIDE = tuple(ipaddress.ip_network(each) for each in ("::/96", "64:ff9b::/96"))
"""Addresses whose last four bytes are another one (RFC 4291, 6052), which they may stand for."""

_LOCAL_TRANSLATION = ipaddress.ip_network("64:ff9b:1::/48")
"""RFC 8215. Known to Python since 3.13."""


def _read_address(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_public(address: _Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is None and any(address in network for network in _IPV4_INSIDE):
            inside = ipaddress.IPv4Address(address.packed[-4:])
        if inside is not None:
            return _is_public(inside)
        if address.is_site_local or address in _LOCAL_TRANSLATION:
            return False
    return address.is_global and not address.is_multicast
