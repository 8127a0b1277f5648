"""Vendors' text made safe and plain."""

from __future__ import annotations

import itertools
import string
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.core.text import NAME_LIMIT, clean_line, clean_text, cut, cut_sentence, safe_url


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
        ("**bold with __strong__ in it** and __**both**__", "bold with strong in it and both"),
        ("**two\nlines**", "two\nlines"),
        ("***", "***"),
        ("****", "****"),
        ("2 ** 3 and 2 **3", "2 ** 3 and 2 **3"),
        ("**begun **twice**", "begun **twice"),
        ("**" + "far " * 600 + "away**", "**" + "far " * 600 + "away**"),
        ("**" + "far " * 600 + "**near**", "**" + "far " * 600 + "near"),
        ("<b>" * 2000 + "much<i class='x'>, and more</i>", "much, and more"),
        ("a &#x41;&#66; &#0; &#9999999999; &#" + "9" * 5000 + "; &nosuch; z", "a AB \ufffd \ufffd \ufffd &nosuch; z"),
        ("# Heading\ntext", "Heading\ntext"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("&lt;script&gt; is a word", "<script> is a word"),
    ],
)
def test_html_and_light_markdown_become_what_a_person_reads(sent, shown):
    assert clean_text(sent) == shown


MARKS_IN_A_ROW = 8
INVISIBLE = [
    *map(chr, range(0xE0000, 0xE0080)),
    *"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202e\u2060\u2066\u206f\u3164\ufeff\uffa0\ufff9",
]


@pytest.mark.parametrize("char", INVISIBLE, ids=ascii)
def test_what_nobody_sees_does_not_pass(char):
    assert clean_line(f"a{char}b{char}") == "ab"
    assert clean_text(f"a&#{ord(char)};b\n{char}") == "ab"


@pytest.mark.parametrize("mark", ["\u0301", "\u0336", "\u20dd", "\u093e", "\ufe0f", "\u200d", "\U000e0101", "\u0e49"])
def test_marks_are_not_piled_up(mark):
    assert clean_line("a" + mark * 500 + "b") == "a" + mark * MARKS_IN_A_ROW + "b"
    assert clean_text(("a" + f"\u0301{mark}\u200d" * 100) * 2) == ("a" + f"\u0301{mark}\u200d" * 3)[:9] * 2
    assert clean_text("a" + f"&#{ord(mark)};" * 50) == "a" + mark * MARKS_IN_A_ROW


@pytest.mark.parametrize(
    "text",
    [
        "Störung behoben – alles läuft wieder",
        "Sự cố đã được khắc phục",
        unicodedata.normalize("NFD", "Sự cố đã được khắc phục; ṩ̣̇"),
        "Инцидент устранён",
        "Το πρόβλημα επιλύθηκε",
        "障害は解決しました。ガギグ",
        unicodedata.normalize("NFD", "ガギグ 한국어 장애"),
        "장애가 해결되었습니다",
        "事件已解决",
        "葛\U000e0100城",
        "सेवा बहाल कर दी गई है। क्ष्म्य",
        "บริการกลับมาเป็นปกติแล้ว น้ำ",
        "சேவை மீட்டெடுக்கப்பட்டது",
        "ການບໍລິການກັບຄືນສູ່ປົກກະຕິ",
        "ဝန်ဆောင်မှု ပြန်လည်ရရှိပါပြီ",
        "བོད་སྐད་ཧྐྵྨླྺྼྻྂ",
        "تم حل الحادث بِسْمِ ٱللَّٰهِ می‌خواهم",
        "התקלה נפתרה בְּרֵאשִׁ֖ית",
        "ᠮᠣᠩᠭᠣᠯ᠋",
        "👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 1️⃣ 🇺🇦 ❤️‍🔥 👩🏽‍❤️‍💋‍👨🏿 ⚠️ ✅ 🫠",
        "x² + y² ≠ ∞ — “quoted” … №5 ½ €",
    ],
)
def test_scripts_and_emoji_pass_as_they_are(text):
    assert clean_line(text) == text
    assert clean_text(text) == text


THREE = list(itertools.product(string.ascii_lowercase, repeat=3))

WORST = {
    "bold": "**a ",
    "bold without blanks": "**a",
    "strong": "__a *",
    "marks of both kinds": "**__a ",
    "stars": "*",
    "links begun": "[",
    "links half done": "[a](",
    "links without end": "[a](b ",
    "links with a title begun": '[a](b "',
    "links with long words": "[" + "a" * 499,
    "links with long targets": "[a](" + "b" * 1990 + " ",
    "links with blanks": "[a](b" + " " * 1990,
    "headings": "# ",
    "headings in lines": "\n###### ",
    "fences": "`",
    "fences in lines": "\n```a",
    "fences after blanks": "\n" + " \t" * 500 + "``",
    "blanks": " ",
    "blanks of all kinds": " \t\u00a0",
    "lines": "\n",
    "lines and blanks": "\n ",
    "tags begun": "<",
    "tags without end": "<p ",
    "tags with much in them": "<p " + "x=1 " * 500 + ">",
    "tags with attributes": "<a " + " ".join("".join(name) for name in THREE[:15_000]) + ">",
    "tags": "<b>",
    "tags that are ended wrongly": "<b>" * 1300 + "</p>" * 1000,
    "tags that are all different": "".join(f"<b a={number}>" for number in range(4000)) + "</p>" * 9000,
    "tables": "<table><tr><td>",
    "items": "<li>",
    "comments begun": "<b><!--",
    "scripts begun": "<script>",
    "entities begun": "&",
    "entities that are none": "&" + "x" * 32,
    "entities": "&lt;",
    "numbers": "&#",
    "one number": "9",
    "escapes": "\x1b]",
    "escapes of another kind": "\x1bP",
    "escapes with arguments": "\x1b[" + "0;" * 500,
    "escapes by one byte": "\x9b1",
    "marks": "e\u0301",
    "many marks": "\u0301",
    "invisible": "\U000e0041",
    "emoji": "👩‍💻",
    "all characters": "".join(map(chr, range(0x20, 0xD800))) + "".join(map(chr, range(0xE000, 0x20000))),
}
AT_ONCE = 400_000


@pytest.mark.parametrize("name", WORST)
def test_the_cost_grows_with_the_length_and_no_faster(name):
    """Of five times as much as is ever looked at of one text: what grows with the square takes half a minute."""
    text = ("&#" if name == "one number" else "") + WORST[name] * (AT_ONCE // len(WORST[name]) + 1)
    began = time.process_time()
    clean_text(text, AT_ONCE)
    took = time.process_time() - began
    assert took < 2.0, f"{took:.2f} s"


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


@given(st.text(st.sampled_from("ab Z09.,:;!?#%'()+-/=@]^{|}*_~`<>&[\\\n"), max_size=40))
def test_plain_text_comes_out_as_if_it_had_been_looked_at_for_markup(text):
    assert clean_text(text) == clean_text(f"{text}\n")
    assert clean_text(clean_text(text)) == clean_text(text) or set(text) & set("*_~`<>&[#\\")


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("Short.", 20, "Short."),
        ("One thing. Another thing that is long.", 20, "One thing. …"),
        ("A. A sentence that goes on and on", 20, "A. A sentence that…"),
        ("Version 1.2.3 is out and about now", 20, "Version 1.2.3 is…"),
        ("どうぞ。次の文はとても長いです。", 10, "どうぞ。 …"),
    ],
)
def test_a_long_text_is_cut_at_a_sentence_or_else_at_a_word(text, limit, shown):
    assert cut_sentence(text, limit) == shown
