"""Who sent it, and whether it came before: the headers of Standard Webhooks 1.0.

Format: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, symmetric kind.
What is signed is `ID.TIMESTAMP.BODY`, the body byte for byte; the signature is `v1,` and the HMAC-SHA256 in base64. A
secret that begins with `whsec_` is base64 behind that; any other is taken as it is, in UTF-8.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"


def headers(key: str, at: datetime, body: bytes, secret: str | None) -> dict[str, str]:
    """The headers of one attempt at `at`; `key` is the same for all attempts. Not signed without a secret."""
    stamp = str(int(at.timestamp()))
    told = {"Idempotency-Key": key, "webhook-id": key, "webhook-timestamp": stamp}
    if secret:
        told["webhook-signature"] = signature(key, stamp, body, secret)
    return told


def signature(key: str, stamp: str, body: bytes, secret: str) -> str:
    """The value of `webhook-signature`."""
    signed = b".".join((key.encode(), stamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(_bytes(secret), signed, hashlib.sha256).digest()).decode()


def _bytes(secret: str) -> bytes:
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            pass  # somebody's own secret that only begins so
    return secret.encode()
