"""SE6: a second device goes on openly; what the first one still sends is kept and not mixed in."""

import pytest

from app.audit.models import AuditEvent
from app.exams.models import LateAnswer, LateCause
from app.kernel import db
from tests.exams.factories import Examinee, answers_of, events, sitting_of
from tests.exams.running import pulse


def second(browse, first):
    """Give the same person at another device, in front of what his sitting shows there."""
    other = Examinee(browse("staff"), first.exam_id)
    other.url = first.url
    return other


def take(device):
    page = device.page()
    assert "这场考试正在另一台设备上作答" in page.text_of("main")
    assert not page.all("#paper")
    answer = device.browser.submit(page, form="form[action$=take-over]")
    opened = device.browser.follow(answer)
    device._token = opened.one("#paper input[name=csrf_token]").get("value")
    return opened


@pytest.mark.db
def test_a_second_device_goes_on_and_the_first_ones_answers_are_kept_aside(app, browse, enter):
    first = enter()
    first.save(1, ["C"], 1)
    there = second(browse, first)
    assert pulse(there)["taken"]
    page = take(there)
    assert [each.get("value") for each in page.all("[name=answer-1][checked]")] == ["C"]
    assert not pulse(there)["taken"]
    said = first.save(2, ["A"], 1, status=409)
    assert (said["error"], said["kept"]) == ("taken", True)
    assert pulse(first)["taken"]
    assert "另一台设备" in first.page().text_of("main")
    assert there.save(2, ["A", "B"], 1)["saved"]
    with app.app_context():
        sitting = sitting_of(first.exam_id, "staff")
        assert answers_of(sitting.id) == {1: (["C"], 1), 2: (["A", "B"], 1)}
        [late] = db.session.query(LateAnswer).all()
        assert (late.number, late.chosen, late.cause) == (2, ["A"], LateCause.TAKEN_OVER)
        assert len(events(AuditEvent.EXAMS_TAKEN_OVER)) == 1


@pytest.mark.db
def test_the_first_device_takes_back_what_it_lost(app, browse, enter):
    first = enter()
    there = second(browse, first)
    take(there)
    take(first)
    assert first.save(1, ["C"], 1)["saved"]
    assert there.save(1, ["A"], 2, status=409)["error"] == "taken"


def test_a_device_that_was_taken_over_hands_nothing_in(app, browse, enter):
    first = enter()
    take(second(browse, first))
    data = {"csrf_token": first.browser.token()}
    assert first.browser.post(f"{first.url}/hand-in", data).location == first.url
    with app.app_context():
        assert sitting_of(first.exam_id, "staff").handed_in_at is None


def test_signing_in_again_in_place_is_the_same_device(enter, browse):
    first = enter()
    mark = first.browser.client.get_cookie("exam-device", path="/exams").value
    again = browse("staff")
    again.client.set_cookie("exam-device", mark, path="/exams")
    there = Examinee(again, first.exam_id)
    there.url = first.url
    assert there.page().all("#paper")
    assert not pulse(there)["taken"]


def test_the_mark_is_out_of_reach_of_scripts_and_only_its_hash_is_kept(app, enter):
    first = enter()
    cookie = first.browser.client.get_cookie("exam-device", path="/exams")
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/exams")
    with app.app_context():
        kept = sitting_of(first.exam_id, "staff").device
    assert len(kept) == 64
    assert kept != cookie.value


def test_a_plain_form_from_a_device_that_was_taken_over_says_so(app, browse, enter):
    first = enter()
    page = first.page()
    take(second(browse, first))
    answer = first.browser.submit(page, {"answer-1": "C"}, form="#paper")
    assert "已换到另一台设备作答" in first.browser.follow(answer).text_of("body")
