"""What a person does on the pages: who may, what comes of it, and what is refused."""

from __future__ import annotations

import base64
import json
import re
import threading
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

import pytest

from tests.loopback import StatusHost, component, incident, statuspage, update
from tests.receiver import Receiver, Says
from tests.waiting import wait_until
from tray_status.acting import Acting
from tray_status.config import choose_pages, load_settings
from tray_status.config.choice import rules_of
from tray_status.config.file import SettingsHere
from tray_status.core.wishes import Wish
from tray_status.engine import Engine
from tray_status.errors import UsageError
from tray_status.outputs.targets import make_targets
from tray_status.web.key import FILE, VARIABLE, Key, key_of
from tray_status.web.server import Server
from tray_status.web.site import Site

from .showing import TROUBLE, Shown, acme, ask

KEY = Key("a-long-enough-password", "in the test")
PARTS = [component("API", id="c1"), component("Web", id="c2")]


class Home:
    """An engine over one page, with settings on disk, and its site served."""

    def __init__(self, folder, host):
        self.host = host
        self.path = folder / "config.toml"
        self.path.write_text(f'# mine\n[[pages]]\nname = "Acme"\nurl = "{host.url}"\n')
        self.checked = 0
        self.engine = Engine(self._pages(), folder / "history.sqlite3")
        self.engine.poller.start()
        assert self.engine.wait_for_round(20)
        here = SettingsHere(self.path, lambda: rules_of(load_settings(self.path)), self._take_up)
        self.acting = Acting(self.engine, self._check, here, self._targets)
        self.server = Server(Site(self.engine, self.acting, KEY), "127.0.0.1", 0)
        self.url = self.server.url

    def _pages(self):
        return choose_pages(load_settings(self.path), (), {}, 3600.0)

    def _targets(self):
        return make_targets(load_settings(self.path), {}, self.path.parent, self.engine.fetcher.post)

    def _take_up(self):
        self.engine.watch(self._pages())

    def _check(self):
        self.checked += 1

    def post(self, path="/do", headers=None, **fields):
        fields.setdefault("mark", KEY.mark)
        body = urlencode(fields, doseq=True)
        told = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", **(headers or {})}
        return ask(self.url, path, "POST", told, body)

    def do(self, **fields):
        """What is said of it where it is done."""
        status, _, text = self.post(**fields)
        assert status == 200, text
        return json.loads(text)["words"]

    def wishes(self):
        return {(each.wish, each.page_id, each.incident_id): each.until for each in self.engine.wishes()}

    def close(self):
        self.server.close()
        self.engine.stop()


@pytest.fixture
def host():
    trouble = incident("inc1", update("u1"))
    with StatusHost(statuspage(trouble, components=PARTS), etags=True) as serving:
        yield serving


@pytest.fixture
def home(tmp_path, host):
    made = Home(tmp_path, host)
    yield made
    made.close()


@pytest.fixture
def page(home):
    return home.engine.pages[0].id


# --- what can be done -----------------------------------------------------------------------------------------------


def test_an_incident_is_acknowledged_followed_and_muted_and_each_can_be_undone(home, page):
    about = {"page": page, "incident": "inc1"}
    for verb, wish in (("acknowledge", Wish.ACKNOWLEDGE), ("follow", Wish.FOLLOW), ("mute", Wish.MUTE)):
        home.do(do=verb, **about)
        assert home.wishes() == {(wish, page, "inc1"): None}
        words = {"acknowledge": "acknowledged", "follow": "followed", "mute": "muted"}[verb]
        text = ask(home.url)[2]
        assert re.search(rf"<dt>You</dt>\s*<dd>{words}</dd>", text)
        assert f'value="un{verb}"' in text
        home.do(do=f"un{verb}", **about)
        assert home.wishes() == {}


def test_a_mute_ends_when_it_was_said_to(home, page):
    home.do(do="mute:1h", page=page, incident="inc1")
    (until,) = home.wishes().values()
    assert timedelta(minutes=59) < until - datetime.now(timezone.utc) <= timedelta(hours=1)


def test_checks_and_pauses(home):
    assert home.do(do="check") == "Checking all pages now."
    assert home.checked == 1
    home.do(do="pause:1h")
    assert "Notices are paused until" in ask(home.url)[2]
    home.do(do="resume")
    assert home.wishes() == {}


def test_a_page_is_looked_at_with_its_components_and_watched_in_part(home):
    other = statuspage(components=PARTS)
    with StatusHost(other) as second:
        status, _, text = home.post("/find", wanted=second.url)
        assert status == 200
        assert "Statuspage, 2 components" in text
        assert 'name="component" value="Web"' in text
        said = home.do(do="add", wanted=second.url, component=["Web"])
        assert said.endswith("is watched from now on.")
        assert len(home.engine.pages) == 2
        assert home.engine.pages[1].components == ("Web",)
        assert home.path.read_text().startswith("# mine\n")
        assert home.post(do="add", wanted=second.url)[0] == 400
        home.do(do="remove", page=home.engine.pages[1].id)
        assert len(home.engine.pages) == 1


def test_what_is_no_status_page_is_told_and_not_added(home):
    with StatusHost({}) as nothing:
        text = home.post("/find", wanted=nothing.url)[2]
        assert "was not found" in text
        status, _, told = home.post(do="add", wanted=nothing.url)
        assert (status, "was not added" in json.loads(told)["words"]) == (400, True)
    assert home.post("/find", wanted="no such name")[0] == 400
    assert len(home.engine.pages) == 1


def test_settings_are_changed_in_place(home, page):
    home.do(do="threshold", **{"from": "major"})
    home.do(do="threshold", page=page, **{"from": "minor"})
    home.do(do="quiet", hours="22:00-7:00", **{"except": "major"})
    home.do(do="sounds", on="1")
    home.do(do="choose", page=page, component=["API"])
    settings = load_settings(home.path)
    assert (settings.notify_from, settings.quiet_hours, settings.quiet_except, settings.sounds) == (
        "major", "22:00-07:00", "major", True,
    )  # fmt: skip
    assert (settings.pages[0].notify_from, settings.pages[0].components) == ("minor", ("API",))
    assert home.path.read_text().startswith("# mine\n")
    assert home.engine.pages[0].components == ("API",)
    for shown in ('value="22:00-07:00"', "only API", "notices from minor"):
        assert shown in ask(home.url, "/settings")[2]
    assert 'value="API" checked' in ask(home.url, f"/components?id={page}")[2].replace("\n", "")


def test_a_webhook_is_tried_with_a_button_and_says_what_came_back(home):
    with Receiver() as receiver:
        address = f"http://127.0.0.1:{receiver.port}/in"
        home.path.write_text(home.path.read_text() + f'[[webhooks]]\nname = "team"\nurl = "{address}"\n')
        text = ask(home.url, "/settings")[2]
        assert 'value="webhook:team"' in text
        assert "/in" not in text  # the address is a secret
        assert "took it" in home.do(do="test", target="webhook:team")
        assert [each.json["incident"]["name"] for each in receiver.got] == ["A test of Tray Status"]
        receiver.says = lambda _: Says(403)
        status, _, told = home.post(do="test", target="webhook:team")
        assert (status, "did not take it" in told, "403" in told) == (400, True, True)
    assert home.post(do="test", target="webhook:gone")[0] == 400


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "nothing"}, {"do": ""}, {"do": "mute:soon", "page": "acme"}, {"do": "mute", "page": "nobody"},
        {"do": "acknowledge", "page": "acme", "incident": "gone"}, {"do": "quiet", "hours": "late"},
        {"do": "threshold", "from": "bad"}, {"do": "remove", "page": "nobody"}, {"do": "choose", "page": "nobody"},
        {"do": "add", "wanted": ""}, {"do": "add", "wanted": "javascript:alert(1)"},
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_in_words_and_changes_nothing(home, fields):
    before = home.path.read_text()
    status, headers, text = home.post(**fields)
    assert (status, headers["Content-Type"]) == (400, "application/json")
    told = json.loads(text)
    assert told["done"] is False
    assert len(told["words"]) > 15
    assert (home.path.read_text(), home.wishes()) == (before, {})


def test_without_a_script_it_goes_back_to_where_the_form_stood_and_nowhere_else(home, page):
    plain = {"Accept": "text/html"}
    for back, expected in (
        ("/page?id=x", "/page?id=x"),
        ("//evil.example/", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
    ):
        status, headers, _ = home.post(do="follow", page=page, incident="inc1", back=back, headers=plain)
        assert (status, headers["Location"]) == (303 if status == 303 else 302, expected)


# --- who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"mark": ""}, {}),
        ({"mark": KEY.password}, {}),
        ({"mark": Key("another-long-password", "").mark}, {}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Origin": "null"}),
        ({}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"Sec-Fetch-Site": "same-site"}),
        ({"mark": ""}, {"Authorization": "Bearer wrong"}),
        ({"mark": ""}, {"Authorization": "Basic " + base64.b64encode(f"x:{KEY.password}".encode()).decode()}),
    ],
)
def test_what_did_not_come_from_our_own_page_changes_nothing(home, page, fields, headers):
    for path in ("/do", "/find"):
        status, _, text = home.post(path, headers=headers, do="mute", page=page, wanted="openai", **fields)
        assert (status, home.wishes()) == (403, {})
        assert "Load it anew" in text


def test_our_own_origin_and_who_knows_the_password_may(home, page):
    ours = {"Origin": home.url.rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert home.post(do="mute", page=page, headers=ours)[0] == 200
    token = {"Authorization": f"Bearer {KEY.password}"}
    assert home.post(do="unmute", page=page, mark="", headers=token)[0] == 200
    assert home.wishes() == {}


def test_a_page_that_only_shows_has_no_buttons_and_does_nothing():
    source = Shown(acme(TROUBLE))
    with Server(source.site, "127.0.0.1", 0) as server:
        assert "<button" not in ask(server.url)[2]
        body = urlencode({"mark": source.site.key.mark, "do": "check"})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert ask(server.url, "/do", "POST", kind, body)[0] == 403


def open_to_all(source, **more):
    return Server(Site(source, key=KEY, shut=True, **more), "127.0.0.1", 0)


def basic(password, user="me"):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_beyond_this_computer_the_password_is_asked_for_everywhere_but_for_the_heartbeat():
    with open_to_all(Shown(acme(TROUBLE))) as server:
        for path in ("/", "/history", "/api/v1/status", "/metrics", "/feed.atom", "/static/page.js", "/do"):
            for wrong in ({}, basic("wrong"), {"Authorization": "Basic %%%"}, {"Authorization": "Bearer"}):
                status, headers, text = ask(server.url, path, headers=wrong)
                assert (status, "Elevated" in text) == (401, False)
                assert headers["WWW-Authenticate"].startswith("Basic ")
        assert ask(server.url, "/healthz")[::2] == (200, "ok\n")
        for right in (basic(KEY.password), basic(KEY.password, ""), {"Authorization": f"Bearer {KEY.password}"}):
            assert "Elevated errors" in ask(server.url, headers=right)[2]
        assert ask(server.url, headers={"Host": "evil.example", **basic(KEY.password)})[0] == 400


def test_behind_a_proxy_the_password_is_asked_for_too():
    with Server(Site(Shown(acme(TROUBLE)), key=KEY), "127.0.0.1", 0) as server:
        assert ask(server.url)[0] == 200
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
            assert ask(server.url, headers={header: "192.0.2.1"})[0] == 401
            assert ask(server.url, headers={header: "192.0.2.1", **basic(KEY.password)})[0] == 200


def test_the_password_is_kept_for_its_owner_and_outlives_the_program(tmp_path):
    first = key_of(tmp_path, {})
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert key_of(tmp_path, {}) == first
    assert str(tmp_path) in first.where
    assert first.password not in first.where
    assert first.password not in first.mark
    own = key_of(tmp_path, {VARIABLE: "my very own password"})
    assert (own.password, VARIABLE in own.where) == ("my very own password", True)
    with pytest.raises(UsageError, match=VARIABLE):
        key_of(tmp_path, {VARIABLE: "short"})
    (tmp_path / FILE).write_bytes(b"\xff")
    assert len(key_of(tmp_path, {}).password) > 20
    assert key_of(None, {}) != key_of(None, {})


def test_of_two_that_look_for_a_page_at_once_one_is_told_to_wait_and_the_page_stays_there_for_all(home):
    answers = []
    with StatusHost(statuspage()) as slow:
        slow.hang()
        looking = [
            threading.Thread(target=lambda: answers.append(home.post("/find", wanted=slow.url))) for _ in range(2)
        ]
        for each in looking:
            each.start()
        wait_until(lambda: answers, "the refusal", 20)
        assert "another page is being looked at" in answers[0][2].casefold()
        assert ask(home.url)[0] == 200
        slow.release()
        for each in looking:
            each.join(30)
    assert [status for status, _, _ in answers] == [400, 200]
