"""What `next=` may name: a page of this site and nothing else (SE10)."""

import pytest

from app.kernel.guard import is_local_path

REFUSED = [
    None, "", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "https://evil.example", "http:evil.example", "javascript:alert(1)", "/%2f%2fevil.example",
    "/%2Fevil.example", "\t//evil.example", "/\t/evil.example", "/a\r\nSet-Cookie: x", "/a\nb",
    " /a", "a", "evil.example", "/\x00", "/a\x7f", "data:text/html,x", "//", "/\u2028", "?x", "#x",
    "/\\/evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", REFUSED)
def test_a_foreign_or_broken_target_is_refused(target):
    assert not is_local_path(target)


@pytest.mark.parametrize("target", ["/", "/exams/1", "/exams?q=%E4%B8%AD&page=2", "/a#b"])
def test_a_page_of_the_site_is_allowed(target):
    assert is_local_path(target)
