"""Forgetting who left: once, whole, with the log in order and the results still counted."""

import pytest
from sqlalchemy import String, func, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import administration, roles, service, sessions, settings
from app.accounts.models import Account, Person, RoleGrant, SignInSession, SignInThrottle
from app.accounts.policy import PasswordProfile, SecurityProfile
from app.accounts.privacy import anonymising, copies
from app.accounts.privacy.models import PersonalCopy, PersonPhoto
from app.accounts.roster import people
from app.accounts.roster.models import Absence, AbsenceKind, Placement
from app.accounts.sign_in_models import PasswordHistory, RecoveryCode, SecondFactor
from app.audit.models import AuditEvent, Verdict
from app.exams.models import SittingResult
from app.exams.printing.result_sheet import RESULT_SHEET, read_sheet
from app.exams.service import results
from app.files import service as files
from app.files.models import ProducedPaper, StoredFile
from app.files.papers import code_of, store
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from tests.accounts import rosters
from tests.accounts.factories import events, with_factor
from tests.accounts.privacy.factories import file_of, upload_photo
from tests.accounts.roster.factories import TODAY
from tests.audit.factories import check
from tests.exams import factories as exams
from tests.support import cast
from tests.support.database import digest

TERM = 1095
PHONE = "13912345678"


@pytest.fixture
def gone(browse, app, now):
    """Somebody with all that a person can have, who left today; gives his id."""
    with app.app_context():
        staff = cast.person_id("staff")
    upload_photo(browse("clerk"), staff)
    with app.app_context():
        exam_id = exams.released_exam(now, staff=exams.WRONG)
        print_sheet(exam_id)
        with_factor("staff", now)
        content = files.put_content(b"a copy")
        with db.write():
            db.session.get_one(Person, staff).phone = PHONE
            copy = PersonalCopy(
                public_id="copy", person_id=staff, ordered_by_id=staff, made_at=clock.now()
            )
            copies.store(copy, content, 6)
            db.session.add(
                SignInThrottle(login_name="sy001", failures=2, last_failed_at=clock.now())
            )
            people.add_absence(
                person_id=staff,
                kind=AbsenceKind.SICK,
                starts_on=TODAY,
                ends_on=TODAY,
                covered_by_id=None,
                by_id=cast.person_id("clerk"),
            )
            people.let_leave(person_id=staff, left_on=TODAY, by_id=cast.person_id("clerk"))
    return staff


def print_sheet(exam_id):
    """Store a result sheet, past the printing."""
    sitting = exams.sitting_of(exam_id, "staff")
    sheet, sha256 = read_sheet(sitting.id), files.put_content(b"a sheet")
    with db.write():
        store(RESULT_SHEET, sitting.id, code_of(sheet), sheet, sha256=sha256, size=7)


def count(table, *where):
    return db.session.scalar(select(func.count()).select_from(table).where(*where))


def run_after(now, days=TERM + 1):
    now.move(days=days)
    anonymising.anonymise_departed()


def everything():
    """Give all that stands in the database, without the log, as one text."""
    with db.database.engine.connect() as connection:
        return repr(
            [
                (table.name, [tuple(row) for row in connection.execute(table.select())])
                for table in db.Base.metadata.sorted_tables
                if table.name not in {"audit_entry", "setting_value"}
            ]
        )


@pytest.mark.db
def test_after_the_term_nothing_says_who_somebody_was(app, now, gone):
    with app.app_context():
        before = everything()
        assert all(word in before for word in ("单知远", "SY001", "sy001", PHONE))
        run_after(now)
        after = everything()
        assert not [word for word in ("单知远", "SY001", "sy001", PHONE) if word in after]
        person = db.session.get_one(Person, gone)
        assert person.name == f"已离岗人员{gone}"
        assert (person.phone, person.employment) == ("", None)
        assert (person.joined_on, person.left_on) == (cast.JOINED_ON, TODAY)
        account = service.business_account(gone)
        assert account.disabled_at is not None
        assert account.password_hash == ""


@pytest.mark.db
def test_what_opens_a_door_or_shows_him_is_deleted(app, now, gone):
    with app.app_context():
        path = files.path_of(file_of(gone).sha256)
        account = service.business_account(gone)
        run_after(now)
        for table in (SignInSession, SecondFactor, RecoveryCode, PasswordHistory):
            assert count(table, table.account_id == account.id) == 0
        for table in (PersonPhoto, Absence, SignInThrottle, ProducedPaper, StoredFile):
            assert count(table) == 0
        assert not path.exists()


@pytest.mark.db
def test_results_and_placements_stay_as_statistics(app, now, gone):
    with app.app_context():
        exam = exams.get_exam(1)
        before = results.read_figures(exam)
        run_after(now)
        assert count(SittingResult) == before.sat == 1
        assert results.read_figures(exam) == before
        assert count(Placement, Placement.person_id == gone) == 1


@pytest.mark.db
def test_the_chain_of_the_log_still_verifies(app, now, gone):
    with app.app_context():
        run_after(now)
        assert check().verdict is Verdict.INTACT
        [event] = events(AuditEvent.ACCOUNTS_ANONYMISED)
        assert (event.person_id, event.object_id) == (None, str(gone))


@pytest.mark.db
def test_twice_is_the_same_as_once(app, now, gone):
    with app.app_context():
        run_after(now)
        once = digest()
        anonymising.anonymise_departed()
        assert digest() == once
        with db.write():
            assert anonymising.anonymise(gone) is False


@pytest.mark.db
def test_the_term_is_the_setting_and_the_last_day_of_it_still_shows(app, now, gone):
    with app.app_context():
        run_after(now, days=TERM)
        assert db.session.get_one(Person, gone).name == "单知远"
        run_after(now, days=1)
        assert db.session.get_one(Person, gone).name != "单知远"


def test_nobody_sets_a_term_under_half_a_year(app):
    with app.app_context():
        assert settings.anonymise_after_days() == TERM
    assert settings.ANONYMISE_AFTER.is_policy
    with pytest.raises(ValueError, match="183"):
        settings.ANONYMISE_AFTER.parse("182")
    assert settings.ANONYMISE_AFTER.load(1) == 183


def test_who_is_in_service_is_left_alone(app, now):
    with app.app_context():
        before = [each.name for each in db.session.scalars(select(Person).order_by(Person.id))]
        run_after(now)
        after = [each.name for each in db.session.scalars(select(Person).order_by(Person.id))]
        assert before == after


@pytest.mark.db
@pytest.mark.parametrize("is_asker", [False, True])
def test_who_has_a_role_waiting_is_put_off_until_it_is_decided(app, now, gone, is_asker):
    with app.app_context():
        with db.write():
            waiting = RoleGrant(
                person_id=cast.person_id("chief") if is_asker else gone,
                role=Role.INSPECTOR,
                starts_on=TODAY,
                requested_by_id=gone if is_asker else cast.person_id("clerk"),
                requested_at=clock.now(),
            )
            db.session.add(waiting)
            db.session.flush()
            grant_id = waiting.id
        run_after(now)
        assert db.session.get_one(Person, gone).name == "单知远"
        with db.write():
            roles.decide(
                grant_id=grant_id, is_granted=False, decided_by_id=cast.person_id("secadmin")
            )
        anonymising.anonymise_departed()
        assert db.session.get_one(Person, gone).name != "单知远"


def test_who_uploaded_a_roster_that_is_open_is_put_off_until_it_is_erased(app, now, gone):
    with app.app_context():
        now.move(days=TERM + 1)
        content = rosters.book(rosters.whole_cast())
        rosters.upload(content, effective_on=clock.today())
        with db.write():
            db.session.execute(update(rosters.RosterImport).values(uploaded_by_id=gone))
        anonymising.anonymise_departed()
        assert db.session.get_one(Person, gone).name == "单知远"
        now.move(days=31)
        rosters.service.erase_old()
        anonymising.anonymise_departed()
        assert db.session.get_one(Person, gone).name != "单知远"


def test_whom_an_import_let_leave_is_put_off_while_it_can_be_undone(app):
    made = {"people": [3], "changed": {"4": {}}, "departed": [[5, None, 1]]}
    with app.app_context():
        imported = rosters.RosterImport(state="applied", made=made, uploaded_by_id=9)
        assert [anonymising.concerns(imported, each) for each in (3, 4, 5, 9)] == [
            True,
            True,
            True,
            False,
        ]


@pytest.mark.db
def test_pages_and_lists_say_that_somebody_is_anonymised(browse, app, now, gone, monkeypatch):
    # Three years later every password would be due.
    profile = SecurityProfile(passwords=PasswordProfile.ASVS)
    monkeypatch.setitem(app.config, "SECURITY_PROFILE", profile)
    with app.app_context():
        run_after(now)
        account_id = service.business_account(gone).id
    clerk, sysadmin = browse("clerk"), browse("sysadmin")
    page = clerk.get(f"/people/{gone}")
    assert "已匿名" in page.text_of("h1")
    assert not page.all(".page-head .btn")
    rows = clerk.get("/people?service=left").all("tbody tr")
    assert len(rows) == 1
    assert "已匿名" in clerk.get("/people?service=left").text
    assert "没有符合条件" in clerk.get("/people?q=单知远").text
    listed = sysadmin.get("/accounts?state=anonymised")
    assert f"已离岗人员{gone}" in listed.text
    assert not sysadmin.get(f"/accounts/{account_id}").all("textarea, [name=reason]")


def test_nothing_can_be_written_about_him_any_more(app, now, gone):
    with app.app_context():
        run_after(now)
        clerk, version = cast.person_id("clerk"), db.session.get_one(Person, gone).version
        particulars = people.Particulars(
            staff_number="SY001", name="单知远", employment=None, phone=""
        )
        account_id = service.business_account(gone).id
        with db.write():
            token = sessions.begin_session(cast.account("sysadmin")).token
        user = sessions.load_principal(token)
        for act in (
            lambda: people.cancel_leaving(person_id=gone, by_id=clerk),
            lambda: people.change_person(
                person_id=gone, seen_version=version, particulars=particulars, changed_by_id=clerk
            ),
            lambda: people.add_absence(
                person_id=gone,
                kind=AbsenceKind.SICK,
                starts_on=TODAY,
                ends_on=TODAY,
                covered_by_id=None,
                by_id=clerk,
            ),
            lambda: administration.enable(user=user, account_id=account_id, reason="x"),
        ):
            with pytest.raises(RefusedError, match="匿名"), db.write():
                act()


@pytest.mark.db
def test_the_number_is_free_again(app, now, gone):
    with app.app_context():
        run_after(now)
        people.refuse_taken("SY001", but=None)
        marks = db.session.scalars(select(Account.login_name).where(Account.person_id == gone))
        assert all(mark.startswith("lg-") for mark in marks)


@pytest.mark.db
def test_the_database_anonymises_nobody_in_service(app):
    with app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.execute(update(Person).values(anonymised_at=clock.now(), left_on=None))


def test_a_random_mark_fits_and_is_never_the_same(app):
    marks = {anonymising.new_mark() for _ in range(50)}
    assert len(marks) == 50
    length = Person.__table__.c.staff_number.type
    assert isinstance(length, String)
    assert all(len(mark) <= length.length for mark in marks)
