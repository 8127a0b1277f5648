"""Every platform through the same cases: what a vendor says in its dialect is what is told, once, and never green."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.providers.dialects import DIALECTS
from tests.providers.dialects.dialect import API, WEB, at, incident, maintenance, said
from tests.providers.vendor import VendorPage, encoded
from tray_status.core.merge import SYNTHETIC
from tray_status.core.model import Impact, Snapshot, State
from tray_status.core.text import safe_url
from tray_status.errors import NotThisPlatform
from tray_status.providers.documents import Document, Situation, Told
from tray_status.providers.registry import PLATFORMS, platform_names

BY_NAME = {platform.name: platform for platform in PLATFORMS}

pytestmark = pytest.mark.parametrize("dialect", [pytest.param(each, id=name) for name, each in DIALECTS.items()])


def first_state(dialect):
    return dialect.states[0]


def begun(dialect, **more):
    """An open incident that the dialect can tell."""
    told = {"impact": dialect.impacts[-1], **more}
    return incident(said(0, first_state(dialect), "We look into it."), **told)


def over(dialect, **more):
    return incident(
        said(0, first_state(dialect), "We look into it."), said(30, State.RESOLVED, "All is well."),
        impact=dialect.impacts[-1], **more,
    )  # fmt: skip


def paths_of(value, path=()):
    """All places in a JSON value: dictionaries' keys and lists' places."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield (*path, key)
        yield from paths_of(each, (*path, key))


def bent(document, path, change):
    """A copy with one place changed; `change` gets the container and the key."""
    copy = json.loads(json.dumps(document))
    place = copy
    for key in path[:-1]:
        place = place[key]
    change(place, path[-1])
    return copy


def remove(place, key):
    place.pop(key)


def json_documents(dialect, *incidents):
    """The dialect's documents that are JSON, with all others beside them."""
    documents = dialect.write(incidents, (API, WEB))
    return documents, [path for path, each in documents.items() if isinstance(each, (dict, list))]


# --- finding it ---------------------------------------------------------------------------------------------------


def test_a_page_is_found_by_itself_and_read_as_green_when_all_is_well(dialect, record_property):
    page = VendorPage(dialect).says()
    assert page.poll() == []
    assert page.is_read, page.view.problem
    assert page.platform == dialect.platform
    assert page.is_green
    if dialect.page_name:
        assert page.view.page.name == dialect.page_name
    assert len(page.asked) <= dialect.most_requests + 3, page.asked
    if dialect.components:
        assert {each.name for each in page.view.state.components} == {"API", "Web"}


def test_what_was_found_is_remembered(dialect):
    page = VendorPage(dialect).says(begun(dialect))
    page.poll()
    page.asked.clear()
    page.poll()
    assert len(page.asked) <= 6, page.asked
    assert page.address not in page.asked, "the web page is looked at to find the platform alone"


def test_a_host_that_answers_every_path_alike_is_no_page_of_this_platform(dialect):
    for answer in (
        b"<!doctype html><html><head><title>Status</title></head><body>Operational</body></html>",
        b"{}",
        b"[]",
        b'{"status": "ok"}',
        b'{"data": []}',
        b'{"error": "not found"}',
        b'"ok"',
    ):
        page = VendorPage(dialect, address="https://www.zenith.example").serves({})
        page.catch_all = answer
        page.poll()
        assert not page.is_read, answer
        assert not page.is_green


def test_it_takes_no_other_platforms_documents_for_its_own(dialect):
    for other in DIALECTS.values():
        page = VendorPage(other).says(begun(other))
        page.poll()
        assert page.platform == other.platform, f"{other.platform} was taken for {page.platform}"


def test_it_is_a_platform_of_the_registry(dialect):
    assert dialect.platform in platform_names()


# --- an incident's life -------------------------------------------------------------------------------------------


def test_an_open_incident_is_told_once_with_all_that_the_page_says_of_it(dialect):
    for impact in dialect.impacts:
        page = VendorPage(dialect).says(begun(dialect, impact=impact))
        assert page.poll() == ["opened"]
        (event,) = page.events
        assert event.incident.name == "Elevated errors" or not (dialect.incidents and dialect.titles)
        assert event.incident.shown_impact is impact
        if dialect.incidents:
            assert event.incident.state is first_state(dialect)
        if dialect.words:
            assert event.update.text == "We look into it."
        if dialect.products:
            assert event.incident.components == ("API",)
        if event.incident.url:
            assert safe_url(event.incident.url)
        assert not page.is_green
        assert page.poll(3) == []


def test_each_new_update_is_told_once(dialect):
    if len(dialect.states) < 2:
        pytest.skip("an open incident has one state here")
    words = [said(10 * place, state, f"Words {place}.") for place, state in enumerate(dialect.states)]
    page = VendorPage(dialect).says(incident(words[0]))
    page.poll()
    for count in range(2, len(words) + 1):
        page.says(incident(*words[:count]))
        assert page.poll() == ["updated"]
        event = page.events[-1]
        assert event.incident.state is words[count - 1].state
        if dialect.words:
            assert event.update.text == f"Words {count - 1}."
        assert page.poll(2) == []


def test_several_updates_between_two_polls_are_all_told_in_order(dialect):
    if not (dialect.every_update and dialect.words):
        pytest.skip("it does not tell them all")
    state = dialect.states[-1]
    words = [said(0, first_state(dialect)), *(said(place, state, f"Words {place}.") for place in (5, 6, 7))]
    page = VendorPage(dialect).says(incident(words[0]))
    page.poll()
    page.says(incident(*words))
    assert page.poll() == ["updated"] * 3
    assert [event.update.text for event in page.events[1:]] == ["Words 5.", "Words 6.", "Words 7."]
    assert page.poll(2) == []


def test_an_edited_update_is_told_as_edited(dialect):
    if not (dialect.words and dialect.update_ids):
        pytest.skip("its updates cannot be told apart")
    page = VendorPage(dialect).says(incident(said(0, first_state(dialect), "We look into it.")))
    page.poll()
    page.says(incident(said(0, first_state(dialect), "We look into it, together with our provider.")))
    assert page.poll() == ["edited"]
    assert page.poll(2) == []


def test_a_resolution_is_told_once_and_the_page_is_green_again(dialect):
    page = VendorPage(dialect).says(begun(dialect))
    page.poll()
    page.says(over(dialect))
    kinds = page.poll(3)
    assert kinds == ["resolved"]
    assert page.is_green, page.view
    if dialect.keeps_resolved and dialect.words and dialect.every_update:
        assert page.events[-1].update.text == "All is well."
    assert page.poll(2) == []


def test_two_open_incidents_are_two(dialect):
    if not dialect.incidents:
        pytest.skip("machines find one outage a component")
    page = VendorPage(dialect).says(
        begun(dialect), incident(said(5, first_state(dialect)), id="inc2", name="Slow logins", touches=(WEB,))
    )
    assert page.poll() == ["opened", "opened"]
    names = {each.name for each in page.view.open_incidents}
    assert names == {"Elevated errors", "Slow logins"} or (len(names) == 2 and not dialect.titles)


def test_an_old_resolved_incident_is_no_news(dialect):
    page = VendorPage(dialect).says(over(dialect))
    assert page.poll(2) == []
    assert page.is_green


def test_a_maintenance_is_told_when_it_starts_and_ends(dialect):
    if not dialect.maintenance:
        pytest.skip("no maintenance is told here")
    planned = maintenance(said(0, State.SCHEDULED, "Soon."))
    started = maintenance(said(0, State.SCHEDULED, "Soon."), said(60, State.IN_PROGRESS, "Now."))
    ended = maintenance(*started.updates, said(110, State.COMPLETED, "Done."))
    page = VendorPage(dialect).says()
    page.poll()
    if dialect.scheduled:
        page.says(planned)
        assert page.poll(dialect.patience) == ["maintenance_scheduled"]
        assert page.is_green
        (coming,) = page.view.maintenances
        assert coming.name == "New cables" or not dialect.titles
        assert coming.scheduled_for == (at(60) if dialect.due else None)
    page.says(started)
    assert page.poll(dialect.patience)[-1:] == ["maintenance_started"]
    assert page.view.impact is Impact.MAINTENANCE
    page.says(ended)
    assert page.poll(max(3, dialect.patience)) == ["maintenance_ended"]
    assert page.is_green


def test_a_component_in_trouble_is_not_green(dialect):
    if not dialect.components:
        pytest.skip("no component is told here")
    down = type(API)(API.id, API.name, Impact.CRITICAL)
    page = VendorPage(dialect).says(components=(down, WEB))
    page.poll()
    assert page.is_read, page.view.problem
    assert not page.is_green


# --- what vendors get wrong ---------------------------------------------------------------------------------------


def test_a_word_that_nobody_knows_is_never_green_and_is_noted(dialect):
    documents, paths = json_documents(dialect, begun(dialect))
    tried = 0
    for path in paths:
        for place in list(paths_of(documents[path])):
            value = documents[path]
            for key in place:
                value = value[key]
            if not isinstance(value, (str, int)) or str(value) not in dialect.vocabulary:
                continue
            tried += 1
            bending = bent(documents[path], place, lambda where, key: where.__setitem__(key, "flibbertigibbet"))
            page = VendorPage(dialect).serves({**documents, path: bending})
            page.poll()
            assert not page.is_green, place
    assert tried or not dialect.vocabulary


def test_without_any_one_field_an_open_incident_is_never_green(dialect):
    documents, paths = json_documents(dialect, begun(dialect))
    for path in paths:
        for place in list(paths_of(documents[path])):
            if place[-1] in dialect.green_without or place in dialect.green_without:
                continue
            for change in (
                remove,
                lambda where, key: where.__setitem__(key, None),
                lambda where, key: where.__setitem__(key, {"what": ["is", 1.5]}),
            ):
                page = VendorPage(dialect).serves({**documents, path: bent(documents[path], place, change)})
                page.poll()
                assert not page.is_green, place


def test_a_known_incident_survives_any_one_damaged_answer(dialect):
    documents, paths = json_documents(dialect, begun(dialect))
    for path in paths:
        for damaged in (b"", b"{", b"null", b"[]", b"{}", b"<html></html>", b"\xff\xfe"):
            page = VendorPage(dialect).serves(documents)
            page.poll()
            page.serves({**documents, path: damaged})
            assert [kind for kind in page.poll() if kind != "page_unreadable"] == []
            assert not page.is_green, (path, damaged)
            page.serves(documents)
            assert [kind for kind in page.poll(2) if kind != "page_readable"] == []
            assert page.is_read


def test_a_green_page_whose_list_cannot_be_read_any_more_is_not_green(dialect):
    documents, paths = json_documents(dialect, begun(dialect))
    for path in paths:
        for place in list(paths_of(documents[path])):
            value = documents[path]
            for key in place:
                value = value[key]
            if not isinstance(value, list) or not value or place[-1] in dialect.green_without:
                continue
            for garbage in ("nonsense", [7, None, "x"]):
                page = VendorPage(dialect).says()
                page.poll()
                assert page.is_green
                bending = bent(documents[path], place, lambda where, key, told=garbage: where.__setitem__(key, told))
                page.serves({**documents, path: bending})
                page.poll(2)
                assert not page.is_green, place


HOSTILE = (
    "\x1b]0;owned\x07\x1b[31m<script>alert(1)</script><b>Bold</b> \u202egnp.exe\u200b &amp; “ok”\x00" + "x" * 500
)


def test_hostile_text_arrives_as_plain_words(dialect):
    if not dialect.incidents:
        pytest.skip("nobody writes here")
    page = VendorPage(dialect).says(
        incident(
            said(0, first_state(dialect), HOSTILE), name=HOSTILE, touches=(type(API)("c1", HOSTILE, Impact.NONE),)
        )
    )
    page.poll()
    (event,) = page.events
    shown = [event.incident.name, *event.incident.components, (event.update.text or "")]
    shown += [component.name for component in page.view.state.components]
    for text in shown:
        assert not set(text) & set("\x1b\x00\x07\u202e\u200b"), text
        assert "<script" not in text
        assert "<b>" not in text
    assert len(event.incident.name) <= 300


def test_a_link_that_is_no_web_address_is_not_kept(dialect):
    documents, paths = json_documents(dialect, begun(dialect))
    for path in paths:
        text = json.dumps(documents[path])
        for link in ("javascript:alert(1)", "file:///etc/passwd", "https://a:b@evil.example/"):
            bending = json.loads(text.replace('"https://status.acme.example/', f'"{link}/'))
            page = VendorPage(dialect).serves({**documents, path: bending})
            page.poll()
            for each in page.view.open_incidents:
                assert each.url is None or safe_url(each.url)


# --- properties ---------------------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


def shaped(value):
    """JSON in the shape of a document, with any of its places replaced by anything."""
    if isinstance(value, dict):
        inner = st.fixed_dictionaries({key: shaped(each) for key, each in value.items()})
    elif isinstance(value, list):
        inner = st.tuples(*(shaped(each) for each in value)).map(list)
    else:
        inner = st.just(value)
    return st.one_of(inner, inner, inner, inner, inner, inner, anything)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_document_makes_a_reader_raise(dialect, data):
    platform = BY_NAME.get(dialect.platform)
    if platform is None:
        pytest.skip("the v2 family has a test of its own")
    documents, paths = json_documents(dialect, begun(dialect), maintenance(said(0, State.SCHEDULED)))
    told = {}
    for path, document in documents.items():
        value = data.draw(shaped(document)) if path in paths else document
        told[path] = Document(Told.FRESH, encoded(value, dialect.encoding))
    for path, document in told.items():
        assert platform.is_mine(document) in (True, False)
        situation = Situation(
            address=dialect.address, platform=dialect.platform, source=path.removesuffix(platform.path)
        )
        if path != platform.main(situation.source):
            continue
        try:
            snapshot = platform.read(situation, told)
        except NotThisPlatform:
            continue
        assert isinstance(snapshot, Snapshot)
        for each in snapshot.incidents:
            assert each.id
            assert each.name
            assert each.name.isprintable()
        for component in snapshot.components or ():
            assert component.id
            assert component.name


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_split_of_a_history_gives_the_same_events_once(dialect, data):
    if not (dialect.every_update and dialect.words and dialect.keeps_resolved):
        pytest.skip("what comes between two polls is not told here")
    words = [said(10 * place, state, f"Words {place}.") for place, state in enumerate(dialect.states)]
    words.append(said(90, State.RESOLVED, "Over."))
    history = [[incident(*words[: count + 1])] for count in range(len(words))]
    other = [said(95, first_state(dialect), "Again?"), said(99, State.RESOLVED, "No.")]
    history += [
        [incident(*words), incident(*other[:count], id="inc2", name="Slow logins", touches=(WEB,))]
        for count in (1, 2)
    ]
    shown = [step for step in range(len(history) - 1) if data.draw(st.booleans())]
    page = VendorPage(dialect).says()
    page.poll()
    for step in [*shown, len(history) - 1]:
        page.says(*history[step])
        page.poll()
    page.poll(dialect.hindsight)
    assert [event.update.text for event in page.events] == [*(each.text for each in words), "Again?", "No."]
    assert [event.kind.value for event in page.events].count("resolved") == 2
    ids = [(event.incident.id, event.update.id) for event in page.events]
    assert len(set(ids)) == len(ids)
    if dialect.update_ids:
        assert not any(update_id.startswith(SYNTHETIC) for _, update_id in ids)
