"""Freezing a quarter: a job reads what all rooms give, in bulk, and writes it as rows of portraits.

"Evidence counts by the person's own expected days: leave never lowers." Nobody has seen anything
until the preview begins: until then a quarter may be collected anew, and what was collected before
is replaced. Whoever works here on the quarter's last day has a portrait; 派驻人员 and 派遣人员,
whom others assess, have a letter with facts.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask import current_app
from sqlalchemy import delete, insert, select

from app.accounts.models import Department, Person
from app.accounts.roster.models import ABSENCE_KIND_LABELS, Absence, Placement, Post
from app.assessment import content, scoring
from app.assessment.content import Content
from app.assessment.models import (
    AssessmentCycle,
    AssessmentScheme,
    CycleState,
    DepartmentSheet,
    Portrait,
    PortraitEdition,
    PortraitKind,
    PortraitRow,
    SheetRow,
)
from app.assessment.scoring import Fact
from app.audit.models import AuditEvent
from app.audit.service import append
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.evidence import Evidence, EvidenceRule, Span
from app.kernel.feature import JobRun, features
from app.kernel.forms import RefusedError
from app.workdays import service as workdays

COLLECT_JOB = "assessment.collect"
PER_WRITE = 60
MOST_TEXT = 300
NOT_COLLECTING = "只有采集中的考核可以采集。"
NOT_OVER = "{period}还没有结束，结束以后再采集。"
FIRST_CAUSE = "首次汇总"


@dataclass(frozen=True, kw_only=True)
class Segment:
    """One post of a person in the quarter, with its working days."""

    placement: Placement
    department: str
    post: str
    first: date
    last: date
    days: int


@dataclass(kw_only=True)
class Subject:
    """A person with his posts, his working days, and what is known of him."""

    person: Person
    segments: list[Segment] = field(default_factory=list)
    expected: int = 0
    leaves: dict[str, int] = field(default_factory=dict)
    facts: list[Evidence] = field(default_factory=list)

    @property
    def present(self) -> int:
        """Give the working days on which he was due at his post."""
        return self.expected - sum(self.leaves.values())

    def segment_of(self, day: date) -> int:
        """Tell in which post something happened; the nearest where he had none on that day."""
        for place, each in enumerate(self.segments):
            if day <= each.last:
                return place
        return len(self.segments) - 1

    def department_on(self, day: date) -> int | None:
        """Give where he was on a day; None where he had no post."""
        return next(
            (
                each.placement.department_id
                for each in self.segments
                if each.first <= day <= each.last
            ),
            None,
        )


def all_rules() -> dict[str, EvidenceRule]:
    """Give the rules of all rooms by their names."""
    return {rule.name: rule for room in features(current_app) for rule in room.evidence_rules}


def read_evidence(span: Span) -> Iterator[Evidence]:
    """Read what all rooms know of a quarter."""
    for room in features(current_app):
        if room.evidence is not None:
            yield from room.evidence(span)


def order_collecting(*, cycle_id: int, ordered_by_id: int) -> str:
    """Order the collecting of a quarter in the open write; gives the job's public id."""
    cycle = db.session.get_one(AssessmentCycle, cycle_id, with_for_update=True)
    check_collecting(cycle)
    append(
        AuditEvent.ASSESSMENT_CYCLE_COLLECTED,
        person_id=ordered_by_id,
        object_type="assessment_cycle",
        object_id=cycle_id,
        name=cycle.name,
    )
    return jobs.order(
        kind=COLLECT_JOB,
        key=f"{COLLECT_JOB}:{cycle_id}",
        title=f"采集考核数据：{cycle.name}",
        payload={"cycle_id": cycle_id},
        ordered_by_id=ordered_by_id,
    )


def check_collecting(cycle: AssessmentCycle) -> None:
    """Refuse to collect what people may have seen; raises RefusedError."""
    if cycle.state is not CycleState.COLLECTING:
        raise RefusedError(form=NOT_COLLECTING)


def collect(job: JobRun) -> Mapping[str, Any]:
    """Freeze a quarter; a job's handler. A second run begins anew."""
    cycle_id = int(job.payload["cycle_id"])
    cycle = db.session.get_one(AssessmentCycle, cycle_id)
    scheme = db.session.get_one(AssessmentScheme, cycle.scheme_id)
    found, span = content.load(scheme.content), scheme.span
    subjects, departments, rules = read_subjects(span), defaultdict(list), all_rules()
    for each in read_evidence(span):
        if each.person_id is not None and each.person_id in subjects:
            subjects[each.person_id].facts.append(each)
        elif each.department_id is not None:
            departments[each.department_id].append(each)
    people = list(subjects.values())
    tell_members(people, departments, rules)
    try:
        with db.write():
            clear(cycle_id)
            write_sheets(cycle_id, departments, rules, homes_of(people))
        for start in range(0, len(people), PER_WRITE):
            with db.write():
                check_collecting(db.session.get_one(AssessmentCycle, cycle_id))
                write_portraits(cycle_id, found, people[start : start + PER_WRITE], rules)
            job.progress(done=min(start + PER_WRITE, len(people)), total=len(people) + 1)
        with db.write():
            db.session.get_one(AssessmentCycle, cycle_id).frozen_at = clock.now()
    except RefusedError as refused:
        raise jobs.JobRefusedError(str(refused)) from refused
    return {
        "endpoint": "assessment.show_cycle",
        "values": {"record_id": cycle_id},
        "label": "打开季度考核",
    }


def tell_members(
    people: Sequence[Subject],
    departments: Mapping[int, Sequence[Evidence]],
    rules: Mapping[str, EvidenceRule],
) -> None:
    """Let everybody read what his department did while he was there, where its rule says so."""
    told = [
        (department_id, fact)
        for department_id, facts in departments.items()
        for fact in facts
        if fact.rule in rules and rules[fact.rule].for_members
    ]
    for subject in people:
        subject.facts += [
            fact
            for department_id, fact in told
            if subject.department_on(fact.occurred_on) == department_id
        ]


def clear(cycle_id: int) -> None:
    """Take away what was collected before, in the open write; nobody has seen it."""
    cycle = db.session.get_one(AssessmentCycle, cycle_id, with_for_update=True)
    check_collecting(cycle)
    cycle.frozen_at = None
    portraits = select(Portrait.id).where(Portrait.cycle_id == cycle_id)
    sheets = select(DepartmentSheet.id).where(DepartmentSheet.cycle_id == cycle_id)
    for table in (PortraitRow, PortraitEdition):
        db.session.execute(delete(table).where(table.portrait_id.in_(portraits)))
    db.session.execute(delete(SheetRow).where(SheetRow.sheet_id.in_(sheets)))
    db.session.execute(delete(Portrait).where(Portrait.cycle_id == cycle_id))
    db.session.execute(delete(DepartmentSheet).where(DepartmentSheet.cycle_id == cycle_id))


def read_subjects(span: Span) -> dict[int, Subject]:
    """Give everybody who is here on the quarter's last day, with his posts and days."""
    calendar = workdays.get_calendar()
    days = [each for each in days_of(span) if calendar.is_workday(each)]
    subjects: dict[int, Subject] = {}
    rows = db.session.execute(
        select(Person, Placement, Department.name, Post.name)
        .join(Placement, Placement.person_id == Person.id)
        .join(Department, Department.id == Placement.department_id)
        .join(Post, Post.id == Placement.post_id)
        .where(Placement.starts_on <= span.last)
        .order_by(Person.name_key, Person.id, Placement.starts_on)
    )
    for person, placement, department, post in rows:
        last = min(each for each in (placement.ends_on, person.left_on, span.last) if each)
        first = max(placement.starts_on, person.joined_on, span.first)
        if last < first or person.anonymised_at is not None:
            continue
        subject = subjects.setdefault(person.id, Subject(person=person))
        count = sum(first <= day <= last for day in days)
        subject.segments.append(
            Segment(
                placement=placement, department=department, post=post, first=first, last=last,
                days=count,
            )
        )  # fmt: skip
        subject.expected += count
    here = {key: each for key, each in subjects.items() if each.segments[-1].last == span.last}
    add_leaves(here, span, days)
    return here


def add_leaves(subjects: Mapping[int, Subject], span: Span, days: Sequence[date]) -> None:
    """Count on how many of his working days each was on leave, by what kind of leave."""
    absences = db.session.scalars(
        select(Absence)
        .where(
            Absence.starts_on <= span.last,
            Absence.ends_on >= span.first,
            Absence.cancelled_at.is_(None),
        )
        .order_by(Absence.starts_on)
    )
    for each in absences:
        subject = subjects.get(each.person_id)
        if subject is None:
            continue
        away = sum(
            each.starts_on <= day <= each.ends_on
            and any(part.first <= day <= part.last for part in subject.segments)
            for day in days
        )
        if away:
            label = ABSENCE_KIND_LABELS[each.kind]
            subject.leaves[label] = subject.leaves.get(label, 0) + away


def days_of(span: Span) -> list[date]:
    """Give the days of a span."""
    return [span.first + timedelta(days=each) for each in range((span.last - span.first).days + 1)]


def kind_of(found: Content, person: Person) -> PortraitKind:
    """Tell whether somebody is assessed here; one whose 用工性质 is unknown is."""
    is_ours = person.employment is None or person.employment.value in found.scored
    return PortraitKind.SCORED if is_ours else PortraitKind.FACTS


def write_portraits(
    cycle_id: int, found: Content, subjects: Sequence[Subject], rules: Mapping[str, EvidenceRule]
) -> None:
    """Write some portraits with all that belongs to them, in the open write, by few statements."""
    now, rows, editions = clock.now(), [], []
    made = []
    for subject in subjects:
        facts = [
            values_of(each, rules[each.rule], place)
            for place, each in enumerate(in_order(subject.facts), start=1)
            if each.rule in rules
        ]
        made.append((subject, facts, portrait_of(cycle_id, found, subject, facts)))
    ids = db.session.scalars(
        insert(Portrait).returning(Portrait.id, sort_by_parameter_order=True),
        [values for _, _, values in made],
    ).all()
    for portrait_id, (subject, facts, values) in zip(ids, made, strict=True):
        for each in facts:
            segment = subject.segment_of(each["occurred_on"])
            department = subject.segments[segment].placement.department_id
            each |= {
                "portrait_id": portrait_id, "segment": segment, "department_id": department,
            }  # fmt: skip
        rows += facts
        editions.append({
            "portrait_id": portrait_id, "edition": 1, "cause": FIRST_CAUSE,
            "scores": values["scores"], "total": values["total"], "made_at": now,
        })  # fmt: skip
    if rows:
        db.session.execute(insert(PortraitRow), rows)
    if editions:
        db.session.execute(insert(PortraitEdition), editions)


def in_order(facts: Sequence[Evidence]) -> list[Evidence]:
    """Put facts in the order in which they happened."""
    return sorted(facts, key=lambda each: (each.occurred_on, each.rule, each.event_key))


def portrait_of(
    cycle_id: int, found: Content, subject: Subject, facts: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Give the values of a portrait, and put into its facts what each of them is worth."""
    kind = kind_of(found, subject.person)
    values: dict[str, Any] = {
        "public_id": secrets.token_urlsafe(12),
        "cycle_id": cycle_id,
        "person_id": subject.person.id,
        "department_id": subject.segments[-1].placement.department_id,
        "post": subject.segments[-1].post,
        "kind": kind,
        "edition": 1,
        "expected_days": subject.expected,
        "present_days": subject.present,
        "posts": [
            {"department": each.department, "post": each.post, "days": each.days}
            for each in subject.segments
        ],
        "leaves": subject.leaves,
        "scores": {},
        "total": None,
        "comment": "",
        "unit_note": "",
        "own_opinion": "",
    }
    if kind is PortraitKind.SCORED:
        outcome = scoring.score(
            found,
            [fact_of(each, subject) for each in facts],
            [each.days for each in subject.segments],
            subject.present,
        )
        values |= {"scores": scoring.dump(outcome), "total": outcome.total}
        for each in facts:
            each["points"] = outcome.points.get(each["place"])
            each["note"] = outcome.notes.get(each["place"], "")
    return values


def fact_of(values: Mapping[str, Any], subject: Subject) -> Fact:
    """Give what scoring needs of a row that is about to be written."""
    names = ("place", "rule", "amount", "denominator", "grade", "state", "event_key", "occurred_on")
    return Fact(
        **{name: values[name] for name in names},
        segment=subject.segment_of(values["occurred_on"]),
    )


def values_of(fact: Evidence, rule: EvidenceRule, place: int) -> dict[str, Any]:
    """Give the columns of a frozen fact."""
    return {
        "place": place,
        "rule": fact.rule,
        "rule_version": rule.version,
        "amount": hundredths(fact.amount),
        "denominator": None if not fact.denominator else hundredths(fact.denominator),
        "grade": fact.grade,
        "state": fact.state,
        "event_key": fact.event_key,
        "occurred_on": fact.occurred_on,
        "text": fact.text[:MOST_TEXT],
        "clause": fact.clause[:MOST_TEXT],
        "number": fact.number[:60],
        "endpoint": fact.endpoint,
        "arguments": dict(fact.values),
        "points": None,
        "note": scoring.note_of(fact.state),
    }


def hundredths(value: Decimal) -> Decimal:
    """Round to two places, half up: what the database holds."""
    return Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)


def homes_of(people: Sequence[Subject]) -> set[int]:
    """Give the departments that have somebody on the quarter's last day."""
    return {each.segments[-1].placement.department_id for each in people}


def write_sheets(
    cycle_id: int,
    found: Mapping[int, Sequence[Evidence]],
    rules: Mapping[str, EvidenceRule],
    homes: Collection[int],
) -> None:
    """Write a sheet for every department that had people or facts, in the open write.

    One that came later, or had been merged before, has none.
    """
    departments = db.session.scalars(select(Department.id).order_by(Department.position)).all()
    for department_id in [each for each in departments if each in homes or each in found]:
        sheet = DepartmentSheet(cycle_id=cycle_id, department_id=department_id)
        db.session.add(sheet)
        db.session.flush()
        rows = [
            {**values_of(each, rules[each.rule], place), "sheet_id": sheet.id}
            for place, each in enumerate(in_order(found.get(department_id, [])), start=1)
            if each.rule in rules
        ]
        for row in rows:
            del row["points"], row["note"]
        if rows:
            db.session.execute(insert(SheetRow), rows)
