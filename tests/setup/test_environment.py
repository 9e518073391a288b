"""When .venv counts as ready, and what it is filled with."""

import pytest

from manage_parts import environment, old_chromium
from manage_parts.console import Refusal


@pytest.fixture
def locks(tmp_path, monkeypatch):
    """Locks and a .venv of their own."""
    for name, folder in (("LOCKS", tmp_path / "requirements"), ("VENV", tmp_path / ".venv")):
        folder.mkdir()
        monkeypatch.setattr(environment, name, folder)
    for lock in ("runtime", "develop"):
        environment.lock_of(lock).write_text(f"{lock}==1")
    return tmp_path


def stamp(lock):
    environment.stamp_of(lock).write_text(environment.lock_digest(lock))


def test_an_installed_lock_is_not_installed_again(locks, monkeypatch):
    stamp("runtime")
    monkeypatch.setattr(environment, "install", pytest.fail)
    environment.ensure("runtime")


def test_develop_holds_all_of_runtime_but_not_the_reverse(locks):
    stamp("develop")
    assert environment.is_installed("runtime")
    environment.stamp_of("develop").unlink()
    stamp("runtime")
    assert not environment.is_installed("develop")


def test_a_changed_lock_is_installed(locks, monkeypatch):
    stamp("runtime")
    environment.lock_of("runtime").write_text("runtime==2")
    asked = []
    monkeypatch.setattr(environment, "install", asked.append)
    environment.ensure("runtime")
    assert asked == ["runtime"]


def test_pip_installs_where_uv_can_not_and_the_lock_is_stamped(locks, monkeypatch):
    for step, answer in (("install_with_uv", False), ("install_with_pip", True)):
        monkeypatch.setattr(environment, step, lambda _lock, answer=answer: answer)
    monkeypatch.setattr(environment, "ensure_venv", lambda: None)
    environment.install("runtime")
    assert environment.is_installed("runtime")


def test_a_failed_install_leaves_no_stamp(locks, monkeypatch):
    for step in ("install_with_uv", "install_with_pip"):
        monkeypatch.setattr(environment, step, lambda _lock: False)
    monkeypatch.setattr(environment, "ensure_venv", lambda: None)
    with pytest.raises(Refusal):
        environment.install("runtime")
    assert not environment.is_installed("runtime")


def test_the_narrowest_scope_of_pip_wins():
    listing = (
        ":env:.index-url='https://env.invalid/simple'\n"
        "global.cert='/etc/ca.pem'\nglobal.index-url='https://global.invalid/simple'\n"
        "global.timeout='60'\n"
    )
    expected = {"index-url": "https://env.invalid/simple", "cert": "/etc/ca.pem"}
    assert environment.parse_pip_settings(listing) == expected


def test_an_own_setting_of_uv_outranks_that_of_pip(monkeypatch):
    monkeypatch.setattr(environment, "pip_settings", lambda: {"index-url": "a", "cert": "b"})
    monkeypatch.setenv("UV_DEFAULT_INDEX", "mine")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    given = environment.uv_environment()
    assert given["UV_DEFAULT_INDEX"] == "mine"
    assert given["SSL_CERT_FILE"] == "b"


def test_every_lock_has_hashes_and_names_no_host_and_no_folder():
    for lock in environment.LOCKS.glob("*.txt"):
        text = lock.read_text()
        pins = [line for line in text.splitlines() if "==" in line and line[0].isalnum()]
        assert pins
        assert all(line.endswith("\\") for line in pins)
        assert "://" not in text


def test_an_archive_of_another_content_is_not_unpacked(tmp_path):
    (tmp_path / "a.tgz").write_bytes(b"something else")
    with pytest.raises(Refusal, match="校验和不符"):
        old_chromium.verified(tmp_path / "a.tgz")
