"""The demonstration's rules, risk points and must-read lists, each made on its day.

Most people have confirmed in time, some late, some not yet: a new version is a week old. One
version takes effect soon, one rule was withdrawn, two are being drafted; some reviews are overdue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import at, on, weekday
from app.accounts.roster.models import Placement, Post
from app.accounts.roster.placements import placed
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.permissions import Principal
from app.regulations import reading_lists, readings, risks, rules, service
from app.regulations.demo_texts import (
    CONDUCT,
    DRAFTED,
    FIRST_ASKED,
    INTAKE,
    NEXT,
    PAPER_SIGN_IN,
    RISKS,
    RULES,
    WAITING,
    Told,
)
from app.regulations.models import (
    ReadingConfirmation,
    Regulation,
    RiskLevel,
    WorkStage,
)
from app.regulations.risk_flow import FLOW as RISK_FLOW
from app.regulations.rule_flow import FLOW as RULE_FLOW
from app.workflow.service import execute

CLERK, CHIEF = "QY0103", "QY0201"
# As whom most visitors enter: he has one text to read, and time for it.
VISITOR = "QY0301"
MADE, LISTED, RENEWED, NEARLY = (timedelta(days=each) for each in (116, 100, 21, 4))
AHEAD = timedelta(days=12)
OLD = date(2024, 3, 1)
DAYS = 5
# Who reads what; '' is everybody.
LISTS = (
    ("", FIRST_ASKED.name),
    ("", CONDUCT.name),
    ("综合窗口", "综合窗口岗位标准（演示制度）"),
    ("综合窗口", INTAKE.name),
    ("专业窗口", "专业窗口岗位标准（演示制度）"),
    ("导服", "导服岗位标准（演示制度）"),
    ("帮办", "帮办岗位标准（演示制度）"),
    ("后台", "系统账号管理办法（演示制度）"),
    ("窗口负责人", "投诉反馈处置办法（演示制度）"),
)
# Of a hundred: so many confirm in time, so many late; the others not at all.
IN_TIME, LATE = 92, 97
NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Who acts, and when it is."""

    day: date
    clerk: Principal
    chief: Principal


def fill(day: date) -> None:
    """Make them all as of the day."""
    stage = Stage(day=day, clerk=one_of_cast(CLERK, day), chief=one_of_cast(CHIEF, day))
    fill_rules(stage)
    fill_lists(stage)
    renew_rules(stage)
    fill_risks(stage)
    leave_open(stage)
    confirm_most(stage)


# ---------- rules


def fill_rules(stage: Stage) -> None:
    """Enter the rules that the hall had, each approved within a day."""
    homes = {each.name: each.id for each in accounts.list_departments()}
    versions = []
    with on(stage.day - MADE, 9):
        versions = [enter(stage, told, homes) for told in RULES]
    with on(stage.day - MADE, 15):
        for version_id in versions:
            execute(RULE_FLOW, record_id=version_id, name="approve", user=stage.chief)


def enter(stage: Stage, told: Told, homes: Mapping[str, int], effective_on: date = OLD) -> int:
    """Draft a rule and send it on, in the open write; gives the id of its version."""
    head = rules.Head(
        name=told.name,
        kind=told.kind,
        part=told.part,
        class_=told.class_,
        department_id=homes[told.department] if told.department else None,
    )
    wording = rules.Wording(effective_on=effective_on, note="", text=told.text)
    version = rules.create_rule(head=head, wording=wording, user=stage.clerk)
    execute(RULE_FLOW, record_id=version.id, name="submit", user=stage.clerk)
    return version.id


def find_rule(name: str) -> Regulation:
    """Give a rule by its name."""
    return db.session.scalars(select(Regulation).where(Regulation.name == name)).one()


def renew_rules(stage: Stage) -> None:
    """Give three rules a second version: three weeks old, a week old, and not yet in force."""
    days = (stage.day - RENEWED, weekday(stage.day - NEARLY), stage.day + AHEAD)
    notes = ("写明当面引导和登记。", "写明党员徽章和不插号。", "录入时间改为一小时。")
    written = stage.day - RENEWED - timedelta(days=4)
    for told, effective_on, note in zip(NEXT, days, notes, strict=True):
        until = min(effective_on - timedelta(days=3), stage.day - timedelta(days=1))
        with on(min(written, until), 10):
            wording = rules.Wording(effective_on=weekday(effective_on), note=note, text=told.text)
            version = rules.draft_version(
                rule=find_rule(told.name), wording=wording, user=stage.clerk
            )
            execute(RULE_FLOW, record_id=version.id, name="submit", user=stage.clerk)
            version_id = version.id
        with on(until, 16):
            execute(RULE_FLOW, record_id=version_id, name="approve", user=stage.chief)


def leave_open(stage: Stage) -> None:
    """Withdraw a rule; let one wait for its approval and one be drafted."""
    homes: Mapping[str, int] = {}
    with on(stage.day - timedelta(days=30), 11):
        old = rules.list_versions_for(stage.clerk, find_rule(PAPER_SIGN_IN.name))[0]
        execute(
            RULE_FLOW,
            record_id=old.id,
            name="withdraw",
            user=stage.chief,
            reason="改用门禁记录，不再签到。",
        )
    with on(stage.day - timedelta(days=2), 10):
        enter(stage, WAITING, homes, stage.day + AHEAD)
    with on(stage.day - timedelta(days=1), 14):
        head = rules.Head(
            name=DRAFTED.name,
            kind=DRAFTED.kind,
            part=DRAFTED.part,
            class_=DRAFTED.class_,
            department_id=None,
        )
        wording = rules.Wording(effective_on=stage.day + AHEAD, note="", text=DRAFTED.text)
        rules.create_rule(head=head, wording=wording, user=stage.clerk)


# ---------- risk points


def fill_risks(stage: Stage) -> None:
    """Put the risk points in force; some near their review, some past it, some on their way."""
    posts = dict(db.session.execute(select(Post.name, Post.id)).all())
    begun = stage.day - timedelta(days=50)
    made = []
    with on(begun, 9):
        answers = cycle(responsible(clock.today()))
        for place, row in enumerate(RISKS):
            content = content_of(stage, place, row, next(answers))
            risk = risks.propose(post_id=posts[row[0]], content=content, user=stage.clerk)
            made.append(risk.id)
    with on(begun + timedelta(days=1), 15):
        for risk_id in made[:-2]:
            execute(RISK_FLOW, record_id=risk_id, name="approve", user=stage.chief)
    revise_some(stage, made)
    with clock.frozen(at(weekday(stage.day - timedelta(days=1)), 17)):
        risks.ask_for_reviews()


def responsible(day: date) -> list[int]:
    """Give who leads a section: they answer for what is done against a risk."""
    found = db.session.scalars(
        select(Placement.person_id)
        .join(Post, Post.id == Placement.post_id)
        .where(Post.name == "科室负责人", *placed(day))
        .order_by(Placement.person_id)
    )
    return list(found)


def content_of(
    stage: Stage, place: int, row: tuple[object, ...], responsible_id: int
) -> risks.Content:
    """Give what a risk point says; every tenth review is overdue, every tenth one near."""
    _, step, manifestation, level, measures, rule, number = row
    name = rule.name if isinstance(rule, Told) else str(rule)
    label = f"第{NUMBERS[int(str(number)) - 1]}条"
    cited = next(
        each
        for each in service.list_articles(clock.today())
        if each.rule == name and each.label == label
    )
    left = {3: -4, 6: 7}.get(place % 10, 120 + 9 * place)
    return risks.Content(
        stage=WorkStage(str(step)),
        level=RiskLevel(str(level)),
        manifestation=str(manifestation),
        measures=str(measures),
        responsible_id=responsible_id,
        basis=cited.name,
        article_id=cited.article_id,
        review_on=stage.day + timedelta(days=left),
    )


def revise_some(stage: Stage, made: list[int]) -> None:
    """Send one back, let one wait, give one new words, and end one."""
    with on(stage.day - timedelta(days=20), 10):
        execute(
            RISK_FLOW, record_id=made[-1], name="send-back", user=stage.chief,
            reason="请写明抽查的频次。",
        )  # fmt: skip
        execute(
            RISK_FLOW, record_id=made[20], name="end", user=stage.chief,
            reason="代取改为自助柜，不再有这个环节。",
        )  # fmt: skip
    with on(stage.day - timedelta(days=3), 10):
        row = risks.get_risk(made[0])
        if row is None:
            return
        old = row.content
        content = risks.Content(
            stage=old.stage, level=old.level, manifestation=old.manifestation,
            measures="叫号系统按号放行，窗口负责人每日抽查叫号记录，异常号当日说明。",
            responsible_id=old.responsible_id, basis=old.basis, article_id=old.article_id,
            review_on=stage.day + timedelta(days=365),
        )  # fmt: skip
        risks.revise(
            risk_id=made[0], seen_version=row.risk.version, content=content, user=stage.clerk
        )


# ---------- must-read lists


def fill_lists(stage: Stage) -> None:
    """Put the rules on the lists of the posts."""
    posts = dict(db.session.execute(select(Post.name, Post.id)).all())
    with on(stage.day - LISTED, 9):
        for post, name in LISTS:
            reading_lists.add_item(
                regulation_id=find_rule(name).id,
                post_id=posts[post] if post else None,
                days=DAYS,
                user=stage.clerk,
            )


def confirm_most(stage: Stage) -> None:
    """Let people confirm, in the order in which they did; as `readings.confirm` writes it."""
    away = readings.read_absences(None)
    with clock.frozen(at(stage.day, 8)):
        asked = readings.list_readings()
    until = at(weekday(stage.day - timedelta(days=1)), 17)
    visitor = one_of_cast(VISITOR, stage.day).person_id
    told = [(moment_of(each, is_visitor=each.person_id == visitor), each) for each in asked]
    acts = [
        (moment, each)
        for moment, each in told
        if moment is not None and moment <= until and not is_away(away, each.person_id, moment)
        and each.holds_on(clock.local(moment).date())
    ]  # fmt: skip
    with db.write():
        for moment, each in sorted(acts, key=lambda act: (act[0], act[1].person_id)):
            with clock.frozen(moment):
                write_confirmation(each)


def moment_of(reading: readings.Reading, *, is_visitor: bool) -> datetime | None:
    """Give when somebody confirms; None for who has not done it yet."""
    lot = (reading.person_id * 37 + reading.text.version_id * 53) % 100
    if is_visitor:
        is_new = reading.text.name == CONDUCT.name and reading.text.number > 1
        lot = LATE if is_new else 0
    hour, minute = 9 + lot % 8, lot * 7 % 60
    if lot < IN_TIME:
        day = weekday(reading.begins_on + timedelta(days=lot % 5))
        return at(max(day, reading.begins_on), hour, minute)
    if lot < LATE:
        return at(weekday(reading.due_on + timedelta(days=3)), hour, minute)
    return None


def is_away(
    away: Mapping[int, Sequence[tuple[date, date]]], person_id: int, moment: datetime
) -> bool:
    """Tell whether somebody is absent then: nobody reads rules on his leave."""
    day = clock.local(moment).date()
    return any(first <= day <= last for first, last in away.get(person_id, ()))


def write_confirmation(reading: readings.Reading) -> None:
    """Add a confirmation with its event, in the open write."""
    db.session.add(
        ReadingConfirmation(
            person_id=reading.person_id,
            version_id=reading.text.version_id,
            confirmed_at=clock.now(),
        )
    )
    append(
        AuditEvent.REGULATIONS_CONFIRMED,
        person_id=reading.person_id,
        object_type="regulation_version",
        object_id=reading.text.version_id,
    )
