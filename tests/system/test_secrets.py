"""Secrets from the environment, a file and the keyring: found, or told by their place alone."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from tray_status.errors import NoSecret
from tray_status.system.secrets import LARGEST, Secret


def test_each_place_gives_it(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("from the file\n")
    kept = {("tray-status", "team"): "from the keyring"}
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *which: kept.get(which)))
    assert Secret(variable="KEY").read({"KEY": "from the environment "}) == "from the environment"
    assert Secret(file=tmp_path / "key").read({}) == "from the file"
    assert Secret(entry="team").read({}) == "from the keyring"
    assert Secret(plain="said").read({}) == "said"


def test_what_is_not_there_is_told_by_its_place(tmp_path, monkeypatch):
    (tmp_path / "empty").touch()
    (tmp_path / "large").write_bytes(b"x" * (LARGEST + 1))

    def locked(*_which):
        raise RuntimeError("the secret is T0SECRET")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=locked))
    for secret, words in (
        (Secret(variable="KEY"), "nothing is in the environment variable KEY"),
        (Secret(file=tmp_path / "none"), "none cannot be read: No such file or directory"),
        (Secret(file=tmp_path / "empty"), "nothing is in the file"),
        (Secret(file=tmp_path / "large"), "too large to be a secret"),
        (Secret(entry="team"), "the keyring gives no tray-status/team: RuntimeError"),
    ):
        with pytest.raises(NoSecret) as missing:
            secret.read({})
        assert words in str(missing.value)
        assert "T0SECRET" not in str(missing.value)


def test_a_keyring_that_is_not_installed_or_has_nothing_is_told_with_the_cure(monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *_which: None))
    with pytest.raises(NoSecret, match="keyring set tray-status team"):
        Secret(entry="team").read({})
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(NoSecret, match=r"pip install 'tray-status\[keyring\]'"):
        Secret(entry="team").read({})


def test_no_secret_shows_where_it_is_printed():
    assert "T0SECRET" not in repr(Secret(plain="T0SECRET")) + str(Secret(plain="T0SECRET"))
