"""Files: content first, row after; what is read is what was stored."""

import pytest

from app.files import service
from app.kernel import db

CONTENT = b"%PDF-1.7 a paper"


def store(name: str = "成绩单 单知远.pdf"):
    sha256 = service.put_content(CONTENT)
    with db.write():
        return service.add_file(
            sha256=sha256, size=len(CONTENT), media_type="application/pdf", name=name
        )


@pytest.mark.db
def test_what_was_stored_is_read(app):
    with app.app_context():
        assert service.read_content(store()) == CONTENT


def test_the_same_content_is_kept_once_and_leaves_no_temporary_file(app):
    with app.app_context():
        first, second = store("a.pdf"), store("b.pdf")
        assert first.sha256 == second.sha256
        path = service.path_of(first.sha256)
        assert path.is_file()
        # Other files of the hall may begin alike and stand in the same folder.
        assert not [each.name for each in path.parent.iterdir() if each.name.startswith(".")]


def test_a_crash_before_the_row_leaves_only_an_orphan(app):
    with app.app_context():
        sha256 = service.put_content(b"orphan")
        assert service.path_of(sha256).read_bytes() == b"orphan"
        assert service.put_content(b"orphan") == sha256


def test_a_damaged_file_is_never_given_out(app):
    with app.app_context():
        file = store()
        path = service.path_of(file.sha256)
        path.write_bytes(CONTENT + b"!")
        with pytest.raises(service.DamagedFileError):
            service.read_content(file)
        path.unlink()
        with pytest.raises(service.DamagedFileError):
            service.read_content(file)


def test_an_interrupted_write_leaves_no_file_under_the_hash(app, monkeypatch):
    with app.app_context():
        monkeypatch.setattr(service.os, "fsync", lambda descriptor: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            service.put_content(b"cut short")
        monkeypatch.undo()
        assert service.put_content(b"cut short")


@pytest.mark.parametrize(("is_inline", "way"), [(True, "inline"), (False, "attachment")])
def test_a_chinese_name_is_written_as_the_standard_wants_it(app, is_inline, way):
    with app.test_request_context("/"):
        answer = service.answer_with(store(), is_inline=is_inline)
    wanted = (
        f"{way}; filename*=UTF-8''%E6%88%90%E7%BB%A9%E5%8D%95%20%E5%8D%95%E7%9F%A5%E8%BF%9C.pdf"
    )
    assert answer.headers["Content-Disposition"] == wanted
    assert answer.content_type == "application/pdf"


def test_a_name_can_bring_no_header_of_its_own(app):
    with app.test_request_context("/"):
        answer = service.answer_with(store('a"\r\nSet-Cookie: x=1.pdf'), is_inline=True)
    assert "Set-Cookie" not in answer.headers
    assert "\r" not in answer.headers["Content-Disposition"]
