"""任务变化情况表: what the 季度工作会 reads says what both days' boards say, and is printed anew only
when something has changed.
"""

from datetime import date

from app.measures.change_papers import document, snapshot
from tests.exams.factories import run_jobs
from tests.measures.factories import assign, do, find, load_plans, read
from tests.support.papers import words_of

YESTERDAY = 20261120


def change_one(browse, app, now):
    """Let a row turn from no data to red between two days."""
    load_plans(browse)
    url, indicator = find(app, "G6")
    assign(browse, url, ends_on="2026-11-21")
    do(browse, "lead", url, "receive")
    now.move(days=1)
    read(browse, indicator, value="25", read_on="2026-11-21")
    now.move(days=1)
    return url


def test_paper_shows_both_days_and_what_is_late(browse, app, now):
    change_one(browse, app, now)
    with app.test_request_context():
        paper = snapshot(YESTERDAY)
        words = words_of(document(paper, "ABCD"))
    (changed,) = paper.changes
    assert (changed.before.light, changed.now.light) == ("无数据", "逾期")
    assert changed.now.values == ("事项平均申请时长：25分钟",)
    counts = {word: (then, today) for word, then, today in paper.counts}
    assert counts["逾期"] == (0, 1)
    assert sum(then for then, _ in counts.values()) == paper.total
    assert sum(today for _, today in counts.values()) == paper.total
    assert [each.code for each in paper.late] == ["效能G6"]
    for text in ("任务变化情况表", "2026年11月20日", "效能G6", "25分钟", changed.reason, "ABCD"):
        assert "".join(text.split()) in words


def test_paper_of_a_day_without_change_says_so(browse, app, now):
    load_plans(browse)
    now.move(days=1)
    with app.test_request_context():
        words = words_of(document(snapshot(YESTERDAY), ""))
    assert "那一天以来没有变化。" in words
    assert "没有逾期的任务。" in words


def test_page_prints_and_then_opens_it_until_something_changes(browse, app, now):
    url = change_one(browse, app, now)
    office, page_url = browse("office"), "/measures/changes/2026-11-20"
    office.get(f"{page_url}/changes.pdf", status=404)
    office.submit(office.get(page_url), form=f'form[action="{page_url}/print-changes"]')
    with app.app_context():
        run_jobs()
    assert f"{page_url}/changes.pdf" in office.get(page_url).links()
    assert office.get(f"{page_url}/changes.pdf").data.startswith(b"%PDF")
    do(browse, "lead", url, "report", reason="改进完成。")
    assert f"{page_url}/changes.pdf" not in office.get(page_url).links()
    office.get(f"/measures/changes/{date(2030, 1, 1)}/changes.pdf", status=404)
