"""What the demonstration's tour shows of this room: a portrait put right, and one point of it."""

from flask import url_for
from sqlalchemy import select

from app.accounts.models import Person
from app.assessment.models import AssessmentCycle, CycleState, Portrait, PortraitKind, PortraitRow
from app.kernel import db
from app.kernel.feature import TourStop

PERSON = "QY0301"
FINDING = "inspections.finding"


def find_portrait() -> Portrait | None:
    """Give the newest portrait of the cast's person that an objection has put right."""
    return db.session.scalar(
        select(Portrait)
        .join(Person, Person.id == Portrait.person_id)
        .join(AssessmentCycle, AssessmentCycle.id == Portrait.cycle_id)
        .where(
            Person.staff_number == PERSON,
            Portrait.kind == PortraitKind.SCORED,
            Portrait.edition > 1,
            AssessmentCycle.state != CycleState.COLLECTING,
        )
        .order_by(Portrait.id.desc())
        .limit(1)
    )


def find_page() -> str | None:
    """Give its page."""
    found = find_portrait()
    if found is None:
        return None
    return url_for("assessment.show_portrait", public_id=found.public_id)


def find_point() -> str | None:
    """Give a row of it that came from a finding."""
    found = find_portrait()
    if found is None:
        return None
    place = db.session.scalar(
        select(PortraitRow.place)
        .where(PortraitRow.portrait_id == found.id, PortraitRow.rule == FINDING)
        .order_by(PortraitRow.place)
        .limit(1)
    )
    if place is None:
        return None
    return url_for("assessment.show_row", public_id=found.public_id, place=place)


STOPS = (
    TourStop(
        name="point",
        position=80,
        title="画像上的一条：点开是哪次巡查、哪张照片",
        says="点“打开原始记录”，就到那次巡查的问题和照片。怎样计、扣几分、能不能提异议，都写在这一条上。",
        seconds=45,
        staff_number=PERSON,
        find=find_point,
        shows=("打开原始记录", "怎样计"),
    ),
    TourStop(
        name="second-version",
        position=81,
        title="异议成立，重新汇总成第2版",
        says="本人对一条提出异议，由没有参与这份画像的人答复，成立的不再计入。版本一栏写着缘由和前后的汇总，不排名次。",
        seconds=45,
        staff_number=PERSON,
        find=find_page,
        shows=("第2版", "异议"),
    ),
)
