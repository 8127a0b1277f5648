"""Reports and the calendar in the browser and in the terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

import pytest

from tests.program.running import finished
from tests.specimens import ACME, ZENITH, incident, snapshot, update
from tray_status.core.diff import diff
from tray_status.core.model import Impact, State
from tray_status.store import Store
from tray_status.web.server import Server

from .showing import Shown, acme, ask

NOW = datetime.now(timezone.utc).replace(microsecond=0)
HOUR = timedelta(hours=1)


def over(id, begun, hours, impact=Impact.MINOR):
    ended = begun + hours * HOUR
    return incident(
        update(1, at=begun), update(2, State.RESOLVED, at=ended),
        id=id, impact=impact, started_at=begun, resolved_at=ended,
    )  # fmt: skip


def fill(store):
    """Acme was watched for ten days, and had trouble at noon three days ago; Zenith too, for a part of it."""
    noon = (NOW.astimezone() - timedelta(days=3)).replace(hour=12, minute=0, second=0)
    for page, told in (
        (ACME, (over("a", noon, 3, Impact.MAJOR), over("b", noon - timedelta(days=40), 1))),
        (ZENITH, (over("z", noon + HOUR, 1),)),
    ):
        with store.writing(page) as writing:
            found = snapshot(*told)
            writing.save(diff(writing.page, writing.known(found), found, NOW), found, NOW)
            writing.set_reading(writing.state().reading.FRESH, None)
        begin = NOW - timedelta(days=10)
        for step in range(10 * 24 * 6):
            at = begin + step * HOUR / 6
            store.checked({page.id: at}, read={page.id: at}, every={page.id: 60.0})
    return noon


@pytest.fixture
def source():
    shown = Shown(acme())
    shown.noon = fill(shown.store)
    return shown


@pytest.fixture
def server(source):
    with Server(source.site, "127.0.0.1", 0) as serving:
        yield serving


def text_of(server, path, **query):
    status, _, text = ask(server.url, f"{path}?{urlencode(query)}")
    assert status == 200
    return text


def test_a_report_has_numbers_plots_and_what_they_mean(server):
    text = text_of(server, "/reports")
    assert "2 incidents and 0 maintenances." in text
    assert "Half of 2 were over within 1 h, nine of ten within 3 h." in text
    assert text.count('role="img"') == 4  # months, minutes, hours, and the days of the one that is watched
    assert "Pairs of pages that had incidents open at the same time" in text
    assert "1 incident and 0" in text_of(server, "/reports", since="30d")
    assert "No two pages" in text
    zenith = text_of(server, "/reports", page="zenith")
    assert "1 incident and 0" in zenith
    assert 'value="zenith" selected' in zenith


def test_each_table_comes_as_csv(server):
    status, headers, text = ask(server.url, "/reports.csv?table=minutes&since=30d")
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert headers["Content-Disposition"] == 'attachment; filename="tray-status-minutes.csv"'
    assert list(csv.reader(io.StringIO(text))) == [["Impact", "Minutes"], ["Major", "180.0"]]
    days = list(csv.reader(io.StringIO(ask(server.url, "/reports.csv?table=days&page=acme")[2])))
    assert len(days) == 91
    assert {row[1] for row in days[1:]} == {"no data", "None", "Major", "Minor"}
    linked = re.findall(r'href="(/reports\.csv[^"]*)"', text_of(server, "/reports", page="acme"))
    assert len(linked) == 7
    for path in linked:
        assert ask(server.url, path.replace("&amp;", "&"))[0] == 200


@pytest.mark.parametrize(
    "path", ["/reports?page=no", "/reports.csv?table=no", "/reports.csv?table=days", "/calendar?page=no"]
)
def test_what_is_not_there_is_told(server, path):
    assert ask(server.url, path)[0] == 404


@pytest.mark.parametrize("since", ["soon", "2999-01-01", "", "0d"])
def test_a_time_that_makes_no_sense_is_told_and_the_usual_one_is_shown(server, since):
    text = text_of(server, "/reports", since=since)
    assert "is neither a day that is past nor a span" in text
    assert "2 incidents" in text


def test_a_month_is_shown_day_by_day_and_leads_to_what_happened(server, source):
    month = source.noon.strftime("%Y-%m")
    text = text_of(server, "/calendar", month=month, page="acme")
    day = source.noon.date().isoformat()
    assert re.search(rf'<b>{source.noon.day}</b>\s*<img src="/icon/major.png"', text)
    link = re.search(rf'href="(/history\?from={day}[^"]*)"', text)[1].replace("&amp;", "&")
    assert "Elevated errors" in ask(server.url, link)[2]
    empty = text_of(server, "/calendar", month="2001-02", page="acme")
    assert "28 without data" in empty
    assert "/icon/none.png" not in empty.split("<table")[1]
    assert text_of(server, "/calendar", month="x") == text_of(server, "/calendar")


def test_a_day_of_which_nothing_is_known_is_never_green(server):
    strip = re.search(r'<svg[^>]*class="plot".*?</svg>', text_of(server, "/page", id="acme"), re.DOTALL)[0]
    words = re.findall(r"<title>[\d-]+: ([^<]*)</title>", strip)
    assert len(words) == 90
    assert words.count("operational") + sum(each.startswith("operational, watched") for each in words) in (8, 9, 10)
    assert words.count("no data") >= 78


# --- in the terminal ------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config.toml").write_text(
        '[[pages]]\nname = "Acme"\nurl = "https://status.acme.example"\n'
        '[[pages]]\nname = "Zenith"\nurl = "https://status.zenith.example"\n'
    )
    from tray_status.config import choose_pages, load_settings

    store = Store.open(folder / "tray-status.sqlite3")
    ids = [page.id for page in choose_pages(load_settings(folder / "config.toml"), (), {}, None)]
    noon = fill(store)
    for old, new in zip(("acme", "zenith"), ids, strict=True):
        if old != new:
            with store._database.transaction() as connection:
                connection.execute("PRAGMA defer_foreign_keys = ON")
                for table, column in (
                    ("pages", "id"),
                    *((name, "page_id") for name in ("incidents", "updates", "watched")),
                ):
                    connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (new, old))
    store.close()
    return noon


def test_the_report_is_told_in_the_terminal_as_csv_as_json_and_as_a_page(home, tmp_path):
    told = finished("report", "--since", "30d")
    assert told.code == 0
    assert "2 incidents and 0 maintenances." in told.out
    assert "Most often Acme and Zenith: once." in told.out
    rows = list(csv.reader(io.StringIO(finished("report", "--csv", "--table", "together").out)))
    assert rows == [["Page", "and page", "Times", "Minutes"], ["Acme", "Zenith", "1", "60.0"]]
    assert "minutes,Major,Minutes,180.0" in finished("report", "--csv").out.splitlines()
    found = json.loads(finished("report", "--json", "--page", "acme").out)
    assert (found["v"], [page["name"] for page in found["pages"]]) == (1, ["Acme"])
    assert found["tables"]["resolution"]["rows"][0]["Incidents"] == 2
    file = tmp_path / "report.html"
    assert finished("report", "--html", str(file)).code == 0
    text = file.read_text("utf-8")
    assert finished("report", "--html", "-").out == text
    assert text.startswith("<!doctype html>")
    assert "<script" not in text
    assert not re.search(r'(src|href)="(?!data:text/csv)', text)
    assert text.count("<svg") == text.count("</svg>") == 7


@pytest.mark.parametrize(
    "wrong",
    [
        ["--since", "soon"],
        ["--table", "months"],
        ["--html", "/no/such/folder/x"],
        ["--csv", "--json"],
        ["--page", "qqqqq"],
    ],
)
def test_a_wrong_call_is_told(home, wrong):
    run = finished("report", *wrong)
    assert (run.code, run.out) == (2, "")
    assert len(run.err) > 20
