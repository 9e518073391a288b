"""The whole way without scripts: the paper is one form, saved and handed in by two buttons."""

import pytest

from app.exams.service.sittings import read_answers
from tests.exams.factories import answers_of, late_of, sitting_of

ALL = {"answer-1": ["C"], "answer-2": ["A", "B", "C"], "answer-3": ["true"]}
NONE = {"answer-1": None, "answer-2": None, "answer-3": None}


def stored(app, exam_id):
    with app.app_context():
        return answers_of(sitting_of(exam_id, "staff").id)


def send(staff, page, values, **options):
    """Send the paper as it stands on a page; gives the page that follows."""
    answer = staff.browser.submit(page, values, form="#paper", **options)
    return staff.browser.follow(answer)


@pytest.mark.db
def test_the_paper_is_saved_and_shown_again(app, exam_id, enter):
    staff = enter()
    page = send(staff, staff.page(), ALL)
    assert "已保存3道题的修改。" in page.text_of(".alert-success")
    assert stored(app, exam_id) == {1: (["C"], 1), 2: (["A", "B", "C"], 1), 3: (["true"], 1)}
    assert len(page.all("#paper .option input[checked]")) == 5


@pytest.mark.db
def test_the_last_button_saves_and_leads_to_handing_in(app, exam_id, enter):
    staff = enter()
    page = send(staff, staff.page(), ALL, button="hand-in")
    assert "已答3道题，全部作答。" in page.text
    receipt = staff.browser.follow(staff.browser.submit(page))
    assert "3/3题" in receipt.text
    assert stored(app, exam_id)[1] == (["C"], 1)


def test_sending_again_without_changes_saves_nothing(app, exam_id, enter):
    staff = enter()
    page = send(staff, staff.page(), ALL)
    before = stored(app, exam_id)
    page = send(staff, page, {})
    assert "没有变化" in page.text_of(".alert-success")
    assert stored(app, exam_id) == before


def test_only_what_has_changed_gets_a_new_revision(app, exam_id, enter):
    staff = enter()
    page = send(staff, staff.page(), ALL)
    send(staff, page, {"answer-2": ["A"]})
    assert stored(app, exam_id) == {1: (["C"], 1), 2: (["A"], 2), 3: (["true"], 1)}


def test_taking_out_every_tick_takes_the_answer_back(app, exam_id, enter):
    staff = enter()
    page = send(staff, staff.page(), ALL)
    send(staff, page, {"answer-2": None})
    assert stored(app, exam_id)[2] == ([], 2)


@pytest.mark.db
def test_an_older_window_does_not_overwrite_what_a_newer_one_has_saved(app, exam_id, enter):
    staff = enter()
    old = staff.page()
    send(staff, staff.page(), {"answer-1": ["B"], "answer-3": ["false"]})
    page = send(staff, old, {"answer-1": ["A"], "answer-2": ["A", "B"]})
    assert "另一个窗口" in page.text_of(".alert-error")
    assert stored(app, exam_id) == {1: (["B"], 1), 2: (["A", "B"], 1), 3: (["false"], 1)}


def test_an_older_window_does_not_empty_what_it_never_saw(app, exam_id, enter):
    """Nothing ticked in the old window is no wish to take the answer back."""
    staff = enter()
    old = staff.page()
    staff.save(1, ["B"], 4)
    send(staff, old, {"answer-3": ["true"]})
    assert stored(app, exam_id) == {1: (["B"], 4), 3: (["true"], 1)}


def test_a_flag_set_by_the_script_survives_the_plain_form(app, exam_id, enter):
    staff = enter()
    staff.save(1, ["B"], 1, flagged="1")
    send(staff, staff.page(), {"answer-1": ["C"]})
    with app.app_context():
        given = read_answers(sitting_of(exam_id, "staff").id)[1]
    assert (given.chosen, given.is_flagged, given.revision) == (["C"], True, 2)


@pytest.mark.parametrize(
    "forged",
    [
        {"answer-1": ["D"]},
        {"answer-1": ["A", "B"]},
        {"answer-1": ["A"], "revision-1": "x"},
        {"answer-1": ["A"], "revision-1": "9" * 30},
        {"answer-2": ["A", "A"]},
        {"answer-9": ["A"], "revision-9": "0"},
    ],
)
def test_what_fits_no_question_is_not_saved_and_is_said(app, exam_id, enter, forged):
    staff = enter()
    token = staff.page().one("#paper [name=csrf_token]").get("value")
    sent = {"revision-1": "0", "revision-2": "0", "answer-3": "true", "revision-3": "0"}
    answer = staff.browser.post(f"{staff.url}/answers", {**sent, **forged, "csrf_token": token})
    page = staff.browser.follow(answer)
    assert stored(app, exam_id) == {3: (["true"], 1)}
    if "answer-9" not in forged:
        assert "没有保存" in page.text_of(".alert-error")


@pytest.mark.db
def test_a_late_paper_is_kept_and_told_so(app, now, exam_id, enter):
    staff = enter()
    page = send(staff, staff.page(), {"answer-1": ["B"]})
    now.move(minutes=20)
    staff.page()
    now.move(minutes=21, seconds=1)
    answer = staff.browser.submit(page, {"answer-1": ["C"], "answer-3": ["true"]}, form="#paper")
    receipt = staff.browser.follow(staff.browser.get(answer.location, status=303))
    assert "已另行留存" in receipt.text_of(".alert-error")
    assert "第1题" in receipt.text_of(".alert-warning")
    assert stored(app, exam_id) == {1: (["B"], 1)}
    with app.app_context():
        assert late_of(sitting_of(exam_id, "staff").id) == [(1, ["C"], 2), (3, ["true"], 1)]


def test_a_paper_that_was_handed_in_is_told_so(app, exam_id, enter):
    staff = enter()
    page = send(staff, staff.page(), {"answer-1": ["B"]})
    staff.hand_in()
    answer = staff.browser.submit(page, {"answer-1": ["C"]}, form="#paper")
    receipt = staff.browser.follow(staff.browser.get(answer.location, status=303))
    assert "已经交卷" in receipt.text_of(".alert-error")
    assert stored(app, exam_id) == {1: (["B"], 1)}


def test_the_paper_without_a_token_is_refused(app, exam_id, enter):
    staff = enter()
    staff.browser.post(f"{staff.url}/answers", {"answer-1": "A", "revision-1": "0"}, status=400)
    assert stored(app, exam_id) == {}
