"""`history`, `export --history`, `import` of it and `backfill`, as a person types them."""

from __future__ import annotations

import json

import pytest

from tests.loopback import StatusHost, incident, statuspage, update

from .running import finished


@pytest.fixture
def host():
    over = incident(
        "old", update("u1"), update("u2", "resolved", "All is well."), name="Lost mail", status="resolved"
    )
    documents = statuspage(incident("now", update("u3"), impact="major"), over)
    documents["/history.json?page=1"] = {
        "months": [{"name": "March", "year": 2026, "incidents": [{"code": "older"}]}]
    }
    documents["/incidents/older.json"] = {**over, "id": "older", "name": "Lost post"}
    with StatusHost(documents) as serving:
        yield serving


@pytest.fixture
def read(host):
    assert finished("add", host.url, "--name", "Mine").code == 0
    assert finished("status", "Mine").code == 0


def test_the_past_is_looked_through_in_the_terminal(host, read):
    told = finished("history")
    assert told.code == 0
    assert [line.split("  ")[1].split(" (")[0] for line in told.out.splitlines()] == [
        "Mine: Elevated errors", "Mine: Lost mail",
    ]  # fmt: skip
    found = finished("history", "all", "WELL", "--page", "mine", "--json")
    row = json.loads(found.out)
    assert (row["count"], row["incidents"][0]["name"], len(row["incidents"][0]["updates"])) == (1, "Lost mail", 2)
    nothing = finished("history", "--impact", "critical")
    assert (nothing.code, nothing.out) == (1, "")
    wrong = finished("history", "--since", "soon")
    assert (wrong.code, "“soon” is neither a day nor a span" in wrong.err) == (2, True)


def test_a_history_goes_to_another_home_and_back(host, read, tmp_path):
    file = tmp_path / "all.jsonl"
    assert finished("export", "--history", str(file)).code == 0
    assert finished("export", "--history").out == file.read_text("utf-8")
    other = tmp_path / "other"
    taken = finished("--home", str(other), "import", str(file))
    assert (taken.code, "2 incidents and" in taken.out) == (0, True)
    assert finished("--home", str(other), "export", "--history").out == file.read_text("utf-8")
    again = finished("import", str(file))
    assert (again.code, "0 new incidents were taken in" in again.out) == (0, True)
    dry = finished("--home", str(tmp_path / "third"), "import", "--dry-run", str(file))
    assert (dry.code, "nothing was changed" in dry.out) == (0, True)
    assert not (tmp_path / "third" / "tray-status.sqlite3").exists()


def test_a_history_with_a_wrong_line_is_refused_whole(host, read, tmp_path):
    file = tmp_path / "all.jsonl"
    finished("export", "--history", str(file))
    file.write_text(file.read_text("utf-8") + "{\n", "utf-8")
    other = finished("--home", str(tmp_path / "other"), "import", str(file))
    assert other.code == 2
    assert f"{file}: line " in other.err
    assert "it is no JSON" in other.err
    assert finished("export", "--history", str(tmp_path / "none" / "x")).code == 2


def test_the_past_of_a_page_is_read_as_far_as_it_tells(host, read):
    filled = finished("backfill", "--since", "2020-01-01")
    assert filled.code == 1
    assert "OpenAI was not read yet" in filled.err
    assert filled.out == "Mine: 1 incident added, 0 known before.\n"
    assert "Lost post" in finished("history").out
    assert finished("backfill", "--since", "x").code == 2
