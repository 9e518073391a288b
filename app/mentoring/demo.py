"""The demonstration's pairs: in every state, made through the services on their own days.

"A pair ended early without blame" (HALL.md 8); one with 出师, its certificate and the 事项授权; one
with a month that has no record; one whose term is over; one whose plan was changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from sqlalchemy import select

from app.accounts.acting import acting
from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import on
from app.accounts.models import Department, Person
from app.accounts.roster.models import Placement, Post
from app.accounts.roster.placements import not_left
from app.kernel import clock, db
from app.mentoring import months, pairs, people, plans, records, signing
from app.mentoring.models import (
    OVER,
    EndReason,
    Level,
    MentoringPair,
    MentoringRecord,
    RecordState,
)
from app.mentoring.record_flow import RECORD_FLOW
from app.mentoring.signing import Assessment, Line
from app.mentoring.workflow import PAIR_FLOW
from app.workflow.service import execute

CLERK, CHIEF, MASTER = "QY0103", "QY0201", "QY0301"
GOALS = "到期能独立受理{department}的高频事项，一次性告知讲得清，收件不多收、不漏收。"
RECORD_WORDS = (
    ("跟窗看了6件，讲了材料清单和常见的退件原因。", "清单记住了，收件登记还慢。", "开始陪办。"),
    (
        "陪办8件，练了系统录入和一次性告知。",
        "录入基本不出错，疑难的还要问。",
        "继续陪办，签两项独立。",
    ),
    ("独立办理，由我看着办了5件。", "能讲清依据，用时接近老同事。", "准备出师考核。"),
)
NOTHING: Mapping[str, object] = MappingProxyType({})
LEVELS = (Level.WATCH, Level.ASSIST, Level.SOLO)
# On which days of the month a record is written and confirmed.
WRITTEN_ON, CONFIRMED_ON = 24, 26
# The visitor's own pair has this month's record already: his exam comes first.
LATELY = timedelta(days=4)
# When the worker is taken to have opened a month.
OPENED_AFTER = timedelta(days=2)
# A month without a record is written down well after its last day.
LAPSED_AFTER = timedelta(days=12)


@dataclass(frozen=True, kw_only=True)
class Story:
    """One pair: where, since when, how far it came.

    `levels` are those of its items, one after the other: how many of LEVELS the master has signed,
    and 4 for one that was assessed. `steps` are moves after the approval, as (days ago, name).
    """

    department: str
    days: int
    moves: tuple[str, ...] = ("submit", "agree-master", "agree-apprentice", "approve")
    levels: tuple[int, ...] = ()
    steps: tuple[tuple[int, str], ...] = ()
    # How many months ago the record is missing.
    gap: int = 0
    has_change: bool = False
    has_chief: bool = False
    master: str = ""
    is_recruit: bool = False
    reason: EndReason = EndReason.APPRENTICE_MOVED
    note: str = ""


ALL = 4
STORIES = (
    Story(department="不动产登记中心", days=33, levels=(ALL, 3, 2), has_chief=True, master=MASTER),
    Story(
        department="不动产登记中心", days=200, levels=(ALL, ALL, ALL), master=MASTER,
        steps=((83, "ask-final"), (80, "pass"), (77, "graduate")),
    ),
    Story(
        department="区税务局", days=168, levels=(ALL, ALL, ALL),
        steps=((20, "ask-final"), (17, "pass"), (14, "graduate")),
    ),
    Story(department="区市场监管局", days=100, levels=(ALL, 2, 1), gap=1, has_change=True),
    Story(
        department="区公安分局", days=110, levels=(2, 1, 0),
        steps=((48, "ask-end-apprentice"), (46, "confirm-end")),
        note="徒弟调到别的派出所窗口，另行安排带教。",
    ),
    Story(
        department="区人力资源社会保障局", days=150, levels=(ALL, ALL, ALL), has_chief=True,
        steps=((2, "ask-final"),),
    ),
    Story(
        department="区医疗保障局", days=160, levels=(ALL, ALL, ALL),
        steps=((8, "ask-final"), (3, "pass")),
    ),
    Story(department="公积金管理部", days=195, levels=(ALL, 3)),
    Story(department="供电公司", days=205, levels=(ALL, 2), steps=((28, "extend"),)),
    Story(
        department="区房屋管理局", days=60, levels=(1,),
        steps=((1, "ask-end-master"),), reason=EndReason.MASTER_MOVED,
        note="师傅年底轮岗到后台，提前说明。",
    ),
    Story(department="区教育局", days=4, moves=("submit", "agree-master", "agree-apprentice")),
    Story(
        department="区税务局", days=2, moves=("submit", "agree-master"), is_recruit=True
    ),
    Story(department="区市场监管局", days=2, moves=("submit",), is_recruit=True),
    Story(department="不动产登记中心", days=1, moves=(), is_recruit=True),
    Story(department="区残联", days=30, moves=("drop",)),
)  # fmt: skip


def fill(day: date) -> None:
    """Make them all as of the day."""
    for story in STORIES:
        tell(story, day)


def tell(story: Story, day: date) -> None:
    """Make one pair, and let happen what happened with it."""
    begun = day - timedelta(days=story.days)
    with on(begun, 9):
        pair = propose(story)
    if not story.moves or story.moves == ("drop",):
        if story.moves:
            with on(begun + timedelta(days=1), 9):
                move(pair, "drop", reason="部门近期调整窗口，推后再结对。")
        return
    for place, name in enumerate(story.moves):
        with on(begun, 10 + place):
            move(pair, name)
    if "approve" in story.moves:
        carry_on(story, pair, begun, day)


def propose(story: Story) -> MentoringPair:
    """Propose the pair as the clerk, in the open write."""
    apprentice = apprentice_of(story)
    # Who leads the windows now did so before the site knew it.
    candidates = db.session.execute(
        people.select_candidates(apprentice)
        .where(Post.name != "窗口负责人")
        .order_by(Person.name_key, Person.id)
    ).all()
    wanted = [each[0].id for each in candidates if each[0].staff_number == story.master]
    master = wanted[0] if wanted else candidates[0][0].id
    department_id = people.department_of(apprentice)
    assessors = people.list_assessors(
        master_id=master, apprentice_id=apprentice, department_id=department_id
    )
    chief = one_of_cast(CHIEF).person_id
    chosen = [each.id for each in assessors if (each.id == chief) == story.has_chief]
    proposal = pairs.Proposal(
        master_id=master,
        apprentice_id=apprentice,
        assessor_id=chosen[0],
        starts_on=clock.today(),
        months=6,
        goals=GOALS.format(department=story.department),
    )
    return pairs.propose(proposal=proposal, user=one_of_cast(CLERK))


def apprentice_of(story: Story) -> int:
    """Give who came to a department last and has no master; a recruit where one is wanted."""
    today = clock.today()
    taken = select(MentoringPair.apprentice_id).where(MentoringPair.state.not_in(OVER))
    found = select(Placement.person_id).join(Person, Person.id == Placement.person_id).join(
        Department, Department.id == Placement.department_id
    ).join(Post, Post.id == Placement.post_id).where(
        Department.name == story.department,
        Post.name.in_(("专业窗口", "后台")),
        Placement.starts_on <= today,
        Placement.ends_on.is_(None),
        not_left(today),
        people.may_join(today),
        Person.staff_number != MASTER,
        Person.id.not_in(taken),
    )  # fmt: skip
    order = Placement.starts_on.desc() if story.is_recruit else Placement.id.desc()
    return db.session.scalars(found.order_by(order, Placement.id.desc()).limit(1)).one()


def move(
    pair: MentoringPair,
    name: str,
    *,
    reason: str = "",
    data: Mapping[str, object] = NOTHING,
) -> None:
    """Make a move as whoever it belongs to, in the open write."""
    owner = PAIR_FLOW.move(name).by
    record = db.session.get_one(MentoringPair, pair.id)
    column = getattr(owner, "column", None)
    drafts = name in {"submit", "drop"}
    user = acting(getattr(record, column)) if column else one_of_cast(CLERK if drafts else CHIEF)
    execute(PAIR_FLOW, record_id=pair.id, name=name, user=user, reason=reason, data=data)


def carry_on(story: Story, pair: MentoringPair, begun: date, day: date) -> None:
    """Let the months pass: 看, 陪, 独立, records, a change; then what ended it."""
    until = day - timedelta(days=story.steps[0][0] if story.steps else 0)
    sign_items(story, pair, begun, until)
    over = day - timedelta(days=story.steps[-1][0]) if story.steps else day
    if story.has_change:
        with on(begun + timedelta(days=40), 16):
            change_plan(pair)
    is_over = bool(story.steps) and story.steps[-1][1] in {"graduate", "confirm-end"}
    keep_records(story, pair, begun, over if is_over else day, day)
    for days, name in story.steps:
        with on(day - timedelta(days=days), 15):
            move(pair, name, reason=reason_of(name), data=data_of(story, name))


def reason_of(name: str) -> str:
    """Give the words of a move that asks for some."""
    return "高峰期窗口任务重，两项还要再陪一陪。" if name == "extend" else ""


def data_of(story: Story, name: str) -> dict[str, object]:
    """Give what the page of a move would send."""
    if name.startswith("ask-end"):
        return {"reason": story.reason, "note": story.note}
    return {"assessment": final()} if name == "pass" else {}


def final() -> Assessment:
    """Give a 出师考核 that was passed."""
    actions = (
        ("接待与一次性告知", "材料一次讲清"),
        ("核对材料与收件", "逐项核对，不多收、不漏收"),
        ("系统录入与流转", "本人账号，录入准确"),
        ("疑难情况处理", "按手册查依据或请示"),
    )
    return Assessment(
        held_on=clock.today(),
        lines=tuple(
            Line(action=action, standard=standard, is_passed=True) for action, standard in actions
        ),
        opinion="流程熟，讲解清楚，可以独立上岗。",
    )


def sign_items(story: Story, pair: MentoringPair, begun: date, until: date) -> None:
    """Sign the levels of each item, spread over the time; what counts 4 is assessed as well."""
    rows = plans.list_items(pair.id)
    wanted = [
        (row.item.id, level)
        for row, count in zip(rows, story.levels, strict=False)
        for level in range(count)
    ]
    step = max((until - begun).days - 2, 1) / max(len(wanted), 1)
    for place, (item_id, level) in enumerate(wanted, start=1):
        with on(begun + timedelta(days=int(step * place)), 14, place % 60):
            if level < len(LEVELS):
                signing.sign(
                    pair_id=pair.id,
                    item_id=item_id,
                    level=LEVELS[level],
                    user=acting(pair.master_id),
                )
            else:
                assess(pair, item_id)


def assess(pair: MentoringPair, item_id: int) -> None:
    """Let the assessor see an item done, in the open write."""
    line = Line(
        action="独立受理一件，从叫号到出收件凭证。",
        standard="材料一次告知，收件登记无差错，用时不超过手册规定。",
        is_passed=True,
    )
    signing.assess(
        pair_id=pair.id,
        item_id=item_id,
        given=Assessment(held_on=clock.today(), lines=(line,), opinion="符合手册要求。"),
        user=acting(pair.assessor_id),
    )


def change_plan(pair: MentoringPair) -> None:
    """Move the last item of a plan a month on, as the master, in the open write."""
    record = db.session.get_one(MentoringPair, pair.id)
    rows = plans.list_items(pair.id)
    wanted = {each.item.service_item_id: each.item.planned_on for each in rows}
    last = rows[-1].item
    wanted[last.service_item_id] = months.add_months(last.planned_on, 1)
    plans.change_plan(
        pair_id=pair.id,
        plan=plans.Plan(
            goals=record.goals,
            assessor_id=record.assessor_id,
            months=wanted,
            reason="十月系统升级，这一项推后一个月。",
        ),
        seen_version=record.version,
        user=acting(pair.master_id),
    )


def keep_records(story: Story, pair: MentoringPair, begun: date, over: date, day: date) -> None:
    """Keep a record for each month; this month's is still to be written."""
    within = list(months.recorded(pair.starts_on, min(over, pair.ends_on)))
    gap = months.add_months(months.first_of(day), -story.gap) if story.gap else None
    for place, month in enumerate(within):
        opened = max(month, begun) + OPENED_AFTER
        if opened > day:
            return
        with on(opened, 8):
            records.open_month(pair, month)
        if story.master and month == months.first_of(day) and opened <= day - LATELY:
            keep_record(pair, month, place, day - LATELY)
            continue
        written = month + timedelta(days=WRITTEN_ON - 1)
        confirmed = month + timedelta(days=CONFIRMED_ON - 1)
        if month == gap:
            miss(pair, month, day)
        elif begun < written and confirmed <= over:
            keep_record(pair, month, place)


def record_of(pair: MentoringPair, month: date) -> MentoringRecord:
    """Give the record of a month."""
    return db.session.scalars(
        select(MentoringRecord).where(
            MentoringRecord.pair_id == pair.id, MentoringRecord.month == month
        )
    ).one()


def keep_record(pair: MentoringPair, month: date, place: int, written: date | None = None) -> None:
    """Let one write and the other confirm, by turns; towards the end of the month."""
    written = written or month + timedelta(days=WRITTEN_ON - 1)
    taught, progress, plan_next = RECORD_WORDS[min(place, len(RECORD_WORDS) - 1)]
    words = {"taught": taught, "progress": progress, "plan_next": plan_next}
    writer, reader = ("master", "apprentice") if place % 2 == 0 else ("apprentice", "master")
    with on(written, 16):
        act(pair, month, f"write-{writer}", getattr(pair, f"{writer}_id"), words)
    with on(written + LATELY // 2, 17):
        act(pair, month, "confirm", getattr(pair, f"{reader}_id"), {})


def act(pair: MentoringPair, month: date, name: str, person_id: int, words: dict[str, str]) -> None:
    """Make a move of a record, in the open write."""
    execute(
        RECORD_FLOW,
        record_id=record_of(pair, month).id,
        name=name,
        user=acting(person_id),
        data=words,
    )


def miss(pair: MentoringPair, month: date, day: date) -> None:
    """Let a month pass without a record, as the worker writes it down."""
    late = months.last_of(month) + LAPSED_AFTER
    if late > day:
        return
    with on(late, 8):
        record = record_of(pair, month)
        if record.state is RecordState.DUE:
            execute(RECORD_FLOW, record_id=record.id, name="lapse", user=None)
