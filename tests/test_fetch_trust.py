"""Whom the fetcher trusts: certificates, the bundles that the environment names, and proxies."""

from __future__ import annotations

import contextlib
import functools
import socket
import ssl
import threading
from datetime import datetime, timedelta, timezone

import pytest
import trustme

from tests.faults import Asked, FaultHost, Wire, answer, drip_body, drip_headers, hang_before_headers, redirects, says
from tray_status.core.exchange import Answer, Problem, Request
from tray_status.core.model import Reading
from tray_status.fetch import Fetcher
from tray_status.fetch.tls import Trust

SOON = 5.0
LONG = 60.0
NOW = datetime.now(timezone.utc)


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def bundle(authority, tmp_path):
    """A file with the certificate of the authority that the hosts here are certified by."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def fetcher():
    fetcher = Fetcher(deadline=LONG, connect_timeout=LONG)
    yield fetcher
    fetcher.close()


def secure_host(authority, *names, behaviour=None, **terms):
    """A host with a certificate for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*(names or ("127.0.0.1",)), **terms).configure_cert(context)
    return FaultHost(behaviour or says(answer(b"secret")), tls=context)


def netloc_of(listener):
    return f"127.0.0.1:{listener.getsockname()[1]}"


def assert_refused(got, host, why):
    assert isinstance(got, Problem)
    assert (got.reading, host.asked) == (Reading.BLOCKED, [])
    assert got.text.startswith(f"the certificate of {host.netloc} is not accepted: ")
    assert why in got.text
    assert got.cure


def test_an_unknown_authority_is_refused(fetcher, authority):
    with secure_host(authority) as host:
        got = fetcher.get(Request(host.url + "/"))
        assert_refused(got, host, "local issuer certificate")
    assert "SSL_CERT_FILE" in got.cure


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_an_authority_that_the_environment_names_is_trusted(fetcher, authority, bundle, monkeypatch, variable):
    monkeypatch.setenv(variable, str(bundle))
    with secure_host(authority) as host:
        got = fetcher.get(Request(host.url + "/"))
    assert (got.status, got.body) == (200, b"secret")


def test_two_bundles_may_be_named(fetcher, authority, bundle, monkeypatch, tmp_path):
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with secure_host(authority) as host:
        assert fetcher.get(Request(host.url + "/")).status == 200


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize(
    "content", [None, b"", b"no certificate", b"\xff\xfe"], ids=["missing", "empty", "text", "bytes"]
)
def test_a_bundle_that_cannot_be_read_is_told(fetcher, authority, bundle, monkeypatch, variable, content):
    broken = bundle.with_name("broken.pem")
    if content is not None:
        broken.write_bytes(content)
    monkeypatch.setenv(variable, str(broken))
    with secure_host(authority) as host:
        got = fetcher.get(Request(host.url + "/"))
        assert (got.reading, got.text) == (
            Reading.BLOCKED,
            f"the certificates that {variable} names cannot be read: {broken}",
        )
        assert got.cure == f"Correct {variable}, or unset it."
        bundle.replace(broken)
        assert fetcher.get(Request(host.url + "/")).status == 200, "once it can be read it is used"


def test_certificates_do_not_matter_until_an_https_page_is_asked(fetcher, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere.pem")
    with FaultHost(says(answer())) as host:
        assert fetcher.get(Request(host.url + "/")).status == 200


@pytest.fixture(params=[False, True], ids=["from files", "the system verifies"])
def trusting(request, bundle, monkeypatch):
    """A fetcher that trusts the authority, in each of the two ways to verify."""
    trust = functools.partial(Trust, system_verifies=request.param)
    monkeypatch.setattr("tray_status.fetch.asking.Trust", trust)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    fetcher = Fetcher(deadline=LONG, connect_timeout=LONG)
    yield fetcher
    fetcher.close()


def test_a_certificate_that_is_in_order_is_accepted(trusting, authority):
    with secure_host(authority) as host:
        answers = [trusting.get(Request(host.url + "/")) for _ in range(3)]
    assert [each.body for each in answers] == [b"secret"] * 3
    assert host.accepted == 1


def test_the_certificate_of_another_host_is_refused(trusting, authority):
    with secure_host(authority, "status.acme.example") as host:
        assert_refused(trusting.get(Request(host.url + "/")), host, "mismatch")


def test_the_certificate_of_another_name_is_refused(trusting, authority):
    with secure_host(authority, "status.acme.example") as host:
        host.netloc = f"localhost:{host.port}"
        assert_refused(trusting.get(Request(f"https://{host.netloc}/")), host, "mismatch")


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"not_before": NOW - timedelta(days=9), "not_after": NOW - timedelta(days=2)}, "expired"),
        ({"not_before": NOW + timedelta(days=2), "not_after": NOW + timedelta(days=9)}, "not yet valid"),
    ],
)
def test_a_certificate_out_of_its_time_is_refused(trusting, authority, terms, why):
    with secure_host(authority, **terms) as host:
        got = trusting.get(Request(host.url + "/"))
        assert_refused(got, host, why)
    assert "date" in got.cure


def test_a_host_that_hangs_in_the_handshake_does_not_delay_others(trusting, authority):
    with socket.create_server(("127.0.0.1", 0)) as hanging, secure_host(authority) as healthy:
        request = threading.Thread(
            target=trusting.get,
            args=(Request(f"https://{netloc_of(hanging)}/".replace("127.0.0.1", "localhost")),),
            daemon=True,
        )
        request.start()
        client, _ = hanging.accept()
        with client:
            client.recv(1)  # the handshake has begun
            got = []
            other = threading.Thread(target=lambda: got.append(trusting.get(Request(healthy.url + "/"))), daemon=True)
            other.start()
            other.join(SOON)
            assert [each.body for each in got] == [b"secret"]
            trusting.close()
            request.join(SOON)
            assert not request.is_alive(), "closing does not end a handshake"


@pytest.mark.parametrize("part", ["handshake", "headers", "body"])
def test_a_deadline_holds_for_secure_hosts(authority, bundle, monkeypatch, part):
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    fetcher = Fetcher(deadline=0.4, connect_timeout=LONG)
    if part == "handshake":
        with socket.create_server(("127.0.0.1", 0)) as hanging:
            netloc = netloc_of(hanging)
            got = fetcher.get(Request(f"https://{netloc}/"))
    else:
        with secure_host(authority, behaviour=hang_before_headers if part == "headers" else drip_body) as host:
            netloc = host.netloc
            got = fetcher.get(Request(host.url + "/"))
    fetcher.close()
    assert (got.reading, got.text) == (Reading.UNREACHABLE, f"{netloc} did not answer within 0.4 s")


def test_a_host_that_does_not_speak_tls(fetcher):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        netloc = netloc_of(listener)

        def serve() -> None:
            client, _ = listener.accept()
            with client, contextlib.suppress(ConnectionError):
                client.recv(65_536)
                client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                client.recv(65_536)

        threading.Thread(target=serve, daemon=True).start()
        got = fetcher.get(Request(f"https://{netloc}/"))
    assert got.reading is Reading.BLOCKED
    assert got.text.startswith(f"no secure connection to {netloc} can be made")


def test_a_redirect_may_lead_up_to_a_secure_address_and_never_down(trusting, authority):
    with FaultHost(says(answer(b"open"))) as plain, secure_host(authority, behaviour=redirects(plain.url)) as down:
        got = trusting.get(Request(down.url + "/"))
        assert (got.reading, plain.asked) == (Reading.BLOCKED, [])
        assert got.text == f"{down.netloc} redirects from a secure address to one that is not"
    with secure_host(authority) as secure, FaultHost(redirects(secure.url + "/", "301 Moved")) as up:
        got = trusting.get(Request(up.url + "/"))
        assert (got.body, got.moved_to) == (b"secret", secure.url + "/")


def test_the_host_that_is_at_fault_is_named_after_a_redirect(fetcher, authority):
    with secure_host(authority) as secure, FaultHost(redirects(secure.url + "/")) as up:
        assert_refused(fetcher.get(Request(up.url + "/")), secure, "local issuer certificate")


# --- proxies --------------------------------------------------------------------------------------------------


def relays(wire: Wire, asked: Asked) -> None:
    """What a proxy does: answer for a plain host, open a tunnel to a secure one."""
    if asked.method != "CONNECT":
        wire.say(answer(b"by proxy"))
        return
    host, _, port = asked.target.rpartition(":")
    with socket.create_connection((host, int(port))) as onward:
        wire.say(b"HTTP/1.1 200 Connection established\r\n\r\n")
        back = threading.Thread(target=_pass_on, args=(onward, wire.sock), daemon=True)
        back.start()
        _pass_on(wire.sock, onward)
        back.join(SOON)
    wire.end()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def test_a_plain_page_is_asked_through_the_proxy(fetcher, monkeypatch):
    with FaultHost(relays) as proxy, FaultHost(says(answer(b"direct"))) as host:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert fetcher.get(Request(host.url + "/")).body == b"by proxy"
        monkeypatch.delenv("HTTP_PROXY")
        assert fetcher.get(Request(host.url + "/")).body == b"by proxy", "worked out once a host"
        assert fetcher.get(Request(f"http://localhost:{host.port}/")).body == b"direct"
    assert [each.target for each in proxy.asked] == [host.url + "/"] * 2


def test_a_host_may_be_kept_from_the_proxy(fetcher, monkeypatch):
    with FaultHost(relays) as proxy, FaultHost(says(answer(b"direct"))) as host:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "acme.example, 127.0.0.1")
        assert fetcher.get(Request(host.url + "/")).body == b"direct"
    assert proxy.accepted == 0


def test_a_secure_page_is_verified_through_the_proxy(trusting, authority, monkeypatch):
    stranger = trustme.CA()
    with FaultHost(relays) as proxy, secure_host(authority) as host, secure_host(stranger) as other:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        answers = [trusting.get(Request(host.url + "/")) for _ in range(2)]
        assert [each.body for each in answers] == [b"secret", b"secret"]
        assert_refused(trusting.get(Request(other.url + "/")), other, "local issuer certificate")
    assert [each.target for each in proxy.asked] == [host.netloc, other.netloc]


@pytest.mark.parametrize("behaviour", [hang_before_headers, drip_headers])
def test_a_deadline_holds_for_a_proxy(monkeypatch, behaviour):
    fetcher = Fetcher(deadline=0.3)
    with FaultHost(behaviour) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        got = fetcher.get(Request("https://status.acme.example/"))
    fetcher.close()
    assert got.text == "status.acme.example did not answer within 0.3 s"


def through(proxy_url, url, monkeypatch, fetcher):
    monkeypatch.setenv("HTTP_PROXY", proxy_url)
    monkeypatch.setenv("HTTPS_PROXY", proxy_url)
    got = fetcher.get(Request(url))
    assert isinstance(got, Problem)
    assert got.reading is Reading.BLOCKED
    assert got.cure
    return got.text


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there(fetcher, monkeypatch, scheme):
    with FaultHost(relays) as gone:
        pass
    text = through(f"http://me:secret@{gone.netloc}", f"{scheme}://status.acme.example/", monkeypatch, fetcher)
    assert text == f"the proxy {gone.netloc} on the way to status.acme.example refused the connection"


def test_a_proxy_that_wants_a_login(fetcher, monkeypatch):
    with FaultHost(says(answer(b"", status="407 Proxy Authentication Required"))) as proxy:
        text = through(proxy.url, "https://status.acme.example/", monkeypatch, fetcher)
        assert text == f"the proxy {proxy.netloc} does not let us through to status.acme.example (HTTP 407)"
        text = through(proxy.url, "http://status.acme.example/", monkeypatch, fetcher)
        assert text == "the network wants a login before status.acme.example can be reached (HTTP 407)"


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:9", "socks5h://127.0.0.1:9", "http://", "gopher://127.0.0.1:9"]
)
def test_a_proxy_that_cannot_be_used_is_never_gone_around(fetcher, monkeypatch, proxy):
    with FaultHost(says(answer())) as host:
        text = through(proxy, host.url + "/", monkeypatch, fetcher)
    assert host.accepted == 0
    assert f"on the way to {host.netloc} cannot be used" in text


def test_an_answer_says_nothing_of_the_proxy(fetcher, monkeypatch):
    with FaultHost(relays) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        got = fetcher.get(Request("http://status.acme.example/"))
    assert isinstance(got, Answer)
    assert got.url == "http://status.acme.example/"
