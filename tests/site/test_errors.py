"""What goes wrong says what to do, and nothing about the machine (XS7, XS8, PU6)."""

import logging
import re

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.jobs import service as jobs
from app.kernel import db
from app.kernel.logs import LineFormatter
from tests.site.hall import FRAGMENT
from tests.support.pages import Browser

SECRET = "SELECT password_hash FROM account -- /srv/site/app/kernel/db.py"
NUMBER = r"[0-9a-f]{12}"
LINE = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ (WARNING|ERROR) [\w.]+ request {NUMBER} .+")
LEAKS = ("Traceback", "SELECT", "/work", ".py", "sqlalchemy", "sqlite", "psycopg", "werkzeug")
FORGED = "2026-11-20T02:00:00Z WARNING app.accounts request 000000000000 signed in"

SNEAKY_TEXT = """
/.git/config /.git/HEAD /.gitignore /.env /.venv/bin/python /.htaccess /.ssh/id_rsa /.DS_Store
/var/db /var/db-wal /var/secrets/session-key /var/files/ /var/queue /db /db.sqlite3 /app.db
/backup.zip /backup.tar.gz /backups/ /backup/db /dump.sql /clean-window.sql /site.tar.gz /old/
/wsgi.py /wsgi.pyc /app/__init__.py /app/kernel/config.py /pyproject.toml /manage /README.md
/migrations/env.py /migrations/HEAD /templates/base.html /tests/conftest.py /requirements/
/static/ /static /static/../wsgi.py /static/../../etc/passwd /static/%2e%2e/wsgi.py /static/css/
/static/..%2f..%2fwsgi.py /..%2f..%2fetc%2fpasswd /etc/passwd /proc/self/environ /%00 /index.php
/admin /admin/ /administrator/ /phpmyadmin/ /wp-login.php /console /debug /__debug__/ /metrics
/server-status /actuator/env /swagger.json /openapi.json /robots.txt.bak /favicon.ico /cgi-bin/sh
/exams/papers/1;a=b /exams/0 /exams/-1 /exams/1.0 /exams/99999999999999999999 /%F0%9F%92%A9
"""
SNEAKY = SNEAKY_TEXT.split()


@pytest.fixture
def failing(app):
    """Let every statement fail that holds a word, or every new connection for `connect`."""
    with app.app_context():
        engine = db.database.engine
    added = []

    def fail_on(word, text=SECRET):
        def fail(*arguments):
            if word == "connect" or word in arguments[2]:
                raise OperationalError(text, {}, Exception(text))

        name = "do_connect" if word == "connect" else "before_cursor_execute"
        engine.dispose()
        event.listen(engine, name, fail)
        added.append((name, fail))

    yield fail_on
    for name, fail in added:
        event.remove(engine, name, fail)
    engine.dispose()


def check_chinese(page, status):
    """Check that a person is told in Chinese what to do, with a number, and nothing else."""
    number = page.headers["X-Request-ID"]
    assert page.status == status
    assert re.fullmatch(NUMBER, number)
    assert number in page.text
    assert re.search("[一-鿿]{6}", page.text)
    assert not [leak for leak in LEAKS if leak in page.body.replace("/static/", "")]


@pytest.mark.db
def test_fault_shows_a_chinese_page_with_a_number_and_no_trace(failing, hall):
    visitor = hall.visit("staff")
    failing("FROM exam")
    page = visitor.browser.get("/exams", status=500)
    check_chinese(page, 500)
    assert page.text_of("h1") == "系统出了差错"


def test_fault_of_a_fragment_is_a_fragment(failing, hall):
    visitor = hall.visit("staff")
    failing("FROM exam")
    page = visitor.browser.get("/exams", status=500, fragment=True)
    check_chinese(page, 500)
    assert "<html" not in page.body
    assert len(page.all("body > *")) == 1
    assert page.all("[role=alert]")


def test_fault_of_a_save_is_json_with_a_number(failing, hall):
    visitor = hall.visit("staff")
    url = f"/exams/sittings/{hall.world.objects['running']['public_id']}/answers/1"
    token = visitor.token()
    failing("FROM exam")
    answer = visitor.client.post(url, data={}, headers={"X-CSRFToken": token})
    assert answer.status_code == 500
    body = answer.get_json()
    assert set(body) == {"error", "message", "request"}
    assert body["request"] == answer.headers["X-Request-ID"]
    assert not [leak for leak in LEAKS if leak in answer.get_data(as_text=True)]


@pytest.mark.db
@pytest.mark.parametrize("who", ["anon", "staff"])
def test_error_page_stands_without_a_database(who, failing, hall):
    visitor = hall.visit(who)
    failing("connect")
    for path in ("/", "/exams", "/sign-in", "/workdays"):
        if who == "staff" or path == "/sign-in":
            check_chinese(visitor.browser.get(path, status=500), 500)
            check_chinese(visitor.browser.get(path, status=500, fragment=True), 500)
    check_chinese(visitor.browser.get("/none", status=404), 404)
    assert visitor.client.get("/static/000000000000/css/base.css").status_code == 302


@pytest.mark.db
def test_health_says_ok_or_degraded_and_nothing_else(app, failing):
    client = app.test_client()
    assert client.get("/healthz").get_json() == {"status": "degraded"}
    with app.app_context():
        jobs.beat()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    failing("connect")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "degraded"})


@pytest.mark.parametrize("path", SNEAKY)
def test_nothing_lies_there(path, hall):
    for client in (hall.app.test_client(), hall.visit("clerk").client):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "没有找到这一页" in answer.get_data(as_text=True)


def test_the_list_of_sneaky_paths_is_long_enough():
    assert len(set(SNEAKY)) == len(SNEAKY) >= 60


@pytest.mark.parametrize("path", ["/", "/sign-in", "/healthz", "/static/000000000000/css/base.css"])
def test_trace_is_refused(path, app):
    answer = app.test_client().open(path, method="TRACE", headers={"X-Secret": "echo"})
    assert answer.status_code == 405
    assert b"echo" not in answer.data


@pytest.mark.parametrize(
    ("method", "path", "sent", "status"),
    [
        ("GET", "/none", {}, 404),
        ("GET", "/none", FRAGMENT, 404),
        ("DELETE", "/sign-in", {}, 405),
        ("POST", "/sign-in", {}, 400),
        ("POST", "/sign-in", FRAGMENT, 400),
        ("GET", "/exams/1", {}, 403),
        ("GET", "/exams/1", FRAGMENT, 403),
    ],
)
def test_refusal_says_what_to_do(method, path, sent, status, hall):
    visitor = hall.visit("clerk")
    answer = visitor.client.open(path, method=method, headers=sent)
    browser = Browser(app=hall.app, client=visitor.client)
    check_chinese(browser._page(path, answer, status, fragment=bool(sent)), status)


@pytest.mark.parametrize(
    "character",
    ["\n", "\r", "\x1b", "\x00", "\x07", "\x08", "\x7f", "\x85", "\x9b", "\u2028", "\u202e"],
)
def test_line_of_the_log_has_no_character_that_moves_or_paints(character):
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, "name %s", (f"x{character}y",), None)
    line = LineFormatter("%(message)s").format(record)
    assert line.isprintable()
    assert line == f"name x{character.encode('unicode_escape').decode()}y"


def test_line_of_the_log_keeps_chinese_and_survives_half_characters():
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, "单知远　工号 \ud800", (), None)
    line = LineFormatter("%(message)s").format(record)
    assert line == "单知远　工号 \\ud800"
    assert line.encode()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x85", "\u2028", "\x1b[2K\r"])
def test_staff_number_forges_no_line_of_the_log(end, failing, capsys, hall):
    """The database quotes what was typed, as PostgreSQL does in a refusal."""
    visitor = hall.visit("anon")
    token = visitor.token()
    number = f"SY001{end}{FORGED}"
    failing("sign_in_throttle", text=f"duplicate key\nDETAIL: ({number})")
    capsys.readouterr()
    form = {"csrf_token": token, "staff_number": "SY001", "password": "wrong"}
    assert visitor.client.post("/sign-in", data=form).status_code == 500
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert LINE.fullmatch(lines[0])
    assert FORGED in lines[0]
    assert lines[0].isprintable()


def test_every_refusal_is_one_line_of_the_log(capsys, hall):
    client = hall.visit("staff").client
    capsys.readouterr()
    client.post("/sign-out", headers={"Origin": f"http://evil.example/{'x' * 10}"})
    client.post("/sign-out", headers={"Origin": "http://evil.example", "User-Agent": "a\tb"})
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(LINE.fullmatch(line) for line in lines)
