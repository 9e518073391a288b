"""What an import says of itself: 待确认 only where it can be applied, days as people write them."""

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from app.accounts.roster.imports.models import RosterImportState
from app.accounts.roster.models import ServiceWindow
from app.home.commands import bring_up_to_date
from app.kernel import db
from tests.accounts import rosters
from tests.accounts.rosters import line, whole_cast
from tests.conftest import POSTGRES
from tests.support import cast
from tests.support.database import site_at

pytestmark = pytest.mark.db
FAULTY = "有错误，待更正"


@pytest.fixture(autouse=True)
def hall(app, monkeypatch):
    """Wake-ups are the business of another process."""
    monkeypatch.setitem(app.extensions, "wake-worker", lambda _job_id: None)


def uploaded(app, *rows):
    with app.app_context():
        return "/roster/imports/" + rosters.upload(rosters.book(rows))


def stored(app):
    with app.app_context():
        return rosters.last_import().state


def test_an_import_with_faults_waits_for_mending_and_not_for_agreement(browse, app):
    clerk = browse("clerk")
    page = clerk.get(uploaded(app, *whole_cast(), line("N1", "沈一诺", 手机="12a")))
    assert page.text_of("h1") == f"人员名单：{FAULTY}"
    assert stored(app) is RosterImportState.FAULTY
    assert FAULTY in clerk.get("/roster/imports?state=faulty").text_of("tbody")
    assert "没有符合条件" in clerk.get("/roster/imports?state=previewed").text
    assert not page.all("#apply-form")


def test_what_has_been_mended_on_the_site_can_be_applied(browse, app):
    with app.app_context(), db.write():
        home = cast.department_ids()[1]
        db.session.add(ServiceWindow(number="B1", name="B1", department_id=home))
    clerk = browse("clerk")
    url = uploaded(app, *whole_cast(), line("N1", "沈一诺", 窗口="B1"))
    assert FAULTY in clerk.get(url).text_of("h1")
    with app.app_context(), db.write():
        db.session.query(ServiceWindow).update({"department_id": cast.department_ids()[0]})
    page = clerk.get(url)
    assert "待确认" in page.text_of("h1")
    clerk.submit(page, form="#apply-form")
    assert stored(app) is RosterImportState.APPLIED


def test_days_are_written_as_people_write_them(browse, app):
    clerk = browse("clerk")
    rows = [[*row] for row in whole_cast()]
    rows[0][8] = "2025-02-03"
    rows[1][10] = "2026-11-30"
    url = uploaded(app, *(row for row in rows if row[1] != "SY004"), line("N1", "沈一诺"))
    page = clerk.get(url)
    for written in ("2024年3月1日", "2025年1月6日", "2025年2月3日", "2026年11月30日"):
        assert written in page.text
    assert "最后一天2026年11月19日" in page.text_of("#apply-form")
    assert "2024-03-01" not in page.text
    assert "2026-11-" not in page.text
    book = CalamineWorkbook.from_filelike(io.BytesIO(clerk.get(f"{url}/differences").data))
    written = str(book.get_sheet_by_index(0).to_python())
    assert "2024年3月1日" in written
    assert "2026年11月19日" in written
    assert "2026-11-" not in written


def test_days_in_the_advice_too(browse, app):
    row = [*next(row for row in whole_cast() if row[1] == "SY001")]
    row[10] = "2025-01-02"
    row[8] = "2025-01-01"
    page = browse("clerk").get(uploaded(app, row))
    assert "早于现岗位的开始日期2025年1月6日" in page.text


@pytest.fixture
def old_site(store_kind, tmp_path):
    """A site whose database stands at migration 008."""
    with site_at("008", tmp_path / "var", POSTGRES if store_kind == "postgres" else None) as site:
        yield site


def test_migration_010_tells_waiting_imports_with_faults_from_those_without(old_site):
    contents = ('{"problems":[{"row":2}]}', '{"problems":[]}', "{}")
    with db.write():
        run = db.session.execute
        run(
            text(
                "INSERT INTO person (id, staff_number, name, name_key, phone, joined_on, version)"
                " VALUES (1, 'N1', '某', '某', '', '2025-01-06', 1)"
            )
        )
        for place, content in enumerate(contents):
            run(
                text(
                    "INSERT INTO roster_import (public_id, file_name, effective_on, state,"
                    " uploaded_by_id, uploaded_at, content, made, fingerprint, added, moved,"
                    " changed, departed, unchanged) VALUES (:id, 'x', '2026-11-20', 'previewed',"
                    " 1, '2026-11-20 01:00:00', :content, '{}', '', 0, 0, 0, 0, 0)"
                ),
                {"id": f"import-{place}", "content": content},
            )
    bring_up_to_date()
    states = db.session.execute(text("SELECT state FROM roster_import ORDER BY id")).scalars()
    assert list(states) == ["faulty", "previewed", "previewed"]
    assert db.session.execute(text("SELECT political_status FROM person")).scalars().all() == [None]
