"""The way of a roster through the pages: template, upload, choices, 全部导入, 撤销, history."""

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from app.accounts.models import Person, RoleGrant
from app.accounts.roster.imports.models import RosterImport
from app.jobs import service as jobs
from app.jobs.models import Job
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts import rosters
from tests.accounts.rosters import line, whole_cast
from tests.support import cast

UPLOAD = "form#upload-form"
APPLY = "form#apply-form"


@pytest.fixture(autouse=True)
def quiet(app, monkeypatch):
    """Wake-ups are the business of another process."""
    monkeypatch.setitem(app.extensions, "wake-worker", lambda _job_id: None)


def file_of(*rows, name="名单.xlsx"):
    return io.BytesIO(rosters.book(rows)), name


def send(browser, file, status=303, **values):
    """Upload a file through the form, as a browser does."""
    page = browser.get("/roster/imports/new")
    data = {
        "csrf_token": page.one(f"{UPLOAD} input[name=csrf_token]").get("value"),
        "effective_on": page.one(f"{UPLOAD} input[name=effective_on]").get("value"),
        "is_unclassified": "y",
        "file": file,
        **values,
    }
    return browser.post("/roster/imports/new", data, status=status)


def uploaded(browser, *rows):
    """Upload rows, let the worker read them, and go where the job's page leads."""
    answer = send(browser, file_of(*rows))
    with browser.app.app_context():
        jobs.run_job(db.session.scalars(select(Job.id).order_by(Job.id.desc()).limit(1)).one())
    return browser.get(browser.follow(answer).one(".job a.btn").get("href"))


def count_people(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Person))


@pytest.mark.db
def test_roster_goes_from_the_file_to_the_site_and_back(app, browse):
    browser, before = browse("clerk"), count_people(app)
    rows = [row for row in whole_cast() if row[1] != "SY001"]
    page = uploaded(
        browser, *rows, line("N1", "沈一诺", 部门="税务局"), line("N2", "任清越", 窗口="A1")
    )
    assert [each.get("value") for each in page.all("select[name=choice] option[selected]")] == [
        "2",
        "add",
    ]
    assert not page.all(APPLY)
    page = browser.follow(browser.submit(page, form="form#choices-form"))
    assert "沈一诺 区税务局 综合窗口" in page.text
    assert "单知远（SY001）" in page.text
    page = browser.follow(browser.submit(page, form=APPLY))
    assert "名单已导入" in page.text
    assert count_people(app) == before + 2
    undo = 'form[action$="/undo"]'
    asked = browser.submit(page, form=undo, status=200)
    assert count_people(app) == before + 2
    browser.submit(asked)
    assert count_people(app) == before


def test_ticked_people_leave(app, browse):
    browser = browse("clerk")
    page = uploaded(
        browser, *[row for row in whole_cast() if row[1] != "SY001"], line("N1", "沈一诺")
    )
    [box] = page.all("input[name=leave]")
    assert box.get("checked") is None
    browser.submit(page, {"leave": box.get("value")}, form=APPLY)
    with app.app_context():
        assert db.session.get_one(Person, int(box.get("value"))).left_on is not None


def test_whoever_has_administrators_posts_has_no_box_to_tick(browse):
    page = uploaded(browse("clerk"), line("N1", "沈一诺"))
    disabled = page.all("input[name=leave][disabled]")
    assert len(disabled) == 4
    assert "请先停用管理员账号" in page.text


def test_faults_are_listed_with_row_and_column_and_nothing_can_be_applied(browse):
    browser = browse("clerk")
    page = uploaded(
        browser, line("N1", "沈一诺"), line("N2", "任清越", 手机="12a"), line("", "许曾")
    )
    assert "有2处错误，一行也没有导入" in page.text
    assert "3 J 手机 电话只写数字" in page.text
    assert "4 B 工号 没有填；请补上" in page.text
    assert not page.all(APPLY)
    sent = browser.post(page.url + "/apply", {"csrf_token": browser.token()}, status=409)
    assert "还没有导入" in sent.text


@pytest.mark.db
def test_others_changes_meanwhile_are_shown_before_anything_is_applied(app, browse):
    browser, before = browse("clerk"), count_people(app)
    page = uploaded(browser, *whole_cast(), line("N1", "沈一诺"))
    with app.app_context(), db.write():
        db.session.get_one(Person, cast.person_id("staff")).phone = "13800000007"
        db.session.get_one(Person, cast.person_id("other")).name = "梁静宜"
    again = browser.submit(page, form=APPLY, status=409)
    assert "人员有过变动" in again.text
    assert "梁静宜" in again.text
    assert count_people(app) == before
    browser.submit(again, form=APPLY)
    assert count_people(app) == before + 1


def test_telephone_is_masked_on_the_page(browse):
    row = line(
        "SY001", "单知远", 岗位="专业窗口", 岗位类别="", 入职日期=cast.JOINED_ON, 手机="13812345678"
    )
    page = uploaded(browse("clerk"), *[each for each in whole_cast() if each[1] != "SY001"], row)
    assert "138****5678" in page.text
    assert "13812345678" not in page.body


@pytest.mark.parametrize(
    ("file", "values", "advice"),
    [
        ((io.BytesIO(), ""), {}, "请选择文件"),
        ((io.BytesIO(b"x"), "机密名单.xlsx"), {}, "文件名里有“机密”"),
        ((io.BytesIO(b"x"), "../../名单.xlsx"), {"is_unclassified": ""}, "请核对后打勾"),
        ((io.BytesIO(b"x"), "名单.xlsx"), {"effective_on": "2099-01-01"}, "离今天太远"),
        ((io.BytesIO(b"x"), "名单.xlsx"), {"effective_on": ""}, "请填写名单日期"),
    ],
    ids=["no file", "forbidden", "no tick", "far day", "no day"],
)
def test_upload_is_refused_with_what_to_do(file, values, advice, app, browse):
    values = {name: value for name, value in values.items() if value or name != "is_unclassified"}
    dropped = {"is_unclassified"} if "打勾" in advice else set()
    browser = browse("clerk")
    page = browser.get("/roster/imports/new")
    data = {
        "csrf_token": page.one(f"{UPLOAD} input[name=csrf_token]").get("value"),
        "effective_on": "2026-11-20",
        "is_unclassified": "y",
        "file": file,
        **values,
    }
    sent = {name: value for name, value in data.items() if name not in dropped}
    assert advice in browser.post("/roster/imports/new", sent, status=422).text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RosterImport)) == 0


def test_folders_of_a_file_name_are_dropped(app, browse):
    send(browse("clerk"), file_of(line("N1", "沈一诺"), name="..\\..\\etc/名单\x07.xlsx"))
    with app.app_context():
        assert db.session.scalars(select(RosterImport.file_name)).all() == ["名单.xlsx"]


def test_file_that_is_no_table_says_so_on_the_page_of_the_job(browse):
    browser = browse("clerk")
    answer = send(browser, (io.BytesIO(b"PK\x03\x04"), "名单.xlsx"))
    with browser.app.app_context():
        jobs.run_job(db.session.scalars(select(Job.id)).one())
    assert "另存为" in browser.follow(answer).text
    listed = browser.get("/roster/imports")
    assert "没有读成" in listed.text


@pytest.mark.parametrize("kind", ["template", "sample"])
def test_template_and_sample_can_be_uploaded_as_they_are(kind, browse):
    browser = browse("clerk")
    content = browser.get(f"/roster/imports/{kind}").data
    names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    assert names[0] == "人员名单"
    assert ("填写说明" in names) == (kind == "template")
    roster = rosters.read_file(content)
    assert not roster.problems
    assert len(roster.rows) == (1 if kind == "template" else 30)


def test_differences_leave_as_excel_and_that_is_logged(browse):
    browser = browse("clerk")
    page = uploaded(browser, *whole_cast()[1:], line("N1", "沈一诺"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get(page.url + "/differences").data))
    kinds = [row[0] for row in book.get_sheet_by_index(0).to_python()]
    assert kinds == ["类别", "新增", "名单里没有"]


def test_clerk_of_one_department_does_not_import_the_hall(app, browse):
    browser = browse("clerk")
    page = uploaded(browser, *whole_cast(), line("N1", "沈一诺"))
    with app.app_context(), db.write():
        grant = db.session.scalars(select(RoleGrant).where(RoleGrant.role == Role.CLERK)).one()
        grant.department_id = cast.department_ids()[0]
    browser.get(page.url, status=404)
    browser.get("/roster/imports/new", status=403)
    assert "还没有导入过名单" in browser.get("/roster/imports").text


def test_history_can_be_searched_and_exported(browse):
    browser = browse("clerk")
    uploaded(browser, *whole_cast(), line("N1", "沈一诺"))
    assert "待确认" in browser.get("/roster/imports?state=previewed").text
    assert "没有符合条件" in browser.get("/roster/imports?state=undone").text
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get("/roster/imports/export").data))
    assert book.get_sheet_by_index(0).to_python()[1][1] == "名单.xlsx"
