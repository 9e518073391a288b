"""A and B batches: when each may begin, who is in which, and the lead who changes two of them.

"A/B角 batches per department and opening hours": a window of a batch lies in hours in which the
hall is open. Without any window people come at any time while the exam is open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, or_, select

from app.accounts.roster.models import Deputy
from app.audit.models import AuditEvent
from app.exams.batching import BATCHES, assign
from app.exams.models import Exam, ExamBatch, ExamPhase, Sitting, SittingStanding
from app.exams.service import excuses, papers
from app.inbox import service as inbox
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.workdays import service as workdays
from app.workdays.calendar import Calendar

MOST_WINDOWS = 40
NOON = time(12)
# A window that is shorter is none.
SHORTEST = timedelta(minutes=30)
NO_DAYS = "考试开放的时间里没有大厅开放的工作日，请先核对开放时间。"
OUTSIDE = "{window}不在考试的开放时间里，请修改场次或者开放时间。"
ONE_MISSING = "场次里没有{code}场，另一半人进不来；请补上，或者删去全部场次。"
NOT_NOW = "你在{code}场，现在还不能进入：{windows}。"
ALL_OVER = "你在{code}场，各个时段都已经过去。确有原因的，请窗口负责人申请缓考或者换场次。"


@dataclass(frozen=True, kw_only=True)
class Window:
    """From when until when one batch may begin."""

    code: str
    opens_at: datetime
    closes_at: datetime

    def __str__(self) -> str:
        return f"{self.code}场 {span_text(self.opens_at, self.closes_at)}"


def span_text(opens_at: datetime, closes_at: datetime) -> str:
    """Write 11月23日9:00—11:30, in the hall's time; the last day too where it is another one."""
    first, last = clock.local(opens_at).date(), clock.local(closes_at).date()
    until = "" if first == last else formats.month_day(last)
    return f"{formats.month_day(first)}{hour(opens_at)}—{until}{hour(closes_at)}"


def hour(value: datetime) -> str:
    """Write 9:00."""
    return formats.time_of_day(value).removeprefix("0")


def list_windows(exam_id: int, code: str | None = None) -> list[ExamBatch]:
    """Give the windows of an exam in the order of time, of both batches or of one."""
    found = select(ExamBatch).where(ExamBatch.exam_id == exam_id)
    if code is not None:
        found = found.where(ExamBatch.code == code)
    return list(db.session.scalars(found.order_by(ExamBatch.opens_at, ExamBatch.code)))


# ---------- drafting


def propose(exam_id: int, *, edited_by_id: int) -> int:
    """Fill a draft's windows from the days and hours on which the hall is open; gives how many.

    A in the morning and B in the afternoon, the other way round on the next day. Raises
    RefusedError.
    """
    exam = papers.get_draft(exam_id)
    windows = list(windows_of(exam, workdays.get_calendar()))[:MOST_WINDOWS]
    if not windows:
        raise RefusedError(form=NO_DAYS)
    replace(exam, windows, edited_by_id)
    return len(windows)


def windows_of(exam: Exam, calendar: Calendar) -> Iterator[Window]:
    """Give the windows that the hall's hours allow while an exam is open."""
    for place, day in enumerate(open_days(exam, calendar)):
        halves = list(halves_of(exam, day, calendar))
        for count, (start, end) in enumerate(halves):
            yield Window(code=BATCHES[(place + count) % 2], opens_at=start, closes_at=end)


def open_days(exam: Exam, calendar: Calendar) -> list[date]:
    """Give the working days on which the hall is open while an exam is."""
    first, last = clock.local(exam.opens_at).date(), clock.local(exam.closes_at).date()
    days = (first + timedelta(days=count) for count in range((last - first).days + 1))
    return [
        each
        for each in days
        if calendar.is_workday(each)
        and calendar.is_open(each)
        and any(halves_of(exam, each, calendar))
    ]


def halves_of(exam: Exam, day: date, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Give the morning and the afternoon of a day in which the hall is open and the exam too."""
    periods = calendar.periods(day)
    cuts = [(time.min, NOON), (NOON, time.max)]
    for begin, end in cuts:
        inside = [
            (max(each.start, begin), min(each.end, end))
            for each in periods
            if each.start < end and each.end > begin
        ]
        if not inside:
            continue
        start = max(moment(day, inside[0][0]), exam.opens_at)
        until = min(moment(day, inside[-1][1]), exam.closes_at)
        if until - start >= SHORTEST:
            yield start, until


def moment(day: date, at: time) -> datetime:
    """Give a time of the hall's day."""
    return clock.from_local(datetime.combine(day, at))


def add(exam_id: int, window: Window, *, edited_by_id: int) -> None:
    """Add a window to a draft; raises RefusedError."""
    exam = papers.get_draft(exam_id)
    check_window(exam, window)
    windows = [read(each) for each in list_windows(exam_id)]
    if len(windows) >= MOST_WINDOWS:
        raise RefusedError(form=f"一场考试最多{MOST_WINDOWS}个时段。")
    if window in windows:
        raise RefusedError(form="已经有这个时段。")
    replace(exam, [*windows, window], edited_by_id)


def remove(exam_id: int, number: int, *, edited_by_id: int) -> None:
    """Take a window out of a draft; raises RefusedError."""
    exam = papers.get_draft(exam_id)
    left = [read(each) for each in list_windows(exam_id) if each.number != number]
    replace(exam, left, edited_by_id)


def clear(exam_id: int, *, edited_by_id: int) -> None:
    """Let everybody come at any time; raises RefusedError."""
    replace(papers.get_draft(exam_id), [], edited_by_id)


def read(row: ExamBatch) -> Window:
    """Detach a row from the database."""
    return Window(code=row.code, opens_at=row.opens_at, closes_at=row.closes_at)


def replace(exam: Exam, windows: Sequence[Window], edited_by_id: int) -> None:
    """Write a draft's windows anew, numbered by time."""
    for row in list_windows(exam.id):
        db.session.delete(row)
    db.session.flush()
    ordered = sorted(windows, key=lambda each: (each.opens_at, each.code))
    for number, each in enumerate(ordered, start=1):
        db.session.add(
            ExamBatch(
                exam_id=exam.id,
                number=number,
                code=each.code,
                opens_at=each.opens_at,
                closes_at=each.closes_at,
            )
        )
    db.session.flush()
    papers.log_edit(exam, edited_by_id)


def check_window(exam: Exam, window: Window) -> None:
    """Refuse a window that nobody could use; raises RefusedError."""
    if window.closes_at <= window.opens_at:
        raise RefusedError(closes_at="结束时间要晚于开始时间。")
    if window.opens_at < exam.opens_at or window.closes_at > exam.closes_at:
        raise RefusedError(opens_at=OUTSIDE.format(window=window))


def check_windows(exam: Exam) -> None:
    """Refuse to send an exam whose windows don't fit it any more; raises RefusedError."""
    windows = [read(each) for each in list_windows(exam.id)]
    for each in windows:
        if each.opens_at < exam.opens_at or each.closes_at > exam.closes_at:
            raise RefusedError(form=OUTSIDE.format(window=each))
    for code in BATCHES:
        if windows and code not in {each.code for each in windows}:
            raise RefusedError(form=ONE_MISSING.format(code=code))


# ---------- who is in which


def assign_batches(exam: Exam) -> None:
    """Give everybody who is expected a batch, in the write of publication."""
    if not list_windows(exam.id):
        return
    sittings = list(
        db.session.scalars(
            select(Sitting).where(
                Sitting.exam_id == exam.id, Sitting.standing == SittingStanding.DUE
            )
        )
    )
    found = assign({each.person_id: each.department_id for each in sittings}, pairs_in(exam))
    for each in sittings:
        each.batch = found[each.person_id]
    db.session.flush()


def pairs_in(exam: Exam) -> list[tuple[int, int]]:
    """Give the A/B角 that are in force on a day on which the exam is open."""
    first, last = clock.local(exam.opens_at).date(), clock.local(exam.closes_at).date()
    rows = db.session.execute(
        select(Deputy.person_id, Deputy.deputy_id).where(
            Deputy.cancelled_at.is_(None),
            Deputy.starts_on <= last,
            or_(Deputy.ends_on.is_(None), Deputy.ends_on >= first),
        )
    )
    return [(person, deputy) for person, deputy in rows]


def count_batches(exam_id: int) -> dict[str, int]:
    """Count who is expected in which batch."""
    rows = db.session.execute(
        select(Sitting.batch, func.count(Sitting.id))
        .where(
            Sitting.exam_id == exam_id,
            Sitting.batch.is_not(None),
            Sitting.standing == SittingStanding.DUE,
        )
        .group_by(Sitting.batch)
    )
    return {str(code): count for code, count in rows}


def swap(*, exam_id: int, first: str, second: str, user: Principal) -> None:
    """Let two people of one's own change their batches, before either begins.

    `first` and `second` are addresses of sittings. Raises RefusedError.
    """
    exam = papers.get_locked(exam_id)
    if exam.phase(clock.now()) not in {ExamPhase.SCHEDULED, ExamPhase.OPEN}:
        raise RefusedError(form="考试已经结束，不能再换场次。")
    one, other = find_own(exam_id, first, user), find_own(exam_id, second, user)
    if one.batch == other.batch:
        raise RefusedError(form="这两个人在同一场，不用换；请选A场和B场各一人。")
    one.batch, other.batch = other.batch, one.batch
    db.session.flush()
    check_pairs(exam, [one, other])
    for each in (one, other):
        papers.log(
            AuditEvent.EXAMS_BATCH_CHANGED,
            exam,
            user.person_id,
            person=each.person_id,
            batch=each.batch,
        )
        text = f"“{exam.title}”：你的场次改为{batch_text(exam, each)}。"
        arguments = {"exam_id": exam.id}
        inbox.tell([each.person_id], text, endpoint="exams.show_notice", arguments=arguments)


def find_own(exam_id: int, public_id: str, user: Principal) -> Sitting:
    """Give the sitting of somebody whose batch this person may change; raises RefusedError."""
    roll = excuses.select_roll_for(user, exam_id, Permission.EXAMS_ROLL_ARRANGE)
    sitting: Sitting | None = db.session.scalar(
        roll.with_only_columns(Sitting).where(Sitting.public_id == public_id).with_for_update()
    )
    if sitting is None:
        raise RefusedError(form="请选两个人：A场一人，B场一人。")
    if sitting.started_at is not None:
        raise RefusedError(form="其中有人已经开始答题，不能再换场次。")
    if sitting.batch is None or sitting.standing is not SittingStanding.DUE:
        raise RefusedError(form="缓考、免考的人没有场次，请另选。")
    return sitting


def check_pairs(exam: Exam, moved: Sequence[Sitting]) -> None:
    """Refuse a change that lets an A/B角 leave together; raises RefusedError."""
    batch_of = dict(
        db.session.execute(
            select(Sitting.person_id, Sitting.batch).where(
                Sitting.exam_id == exam.id, Sitting.standing == SittingStanding.DUE
            )
        ).all()
    )
    ids = {each.person_id for each in moved}
    for pair in pairs_in(exam):
        one, other = batch_of.get(pair[0]), batch_of.get(pair[1])
        if ids & set(pair) and one is not None and one == other:
            raise RefusedError(form="换了以后A角和B角会在同一场，窗口没有人；请选别的人。")


# ---------- beginning


def check_entry(exam: Exam, sitting: Sitting, now: datetime) -> None:
    """Refuse to begin outside of one's batch; raises RefusedError that says when one may."""
    if why := why_not_now(exam, sitting, now):
        raise RefusedError(form=why)


def why_not_now(exam: Exam, sitting: Sitting, now: datetime) -> str:
    """Say why somebody can't begin now for his batch, and when he can; empty where he can."""
    windows = list_windows(exam.id, sitting.batch) if sitting.batch else []
    if not windows or any(each.opens_at <= now < each.closes_at for each in windows):
        return ""
    left = [each for each in windows if each.closes_at > now]
    if not left:
        return ALL_OVER.format(code=sitting.batch)
    when = "，或".join(span_text(each.opens_at, each.closes_at) for each in left)
    return NOT_NOW.format(code=sitting.batch, windows=f"请在{when}进入")


def batch_text(exam: Exam, sitting: Sitting) -> str:
    """Write A场 11月23日9:00—11:30 with all its windows; empty where there is no batch."""
    if sitting.batch is None:
        return ""
    windows = list_windows(exam.id, sitting.batch)
    return f"{sitting.batch}场 {'、'.join(span_text(w.opens_at, w.closes_at) for w in windows)}"
