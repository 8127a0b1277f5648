"""Bytes of a file that a person or a tool wrote, made into text."""

from __future__ import annotations

from ..errors import TrayStatusError


class NoText(TrayStatusError):
    """A file is not what it should be; the text says why, without the file's name."""


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with the mark that Windows puts before it. Raises NoText.

    >>> decoded("é".encode("utf-16"))
    'é'
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise NoText("it is not a text file in UTF-8") from None
    if "\x00" in text:
        raise NoText("it is not a text file")
    return text
