"""任务分解表 out and in: the same layout both ways, each row with what is wrong with it."""

import io

from sqlalchemy import select

from app.kernel import db
from app.kernel.sheets_in import read_sheet
from app.kernel.spreadsheets import write_table
from app.measures.models import Measure, MeasurePlan, TaskState
from tests.measures.factories import load_plans


def plan_url(app, short="效能"):
    """Give the address of a plan."""
    with app.app_context():
        plan_id = db.session.scalar(select(MeasurePlan.id).where(MeasurePlan.short == short))
    return f"/measures/plans/{plan_id}"


def upload(office, url, header, rows, status=303):
    """Upload a table as the office; gives the page after it."""
    content = write_table("任务分解表", header, rows)
    page = office.get(f"{url}/imports/new")
    token = page.one("#table-form input[name=csrf_token]").get("value")
    given = {
        "file": (io.BytesIO(content), "分解表.xlsx"), "is_unclassified": "y", "csrf_token": token,
    }  # fmt: skip
    answer = office.post(f"{url}/imports/new", given, status=status)
    return office.get(answer.location) if status == 303 else answer


def read_table(browse, url):
    """Export the table of a plan; gives header and rows."""
    sheet = read_sheet(browse("clerk").get(f"{url}/export").data, 100)
    return sheet.header, [["" if each is None else each for each in row] for row in sheet.rows]


def test_the_table_is_exported_filled_in_and_read_again(browse, app):
    load_plans(browse)
    url = plan_url(app)
    header, rows = read_table(browse, url)
    assert header[:4] == ["序号", "行动", "举措", "原文"]
    assert len(rows) == 27
    owner, due, title = (header.index(each) for each in ("牵头部门", "完成期限", "举措"))
    assert {row[owner] for row in rows} == {"待确认"}
    rows[0][owner], rows[0][due] = "不动产登记中心", "2026-12-25"
    rows[1][owner] = "没有的部门"
    rows[2][title] = "别的举措"
    rows[3][owner], rows[3][due] = "区税务局", "明年"
    office = browse("office")
    page = upload(office, url, header, rows)
    for said in ("没有“没有的部门”这个部门", "和表里的举措不符", "完成期限请写成", "没有变化"):
        assert said in page.text
    office.submit(page, form='form[action$="/apply"]')
    with app.app_context():
        found = db.session.scalars(select(Measure).where(Measure.state == TaskState.TO_RECEIVE))
        (measure,) = found.all()
        assert measure.code == "G1"
        assert measure.ends_on.isoformat() == "2026-12-25"
    again, rows = read_table(browse, url)
    assert (rows[0][owner], rows[0][due]) == ("不动产登记中心", "2026-12-25")
    page = upload(office, url, again, rows)
    assert "按表分解" not in page.text
    assert page.text.count("没有变化") == 27


def test_a_file_that_is_no_table_of_tasks_is_refused(browse, app):
    load_plans(browse)
    url = plan_url(app)
    page = upload(browse("office"), url, ("序号", "举措"), [("1", "x")], status=422)
    assert "表头缺少：牵头部门、完成期限" in page.text


def test_the_board_is_printed_and_filtered_by_its_lights(browse, app):
    load_plans(browse)
    url = plan_url(app)
    chief = browse("chief")
    board = chief.get("/measures?light=none&part=岗位培优行动")
    assert "共3项任务" in board.text
    assert "共0" in chief.get("/measures?light=red").text or "没有符合条件" in board.text
    from app.measures.papers import BOARD  # noqa: PLC0415 - read inside of the site only.

    with app.app_context():
        paper = BOARD.snapshot(int(url.rpartition("/")[2]))
    assert (paper.total, len(paper.rows)) == (27, 27)
    assert paper.rows[14].source.startswith("组织开展网络安全应急知识培训")
