"""Storing content: whole or not at all, private, once, and mended when it was damaged."""

import pytest

from app.files import service

CONTENT = b"%PDF-1.7 a sheet of marks"


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def remnants(path):
    return [each.name for each in path.parent.iterdir() if each.name.startswith(".")]


def test_the_bytes_lie_under_their_hash_for_the_owner_alone():
    sha256 = service.put_content(b"private")
    path = service.path_of(sha256)
    assert path.name == sha256
    assert path.parent.name == sha256[:2]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_new_folder_survives_a_power_cut_like_the_file_in_it(monkeypatch):
    synced = []
    monkeypatch.setattr(service, "sync_folder", synced.append)
    path = service.path_of(service.put_content(b"the first of its folder"))
    assert synced == [path.parent, path.parent.parent]


@pytest.mark.parametrize("step", ["fsync", "rename"])
def test_a_write_that_fails_leaves_neither_a_file_nor_a_remnant(monkeypatch, step):
    content = f"failed at {step}".encode()

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    target = service.os if step == "fsync" else service.Path
    with monkeypatch.context() as patch:
        patch.setattr(target, step, fail)
        with pytest.raises(OSError, match="No space"):
            service.put_content(content)
    sha256 = service.put_content(content)
    assert service.path_of(sha256).read_bytes() == content
    assert remnants(service.path_of(sha256)) == []


def test_bytes_are_on_the_disk_before_they_have_a_name(monkeypatch):
    steps = []
    real = {"fsync": service.os.fsync, "rename": service.Path.rename}

    def note(name):
        def act(*arguments):
            steps.append(name)
            return real[name](*arguments)

        return act

    monkeypatch.setattr(service.os, "fsync", note("fsync"))
    monkeypatch.setattr(service.Path, "rename", note("rename"))
    service.put_content(b"in order")
    assert steps == ["fsync", "rename", "fsync", "fsync"]


def test_content_that_was_damaged_is_mended_when_it_is_made_again():
    sha256 = service.put_content(CONTENT)
    path = service.path_of(sha256)
    path.write_bytes(CONTENT[:-1])
    assert service.put_content(CONTENT) == sha256
    assert path.read_bytes() == CONTENT
    assert remnants(path) == []


def test_content_that_is_whole_is_not_written_again():
    path = service.path_of(service.put_content(CONTENT))
    before = path.stat()
    service.put_content(CONTENT)
    # A new write would come under a new name first, and so be another file.
    assert path.stat().st_ino == before.st_ino
