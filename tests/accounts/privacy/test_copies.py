"""个人信息副本: what every room holds about a person, for him, whole, without a secret or a key."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.accounts.models import SignInSession
from app.accounts.privacy import copies
from app.accounts.privacy.models import PersonalCopy
from app.accounts.roster.models import Absence, AbsenceKind
from app.audit.models import AuditEvent
from app.files import service as files
from app.files.models import StoredFile
from app.jobs.models import Job, JobState
from app.kernel import db, spreadsheets
from app.kernel.feature import features
from tests.accounts.factories import events
from tests.accounts.privacy.factories import read_book, upload_photo
from tests.accounts.roster.factories import TODAY, join
from tests.exams import factories as exams
from tests.exams.factories import run_jobs
from tests.support import cast

# What is classed as personal or sensitive and stands in no copy, each with its reason.
SECRETS = {
    "account.password_hash",
    "activation_code.code_hash",
    "password_history.password_hash",
    "recovery_code.code_hash",
    "idea.code_hash",
    "second_factor.secret",
    "sign_in_challenge.token_hash",
    "sign_in_session.token_hash",
}
KEYS = {f"paper_key.{name}" for name in ("exam_id", "number", "key", "basis", "analysis")} | {
    "question_version.key",
    # Files of questions, read with their keys.
    "question_import_item.parsed",
    "question_import_item.source",
}
# He did it as his work: his acts stand in 本人操作, the record itself is the hall's.
ACTS = {
    "audit_verification.ordered_by_id",
    "exam.submitted_by_id",
    "exam.reviewed_by_id",
    "exam.approved_by_id",
    "exam.published_by_id",
    "exam_control.made_by_id",
    "answer_mark.marker_id",
    "exam.released_by_id",
    "exam_author.person_id",
    "late_admission.admitted_by_id",
    "question_export.ordered_by_id",
    "question_group.created_by_id",
    "question_import.uploaded_by_id",
    "question_version.created_by_id",
    "screen_package.ordered_by_id",
    "idea.triaged_by_id",
    "idea.answered_by_id",
    "idea_message.asked_by_id",
    "idea_import.file_name",
    "idea_import.uploaded_by_id",
    "order_evidence.added_by_id",
    *(
        f"improvement_order.{act}_by_id"
        for act in (
            *("edited", "submitted", "issued", "received", "feedback", "confirmed"),
            *("carried", "verified", "visited", "revisited", "case"),
        )
    ),
}
OTHERS = {
    # Whose row it is: the copy is about him.
    "personal_copy.person_id",
    "person_photo.person_id",
    # The list of a whole department, erased after thirty days.
    "roster_import.content",
    "roster_import.made",
    # Counts by address, of whoever sits behind it.
    "address_throttle.address",
    # A clerk may order somebody's copy; a hand-over is for its two people alone (029, 030).
    "idea_handover.handed_by_id",
    "idea_handover.receiver_id",
    "handover.handed_by_id",
    "handover.receiver_id",
    # Papers about records of the hall; their PDFs are on the pages of those.
    "produced_paper.snapshot",
    # What somebody without an account left, and files of outside forms until they are taken in.
    "idea.contact",
    "idea_import.rows",
    # A file of the whole hall until it is taken in; a name that somebody typed into a record.
    "training_figure_import.rows",
    "training_record.chair",
    # Who was at a class: his place in it and his sitting say the same.
    "exam_person.person_id",
    "paper_signature.scan_file_id",
    "decision_batch_line.title",
    # Who may not take a step: it follows from the record.
    "open_step_barred.person_id",
    "open_step_barred.step_id",
}
# What was answered anonymously: nothing says whose it is, so nobody can be handed it.
UNNAMED = {
    *(f"survey_ballot.{name}" for name in ("id", "survey_id", "group_label", "answers")),
    *(f"survey_comment.{name}" for name in ("id", "survey_id", "question", "body")),
}
EXCEPTIONS = SECRETS | KEYS | ACTS | OTHERS | UNNAMED


def personal_columns():
    return {
        str(column)
        for table in db.Base.metadata.sorted_tables
        for column in table.columns
        if {**table.info, **column.info}["class"] in {"personal", "sensitive"}
    }


def tables_of(app, person_id):
    rooms = [room for room in features(app) if room.personal_data]
    return [table for room in rooms for table in room.personal_data(person_id)]


def order(browser, page, app, form="#copy form"):
    """Order a copy on a page, let the worker make it; gives the page with the download."""
    answer = browser.submit(browser.get(page), form=form)
    with app.app_context():
        run_jobs()
    link = browser.follow(answer).one('a[href^="/account/copies/"]')
    return browser.get(link.get("href"))


def fetch(browser, page):
    return browser.get(page.one("a.btn-primary").get("href"))


@pytest.mark.db
def test_every_personal_column_is_in_the_copy_or_named_as_an_exception(app):
    with app.app_context():
        told = {name for each in tables_of(app, cast.person_id("staff")) for name in each.columns}
    assert personal_columns() - told == EXCEPTIONS
    assert not told & (SECRETS | KEYS)


def test_no_two_tables_have_the_same_name(app):
    with app.app_context():
        names = [spreadsheets.sheet_name(each.title) for each in tables_of(app, 1)]
    assert len(names) == len(set(names)) > 10


@pytest.mark.db
def test_a_person_fetches_what_the_site_holds_about_himself(browse, app):
    with app.app_context():
        staff, other = cast.person_id("staff"), cast.person_id("other")
        with db.write():
            db.session.add(
                Absence(
                    person_id=staff,
                    kind=AbsenceKind.SICK,
                    starts_on=TODAY - timedelta(days=9),
                    ends_on=TODAY - timedelta(days=8),
                    covered_by_id=other,
                )
            )
    upload_photo(browse("clerk"), staff)
    browser = browse("staff")
    page = order(browser, "/account", app)
    answer = fetch(browser, page)
    assert answer.headers["Content-Type"] == spreadsheets.MEDIA_TYPE
    book = read_book(answer.data)
    assert book["基本情况"][1][:2] == ["SY001", "单知远"]
    assert book["不在岗"][1] == ["病假", "2026-11-11", "2026-11-12", "梁静怡", ""]
    assert book["角色"][1][:2] == ["窗口工作人员", ""]
    assert "申请个人信息副本" in [row[1] for row in book["本人操作"]]
    assert book["照片"][1][3] == "陆文博"
    assert len(book["登录记录"]) == 2
    assert "替岗" not in book
    with app.app_context():
        copy = db.session.scalars(select(PersonalCopy)).one()
        assert (copy.person_id, copy.ordered_by_id) == (staff, staff)
        made, exported = events(AuditEvent.ACCOUNTS_COPY_MADE, AuditEvent.RECORD_EXPORTED)
        assert (made.person_id, made.object_id) == (staff, copy.public_id)
        assert exported.object_type == "personal_copy"


def test_no_secret_stands_in_the_file(browse, app):
    browser = browse("staff")
    answer = fetch(browser, order(browser, "/account", app))
    text = repr(read_book(answer.data))
    with app.app_context():
        hashes = [each.token_hash for each in db.session.scalars(select(SignInSession))]
        password = cast.account("staff").password_hash
    assert not [secret for secret in (*hashes, password, cast.PASSWORD) if secret in text]


def test_a_formula_in_a_name_stays_text(browse, app):
    with app.app_context():
        person_id = join(name="=1+1")
        [first, *_] = tables_of(app, person_id)
        [found] = [t for t in tables_of(app, person_id) if t.title == "基本情况"]
        assert first is not None
        content = copies.write([found])
    assert read_book(content)["基本情况"][1][1] == "'=1+1"


@pytest.mark.db
def test_only_who_ordered_it_can_fetch_it(browse, app):
    page = order(browse("staff"), "/account", app)
    for who in ("other", "clerk", "sysadmin"):
        browse(who).get(page.url, status=404)
        browse(who).get(f"{page.url}/file", status=404)


@pytest.mark.db
def test_a_copy_of_somebody_else_wants_the_password_and_is_written_down(browse, app, now):
    with app.app_context():
        staff = cast.person_id("staff")
    clerk = browse("clerk")
    now.move(minutes=6)
    asked = clerk.submit(clerk.get(f"/people/{staff}"), form="#copy form", status=200)
    assert asked.all("[name=proof_password]")
    answer = clerk.submit(
        asked, {"proof_password": cast.PASSWORD}, form="form:has([name=proof_password])"
    )
    with app.app_context():
        run_jobs()
        [ordered] = events(AuditEvent.ACCOUNTS_COPY_ORDERED)
        assert (ordered.person_id, ordered.object_id) == (cast.person_id("clerk"), str(staff))
    page = clerk.get(clerk.follow(answer).one('a[href^="/account/copies/"]').get("href"))
    assert "单知远" in page.text
    browse("staff").get(page.url, status=404)


def test_a_clerk_of_one_department_orders_none_of_another(browse, app):
    with app.app_context():
        url = f"/people/{cast.person_id('staff')}/copy"
    for who in ("staff", "chief", "sysadmin", "secadmin"):
        browser = browse(who)
        browser.post(url, {"csrf_token": browser.token()}, status=403)


@pytest.mark.db
def test_the_file_is_gone_after_a_week(browse, app, now):
    browser = browse("staff")
    page = order(browser, "/account", app)
    now.move(days=6, hours=23)
    with app.app_context():
        copies.erase_old()
        path = files.path_of(db.session.scalars(select(StoredFile.sha256)).one())
        assert path.exists()
    now.move(hours=1)
    late = browse("staff")
    late.get(f"{page.url}/file", status=404)
    assert "已经删除" in late.get(page.url).text
    with app.app_context():
        copies.erase_old()
        assert not path.exists()
        assert db.session.scalars(select(PersonalCopy)).one().file_id is None
        assert len(events(AuditEvent.ACCOUNTS_COPY_ERASED)) == 1
        copies.erase_old()
        assert len(events(AuditEvent.ACCOUNTS_COPY_ERASED)) == 1


def test_a_new_copy_takes_the_place_of_the_last_one(browse, app, now):
    first = order(browse("staff"), "/account", app)
    now.move(minutes=1)
    browser = browse("staff")
    order(browser, "/account", app)
    assert "已经删除" in browser.get(first.url).text
    with app.app_context():
        assert len(list(db.session.scalars(select(StoredFile)))) == 1
        job = db.session.scalars(select(Job).order_by(Job.id)).first()
        assert (job.state, job.done) == (JobState.DONE, job.total)


@pytest.mark.db
def test_marks_are_told_after_the_release_only_and_keys_never(app, now):
    with app.app_context():
        staff = cast.person_id("staff")
        exam_id = exams.graded_exam(now, staff=exams.WRONG)
        tables = by_title(app, staff)
        assert len(tables["作答"].rows) == len(exams.BANK)
        assert (tables["成绩"].rows, tables["每题得分"].rows) == ([], [])
        exams.release(exam_id)
        tables = by_title(app, staff)
        [[title, marks, is_passed, right, *_]] = tables["成绩"].rows
        assert (title, marks, is_passed, right) == ("2026年11月一月一考", 0, "否", 0)
        assert [row[1:] for row in tables["每题得分"].rows] == [
            [1, "A", 0, 10],
            [2, "AB", 0, 10],
            [3, "错误", 0, 10],
        ]


def test_marks_of_a_question_that_he_sits_elsewhere_are_withheld(app, now):
    with app.app_context():
        staff = cast.person_id("staff")
        exam_id = exams.released_exam(now, staff=exams.WRONG)
        [first, *_] = exams.frozen(exam_id)
        exams.publish_exam(questions=[first.question_id], title="补考", pass_marks=Decimal(5))
        shown = [row[1] for row in by_title(app, staff)["每题得分"].rows]
        # All three were wrong: the withheld one has no cover, so that nothing is told.
        assert shown == []


def by_title(app, person_id):
    return {table.title: table for table in tables_of(app, person_id)}
