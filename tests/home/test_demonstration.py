"""The demonstration hall as it is filled: HALL.md 8, and every figure agrees with every other."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.accounts import demo
from app.accounts.demo_names import RARE
from app.accounts.models import Account, AccountKind, Department, Employment, Person
from app.accounts.roster.demo_hall import DEPARTMENTS, SECTIONS
from app.accounts.roster.models import Absence, Placement, ServiceItem, ServiceWindow
from app.accounts.roster.placements import placed
from app.assessment.models import Portrait, PortraitKind
from app.audit import heads, verify
from app.audit.models import Verdict
from app.exams.models import Exam, ExamExcuse, Sitting
from app.exams.service import results
from app.inspections.models import Finding, Inspection, Opinion, Track, WindowCheck
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.kernel.permissions import Role
from app.measures import board
from app.mentoring import evidence as mentoring_evidence
from app.mentoring.models import MentoringPair, PairState
from app.questions.imports.models import ImportItemState, QuestionImportItem
from app.rectifications.models import OrderState, RectificationOrder
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import ImprovementOrder
from app.suggestions.order_models import OrderState as OrderEnd
from app.workflow.models import WorkflowMove
from tests.support.pages import sign_in

DAY = date(2026, 11, 20)
MORNING = clock.from_local(datetime(2026, 11, 20, 10, 0))  # noqa: DTZ001 - from_local gives the zone.


@pytest.fixture(autouse=True)
def morning():
    with clock.frozen(MORNING):
        yield


@pytest.fixture
def inside(hall):
    with hall.app.app_context():
        yield


def enter(hall, staff_number):
    """Enter as one of the cast, through the entrance."""
    visitor = sign_in(hall.app, None)
    token = visitor.get("/demo/").all("[name=csrf_token]")[0].get("value")
    visitor.post("/demo/enter", {"staff_number": staff_number, "csrf_token": token}, status=303)
    return visitor


def test_what_needs_no_account_is_open_from_the_entrance(hall):
    stranger = sign_in(hall.app, None)
    links = stranger.get("/demo/").all("[aria-labelledby=public-title] a")
    seen = {link.text.strip(): stranger.get(link.get("href")).text for link in links}
    assert "不动产登记中心" in seen["服务承诺"]
    assert "窗口上方屏" in seen["大厅屏"]
    assert all("本栏不受理检举控告" in seen[name] for name in ("提意见建议", "查进度"))


def test_whoever_waits_below_a_screen_sees_all_of_it(hall):
    clerk = enter(hall, "QY0103")
    groups = [link.get("href") for link in clerk.get("/screens").all("tbody a")]
    assert len(groups) == 3
    for group in groups:
        text = clerk.get(group).text
        assert "正在播放的内容" in text
        assert "等候的群众看不全" not in text, group


def last_exam():
    """Give last month's; one of a quarter ago is there too, and the short tests of classes."""
    of_month = (Exam.released_at.is_not(None), Exam.is_for_named.is_(False))
    return db.session.scalars(select(Exam).where(*of_month).order_by(Exam.closes_at.desc())).first()


def people_today():
    """Count who is in service today, by department."""
    rows = db.session.execute(
        select(Department.name, func.count())
        .join(Placement, Placement.department_id == Department.id)
        .where(*placed(DAY))
        .group_by(Department.name)
    )
    return Counter(dict(rows.all()))


@pytest.mark.usefixtures("inside")
def test_the_hall_has_forty_two_departments_in_their_fixed_order():
    names = db.session.scalars(select(Department.name).order_by(Department.position)).all()
    assert names == [home.name for home in DEPARTMENTS]
    assert len(names) == len(set(names)) == 42
    assert names[: len(SECTIONS)] == list(SECTIONS)


@pytest.mark.usefixtures("inside")
def test_about_two_hundred_and_forty_people_work_there_and_four_departments_are_small():
    counted = people_today()
    assert counted.total() == sum(home.size for home in DEPARTMENTS)
    assert 230 <= counted.total() <= 250
    assert sum(count < 5 for count in counted.values()) == 4


@pytest.mark.usefixtures("inside")
def test_every_department_at_windows_has_some_and_its_service_items():
    for model in (ServiceWindow, ServiceItem):
        having = set(
            db.session.scalars(
                select(Department.name).join(model, model.department_id == Department.id)
            )
        )
        assert {home.name for home in DEPARTMENTS} - having <= set(SECTIONS), model.__name__
    windows = select(ServiceWindow.id, ServiceWindow.department_id)
    home_of_window = dict(db.session.execute(windows).all())
    seated = db.session.scalars(select(Placement).where(Placement.window_id.is_not(None))).all()
    assert len(seated) > 130
    assert all(each.department_id == home_of_window[each.window_id] for each in seated)


@pytest.mark.usefixtures("inside")
def test_no_two_people_share_a_name_and_rare_characters_are_among_them():
    names = db.session.scalars(select(Person.name)).all()
    assert len(names) == len(set(names))
    assert set(RARE.values()) < set(names)
    assert {member.name for member in demo.CAST} < set(names)


@pytest.mark.usefixtures("inside")
def test_people_came_went_and_moved():
    ended = select(Placement).join(Person).where(Person.left_on.is_(None))
    [middle, *_] = db.session.scalars(
        ended.where(Placement.ends_on < DAY).order_by(Placement.ends_on.desc())
    )
    assert date(2026, 11, 1) < middle.ends_on < date(2026, 11, 30), "in the middle of the quarter"
    left = db.session.scalars(select(Person.left_on).where(Person.left_on.is_not(None))).all()
    # The third left long ago, and nothing says any more who it was.
    assert sorted(day < DAY for day in left) == [False, True, True, True]
    away = select(func.count(Absence.id)).where(
        Absence.starts_on <= DAY, Absence.ends_on >= DAY, Absence.cancelled_at.is_(None)
    )
    assert db.session.scalar(away) >= 8


@pytest.mark.usefixtures("inside")
def test_who_waits_for_activation_has_answered_nothing():
    waiting = select(Account.person_id).where(
        Account.password_hash == "",
        Account.kind == AccountKind.BUSINESS,
        Account.disabled_at.is_(None),
    )
    begun = select(Sitting.id).where(
        Sitting.person_id.in_(waiting), Sitting.started_at.is_not(None)
    )
    assert len(db.session.scalars(waiting).all()) == len(demo.RECRUITS)
    assert db.session.scalars(begun).all() == []


@pytest.mark.usefixtures("inside")
def test_last_month_97_of_100_came_and_93_of_100_of_them_passed():
    exam = last_exam()
    figures = results.read_figures(exam)
    assert figures.sat / figures.expected == pytest.approx(0.97, abs=0.004)
    assert figures.passed / figures.sat == pytest.approx(0.93, abs=0.004)
    assert figures.missing >= 5
    assert figures.deferred + figures.exempt >= 12
    assert figures.deferred > figures.exempt >= 2
    on_leave = select(Absence.person_id).where(
        Absence.starts_on <= clock.local(exam.opens_at).date(),
        Absence.ends_on >= clock.local(exam.closes_at).date(),
    )
    away = select(Sitting.started_at).where(
        Sitting.exam_id == exam.id, Sitting.person_id.in_(on_leave)
    )
    found = db.session.scalars(away).all()
    assert len(found) >= 2
    assert set(found) == {None}


@pytest.mark.usefixtures("inside")
def test_this_month_runs_in_batches_and_two_applications_wait():
    running = db.session.scalars(
        select(Exam).where(Exam.state == "published", Exam.is_for_named.is_(False))
    ).one()
    batches = dict(
        db.session.execute(
            select(Person.staff_number, Sitting.batch)
            .join(Person, Person.id == Sitting.person_id)
            .where(Sitting.exam_id == running.id, Sitting.standing == "due")
        ).all()
    )
    assert set(batches.values()) == {"A", "B"}
    assert batches["QY0301"] == batches["QY0402"] == "A"
    waiting = select(ExamExcuse).where(ExamExcuse.state == "applied")
    assert len(db.session.scalars(waiting).all()) == 2


@pytest.mark.parametrize("hour", [1, 9, 13, 20, 32])
def test_the_examinee_of_the_cast_can_begin_at_any_hour(hall, hour):
    with clock.frozen(MORNING.replace(hour=0, minute=31) + timedelta(hours=hour)):
        staff = enter(hall, "QY0301")
        with hall.app.app_context():
            exam_id = db.session.scalars(
                select(Exam.id).where(Exam.state == "published", Exam.is_for_named.is_(False))
            ).one()
        assert staff.get(f"/exams/{exam_id}").all("form[action$=start]")


def test_an_exam_waits_for_its_markers_and_a_draft_is_drawn(hall):
    clerk, chief = enter(hall, "QY0103"), enter(hall, "QY0201")
    with hall.app.app_context():
        marked = select(Exam.id).where(Exam.title.contains("简答"))
        exam_id = db.session.scalars(marked).one()
        drawn_id = db.session.scalars(select(Exam.id).where(Exam.state == "draft")).one()
    for who, first, second in ((clerk, 0, 7), (chief, 5, 12)):
        text = who.get(f"/exams/papers/{exam_id}/marking").text_of("main")
        assert "已评定7份，共12份" in text
        assert ("看我评过的" if first == 0 else f"等我评{first}份") in text
        assert f"等我评{second}份" in text
    forms = [
        link for link in clerk.get(f"/exams/papers/{drawn_id}/forms").links() if "/forms/" in link
    ]
    assert len(set(forms)) == 2


def test_the_pages_show_the_same_figures(hall):
    with hall.app.app_context():
        exam = last_exam()
        figures = results.read_figures(exam)
    clerk = enter(hall, "QY0103")
    page = clerk.get(f"/exams/papers/{exam.id}/results")
    excused = f"缓考{figures.deferred} − 免考{figures.exempt}"
    assert f"实考{figures.sat} ÷（应考{figures.due} − {excused}）" in page.text
    assert f"合格{figures.passed} ÷ 实考{figures.sat}" in page.text
    counted = {}
    for state in ("absent", "ended"):
        shown = clerk.get(f"/exams/papers/{exam.id}/results?state={state}").text
        counted[state] = int(re.search(r"共(\d+)人", shown)[1])
    assert counted == {"absent": figures.missing, "ended": figures.sat}


def test_the_examinee_of_the_cast_has_passed_with_something_to_look_at(hall):
    page = enter(hall, "QY0402").get("/")
    assert "80分，合格" in page.text
    assert "进入考试" in enter(hall, "QY0301").get("/").text


@pytest.mark.usefixtures("inside")
def test_the_chain_of_the_log_is_whole():
    report = verify.check(heads.read_heads())
    assert report.verdict is Verdict.INTACT
    assert report.checked > 1000


@pytest.mark.parametrize(
    "day", [date(2026, 3, 2), date(2026, 10, 8), date(2026, 12, 31), date(2028, 2, 29)]
)
def test_the_same_people_work_there_on_every_day(day):
    people = [*demo.crowd(day)]
    assert [each.member for each in people] == [each.member for each in demo.crowd(DAY)]
    assert all(each.joined_on < day for each in people)
    assert all(each.joined_on.weekday() < 5 for each in people)


@pytest.mark.usefixtures("inside")
def test_four_of_five_findings_are_closed_on_the_spot():
    tracks = Counter(db.session.scalars(select(Finding.track)))
    assert tracks.total() > 20
    assert tracks[Track.ORDER] * 5 <= tracks.total()
    assert all(each.fixed_at for each in on_the_spot())


def on_the_spot():
    return db.session.scalars(select(Finding).where(Finding.track == Track.ON_THE_SPOT)).all()


def test_discipline_finds_what_was_handed_over_and_one_order_was_signed_on_paper(hall):
    with hall.app.app_context():
        discipline = next(each for each in demo.CAST if Role.DISCIPLINE in each.roles)
        signed = db.session.scalars(
            select(WorkflowMove.record_id).where(
                WorkflowMove.flow == ORDER_FLOW.name, WorkflowMove.signature_id.is_not(None)
            )
        ).one()
    visitor = enter(hall, discipline.staff_number)
    [link] = visitor.get("/suggestions/handovers").all('a[href*="/suggestions/handovers/"]')
    assert "请核实" in visitor.get(link.get("href")).text
    clerk = next(each for each in demo.CAST if Role.CLERK in each.roles)
    page = enter(hall, clerk.staff_number).get(f"/suggestions/orders/{signed}")
    assert "线下签批" in page.text
    assert "主任办公会" in page.text


@pytest.mark.usefixtures("inside")
def test_orders_are_closed_revoked_overdue_and_waiting():
    orders = db.session.scalars(select(RectificationOrder)).all()
    states = {each.state: each for each in orders}
    assert set(states) == {
        OrderState.CLOSED, OrderState.REVOKED, OrderState.MENDING, OrderState.TO_SIGN,
        OrderState.TO_RECEIVE,
    }  # fmt: skip
    mending = [each for each in orders if each.state is OrderState.MENDING]
    assert {clock.local(each.due_at).date() < DAY for each in mending} == {True, False}
    for each in orders:
        round_of = {each.found_by_id, each.found_with_id, each.led_by_id}
        assert len(round_of) == 3
        assert not round_of & {each.rechecked_by_id, each.decided_by_id}
    closed = [each for each in orders if each.state is OrderState.CLOSED]
    # Received on the last day before 国庆, mended after it, and in time.
    assert {clock.local(each.received_at).date() for each in closed} >= {date(2026, 9, 30)}
    assert date(2026, 10, 9) in {each.done_on for each in closed}


@pytest.mark.usefixtures("inside")
def test_lead_of_the_cast_finds_an_order_to_receive_and_one_to_mend():
    lead = db.session.scalars(select(Person).where(Person.staff_number == "QY0302")).one()
    home = db.session.scalars(
        select(Placement.department_id).where(Placement.person_id == lead.id, *placed(DAY))
    ).one()
    mine = select(RectificationOrder.state).where(RectificationOrder.department_id == home)
    assert {OrderState.TO_RECEIVE, OrderState.MENDING} <= set(db.session.scalars(mine))


@pytest.mark.usefixtures("inside")
def test_round_of_the_day_has_eleven_normal_windows_and_two_with_findings():
    checks = db.session.scalars(
        select(WindowCheck.id).join(Inspection).where(Inspection.day == DAY)
    ).all()
    found = db.session.scalars(select(Finding.track).where(Finding.check_id.in_(checks))).all()
    assert len(checks) - len(found) == 11
    assert set(found) == {Track.ON_THE_SPOT, Track.ORDER}
    opinions = db.session.scalars(select(Inspection.opinion)).all()
    assert Opinion.REFUSED in opinions


# ---------- what else HALL.md 8 asks for
#
# Not there yet, because no room holds it: 缓考 and 免考 with reasons, a voided question, hotline cases,
# 服务明星 with its expiry, 锦旗 and 表扬, a screen's heartbeat. Whoever builds one adds its line here.


@pytest.mark.usefixtures("inside")
def test_three_measures_are_red_and_each_says_why_and_one_quarter_was_bad():
    statuses = board.read_statuses(board.list_rows())
    late = board.reds(statuses)
    assert len(late) == 3
    assert all(len(each.reason) > 12 and each.reason.endswith("。") for each in late)
    # What missed its quarter is still said in the next one.
    assert any("第三季度已过" in each.reason for each in statuses)
    assert {each.word for each in statuses} == {"正常", "临期", "滞后", "逾期", "无数据"}


@pytest.mark.usefixtures("inside")
def test_a_pair_ended_early_without_blame():
    ended = db.session.scalars(
        select(MentoringPair).where(MentoringPair.state == PairState.ENDED)
    ).all()
    assert ended
    assert all(each.end_reason is not None for each in ended)
    year = Span(first=date(2026, 1, 1), last=date(2026, 12, 31))
    told = {each.values["public_id"] for each in mentoring_evidence.give_evidence(year)}
    assert told
    assert not told & {each.public_id for each in ended}


@pytest.mark.usefixtures("inside")
def test_a_suggestion_was_not_adopted_with_its_reason():
    [declined] = db.session.scalars(
        select(ImprovementOrder).where(ImprovementOrder.state == OrderEnd.DECLINED)
    ).all()
    assert len(declined.verdict_reason) > 20
    assert declined.confirmed_by_id != declined.feedback_by_id


@pytest.mark.usefixtures("inside")
def test_a_file_of_the_old_bank_waits_with_what_is_sure_and_what_is_doubtful():
    states = Counter(each.state for each in db.session.query(QuestionImportItem))
    assert states == {ImportItemState.SURE: 6, ImportItemState.DOUBTFUL: 3}
    keyless = db.session.query(QuestionImportItem).filter_by(place=3).one()
    assert (keyless.state, keyless.parsed["answer"]) == (ImportItemState.DOUBTFUL, [])


@pytest.mark.usefixtures("inside")
def test_some_are_dispatched_and_get_a_letter_instead_of_a_portrait():
    kinds = dict(
        db.session.execute(
            select(Person.employment, func.count()).group_by(Person.employment)
        ).all()
    )
    assert kinds[Employment.DISPATCHED] > 20
    rows = db.session.execute(
        select(Portrait.kind, Person.employment).join(Person, Person.id == Portrait.person_id)
    )
    letters = {employment for kind, employment in rows if kind is PortraitKind.FACTS}
    assert letters == {Employment.DISPATCHED, Employment.STATIONED}
