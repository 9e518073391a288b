"""What rooms give for a quarter: exams, rounds, orders, ideas; each fact once, in its state."""

from datetime import date

import pytest
from sqlalchemy import update

from app.accounts.roster import people
from app.accounts.roster.models import AbsenceKind
from app.assessment.collecting import all_rules, read_evidence
from app.inspections.models import Track
from app.kernel import db
from app.kernel.evidence import EvidenceKind, EvidenceState, Span
from app.rectifications.models import OrderState, RectificationOrder
from tests.exams import factories as exams
from tests.inspections import factories as inspections
from tests.support import cast, inside

YEAR = Span(first=date(2026, 1, 1), last=date(2026, 12, 31))


@pytest.fixture
def site(app):
    inside.use(app)
    return app


@inside.inside
def facts(rule, who="staff"):
    """Give what is known of somebody by one rule."""
    mine = cast.person_id(who)
    return [each for each in read_evidence(YEAR) if (each.rule, each.person_id) == (rule, mine)]


@inside.inside
def be_away(who, first, last):
    """Register leave."""
    with db.write():
        people.add_absence(
            person_id=cast.person_id(who), kind=AbsenceKind.SICK, starts_on=first, ends_on=last,
            covered_by_id=None, by_id=cast.person_id("clerk"),
        )  # fmt: skip


def test_whoever_was_away_while_an_exam_was_open_is_not_absent(site, now):
    with site.app_context():
        exam_id = exams.released_exam(now, staff=exams.KEY)
        exams.get_exam(exam_id)
    [mark] = facts("exams.mark")
    assert (mark.amount, mark.denominator) == (30, 30)
    assert facts("exams.mark", "other") == []
    assert len(facts("exams.absent", "other")) == 1
    be_away("other", date(2026, 11, 19), date(2026, 11, 23))
    assert facts("exams.absent", "other") == []


def test_an_exam_that_is_not_released_tells_nothing(site, now):
    with site.app_context():
        exams.graded_exam(now, staff=exams.KEY)
    assert facts("exams.mark") == []
    assert facts("exams.absent", "other") == []


def test_a_finding_counts_by_what_became_of_its_order(site):
    hall = inspections.furnish()
    round_id, _ = inspections.begin(hall)
    inspections.find(round_id, hall["A01"], code="paused", track=Track.ORDER)
    assert facts("inspections.check") == []
    inspections.finish(round_id)
    assert len(facts("inspections.check")) == 1
    # Nobody has signed the order.
    assert facts("inspections.finding") == []
    for state, counted in (
        (OrderState.TO_RECEIVE, EvidenceState.COUNTED),
        (OrderState.APPEALED, EvidenceState.SUSPENDED),
        (OrderState.REVOKED, EvidenceState.OVERTURNED),
    ):
        put(state)
        [finding] = facts("inspections.finding")
        assert (finding.state, finding.grade) == (counted, "minor")
    put(OrderState.NOT_ISSUED)
    assert facts("inspections.finding") == []


@inside.inside
def put(state):
    """Put the order into a state, past its flow."""
    more = {"decided_by_id": cast.person_id("office")} if state is OrderState.REVOKED else {}
    with db.write():
        db.session.execute(
            update(RectificationOrder).values(state=state, number="整改2026-001", **more)
        )


def test_rules_are_told_once_each_and_names_say_their_room(site):
    with site.app_context():
        rules = all_rules()
    assert {"exams.mark", "exams.absent", "inspections.finding", "inspections.check"} <= set(rules)
    assert rules["rectifications.in_time"].is_department
    assert rules["suggestions.adopted"].kind is EvidenceKind.MERIT
    assert rules["commitments.published"].kind is EvidenceKind.MENTION
    words = " ".join(each.name + each.label for each in rules.values())
    assert not any(word in words for word in ("签到", "时长", "sign_in", "hours", "廉洁"))
