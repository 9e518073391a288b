"""The demonstration's portraits: each rebuilt from its rows, each point open to whom it concerns, none to a peer.

"100 % of points open to source rows; a property test rebuilds every portrait from rows and gets the same number";
"nobody reaches a peer's by any address" (PD4), "numbers in PDF equal DB" (PD5). All are rebuilt each time; whose
points are opened is a sample here and everybody in the long form.
"""

import io
import os
from collections import Counter
from datetime import datetime

import pypdfium2
import pytest
from sqlalchemy import or_, select

from app.accounts.models import Department, Person
from app.assessment import effects, papers, portraits, scoring
from app.assessment.collecting import all_rules
from app.assessment.models import (
    AssessmentCycle,
    AssessmentScheme,
    CycleState,
    DepartmentSheet,
    Objection,
    ObjectionState,
    Portrait,
    PortraitKind,
    PortraitRow,
)
from app.files import papers as paper_pages
from app.kernel import clock, db, pdf
from tests.exams.factories import browser_of

SHOWN, LATE, AWAY, MOVED, LEAD, OFFICE = "QY0301", "QY1197", "QY1004", "QY1005", "QY0302", "QY0102"
# Another at the same windows, the lead of other windows, and roles that read no portrait.
PEERS = ("QY1198", "QY1010", "QY0402", "QY0103", "QY0501", "QY0503", "QY0107", "QY0108")
# Those without another role: records of other rooms open to some whose work they are.
PLAIN = PEERS[:2]
# What everybody in the hall may read: classes that were announced, promises.
OPEN_TO_ALL = {"training.show_class", "commitments.show_disclosed"}
# Of the rooms that tell of persons; measures and rectifications tell of departments, on their sheets.
ROOMS = {
    "exams", "training", "mentoring", "inspections", "commitments", "suggestions", "regulations",
}  # fmt: skip
HIDDEN = (403, 404)
IS_LONG = bool(os.environ.get("LONG"))


@pytest.fixture(autouse=True)
def morning():
    with clock.frozen(clock.from_local(datetime(2026, 11, 20, 10))):  # noqa: DTZ001
        yield


@pytest.fixture
def inside(hall):
    with hall.app.app_context():
        yield


def cycles():
    """Give the quarter that is out and the one in work."""
    found = db.session.scalars(
        select(AssessmentCycle)
        .join(AssessmentScheme, AssessmentScheme.id == AssessmentCycle.scheme_id)
        .order_by(AssessmentScheme.year, AssessmentScheme.quarter)
    ).all()
    assert [each.state for each in found] == [CycleState.RELEASED, CycleState.PREVIEW]
    return found


def person_of(number):
    return db.session.scalars(select(Person.id).where(Person.staff_number == number)).one()


def portrait_of(number, which=-1):
    """Give somebody's portrait of the quarter in work, or of the one before."""
    return db.session.scalars(
        select(Portrait).where(
            Portrait.cycle_id == cycles()[which].id, Portrait.person_id == person_of(number)
        )
    ).one()


@pytest.mark.usefixtures("inside")
def test_every_portrait_is_rebuilt_from_its_rows():
    found = db.session.scalars(select(Portrait).order_by(Portrait.id)).all()
    scored = [each for each in found if each.kind is PortraitKind.SCORED]
    assert len(scored) > 200
    for portrait in scored:
        outcome, rows = effects.rebuild(portrait), effects.rows_of(portrait.id)
        assert scoring.dump(outcome) == portrait.scores, portrait.id
        assert outcome.total == portrait.total, portrait.id
        for row in rows:
            assert row.points == outcome.points.get(row.place), (portrait.id, row.place)
            assert row.note == outcome.notes.get(row.place, ""), (portrait.id, row.place)
        last = portraits.editions_of(portrait.id)[-1]
        assert (last.edition, last.scores, last.total) == (
            portrait.edition, portrait.scores, portrait.total,
        )  # fmt: skip
        assert sum(each["days"] for each in portrait.posts) == portrait.expected_days
    for letter in (each for each in found if each.kind is PortraitKind.FACTS):
        assert letter.total is None
        assert all(row.points is None for row in effects.rows_of(letter.id))


@pytest.mark.usefixtures("inside")
def test_the_demonstration_tells_the_story_of_its_script():
    bad, good = cycles()
    assert mean_of(bad) < mean_of(good) - 3, "one bad quarter"
    shown = portrait_of(SHOWN)
    facts = effects.rows_of(shown.id)
    assert {row.rule.partition(".")[0] for row in facts} == ROOMS
    assert shown.edition == 2
    assert portraits.previous_scores(portraits.get_view(shown.id))
    states = Counter(db.session.scalars(select(Objection.state)))
    assert states == {
        ObjectionState.UPHELD: 1, ObjectionState.REJECTED: 1, ObjectionState.OPEN: 1
    }  # fmt: skip
    for number in (LATE, AWAY):
        assert "不满20天" in portrait_of(number).scores["lacks"]
    assert len(portrait_of(MOVED).posts) == 2
    kinds = Counter(db.session.scalars(select(Portrait.kind).where(Portrait.cycle_id == good.id)))
    assert min(kinds.values()) > 90
    homes = db.session.scalars(
        select(Department.id)
        .distinct()
        .join(Portrait, Portrait.department_id == Department.id)
        .where(Portrait.cycle_id == good.id, Portrait.total.is_not(None))
    ).all()
    assert len(homes) > 30


def mean_of(cycle):
    """Give the mean total of a quarter."""
    totals = db.session.scalars(
        select(Portrait.total).where(Portrait.cycle_id == cycle.id, Portrait.total.is_not(None))
    ).all()
    return sum(totals) / len(totals)


def test_every_point_opens_for_whom_it_concerns(hall):
    with hall.app.app_context():
        sample = [portrait_of(number).id for number in (SHOWN, MOVED, LATE)]
        sample.append(portrait_of(SHOWN, 0).id)
        ids = portraits_of_those_here() if IS_LONG else sample
        asked = [reading_of(hall, each, is_whole=each in sample) for each in ids]
    office, lead = (browser_of(hall.app, person(hall, each)) for each in (OFFICE, LEAD))
    seen = {}
    for owner, department_id, urls in asked:
        browsers = [browser_of(hall.app, owner)]
        browsers += [office] if owner in {each for each, _, _ in asked[:4]} else []
        browsers += [lead] if department_id == estate(hall) and not IS_LONG else []
        for browser in browsers:
            for url in urls:
                if (browser.who, owner, url) not in seen:
                    seen[browser.who, owner, url] = browser.get(url).status
    assert len(seen) > 30


def portraits_of_those_here():
    """Give the portraits of all who still work in the hall; who left signs in no more."""
    is_here = or_(Person.left_on.is_(None), Person.left_on >= clock.today())
    found = select(Portrait.id).join(Person, Person.id == Portrait.person_id).where(is_here)
    return list(db.session.scalars(found))


def test_a_point_leads_to_its_finding_and_the_finding_to_its_photo(hall):
    with hall.app.app_context():
        shown = portrait_of(SHOWN)
        rows = effects.rows_of(shown.id)
        [fault] = [row for row in rows if row.points is not None and row.points < 0]
    owner = browser_of(hall.app, shown.person_id)
    page = owner.get(f"/assessment/portraits/{shown.public_id}/rows/{fault.place}")
    found = owner.get(page.one("a.btn-primary").get("href"))
    photos = [each.get("src") for each in found.all("main img")]
    assert photos
    assert owner.client.get(photos[0]).status_code == 200
    assert browser_of(hall.app, person(hall, PEERS[0])).client.get(photos[0]).status_code in HIDDEN


def reading_of(hall, portrait_id, *, is_whole):
    """Give the owner of a portrait, its department and the addresses of all its points."""
    portrait = db.session.get_one(Portrait, portrait_id)
    base = f"/assessment/portraits/{portrait.public_id}"
    rows = effects.rows_of(portrait_id)
    urls = [record_url(hall, row) for row in rows]
    assert all(urls), "each point has an address"
    pages = [base, *(f"{base}/rows/{row.place}" for row in rows)] if is_whole else [base]
    return portrait.person_id, portrait.department_id, [*pages, *dict.fromkeys(urls)]


def record_url(hall, row):
    with hall.app.test_request_context():
        return hall.app.url_for(row.endpoint, **row.arguments)


def person(hall, number):
    with hall.app.app_context():
        return person_of(number)


def estate(hall):
    with hall.app.app_context():
        return portrait_of(LEAD).department_id


def test_nobody_reaches_a_peers_portrait_by_any_address(hall):
    with hall.app.app_context():
        people = [portrait_of(number) for number in (SHOWN, LATE)]
        urls = addresses_of(people[0])
        records = [url for each in people for url in records_of(hall, each)]
        name = db.session.get_one(Person, person_of(SHOWN)).name
        bad, good = cycles()
        lists = [f"/assessment/cycles/{each.id}/{what}" for each in (bad, good)
                 for what in ("portraits?q=QY0301", "portraits/export?q=QY0301", "sheets")]  # fmt: skip
        sheets = db.session.scalars(select(DepartmentSheet.id)).all()
        code = paper_pages.code_of(papers.read_portrait(portrait_of(SHOWN).id))
    lists += ["/assessment/objections", "/assessment/objections/export", "/assessment/packages",
              "/assessment/packages/export"]  # fmt: skip
    lists += [f"/assessment/sheets/{each}{end}" for each in sheets[:: len(sheets) // 4]
              for end in ("", "/sheet.pdf")]  # fmt: skip
    for number in PEERS:
        browser = browser_of(hall.app, person(hall, number))
        for url in [*urls, *lists, *records] if number in PLAIN else urls:
            answer = browser.client.get(url)
            assert answer.status_code in HIDDEN, (number, url, answer.status_code)
        own = browser.get("/assessment/portraits").text
        assert name not in own
        assert name not in browser.get(f"/documents/verify/{code}").text
    # A lead finds nobody of another department, by list, search or export.
    with hall.app.app_context():
        other_lead = db.session.scalars(
            select(Person.id)
            .join(Portrait, Portrait.person_id == Person.id)
            .join(Department, Department.id == Portrait.department_id)
            .where(Department.name == "区税务局", Portrait.post == "窗口负责人")
        ).first()
    lead = browser_of(hall.app, other_lead)
    for url in [*urls, *records]:
        assert lead.client.get(url).status_code in HIDDEN, url
    assert name not in lead.get(f"/assessment/cycles/{good.id}/portraits?q=QY0301").text
    assert name not in lead.get("/assessment/objections").text


def addresses_of(portrait):
    """Give all addresses at which something of a portrait stands."""
    base = f"/assessment/portraits/{portrait.public_id}"
    rows = effects.rows_of(portrait.id)
    words = ("portrait.pdf", "letter.pdf", "own-opinion", "comment", "opinion")
    found = [base, *(f"{base}/{word}" for word in words)]
    found += [f"{base}/rows/{row.place}" for row in rows[:4]]
    found += [f"{base}/rows/{rows[0].place}/objection"]
    found += [
        f"/assessment/objections/{each.public_id}"
        for each in portraits.objections_of(portrait.id).values()
    ]
    return found


def records_of(hall, portrait):
    """Give the addresses of the records behind a portrait that are not everybody's to read."""
    rows = effects.rows_of(portrait.id)
    return list(
        dict.fromkeys(record_url(hall, row) for row in rows if row.endpoint not in OPEN_TO_ALL)
    )


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("number", [SHOWN, LATE, "QY1198"])
def test_the_figures_of_a_paper_are_those_of_the_database(number):
    portrait = portrait_of(number)
    kind = papers.kind_of(portrait)
    snapshot = kind.snapshot(portrait.id)
    content = pdf.render(kind.document(snapshot, paper_pages.code_of(snapshot)))
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    said = "".join(
        "".join(each.get_textpage().get_text_range().split()) for each in document
    )  # fmt: skip
    assert len(document) == (2 if portrait.kind is PortraitKind.SCORED else 1)
    document.close()
    for each in papers.dimensions_of(portrait):
        told = f"{each['name']}{each['weight']}%"
        assert (
            told + (f"{each['score']}{each['count']}{each['rows']}" if each["score"] else "")
            in said
        )
    if portrait.total is not None:
        assert f"加权汇总100%{snapshot.total}" in said
    assert "公开承诺" not in said, "what a department did is no praise of a person"
    rules = all_rules()
    for row in db.session.scalars(
        select(PortraitRow).where(PortraitRow.portrait_id == portrait.id)
    ):
        assert row.rule in rules
