"""Classes made through the pages, as their users make them."""

import io

from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.roster.models import Placement, ServiceWindow
from app.exams.models import Exam, Sitting
from app.exams.service import choosing, grading, publishing, sittings
from app.jobs import service as jobs
from app.kernel import clock, db, spreadsheets
from app.training.models import Seat, TrainingClass
from tests.support import cast

FIELDS = {
    "kind": "business",
    "title": "一次性告知怎么讲清",
    "day": "2026-11-26",
    "starts": "15:30",
    "ends": "16:30",
    "place": "三楼会议室",
    "teacher": "SY004",
    "aim": "首次办成率提高",
}


def new_class(browse, who="clerk", act="submit", url="/training/classes/new", **values):
    """Draft a class on its form; gives its address."""
    browser = browse(who)
    page = browser.get(url)
    done = browser.submit(
        page, {**(FIELDS if url.endswith("/new") else {}), **values, "act": act}, form="#class-form"
    )
    return done.location


def latest(app):
    """Give the class that was drafted last."""
    with app.app_context():
        return db.session.scalars(select(TrainingClass).order_by(TrainingClass.id.desc())).first()


def state_of(app, url):
    """Give the state of a class by its address."""
    with app.app_context():
        public_id = url.rpartition("/")[2]
        found = select(TrainingClass).where(TrainingClass.public_id == public_id)
        return db.session.scalars(found).one().state


def do(browse, who, url, name, status=303, **values):
    """Make a move, by its button on the class's page or on the page of its own."""
    browser = browse(who)
    page = browser.get(url)
    direct = page.all(f'form[action="{url}/{name}"]')
    if direct:
        return browser.submit(page, form=f'form[action="{url}/{name}"]', status=status)
    page = browser.get(f"{url}/{name}")
    return browser.submit(page, values, form=f'form[action="{url}/{name}"]', status=status)


def announce(browse, url, approver="chief", name="approve"):
    """Approve a class and open its booking."""
    do(browse, approver, url, name)
    do(browse, "clerk" if approver == "chief" else "branch", url, "open")


def book(browse, url, *people, who="lead", status=303):
    """Book people by their ids."""
    browser = browse(who)
    page = browser.get(f"{url}/seats")
    return browser.submit(
        page, {"person_ids": [str(each) for each in people]}, form="#booking-form", status=status
    )


def tick(browse, url, app, *people, way="tick", reason="", who="clerk", status=303):
    """Let exactly these people have signed in."""
    with app.app_context():
        public_id = url.rpartition("/")[2]
        ids = db.session.scalars(
            select(Seat.id)
            .join(TrainingClass, TrainingClass.id == Seat.class_id)
            .where(TrainingClass.public_id == public_id, Seat.person_id.in_(people))
        ).all()
    browser = browse(who)
    page = browser.get(f"{url}/sign-ins")
    return browser.submit(
        page,
        {"seat_ids": [str(each) for each in ids], "way": way, "reason": reason},
        form="#ticks-form",
        status=status,
    )


def seats_of(app, url):
    """Give the list of a class: person -> seat."""
    with app.app_context():
        public_id = url.rpartition("/")[2]
        rows = db.session.scalars(
            select(Seat)
            .join(TrainingClass, TrainingClass.id == Seat.class_id)
            .where(TrainingClass.public_id == public_id)
        )
        return {each.person_id: each for each in rows}


def add_crowd(app, count, window=None):
    """Add staff of the lead's department, at one window where its number is given."""
    with app.app_context():
        home = cast.department_ids()[0]
        people = [each for each in cast.add_staff(count * 2) if department_of(each) == home]
        if window:
            with db.write():
                place = ServiceWindow(number=window, name="登记窗口", department_id=home)
                db.session.add(place)
                db.session.flush()
                for each in people:
                    placement_of(each).window_id = place.id
        return people


def placement_of(person_id):
    """Give where somebody works."""
    return db.session.scalars(select(Placement).where(Placement.person_id == person_id)).one()


def department_of(person_id):
    """Give in which department somebody works."""
    return placement_of(person_id).department_id


def publish_test(app, url, question_ids):
    """Fill and publish the paper of a class's test."""
    with app.app_context():
        found = class_at(url)
        clerk, chief = cast.person_id("clerk"), cast.person_id("chief")
        with db.write():
            for each in question_ids:
                choosing.add_item(exam_id=found.exam_id, question_id=each, edited_by_id=clerk)
            exam = db.session.get_one(Exam, found.exam_id)
            exam.pass_marks = 10
            publishing.submit_paper(exam_id=exam.id, submitted_by_id=clerk)
            publishing.review_paper(exam_id=exam.id, reviewed_by_id=chief)
            publishing.publish_paper(exam_id=exam.id, published_by_id=chief)
        return found.exam_id


def class_at(url):
    """Give the class at an address."""
    public_id = url.rpartition("/")[2]
    return db.session.scalars(
        select(TrainingClass).where(TrainingClass.public_id == public_id)
    ).one()


def sit_test(app, now, exam_id, right):
    """Let everybody on the roll of a test sit it, the first `right` of them all right; grade it."""
    with app.app_context():
        people = db.session.scalars(
            select(Sitting.person_id).where(Sitting.exam_id == exam_id).order_by(Sitting.id)
        ).all()
        for place, person_id in enumerate(people):
            sit(exam_id, person_id, is_right=place < right)
        now.move(minutes=2)
        grading.sweep()
        for job_id in jobs.list_startable():
            jobs.run_job(job_id)
    return len(people)


def sit(exam_id, person_id, *, is_right):
    """Let somebody answer all questions with B, or with C, and hand in."""
    with db.write():
        sittings.start_sitting(exam_id=exam_id, person_id=person_id)
    of_person = (Sitting.exam_id == exam_id, Sitting.person_id == person_id)
    sitting = db.session.scalars(select(Sitting).where(*of_person)).one()
    for number in range(1, db.session.get_one(Exam, exam_id).question_count + 1):
        with db.write():
            sittings.save_answer(
                sitting_id=sitting.id,
                number=number,
                chosen=["B"] if is_right else ["C"],
                is_flagged=False,
                revision=1,
                received_at=clock.now(),
            )
    with db.write():
        sittings.hand_in(sitting_id=sitting.id, received_at=clock.now())


def send_file(browser, url, file, *, status=303, **values):
    """Send the form of an upload that stands on a page, with its tick."""
    page = browser.get(url)
    names = {each.get("name") for each in page.all("input, textarea")}
    assert {"file", "is_unclassified", *values} <= names
    data = {**values, "file": file, "is_unclassified": "y", "csrf_token": browser.token()}
    return browser.post(url, data, status=status)


def figures_file(rows):
    """Write an Excel file of monthly figures: 工号, 月份, 指标, 数值."""
    content = spreadsheets.write_table("数据", ["工号", "月份", "指标", "数值"], rows)
    return io.BytesIO(content), "绩效.xlsx"


def number_of(person_id):
    """Give somebody's 工号."""
    return db.session.get_one(Person, person_id).staff_number
