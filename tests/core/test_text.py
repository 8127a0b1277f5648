"""Vendors' text made safe and plain."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.core.text import NAME_LIMIT, clean_line, clean_text, cut, safe_url


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\x1b]0;title\x07b", "ab"),
        ("a\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\b", "alinkb"),
        ("\x9b2Jgone", "gone"),
        ("bell\x07 and nul\x00", "bell and nul"),
        ("abc\u202edef", "abcdef"),
        ("zero\u200bwidth", "zerowidth"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("two\nlines\tand  blanks", "two lines and blanks"),
        ("<b>bold</b> &amp; plain", "bold & plain"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("👩‍💻 stays", "👩‍💻 stays"),
    ],
)
def test_a_line_is_printable_whatever_was_sent(sent, shown):
    assert clean_line(sent) == shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("<p>One</p><p>Two<br/>Three</p>", "One\n\nTwo\nThree"),
        ("<ul><li>API</li><li>Web</li></ul>", "• API\n• Web"),
        ("before<script>alert(1)</script>after<br>", "beforeafter"),
        ('write to [help@x.example](mailto:help@x.example "help@x.example")', "write to help@x.example"),
        ("see [the docs](https://x.example/docs)", "see the docs (https://x.example/docs)"),
        ("```\ncode\n```", "code"),
        ("**bold** and __strong__", "bold and strong"),
        ("# Heading\ntext", "Heading\ntext"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("&lt;script&gt; is a word", "<script> is a word"),
    ],
)
def test_html_and_light_markdown_become_what_a_person_reads(sent, shown):
    assert clean_text(sent) == shown


def test_names_of_ten_megabytes_are_cut():
    assert len(clean_line("x" * 10_000_000)) == NAME_LIMIT


def test_text_is_cut_at_a_word_with_an_ellipsis():
    assert cut("alpha beta gamma", 12) == "alpha beta…"
    assert cut("short", 12) == "short"


@given(st.text(st.characters(), max_size=200))
def test_nothing_that_moves_a_cursor_or_turns_text_around_gets_through(text):
    for char in clean_text(text) + clean_line(text):
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
        assert char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "file:///etc/passwd", "http://user:secret@host/", "https://", "//host/path", "ftp://x",
        "https://x.example/\x1b", "https://x.example:99999/", "http://[::1", "https://x.example/ a", None, 7,
        "https://x.example/" + "a" * 3000,
    ],
)  # fmt: skip
def test_only_plain_web_links_are_kept(link):
    assert safe_url(link) is None


def test_a_web_link_is_kept_as_it_is():
    assert safe_url("https://stspg.io/abc?x=1#y") == "https://stspg.io/abc?x=1#y"
