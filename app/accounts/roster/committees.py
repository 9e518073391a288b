"""议事机构 and their members: "committees with members and dates" (清廉: 主要领导, 分管领导, 科室与
入驻部门负责人; 效能: 主任, 副主任, 科室与窗口负责人).
"""

from datetime import date, timedelta

from sqlalchemy import case, select

from app.accounts.models import Person
from app.accounts.roster.models import Committee, CommitteeMember, CommitteeOffice
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError

RANK = case(
    (CommitteeMember.office == CommitteeOffice.CHAIR, 0),
    (CommitteeMember.office == CommitteeOffice.VICE_CHAIR, 1),
    else_=2,
)


def list_members(committee_id: int) -> list[tuple[CommitteeMember, Person]]:
    """Give all members, those of today first, by office and then by pinyin."""
    today = clock.today()
    rows = db.session.execute(
        select(CommitteeMember, Person)
        .join(Person, Person.id == CommitteeMember.person_id)
        .where(CommitteeMember.committee_id == committee_id)
        .order_by(CommitteeMember.ends_on < today, RANK, Person.name_key, Person.id)
    )
    return [(member, person) for member, person in rows]


def add_member(
    *,
    committee_id: int,
    person_id: int,
    office: CommitteeOffice,
    starts_on: date,
    by_id: int,
) -> None:
    """Make somebody a member from a day on; raises RefusedError for one who is a member then."""
    committee = db.session.get_one(Committee, committee_id, with_for_update=True)
    same = select(CommitteeMember.id).where(
        CommitteeMember.committee_id == committee_id,
        CommitteeMember.person_id == person_id,
        CommitteeMember.ends_on.is_(None) | (CommitteeMember.ends_on >= starts_on),
    )
    if db.session.scalar(same) is not None:
        raise RefusedError(staff_number="这个人已经是成员。")
    member = CommitteeMember(
        committee_id=committee_id, person_id=person_id, office=office, starts_on=starts_on
    )
    db.session.add(member)
    db.session.flush()
    note(committee, member, by_id)


def end_membership(*, committee_id: int, member_id: int, by_id: int) -> None:
    """Let a membership end today, one that began today yesterday; raises RefusedError."""
    committee = db.session.get_one(Committee, committee_id, with_for_update=True)
    member = db.session.get(CommitteeMember, member_id)
    today = clock.today()
    if member is None or member.committee_id != committee_id or member.ends_on is not None:
        raise RefusedError(form="这个人现在不是成员。")
    member.starts_on = min(member.starts_on, today)
    member.ends_on = max(member.starts_on, today - timedelta(days=1))
    db.session.flush()
    note(committee, member, by_id)


def note(committee: Committee, member: CommitteeMember, by_id: int) -> None:
    """Write down what has become of a membership."""
    append(
        AuditEvent.ACCOUNTS_REGISTER_CHANGED,
        person_id=by_id,
        object_type="committee_member",
        object_id=committee.id,
        member=member.person_id,
        office=member.office,
        starts_on=member.starts_on.isoformat(),
        ends_on=member.ends_on.isoformat() if member.ends_on else None,
    )
