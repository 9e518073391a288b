"""宣贯: whoever holds a post reads its list, told from placements; a new version asks again."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import python_calamine
from flask import url_for
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import RoleGrant
from app.accounts.roster.models import Absence, AbsenceKind
from app.accounts.roster.placements import find_or_add_post, transfer
from app.kernel import db
from app.kernel.evidence import Span
from app.kernel.feature import features
from app.regulations import facts, readings
from app.regulations.models import ReadingConfirmation, ReadingItem
from tests.regulations.factories import (
    RULE,
    confirm,
    latest,
    list_for,
    make_next,
    make_rule,
    post_id,
)
from tests.support import cast

MINE = "/regulations/mine"


def evidence(app, first, last):
    """Give the facts of a span by person's key, as the assessment reads them."""
    with app.app_context():
        room = next(each for each in features(app) if each.name == "regulations")
        keys = {cast.person_id(who): who for who in ("staff", "other", "clerk", "lead")}
        return {
            keys[each.person_id]: each
            for each in room.evidence(Span(first=first, last=last))
            if each.person_id in keys
        }


def test_what_a_post_reads_is_confirmed_once_for_each_version(browse, app, now):
    make_rule(browse)
    version = latest(app)
    list_for(browse, app, version.regulation_id, post=post_id(app, "专业窗口"))
    assert "1份必读制度待确认，最早11月25日到期" in browse("staff").get("/").text
    # Of another post nothing is asked, and he can't confirm it either.
    assert "待确认 0份" in browse("other").get(MINE).text
    browse("other").get(f"{MINE}/{version.id}", status=404)
    staff = browse("staff")
    unticked = staff.submit(staff.get(f"{MINE}/{version.id}"), {}, form="#confirm-form", status=422)
    assert "请先勾选" in unticked.text
    confirm(browse, "staff", version.id)
    confirmed = latest(app, ReadingConfirmation)
    assert (confirmed.version_id, confirmed.confirmed_at) == (version.id, now.now)
    assert "必读的制度都确认过了" in staff.get(MINE).text
    make_next(browse, version.regulation_id)
    now.move(days=11)
    again = browse("staff").get(MINE).text
    assert "《首问负责制》第2版" in again
    assert "《首问负责制》第1版" not in again


def test_a_second_tap_keeps_the_moment_of_the_first(browse, app, now):
    make_rule(browse)
    version = latest(app)
    list_for(browse, app, version.regulation_id)
    first = browse("staff")
    page = first.get(f"{MINE}/{version.id}")
    first.submit(page, {"is_understood": "y"}, form="#confirm-form")
    began = now.now
    now.move(minutes=5)
    first.submit(page, {"is_understood": "y"}, form="#confirm-form")
    assert latest(app, ReadingConfirmation).confirmed_at == began


def test_a_transfer_brings_the_list_of_the_new_post_by_itself(browse, app, now):
    make_rule(browse)
    version = latest(app)
    list_for(browse, app, version.regulation_id, post=post_id(app, "综合窗口"))
    assert "首问负责制" not in browse("staff").get(MINE).text
    now.move(days=3)
    with app.app_context(), db.write():
        transfer(
            person_id=cast.person_id("staff"),
            department_id=cast.department_ids()[1],
            window_id=None,
            post_id=find_or_add_post("综合窗口"),
            starts_on=date(2026, 11, 23),
        )
    page = browse("staff").get(MINE).text
    assert "首问负责制" in page
    # Three working days from the day of the transfer.
    assert "期限11月26日" in page
    with app.app_context():
        (mine,) = readings.list_readings((cast.person_id("staff"),))
        assert mine.begins_on == date(2026, 11, 23)


def test_who_is_away_on_the_day_has_time_from_his_return(browse, app):
    make_rule(browse)
    list_for(browse, app, latest(app).regulation_id)
    with app.app_context():
        person_id = cast.person_id("staff")
        with db.write():
            db.session.add(
                Absence(
                    person_id=person_id,
                    kind=AbsenceKind.SICK,
                    starts_on=date(2026, 11, 24),
                    ends_on=date(2026, 11, 27),
                )
            )
        (mine,) = readings.list_readings((person_id,))
        assert mine.due_on == date(2026, 12, 2)


def test_facts_are_what_fell_due_and_whether_it_was_confirmed_in_time(browse, app, now):
    make_rule(browse)
    version = latest(app)
    list_for(browse, app, version.regulation_id)
    confirm(browse, "staff", version.id)
    now.move(days=4)
    assert evidence(app, date(2026, 11, 1), date(2026, 11, 30)) == {}
    now.move(days=2)
    confirm(browse, "other", version.id)
    found = evidence(app, date(2026, 11, 1), date(2026, 11, 30))
    amounts = {who: (each.amount, each.denominator) for who, each in found.items()}
    one, none = (Decimal(1), Decimal(1)), (Decimal(0), Decimal(1))
    assert amounts == {"staff": one, "other": none, "clerk": none, "lead": none}
    assert found["other"].text == (
        "《首问负责制》第1版：2026年11月25日到期，2026年11月26日逾期确认"
    )
    assert found["staff"].occurred_on == date(2026, 11, 25)
    assert evidence(app, date(2026, 11, 26), date(2026, 12, 31)) == {}
    with app.test_request_context():
        address = url_for(found["staff"].endpoint, **found["staff"].values)
    assert "按期确认" in browse("staff").get(address).text
    assert "按期确认" in browse("lead").get(address).text
    browse("other").get(address, status=404)
    browse("inspector").get(address, status=404)


def test_what_is_no_longer_asked_on_its_day_is_no_fact(browse, app, now):
    make_rule(browse)
    item = list_for(browse, app, latest(app).regulation_id)
    now.move(days=1)
    clerk = browse("clerk")
    clerk.submit(clerk.get(f"/regulations/lists/{item.id}/end"))
    now.move(days=20)
    clerk = browse("clerk")
    assert evidence(app, date(2026, 11, 1), date(2026, 12, 31)) == {}
    assert "现在没有要求你必读的制度" in browse("staff").get(MINE).text
    refused = clerk.submit(clerk.get(f"/regulations/lists/{item.id}/end"))
    assert "已经移出清单" in clerk.get(refused.location).text


def test_a_rule_stands_on_a_list_once(browse, app):
    make_rule(browse)
    rule_id = latest(app).regulation_id
    list_for(browse, app, rule_id)
    browser = browse("office")
    page = browser.get("/regulations/lists/new")
    given = {"regulation_id": str(rule_id), "post_id": "0"}
    again = browser.submit(page, given, form="#item-form", status=422)
    assert "已经有这项制度" in again.text
    browse("chief").get("/regulations/lists/new", status=403)


def test_the_lead_sees_his_department_with_its_denominator(browse, app, now):
    make_rule(browse)
    version = latest(app)
    list_for(browse, app, version.regulation_id)
    confirm(browse, "staff", version.id)
    now.move(days=10)
    lead = browse("lead").get("/regulations/readings")
    people = lead.text_of("#reading-list")
    assert "单知远" in people
    assert "梁静怡" not in people
    office = browse("office")
    everybody = office.get("/regulations/readings").text_of("#reading-list")
    assert "梁静怡" in everybody
    with app.app_context():
        whole = len(cast.CAST) + len(cast.OTHERS) + len(cast.ADMINISTRATORS)
    assert f"（1/{whole}）" in office.get("/regulations/readings").text
    late = office.get("/regulations/readings?state=late").text_of("#reading-list")
    assert "单知远" not in late
    assert "梁静怡" in late
    answer = browse("lead").get("/regulations/readings/export")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    rows = book.get_sheet_by_index(0).to_python()
    names = {row[0] for row in rows[1:]}
    assert "单知远" in names
    assert "梁静怡" not in names
    # Nobody is sorted by a count of his.
    assert not lead.all("#reading-list th a[href*='sort=late'], th a[href*='sort=confirmed']")
    browse("staff").get("/regulations/readings", status=403)


def test_the_figures_for_the_measures_are_counted_from_the_records(browse, app, now):
    make_rule(browse)
    version = latest(app)
    span = Span(first=date(2026, 11, 1), last=date(2026, 12, 31))
    with app.app_context():
        assert facts.read_readings(span) is None
        assert facts.read_rules(span).value == 1
    list_for(browse, app, version.regulation_id, post=post_id(app, "综合窗口"))
    confirm(browse, "other", version.id)
    now.move(days=10)
    with app.app_context():
        reading = facts.read_readings(span)
        assert (reading.value, reading.numerator, reading.denominator) == (Decimal(100), 1, 1)
        early = Span(first=date(2026, 11, 1), last=date(2026, 11, 10))
        assert facts.read_rules(early) is None


@pytest.mark.db
def test_the_database_keeps_confirmations_and_one_line_for_each_list(browse, app):
    make_rule(browse)
    version = latest(app)
    item = list_for(browse, app, version.regulation_id)
    confirm(browse, "staff", version.id)
    again = {"person_id": latest(app, ReadingConfirmation).person_id, "version_id": version.id}
    twin = {
        "regulation_id": item.regulation_id, "days": 3, "starts_on": item.starts_on,
        "added_by_id": item.added_by_id,
    }  # fmt: skip
    with app.app_context():
        acts = [
            update(ReadingConfirmation).values(confirmed_at=version.approved_at),
            delete(ReadingConfirmation),
            db.insert(ReadingConfirmation).values(**again, confirmed_at=version.approved_at),
            db.insert(ReadingItem).values(**twin),
            update(ReadingItem).values(ended_on=item.starts_on - timedelta(days=1)),
        ]
        for act in acts:
            with pytest.raises(IntegrityError), db.write():
                db.session.execute(act)


def test_nothing_says_how_long_anybody_read():
    columns = {column.name for column in ReadingConfirmation.__table__.columns}
    assert columns == {"id", "person_id", "version_id", "confirmed_at"}


def test_who_sees_to_one_department_changes_no_list_of_the_hall(browse, app):
    url = make_rule(browse)
    with app.app_context():
        account = cast.account("clerk")
        with db.write():
            grant = db.session.query(RoleGrant).filter_by(person_id=account.person_id).one()
            grant.department_id = cast.department_ids()[1]
    rule_id = latest(app).regulation_id
    clerk = browse("clerk")
    page = clerk.get("/regulations/lists/new")
    given = {"regulation_id": str(rule_id), "post_id": "0"}
    assert "按全大厅的岗位列" in clerk.submit(page, given, form="#item-form", status=422).text
    # Nor a rule of the centre; of his own department he drafts.
    clerk.get(f"/regulations/{rule_id}/versions/new", status=403)
    clerk.get(f"{url}/withdraw/signed", status=404)
    form = clerk.get("/regulations/new")
    assert "中心层面" not in form.text_of("#rule-form")
    own = {**RULE, "name": "办税窗口手册", "department_id": "2"}
    made = clerk.submit(form, own, form="#rule-form").location
    assert "起草中" in clerk.get(made).text
    browse("chief").get(made)
