"""What a screen reads without a session: the page, the manifest, the worker."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import url_for
from sqlalchemy import event

from app.accounts import service as accounts
from app.kernel import db
from app.kernel.slides import SlideLine
from app.screens import service
from app.screens.models import ScreenOrientation
from tests.screens.factories import act, add_group, offering, slide
from tests.support.pages import sign_in

MANIFEST = "/public/screen/windows/manifest"
POISON = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def read(app, slug="windows", **headers):
    return app.test_client().get(f"/public/screen/{slug}/manifest", headers=headers)


def test_manifest_holds_the_slides_of_all_rooms(app):
    add_group(app)
    with offering(app, slide(1), slide(2, valid_until=date(2026, 12, 31))):
        answer = read(app)
    found = answer.get_json()
    assert answer.content_type == "application/json"
    assert (found["schema"], found["group"]) == (1, "windows")
    assert found["generated_at"] == found["server_now"] == "2026-11-20T02:00:00.000+00:00"
    first, second = found["items"]
    assert first["seconds"] == 29
    assert first["id"].startswith("offering:1:")
    assert (first["valid_from"], first["valid_until"]) == ("2026-10-31T16:00:00+00:00", "")
    assert second["valid_until"] == "2026-12-31T16:00:00+00:00"
    for words in (
        "B1号窗口",
        "不动产登记中心",
        "材料齐全的",
        "<b>15</b>",
        "0000-5566 1200",
        "12345",
    ):
        assert words in first["html"]


def test_hash_covers_all_that_is_shown(app):
    add_group(app)
    with offering(app, slide()):
        found = read(app).get_json()
    names = ("id", "seconds", "valid_from", "valid_until", "html")
    text = "\x1f".join(str(item[name]) for item in found["items"] for name in names)
    assert hashlib.sha256(text.encode()).hexdigest() == found["hash"]


def test_only_what_is_in_force_today_comes_in(app, now):
    add_group(app)
    coming = slide(1, valid_from=date(2026, 11, 21))
    ending = slide(2, valid_until=date(2026, 11, 20))
    with offering(app, coming, ending):
        assert [item["id"][:10] for item in read(app).get_json()["items"]] == ["offering:2"]
        now.move(hours=14)
        assert [item["id"][:10] for item in read(app).get_json()["items"]] == ["offering:1"]


@pytest.mark.db
def test_group_shows_its_departments_only(app):
    add_group(app, takes_all=False, department_ids=[2])
    with offering(app, slide(1, department_id=1), slide(2, department_id=2)) as offered:
        assert [item["id"][:10] for item in read(app).get_json()["items"]] == ["offering:2"]
        offered.clear()
        assert read(app).get_json()["items"] == []


def test_what_is_withdrawn_is_gone_at_the_next_question(app):
    add_group(app)
    with offering(app, slide()) as offered:
        before = read(app).get_json()
        offered[0] = replace(offered[0], footer="2026年11月20日公开")
        after = read(app).get_json()
        offered.clear()
        gone = read(app).get_json()
    assert len({before["hash"], after["hash"], gone["hash"]}) == 3
    assert before["items"][0]["id"] != after["items"][0]["id"]


@pytest.mark.db
def test_who_has_it_already_gets_304(app, now):
    add_group(app)
    with offering(app, slide()) as offered:
        first = read(app)
        tag = first.headers["ETag"]
        now.move(seconds=40)
        again = read(app, **{"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert read(app, **{"If-None-Match": '"other"'}).status_code == 200
        offered.append(slide(2))
        assert read(app, **{"If-None-Match": tag}).status_code == 200
    assert first.headers["Cache-Control"] == "no-cache"


def test_text_of_a_slide_stays_text(app):
    add_group(app)
    given = slide(window=POISON, title=POISON, footer=POISON, lines=(SlideLine(before=POISON),))
    with offering(app, replace(given, phones=((POISON, POISON),))):
        items = read(app).get_json()["items"]
    for item in items:
        assert "<script" not in item["html"]
        assert "<img" not in item["html"]
    assert "&lt;script&gt;" in items[0]["html"]


def test_a_slide_of_many_lines_is_cut_for_the_screen_that_shows_it(app):
    add_group(app)
    add_group(app, "tall", name="立屏", orientation=ScreenOrientation.PORTRAIT)
    many = slide(
        lines=tuple(
            SlideLine(before=f"第{n}条", number=str(n), after="个工作日") for n in range(1, 8)
        )
    )
    with offering(app, many):
        wide = [item["html"] for item in read(app).get_json()["items"]]
        tall = [item["html"] for item in read(app, "tall").get_json()["items"]]
    assert len(wide) == 2
    assert len(tall) == 2
    assert all("slide-landscape" in html for html in wide)
    assert all("slide-portrait" in html for html in tall)


@pytest.mark.parametrize("path", ["/public/screen/none", "/public/screen/none/manifest"])
def test_a_group_that_is_not_there_is_not_found(path, app):
    answer = app.test_client().get(path)
    assert answer.status_code == 404
    assert answer.is_json == path.endswith("manifest")


@pytest.mark.db
def test_no_session_is_read_and_no_cookie_set(app):
    """Whoever asks, signed in or not: a dozen queries at most, none of them about a session."""
    add_group(app)
    client = sign_in(app, "clerk").client
    with app.app_context():
        engine = db.database.engine
    for path in ("/public/screen/windows", MANIFEST, "/public/screen-worker"):
        asked = []

        def remember(_connection, _cursor, statement, *_rest, asked=asked):
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", remember)
        try:
            with offering(app, *(slide(number) for number in range(30))):
                answer = client.get(path)
        finally:
            event.remove(engine, "before_cursor_execute", remember)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        questions = [each for each in asked if each.startswith("SELECT")]
        assert len(questions) <= 12, questions
        assert not [each for each in questions if "session" in each or "account" in each]


def test_page_stands_there_before_its_script(app, browse):
    add_group(app)
    page = browse(None).get("/public/screen/windows")
    assert page.one("h1").text == "试验区政务服务中心"
    assert "12345" in page.one("#neutral p.neutral-number").text
    body = page.one("body")
    with app.test_request_context():
        assert body.get("data-manifest") == url_for("screens.show_manifest", slug="windows")
        assert body.get("data-worker") == url_for("screens.serve_worker")
    assert body.get("data-scope") == "/public/screen/"
    assert body.get("data-shell") == read(app).get_json()["shell"]
    assert "csrf" not in page.body


def turn(app, group, orientation):
    """Let the clerk say that a group's screens hang the other way."""
    with app.app_context():
        seen = service.settings_of(group)
    act(
        app,
        service.edit_group,
        group_id=group.id,
        seen_version=group.version,
        settings=replace(seen, orientation=orientation),
        edited_by_id=1,
    )


@pytest.mark.db
def test_what_stands_in_the_page_itself_has_a_shell_of_its_own(app, browse):
    """Canvas and names stand in the page, not in the manifest: a player must load it anew."""
    group = add_group(app)
    add_group(app, "tall", name="立屏", orientation=ScreenOrientation.PORTRAIT)
    with offering(app, slide()):
        wide, tall = read(app).get_json(), read(app, "tall").get_json()
        turn(app, group, ScreenOrientation.PORTRAIT)
        turned = read(app).get_json()
        with app.app_context(), db.write():
            accounts.set_hall_name("新区政务服务中心")
        named = read(app).get_json()
    assert len({each["shell"] for each in (wide, tall, turned, named)}) == 4
    assert wide["items"][0]["id"] != turned["items"][0]["id"]
    body = browse(None).get("/public/screen/windows").one("body")
    assert body.get("class") == "player player-portrait"
    assert body.get("data-shell") == named["shell"]


def test_page_of_a_stopped_group_is_the_same(app, browse):
    group = add_group(app)
    act(app, service.stop_group, group_id=group.id, stopped_by_id=None)
    assert browse(None).get("/public/screen/windows").one("#neutral") is not None
    with offering(app, slide()):
        assert read(app).get_json()["items"] == []


def test_worker_is_never_taken_from_a_cache(app):
    answer = app.test_client().get("/public/screen-worker")
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert b"clean-window-player" in answer.data


def test_script_and_worker_stay_small(app):
    for name in ("player", "worker"):
        file = Path(app.root_path) / "static" / "screens" / f"{name}.js"
        assert file.stat().st_size < 25 * 1024
