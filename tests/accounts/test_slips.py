"""激活单: printed by a job, fetched once by who ordered them, and erased."""

import subprocess

import pytest
from sqlalchemy import select

from app.accounts import credentials, service, slips
from app.accounts.sign_in_models import ActivationCode, SlipBatch
from app.audit.models import AuditEvent
from app.files import service as files
from app.files.models import StoredFile
from app.jobs.models import Job, JobState
from app.kernel import db, pdf
from app.kernel.permissions import Role
from tests.accounts.factories import choose_password, events, try_sign_in
from tests.exams.factories import printed, run_jobs
from tests.support import cast

NAMES = ("翟晓", "安澜", "曾语桐")


@pytest.fixture
def newcomers(app):
    """Three people who wait for a code, two in the first department, one in the second."""
    with app.app_context(), db.write():
        for place, name in enumerate(NAMES):
            service.add_person(
                staff_number=f"SY80{place}",
                name=name,
                department_id=cast.department_ids()[place // 2],
                post="帮办",
                password_hash=credentials.NO_PASSWORD,
                roles=[Role.STAFF],
                joined_on=cast.JOINED_ON,
            )


@pytest.fixture
def rendered(monkeypatch):
    """Look at what is printed, without printing it."""
    documents = []

    def keep(document):
        documents.append(document)
        return b"%PDF-1.7 " + document.html.encode()

    monkeypatch.setattr(pdf, "render", keep)
    return documents


def order(browser, status=303, **values):
    page = browser.get("/accounts/slips/new")
    return browser.submit(page, values, form="#slips-form", status=status)


def make(browser, app, **values):
    """Order slips and let the worker make them; gives the page with the download."""
    answer = order(browser, **values)
    with app.app_context():
        run_jobs()
    link = browser.follow(answer).one('a[href^="/accounts/slips/"]')
    return browser.get(link.get("href"))


def sheet_of(document):
    """Give the slips of a document by 工号: name and code, in the printed order."""
    parts = document.html.split('<section class="slip">')[1:]
    found = {}
    for part in parts:
        number = part.split("<span>工号</span>　")[1].split("<")[0]
        found[number] = part.split('class="code">')[1].split("<")[0]
    return found


@pytest.mark.db
def test_code_on_the_slip_opens_the_account(browse, app, newcomers, rendered, now):
    sysadmin = browse("sysadmin")
    page = make(sysadmin, app)
    codes = sheet_of(rendered[0])
    assert list(codes) == ["SY801", "SY800", "SY802"], "by department, then by pinyin"
    fetched = sysadmin.submit(page, form="form[data-download]", status=200)
    assert fetched.headers["Content-Type"] == "application/pdf"
    assert codes["SY801"].encode() in fetched.data
    now.move(days=7, hours=5)
    visitor = browse(None)
    try_sign_in(visitor, "SY801", codes["SY801"])
    choose_password(visitor)
    now.move(days=1)
    try_sign_in(browse(None), "SY802", codes["SY802"], status=422)


def test_slip_says_what_a_person_needs(browse, app, newcomers, rendered, monkeypatch):
    make(browse("sysadmin"), app)
    html = rendered[0].html
    for word in ("试验区政务服务中心", "不动产登记中心", "翟晓", "SY800", "2026年11月27日"):
        assert word in html
    assert "网址" not in html


@pytest.mark.db
def test_codes_are_shown_nowhere_else(browse, app, newcomers, rendered):
    sysadmin = browse("sysadmin")
    page = make(sysadmin, app)
    codes = sheet_of(rendered[0]).values()
    pages = [page.body, sysadmin.get("/accounts").body]
    with app.app_context():
        rows = repr([
            tuple(row) for table in db.Base.metadata.sorted_tables
            for row in db.session.execute(table.select())
        ])  # fmt: skip
    for code in codes:
        for text in (*pages, rows):
            assert code not in text
            assert credentials.bare(code) not in text


@pytest.mark.db
def test_file_is_fetched_once_and_then_gone(browse, app, newcomers, rendered):
    sysadmin = browse("sysadmin")
    page = make(sysadmin, app)
    with app.app_context():
        [stored] = db.session.scalars(select(StoredFile))
        path = files.path_of(stored.sha256)
    assert path.exists()
    sysadmin.submit(page, form="form[data-download]", status=200)
    assert not path.exists()
    again = sysadmin.submit(page, form="form[data-download]")
    assert "已经下载过" in sysadmin.follow(again).text
    with app.app_context():
        assert db.session.scalars(select(StoredFile)).all() == []
        [entry] = events(AuditEvent.ACCOUNTS_SLIPS_ERASED)
        assert entry.data == {"is_fetched": True}


@pytest.mark.db
def test_file_that_nobody_fetched_is_erased_after_a_day(browse, app, newcomers, rendered, now):
    make(browse("sysadmin"), app)
    with app.app_context():
        path = files.path_of(db.session.scalars(select(StoredFile)).one().sha256)
        now.move(hours=24, seconds=-1)
        slips.erase_old()
        assert path.exists()
        now.move(seconds=1)
        slips.erase_old()
        slips.erase_old()
        assert not path.exists()
        [entry] = events(AuditEvent.ACCOUNTS_SLIPS_ERASED)
        assert (entry.person_id, entry.data) == (None, {"is_fetched": False})


def test_nobody_but_who_ordered_gets_them(browse, app, newcomers, rendered):
    sysadmin = browse("sysadmin")
    url = make(sysadmin, app).url
    with app.app_context(), db.write():
        batch = db.session.scalars(select(SlipBatch)).one()
        batch.ordered_by_id = cast.person_id("staff")
    sysadmin.get(url, status=404)
    sysadmin.post(f"{url}/fetch", {"csrf_token": sysadmin.token()}, status=404)


@pytest.mark.db
def test_slips_handed_out_stay_valid_unless_asked_otherwise(browse, app, newcomers, rendered):
    sysadmin = browse("sysadmin")
    make(sysadmin, app, department="1")
    first = sheet_of(rendered[0])
    assert set(first) == {"SY800", "SY801"}
    make(sysadmin, app)
    assert set(sheet_of(rendered[1])) == {"SY802"}
    refused = order(sysadmin, status=422)
    assert "没有需要打印的账号" in refused.text
    make(sysadmin, app, again="y")
    assert set(sheet_of(rendered[2])) == {"SY800", "SY801", "SY802"}
    try_sign_in(browse(None), "SY800", first["SY800"], status=422)


@pytest.mark.db
def test_failed_printing_voids_no_code(browse, app, newcomers, rendered, monkeypatch):
    sysadmin = browse("sysadmin")
    make(sysadmin, app)
    codes = sheet_of(rendered[0])

    def fail(_document):
        raise pdf.MissingGlyph(("𠮷",))

    monkeypatch.setattr(pdf, "render", fail)
    order(sysadmin, again="y")
    with app.app_context():
        run_jobs()
        failed = db.session.scalars(select(Job).order_by(Job.id.desc())).first()
        assert failed.state is JobState.FAILED
        assert "𠮷" in failed.error
        assert db.session.query(ActivationCode).count() == 3
    assert try_sign_in(browse(None), "SY800", codes["SY800"]).location == "/"


def test_printed_page_holds_ten_slips(app):
    with app.app_context(), app.test_request_context():
        made = [
            slips.Slip(
                department="区人力资源和社会保障局", name=f"姓名{place}",
                login_name=f"SY{place:04}", code=f"ABCD-EFGH-{place:04}",
            )
            for place in range(11)
        ]  # fmt: skip
        content = slips.print_slips(made, slips.valid_until())
    pages = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    assert pages.stdout.count(b"\f") == 2
    text = printed(content)
    assert all(f"ABCD-EFGH-{place:04}" in text for place in range(11))
    assert text.count("激活码有效期至") == 11
    assert text.index("SY0009") < text.index("SY0010")
