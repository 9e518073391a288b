"""The headers of every answer, to the letter (XS2, XS3, XS6): pages, fragments, errors, files.

The values stand in answers.py once more: a change in app/kernel/headers.py must be argued for
twice. Here stand the answers that no row of access.csv gives; test_access.py looks at the others.
"""

import gzip

import pytest

from app import create_app
from app.kernel import config, headers
from app.kernel.declared import public
from tests.site.answers import DEVICE, DEVICES, FILE, FOREVER, SITE, check_headers
from tests.site.hall import FRAGMENT
from tests.support import cast


@pytest.mark.parametrize(
    ("method", "path", "status", "sent"),
    [
        ("GET", "/no-such-page", 404, {}),
        ("GET", "/no-such-page", 404, FRAGMENT),
        ("DELETE", "/exams", 405, {}),
        ("POST", "/sign-in", 400, {}),
        ("POST", "/sign-in", 400, {"Origin": "https://evil.example"}),
        ("GET", "/exams", 401, FRAGMENT),
        ("GET", "/exams", 303, {}),
        ("POST", "/exams/sittings/x/answers/1", 401, {}),
        ("OPTIONS", "/sign-in", 200, {}),
        ("GET", "/exams/", 404, {}),
        ("GET", "/demo", 308, {}),
        ("GET", "/static/000000000000/css/base.css", 302, {}),
        ("GET", "/static/000000000000/css/none.css", 404, {}),
    ],
)
def test_refusals_and_redirects_carry_them_too(method, path, status, sent, app):
    answer = app.test_client().open(path, method=method, headers=sent)
    assert answer.status_code == status
    check_headers(answer)


def test_body_that_is_too_large_is_refused_with_them(hall):
    answer = hall.visit("clerk").send("POST", "/questions/new", {"stem": "长" * 800_000})
    assert answer.status_code == 413
    check_headers(answer)


@pytest.fixture
def broken(app, monkeypatch):
    """Let the health page fail."""

    def fail():
        raise RuntimeError("SELECT secret FROM /work")

    monkeypatch.setitem(app.view_functions, "site.show_health", public(fail))
    return app


@pytest.mark.parametrize("sent", [{}, FRAGMENT])
def test_fault_of_the_site_carries_them_too(sent, broken):
    answer = broken.test_client().get("/healthz", headers=sent)
    assert answer.status_code == 500
    check_headers(answer)


def test_device_page_has_its_own_policy_and_only_the_pages_of_the_list(app, monkeypatch):
    assert set(DEVICES) == headers.DEVICE_ENDPOINTS
    monkeypatch.setattr(headers, "DEVICE_ENDPOINTS", frozenset({"site.show_health"}))
    client = app.test_client()
    check_headers(client.get("/healthz"), policy=DEVICE)
    check_headers(client.get("/sign-in"))


def test_no_directive_is_looser_than_self():
    assert "img-src 'self' data: blob:;" in DEVICE
    for policy in (SITE, DEVICE, FILE):
        for word in ("unsafe", "*", "http:", "https:", "strict-dynamic", "nonce"):
            assert word not in policy


@pytest.fixture(scope="module")
def real_hall(tmp_path_factory):
    """Give the site of a real hall behind TLS, with the cast."""
    var = tmp_path_factory.mktemp("real")
    settings = config.read_config({"CLEAN_WINDOW_VAR": str(var)})
    config.prepare_var(settings)
    app = create_app(settings)
    app.test_cli_runner().invoke(args=["db-upgrade"], catch_exceptions=False)
    with app.app_context():
        cast.fill()
    return app


def test_behind_tls_browsers_are_told_to_stay_there(real_hall, now):
    del now
    client = real_hall.test_client()
    base_url = "https://hall.example"
    for path in ("/sign-in", "/", "/none", "/healthz", "/static/000000000000/none"):
        check_headers(client.get(path, base_url=base_url), has_tls=True)
    check_headers(client.post("/sign-in", base_url=base_url), has_tls=True)


def cookies_of(answer):
    """Give the cookies of an answer: name, and the set of their attributes."""
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        pair, *attributes = line.split("; ")
        found[pair.partition("=")[0]] = set(attributes)
    return found


def test_cookie_is_locked_to_the_host_behind_tls(real_hall, now):
    del now
    client = real_hall.test_client()
    answer = client.get("/sign-in", base_url="https://hall.example")
    assert cookies_of(answer) == {
        "__Host-clean-window": {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    }


def test_cookie_of_plain_http_is_no_less_closed(app):
    answer = app.test_client().get("/sign-in")
    assert cookies_of(answer) == {"clean-window": {"HttpOnly", "Path=/", "SameSite=Lax"}}


def test_reading_sends_no_new_cookie(hall):
    visitor = hall.visit("staff")
    visitor.send("GET", "/exams")
    assert cookies_of(visitor.send("GET", "/exams")) == {}
    assert cookies_of(visitor.client.get("/healthz")) == {}


def test_static_file_is_compressed_and_kept_for_ever(hall):
    url = asset(hall)
    plain = hall.app.test_client().get(url)
    packed = hall.app.test_client().get(url, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    for answer in (plain, packed):
        assert answer.headers["Cache-Control"] == FOREVER
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
        assert "Accept-Encoding" in answer.vary
        assert cookies_of(answer) == {}


def asset(hall):
    return hall.address("site.serve_static", "asset")


def test_address_of_an_older_tree_leads_to_the_present_file(hall):
    answer = hall.app.test_client().get("/static/0123456789ab/css/base.css")
    assert (answer.status_code, answer.headers["Location"]) == (302, asset(hall))


@pytest.mark.parametrize(
    "path",
    [
        "../wsgi.py", "..%2fwsgi.py", "%2e%2e/wsgi.py", "css/../../wsgi.py", "..%5cwsgi.py",
        "%2fetc%2fpasswd", "/etc/passwd", "css/", "css", ".", "", "css/base.css%00.js",
        "css//base.css", "./css/base.css", "vendor", "CSS/base.css", "css/base.css/",
    ],
)  # fmt: skip
def test_nothing_outside_of_the_static_tree_is_served(path, hall):
    prefix = asset(hall).removesuffix("css/base.css")
    for start in (prefix, "/static/0123456789ab/"):
        answer = hall.app.test_client().get(start + path)
        assert answer.status_code in {404, 308}
        assert b"def serve" not in answer.data
        assert b"root:" not in answer.data
