"""Where `next=` may lead after sign-in: to a page of this site and nowhere else (SE10)."""

from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest

from tests.site.hall import FRAGMENT
from tests.support import cast

FOREIGN = [
    "//evil.example", "///evil.example", "////evil.example/a", "/\\evil.example",
    "\\\\evil.example", "/\\/evil.example", "\\/evil.example", "https://evil.example",
    "HTTPS:evil.example", "http:/evil.example", "https:///evil.example", "javascript:alert(1)",
    "data:text/html,x", "/%2f%2fevil.example", "/%2F/evil.example", "%2f%2fevil.example",
    "\t//evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\nSet-Cookie: a=b",
    " //evil.example", "/ /evil.example\x00", "evil.example", "@evil.example", "//localhost@evil",
    "/\u2028/evil.example", "/\x7f/evil.example",
]  # fmt: skip
# Browsers take the dots away and stay where they are.
DOTTED = ["/.//evil.example", "/..//evil.example", "/a/../..//evil.example"]
OWN = ["/exams", "/exams/1", "/exams?q=%E4%B8%80&page=2", "/workdays/2026?kind=off"]


def sign_in(hall, target):
    """Sign in with `next` as a forged form would bring it along."""
    form = {"staff_number": "SY001", "password": cast.PASSWORD, "next": target}
    return hall.visit("anon").send("POST", "/sign-in", form)


def lands_on(location):
    """Give the host and path to which a browser goes from the sign-in page."""
    # Browsers drop tabs and line ends, and read a backslash as a slash.
    cleaned = "".join(c for c in location if c not in "\t\r\n").replace("\\", "/").strip()
    parts = urlsplit(urljoin("http://localhost/sign-in", cleaned))
    return parts.netloc, parts.path


@pytest.mark.parametrize("target", FOREIGN)
def test_foreign_target_leads_home_or_is_refused(target, hall):
    answer = sign_in(hall, target)
    assert (answer.status_code, answer.headers.get("Location")) in {(303, "/"), (422, None)}


@pytest.mark.parametrize("target", [*FOREIGN, *DOTTED])
def test_browser_stays_on_the_site(target, hall):
    assert lands_on(sign_in(hall, target).headers.get("Location", "/"))[0] == "localhost"


@pytest.mark.parametrize("target", OWN)
def test_own_page_is_where_one_goes_on(target, hall):
    browser = hall.visit("anon").browser
    page = browser.get(f"/sign-in?{urlencode({'next': target})}")
    answer = browser.submit(page, {"staff_number": "SY001", "password": cast.PASSWORD})
    assert answer.headers["Location"] == target


def test_list_is_long_enough():
    assert len(set(FOREIGN)) == len(FOREIGN) >= 25


@pytest.mark.parametrize("path", ["/exams?q=1", "/workdays/2026"])
def test_sign_in_comes_back_to_the_page_that_was_asked_for(path, app):
    location = urlsplit(app.test_client().get(path).headers["Location"])
    assert location.path == "/demo/"
    assert parse_qs(location.query) == {"next": [path]}


@pytest.mark.parametrize("current", ["http://evil.example/exams", "//evil.example", "http://["])
def test_foreign_page_of_a_fragment_is_not_come_back_to(current, app):
    sent = {**FRAGMENT, "HX-Current-URL": current}
    answer = app.test_client().get("/exams", headers=sent)
    assert answer.headers["HX-Redirect"] == "/demo/"
