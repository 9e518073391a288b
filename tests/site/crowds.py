"""Many rows on every list of the world, made by the services: more than two pages of each."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from app.accounts.roster.imports import service as imports
from app.exams.models import Sitting
from app.exams.service import grading, sittings
from app.kernel import clock, db
from app.screens import service as screens
from app.screens.models import ScreenPackage, ScreenPackageItem
from app.workdays import service as workdays
from tests.assessment import world as assessment
from tests.screens.factories import SETTINGS
from tests.site import exams_world, inspections_world, regulations_world
from tests.site.exams_world import NOW
from tests.site.world import SPECIAL_DAY, World
from tests.support import cast
from tests.surveys import world as surveys

MANY = 60


def crowd(world: World) -> World:
    """Fill every list; the exam `late` and the paper `draft` give way to crowded ones."""
    cast.add_staff(MANY)
    bank = [exams_world.add_question(place, stem=f"又一问{place}") for place in range(MANY)]
    for place in range(MANY):
        exams_world.draft_exam(f"草稿{place}", bank[place : place + 1], days=30 + place)
    upload_many()
    draft_id = exams_world.draft_exam("题目很多的草稿", bank[:30], days=40)
    close_days()
    inspections_world.crowd(MANY // 2)
    regulations_world.crowd(MANY // 2)
    surveys.crowd(MANY)
    assessment.crowd(world.objects["cycle_current"]["record_id"], MANY)
    hold_many(bank)
    hang_many_screens()
    exam_id = hold_full_exam(bank[:3])
    # The year of each department has more months now.
    exams_world.print_papers(world.objects["released"]["exam_id"])
    objects = {
        **world.objects,
        "late": {**world.objects["late"], **exams_world.of_staff(exam_id)},
        "draft": {"exam_id": draft_id},
    }
    return World(objects=objects, tokens=world.tokens)


def upload_many() -> None:
    """Let many rosters have been uploaded."""
    with db.write():
        for place in range(MANY):
            imports.upload_roster(
                content=b"no table",
                file_name=f"名单{place}.xlsx",
                effective_on=SPECIAL_DAY,
                uploaded_by_id=cast.person_id("clerk"),
            )


def close_days() -> None:
    """Give the year more special days."""
    with db.write():
        for place in range(1, 20):
            entry = workdays.DayEntry(
                day=SPECIAL_DAY + timedelta(days=place), name="停电检修", periods=()
            )
            workdays.change_day(entry=entry, changed_by_id=None)


def hang_many_screens() -> None:
    """Register many groups of screens; the first package has many pictures."""
    with db.write():
        for place in range(MANY):
            settings = replace(SETTINGS, name=f"第{place}块屏")
            screens.add_group(slug=f"hall-{place}", settings=settings, added_by_id=None)
        package = db.session.scalars(
            select(ScreenPackage).where(ScreenPackage.public_id == "package-of-the-world-1")
        ).one()
        for position in range(1, MANY):
            db.session.add(
                ScreenPackageItem(
                    package_id=package.id,
                    position=position,
                    file_name=f"{position}.png",
                    slide_key=f"commitments:{position}",
                    slide_version="0" * 64,
                    window="",
                    title="区税务局",
                    valid_from=SPECIAL_DAY,
                    valid_until=SPECIAL_DAY,
                )
            )


def hold_many(bank: list[int]) -> None:
    """Put staff on the roll of many exams: of every other one the marks are out."""
    staff = frozenset({cast.person_id("staff")})
    for place in range(30):
        begin = NOW - timedelta(days=100 + place)
        with clock.frozen(begin):
            exam_id = exams_world.draft_exam(f"往年{place}", bank[:1], days=1)
            exams_world.publish(exam_id, only_person_ids=staff)
        if place % 2:
            exams_world.sit(exam_id, begin + timedelta(days=1), answered=1)
            exams_world.grade(exam_id, begin + timedelta(days=3))
            with clock.frozen(begin + timedelta(days=4)), db.write():
                chief = cast.person_id("chief")
                grading.release_results(exam_id=exam_id, released_by_id=chief)


def hold_full_exam(question_ids: list[int]) -> int:
    """Hold an exam that the whole department sits; graded, not released, every answer late."""
    begin = NOW - timedelta(days=50)
    with clock.frozen(begin - timedelta(days=1)):
        exam_id = exams_world.draft_exam("全员考试", question_ids, days=1)
        exams_world.publish(exam_id)
    roll = db.session.scalars(select(Sitting).where(Sitting.exam_id == exam_id)).all()
    late = begin + timedelta(hours=2)
    with clock.frozen(begin), db.write():
        for sitting in roll:
            sittings.start_sitting(exam_id=exam_id, person_id=sitting.person_id)
    with clock.frozen(late), db.write():
        for sitting in roll:
            sittings.save_answer(
                sitting_id=sitting.id,
                number=1,
                chosen=["B"],
                is_flagged=False,
                revision=1,
                received_at=late,
            )
    exams_world.grade(exam_id, begin + timedelta(days=2))
    return exam_id
