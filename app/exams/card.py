"""What the exams put on a person's home page: the exam that waits, the marks that have come."""

from datetime import datetime

from flask import url_for
from sqlalchemy import func, select

from app.exams import attendance
from app.exams.models import (
    EXAM_PHASE_LABELS,
    FROZEN_STATES,
    Exam,
    ExamPhase,
    ExamState,
    Sitting,
    SittingResult,
    SittingStanding,
)
from app.exams.service import batches, excuses, papers, results, sittings
from app.kernel import clock, db, formats
from app.kernel.feature import HomeCard, HomeEntry, HomeTask, StepState
from app.kernel.permissions import Permission, Principal

RECENT = 5
MOST_ENTRIES = 20
WAITS = {
    ExamState.APPROVED: "试卷已审核通过，等经办人发布",
    ExamState.REVIEWED: "试卷已审核，等中心领导审定",
    ExamState.SUBMITTED: "试卷已送审，等业务科室负责人审核",
    ExamState.DRAFT: "试卷正在起草",
}


def show_card(user: Principal) -> HomeCard:
    """Gather what concerns this person: as an examinee, and as an organiser."""
    now = clock.now()
    mine = db.session.execute(
        results.with_marks(sittings.select_exams_for(user))
        .order_by(Exam.closes_at.desc())
        .limit(MOST_ENTRIES)
    ).all()
    waiting = [
        (exam, sitting)
        for exam, sitting, _ in mine
        if exam.phase(now) is ExamPhase.OPEN
        and not sitting.is_over(now)
        and sitting.standing is SittingStanding.DUE
    ]
    entries = [
        past_entry(exam, sitting, result, now)
        for exam, sitting, result in mine
        if (exam, sitting) not in waiting
    ]
    return HomeCard(
        tasks=tuple(exam_task(exam, sitting) for exam, sitting in reversed(waiting)),
        open=(*organiser_entries(user, now), *roll_entries(user, now)),
        done=tuple(entry for entry in entries if entry is not None)[:RECENT],
    )


def exam_task(exam: Exam, sitting: Sitting) -> HomeTask:
    """Make the card of an exam that can be sat now."""
    has_begun = sitting.started_at is not None
    closes = clock.local(exam.closes_at)
    batch = "" if has_begun else batches.batch_text(exam, sitting)
    return HomeTask(
        title=exam.title,
        facts=(
            f"开放至{closes.day}日{closes:%H:%M}",
            f"限时{exam.minutes}分钟",
            "作答中" if has_begun else "未参加",
            *((batch,) if batch else ()),
        ),
        hint="计时没有停，请尽快回到试卷。" if has_begun else "办件优先，有空闲时再进入。",
        action="继续作答" if has_begun else "进入考试",
        url=url_for("exams.show_sitting", public_id=sitting.public_id)
        if has_begun
        else url_for("exams.show_notice", exam_id=exam.id),
    )


def past_entry(
    exam: Exam, sitting: Sitting, result: SittingResult | None, now: datetime
) -> HomeEntry | None:
    """Make the line of an exam that is over for this person; None for one that has not opened."""
    on = formats.month_day(clock.local(exam.closes_at).date())
    is_excused = sitting.standing is not SittingStanding.DUE
    if exam.phase(now) is ExamPhase.SCHEDULED and not is_excused:
        return None
    if result is not None and exam.released_at is not None:
        verdict = "合格" if result.is_passed else "不合格"
        return HomeEntry(
            text=f"{exam.title}　{formats.marks(result.marks)}分，{verdict}",
            aside=f"{on} · 看错题与依据",
            url=url_for("exams.show_result", public_id=sitting.public_id),
        )
    if sitting.started_at is None:
        state = attendance.state_of(exam, sitting, now)
        return HomeEntry(
            text=f"{exam.title}　{state}",
            aside=on,
            url=url_for("exams.show_notice", exam_id=exam.id),
        )
    return HomeEntry(
        text=f"{exam.title}　已交卷，等待公布成绩",
        aside=on,
        url=url_for("exams.show_receipt", public_id=sitting.public_id),
    )


def organiser_entries(user: Principal, now: datetime) -> list[HomeEntry]:
    """Make the lines of published exams; what waits for a decision stands in the inbox."""
    if not user.can(Permission.EXAMS_PAPER_READ):
        return []
    running = db.session.scalars(
        papers.select_papers_for(user)
        .where(Exam.state == ExamState.PUBLISHED)
        .order_by(Exam.closes_at)
        .limit(MOST_ENTRIES)
    ).all()
    return [
        HomeEntry(
            text=paper.title,
            aside=EXAM_PHASE_LABELS[paper.phase(now)],
            url=url_for("exams.show_paper", exam_id=paper.id),
        )
        for paper in running
    ]


def roll_entries(user: Principal, now: datetime) -> list[HomeEntry]:
    """Make the lines of a lead: who of his has still to come, and in which exam."""
    if not user.can(Permission.EXAMS_ROLL_ARRANGE) or user.can(Permission.EXAMS_PAPER_READ):
        return []
    return [
        HomeEntry(
            text=f"{exam.title}　应考名单",
            aside=left_text(user, exam, now),
            url=url_for("exams.show_roll", exam_id=exam.id),
        )
        for exam in excuses.list_exams_for(user, Permission.EXAMS_ROLL_ARRANGE)
    ]


def left_text(user: Principal, exam: Exam, now: datetime) -> str:
    """Say how many of one's people have not come, of how many."""
    roll = excuses.select_roll_for(user, exam.id, Permission.EXAMS_ROLL_ARRANGE)
    counts = attendance.count(roll)
    is_over = exam.phase(now) is ExamPhase.CLOSED
    return f"{'缺考' if is_over else '还没有参加'}{counts.missing}人（共{counts.expected}人）"


def read_first_step() -> StepState:
    """Say how far the first exam is, for the first run of a hall."""
    states = dict(
        db.session.execute(select(Exam.state, func.count(Exam.id)).group_by(Exam.state)).all()
    )
    published = sum(states.get(each, 0) for each in FROZEN_STATES)
    if published:
        return StepState(is_done=True, fact=f"已发布{published}场")
    for state, fact in WAITS.items():
        if states.get(state):
            return StepState(is_done=False, fact=fact)
    return StepState(is_done=False, fact="还没有起草")
