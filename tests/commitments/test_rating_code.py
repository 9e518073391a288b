"""好差评码: the official picture, uploaded and drawn anew, one per window; never made here."""

import io

import pytest
from PIL import Image

from app.audit.models import AuditEvent
from app.commitments import codes
from app.commitments.models import RatingCode
from app.files.models import StoredFile
from app.kernel import db
from tests.commitments import factories

FORM = "form#code-form"
TICKS = {"is_unclassified": "y", "is_official": "y"}


class File(io.BytesIO):
    """A picture to be uploaded."""

    def __init__(self, content, name="码.png"):
        super().__init__(content)
        self.name = name


@pytest.fixture
def window(app):
    with app.app_context():
        return factories.add_window()


def url_of(window):
    return f"/commitments/windows/{window}/rating-code"


def upload(browser, window, content, status=303, **changes):
    page = browser.get(f"{url_of(window)}/edit")
    token = page.one(f"{FORM} input[name=csrf_token]").get("value")
    data = {"csrf_token": token, "file": File(content), **TICKS, **changes}
    return browser.post(f"{url_of(window)}/edit", data, status=status)


def test_code_is_kept_drawn_anew_and_shown(app, browse, window):
    clerk = browse("clerk")
    picture = factories.picture()
    upload(clerk, window, picture)
    page = clerk.get(f"{url_of(window)}/edit")
    body = clerk.get(page.one("img.rating-code").get("src")).data
    assert Image.open(io.BytesIO(body)).format == "JPEG"
    with app.app_context():
        (entry,) = factories.events(AuditEvent.COMMITMENTS_CODE_SET)
        assert entry.data["is_replaced"] is False


def test_second_code_takes_the_place_of_the_first(app, browse, window):
    clerk = browse("clerk")
    upload(clerk, window, factories.picture())
    upload(clerk, window, factories.picture((10, 20, 30)))
    with app.app_context():
        assert db.session.query(RatingCode).count() == 1
        assert db.session.query(StoredFile).count() == 1


def test_code_is_removed_after_asking(app, browse, window):
    clerk = browse("clerk")
    upload(clerk, window, factories.picture())
    page = clerk.get(f"{url_of(window)}/edit")
    asked = clerk.submit(page, form="form[action$=remove]", status=200)
    clerk.submit(asked, form="main form")
    clerk.get(url_of(window), status=404)
    with app.app_context():
        assert codes.get_file(window) is None


def test_what_is_no_picture_and_what_is_not_ticked_is_refused(browse, window):
    clerk = browse("clerk")
    assert "不是能用的图片" in upload(clerk, window, b"<svg/>", status=422).text
    answer = upload(clerk, window, factories.picture(), status=422, is_official="")
    assert "本窗口的码" in answer.text
    clerk.get(url_of(window), status=404)


def test_lead_uploads_for_his_own_windows_only(app, browse, window):
    with app.app_context():
        other = factories.add_window("C01", place=1)
    lead = browse("lead")
    lead.get(f"{url_of(window)}/edit")
    lead.get(f"{url_of(other)}/edit", status=404)
    browse("chief").get(f"{url_of(window)}/edit", status=403)
