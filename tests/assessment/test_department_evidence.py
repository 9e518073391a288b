"""Facts on departments and on ideas: each once, in time or not, and nothing of what did not come about."""

from datetime import date, timedelta

import pytest

from app.accounts import service as accounts
from app.assessment.collecting import read_evidence
from app.commitments.models import SheetState
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.suggestions.order_flow import ORDER_FLOW
from tests.commitments import factories as commitments
from tests.inspections import factories as inspections
from tests.rectifications import factories as rectifications
from tests.suggestions import factories as suggestions
from tests.suggestions import world
from tests.support import cast, inside

YEAR = Span(first=date(2026, 1, 1), last=date(2027, 12, 31))
BEFORE = Span(first=date(2025, 1, 1), last=date(2025, 12, 31))


@pytest.fixture
def site(app):
    inside.use(app)
    return app


@inside.inside
def facts(rule, span=YEAR):
    """Give the facts of one rule."""
    return [each for each in read_evidence(span) if each.rule == rule]


@inside.inside
def home():
    """Give the department of `staff`."""
    return accounts.list_departments()[0].id


def test_an_order_counts_once_it_is_closed_by_when_it_was_mended(site, now):
    hall = inspections.furnish()
    rectifications.to_recheck()
    assert facts("rectifications.in_time") == []
    order_id, _ = rectifications.to_close(hall["third"])
    rectifications.move(order_id, "close", "chief")
    late_id, public_id = rectifications.mending()
    now.move(days=20)
    rectifications.add_photo(late_id)
    rectifications.reply(late_id)
    rectifications.move(late_id, "pass", hall["third"])
    rectifications.move(late_id, "close", "chief")
    in_time, late = facts("rectifications.in_time")
    assert [(each.amount, each.denominator) for each in (in_time, late)] == [(1, 1), (0, 1)]
    assert {in_time.department_id, late.department_id} == {home()}
    assert "按期改好" in in_time.text
    assert "超期改好" in late.text
    assert late.values == {"public_id": public_id}
    assert facts("rectifications.in_time", BEFORE) == []


@inside.inside
def carry_out(days):
    """Carry a 建议单 out after so many days, and verify it."""
    order = world.draft("")
    world.bring(order, "carrying", "")
    with clock.frozen(clock.now() + timedelta(days=days)):
        world.move(order, "finish", "lead", ORDER_FLOW, result="已到位。")
        world.move(order, "verify", "office", ORDER_FLOW, reason="看过现场。")


def test_a_suggestion_counts_once_it_is_verified_by_when_it_was_carried_out(site):
    carry_out(0)
    carry_out(60)
    first, second = sorted(facts("suggestions.order_in_time"), key=lambda each: -each.amount)
    assert [(each.amount, each.denominator) for each in (first, second)] == [(1, 1), (0, 1)]
    assert "按期落实" in first.text
    assert "超期落实" in second.text
    # It came from a hotline: nobody of the hall had the idea.
    assert facts("suggestions.adopted") == []
    assert facts("suggestions.order_in_time", BEFORE) == []


def test_an_idea_counts_for_its_author_once_it_is_carried_out(site, browse, app):
    url = suggestions.submit_idea(browse)
    suggestions.accept(browse, "office", url)
    suggestions.answer(browse, url)
    order = suggestions.latest(app, suggestions.ImprovementOrder)
    suggestions.issue(browse, order)
    suggestions.take_on(browse, order)
    suggestions.carry_out(browse, order)
    assert facts("suggestions.adopted") == []
    suggestions.do(browse, "office", order, "verify", reason="看过现场。")
    [fact] = facts("suggestions.adopted")
    assert (fact.person_id, fact.amount, fact.denominator) == (inside.person("staff"), 1, None)
    assert suggestions.IDEA["title"] in fact.text
    assert facts("suggestions.adopted", BEFORE) == []


def test_each_version_that_became_public_counts_for_its_department(site):
    with site.app_context():
        window = commitments.add_window()
        record_id = commitments.draft(window)
        commitments.move(record_id, "submit")
        assert commitments.get(record_id).state is SheetState.REVIEW
    assert facts("commitments.published") == []
    with site.app_context():
        commitments.move(record_id, "review")
        commitments.move(record_id, "approve")
    [fact] = facts("commitments.published")
    assert (fact.department_id, fact.person_id) == (home(), None)
    # It leads to the page of the department's promises, which everybody may open.
    assert fact.values == {"department_id": home()}
    assert "B12号窗口承诺公示牌第1版公开" in fact.text
    assert facts("commitments.published", BEFORE) == []
    with site.app_context():
        assert db.session.get(commitments.SheetVersion, record_id).published_on == fact.occurred_on
        assert cast.department_ids()[0] == fact.department_id
