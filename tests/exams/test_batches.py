"""A and B batches: proposed from the hall's hours, given at publication, kept at the beginning."""

from datetime import datetime, timedelta

import pytest

from app.accounts.roster import deputies
from app.audit.models import AuditEvent
from app.exams.models import Sitting
from app.exams.service import batches
from app.exams.service.batches import Window
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from tests.exams.factories import (
    Examinee,
    draft,
    events,
    get_exam,
    publish,
    sit,
    sitting_of,
    submit,
)
from tests.support import cast

pytestmark = pytest.mark.db


def at(day, hour, minute=0):
    return clock.from_local(datetime(2026, 11, day, hour, minute))  # noqa: DTZ001 - local.


@pytest.fixture
def drafted(app):
    """A draft that is open from Monday, 23 November, 9:00, to Tuesday, 18:00."""
    with app.app_context():
        return draft(opens_at=at(23, 9), closes_at=at(24, 18))


def batched(exam_id, *windows):
    """Give a draft these windows, (code, day, hour) for two hours each, and publish it."""
    with db.write():
        for code, day, hour in windows:
            window = Window(code=code, opens_at=at(day, hour), closes_at=at(day, hour + 2))
            batches.add(exam_id, window, edited_by_id=cast.person_id("clerk"))
    publish(exam_id)


def codes(exam_id):
    rows = db.session.query(Sitting).filter_by(exam_id=exam_id).order_by(Sitting.person_id)
    return {row.person_id: row.batch for row in rows}


def test_windows_are_proposed_from_the_open_days_and_hours(browse, app, drafted):
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{drafted}")
    assert "不分场次" in page.text_of("main")
    page = clerk.get(f"/exams/papers/{drafted}/batches")
    page = clerk.follow(
        clerk.post(
            f"/exams/papers/{drafted}/batches", {"propose": "yes", **token(clerk, "/account")}
        )
    )
    with app.app_context():
        windows = [batches.read(each) for each in batches.list_windows(drafted)]
    assert [each.code for each in windows] == ["A", "B", "B", "A"]
    assert [str(each) for each in windows[:2]] == [
        "A场 11月23日9:00—12:00", "B场 11月23日12:00—17:00",
    ]  # fmt: skip
    assert "时段（4个）" in page.text_of("main")


def test_a_window_is_added_taken_out_and_refused_outside_of_the_exam(browse, app, drafted):
    clerk, url = browse("clerk"), f"/exams/papers/{drafted}/batches"
    values = {"code": "A", "opens_at": "2026-11-23T09:00", "closes_at": "2026-11-23T11:30"}
    page = clerk.follow(clerk.post(url, {"add": "yes", **values, **token(clerk, url)}))
    assert "11月23日 09:00—11:30" in page.text_of("main")
    late = {**values, "closes_at": "2026-11-25T11:30"}
    refused = clerk.post(url, {"add": "yes", **late, **token(clerk, url)}, status=422)
    assert "不在考试的开放时间里" in refused.text_of("main")
    assert refused.one("input[name=closes_at]").get("value") == "2026-11-25T11:30"
    page = clerk.follow(clerk.post(url, {"remove": "1", **token(clerk, url)}))
    assert "时段（0个）" in page.text_of("main")


def token(browser, url):
    page = browser.get(url)
    return {"csrf_token": page.all("input[name=csrf_token]")[0].get("value")}


def test_a_paper_with_one_batch_alone_is_not_sent(app, drafted):
    with app.app_context():
        with db.write():
            window = Window(code="A", opens_at=at(23, 9), closes_at=at(23, 11))
            batches.add(drafted, window, edited_by_id=cast.person_id("clerk"))
        with pytest.raises(RefusedError, match="没有B场"):
            submit(drafted)


def test_without_windows_nobody_has_a_batch(app, drafted):
    with app.app_context():
        publish(drafted)
        assert set(codes(drafted).values()) == {None}


def test_publication_divides_each_department_and_keeps_pairs_apart(app):
    with app.app_context():
        people = cast.add_staff(12)
        pair = people[0], people[2]
        with db.write():
            deputies.add_deputy(
                person_id=pair[0],
                deputy_id=pair[1],
                starts_on=clock.today(),
                ends_on=None,
                added_by_id=cast.person_id("clerk"),
            )
        exam_id = draft(opens_at=at(23, 9), closes_at=at(24, 18))
        batched(exam_id, ("A", 23, 9), ("B", 23, 14))
        found = codes(exam_id)
        assert found[pair[0]] != found[pair[1]]
        homes = {}
        for row in db.session.query(Sitting).filter_by(exam_id=exam_id):
            homes.setdefault(row.department_id, []).append(row.batch)
        assert len(homes) == 2
        assert all(abs(each.count("A") - each.count("B")) <= 1 for each in homes.values())


def test_nobody_begins_outside_of_his_batch_and_reads_when_he_may(browse, app, drafted, now):
    with app.app_context():
        batched(drafted, ("A", 23, 9), ("B", 23, 14), ("A", 24, 14), ("B", 24, 9))
        code = sitting_of(drafted, "staff").batch
        assert code == "A"
    now.now = at(23, 13)
    page = browse("staff").get(f"/exams/{drafted}")
    assert "A场 11月23日9:00—11:00、11月24日14:00—16:00" in page.text_of("main")
    assert "现在还不能进入：请在11月24日14:00—16:00进入" in page.text_of("main")
    assert not page.all("form[action$=start]")
    assert "A场 11月23日9:00—11:00" in browse("staff").get("/").text_of("main")
    staff = browse("staff")
    answer = staff.post(f"/exams/{drafted}/start", token(staff, "/account"))
    assert "还不能进入" in staff.follow(answer).text
    with app.app_context():
        assert sitting_of(drafted, "staff").started_at is None
    now.now = at(24, 15, 59)
    examinee = Examinee(browse("staff"), drafted)
    examinee.start()
    # Whoever has begun in time goes on after his batch has ended.
    now.now = at(24, 16, 20)
    examinee.page()


def test_when_all_of_ones_windows_are_over_the_page_says_so(browse, app, drafted, now):
    with app.app_context():
        batched(drafted, ("A", 23, 9), ("B", 24, 9))
    now.now = at(24, 10)
    page = browse("staff").get(f"/exams/{drafted}")
    assert "各个时段都已经过去" in page.text_of("main")


@pytest.fixture
def swappable(app):
    """A published exam with batches, in which the lead's department has staff of A and B."""
    with app.app_context():
        people = cast.add_staff(4)
        exam_id = draft(opens_at=at(23, 9), closes_at=at(24, 18))
        batched(exam_id, ("A", 23, 9), ("B", 23, 14))
        return exam_id, people


def own(exam_id):
    """Give the sittings of the lead's department, by batch."""
    home = cast.department_ids()[0]
    rows = db.session.query(Sitting).filter_by(exam_id=exam_id, department_id=home)
    found = {}
    for row in rows.order_by(Sitting.id):
        found.setdefault(row.batch, []).append(row)
    return found


def test_a_lead_lets_two_of_his_people_change(browse, app, swappable):
    exam_id, _ = swappable
    lead = browse("lead")
    page = lead.get(f"/exams/rolls/{exam_id}")
    assert "梁静怡" not in page.text_of("main")
    with app.app_context():
        one, other = own(exam_id)["A"][0], own(exam_id)["B"][0]
        first, second = one.public_id, other.public_id
    page = lead.follow(
        lead.submit(page, {"first": first, "second": second}, form="form[action$=swap]")
    )
    assert "已换" in page.text
    with app.app_context():
        found = {row.public_id: row.batch for rows in own(exam_id).values() for row in rows}
        assert (found[first], found[second]) == ("B", "A")
        assert len(events(AuditEvent.EXAMS_BATCH_CHANGED)) == 2


def test_nobody_changes_who_is_not_his_or_has_begun_or_is_in_the_same(app, swappable, now):
    exam_id, _ = swappable
    with app.app_context():
        mine, lead = own(exam_id), cast.principal("lead")
        first, second = mine["A"][0].public_id, mine["B"][0].public_id
        stranger = sitting_of(exam_id, "other").public_id
        same = [each.public_id for rows in mine.values() if len(rows) > 1 for each in rows][:2]
        now.now = at(23, 9, 30)
        cases = [(first, stranger, "请选两个人"), (same[0], same[1], "同一场")]
        for one, other, told in cases:
            with pytest.raises(RefusedError, match=told), db.write():
                batches.swap(exam_id=exam_id, first=one, second=other, user=lead)
        sit(exam_id, mine["A"][0].person_id, {}, hand_in=False)
        with pytest.raises(RefusedError, match="已经开始"), db.write():
            batches.swap(exam_id=exam_id, first=first, second=second, user=lead)


def test_a_change_never_lets_a_pair_leave_together(app, swappable):
    exam_id, _ = swappable
    with app.app_context():
        mine = own(exam_id)
        many, few = sorted(mine.values(), key=len, reverse=True)
        assert len(many) == 2
        pair = many[0].person_id, few[0].person_id
        with db.write():
            deputies.add_deputy(
                person_id=pair[0],
                deputy_id=pair[1],
                starts_on=clock.today(),
                ends_on=None,
                added_by_id=cast.person_id("clerk"),
            )
        before = codes(exam_id)
        with pytest.raises(RefusedError, match="同一场，窗口没有人"), db.write():
            batches.swap(
                exam_id=exam_id,
                first=many[1].public_id,
                second=few[0].public_id,
                user=cast.principal("lead"),
            )
        db.session.expire_all()
        assert codes(exam_id) == before


def test_the_roll_says_who_has_come_and_is_given_as_excel(browse, app, swappable, now):
    exam_id, people = swappable
    now.now = at(23, 9, 30) + timedelta(minutes=1)
    with app.app_context():
        [first] = [each.person_id for each in own(exam_id)["A"]][:1]
        sit(exam_id, first)
        name = get_exam(exam_id).title
    page = browse("lead").get(f"/exams/rolls/{exam_id}")
    assert name in page.text_of("h1")
    assert "已交卷" in page.text_of("table")
    assert "实考1 ÷ 应考3" in page.text_of("main")
    assert "还没有参加2人" in browse("lead").get("/").text_of("main")
    assert browse("lead").client.get(f"/exams/rolls/{exam_id}/export").status_code == 200
    browse("other").get(f"/exams/rolls/{exam_id}", status=403)
    assert people
