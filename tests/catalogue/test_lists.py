"""Lists of pages: what people and feed readers keep is taken, what cannot be is told with its line."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_status.catalogue import choose, known_pages, normalise
from tray_status.catalogue.lists import (
    Exported,
    as_json,
    as_list,
    as_opml,
    distinct_name,
    page_key,
    sort_out,
)
from tray_status.catalogue.rows import ROW_LIMIT, SIZE_LIMIT, NoList, Row, read_rows
from tray_status.core.text import clean_line

OPML = """<?xml version="1.0"?>
<opml version="1.0">
<head><title>Mine</title></head>
<body>
  <outline text="Work">
    <outline text="GitHub Status - Incident History" type="rss"
      xmlUrl="https://www.githubstatus.com/history.atom" htmlUrl="https://www.githubstatus.com"/>
    <outline title="Acme &amp; Sons" xmlUrl="http://status.acme.example/history.rss?x=1"/>
    <outline text="Deeper"><OUTLINE text="Feed" xmlurl="https://feeds.acme.example/42.xml" htmlurl="https://beta.example/"/></outline>
  </outline>
  <outline text="Stripe"/>
  <outline text="No such thing at all"/>
  <outline/>
  <outline text="Wrong" xmlUrl="ftp://status.acme.example"/>
  <outline text="Hub" type="link" url="https://githubstatus.com/"/>
</body>
</opml>
"""


@pytest.fixture(autouse=True)
def _our_own(tmp_path):
    choose(tmp_path / "none.csv")
    yield
    choose(tmp_path / "none.csv")


def told(data, watched=()):
    """What is wanted as (where, name, url, known), and what is refused as words."""
    found = sort_out(read_rows(data.encode() if isinstance(data, str) else data), dict(watched))
    return [(each.where, each.name, each.url, each.known) for each in found.wanted], [
        str(each) for each in found.refused
    ]


def test_opml_of_a_feed_reader_gives_pages_in_place_of_feeds():
    wanted, refused = told(OPML)
    assert wanted == [
        ("line 6", "GitHub", "https://www.githubstatus.com", True),
        ("line 8", "Acme & Sons", "https://status.acme.example", False),
        ("line 9", "Feed", "https://beta.example", False),
        ("line 11", "Stripe", "https://www.stripestatus.com", True),
    ]
    assert refused == [
        "line 12: “No such thing at all”: it has no address, and no page is known by this name",
        "line 13: it has neither a name nor an address",
        "line 14: “Wrong”: “ftp://status.acme.example” is not the address of a web page",
        "line 15: “Hub”: line 6 names it already",
    ]


def test_a_plain_list_has_names_and_addresses_and_both():
    wanted, refused = told(
        "# mine\r\n\r\nOpenAI\r\n  github \nhttps://status.acme.example/history\nAcme, Inc., status.two.example\n"
        'Acme\tstatus.three.example\n"#1 ""best"""\thttps://four.example\nfly.io\nSecond,http://127.0.0.1:8000/\n'
    )
    assert refused == []
    assert wanted == [
        ("line 3", "OpenAI", "https://status.openai.com", True),
        ("line 4", "GitHub", "https://www.githubstatus.com", True),
        ("line 5", "", "https://status.acme.example", False),
        ("line 6", "Acme, Inc.", "https://status.two.example", False),
        ("line 7", "Acme", "https://status.three.example", False),
        ("line 8", '#1 "best"', "https://four.example", False),
        ("line 9", "Fly.io", next(page.url for page in known_pages() if page.id == "fly-io"), True),
        ("line 10", "Second", "http://127.0.0.1:8000", False),
    ]


def test_what_cannot_be_taken_is_told_with_its_line_and_why():
    wanted, refused = told(
        "opnai\nStripe, https://\n\nhttps://status.openai.com\nchatgpt\nnonsuch vendor xyz\nGitHub\nAcme, Inc.\n",
        {"https://githubstatus.com": "Mine"}.items(),
    )
    assert [name for _, name, _, _ in wanted] == ["OpenAI"]
    assert refused == [
        "line 1: “opnai”: it has no address, and no page is known by this name; did you mean “OpenAI”?",
        "line 2: “Stripe, https://”: “Stripe, https://” is not the address of a web page",
        "line 5: “chatgpt”: line 4 names it already",
        "line 6: “nonsuch vendor xyz”: it has no address, and no page is known by this name",
        "line 7: “GitHub”: it is watched already, as “Mine”",
        "line 8: “Acme, Inc.”: it has no address, and no page is known by this name",
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'<?xml version="1.0"?>\n<!DOCTYPE opml [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>\n<opml/>', "line 2: it declares a document type"),
        ('<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>'.encode("utf-16"), "it declares a document type"),
        (b"<!doctype html><html><body>Hello</body></html>", "line 1: it is not valid XML"),
        (b"<html><body/></html>", "it is XML, but no OPML: it begins with <html>"),
        (b"<opml><body><outline text='a'></body></opml>", "line 1: it is not valid XML: mismatched tag"),
        (b"<opml><body>&b;</body></opml>", "it is not valid XML: undefined entity"),
        (b"<?xml version='1.0' encoding='nonsuch'?><opml/>", "it is in an encoding that cannot be read"),
        (b"<opml", "it is not valid XML"),
        (b"\xff\xd8\xffnonsense", "it is not a text file in UTF-8"),
        (b"OpenAI\n\x00\x01\x02", "it is not a text file"),
        (b"x" * (SIZE_LIMIT + 1), "it is larger than 5 MB"),
        (b"x\n" * (ROW_LIMIT + 1), "it names 10001 pages; 10000 at most"),
        (b'{"pages": [1]}', "not as `tray-status export --json` writes it"),
        (b'{"pages": ', "it begins like JSON, but is not valid"),
        (b'{"a":' * 100_000, "it begins like JSON, but is not valid"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_as_a_whole(data, says):
    with pytest.raises(NoList) as refused:
        read_rows(data)
    assert says in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"# nothing\n", b"<opml/>", b'{"pages": []}', b"\xef\xbb\xbf"])
def test_an_empty_list_is_a_list(data):
    assert read_rows(data) == ()


def test_a_list_from_windows_is_read():
    assert told("Stripe\r\n".encode("utf-16"))[0][0][1] == "Stripe"
    assert told(b"\xef\xbb\xbfStripe\r\n")[0][0][1] == "Stripe"


def test_json_keeps_components_and_forgives_what_is_odd():
    data = b'{"pages": [{"name": "A\\ud800\\u001b[31m", "url": "https://a.example", "components": ["x", 1, ""]}, {}, {"name": 3, "url": []}]}'
    (wanted,), refused = (found := sort_out(read_rows(data), {})).wanted, found.refused
    assert (wanted.where, wanted.name, wanted.settings) == ("page 1", "A", {"components": ["x"]})
    assert [each.where for each in refused] == ["page 2", "page 3"]


def test_no_two_pages_get_one_name():
    taken: set[str] = set()
    names = [distinct_name(name, "https://status.acme.example/x", taken | {"acme"}) for name in ("Acme", "Beta", "")]
    assert names == ["Acme (status.acme.example)", "Beta", "status.acme.example"]
    for _ in range(3):
        taken.add(distinct_name("n" * 200, "https://" + "h" * 200, taken).casefold())
    assert len(taken) == 3
    assert max(map(len, taken)) <= 200


@pytest.mark.parametrize(
    "data",
    [
        "".join(f"Vendor nobody knows {number}\n" for number in range(1000)),
        "".join(f"Vendor {number}, https://status{number}.example.com\n" for number in range(1000)),
        "https://" + "/" * 1_000_000 + " x\n" + " " * 1_000_000 + "," * 1_000_000,
        '<opml><outline text="' + " " * 2_000_000 + '-"/></opml>',
        "<opml>" + "<outline>" * 100_000 + "</outline>" * 100_000 + "</opml>",
    ],
)
def test_a_long_or_hostile_list_takes_no_longer_than_its_length(data):
    began = time.process_time()
    told(data)
    assert time.process_time() - began < 2


hosts = st.from_regex(r"[a-z]{1,12}\.[a-z]{2,12}\.example", fullmatch=True)
known = st.sampled_from([page.url for page in known_pages()])
addresses = st.one_of(known, hosts.map(lambda host: f"https://{host}"), hosts.map(lambda host: f"https://{host}/a"))
names = st.one_of(st.text(), st.text("&<>'\"#,\t{}- ab\N{SNOWMAN}é", min_size=1)).map(
    lambda text: clean_line(text, 200)
)
parts = st.lists(names.filter(bool), min_size=1, max_size=3)
settings = st.fixed_dictionaries(
    {},
    optional={
        "components": parts,
        "regions": parts,
        "category": names.filter(bool).map(lambda text: text[:60].strip()).filter(bool),
        "interval_seconds": st.floats(1, 1e6),
        "notify_from": st.sampled_from(["minor", "critical"]),
        "probe": st.just("tcp:smtp.acme.example:587"),
    },
)
pages = st.lists(
    st.builds(lambda name, url, more: Exported("x", name, url, None, more), names.filter(bool), addresses, settings),
    unique_by=(lambda page: page.name.casefold(), lambda page: page_key(page.url)),
    max_size=8,
)


@pytest.mark.parametrize("write", [as_opml, as_list, as_json])
@given(pages=pages)
def test_what_is_written_is_read_again_as_it_was(write, pages):
    assert all(normalise(page.url) == page.url for page in pages)
    rows = read_rows(write(pages).encode())
    again = sort_out(rows, {page.url: page.name for page in pages})
    assert again.wanted == ()
    assert all(each.harmless for each in again.refused)
    fresh = sort_out(rows, {})
    assert fresh.refused == ()
    assert [each.url for each in fresh.wanted] == [page.url for page in pages]
    assert [each.name for each in fresh.wanted] == [page.name for page in pages]
    if write is not as_list:
        assert [each.settings for each in fresh.wanted] == [page.settings for page in pages]


@given(
    st.one_of(
        st.binary(),
        st.text().map(str.encode),
        st.text("<>opml/outline =\"'&;![]DOCTYPE\n").map(lambda text: f"<opml>{text}".encode()),
    )
)
def test_any_bytes_are_rows_or_no_list(data):
    try:
        rows = read_rows(data)
    except NoList:
        return
    found = sort_out(rows, {})
    assert len(found.wanted) + len(found.refused) == len(rows)
    assert all(isinstance(row, Row) for row in rows)
