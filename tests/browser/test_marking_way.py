"""人工评卷 in the browser: one answer after another by keyboard, then the result with its remark."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.exams.models import Sitting
from app.exams.service import sittings
from app.kernel import clock, db
from app.questions.kinds import QuestionKind
from tests.browser.test_corrections_way import looked_at
from tests.exams.every_kind import NUMBERS, add_every_kind
from tests.faults.papers import publish_exam
from tests.support import cast
from tests.support.chromium import DESK, PHONE
from tests.support.server import wait_until

SHOTS = os.environ.get("SHOTS")
TEXTS = ("先告知缺什么，\n再告知怎么补、到哪里补。", "写明材料名称和份数。")


def shoot(page, name):
    """Keep a picture for whoever wants to look at the pages."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.fixture
def answered(hall, new_person):
    """An exam with every kind of question that two people sat, the short one answered by both."""
    people = [new_person() for _ in TEXTS]
    with hall.acting():
        ids = add_every_kind()
    exam_id = publish_exam(
        hall, ids, [each.person_id for each in people], releases_when_complete=True
    )
    with hall.acting(), db.write():
        now = clock.now()
        for person, text in zip(people, TEXTS, strict=True):
            sitting = sittings.start_sitting(exam_id=exam_id, person_id=person.person_id)
            found = db.session.query(Sitting).filter_by(public_id=sitting).one()
            sittings.save_answer(
                sitting_id=found.id,
                number=NUMBERS[QuestionKind.SHORT],
                chosen=[text],
                is_flagged=False,
                revision=1,
                received_at=now,
            )
            sittings.hand_in(sitting_id=found.id, received_at=now)
    return people, exam_id, sitting


@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
def test_answers_are_marked_one_after_another(size, hall, answered, open_window, guard):
    guard.expect(r"status of 422")
    people, exam_id, public_id = answered
    with hall.acting():
        clerk = cast.person_id("clerk")
    page = open_window(clerk, size)
    page.goto(f"/exams/papers/{exam_id}")
    page.get_by_role("link", name="人工评卷").click()
    looked_at(page)
    shoot(page, f"marking-list-{size[0]}")
    page.get_by_role("link", name="评分（等我评2份）").click()
    expect(page.locator("#marks")).to_be_focused()
    looked_at(page)
    shoot(page, f"marking-{size[0]}")
    page.locator("#marks").fill("11")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("得分在0至10分之间")
    shoot(page, f"marking-refused-{size[0]}")
    for marks in ("7.5", "6"):
        page.locator("#marks").fill(marks)
        page.get_by_label("评语").fill("写得清楚。")
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("已评")
    expect(page.locator("main")).to_contain_text("没有等你评的答卷了")
    looked_at(page)
    shoot(page, f"marking-done-{size[0]}")
    state = "SELECT state FROM exam WHERE id = :id"
    wait_until(lambda: hall.ask(state, id=exam_id) == [("released",)], f"released\n{hall.log()}")
    own = open_window(people[-1].person_id, size)
    own.goto(f"/exams/sittings/{public_id}/result")
    expect(own.locator("main")).to_contain_text("评语：写得清楚。")
    looked_at(own)
    shoot(own, f"marking-result-{size[0]}")
