"""党员示范岗: asked for by a clerk or lead, confirmed by the branch, over with the post (清廉10)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.privacy import anonymising
from app.accounts.roster import people, placements
from app.commitments import own_data, papers, plates, workflow
from app.commitments.models import PlateState
from app.kernel import clock, db
from app.kernel.db import Base
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from tests.commitments import factories
from tests.support import cast

# The log is sealed, and forgets by its own term.
KEPT = {"audit_entry"}


@pytest.fixture
def made(app):
    """Give `staff` on duty at a window with a public sheet."""
    with app.app_context():
        window = factories.add_window()
        factories.seat("staff", window)
        return {"window": window, "sheet": factories.publish(window)}


def is_shown(browse):
    """Tell whether the public page shows a plate."""
    return "党员示范岗" in browse(None).get("/public/commitments/1").text


def transfer(who="staff"):
    """Let somebody work elsewhere from tomorrow on."""
    with db.write():
        people.transfer(
            person_id=cast.person_id(who),
            place=people.Place(department_id=factories.home(1), window_id=None, post_id=1),
            starts_on=clock.today() + timedelta(days=1),
            by_id=cast.person_id("clerk"),
        )


@pytest.mark.db
def test_plate_is_shown_once_the_branch_has_confirmed_it(app, browse, made):
    clerk, branch = browse("clerk"), browse("branch")
    page = clerk.get("/commitments/plates/new")
    typed = {"staff_number": "sy001", "grounds": "今年没有有责投诉。"}
    page = clerk.follow(clerk.submit(page, typed, form="form#plate-form"))
    assert "待支部确认" in page.text_of("p.flow-state")
    assert not is_shown(browse)
    url = page.url
    page = branch.get(f"{url}/confirm")
    assert "单知远（SY001）" in page.text
    page = branch.follow(branch.submit(page, form="main form"))
    assert "已挂牌" in page.text_of("p.flow-state")
    assert is_shown(browse)
    with app.app_context():
        (card,) = papers.read_cards(made["sheet"]).cards
        assert card.person.is_model_post


def test_refusal_has_a_reason_and_shows_nothing(app, browse, made):
    with app.app_context():
        record_id = factories.ask_for_plate()
    branch = browse("branch")
    url = f"/commitments/plates/{record_id}/refuse"
    branch.submit(branch.get(url), {"reason": " "}, form="main form", status=422)
    branch.submit(branch.get(url), {"reason": "到岗不满半年。"}, form="main form")
    assert "到岗不满半年。" in browse("clerk").get(f"/commitments/plates/{record_id}").text
    assert not is_shown(browse)


def test_plate_is_over_on_the_day_of_a_transfer_before_any_sweep(app, browse, made, now):
    with app.app_context():
        record_id = factories.ask_for_plate()
        factories.move_plate(record_id, "confirm")
        transfer()
    assert is_shown(browse)
    now.move(days=1)
    assert not is_shown(browse)
    assert "不再有效" in browse("clerk").get(f"/commitments/plates/{record_id}").text
    with app.app_context():
        assert factories.get_plate(record_id).state is PlateState.CONFIRMED
        workflow.end_departed()
        assert factories.get_plate(record_id).state is PlateState.ENDED
        workflow.end_departed()
        factories.ask_for_plate()


@pytest.mark.parametrize("name", ["end", "expire"])
def test_whoever_printed_a_card_with_the_plate_is_told_to_fetch_it(app, browse, made, now, name):
    with app.app_context():
        record_id = factories.ask_for_plate()
        factories.move_plate(record_id, "confirm")
        factories.note_print(made["sheet"])
        if name == "end":
            factories.move_plate(record_id, "end", reason="调整。")
        else:
            transfer()
            now.move(days=1)
            workflow.end_departed()
    clerk = browse("clerk")
    assert "党员示范岗已摘牌：你打印的1件请收回" in clerk.get("/notices").text
    page = clerk.get(f"/commitments/{made['sheet']}")
    clerk.submit(page, form="form[action$=collect]")


def test_plate_does_not_follow_to_another_post_at_the_same_window(app, browse, made, now):
    with app.app_context():
        factories.move_plate(factories.ask_for_plate(), "confirm")
        with db.write():
            people.transfer(
                person_id=cast.person_id("staff"),
                place=people.Place(
                    department_id=factories.home(),
                    window_id=made["window"],
                    post_id=placements.find_or_add_post("综合窗口"),
                ),
                starts_on=clock.today() + timedelta(days=1),
                by_id=cast.person_id("clerk"),
            )
    assert is_shown(browse)
    now.move(days=1)
    assert "单知远" in browse(None).get("/public/commitments/1").text
    assert not is_shown(browse)


def test_plate_is_over_after_the_last_day(app, browse, made, now):
    with app.app_context():
        record_id = factories.ask_for_plate()
        factories.move_plate(record_id, "confirm")
        with db.write():
            people.let_leave(
                person_id=cast.person_id("staff"),
                left_on=clock.today(),
                by_id=cast.person_id("clerk"),
            )
    now.move(days=1)
    assert not is_shown(browse)
    with app.app_context():
        workflow.end_departed()
        assert factories.get_plate(record_id).state is PlateState.ENDED


def test_plate_that_waits_lapses_with_the_post_and_can_not_be_confirmed(app, made, now):
    with app.app_context():
        record_id = factories.ask_for_plate()
        transfer()
        now.move(days=1)
        with pytest.raises(RefusedError) as refused:
            factories.move_plate(record_id, "confirm")
        assert "已经离岗或者调动" in str(refused.value)
        workflow.end_departed()
        assert factories.get_plate(record_id).state is PlateState.REFUSED


def test_nobody_makes_the_moves_of_the_site(app, made):
    with app.app_context():
        record_id = factories.ask_for_plate()
        for name in ("lapse", "expire"):
            with pytest.raises(RefusedError):
                factories.move_plate(record_id, name, "branch")


def test_neither_asker_nor_the_person_himself_confirms(app, made):
    with app.app_context():
        for who in ("clerk", "staff"):
            factories.grant(who, Role.PARTY_BRANCH)
        record_id = factories.ask_for_plate()
        for who in ("clerk", "staff"):
            with pytest.raises(RefusedError):
                factories.move_plate(record_id, "confirm", who)


def test_one_plate_a_person(app, browse, made):
    with app.app_context():
        factories.ask_for_plate()
    clerk = browse("clerk")
    page = clerk.get("/commitments/plates/new")
    typed = {"staff_number": "SY001", "grounds": "再申请一次。"}
    answer = clerk.submit(page, typed, form="form#plate-form", status=422)
    assert "已经有一份" in answer.text
    assert answer.one("#grounds").text.strip() == "再申请一次。"


@pytest.mark.parametrize("number", ["SY002", "SY999", "x"])
def test_lead_asks_for_people_of_his_department_only(app, browse, made, number):
    lead = browse("lead")
    page = lead.get("/commitments/plates/new")
    typed = {"staff_number": number, "grounds": "很好。"}
    answer = lead.submit(page, typed, form="form#plate-form", status=422)
    assert "不在你管理的部门" in answer.text
    lead.submit(page, {"staff_number": "SY001", "grounds": "很好。"}, form="form#plate-form")


def test_plate_never_asks_for_the_party_status(app, made):
    """HALL.md 6.3: the branch's word alone; neither list, page nor copy names 政治面貌."""
    with app.app_context():
        factories.ask_for_plate()
        (table,) = own_data.tables_of(cast.person_id("staff"))
    assert "政治面貌" not in " ".join(table.header)
    assert not hasattr(plates.ModelPost, "political_status")


def test_list_is_by_pinyin_and_searched(app, browse, made):
    with app.app_context():
        factories.ask_for_plate("staff")
        factories.ask_for_plate("other")
        factories.ask_for_plate("chief")
    clerk = browse("clerk")
    names = [each.text for each in clerk.get("/commitments/plates").all("tbody a.row-link")]
    assert names == ["顾晓岚", "梁静怡", "单知远"]
    assert len(clerk.get("/commitments/plates?q=SY002").all("tbody tr")) == 1
    assert len(clerk.get("/commitments/plates?department=2").all("tbody tr")) == 1
    assert len(clerk.get("/commitments/plates?state=confirmed").all("tbody tr")) == 0
    assert clerk.get("/commitments/plates/export").data.startswith(b"PK")
    assert len(browse("lead").get("/commitments/plates").all("tbody tr")) == 2


def texts_of_all_tables():
    """Give all that stands anywhere, but the rows of persons themselves and the sealed log."""
    tables = [each for each in Base.metadata.sorted_tables if each.name not in KEPT]
    return {
        each.name: " ".join(map(str, db.session.execute(select(each)).all())) for each in tables
    }


@pytest.mark.db
def test_what_is_held_about_a_person_is_told_and_can_be_forgotten(app, browse, made, now):
    """In no table, and his number is not given to the next: its path would not begin again."""
    with app.app_context():
        record_id = factories.ask_for_plate()
        factories.move_plate(record_id, "confirm")
        (table,) = own_data.tables_of(cast.person_id("staff"))
        (row,) = table.rows
        assert "已挂牌" in row
        assert "无有责投诉。" in row
        with db.write():
            people.let_leave(
                person_id=cast.person_id("staff"),
                left_on=clock.today(),
                by_id=cast.person_id("clerk"),
            )
        now.move(days=1)
        workflow.end_departed()
        before = texts_of_all_tables()
        assert {"open_step", "notice"} <= {
            name for name, text in before.items() if "单知远" in text
        }
        with db.write():
            assert anonymising.anonymise(cast.person_id("staff"))
        for name, text in texts_of_all_tables().items():
            assert "单知远" not in text, name
            assert "无有责投诉。" not in text, name
        assert factories.ask_for_plate("other") > record_id
    page = browse("clerk").get(f"/commitments/plates/{record_id}")
    assert "已摘牌" in page.text_of("p.flow-state")
