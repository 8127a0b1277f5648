"""Whom we trust: what the system trusts, and the certificates that the environment names. Verification is never off.

On Windows and macOS the system itself is asked about each certificate (truststore). Elsewhere the certificates lie
in files, and are loaded once into one context that all hosts share: loading them is most of what TLS costs.
"""

from __future__ import annotations

import os
import ssl
import sys
import threading

from ..core.exchange import Problem
from ..core.model import Reading
from .trouble import Unusable

SYSTEM_VERIFIES = sys.platform in ("win32", "darwin")

_USUAL_BUNDLES = (
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where systems keep them, for a Python that was built elsewhere and looks in the wrong place."""


class Trust:
    """SSL contexts, made when the first https page is asked for."""

    def __init__(self, *, system_verifies: bool = SYSTEM_VERIFIES) -> None:
        self._system_verifies = system_verifies
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._lock = threading.Lock()

    def context(self, host: str) -> ssl.SSLContext:
        """The context for connections to `host`. Raises Unusable for certificates that cannot be read."""
        # Truststore locks its context during a handshake, and a server that hangs in one would delay all other hosts:
        # so each has its own there. It costs little, for it holds no certificates.
        key = host if self._system_verifies else ""
        with self._lock:
            found = self._contexts.get(key)
            if found is None:
                found = self._contexts[key] = make_context(system_verifies=self._system_verifies)
            return found


def make_context(*, system_verifies: bool) -> ssl.SSLContext:
    """A context that verifies host names and certificates. Raises Unusable."""
    context = _truststore() if system_verifies else None
    if context is None:
        context = _from_files()
    loaded = ssl.get_default_verify_paths().cafile if _holds_some(context) else None
    for variable, path in _named_bundles().items():
        if path == loaded:
            continue
        try:
            if os.path.isdir(path):
                context.load_verify_locations(capath=path)
            else:
                context.load_verify_locations(cafile=path)
        except OSError as error:  # ssl.SSLError is one
            text = f"the certificates that {variable} names cannot be read: {path}"
            raise Unusable(Problem(Reading.BLOCKED, text, f"Correct {variable}, or unset it.")) from error
        loaded = path
    return context


def _truststore() -> ssl.SSLContext | None:
    try:
        import truststore
    except ImportError:  # a system that is too old for it
        return None
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _from_files() -> ssl.SSLContext:
    # Not create_default_context: since Python 3.13 it refuses certificates as many companies' proxies make them.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    if not _holds_some(context) and not _is_hashed_folder(ssl.get_default_verify_paths().capath):
        bundle = next((path for path in _USUAL_BUNDLES if os.path.isfile(path)), None)
        if bundle is None:
            import certifi

            bundle = certifi.where()
        context.load_verify_locations(cafile=bundle)
    return context


def _holds_some(context: ssl.SSLContext) -> bool:
    try:
        return context.cert_store_stats()["x509"] > 0
    except NotImplementedError:  # truststore's hold none until told to
        return False


def _is_hashed_folder(path: str | None) -> bool:
    """Whether OpenSSL finds certificates there: it looks them up by names such as `5ed36f99.0`."""
    return path is not None and any(name.endswith(".0") for name in os.listdir(path))


def _named_bundles() -> dict[str, str]:
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE" if os.environ.get("REQUESTS_CA_BUNDLE") else "CURL_CA_BUNDLE")
    return {name: path for name in names if (path := os.environ.get(name))}
