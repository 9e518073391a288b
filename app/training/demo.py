"""The demonstration's year of classes, made through the services on the days when it all happened.

Classes of all kinds in all states: one copied from the last, one cancelled, one with its effect
complete, one with fewer than five who took part, one that takes bookings, one full.
"""

import io
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw
from sqlalchemy import select

from app.accounts.demo_days import at, weekday
from app.exams.demo import sit
from app.exams.demo_papers import draw_few, pass_marks
from app.exams.exam_flow import job_key
from app.exams.models import Sitting
from app.exams.service import choosing, grading, papers, publishing
from app.files import service as files
from app.files.kept_photos import Kept
from app.files.scans import Scan
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.permissions import Principal, Role
from app.suggestions.demo_people import holder
from app.surveys import demo as surveys_demo
from app.training import booking, classes, figures, materials, plan, post_tests, sign_ins
from app.training.classes import Content
from app.training.demo_stories import LATER, PARTY, RECORD_TEXTS, STORIES, STUDY, Story
from app.training.figure_files import Row
from app.training.models import (
    Seat,
    SeatState,
    SignInWay,
    TrainingClass,
)
from app.training.workflow import FLOW, SOURCE
from app.workflow import service as workflow

START, END = (16, 30), (17, 30)
# A 学习会 begins when the hall has closed: nobody is kept from his window.
LATE_START, LATE_END = (17, 10), (17, 50)
# From the announcement of a class to its day, and how many of those booked come.
AHEAD = 9
STAYS_AWAY = 9
# How many questions the test of a class asks.
QUESTIONS = 5
# How many of those who came leave the survey unanswered.
STAYS_SILENT = 2
LEAVES_FROM, FRIDAY = 11, 4
METRICS = (
    ("首次办成率", Decimal("91.0"), Decimal("0.8")),
    ("材料退回率", Decimal("6.0"), Decimal("-0.4")),
)
MONTHS_BACK = 7
FIGURE_PEOPLE = 90


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who acts."""

    clerk: Principal
    chief: Principal
    branch: Principal
    second: Principal
    office: Principal


def fill(day: date) -> None:
    """Make them all as of the day."""
    chance = random.Random(day.toordinal())  # noqa: S311 - invented people's marks, not secrets.
    cast = Cast(
        clerk=holder(Role.CLERK, day),
        chief=holder(Role.SECTION_CHIEF, day),
        branch=holder(Role.PARTY_BRANCH, day),
        second=holder(Role.PARTY_BRANCH, day, place=1),
        office=holder(Role.OFFICE, day),
    )
    made = {story: tell(story, day, cast, chance) for story in STORIES}
    add_later_plan(day, cast)
    add_figures(day, cast, made, chance)


@contextmanager
def on(day: date, hour: int = 10, minute: int = 0) -> Iterator[datetime]:
    """Let it be a moment of a day, and open one write."""
    moment = at(day, hour, minute)
    with clock.frozen(moment), db.write():
        yield moment


def tell(story: Story, day: date, cast: Cast, chance: random.Random) -> int:
    """Make one class as far as it has come; gives its id."""
    held = weekday(day + timedelta(days=story.days))
    begun = weekday(min(held, day) - timedelta(days=AHEAD + 3))
    drafter = cast.branch if story.kind is PARTY else cast.clerk
    with on(begun, 9):
        item_id = plan.add(
            year=held.year, month=held.month, kind=story.kind, title=story.title, user=drafter
        )
        class_id = draft(story, held, drafter, item_id)
    if story.until == "draft":
        return class_id
    with on(begun, 10):
        if story.has_test and not story.copies:
            fill_test(class_id, cast, chance)
        move(class_id, "submit", drafter)
    if story.until == "submitted":
        return class_id
    announce(story, class_id, begun, cast)
    if story.until == "scheduled":
        return class_id
    take_bookings(story, class_id, begun, cast)
    if story.until == "cancelled":
        with on(begun + timedelta(days=3), 11):
            move(class_id, "cancel", drafter, reason="讲师临时出差，改到下季度。")
    if story.until in {"held", "evaluated", "archived"}:
        hold(story, class_id, held, cast, chance)
        surveys_demo.answer_for(SOURCE, class_id, kept_away=STAYS_SILENT, until=day)
        conclude(story, class_id, held, day, cast)
    return class_id


def draft(story: Story, held: date, drafter: Principal, item_id: int) -> int:
    """Draft a class, from the last one of its title where it copies that."""
    source = db.session.scalars(
        select(TrainingClass.id)
        .where(TrainingClass.title == story.copies)
        .order_by(TrainingClass.starts_at.desc())
    ).first()
    content = Content(
        kind=story.kind,
        title=story.title,
        starts_at=at(held, *start_of(story)),
        ends_at=at(held, *(LATE_END if story.kind is STUDY else END)),
        place=story.place,
        teacher=story.teacher,
        seats=story.seats,
        aim=story.aim,
        has_test=story.has_test,
    )
    found = classes.draft(
        content=content, user=drafter, copied_from_id=source, plan_item_id=item_id
    )
    workflow.begin(FLOW, found, user=drafter)
    return found.id


def start_of(story: Story) -> tuple[int, int]:
    """Give hour and minute at which a class begins."""
    return LATE_START if story.kind is STUDY else START


def move(class_id: int, name: str, user: Principal, reason: str = "") -> None:
    """Make a move in the open write; those of the branch bear its word."""
    found = db.session.get_one(TrainingClass, class_id)
    is_apart = found.kind is PARTY and name in {"submit", "approve", "send-back"}
    word = f"{name}-party" if is_apart else name
    workflow.execute(FLOW, record_id=class_id, name=word, user=user, reason=reason)


def fill_test(class_id: int, cast: Cast, chance: random.Random) -> None:
    """Choose five questions for the test of a class, which nobody sits elsewhere."""
    exam_id = post_tests.begin_once(class_id, by_id=cast.clerk.person_id)
    chosen = draw_few(QUESTIONS, chance)
    for question_id in chosen:
        choosing.add_item(
            exam_id=exam_id, question_id=question_id, edited_by_id=cast.clerk.person_id
        )
    papers.get_draft(exam_id).pass_marks = pass_marks(chosen)


def announce(story: Story, class_id: int, begun: date, cast: Cast) -> None:
    """Approve a class and publish its test; open the booking unless it only stands in the plan."""
    is_party = story.kind is PARTY
    with on(begun, 15):
        move(class_id, "approve", cast.second if is_party else cast.chief)
        found = db.session.get_one(TrainingClass, class_id)
        if found.exam_id is not None:
            publishing.review_paper(exam_id=found.exam_id, reviewed_by_id=cast.chief.person_id)
            publishing.publish_paper(exam_id=found.exam_id, published_by_id=cast.clerk.person_id)
    if story.until != "scheduled":
        with on(begun, 16):
            move(class_id, "open", cast.branch if is_party else cast.clerk)


def take_bookings(story: Story, class_id: int, begun: date, cast: Cast) -> None:
    """Book people, none of whom leaves a window empty; one of them has leave."""
    with on(begun + timedelta(days=1), 10):
        found = db.session.get_one(TrainingClass, class_id)
        people = spare_people(found, cast, story.people)
        booking.book(class_id=class_id, person_ids=people, user=cast.clerk)
    if story.people > LEAVES_FROM:
        with on(begun + timedelta(days=2), 10):
            seat = db.session.scalars(
                select(Seat).where(Seat.class_id == class_id, Seat.state == SeatState.BOOKED)
            ).all()[2]
            booking.free(seat_id=seat.id, reason="当天公差", user=cast.clerk)


def spare_people(found: TrainingClass, cast: Cast, number: int) -> list[int]:
    """Give people who can go: at most one of each window at which there are two or more."""
    by_place: dict[tuple[int, str], list[booking.Candidate]] = {}
    for each in booking.list_candidates(found, cast.clerk):
        by_place.setdefault((each.department_id, each.place), []).append(each)
    spare = []
    for (_, place), group in sorted(by_place.items()):
        if not place.endswith("窗口") or not booking.open_hours(found):
            spare += group
        elif len(group) > 1:
            spare.append(group[found.id % len(group)])
    shown = [each for each in spare if each.staff_number == "QY0301"]
    others = [each for each in spare if each.staff_number != "QY0301"]
    step = max(1, len(others) // number)
    chosen = [*shown, *others[found.id % step :: step]]
    return [each.person_id for each in chosen[:number]]


def hold(story: Story, class_id: int, held: date, cast: Cast, chance: random.Random) -> None:
    """Let people sign in and the class be entered as held; those who were there sit the test."""
    organiser = cast.branch if story.kind is PARTY else cast.clerk
    with on(held, *start_of(story)):
        found = db.session.get_one(TrainingClass, class_id)
        rows = booking.list_seats(class_id)
        booked = [each.seat for each in rows if each.seat.state is SeatState.BOOKED]
        came = [seat for place, seat in enumerate(booked, start=1) if place % STAYS_AWAY]
        half = len(came) // 2
        for seat in came[:half]:
            seat.signed_at, seat.signed_way = clock.now(), SignInWay.CODE
        db.session.flush()
        sign_ins.set_sign_ins(
            class_id=class_id,
            seat_ids=[each.id for each in came],
            seen_ids=(),
            way=SignInWay.PAPER,
            reason="",
            user=organiser,
        )
        add_handout(found, organiser)
    with on(held, 18):
        move(class_id, "hold", organiser)
    exam_id = found.exam_id
    if exam_id is not None:
        sit_test(exam_id, held, chance)


def add_handout(found: TrainingClass, user: Principal) -> None:
    """Hand out a page."""
    content = picture(found.title, (1280, 720))
    sha256 = files.put_content(content)
    materials.add(
        class_id=found.id,
        title="课件第一部分",
        scan=Scan(content, "image/jpeg"),
        sha256=sha256,
        user=user,
    )


def picture(text: str, size: tuple[int, int]) -> bytes:
    """Draw a plain page whose bars are told from a text; there is nothing to read on it."""
    image = Image.new("RGB", size, "#F4F6F9")
    draw = ImageDraw.Draw(image)
    width, height = size
    draw.rectangle((0, 0, width, height // 9), fill="#17375F")
    for place, character in enumerate(text[:8], start=2):
        length = width // 4 + ord(character) % (width // 2)
        top = place * height // 11
        draw.rectangle((width // 12, top, width // 12 + length, top + height // 30), fill="#8796A6")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def meeting() -> bytes:
    """Draw people around a table: it stands for the photo of a 学习会, and is nobody."""
    image = Image.new("RGB", (1200, 800), "#E7E2D8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((420, 60, 780, 270), fill="#FFFFFF", outline="#8796A6", width=6)
    for place in range(7):
        left = 70 + place * 155
        draw.ellipse((left + 25, 330, left + 105, 420), fill="#C9A98C")
        draw.rounded_rectangle((left, 415, left + 130, 620), radius=40, fill="#2F4A6D")
    draw.polygon([(60, 560), (1140, 560), (1200, 800), (0, 800)], fill="#8A6B4F")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def sit_test(exam_id: int, held: date, chance: random.Random) -> None:
    """Let those on the roll sit the test a day after; it is graded where all of that has passed."""
    rows = db.session.scalars(
        select(Sitting).where(Sitting.exam_id == exam_id).order_by(Sitting.id)
    ).all()
    day = workday_after(held)
    begun = {each.id: at(day, 9) + timedelta(minutes=7 * place) for place, each in enumerate(rows)}
    if at(day, 18) > clock.now() or not rows:
        return
    sit(exam_id, rows, begun, chance)
    with clock.frozen(at(day, 18)):
        grading.sweep()
        job = jobs.get_open_job(job_key(exam_id, 1))
        if job is not None:
            jobs.run_job(job.id)


def workday_after(day: date) -> date:
    """Give the next day from Monday to Friday."""
    following = day + timedelta(days=1)
    while following.weekday() > FRIDAY:
        following += timedelta(days=1)
    return following


def conclude(story: Story, class_id: int, held: date, day: date, cast: Cast) -> None:
    """Write the record of a 学习会, conclude, and archive, as far as the class has come."""
    organiser = cast.branch if story.kind is PARTY else cast.clerk
    if story.kind is STUDY:
        with on(held + timedelta(days=1), 9):
            write_record(class_id, cast)
    if story.until in {"evaluated", "archived"}:
        is_old = story.until == "archived"
        with on(weekday(held + timedelta(days=30) if is_old else day - timedelta(days=2)), 10):
            move(class_id, "evaluate", organiser, reason=story.conclusion)
    if story.until == "archived":
        with on(weekday(held + timedelta(days=34)), 10):
            move(class_id, "archive", cast.office)


def write_record(class_id: int, cast: Cast) -> None:
    """Write 学习会记录 with a photo."""
    content = meeting()
    materials.write_record(
        class_id=class_id,
        seen_version=0,
        texts=RECORD_TEXTS,
        photo=Kept(files.put_content(content), len(content)),
        user=cast.clerk,
    )


def add_later_plan(day: date, cast: Cast) -> None:
    """Put further classes into the plan, of which nothing has come yet."""
    for place, (kind, title) in enumerate(LATER, start=2):
        later = day.replace(day=1) + timedelta(days=31 * place)
        with on(weekday(day - timedelta(days=5)), 11):
            user = cast.branch if kind is PARTY else cast.clerk
            plan.add(year=later.year, month=later.month, kind=kind, title=title, user=user)


def add_figures(day: date, cast: Cast, made: dict[Story, int], chance: random.Random) -> None:
    """Import monthly figures of a part of the hall; after a class its people do a little better."""
    trained = {
        story: set(classes.signed_ids(class_id)) for story, class_id in made.items() if story.aim
    }
    first = next(iter(trained.values()))
    since = min(day + timedelta(days=story.days) for story in trained)
    people = [*sorted(first), *others_of(first)][:FIGURE_PEOPLE]
    rows = []
    for back in range(MONTHS_BACK, 0, -1):
        month = (day.replace(day=1) - timedelta(days=30 * back - 15)).replace(day=1)
        for person_id in people:
            is_after = person_id in first and month > since
            rows += figures_of(person_id, month, chance, is_after=is_after)
    unique = {each.key: each for each in rows}
    with on(weekday(day - timedelta(days=2)), 15):
        figures.store(list(unique.values()), cast.clerk)


def others_of(trained: set[int]) -> Sequence[int]:
    """Give people of the hall who were not at a class."""
    found = select(Seat.person_id).distinct().where(Seat.person_id.not_in(trained))
    return db.session.scalars(found.order_by(Seat.person_id)).all()


def figures_of(person_id: int, month: date, chance: random.Random, *, is_after: bool) -> list[Row]:
    """Invent one person's figures of a month."""
    rows = []
    for metric, usual, step in METRICS:
        own = Decimal(person_id % 5) - 2 + Decimal(chance.randint(-15, 15)) / 10
        value = usual + own + (step * 2 if is_after else 0)
        rows.append(
            Row(
                place=0,
                person_id=person_id,
                month=month.isoformat(),
                metric=metric,
                value=str(max(Decimal(0), min(Decimal(100), value))),
            )
        )
    return rows
