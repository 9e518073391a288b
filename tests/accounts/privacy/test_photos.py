"""A person's photo: taken in with consent, shown to few, gone within the hour of departure."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.accounts.privacy import photos
from app.accounts.privacy.models import PersonPhoto
from app.accounts.roster import people
from app.audit.models import AuditEvent
from app.files.models import StoredFile
from app.kernel import db
from tests.accounts.factories import events
from tests.accounts.privacy.factories import (
    attached,
    file_of,
    path_of,
    picture,
    send_form,
    upload_photo,
)
from tests.accounts.roster.factories import TODAY, join
from tests.support import cast


@pytest.fixture
def colleague(app):
    with app.app_context():
        return join()


def leave(person_id, on=TODAY):
    with db.write():
        people.let_leave(person_id=person_id, left_on=on, by_id=cast.person_id("clerk"))


def count_files():
    return db.session.scalar(select(func.count()).select_from(StoredFile))


@pytest.mark.db
def test_a_photo_is_drawn_anew_as_a_small_portrait_without_its_place(browse, app, colleague):
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 24.0, 0.0)}
    upload_photo(browse("clerk"), colleague, picture(size=(3000, 2000), exif=exif))
    answer = browse("clerk").get(f"/people/{colleague}/photo")
    drawn = Image.open(io.BytesIO(answer.data))
    assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("JPEG", (480, 640), {})
    with app.app_context():
        photo = db.session.get_one(PersonPhoto, colleague)
        assert photo.set_by_id == cast.person_id("clerk")
        assert photo.consented_at is not None
        [event] = events(AuditEvent.ACCOUNTS_PHOTO_SET)
        assert event.object_id == str(colleague)


def test_a_small_photo_is_cut_and_not_blown_up(app):
    with app.app_context():
        drawn = Image.open(io.BytesIO(photos.draw(picture("PNG", size=(300, 300)))))
    assert drawn.size == (225, 300)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_other_kinds_are_taken_by_their_content(browse, colleague, kind):
    upload_photo(browse("clerk"), colleague, picture(kind), name="x.bin")
    assert browse("clerk").get(f"/people/{colleague}/photo").data[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize(
    ("changes", "advice"),
    [
        ({"content": b"<html><script>"}, "这不是能用的图片"),
        ({"content": picture("GIF")}, "这不是能用的图片"),
        ({"has_consent": None}, "请先取得本人同意"),
        ({"is_unclassified": None}, "请核对后打勾"),
        ({"name": "内部照片.jpg"}, "“内部”字样"),
        ({"content": b"x" * (photos.MAX_BYTES + 1)}, "超过10MB"),
    ],
)
def test_what_is_no_photo_or_has_no_consent_is_refused(browse, app, colleague, changes, advice):
    body = upload_photo(browse("clerk"), colleague, status=422, **changes)
    assert advice in body
    with app.app_context():
        assert file_of(colleague) is None
        assert count_files() == 0


def test_only_this_route_takes_ten_megabytes_and_only_from_who_may_use_it(browse, colleague):
    large = picture() + b"\x00" * (9 << 20)
    upload_photo(browse("clerk"), colleague, large)
    too_large = picture() + b"\x00" * (11 << 20)
    page = browse("clerk").get(f"/people/{colleague}/photo/edit")
    token = page.one("#photo-form [name=csrf_token]").get("value")
    for who, url, content in (
        ("clerk", f"/people/{colleague}/photo/edit", too_large),
        ("clerk", "/roster/imports/new", large),
        ("staff", f"/people/{colleague}/photo/edit", large),
    ):
        data = {"file": attached(content, "a.jpg"), "csrf_token": token}
        assert send_form(browse(who), url, data).status_code == 413


def test_a_photo_is_answered_so_that_no_browser_runs_it(browse, colleague):
    upload_photo(browse("clerk"), colleague)
    answer = browse("clerk").get(f"/people/{colleague}/photo")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, max-age=300"


@pytest.mark.db
def test_a_photo_stands_on_the_page_of_the_person_and_on_his_own(browse, app):
    with app.app_context():
        staff = cast.person_id("staff")
    clerk = browse("clerk")
    assert not clerk.get(f"/people/{staff}").all("img")
    upload_photo(clerk, staff)
    shown = clerk.get(f"/people/{staff}").one("#photo img")
    assert shown.get("alt") == "照片"
    clerk.get(shown.get("src"))
    own = browse("staff").get("/account").one("#photo img")
    assert browse("staff").get(own.get("src")).data[:3] == b"\xff\xd8\xff"
    browse("other").get("/account/photo", status=404)


@pytest.mark.db
def test_a_new_photo_takes_the_place_of_the_old_one_whose_bytes_are_gone(browse, app, colleague):
    clerk = browse("clerk")
    upload_photo(clerk, colleague)
    with app.app_context():
        old = path_of(colleague)
    upload_photo(clerk, colleague, picture(color=(200, 0, 0)))
    with app.app_context():
        assert not old.exists()
        assert path_of(colleague).exists()
        assert count_files() == 1
        assert [event.data["is_replaced"] for event in events(AuditEvent.ACCOUNTS_PHOTO_SET)] == [
            False,
            True,
        ]


def test_the_same_photo_once_more_keeps_its_bytes(browse, app, colleague):
    for _ in range(2):
        upload_photo(browse("clerk"), colleague)
    with app.app_context():
        assert path_of(colleague).exists()
        assert count_files() == 1


@pytest.mark.db
def test_a_photo_is_removed_by_the_clerk_and_by_the_person_himself(browse, app):
    with app.app_context():
        staff = cast.person_id("staff")
    for who, page in (("clerk", f"/people/{staff}"), ("staff", "/account")):
        upload_photo(browse("clerk"), staff)
        browser = browse(who)
        asked = browser.submit(browser.get(page), form="#photo form[method=post]", status=200)
        with app.app_context():
            path = path_of(staff)
        browser.submit(asked, form="form:has(input[name=confirmed])")
        with app.app_context():
            assert file_of(staff) is None
            assert not path.exists()
            event = events(AuditEvent.ACCOUNTS_PHOTO_REMOVED)[-1]
            assert event.person_id == cast.person_id(who)
            assert event.object_id == str(staff)


@pytest.mark.db
def test_the_photo_of_somebody_who_left_is_gone_within_the_hour(browse, app, now, colleague):
    clerk = browse("clerk")
    upload_photo(clerk, colleague)
    with app.app_context():
        leave(colleague)
        path = path_of(colleague)
        photos.erase_departed()
        assert path.exists()
    clerk.get(f"/people/{colleague}/photo")
    # 10:00 on the last day; the next begins fourteen hours later.
    now.move(hours=13, minutes=59)
    assert browse("clerk").get(f"/people/{colleague}").all("#photo img")
    now.move(minutes=1)
    fresh = browse("clerk")
    fresh.get(f"/people/{colleague}/photo", status=404)
    assert not fresh.get(f"/people/{colleague}").all("#photo img")
    with app.app_context():
        photos.erase_departed()
        assert file_of(colleague) is None
        assert not path.exists()
        [event] = events(AuditEvent.ACCOUNTS_PHOTO_REMOVED)
        assert (event.person_id, event.object_id) == (None, str(colleague))
        photos.erase_departed()
        assert len(events(AuditEvent.ACCOUNTS_PHOTO_REMOVED)) == 1


def test_the_task_runs_every_few_minutes(app):
    [task] = [
        task
        for room in app.extensions["clean-window"]
        for task in room.periodic
        if task.run is photos.erase_departed
    ]
    assert task.every.total_seconds() <= 600


@pytest.mark.db
def test_whoever_has_the_same_picture_keeps_his(browse, app, now, colleague):
    with app.app_context():
        staff = cast.person_id("staff")
    for person_id in (colleague, staff):
        upload_photo(browse("clerk"), person_id)
    with app.app_context():
        leave(colleague)
        assert path_of(colleague) == path_of(staff)
    now.move(days=1)
    with app.app_context():
        photos.erase_departed()
        assert file_of(colleague) is None
        assert path_of(staff).exists()
    browse("clerk").get(f"/people/{staff}/photo")


def test_nobody_who_has_left_gets_a_photo(browse, app, now, colleague):
    with app.app_context():
        leave(colleague)
    now.move(days=1)
    body = upload_photo(browse("clerk"), colleague, status=422)
    assert "已经离岗" in body


def test_a_photo_whose_bytes_are_gone_is_not_found(browse, app, colleague):
    upload_photo(browse("clerk"), colleague)
    with app.app_context():
        path_of(colleague).unlink()
    browse("clerk").get(f"/people/{colleague}/photo", status=404)
