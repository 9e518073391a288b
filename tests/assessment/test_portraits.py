"""Portraits: who reads them, what the database refuses, what rebuilds from rows, what is printed."""

import io
import json
import zipfile
from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.accounts import service as accounts
from app.accounts.roster import people
from app.accounts.roster.models import AbsenceKind
from app.assessment import effects, own_data, packages, papers, scoring
from app.assessment.models import (
    DepartmentSheet,
    Objection,
    Portrait,
    PortraitKind,
    PortraitPackage,
)
from app.files import papers as paper_pages
from app.files import verifying
from app.files.models import ProducedPaper, StoredFile
from app.files.packing import KEPT
from app.files.verifying import Verdict
from app.inbox.models import Notice
from app.kernel import clock, db
from app.kernel.evidence import EvidenceState
from app.kernel.permissions import Role
from tests.assessment import factories
from tests.assessment.factories import portrait_of, rows_of, url_of
from tests.support import cast, inside
from tests.support.inside import rows


@pytest.fixture
def hall(app, now):
    """A quarter in its preview; now is the middle of it."""
    inside.use(app)
    now.now = factories.at(10, 12)
    factories.employ("other", "dispatched")
    factories.preview()
    return app


@inside.inside
def rebuilt():
    """Reckon every portrait from its rows; gives those that say something else."""
    wrong = []
    for portrait in db.session.scalars(select(Portrait)):
        if portrait.kind is PortraitKind.SCORED:
            outcome = effects.rebuild(portrait)
            is_same = (scoring.dump(outcome), outcome.total) == (portrait.scores, portrait.total)
            points = {each.place: each.points for each in effects.rows_of(portrait.id)}
            is_same &= all(points[place] == each for place, each in outcome.points.items())
            wrong += [] if is_same else [portrait.person_id]
    return wrong


@pytest.mark.db
def test_a_portrait_is_rebuilt_from_its_rows_and_opens_to_nobody_else(hall, browse):
    assert rebuilt() == []
    portrait = portrait_of("staff")
    faults = rows_of("staff", "inspections.finding")
    assert [each.points for each in faults] == [0, -1]
    # The order was not signed: nobody has confirmed it.
    assert all("暂停服务" not in each.text for each in faults)
    for who in ("other", "clerk", "inspector", "branch", "officer", "discipline"):
        for url in (
            url_of(portrait),
            url_of(portrait, "rows", 1),
            url_of(portrait, "portrait.pdf"),
        ):
            browse(who).get(url, status=404)
    for who in ("staff", "lead", "chief", "office", "leader"):
        browser = browse(who)
        page = browser.get(url_of(portrait))
        assert "首次提醒免扣" in page.text
        for row in rows_of("staff"):
            page = browser.get(url_of(portrait, "rows", row.place))
            browser.get(page.one("a.btn-primary").get("href"))
    # A lead of one department finds nobody of another by list, search or export.
    cycle = factories.cycle().id
    found = browse("lead").get(f"/assessment/cycles/{cycle}/portraits?q=SY002")
    assert "梁静怡" not in found.text
    assert "梁静怡" in browse("office").get(f"/assessment/cycles/{cycle}/portraits?q=SY002").text
    browse("lead").get(url_of(portrait_of("other")), status=404)
    # Nobody sorts people by a figure.
    page = browse("office").get(f"/assessment/cycles/{cycle}/portraits?sort=-result")
    assert page.all('th[aria-sort="descending"]') == []


@pytest.mark.db
def test_the_database_keeps_facts_hands_and_release_apart(hall):
    portrait, fault = portrait_of("staff"), rows_of("staff", "inspections.finding")[1]
    given = {"row": fault.id, "portrait": portrait.id}
    for statement in (
        "UPDATE portrait_row SET amount = 1 WHERE id = :row",
        "UPDATE portrait_row SET text = 'x' WHERE id = :row",
        "DELETE FROM portrait_row WHERE id = :row",
        "UPDATE portrait SET comment = 'x', commented_by_id = person_id WHERE id = :portrait",
        "UPDATE assessment_scheme SET content = '{}' WHERE state = 'locked'",
        "UPDATE assessment_scheme SET approved_by_id = drafted_by_id",
    ):
        refuse(hall, statement, given)
    given["objection"] = object_to(portrait, fault)
    for statement in (
        "UPDATE objection SET decided_by_id = drafted_by_id WHERE id = :objection",
        "UPDATE objection SET decided_by_id = run_by_id WHERE id = :objection",
        "UPDATE assessment_cycle SET state = 'released', approved_by_id = 10",
    ):
        refuse(hall, statement, given)


def refuse(hall, statement, given):
    """See the database refuse a statement."""
    named = {name: each for name, each in given.items() if f":{name}" in statement}
    with hall.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.execute(text(statement), named)


@inside.inside
def object_to(portrait, row):
    """Let staff object; gives the id of the objection."""
    from app.assessment import objections, portraits  # noqa: PLC0415
    from app.assessment.models import ObjectionGround  # noqa: PLC0415

    with db.write():
        return objections.object_to(
            view=portraits.get_view(portrait.id),
            place=row.place,
            ground=ObjectionGround.FACT,
            reason="当时在引导。",
            user=cast.principal("staff"),
        ).id


def test_whoever_wrote_the_comment_decides_no_objection_and_the_other_way_round(hall, browse):
    portrait, fault = portrait_of("staff"), rows_of("staff", "inspections.finding")[1]
    object_to(portrait, fault)
    chief = browse("chief")
    page = chief.get(url_of(portrait, "comment"))
    chief.submit(page, {"text": "讲解耐心。"}, form="#words-form")
    # Who signed has a hand in it for good: nobody writes his words over.
    office = browse("lead")
    page = office.get(url_of(portrait, "comment"))
    told = office.submit(page, {"text": "另写一段。"}, form="#words-form", status=422)
    assert "评语已由顾晓岚署名" in told.text
    [objection] = rows(Objection)
    where = f"/assessment/objections/{objection.public_id}"
    page = chief.get(f"{where}/reject")
    told = chief.submit(page, {"reason": "不成立。"}, form="form.form", status=422)
    assert "写评语和科室意见的人" in told.text
    leader = browse("leader")
    leader.submit(leader.get(f"{where}/reject"), {"reason": "属实。"}, form="form.form")
    [objection] = rows(Objection)
    assert objection.decision == "属实。"
    assert rows_of("staff", "inspections.finding")[1].state is EvidenceState.COUNTED
    assert portrait_of("staff").edition == 1


def test_a_dispatched_person_gets_facts_and_no_figure(hall, browse):
    letter = portrait_of("other")
    assert (letter.kind, letter.total, letter.scores) == (PortraitKind.FACTS, None, {})
    page = browse("other").get(url_of(letter))
    assert "本中心不计分" in page.text
    assert "开放期间没有参加" in page.text
    assert "权重" not in page.text
    assert [each.points for each in rows_of("other")] == [None] * len(rows_of("other"))


def test_everybody_is_told_once_and_whoever_is_new_has_too_little_data(hall, now):
    told = [each for each in rows(Notice) if "可以预览" in each.text]
    assert len(told) == len({each.person_id for each in told}) == len(rows(Portrait))
    chief = portrait_of("chief")
    assert chief.total is None
    assert "不满60%" in chief.scores["lacks"]


@pytest.fixture
def early(app, now):
    inside.use(app)
    now.now = factories.at(10, 12)
    return app


def test_leave_lowers_nothing_and_a_new_lead_does_not_read_what_was_before(early, browse):
    scheme = factories.lock_scheme()
    factories.happen()
    transfer_staff()
    cycle_id = factories.collect(scheme)
    factories.move(cycle_id, "preview", "office")
    portrait = portrait_of("staff")
    assert [each["department"] for each in portrait.posts] == ["不动产登记中心", "区税务局"]
    assert sum(each["days"] for each in portrait.posts) == portrait.expected_days
    assert portrait.leaves == {"年休假": 5}
    assert portrait.present_days == portrait.expected_days - 5
    assert str(portrait.total) == "99.6"
    # The lead of the department that he left reads it no more; one of the new reads figures only.
    browse("lead").get(url_of(portrait), status=404)
    fault = rows_of("staff", "inspections.finding")[1]
    grant_lead_elsewhere()
    officer = browse("officer")
    page = officer.get(url_of(portrait))
    assert "调入前的记录，只列分值" in page.text
    for told in (fault.text, fault.number, fault.clause):
        assert told
        assert told not in page.text
    officer.get(url_of(portrait, "rows", fault.place), status=404)
    officer.get(url_of(portrait, "portrait.pdf"), status=404)
    assert fault.text in browse("office").get(url_of(portrait)).text


def test_a_department_that_came_later_has_no_sheet(early):
    scheme = factories.lock_scheme()
    with early.app_context(), db.write():
        later = accounts.add_department(name="区气象局", position=9)
    cycle_id = factories.collect(scheme)
    homes = {each.department_id for each in rows(DepartmentSheet)}
    assert (len(homes), later in homes) == (len(cast.DEPARTMENTS), False)
    assert factories.cycle().id == cycle_id


@inside.inside
def grant_lead_elsewhere():
    """Let somebody of 区税务局 be its lead."""
    with db.write():
        accounts.grant_at_set_up(
            person_id=cast.person_id("officer"),
            role=Role.WINDOW_LEAD,
            starts_on=cast.JOINED_ON,
            department_id=cast.department_ids()[1],
        )


@inside.inside
def transfer_staff():
    """Let staff have a week off, and go over to 区税务局 in the middle of September."""
    other = cast.department_ids()[1]
    with clock.frozen(factories.at(7, 1)), db.write():
        people.add_absence(
            person_id=cast.person_id("staff"),
            kind=AbsenceKind.ANNUAL,
            starts_on=factories.at(7, 6).date(),
            ends_on=factories.at(7, 10).date(),
            covered_by_id=None,
            by_id=cast.person_id("clerk"),
        )
    with clock.frozen(factories.at(9, 14)), db.write():
        placement = people.placements.get_placement(cast.person_id("staff"), clock.today())
        people.transfer(
            person_id=cast.person_id("staff"),
            place=people.Place(department_id=other, window_id=None, post_id=placement.post_id),
            starts_on=factories.at(9, 15).date(),
            by_id=cast.person_id("clerk"),
        )


def test_papers_have_two_pages_are_verified_and_packed_by_department(hall, browse, tmp_path):
    staff, portrait = browse("staff"), portrait_of("staff")
    staff.submit(staff.get(url_of(portrait)), form='form[action$="/print-portrait"]')
    factories.work()
    paper = staff.get(url_of(portrait, "portrait.pdf"))
    document = pypdfium2.PdfDocument(paper.data)
    assert len(document) == 2
    said = "".join(each.get_textpage().get_text_range() for each in document)
    for part in ("单知远", "99.6", "首次提醒免扣"[-2:], "不作为法定年度考核等次", "第1版"):
        assert part in said
    for part in ("政治面貌", "名次", "优秀"):
        assert part not in said
    document.close()
    file = tmp_path / "画像.pdf"
    file.write_bytes(paper.data)
    runner = hall.test_cli_runner()
    answer = runner.invoke(args=["documents", "verify", str(file), "--json"])
    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["verdict"], found["text"]) == (0, "current", "一致")
    page = browse("other").get(f"/documents/verify/{found['code']}")
    assert "一致" in page.text
    assert "单知远" not in page.text
    own = staff.get(url_of(portrait, "own-opinion"))
    staff.submit(own, {"text": "无异议。"}, form="#words-form")
    answer = runner.invoke(args=["documents", "verify", str(file)])
    assert (answer.exit_code, answer.stdout.split("，")[0]) == (1, "已有新版")
    file.write_bytes(paper.data + b" ")
    assert runner.invoke(args=["documents", "verify", str(file)]).exit_code == 1
    assert "不符" in browse("other").get("/documents/verify/0000-0000-0000-0000").text
    check_package(hall, browse)
    folder = tmp_path / "out"
    args = ["assessment", "export", "--cycle", factories.QUARTER, "--output", str(folder)]
    assert runner.invoke(args=args).exit_code == 0
    assert len(list(folder.glob("*/*.pdf"))) == len(rows(Portrait)) + 2
    args[3] = "2020年第一季度"
    assert runner.invoke(args=args).exit_code == 1
    check_forgotten(hall, portrait)


def check_forgotten(hall, portrait):
    """Of somebody who is forgotten no paper and no words are left; his figures are."""
    with hall.app_context():
        papers_of = select(ProducedPaper).where(
            ProducedPaper.kind == papers.PORTRAIT.name, ProducedPaper.record_id == portrait.id
        )
        assert db.session.scalars(papers_of).first() is not None
        with db.write():
            own_data.forget_person(portrait.person_id)
        assert db.session.scalars(papers_of).first() is None
        left = db.session.get_one(Portrait, portrait.id)
        assert (left.own_opinion, left.comment, left.total) == ("", "", portrait.total)


def check_package(hall, browse):
    """The lead's package holds his department's papers, and the clerk can't fetch it."""
    lead, cycle = browse("lead"), factories.cycle()
    lead.submit(lead.get(f"/assessment/cycles/{cycle.id}"), form='form[action$="/packages"]')
    factories.work()
    [package] = rows(PortraitPackage)
    url = f"/assessment/packages/{package.public_id}"
    content = lead.get(f"{url}/file").data
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = packed.namelist()
    assert {each.split("/")[0] for each in names} == {"01_不动产登记中心"}
    assert len(names) == package.papers
    browse("clerk").get(url, status=403)
    with hall.app_context():
        with clock.frozen(clock.now() + KEPT + timedelta(days=1)):
            packages.erase_old()
        assert db.session.get(StoredFile, package.file_id) is None
        assert verifying.check_code("nonsense").verdict is Verdict.UNKNOWN
        assert paper_pages.find_kind("assessment.sheet") is papers.SHEET
