"""线下签批: what a sheet that was signed on paper may decide, who enters it, and what the path says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.accounts import service as accounts
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import OrderState
from app.workflow import engine, own_data, service
from app.workflow.models import WorkflowMove
from tests.suggestions import world
from tests.suggestions.factories import picture
from tests.support import cast
from tests.workflow.slips import CHIEF, FLOW
from tests.workflow.test_batches import signature
from tests.workflow.walks import blank_record

SHEET = {
    "signed_by": "SY010",
    "signed_on": "2026-11-20",
    "meeting": "11月主任办公会",
    "minute_number": "纪要11号",
    "is_unclassified": "y",
}


@pytest.fixture
def order_id(app):
    """Give a 建议单 of the first department that waits for its signature."""
    with app.app_context():
        order = world.draft()
        world.bring(order, "issuing")
        return order.id


def send(browser, address, **values):
    """Send what stands on a sheet, with the version that its page shows."""
    page = browser.get(address)
    found = page.all("main form[method=post] input[type=hidden]")
    hidden = {each.get("name"): each.get("value") for each in found}
    status = values.pop("status", 303)
    return browser.post(address, {**hidden, **SHEET, **values}, status=status)


def test_path_says_who_signed_and_who_entered_it_and_opens_the_scan(order_id, browse, app):
    clerk, address = browse("clerk"), f"/suggestions/orders/{order_id}/issue/signed"
    assert "请选" in send(clerk, address, status=422).text
    refused = send(clerk, address, file=picture(), signed_by="SY999", status=422)
    assert "没有这个工号" in refused.text
    send(clerk, address, file=picture())
    page = clerk.get(f"/suggestions/orders/{order_id}")
    for word in ("线下签批", "柏长青", "11月主任办公会，纪要纪要11号", "代录人陆文博"):
        assert word in page.text, word
    (scan,) = [each for each in page.links() if "/signatures/" in each]
    answered = clerk.client.get(scan)
    assert "attachment" in answered.headers["Content-Disposition"]
    with app.app_context():
        for who, moves in (("clerk", 2), ("leader", 1)):
            made, signed = own_data.tables_of(cast.person_id(who))
            assert (len(made.rows), len(signed.rows)) == (moves, 1)


def test_only_a_clerk_of_its_department_enters_what_was_signed(order_id, browse, app):
    """Who reads it because he carries out there enters nothing for it as a clerk of elsewhere."""
    address = f"/suggestions/orders/{order_id}/issue/signed"
    with app.app_context(), db.write():
        accounts.grant_at_set_up(
            person_id=cast.person_id("lead"),
            role=Role.CLERK,
            starts_on=cast.JOINED_ON,
            department_id=cast.department_ids()[1],
        )
    browse("lead").get(address, status=403)
    browse("sysadmin").get(f"/suggestions/orders/{order_id}/issue", status=403)


@pytest.mark.db
def test_sheet_decides_nothing_that_is_not_its_to_decide(order_id, app):
    with app.app_context():
        given = signature()
        tomorrow = replace(given, signed_on=clock.today() + timedelta(days=1))
        for name, user, sheet, told in (
            ("issue", cast.principal("staff"), given, service.NOT_YOUR_RECORD),
            ("send-back", cast.principal("clerk"), given, service.NOT_YOUR_RECORD),
            ("issue", cast.principal("clerk"), tomorrow, service.NOT_YET),
            ("issue", None, given, service.NOT_YOUR_RECORD),
            ("send-back", cast.principal("leader"), None, "请写明退回的理由。"),
        ):
            with pytest.raises(RefusedError, match=told), db.write():
                service.execute(
                    ORDER_FLOW, record_id=order_id, name=name, user=user, signature=sheet
                )
        assert service.rebuild_state(ORDER_FLOW, order_id)[0] == OrderState.ISSUING


def test_path_with_a_gap_is_found_broken(order_id, app):
    with app.app_context(), db.write():
        db.session.add(
            WorkflowMove(
                flow=ORDER_FLOW.name, record_id=order_id, step=9, move="issue",
                from_state="issuing", to_state="receiving", acted_as="none", at=clock.now(),
                reason="", files=[],
            )
        )  # fmt: skip
        with pytest.raises(ValueError, match="broken at 3"):
            service.rebuild_state(ORDER_FLOW, order_id)


def test_move_belongs_to_people_whenever_it_is_made():
    record = blank_record(FLOW, drafted_by_id=1, department_id=1)
    approve = FLOW.move("approve")
    assert engine.belongs(FLOW, approve, record, CHIEF)
    assert not engine.may(FLOW, approve, record, CHIEF)
    assert not engine.belongs(FLOW, approve, record, engine.SITE)
