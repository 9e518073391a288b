"""Papers of a pair: 结对协议书, 出师证书, and the archive of all that it did.

The agreement prints the text that was signed, with every 变更 after it; the archive prints "协议,
计划, 记录, 考核, 证书" in page order with a table of contents.
"""

from dataclasses import dataclass
from datetime import date, datetime

from flask import render_template
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.accounts.roster.models import Post
from app.accounts.roster.placements import get_placement
from app.files.papers import PaperKind
from app.kernel import clock, db, formats, pdf
from app.mentoring import months, people, plans, records, signing, wording
from app.mentoring.models import (
    END_REASON_LABELS,
    LEVEL_LABELS,
    MentoringAssessment,
    MentoringChange,
    MentoringPair,
    PairState,
    RecordState,
)
from app.mentoring.plans import Terms
from app.mentoring.workflow import PAIR_FLOW
from app.workflow.models import PaperSignature, WorkflowMove

BLANK, NOT_NUMBERED = "　", "（批准后编号）"


@dataclass(frozen=True, kw_only=True)
class Party:
    """One of the two on a paper."""

    name: str
    staff_number: str
    post: str


@dataclass(frozen=True, kw_only=True)
class ChangeLine:
    """A numbered 变更 with the whole text before and after."""

    number: int
    made: str
    reason: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AgreementSheet:
    """Everything that stands on a 结对协议书."""

    hall: str
    number: str
    master: Party
    apprentice: Party
    department: str
    term: str
    goals: str
    assessor: str
    items: tuple[tuple[str, str], ...]
    duties: tuple[tuple[str, str], ...]
    no_sharing: str
    integrity: str
    assessing: str
    changing: str
    signatures: tuple[tuple[str, str], ...]
    copies: int
    changes: tuple[ChangeLine, ...]
    state: str


@dataclass(frozen=True, kw_only=True)
class CertificateSheet:
    """Everything that stands on a 出师证书."""

    hall: str
    number: str
    agreement: str
    apprentice: Party
    master: Party
    department: str
    term: str
    certified: str
    items: tuple[tuple[str, str], ...]
    effect: str
    assessor: str
    approved_by: str
    approved_on: str


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """One 事项 of the matrix, on paper."""

    name: str
    planned: str
    watched: str
    assisted: str
    signed: str
    assessed: str
    level: str


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    """The record of one month, on paper."""

    month: str
    state: str
    taught: str
    progress: str
    plan_next: str
    written: str
    confirmed: str


@dataclass(frozen=True, kw_only=True)
class AssessmentLine:
    """One assessment, on paper: 动作, 标准, 结果."""

    about: str
    held_on: str
    assessor: str
    lines: tuple[tuple[str, str, str], ...]
    result: str
    opinion: str


@dataclass(frozen=True, kw_only=True)
class ArchiveSheet:
    """Everything that a pair did."""

    agreement: AgreementSheet
    plan: tuple[PlanLine, ...]
    records: tuple[RecordLine, ...]
    confirmed: str
    assessments: tuple[AssessmentLine, ...]
    certificate: CertificateSheet | None
    ending: str


def party_of(person_id: int, pair: MentoringPair) -> Party:
    """Give one of the two as he was when the agreement was approved."""
    person = db.session.get_one(Person, person_id)
    day = clock.local(pair.approved_at).date() if pair.approved_at else clock.today()
    placement = get_placement(person_id, day)
    post = db.session.get(Post, placement.post_id) if placement else None
    return Party(name=person.name, staff_number=person.staff_number, post=post.name if post else "")


def agreement_snapshot(record_id: int) -> AgreementSheet:
    """Read all that the 结对协议书 says: the text that was signed, and its changes."""
    pair = db.session.get_one(MentoringPair, record_id)
    terms = plans.agreed_terms(pair)
    return AgreementSheet(
        hall=accounts.hall_name(),
        number=pair.number or NOT_NUMBERED,
        master=party_of(pair.master_id, pair),
        apprentice=party_of(pair.apprentice_id, pair),
        department=db.session.get_one(Department, pair.department_id).name,
        term=terms.term,
        goals=terms.goals,
        assessor=terms.assessor,
        items=tuple(terms.items),
        duties=wording.DUTIES,
        no_sharing=wording.NO_SHARING,
        integrity=wording.INTEGRITY,
        assessing=wording.ASSESSING,
        changing=wording.CHANGING,
        signatures=tuple(signatures_of(pair)),
        copies=pair.copies,
        changes=tuple(change_line(each) for each in plans.list_changes(pair.id)[1:]),
        state="已批准" if pair.approved_at else PAIR_FLOW.state(pair.state).label,
    )


def signatures_of(pair: MentoringPair) -> list[tuple[str, str]]:
    """Give who has signed on the site or on paper, and leave room for the others."""
    sheets = days_of_sheets(pair)
    signed = (
        (pair.master_agreed_by_id, pair.master_agreed_at, sheets.get("agree-master")),
        (pair.apprentice_agreed_by_id, pair.apprentice_agreed_at, sheets.get("agree-apprentice")),
        (lead_who_submitted(pair), pair.submitted_at, None),
        (pair.approved_by_id, pair.approved_at, sheets.get("approve")),
    )
    # What was agreed to before a return counts no more: only what led to where it stands now.
    stands = pair.approved_at is not None or pair.state is PairState.TO_APPROVE
    return [
        (label, signature_text(person_id, at, on) if stands else BLANK)
        for label, (person_id, at, on) in zip(wording.SIGNERS, signed, strict=True)
    ]


def days_of_sheets(pair: MentoringPair) -> dict[str, date | None]:
    """Give the day that stands on the sheet of each move that was signed on paper last."""
    rows = db.session.execute(
        select(WorkflowMove.move, PaperSignature.signed_on)
        .outerjoin(PaperSignature, PaperSignature.id == WorkflowMove.signature_id)
        .where(WorkflowMove.flow == PAIR_FLOW.name, WorkflowMove.record_id == pair.id)
        .order_by(WorkflowMove.step)
    )
    return {move: signed_on for move, signed_on in rows}  # noqa: C416 - rows are no tuples.


def lead_who_submitted(pair: MentoringPair) -> int | None:
    """Give whoever sent the pair on, if he leads the department: it signs by nobody else."""
    if pair.submitted_by_id is None or pair.submitted_at is None:
        return None
    day = clock.local(pair.submitted_at).date()
    is_lead = pair.submitted_by_id in people.leads_and_deputies(pair.department_id, day)
    return pair.submitted_by_id if is_lead else None


def signature_text(person_id: int | None, at: datetime | None, on: date | None = None) -> str:
    """Write a signature with its day; `on` is the one that stands on a sheet of paper."""
    if person_id is None or at is None:
        return BLANK
    day = on or clock.local(at).date()
    return f"{accounts.names_of({person_id})[person_id]}　{formats.day(day)}"


def change_line(change: MentoringChange) -> ChangeLine:
    """Write a 变更 as papers print it."""
    by = accounts.names_of({change.made_by_id}).get(change.made_by_id or 0, "")
    return ChangeLine(
        number=change.number,
        made=f"{formats.day(clock.local(change.made_at).date())}　{by}",
        reason=change.reason,
        before=terms_lines(plans.terms_from(change.before)),
        after=terms_lines(plans.terms_from(change.after)),
    )


def terms_lines(terms: Terms) -> tuple[str, ...]:
    """Write an agreed text line by line."""
    items = "；".join(f"{name}（{month}）" for name, month in terms.items)
    return (
        f"期限：{terms.term}",
        f"目标：{terms.goals}",
        f"考核人：{terms.assessor}",
        f"事项：{items}",
    )


def certificate_snapshot(record_id: int) -> CertificateSheet:
    """Read all that the 出师证书 says."""
    pair = db.session.get_one(MentoringPair, record_id)
    if pair.graduated_at is None or pair.graduated_by_id is None:
        raise ValueError("a certificate of a pair that has not ended with 出师")
    names = accounts.names_of({pair.assessed_by_id, pair.graduated_by_id})
    day = clock.local(pair.graduated_at).date()
    apprentice = party_of(pair.apprentice_id, pair)
    return CertificateSheet(
        hall=accounts.hall_name(),
        number=pair.certificate_number or "",
        agreement=pair.number or "",
        apprentice=apprentice,
        master=party_of(pair.master_id, pair),
        department=db.session.get_one(Department, pair.department_id).name,
        term=f"{formats.day(pair.starts_on)}至{formats.day(day)}",
        certified=wording.CERTIFIED,
        items=tuple(
            (each.service_item.name, each.service_item.code) for each in plans.list_items(pair.id)
        ),
        effect=wording.EFFECT.format(day=formats.day(day), name=apprentice.name),
        assessor=names.get(pair.assessed_by_id or 0, ""),
        approved_by=names.get(pair.graduated_by_id, ""),
        approved_on=formats.day(day),
    )


def archive_snapshot(record_id: int) -> ArchiveSheet:
    """Read all that a pair did, in the order in which the archive prints it."""
    pair = db.session.get_one(MentoringPair, record_id)
    lines = records.list_months(pair)
    begun = [each for each in lines if each.text not in {records.TO_COME, records.ENDED_THEN}]
    kept = sum(
        each.record is not None and each.record.state is RecordState.CONFIRMED for each in begun
    )
    is_done = pair.state is PairState.GRADUATED
    return ArchiveSheet(
        agreement=agreement_snapshot(record_id),
        plan=tuple(plan_line(each) for each in plans.list_items(pair.id)),
        records=tuple(record_line(each) for each in begun),
        confirmed=f"双方已确认{kept}个月，应有{len(begun)}个月",
        assessments=tuple(
            assessment_line(each, about) for each, about in signing.list_assessments(pair.id)
        ),
        certificate=certificate_snapshot(record_id) if is_done else None,
        ending=ending_text(pair),
    )


def plan_line(row: plans.ItemRow) -> PlanLine:
    """Write one 事项 of the matrix."""
    item = row.item
    days = (item.watched_on, item.assisted_on, item.signed_on, item.assessed_on)
    watched, assisted, signed, assessed = (
        formats.month_day(each) if each else "—" for each in days
    )
    return PlanLine(
        name=row.service_item.name,
        planned=months.label(item.planned_on),
        watched=watched,
        assisted=assisted,
        signed=signed,
        assessed=assessed,
        level=LEVEL_LABELS[item.level],
    )


def record_line(line: records.MonthLine) -> RecordLine:
    """Write one month; one without a record says so."""
    record = line.record
    is_kept = record is not None and record.state is RecordState.CONFIRMED
    if record is None or not is_kept:
        return RecordLine(
            month=months.label(line.month), state=line.text, taught="", progress="",
            plan_next="", written="", confirmed="",
        )  # fmt: skip
    return RecordLine(
        month=months.label(line.month),
        state=line.text,
        taught=record.taught,
        progress=record.progress,
        plan_next=record.plan_next,
        written=signature_text(record.written_by_id, record.written_at),
        confirmed=signature_text(record.confirmed_by_id, record.confirmed_at),
    )


def assessment_line(found: MentoringAssessment, about: str) -> AssessmentLine:
    """Write one assessment."""
    return AssessmentLine(
        about=about,
        held_on=formats.day(found.held_on),
        assessor=accounts.names_of({found.assessor_id})[found.assessor_id],
        lines=tuple(
            (action, standard, "合格" if is_passed else "再练")
            for action, standard, is_passed in found.lines
        ),
        result="通过" if found.is_passed else "继续带教",
        opinion=found.opinion,
    )


def ending_text(pair: MentoringPair) -> str:
    """Say how a pair ended early, in neutral words; nothing for any other."""
    if pair.state is not PairState.ENDED or pair.end_reason is None or pair.ended_at is None:
        return ""
    day = formats.day(clock.local(pair.ended_at).date())
    return f"{day}提前结束：{END_REASON_LABELS[pair.end_reason]}。{pair.end_note}不计任何负面记录。"


def layout(template: str, title: str, sheet: object, hall: str, code: str) -> pdf.Document:
    """Lay a paper out."""
    now = clock.now()
    html = render_template(
        f"mentoring/pdf/{template}.html",
        sheet=sheet,
        check_code=code,
        printed=formats.moment(now),
    )
    sheets = ("pdf/base.css", "mentoring/pdf/papers.css")
    return pdf.Document(
        html=html,
        stylesheets=tuple(pdf.stylesheet(each) for each in sheets),
        title=title,
        author=hall,
        created_at=now,
    )


def agreement_document(sheet: AgreementSheet, code: str) -> pdf.Document:
    """Lay the 结对协议书 out."""
    return layout("agreement", "结对协议书", sheet, sheet.hall, code)


def certificate_document(sheet: CertificateSheet, code: str) -> pdf.Document:
    """Lay the 出师证书 out."""
    return layout("certificate", "出师证书", sheet, sheet.hall, code)


def archive_document(sheet: ArchiveSheet, code: str) -> pdf.Document:
    """Lay the archive out."""
    return layout("archive", "带教档案", sheet, sheet.agreement.hall, code)


AGREEMENT = PaperKind(
    name="mentoring.agreement",
    title="结对协议书",
    word="agreement",
    endpoint="mentoring.show_agreement_paper",
    snapshot=agreement_snapshot,
    document=agreement_document,
    file_name=lambda sheet: f"结对协议书{sheet.number}{sheet.apprentice.name}",
)
CERTIFICATE = PaperKind(
    name="mentoring.certificate",
    title="出师证书",
    word="certificate",
    endpoint="mentoring.show_certificate_paper",
    snapshot=certificate_snapshot,
    document=certificate_document,
    file_name=lambda sheet: f"{sheet.number}{sheet.apprentice.name}",
)
ARCHIVE = PaperKind(
    name="mentoring.archive",
    title="带教档案",
    word="archive",
    endpoint="mentoring.show_archive_paper",
    snapshot=archive_snapshot,
    document=archive_document,
    file_name=lambda sheet: f"带教档案{sheet.agreement.number}{sheet.agreement.apprentice.name}",
)
KINDS = (AGREEMENT, CERTIFICATE, ARCHIVE)


def kinds_of(pair: MentoringPair) -> list[PaperKind]:
    """Give the papers that a pair has now."""
    found = [AGREEMENT]
    if pair.state is PairState.GRADUATED:
        found.append(CERTIFICATE)
    if pair.approved_at is not None:
        found.append(ARCHIVE)
    return found
