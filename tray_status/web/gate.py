"""Who may look, and who may change something.

On this computer alone everybody may look; what others can reach asks for the password, as HTTP's own "Basic" or as a
bearer token (RFC 7617, RFC 6750), so that browsers, feed readers and Prometheus can all give it. Changing something
takes a form of ours, which no foreign site can fill in, or the password as a bearer token.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from .hosts import is_loopback
from .site import Site, site_of

if TYPE_CHECKING:
    from django.http import HttpRequest

Answering = Callable[["HttpRequest"], HttpResponse]

OPEN_PATHS = ("/healthz",)
"""Asked for by watchdogs, and telling nothing of what is watched."""

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")
"""Headers of a proxy, behind which anybody may stand."""

MARK = "mark"
"""The field of our own forms."""


def gate(get_response: Answering) -> Answering:
    """Django middleware; comes after the one that checks the Host header."""

    def answer(request: HttpRequest) -> HttpResponse:
        site = site_of(request)
        given = _given(request.headers.get("Authorization", ""))
        entered = given is not None and site.key.opens(given)
        if not entered and request.path not in OPEN_PATHS and (site.shut or _from_afar(request)):
            return _ask_for_it()
        return get_response(request)

    return answer


def changes(view: Answering) -> Answering:
    """A view that changes something: takes nothing but our own forms, and whoever knows the password."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if not _may_change(request, site_of(request)):
            return _words(403, "This did not come from the status page itself. Load it anew, and try again.")
        return view(request)

    return require_POST(answer)


def _from_afar(request: HttpRequest) -> bool:
    """Whether a request may come from elsewhere though only this computer can reach the server."""
    name = urlsplit(f"//{request.get_host()}").hostname or ""
    return not is_loopback(name) or any(header in request.META for header in FORWARDED)


def _may_change(request: HttpRequest, site: Site) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and site.key.opens(token.strip()):
        return True
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.get_host():
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    return site.key.marks(request.POST.get(MARK, ""))


def _given(header: str) -> str | None:
    """The password of an `Authorization` header; None where there is none."""
    scheme, _, rest = header.partition(" ")
    if scheme.casefold() == "bearer":
        return rest.strip()
    if scheme.casefold() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return None
    return None


def _ask_for_it() -> HttpResponse:
    answer = _words(401, "The password is asked for. On the computer that serves this page it is told at the start.")
    answer.headers["WWW-Authenticate"] = 'Basic realm="Tray Status", charset="UTF-8"'
    return answer


def _words(status: int, text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
