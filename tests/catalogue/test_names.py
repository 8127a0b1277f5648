"""The catalogue as data: right in every line, found by all its names, and by what people type."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import pytest

from tray_status.catalogue import by_address, by_name, choose, known_pages, normalise
from tray_status.catalogue.names import CATEGORIES, COLUMNS, Entry, mistakes, read_entries
from tray_status.catalogue.search import search
from tray_status.errors import CatalogueError
from tray_status.providers.registry import platform_names

HEADER = ",".join(COLUMNS)
PLATFORMS = frozenset(platform_names())
OPENAI = "openai,OpenAI,https://status.openai.com,incident.io,ai,https://openai.com,chatgpt|codex"


@pytest.fixture(autouse=True)
def _our_own(tmp_path):
    choose(tmp_path / "none.csv")
    yield
    choose(tmp_path / "none.csv")


def test_the_catalogue_that_comes_with_the_program_is_right_in_every_line():
    pages = known_pages()
    assert mistakes(pages, PLATFORMS) == []
    assert len(pages) >= 600
    assert {page.category for page in pages} == CATEGORIES
    assert Counter(page.category for page in pages)["other"] < len(pages) / 20
    assert sum(bool(page.platform) for page in pages) > len(pages) / 2
    text = files("tray_status.catalogue").joinpath("pages.csv").read_text("utf-8")
    names = [page.name.casefold() for page in pages]
    assert names == sorted(names)
    assert "\r" not in text


def test_every_known_page_is_found_by_its_name_its_other_names_and_its_address():
    for page in known_pages():
        assert normalise(page.url) == page.url
        assert by_address(page.url) == page
        assert by_address(page.url.replace("https://www.", "https://")) == page
        for name in (page.name.upper(), f" {page.id} ", *page.aliases):
            assert by_name(name) == page


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("openai", "openai"), ("OpenAI", "openai"), ("opnai", "openai"), ("chatgpt", "openai"), ("githb", "github"),
        ("vercell", "vercel"), ("anthropic", "claude"), ("anthropc", "claude"), ("stripe", "stripe"),
        ("cloudflaer", "cloudflare"), ("githubstatus.com", "github"),
    ],
)  # fmt: skip
def test_what_people_type_finds_what_they_mean_slips_and_all(text, first):
    assert search(known_pages(), text)[0].id == first


def test_a_category_brings_all_that_is_in_it():
    found = search(known_pages(), "payments", 1000)
    payments = {page.id for page in known_pages() if page.category == "payments"}
    assert payments == {page.id for page in found[: len(payments)]}


@pytest.mark.parametrize("text", ["", "   ", "zzqqxxyy", "\x00", "a" * 10_000, "🦄"])
def test_what_nobody_is_called_finds_nothing(text):
    assert search(known_pages(), text) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Open AI,OpenAI,https://status.openai.com,,ai,,", "Open AI: id: must be small letters"),
        ("openai,,https://status.openai.com,,ai,,", "openai: name: must be a name"),
        ("openai,OpenAI,http://status.openai.com,,ai,,", "openai: url: must be the https address"),
        ("openai,OpenAI,https://status.openai.com/,,ai,,", "openai: url: must be the https address"),
        ("openai,OpenAI,https://status.openai.com,nonsuch,ai,,", "openai: platform: “nonsuch” is not known"),
        ("openai,OpenAI,https://status.openai.com,,nonsuch,,", "openai: category: must be one of"),
        ("openai,OpenAI,https://status.openai.com,,ai,openai.com,", "openai: homepage: must be an https address"),
        ("openai,OpenAI,https://status.openai.com,,ai,,ChatGPT", "openai: aliases: “ChatGPT” must be in small"),
        (f"{OPENAI}\ncodex,Codex,https://status.codex.example,,ai,,", "“codex” is a name of 2 pages"),
        (f"{OPENAI}\nother,Other,https://www.status.openai.com,,ai,,", "status.openai.com is the address of 2 pages"),
    ],
)
def test_a_mistake_names_the_entry_and_what_is_allowed(line, says):
    found = mistakes(read_entries(f"{HEADER}\n{line}\n"), PLATFORMS)
    assert any(each.startswith(says) for each in found), found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: the columns must be"),
        ("a,b\n", "line 1: the columns must be"),
        (f"{HEADER}\nopenai,OpenAI\n", "line 2: it has 2 columns in place of 7"),
        (f'{HEADER}\n"openai,OpenAI\n', "line "),
    ],
)
def test_what_is_no_catalogue_is_told_with_its_line(text, says):
    with pytest.raises(CatalogueError, match=f"^{says}"):
        read_entries(text)


def test_a_newer_file_is_in_force_and_a_broken_one_is_not(tmp_path):
    path = tmp_path / "catalogue.csv"
    path.write_text(f"\ufeff{HEADER}\n{OPENAI}\nnewer,Newer,https://status.newer.example,,other,,\n", "utf-8")
    choose(path)
    assert by_name("newer") == Entry("newer", "Newer", "https://status.newer.example")
    assert len(known_pages()) == 2
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\xff\xfe\x00 what is this")
    choose(broken)
    assert len(known_pages()) > 600
