"""Icon, menu and notices in this person's language; what scripts read stays English."""

from __future__ import annotations

import ast
import gettext
import string
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.program.running import finished
from tests.specimens import ACME, NOW, TIMEOUT, event, incident, state_of, update
from tray_status.core import notice_words, wording
from tray_status.core.events import EventKind
from tray_status.core.language import ENGLISH, ntr, speaking, tr
from tray_status.core.measure import length
from tray_status.core.model import Impact, Kind, Reading, State
from tray_status.core.notice_words import away_digest, greeting, notice, reminder
from tray_status.core.probe import Verdict
from tray_status.core.view import look
from tray_status.core.wording import tooltip
from tray_status.outputs.notifications.held import TITLES
from tray_status.system.language import FOLDER, tongue_of
from tray_status.tray import choosing
from tray_status.tray.menu import Shown, build, incidents, whole, wishing

LANGUAGES = ("de", "fr")
PACKAGE = Path(wording.__file__).parents[1]


def literals(tree, names):
    """The texts that are given to these functions, in whatever way one is chosen."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield (
                node.func.id,
                [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)],
            )


def wanted():
    """All that may have to be said: what stands in calls, and what is looked up by kind."""
    singles, plurals = set(), set()
    sources = [
        PACKAGE / "desktop.py",
        *(path for name in ("core", "tray", "outputs") for path in (PACKAGE / name).rglob("*.py")),
    ]
    for path in sources:
        for name, texts in literals(ast.parse(path.read_text("utf-8")), ("tr", "ntr")):
            if name == "tr" and texts:
                singles.add(texts[0])
            elif name == "ntr":
                plurals.add((texts[0], texts[1]))
    told = [state.value.replace("_", " ") for state in State]
    singles |= {word[:1].upper() + word[1:] for word in told} | {"Update"}
    for words in (
        wording.IMPACT_WORDS,
        wording.STANDING_WORDS,
        wording.HEADLINES,
        wording.READING_WORDS,
        notice_words._NOTICE_VERBS,
        TITLES,
        wishing._MUTED,
    ):
        singles |= set(words.values())
    singles |= {each.value for each in Verdict}
    singles |= {
        each.label for each in (notice_words.ACKNOWLEDGE, notice_words.MUTE, notice_words.CHOOSE, notice_words.LOGIN)
    }
    singles |= {label for label, _ in whole.THRESHOLDS} | {label for label, _ in wishing.SPANS} | {incidents.NO_WORDS}
    singles |= {"For good", "Until resolved", "Until it is over", "Acknowledge", "Acknowledged"}
    singles |= {"Follow until resolved", "Followed until resolved"}
    singles |= {"Its icon is in the tray; a click on it shows what is open."}
    body = next(
        node
        for node in ast.parse(Path(choosing.__file__).read_text("utf-8")).body
        if getattr(node, "name", "") == "_came_to_nothing"
    )
    singles |= {node.value.value for node in ast.walk(body) if isinstance(node, ast.Return)}
    return singles, plurals


def catalogue(language):
    babel = pytest.importorskip("babel.messages.pofile")
    with (FOLDER / language / "LC_MESSAGES" / "tray-status.po").open("rb") as file:
        return babel.read_po(file, locale=language)


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_all_words_with_all_that_is_filled_in_and_nothing_else(language):
    singles, plurals = wanted()
    told = {message.id: message.string for message in catalogue(language) if message.id}
    assert {key for key in told if isinstance(key, str)} == singles
    assert {key for key in told if not isinstance(key, str)} == plurals
    for key, words in told.items():
        for one, other in zip(*(([key], [words]) if isinstance(key, str) else (key, words)), strict=True):
            assert other, key
            assert fields(one) == fields(other), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_loaded_is_what_is_written(language):
    tongue = gettext.translation("tray-status", FOLDER, [language])
    for message in catalogue(language):
        if message.id and isinstance(message.id, str):
            assert tongue.gettext(message.id) == message.string
        elif message.id:
            assert (tongue.ngettext(*message.id, 1), tongue.ngettext(*message.id, 2)) == message.string


GERMAN = tongue_of("de")
TROUBLE = incident(update(1), update(2, State.IDENTIFIED, "A cable."))


def labels(entries):
    for entry in entries:
        yield entry.label
        yield from labels(entry.children)


def test_the_menu_speaks_it():
    overview = look([state_of(ACME, TROUBLE, tracked=3)], NOW)
    with speaking(GERMAN):
        told = list(labels(build(Shown(overview, NOW, can_copy=True))))
    for words in (
        "1 Störung offen, am schlimmsten: Leicht",
        "Zur Kenntnis nehmen",
        "Benachrichtigungen anhalten",
        "Beenden",
    ):
        assert words in told
    assert any(label.startswith("Jetzt prüfen (zuletzt ") for label in told)
    english = list(labels(build(Shown(overview, NOW, can_copy=True))))
    assert "Quit" in english
    words_of_ours = {each for each in english if each not in told}
    assert len(words_of_ours) > 20


def test_notices_and_the_tooltip_speak_it():
    ended = incident(update(1), update(72, State.RESOLVED), state=State.RESOLVED, resolved_at=NOW)
    with speaking(GERMAN):
        opened, over = notice(event(EventKind.OPENED, TROUBLE), "2 Std."), notice(event(EventKind.RESOLVED, ended))
        assert opened.title == "Acme: neue Störung"
        assert "Ursache gefunden · Leicht · API" in opened.body
        assert "meist binnen 2 Std. behoben" in opened.body
        assert [each.label for each in opened.actions] == ["Zur Kenntnis nehmen", "1 Std. stumm"]
        assert "Behoben nach 1 Std." in over.body
        assert notice(event(EventKind.PAGE_UNREADABLE, problem=TIMEOUT)).title == "Acme: nicht lesbar"
        assert (
            away_digest([event(EventKind.OPENED, TROUBLE)]).title == "Während du weg warst: 1 Störung, 1 noch offen"
        )
        planned = incident(kind=Kind.MAINTENANCE, scheduled_for=NOW + timedelta(minutes=30))
        assert reminder(ACME, planned, NOW).title == "Acme: Wartung beginnt in 30 Min."
        assert greeting(["Acme"], tray=True).title == "Tray Status wacht"
        title, _ = tooltip(look([state_of(ACME, reading=Reading.OFFLINE)], NOW), NOW)
        assert title == "Tray Status: offline"
        assert length(timedelta(minutes=72)) == "1 Std. 12 Min."
    assert notice(event(EventKind.OPENED, TROUBLE)).title == "Acme: new incident"


def test_it_holds_within_and_on_this_thread_alone():
    said = []
    with speaking(GERMAN):
        assert tr("Quit") == "Beenden"
        thread = threading.Thread(target=lambda: said.append(tr("Quit")))
        thread.start()
        thread.join()
        with speaking(ENGLISH):
            assert tr("Quit") == "Quit"
        assert ntr("{n} page", "{n} pages", 2) == "2 Seiten"
    assert (tr("Quit"), said) == ("Quit", ["Quit"])


def test_words_of_vendors_with_braces_stay_as_they_are():
    with speaking(GERMAN):
        assert tr("{n} of {vendor}'s own") == "{n} of {vendor}'s own"
        odd = incident(update(1, text="{0} {x!r}"), name="{name}")
        assert "{name}" in notice(event(EventKind.OPENED, odd)).body
        assert tr("") == ""


@pytest.mark.parametrize(
    ("setting", "environment", "quit_word"),
    [
        ("auto", {"LANG": "de_AT.UTF-8"}, "Beenden"),
        ("auto", {"LANG": "C.UTF-8"}, "Quit"),
        ("auto", {"LANGUAGE": "xx:fr:de", "LANG": "de_DE.UTF-8"}, "Quitter"),
        ("auto", {"LANGUAGE": "en_GB:de"}, "Quit"),
        ("auto", {"LC_ALL": "fr_CA@euro", "LANG": "de_DE"}, "Quitter"),
        ("auto", {"LANG": "ja_JP.UTF-8"}, "Quit"),
        ("auto", {"LANG": "../../../etc"}, "Quit"),
        ("de", {"LANG": "fr_FR"}, "Beenden"),
        ("en", {"LANG": "fr_FR"}, "Quit"),
    ],
)
def test_the_language_is_the_persons_own(setting, environment, quit_word):
    with speaking(tongue_of(setting, environment)):
        assert tr("Quit") == quit_word


def test_what_scripts_and_consoles_read_stays_english(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    told = finished("--console", "--once", "--page", "http://127.0.0.1:9")
    assert "cannot be read" in told.out
    assert "0 incidents tracked on 1 page, 0 open." in told.out
    assert Impact.MINOR.value == "minor"
