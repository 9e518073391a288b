"""岗位廉政风险点清单: written by one, approved by another, reviewed when its day comes."""

import io
from datetime import date

import pypdfium2
import pytest
import python_calamine
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.inbox.models import OpenStep
from app.kernel import db
from app.kernel.evidence import Span
from app.regulations import facts, risks
from app.regulations.models import RiskContent, RiskPoint, RiskState
from tests.exams.factories import run_jobs
from tests.regulations.factories import (
    RISK,
    article_ids,
    latest,
    make_rule,
    move,
    post_id,
    propose,
    risk_url,
)
from tests.support import cast


def held(browse, app, **values):
    """Give a risk point that is in force."""
    risk = propose(browse, app, **values)
    move(browse, "chief", risk_url(risk), "approve")
    return risk


def revise(browse, risk, status=303, **values):
    """Review a risk point."""
    clerk = browse("clerk")
    page = clerk.get(f"{risk_url(risk)}/revise")
    given = {"review_on": "2028-05-19", **values}
    return clerk.submit(page, given, form="#risk-form", status=status)


def now_of(app, risk):
    """Give a risk point as it is now."""
    with app.app_context():
        return db.session.get_one(RiskPoint, risk.id)


def test_a_risk_point_cites_an_article_and_is_approved_by_another(browse, app):
    make_rule(browse)
    article = article_ids(app, latest(app).id)["第二条"]
    risk = propose(browse, app, article_id=str(article), basis="")
    page = browse("clerk").get(risk_url(risk))
    assert "《首问负责制》第二条（第1版）" in page.text
    assert f"/regulations/articles/{article}" in page.links()
    browse("clerk").get(f"{risk_url(risk)}/approve", status=403)
    # Prevention is for everybody at the post, once it was approved.
    assert "叫号系统" not in browse("other").get("/regulations/mine").text
    move(browse, "chief", risk_url(risk), "approve")
    assert now_of(app, risk).state is RiskState.IN_FORCE
    assert "叫号系统" in browse("other").get("/regulations/mine").text
    browse("staff").get("/regulations/risks", status=403)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"manifestation": ""}, "请写风险表现"),
        ({"basis": ""}, "请选择条文，或者写明依据"),
        ({"review_on": "2026-11-20"}, "复核日要在今天之后"),
        ({"responsible_number": "SY999"}, "没有这个工号"),
        ({"level": None}, "请选择等级"),
    ],
)
def test_what_is_not_whole_comes_back_with_what_was_typed(changes, told, browse, app):
    clerk = browse("clerk")
    page = clerk.get("/regulations/risks/new")
    given = {"post_id": str(post_id(app, "综合窗口")), **RISK, **changes}
    refused = clerk.submit(page, given, form="#risk-form", status=422)
    assert told in refused.text
    assert RISK["measures"] in refused.body
    assert latest(app, RiskPoint) is None


def test_the_old_content_holds_until_the_new_one_is_approved(browse, app):
    risk = held(browse, app)
    revise(browse, risk, measures="增设引导员，叫号系统每日抽查。")
    page = browse("leader").get(risk_url(risk))
    assert "待审核的内容" in page.text
    listed = browse("leader").get("/regulations/risks").text
    assert RISK["measures"] in listed
    assert "增设引导员" not in listed
    move(browse, "chief", risk_url(risk), "send-back", reason="写明频次。")
    revise(browse, risk, measures="增设引导员，每日抽查两次。")
    move(browse, "chief", risk_url(risk), "approve")
    assert "每日抽查两次" in browse("leader").get("/regulations/risks").text
    assert now_of(app, risk).current == 3
    # What held before stays readable; what was never approved is no former content.
    page = browse("leader").get(risk_url(risk))
    assert RISK["measures"] in page.text
    assert "叫号系统每日抽查" not in page.text


def test_a_review_that_is_near_becomes_an_open_step_and_is_overdue_by_its_day(browse, app, now):
    risk = held(browse, app, review_on="2026-12-18")
    with app.app_context():
        risks.ask_for_reviews()
        assert now_of(app, risk).state is RiskState.IN_FORCE
    now.move(days=14)
    with app.app_context():
        risks.ask_for_reviews()
        risks.ask_for_reviews()
        found = db.session.query(OpenStep).filter(
            OpenStep.flow == "regulations.risk", OpenStep.closed_at.is_(None)
        )
        step = found.one()
    assert step.due_at.date() == date(2026, 12, 18)
    assert "待复核" in browse("clerk").get("/inbox").text
    now.move(days=20)
    span = Span(first=date(2026, 10, 1), last=date(2026, 12, 31))
    assert "复核逾期" in browse("leader").get(risk_url(risk)).text
    overdue = browse("leader").get("/regulations/risks?state=overdue").text_of("#risk-list")
    assert "逾期" in overdue
    with app.app_context():
        reading = facts.read_risks(span)
        assert (reading.value, reading.numerator, reading.denominator) == (0, 0, 1)
        before = Span(first=date(2026, 10, 1), last=date(2026, 12, 18))
        assert facts.read_risks(before).value == 1
        assert facts.read_risks(Span(first=date(2026, 1, 1), last=date(2026, 6, 30))) is None
    revise(browse, risk)
    move(browse, "chief", risk_url(risk), "approve")
    with app.app_context():
        assert facts.read_risks(span).value == 1
    assert now_of(app, risk).state is RiskState.IN_FORCE


def test_a_risk_point_whose_responsible_has_left_is_reviewed(browse, app, now):
    risk = held(browse, app, review_on="2027-05-20")
    with app.app_context():
        responsible = risks.get_risk(risk.id).content.responsible_id
        with db.write():
            db.session.execute(
                update(Person).where(Person.id == responsible).values(left_on=date(2026, 11, 19))
            )
        risks.ask_for_reviews()
    assert now_of(app, risk).state is RiskState.REVIEW_DUE
    assert "待复核" in browse("clerk").get("/inbox").text
    shown = browse("leader").get("/regulations/risks?state=orphan").text_of("#risk-list")
    assert "已离岗" in shown
    browser = browse("clerk")
    page = browser.get(f"{risk_url(risk)}/revise")
    given = {"review_on": "2027-05-20"}
    refused = browser.submit(page, given, form="#risk-form", status=422)
    assert "已经离岗" in refused.text


def test_what_never_held_is_dropped_and_what_held_is_ended(browse, app):
    never = propose(browse, app)
    move(browse, "chief", risk_url(never), "send-back", reason="与岗位不符。")
    chief = browse("chief")
    refused = chief.submit(
        chief.get(f"{risk_url(never)}/end"), {"reason": "试试"}, form="main form", status=422
    )
    assert "还没有批准过" in refused.text
    move(browse, "clerk", risk_url(never), "drop", reason="与岗位不符。")
    risk = held(browse, app)
    move(browse, "chief", risk_url(risk), "end", reason="岗位撤并。")
    listed = browse("leader").get("/regulations/risks?state=held").text_of("#risk-list")
    assert "对熟人" not in listed


def test_a_stale_review_is_told(browse, app):
    risk = held(browse, app)
    clerk = browse("clerk")
    page = clerk.get(f"{risk_url(risk)}/revise")
    revise(browse, risk)
    move(browse, "chief", risk_url(risk), "send-back", reason="再想。")
    late = clerk.submit(page, {"review_on": "2028-01-05"}, form="#risk-form", status=409)
    assert "你的修改还没有保存" in late.text


def test_the_sheet_of_a_post_and_the_excel_say_all_of_it(browse, app):
    risk = held(browse, app)
    propose(browse, app, manifestation="尚未批准的表现")
    url = f"/regulations/risks/posts/{risk.post_id}"
    leader = browse("leader")
    leader.submit(leader.get(url), form="form[action$='/print-risks']")
    with app.app_context():
        run_jobs()
    document = pypdfium2.PdfDocument(leader.get(f"{url}/risks.pdf").data)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    for words in ("综合窗口", "受理", "对熟人", "顾晓岚", "2027年5月20日", "校验码"):
        assert words in text
    assert "尚未批准" not in text
    answer = leader.get("/regulations/risks/export?state=held")
    rows = (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
        .get_sheet_by_index(0)
        .to_python()
    )
    assert [row[2] for row in rows[1:]] == [RISK["manifestation"]]


@pytest.mark.db
def test_the_database_keeps_what_was_written_and_duties_apart(browse, app):
    risk = held(browse, app)
    writer = now_of(app, risk).written_by_id
    acts = [
        update(RiskContent).values(measures="改了"),
        delete(RiskContent),
        update(RiskPoint).values(approved_by_id=writer),
        update(RiskPoint).values(current=None),
        update(RiskPoint).values(state=RiskState.DROPPED),
        update(RiskPoint).values(state=RiskState.ENDED),
    ]
    with app.app_context():
        assert cast.person_id("clerk") == writer
        for act in acts:
            with pytest.raises(IntegrityError), db.write():
                db.session.execute(act)
