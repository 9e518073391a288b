"""Drafting, and what happens to a sheet from its draft to its end (清廉10)."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.commitments import disclosure, drafting, facts, sheets, writing
from app.commitments.models import CommitmentLine, SheetState, SheetVersion
from app.commitments.settings import APPROVAL_DAYS, DRAFT_DAYS, REVIEW_DAYS
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Role
from tests.commitments import factories
from tests.commitments.factories import LINES, QUICKER, content
from tests.support import cast


@pytest.fixture
def site(app):
    with app.app_context():
        yield app


@pytest.mark.db
def test_three_persons_make_a_version_public_with_number_day_and_hash(site):
    record_id = factories.publish()
    version = factories.get(record_id)
    assert (version.state, version.edition) == (SheetState.PUBLIC, 1)
    assert version.published_on == clock.today()
    assert version.check_code == facts.hash_of(version)
    assert len(version.check_code) == 64
    assert (version.reviewed_by_id, version.approved_by_id) == (
        cast.person_id("chief"),
        cast.person_id("leader"),
    )
    assert factories.sentences(record_id) == [each[0] for each in LINES]


@pytest.mark.db
def test_old_version_stays_public_until_the_new_one_is_approved(site, now):
    first = factories.publish()
    now.move(days=3)
    second = factories.bring_to(SheetState.APPROVAL, lines=QUICKER)
    assert factories.get(first).state is SheetState.PUBLIC
    assert [each.version_id for each in disclosure.list_in_force()] == [first]
    factories.move(second, "approve")
    assert factories.get(first).state is SheetState.UPDATED
    assert factories.get(first).ended_on == clock.today()
    assert factories.get(second).edition == 2
    assert [each.version_id for each in disclosure.list_in_force()] == [second]


def test_two_versions_of_one_sheet_can_not_be_under_way(site):
    factories.draft()
    with pytest.raises(RefusedError) as refused:
        factories.draft()
    assert "正在办理的新版" in str(refused.value)


def test_a_dropped_draft_makes_room_for_another(site):
    record_id = factories.draft()
    factories.move(record_id, "drop", "clerk")
    assert factories.get(record_id).state is SheetState.DROPPED
    factories.draft()


def test_withdrawn_version_is_shown_nowhere_at_once(site):
    record_id = factories.publish()
    assert disclosure.list_slides()
    factories.move(record_id, "withdraw", "office", reason="窗口合并。")
    assert disclosure.list_in_force() == []
    assert list(disclosure.list_slides()) == []
    assert factories.get(record_id).ended_on == clock.today()


def test_numbers_go_on_after_a_withdrawal(site):
    factories.move(factories.publish(), "withdraw", "chief", reason="窗口合并。")
    assert factories.get(factories.publish(lines=QUICKER)).edition == 2


@pytest.mark.parametrize("name", ["submit", "review", "approve"])
def test_nobody_decides_what_he_drafted(site, name):
    for role in (Role.CLERK, Role.SECTION_CHIEF, Role.LEADER):
        factories.grant("other", role)
    record_id = factories.draft(who="other")
    factories.move(record_id, "submit", "other")
    if name == "submit":
        return
    if name == "approve":
        factories.move(record_id, "review")
    with pytest.raises(RefusedError) as refused:
        factories.move(record_id, name, "other")
    assert "起草" in str(refused.value)


def test_whoever_reviewed_does_not_approve(site):
    factories.grant("chief", Role.LEADER)
    record_id = factories.bring_to(SheetState.APPROVAL)
    with pytest.raises(RefusedError):
        factories.move(record_id, "approve", "chief")


@pytest.mark.db
@pytest.mark.parametrize(
    ("column", "other"),
    [("reviewed_by_id", "drafted_by_id"), ("approved_by_id", "drafted_by_id"),
     ("approved_by_id", "reviewed_by_id")],
)  # fmt: skip
def test_database_keeps_the_three_apart(site, column, other):
    record_id = factories.publish()
    with pytest.raises(IntegrityError), db.write():
        db.session.execute(
            update(SheetVersion)
            .where(SheetVersion.id == record_id)
            .values({column: getattr(SheetVersion, other)})
        )


@pytest.mark.db
def test_database_knows_one_public_version_of_a_sheet(site):
    factories.publish()
    second = factories.bring_to(SheetState.APPROVAL, lines=QUICKER)
    with pytest.raises(IntegrityError), db.write():
        db.session.execute(
            update(SheetVersion)
            .where(SheetVersion.id == second)
            .values(
                state=SheetState.PUBLIC,
                edition=2,
                published_on=clock.today(),
                check_code="x",
                approved_by_id=cast.person_id("leader"),
            )
        )


@pytest.mark.db
def test_database_takes_no_longer_line(site):
    record_id = factories.draft()
    with pytest.raises(IntegrityError), db.write():
        db.session.execute(
            update(CommitmentLine)
            .where(CommitmentLine.version_id == record_id)
            .values(before="材" * 22)
        )


@pytest.mark.parametrize(("lines", "told"), [(LINES[:2], "现在有2条"), ((), "现在有0条")])
def test_fewer_than_three_lines_can_not_be_sent_on(site, lines, told):
    record_id = factories.draft(lines=lines)
    with pytest.raises(RefusedError) as refused:
        factories.move(record_id, "submit")
    assert told in str(refused.value)
    assert factories.get(record_id).state is SheetState.DRAFT


def test_word_that_was_refused_later_is_found_before_it_is_approved(site):
    """A draft may be older than a rule of wording, or have been written past the form."""
    record_id = factories.bring_to(SheetState.APPROVAL)
    with db.write():
        db.session.execute(text("UPDATE commitment_line SET before = '尽快' WHERE place = 1"))
    with pytest.raises(RefusedError) as refused:
        factories.move(record_id, "approve")
    assert "「尽快」" in str(refused.value)
    assert factories.get(record_id).state is SheetState.APPROVAL


def test_every_fault_is_told_at_its_own_field(site):
    wrong = content(
        [("尽快办理", "", "叫号系统"), LINES[1], LINES[1]],
        supervision_phone="请打热线",
        slogan="违纪请打12388",
    )
    with pytest.raises(RefusedError) as refused, db.write():
        drafting.draft_with(cast.principal("clerk"), factories.home(), None, wrong)
    assert {"text_1", "indicator_1", "text_3"} == set(refused.value.errors)
    with pytest.raises(RefusedError) as refused, db.write():
        drafting.draft_with(
            cast.principal("clerk"),
            factories.home(),
            None,
            content(supervision_phone="请打热线", slogan="违纪请打12388",
                    standards=[sheets.StandardEntry(text="首问负责")]),
        )  # fmt: skip
    assert {"supervision_phone", "slogan", "standard_basis_1"} == set(refused.value.errors)


def test_empty_rows_are_left_out(site):
    empty = ("", "", "")
    record_id = factories.draft(lines=[empty, *LINES, empty])
    assert len(factories.sentences(record_id)) == 3
    assert [each.place for each in sheets.list_lines(record_id)] == [1, 2, 3]


@pytest.mark.db
def test_edit_is_stale_after_another_and_only_the_drafter_edits(site):
    record_id = factories.draft()

    def edit(seen, who="clerk", lines=QUICKER):
        with db.write():
            writing.edit(
                record_id=record_id,
                seen_version=seen,
                content=content(lines),
                edited_by_id=cast.person_id(who),
            )

    edit(1)
    with pytest.raises(StaleEditError):
        edit(1)
    with pytest.raises(RefusedError):
        edit(2, "lead")
    edit(2)
    assert factories.get(record_id).version == 2, "the same text once more is no edit"
    assert factories.sentences(record_id)[0] == QUICKER[0][0]
    assert len(factories.events(AuditEvent.COMMITMENTS_SHEET_EDITED)) == 1


def test_what_was_sent_on_is_not_edited(site):
    record_id = factories.bring_to(SheetState.REVIEW)
    with pytest.raises(RefusedError), db.write():
        writing.edit(
            record_id=record_id,
            seen_version=factories.get(record_id).version,
            content=content(QUICKER),
            edited_by_id=cast.person_id("clerk"),
        )


def test_reviewer_who_saw_an_older_text_does_not_decide_on_the_new_one(site):
    record_id = factories.bring_to(SheetState.REVIEW)
    seen = factories.get(record_id).version
    factories.move(record_id, "send-back", "chief", reason="第1条用时不对。")
    with db.write():
        writing.edit(
            record_id=record_id,
            seen_version=factories.get(record_id).version,
            content=content(QUICKER),
            edited_by_id=cast.person_id("clerk"),
        )
    factories.move(record_id, "submit")
    with pytest.raises(RefusedError):
        factories.move(record_id, "review", seen_version=seen)


def test_hash_changes_with_every_part_of_the_text(site):
    base = factories.get(factories.publish()).check_code
    others = [
        {"lines": QUICKER},
        {"slogan": "您的事 我来办"},
        {"supervision_phone": "0000-11112222"},
        {"receiver": "大厅咨询台"},
        {"standards": []},
    ]
    codes = {base}
    for values in others:
        factories.move(
            max(each.version_id for each in disclosure.list_in_force()),
            "withdraw", "chief", reason="试验。",
        )  # fmt: skip
        codes.add(factories.get(factories.publish(**values)).check_code)
    assert len(codes) == len(others) + 1


def test_new_version_starts_from_the_last_one_of_a_window_or_its_department(site):
    window = factories.add_window()
    factories.publish()
    assert sheets.last_content(factories.home(), window).lines == content().lines
    factories.publish(window, lines=QUICKER)
    assert sheets.last_content(factories.home(), window).lines == content(QUICKER).lines
    assert sheets.last_content(factories.home(1), None) == sheets.Content()


def test_copy_to_windows_makes_a_draft_of_each(site):
    windows = [factories.add_window(number) for number in ("B12", "B13")]
    record_id = factories.publish()
    with db.write():
        copies = drafting.copy_to_windows(
            user=cast.principal("lead"), record_id=record_id, window_ids=windows
        )
        ids = [each.id for each in copies]
    assert [factories.sentences(each) for each in ids] == [factories.sentences(record_id)] * 2
    assert {factories.get(each).state for each in ids} == {SheetState.DRAFT}


def test_lead_drafts_for_his_own_department_only(site):
    elsewhere = factories.add_window("C01", place=1)
    with pytest.raises(RefusedError), db.write():
        drafting.draft(user=cast.principal("lead"), department_id=factories.home(1), window_id=None)
    with pytest.raises(RefusedError), db.write():
        drafting.draft(
            user=cast.principal("lead"), department_id=factories.home(), window_id=elsewhere
        )


@pytest.mark.parametrize(
    ("state", "setting"),
    [(SheetState.DRAFT, DRAFT_DAYS), (SheetState.REVIEW, REVIEW_DAYS),
     (SheetState.APPROVAL, APPROVAL_DAYS)],
)  # fmt: skip
def test_each_step_has_as_many_working_days_as_its_setting(site, now, state, setting):
    version = factories.get(factories.bring_to(state))
    assert version.due_at is not None
    days = 0
    day = clock.today()
    while day < clock.local(version.due_at).date():
        day += timedelta(days=1)
        days += day.weekday() < 5
    assert days == setting.default


def test_slides_show_what_is_public_in_the_order_of_the_hall(site):
    window = factories.add_window()
    factories.publish(place=1)
    factories.publish(window, lines=QUICKER)
    factories.publish()
    factories.draft(factories.add_window("B13"))
    slides = disclosure.list_slides()
    assert [(each.title, each.window) for each in slides] == [
        ("不动产登记中心", ""),
        ("不动产登记中心", "B12号窗口"),
        ("区税务局", ""),
    ]
    line = slides[1].lines[0]
    assert (line.before, line.number, line.after) == ("材料齐全，", "10", "分钟内完成收件")
    assert slides[1].phones == (("监督电话", "0000-55661200"), ("政务服务热线", "12345"))
    assert "第1版" in slides[1].footer
    assert slides[1].is_valid(clock.today())


def test_closed_window_and_department_are_shown_nowhere(site):
    window = factories.add_window()
    factories.publish(window)
    with db.write():
        db.session.execute(
            text("UPDATE service_window SET closed_on = :day"), {"day": clock.today()}
        )
    assert disclosure.list_in_force() == []
