"""Which system packages are missing, and what happens then to whom."""

from pathlib import Path

import pytest

from manage_parts import packages
from manage_parts.console import Refusal

WANTED = [packages.Package("libone", "第一个理由"), packages.Package("libtwo", "第二个理由")]


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A PATH that holds only what the test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv(packages.TRUST_THE_OPERATOR, raising=False)
    return folder


def put(folder, name, text="exit 0"):
    program = folder / name
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)


def as_user(monkeypatch, number):
    monkeypatch.setattr(packages.os, "geteuid", lambda: number)


def test_only_what_dpkg_does_not_call_installed_is_missing(programs):
    put(programs, "dpkg-query", "echo libone installed; echo libtwo config-files; exit 1")
    assert packages.missing(WANTED) == [WANTED[1]]


def test_without_sudo_the_refusal_names_package_reason_and_command(programs, monkeypatch):
    put(programs, "apt-get")
    as_user(monkeypatch, 1000)
    with pytest.raises(Refusal) as refused:
        packages.ensure(WANTED)
    assert refused.value.status == 3
    for words in ("libone", "第一个理由", "libtwo", "第二个理由", "apt-get update", "root"):
        assert words in str(refused.value)
    assert "install -y --no-install-recommends libone libtwo" in str(refused.value)


def test_without_apt_the_refusal_names_the_packages_and_the_way_on(programs):
    with pytest.raises(Refusal, match="不是 Debian") as refused:
        packages.ensure(WANTED)
    assert refused.value.status == 3
    assert "libone" in str(refused.value)
    assert packages.TRUST_THE_OPERATOR in str(refused.value)


def test_an_operator_who_vouches_for_the_machine_is_believed(programs, monkeypatch):
    monkeypatch.setenv(packages.TRUST_THE_OPERATOR, "1")
    packages.ensure(WANTED)


def test_root_installs_after_fetching_the_lists(programs, monkeypatch, tmp_path):
    put(programs, "env", f'echo "$@" >> {tmp_path}/said')
    put(programs, "apt-get")
    as_user(monkeypatch, 0)
    packages.ensure(WANTED)
    update, install = (tmp_path / "said").read_text().splitlines()
    assert update.startswith("DEBIAN_FRONTEND=noninteractive apt-get")
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends libone libtwo")


def test_a_sudo_that_wants_a_password_from_nobody_is_a_refusal(programs, monkeypatch, tmp_path):
    put(programs, "sudo", f'printf "%s " "$@" >> {tmp_path}/said; exit 1')
    put(programs, "apt-get")
    as_user(monkeypatch, 1000)
    monkeypatch.setattr(packages, "on_terminal", lambda: False)
    with pytest.raises(Refusal) as refused:
        packages.ensure(WANTED)
    assert refused.value.status == 3
    assert "libone" in str(refused.value)
    # The first call has failed; a second one would only ask again.
    said = (tmp_path / "said").read_text()
    assert said.startswith("-n env DEBIAN_FRONTEND")
    assert said.count("apt-get") == 1


def test_sudo_may_ask_on_a_terminal(programs, monkeypatch):
    put(programs, "sudo")
    put(programs, "apt-get")
    as_user(monkeypatch, 1000)
    monkeypatch.setattr(packages, "on_terminal", lambda: True)
    assert packages.privilege()[:2] == ["sudo", "env"]


def test_the_newest_postgresql_is_taken(monkeypatch):
    found = [Path(f"/usr/lib/postgresql/{version}/bin/initdb") for version in ("9", "15", "13")]
    monkeypatch.setattr(packages.Path, "glob", lambda _self, _pattern: iter(found))
    assert packages.postgresql_programs() == Path("/usr/lib/postgresql/15/bin")
