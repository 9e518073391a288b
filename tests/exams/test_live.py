"""The live board: who is how far, refreshed only when something has changed."""

import pytest

from app.kernel import db
from tests.exams.factories import get_exam, publish_exam, sitting_of
from tests.exams.running import act, pulse
from tests.support import cast


def lines(browser, exam_id, query=""):
    """Read the board: name -> the other cells."""
    page = browser.get(f"/exams/papers/{exam_id}/live{query}")
    rows = [["".join(cell.itertext()) for cell in row] for row in page.all("#board tbody tr")]
    return {row[0]: row[1:] for row in rows}


@pytest.mark.db
def test_the_board_tells_how_far_everybody_is(app, browse, exam_id, enter, now):
    clerk = browse("clerk")
    staff = enter()
    staff.save(1, ["C"], 1)
    staff.save(2, [], 1, flagged="1")
    pulse(staff, unsaved="2")
    mine = lines(clerk, exam_id)[cast.name_of("staff")]
    assert mine[1:4] == ["作答中", "1/3", "2"]
    assert lines(clerk, exam_id)[cast.name_of("other")][1:4] == ["未开始", "0/3", "—"]
    now.move(seconds=46)
    assert lines(clerk, exam_id)[cast.name_of("staff")][1] == "断线"
    now.move(minutes=5)
    pulse(staff)
    assert lines(clerk, exam_id)[cast.name_of("staff")][1:4] == ["暂离", "1/3", "—"]
    act(lambda: clerk, exam_id, "pause", text="消防演练。")
    assert lines(clerk, exam_id)[cast.name_of("staff")][1] == "已暂停"
    act(lambda: clerk, exam_id, "resume")
    staff.hand_in()
    assert lines(clerk, exam_id)[cast.name_of("staff")][1] == "已交卷"


def test_the_board_is_narrowed_to_a_state_and_a_department(browse, exam_id, enter):
    enter()
    clerk = browse("clerk")
    staff, other = cast.name_of("staff"), cast.name_of("other")
    assert set(lines(clerk, exam_id, "?state=waiting")) == {other}
    home, away = cast.CAST["staff"][2], cast.CAST["other"][2]
    page = clerk.get(f"/exams/papers/{exam_id}/live")
    options = {each.text: each.get("value") for each in page.all("[name=department] option")}
    assert set(lines(clerk, exam_id, f"?department={options[home]}")) == {staff}
    assert set(lines(clerk, exam_id, f"?department={options[away]}&state=working")) == set()


@pytest.mark.db
def test_a_refresh_without_news_is_an_empty_answer(browse, exam_id, enter):
    staff = enter()
    office = browse("office")
    board = office.get(f"/exams/papers/{exam_id}/live").one("#board")
    url = board.get("hx-get")
    headers = {"HX-Request": "true"}
    assert office.client.get(url, headers=headers).status_code == 204
    staff.save(1, ["C"], 1)
    answer = office.client.get(url, headers=headers)
    assert answer.status_code == 200
    assert "1/3" in answer.get_data(as_text=True)


def test_who_only_watches_is_offered_no_act(app, browse, exam_id, enter):
    enter()
    with app.app_context():
        key = sitting_of(exam_id, "staff").public_id
    for path in ("", f"/{key}"):
        url = f"/exams/papers/{exam_id}/live{path}"
        assert not browse("office").get(url).all("a[href*='/acts/']")
        assert browse("chief").get(url).all("a[href*='/acts/']")


def test_a_person_on_the_board_has_a_page_with_what_was_done(app, browse, exam_id, enter):
    enter()
    with app.app_context():
        key = sitting_of(exam_id, "staff").public_id
    act(lambda: browse("clerk"), exam_id, "extra-time", key, minutes="5", text="看不清屏幕。")
    text = browse("chief").get(f"/exams/papers/{exam_id}/live/{key}").text_of("main")
    assert "加时5分钟" in text
    assert "看不清屏幕。" in text


def test_the_exams_that_run_are_listed_for_whoever_watches(app, browse, exam_id):
    with app.app_context():
        publish_exam(title="只在别处")
        waits = publish_exam(title="等人开考")
        with db.write():
            get_exam(waits).starts_by_button = True
    office = browse("office")
    text = office.get("/exams/live").text_of("main")
    for title in ("2026年11月一月一考", "只在别处", "等人开考"):
        assert title in text
    for query, found in (
        ("q=别处", "只在别处"),
        ("phase=scheduled", "等人开考"),
        ("phase=open", "只在别处"),
    ):
        rows = office.get(f"/exams/live?{query}").text_of("#running-list")
        assert found in rows
        others = {"只在别处", "等人开考"} - {found}
        assert not [title for title in others if title in rows]
    assert "只在别处" not in office.get("/exams/live?phase=closed").text_of("main")


def test_the_board_shows_no_answer(browse, exam_id, enter):
    staff = enter()
    staff.save(2, ["A", "B", "C"], 1)
    text = browse("clerk").get(f"/exams/papers/{exam_id}/live").text
    assert "亮身份" not in text
