"""汇总表: many records decided by one sheet, in the site or signed on paper, each as if alone."""

from datetime import date

import pytest
from sqlalchemy import select

from app.accounts import service as accounts
from app.audit.models import AuditEvent
from app.commitments import facts, sheets
from app.commitments.models import SheetState
from app.commitments.workflow import SHEET_FLOW
from app.files import service as files
from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from app.workflow import batches
from app.workflow.definition import Signature
from app.workflow.models import BatchState, DecisionBatch, WorkflowMove
from tests.commitments import factories
from tests.inbox.test_service import send_away
from tests.suggestions.factories import picture
from tests.support import cast

APPROVE = SHEET_FLOW.move("approve")
NEW = "/batches/new/commitments.sheet/approve"


@pytest.fixture
def waiting(app):
    """Give three versions that wait for 审定, of three windows."""
    with app.app_context():
        return [
            factories.bring_to(SheetState.APPROVAL, factories.add_window(number))
            for number in ("B12", "B13", "B14")
        ]


def make(record_ids, who="clerk"):
    """Make a sheet; gives its id."""
    with db.write():
        return batches.draft_batch(
            flow=SHEET_FLOW, move=APPROVE, record_ids=record_ids, user=cast.principal(who)
        ).id


def decide(batch_id, places, who="leader", signature=None):
    """Decide on some lines; gives how many moved and stayed."""
    with db.write():
        return batches.decide_batch(
            batch_id=batch_id, places=places, user=cast.principal(who), signature=signature
        )


def states(record_ids):
    """Give the states of versions."""
    return [factories.get(each).state for each in record_ids]


def lines(batch_id):
    """Give the lines of a sheet."""
    db.session.expire_all()
    return [each.line for each in batches.list_lines(batch_id)]


def signature(signer="leader", place=1):
    """Give what stands on a signed sheet, its scan stored."""
    content = b"\xff\xd8\xff a scan" + bytes([place])
    sha256 = files.put_content(content)
    with db.write():
        scan = files.add_file(
            sha256=sha256, size=len(content), media_type="image/jpeg", name="签批单.jpg"
        )
        scan_id = scan.id
    return Signature(
        signed_by_id=cast.person_id(signer),
        signed_on=date(2026, 11, 20),
        meeting="11月主任办公会",
        minute_number="纪要11号",
        scan_file_id=scan_id,
    )


@pytest.mark.db
def test_one_decision_moves_all_lines_each_with_its_own_path(app, waiting):
    with app.app_context():
        batch_id = make(waiting)
        assert decide(batch_id, {1, 2, 3}) == (3, 0)
        assert states(waiting) == [SheetState.PUBLIC] * 3
        moves = db.session.scalars(
            select(WorkflowMove).where(WorkflowMove.batch_id == batch_id)
        ).all()
        assert {each.record_id for each in moves} == set(waiting)
        assert {each.person_id for each in moves} == {cast.person_id("leader")}
        assert db.session.get(DecisionBatch, batch_id).state is BatchState.DECIDED
        assert len(factories.events(AuditEvent.WORKFLOW_BATCH_DECIDED)) == 1


@pytest.mark.db
def test_lines_that_are_struck_out_wait_on(app, waiting):
    with app.app_context():
        batch_id = make(waiting)
        assert decide(batch_id, {1, 3}) == (2, 1)
        assert states(waiting) == [SheetState.PUBLIC, SheetState.APPROVAL, SheetState.PUBLIC]
        assert [each.is_moved for each in lines(batch_id)] == [True, False, True]
        assert lines(batch_id)[1].refusal == "没有勾选"
        assert make([waiting[1]]) != batch_id, "it may go on another sheet"


@pytest.mark.db
def test_record_that_has_changed_since_stays_and_the_sheet_says_why(app, waiting):
    with app.app_context():
        batch_id = make(waiting)
        factories.move(waiting[0], "turn-down", "leader", reason="请再核一次。")
        assert decide(batch_id, {1, 2, 3}) == (2, 1)
        assert states(waiting)[0] is SheetState.DRAFT
        assert lines(batch_id)[0].refusal == "列表以后内容有变动"


def test_whoever_reviewed_one_line_can_not_decide_on_that_one(app, waiting):
    with app.app_context():
        factories.grant("chief", Role.LEADER)
        batch_id = make(waiting)
        with pytest.raises(RefusedError):
            decide(batch_id, {1, 2, 3}, who="chief")
        assert states(waiting) == [SheetState.APPROVAL] * 3
        assert lines(batch_id)[0].is_moved is None


@pytest.mark.db
def test_whoever_made_the_sheet_does_not_decide_on_it_and_is_told_so(app, browse):
    """The records are a lead's: nothing else bars the clerk."""
    with app.app_context():
        factories.grant("clerk", Role.LEADER)
        record_id = factories.draft(factories.add_window(), who="lead")
        for name, who in (("submit", "lead"), ("review", "chief")):
            factories.move(record_id, name, who)
        batch_id = make([record_id])
        with pytest.raises(RefusedError, match="汇总表是你制作的"):
            decide(batch_id, {1}, who="clerk")
    clerk, leader = browse("clerk"), browse("leader")
    url = f"/batches/{batch_id}"
    assert not clerk.get(url).all("form#decide")
    answer = clerk.post(f"{url}/decide", {"places": "1", "csrf_token": clerk.token()})
    assert "汇总表是你制作的" in clerk.follow(answer).text
    first, second = leader.get(url), leader.get(url)
    asked = leader.submit(first, form="form#decide", status=200)
    late = leader.submit(second, form="form#decide", status=200)
    leader.submit(asked, form="main form")
    page = leader.follow(leader.submit(late, form="main form"))
    assert "这张汇总表已经办理或者作废了。" in page.text
    with app.app_context():
        assert states([record_id]) == [SheetState.PUBLIC]


@pytest.mark.db
def test_stand_in_of_the_leader_decides_and_sees_nothing_else(app, browse, waiting):
    """A B角 without a role of his own opens the sheet while he stands in, and no other page of it."""
    with app.app_context():
        batch_id = make(waiting)
    url = f"/batches/{batch_id}"
    browse("staff").get(url, status=403)
    with app.app_context():
        send_away("leader", deputy="staff")
    staff = browse("staff")
    page = staff.get(url)
    assert not page.all("form[action$=drop]")
    assert not page.all("form[action$=print-batch]")
    staff.get("/batches", status=403)
    asked = staff.submit(page, form="form#decide", status=200)
    page = staff.follow(staff.submit(asked, form="main form"))
    assert "已办理" in page.text
    with app.app_context():
        assert states(waiting) == [SheetState.PUBLIC] * 3
        move = db.session.scalars(select(WorkflowMove).where(WorkflowMove.batch_id == batch_id))
        assert {each.for_person_id for each in move} == {cast.person_id("leader")}


@pytest.mark.db
def test_signed_sheet_decides_by_whoever_signed_and_names_who_entered_it(app, waiting):
    with app.app_context():
        batch_id = make(waiting)
        assert decide(batch_id, {1, 2}, who="clerk", signature=signature()) == (2, 1)
        version = factories.get(waiting[0])
        assert version.approved_by_id == cast.person_id("leader")
        move = db.session.scalars(
            select(WorkflowMove).where(
                WorkflowMove.record_id == waiting[0], WorkflowMove.batch_id == batch_id
            )
        ).one()
        assert move.person_id == cast.person_id("leader")
        assert move.signature_id is not None


def test_signature_of_somebody_without_the_office_decides_nothing(app, waiting):
    with app.app_context():
        batch_id = make(waiting)
        with pytest.raises(RefusedError):
            decide(batch_id, {1}, who="clerk", signature=signature("inspector"))
        assert states(waiting) == [SheetState.APPROVAL] * 3


def test_only_a_clerk_enters_what_was_signed(app, waiting):
    with app.app_context():
        batch_id = make(waiting)
        with pytest.raises(RefusedError):
            decide(batch_id, {1}, who="office", signature=signature())


def test_dropped_sheet_frees_its_records_and_is_not_decided(app, waiting):
    with app.app_context():
        batch_id = make(waiting)
        with pytest.raises(RefusedError):
            make([waiting[0]])
        with db.write():
            batches.drop_batch(batch_id=batch_id, user=cast.principal("clerk"))
        with pytest.raises(RefusedError):
            decide(batch_id, {1, 2, 3})
        make(waiting)


def test_sheet_is_decided_once(app, waiting):
    with app.app_context():
        batch_id = make(waiting)
        decide(batch_id, {1})
        with pytest.raises(RefusedError):
            decide(batch_id, {2})


def test_numbers_of_sheets_have_no_gaps(app, waiting):
    with app.app_context():
        numbers = []
        for record_id in waiting:
            batch_id = make([record_id])
            numbers.append(db.session.get_one(DecisionBatch, batch_id).number)
        assert numbers == ["汇总2026-001", "汇总2026-002", "汇总2026-003"]


def test_sheet_is_made_and_decided_on_its_pages(app, browse, waiting):
    clerk, leader = browse("clerk"), browse("leader")
    page = clerk.get(NEW)
    assert len(page.all("input[name=record_ids]")) == 3
    page = clerk.follow(clerk.submit(page, form="main form"))
    assert "等待签批" in page.text
    page = leader.get(page.url)
    asked = leader.submit(page, {"places": ["1", "3"]}, form="form#decide", status=200)
    page = leader.follow(leader.submit(asked, form="main form"))
    assert "没有勾选" in page.text
    with app.app_context():
        assert states(waiting) == [SheetState.PUBLIC, SheetState.APPROVAL, SheetState.PUBLIC]
    assert "汇总2026-001" in leader.get(f"/commitments/{waiting[0]}").text


def test_nothing_chosen_makes_no_sheet(browse, waiting):
    clerk = browse("clerk")
    answer = clerk.submit(clerk.get(NEW), {"record_ids": None}, form="main form", status=422)
    assert "请至少选一项" in answer.text


def test_sheet_is_printed_with_what_stands_on_it(app, browse, waiting):
    clerk = browse("clerk")
    page = clerk.follow(clerk.submit(clerk.get(NEW), form="main form"))
    job = clerk.submit(page, form="form[action$=print-batch]").location
    with app.app_context():
        factories.run_jobs()
    (href,) = [each for each in clerk.get(job).links() if each.endswith(".pdf")]
    text = factories.printed(clerk.get(href).data)
    with app.app_context():
        code = facts.content_code(sheets.content_of(factories.get(waiting[0])))
    for words in (f"第1版，1条标准，内容校验码{code}", *(each[0] for each in factories.LINES)):
        assert words in text, words
    assert code in browse("leader").get(f"/commitments/{waiting[0]}/approve").text
    with app.app_context():
        factories.move(waiting[0], "turn-down", "leader", reason="再核。")
    assert page.text.count("内容校验码") == 3
    changed = clerk.get(page.url)
    assert changed.text.count("内容校验码") == 2
    assert "列表以后内容有变动" in changed.text
    for word in (
        "汇总2026-001",
        "不动产登记中心B12号窗口服务承诺",
        "B14号窗口",
        "中心领导",
        "陆文博",
    ):
        assert word in text, word


def test_unknown_decision_has_no_page(browse, waiting):
    browse("clerk").get("/batches/new/commitments.sheet/withdraw", status=404)
    browse("clerk").get("/batches/new/x/y", status=404)


def test_pages_of_sheets_list_sign_and_drop_them(app, browse, waiting):
    with app.app_context():
        first, second = make(waiting[:1]), make(waiting[1:])
    clerk = browse("clerk")
    assert "共2张汇总表" in clerk.get("/batches").text
    assert "汇总2026-001" in clerk.get("/batches?q=2026-001", fragment=True).text
    assert clerk.client.get("/batches/export").mimetype.endswith("sheet")
    answer = clerk.post(f"/batches/{first}/decide", {"csrf_token": clerk.token(), "places": ["1"]})
    assert batches.OWN_SHEET in clerk.follow(answer).text
    clerk.get("/batches/99", status=404)
    asked = clerk.submit(
        clerk.get(f"/batches/{second}"), form=f'form[action="/batches/{second}/drop"]', status=200
    )
    assert "已作废" in clerk.follow(clerk.submit(asked, form="main form")).text
    sheet = {
        "places": ["1"], "signed_by": "SY010", "signed_on": "2026-11-20", "meeting": "主任办公会",
        "is_unclassified": "y", "csrf_token": clerk.token(),
    }  # fmt: skip
    address = f"/batches/{first}/signed"
    assert "主任办公会" in clerk.post(address, sheet, status=422).body
    refused = {**sheet, "file": picture(), "signed_by": "SY999"}
    assert "没有这个工号" in clerk.post(address, refused, status=422).text
    clerk.post(address, {**sheet, "file": picture()})
    with app.app_context():
        assert states(waiting) == [SheetState.PUBLIC, SheetState.APPROVAL, SheetState.APPROVAL]


def test_sheet_is_seen_by_those_alone_who_see_all_its_departments(app, browse, waiting):
    with app.app_context():
        batch_id = make(waiting)
        for who, place in (("staff", 0), ("other", 1)):
            with db.write():
                accounts.grant_at_set_up(
                    person_id=cast.person_id(who),
                    role=Role.CLERK,
                    starts_on=cast.JOINED_ON,
                    department_id=cast.department_ids()[place],
                )
    assert "汇总2026-001" in browse("staff").get("/batches").text
    browse("staff").get(f"/batches/{batch_id}")
    assert "汇总2026-001" not in browse("other").get("/batches").text
    browse("other").get(f"/batches/{batch_id}", status=404)


def test_sheet_has_a_most_of_lines(app, waiting, monkeypatch):
    monkeypatch.setattr(batches, "MOST", 2)
    with app.app_context(), pytest.raises(RefusedError, match="请分几张"):
        make(waiting)


def test_whose_turn_it_is_stands_there_by_name_or_by_office(app, browse, waiting):
    with app.app_context():
        draft_id = factories.draft()
    clerk = browse("clerk")
    panel = "section.flow"
    assert "陆文博" in clerk.get(f"/commitments/{draft_id}").text_of(panel)
    text = clerk.get(f"/commitments/{waiting[0]}").text_of(panel)
    assert "中心领导" in text
    assert "柏长青" not in text
