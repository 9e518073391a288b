"""From facts to figures: the rules of fairness one by one, and many random portraits."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from app.assessment import content, scoring
from app.assessment.content import Content, Dimension, Item, Method
from app.assessment.scoring import Fact
from app.kernel.evidence import EvidenceState
from tests.conftest import ROUNDS

FIRST = date(2026, 7, 1)
COUNTED, SUSPENDED, OVERTURNED = EvidenceState
FINDING = Item(
    rule="found", method=Method.DEDUCT, exposure="checked", first_free="reminder",
    points={"reminder": Decimal(1), "minor": Decimal(4), "grave": Decimal(12)},
    event_cap=Decimal(10), period_cap=Decimal(15),
)  # fmt: skip
IDEA = Item(rule="idea", method=Method.MERIT, points={"": Decimal(2)}, event_cap=Decimal(2),
            period_cap=Decimal(3))  # fmt: skip
SCHEME = Content(
    dimensions=(
        Dimension(name="考试", weight=60, items=(
            Item(rule="mark", method=Method.SHARE), Item(rule="test", method=Method.SHARE, share=3),
            Item(rule="absent", method=Method.DEDUCT, points={"": Decimal(5)}),
        )),
        Dimension(name="履职", weight=40, items=(FINDING,)),
    ),
    merits=(IDEA,), bonus_cap=Decimal(5), least_days=20, least_weight=60,
)  # fmt: skip


def fact(place, rule, amount=1, of=None, **changes):
    """Give one fact; its event is its own unless another is named."""
    given = {
        "place": place,
        "rule": rule,
        "amount": Decimal(amount),
        "denominator": None if of is None else Decimal(of),
        "grade": "",
        "state": COUNTED,
        "event_key": f"event:{place}",
        "occurred_on": FIRST + timedelta(days=place),
    }
    return Fact(**given | changes)


def score(*facts, scheme=SCHEME, days=(60,), present=60):
    return scoring.score(scheme, facts, days, present)


def of(outcome, name):
    return next(each for each in outcome.dimensions if each.name == name)


MARK, CHECK = fact(1, "mark", 80, 100), fact(2, "checked")


def test_no_data_is_not_zero_and_its_weight_is_shared_out():
    outcome = score(MARK)
    assert of(outcome, "履职").score is None
    assert of(outcome, "考试").effective == 100
    assert outcome.total == 80
    assert score(MARK, CHECK).total == Decimal("88.0")


def test_a_dimension_of_deductions_has_data_only_where_something_could_be_found():
    assert of(score(MARK, CHECK), "履职").score == 100
    assert of(score(MARK, CHECK), "履职").count == 1


def test_a_fault_without_any_data_beside_it_lowers_the_total_by_its_weight():
    grave = fact(3, "found", grade="grave")
    assert score(MARK, grave).total == Decimal(80) - Decimal("4.0")
    assert of(score(MARK, grave), "履职").score is None


def test_one_event_counts_once_by_its_gravest_fact():
    first = fact(3, "found", grade="minor", event_key="same")
    second = fact(4, "found", grade="grave", event_key="same")
    outcome = score(MARK, CHECK, first, second)
    assert outcome.points[4] == -10
    assert outcome.notes[3] == scoring.ONCE
    assert 3 not in outcome.points
    turned = score(MARK, CHECK, replace(first, grade="grave"), replace(second, grade="minor"))
    assert turned.notes[4] == scoring.ONCE


def test_the_first_reminder_costs_nothing():
    facts = [fact(place, "found", grade="reminder") for place in (3, 4)]
    outcome = score(MARK, CHECK, *facts)
    assert outcome.points == {3: 0, 4: -1}
    assert outcome.notes[3] == scoring.FREE
    assert of(outcome, "履职").score == 99


def test_one_event_and_one_quarter_cost_no_more_than_their_caps():
    facts = [fact(place, "found", grade="grave") for place in (3, 4, 5)]
    outcome = score(MARK, CHECK, *facts)
    assert [outcome.points[place] for place in (3, 4, 5)] == [-10, -5, 0]
    assert outcome.notes[4] == outcome.notes[5] == scoring.CAPPED
    assert of(outcome, "履职").score == 85


def test_merits_stand_beside_the_hundred_and_each_next_one_is_worth_half():
    ideas = [fact(place, "idea") for place in (3, 4, 5)]
    outcome = score(MARK, CHECK, *ideas)
    assert [outcome.points[place] for place in (3, 4, 5)] == [2, 1, 0]
    assert outcome.notes[5] == scoring.CAPPED
    assert outcome.bonus == 3
    assert outcome.total == Decimal("91.0")


def test_all_merits_together_are_capped_last_ones_first():
    other = replace(IDEA, rule="praise")
    scheme = replace(SCHEME, merits=(IDEA, other), bonus_cap=Decimal(3))
    outcome = score(MARK, CHECK, fact(3, "idea"), fact(4, "praise"), fact(5, "idea"), scheme=scheme)
    assert outcome.bonus == sum(outcome.points.values()) == 3
    assert outcome.points == {3: 2, 4: 1, 5: 0}


def test_a_make_up_or_an_excused_exam_is_simply_another_or_no_fact():
    assert score(MARK, CHECK).total == score(CHECK, fact(9, "mark", 80, 100)).total


def test_absence_costs_only_where_the_scheme_says_so():
    away = fact(3, "absent")
    assert of(score(MARK, away), "考试").score == 75
    silent = replace(SCHEME, dimensions=(
        replace(SCHEME.dimensions[0], items=SCHEME.dimensions[0].items[:2]), SCHEME.dimensions[1],
    ))  # fmt: skip
    assert of(score(MARK, away, scheme=silent), "考试").score == 80


def test_shares_of_two_rules_count_by_their_weight_and_never_over_the_whole():
    outcome = score(MARK, fact(2, "test", 5, 4))
    assert of(outcome, "考试").score == (80 + 3 * 100) / Decimal(4)


def test_a_transfer_counts_each_post_by_its_days():
    first, second = replace(MARK, segment=0), replace(fact(2, "mark", 100, 100), segment=1)
    assert of(score(first, second, days=(45, 15)), "考试").score == 85
    third = replace(fact(3, "mark", 60, 100), segment=1)
    assert of(score(first, second, third, days=(45, 15)), "考试").score == 80
    assert of(score(first, second, days=(60, 0)), "考试").score == Decimal("80.3")


def test_leave_lowers_nothing_but_too_few_days_give_no_total():
    assert score(MARK, CHECK, present=30).total == score(MARK, CHECK, present=60).total
    few = score(MARK, CHECK, present=19)
    assert few.total is None
    assert "不满20天" in few.lacks


def test_under_sixty_per_cent_of_weight_there_is_no_total():
    only = score(CHECK)
    assert only.total is None
    assert only.lacks == "有数据的维度权重合计40%，不满60%"


def test_what_is_appealed_or_overturned_leaves_no_trace_in_the_score():
    for state, note in ((SUSPENDED, scoring.SUSPENDED), (OVERTURNED, scoring.OVERTURNED)):
        gone = fact(3, "found", grade="grave", state=state)
        outcome = score(MARK, CHECK, gone)
        assert outcome.total == score(MARK, CHECK).total
        assert outcome.notes[3] == note


def test_what_no_item_names_counts_nowhere():
    assert score(MARK, CHECK, fact(3, "hours", 900)).total == score(MARK, CHECK).total
    assert scoring.worth(SCHEME, fact(3, "hours")) == 0


def test_the_stored_form_says_what_was_reckoned():
    stored = scoring.dump(score(MARK))
    assert stored["dimensions"][0]["score"] == "80.0"
    assert stored["dimensions"][1]["score"] is None
    assert stored["lacks"] == ""


def random_facts(chance):
    """Give some facts of every kind and state; whoever was found was looked at."""
    facts = []
    for place in range(1, chance.randrange(2, 16)):
        rule = chance.choice(("mark", "test", "absent", "found", "checked", "idea", "hours"))
        whole = chance.randrange(1, 101)
        is_share = rule in {"mark", "test"}
        facts.append(
            fact(
                place,
                rule,
                chance.randrange(whole + 1) if is_share else 1,
                whole if is_share else None,
                grade=chance.choice(tuple(FINDING.points)) if rule == "found" else "",
                state=chance.choice((COUNTED, COUNTED, COUNTED, SUSPENDED, OVERTURNED)),
                event_key=f"{rule}:{chance.randrange(9)}",
                occurred_on=FIRST + timedelta(days=chance.randrange(90)),
                segment=chance.randrange(2),
            )
        )
    return facts


def points_of(outcome, facts, rules):
    """Add up what the rows of some rules took or gave."""
    rule_of = {each.place: each.rule for each in facts}
    mine = (points for place, points in outcome.points.items() if rule_of[place] in rules)
    return sum(mine, Decimal(0))


def test_random_portraits_are_just():
    for seed in range(ROUNDS):
        check_one(random.Random(seed), seed)


def check_one(chance, seed):
    facts = random_facts(chance)
    outcome = reckon(facts)
    shuffled = facts[:]
    chance.shuffle(shuffled)
    assert reckon(shuffled) == outcome, seed
    # What was overturned changes nothing.
    standing = [each for each in facts if each.state is not OVERTURNED]
    assert reckon(standing).total == outcome.total, seed
    # The rows add up: what was taken and given stands beside each.
    for each, dimension in zip(outcome.dimensions, SCHEME.dimensions, strict=True):
        rules = {item.rule for item in dimension.items}
        assert -points_of(outcome, facts, rules) == each.deducted, seed
    assert points_of(outcome, facts, {"idea"}) == outcome.bonus, seed
    # One more fault never raises, one more merit never lowers.
    day = FIRST + timedelta(days=chance.randrange(90))
    rule = chance.choice(("found", "absent"))
    grade = chance.choice(tuple(FINDING.points)) if rule == "found" else ""
    fault = fact(99, rule, grade=grade, occurred_on=day, event_key=f"{rule}:{chance.randrange(9)}")
    merit = fact(98, "idea", occurred_on=day)
    if outcome.total is None:
        assert reckon([*facts, fault]).total is None, seed
    else:
        assert reckon([*facts, fault]).total <= outcome.total, seed
        assert reckon([*facts, merit]).total >= outcome.total, seed


def reckon(facts):
    """Reckon somebody's figures who had two posts."""
    return scoring.score(SCHEME, facts, (40, 20), 60)


def test_the_usual_scheme_is_whole_and_comes_back_from_its_stored_form():
    usual = content.usual()
    assert content.faults_of(usual) == []
    assert content.load(content.dump(usual)) == usual
    assert usual.dimension_of("exams.mark") == "月度考试"
    assert usual.dimension_of("nothing") == ""


def test_a_scheme_with_wrong_weights_twins_or_a_score_of_integrity_is_not_whole():
    one = Dimension(name="廉洁", weight=50, items=(Item(rule="mark", method=Method.SHARE),))
    bare = Dimension(name="廉洁", weight=10, items=())
    twice = Dimension(name="学", weight=20, items=(Item(rule="mark", method=Method.SHARE),))
    faults = "".join(content.faults_of(Content(dimensions=(one, bare, twice))))
    for part in ("是80", "同名", "廉洁和政治表现不计分", "没有一项", "一个维度"):
        assert part in faults
