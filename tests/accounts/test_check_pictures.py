"""The QR code of a paper: where it leads, and none at all without an address (HALL 1.4)."""

import io

import pytest
import segno

from app.accounts import hall
from app.accounts.check_pictures import check_picture
from app.kernel import db

CODE = "0123-4567-89AB-CDEF"
BASE = "https://www.example.gov.cn/window"


@pytest.fixture
def with_base(app):
    with app.app_context(), db.write():
        profile = hall.get_profile()
        hall.change_profile(
            profile=hall.Profile(**vars(profile) | {"qr_base": BASE}), changed_by_id=None
        )


def test_without_an_address_there_is_no_picture(app):
    with app.app_context():
        assert check_picture(CODE) == ""


@pytest.mark.db
def test_it_leads_to_where_the_paper_is_checked(app, browse, with_base):
    with app.app_context():
        drawn = str(check_picture(CODE))
    expected = io.BytesIO()
    segno.make(f"{BASE}/documents/verify/{CODE}", error="m").save(
        expected, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, dark="#17375f"
    )
    assert drawn == expected.getvalue().decode()
    page = browse("staff").get(f"/documents/verify/{CODE}")
    assert "不符" in page.text_of("main")
    browse(None).get(f"/documents/verify/{CODE}", status=303)
