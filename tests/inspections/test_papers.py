"""巡查记录表 as PDF: every field of the paper, and the round's own facts."""

import pytest

from app.files import papers
from app.inspections.models import Opinion, Track
from app.inspections.papers import PAPER
from app.jobs import service as jobs
from tests.inspections import factories
from tests.support import inside
from tests.support.papers import words_of

FIELDS = (
    "编号", "日期", "时段", "方式", "巡查人", "带班领导", "区域", "窗口", "部门", "在岗人", "结果", "地点", "事实",
    "照片号", "依据条款", "当场处理", "被查人意见", "签字", "值班长签字", "校验码",
)  # fmt: skip
ITEMS = ("在岗在位与替岗", "着装工牌党徽", "取号机·PAD·自助机", "便民物品与药箱效期", "消防通道")


@pytest.fixture
def hall(app):
    inside.use(app)
    return factories.furnish()


def words(round_id):
    """Print a record, and give its text without blanks."""
    snapshot = PAPER.snapshot(round_id)
    return words_of(PAPER.document(snapshot, papers.code_of(snapshot)))


@pytest.mark.db
def test_record_has_every_field_and_every_finding(hall):
    done = factories.whole_round(hall)
    printed = inside.run(lambda: words(done["id"]))
    assert [each for each in (*FIELDS, *ITEMS) if each not in printed] == []
    for value in (
        "巡查2026-001", "2026年11月20日星期五", "上午", "现场巡查", "祝承安、巡查SY061", "柏长青", "全部窗口",
        "检查窗口3个，正常1个；现场提醒1项，立行立改1项，整改通知单1项。", "单知远", "未佩戴工牌", "首次提醒，不计分",
        "改好，单知远确认", "02前", "02后", "整改通知单（待签发）", "无异议",
    ):  # fmt: skip
        assert value in printed, value


@pytest.mark.db
def test_refusal_and_correction_are_printed(hall):
    round_id, _ = factories.begin(hall)
    factories.find(round_id, hall["A01"], track=Track.REMINDER)
    factories.finish(round_id, Opinion.REFUSED, "当事人拒签")
    assert "拒签，当事人拒签" in inside.run(lambda: words(round_id))


@pytest.mark.db
def test_record_is_printed_by_a_job_and_opened_by_who_may_see_the_round(hall, browse, app):
    done = factories.whole_round(hall)
    office, url = browse("office"), f"/inspections/{done['public_id']}"
    missing = office.get(f"{url}/record.pdf", status=404)
    assert "还没有打印这一份" in missing.text
    assert missing.one("main a.btn").get("href") == url
    office.submit(office.get(url), form="form[action$=print-record]")
    with app.app_context():
        for job_id in jobs.list_startable():
            jobs.run_job(job_id)
    assert office.get(f"{url}/record.pdf").data.startswith(b"%PDF")
    browse("lead").get(f"{url}/record.pdf", status=403)


def test_same_round_has_the_same_check_code(hall):
    done = factories.whole_round(hall)
    codes = {inside.run(lambda: papers.code_of(PAPER.snapshot(done["id"]))) for _ in range(2)}
    assert len(codes) == 1
