"""The pages of 三亮, 现场巡查, 建议征集, 培训课堂 and 满意度调查 in the demonstration: axe, both colours, every width.

One test a person, who looks at all that he uses; a fault names its page. The pages of the exam and
of the administrators are looked at in test_pages.py and test_administration.py.
"""

import pytest
from playwright.sync_api import expect

from app.accounts.models import Person
from app.kernel import db
from tests.browser.conftest import session_cookie
from tests.browser.shot_list import NEWCOMER, PAIR, first, window_sheet
from tests.browser.test_pages import faults_of

# What stands in braces is asked from the demonstration below.
PAGES = {
    "": (
        "/public/commitments", "/public/commitments/1", "/public/suggestions/new",
        "/public/suggestions/follow", "/public/screen/windows", "/demo/tour",
    ),
    "QY0103": (
        "/inbox", "/notices", "/commitments", "/commitments/{sheet}", "/commitments/new",
        "/commitments/{draft}/edit", "/commitments/plates", "/commitments/plates/new", "/batches",
        "/screens", "/screens/1", "/screens/new", "/inspections/roster", "/inspections/roster/new",
        "/inspections/checklist", "/suggestions/imports/new", "/suggestions/orders/new",
        "/rectifications/{unsigned}/sign/signed", "/training/classes/{booking}/sign-ins",
        "/training/classes/{booking}/code", "/training/classes/{study}/record/edit",
        "/mentoring/newcomers/{newcomer}/candidates",
        "/mentoring/pairs/{assessing}/assess/signed", "/regulations/new",
        "/regulations/versions/{renewed}/changes", "/regulations/risks/new", "/regulations/readings",
        "/regulations/risks/posts/1", "/questions/imports", "/questions/imports/new",
        "/questions/imports/{file}", "/questions/imports/{file}/items/3/edit",
        "/exams/corrections", "/exams/corrections/{corrected}", "/exams/papers/{running}/live",
        "/exams/papers/{drafted}/blueprint", "/exams/papers/{drafted}/batches", "/exams/excuses",
        "/exams/rolls/{running}", "/exams/rolls/{running}/excuses/new", "/exams/live",
        "/questions/groups/{case}/edit", "/questions/coverage", "/questions/{cased}",
    ),
    "QY0101": ("/", "/batches/{batch}", "/commitments/{approval}/approve", "/suggestions/orders/1"),
    "QY0501": (
        "/inspections", "/inspections/new", "/inspections/{round}", "/inspections/findings",
        "/inspections/findings/{finding}", "/inspections/handovers/new", "/rectifications/new",
    ),
    "QY0201": (
        "/exams/corrections/{proposed}", "/exams/corrections/{proposed}/apply",
        "/exams/excuses/{excuse}", "/exams/papers/{running}",
        "/questions/reviews", "/questions/reviews/{waiting}", "/questions/reviews/{waiting}/approve",
        "/rectifications", "/rectifications/{order}", "/commitments/{sheet}/withdraw",
    ),
    "QY0503": ("/suggestions/ideas", "/suggestions/ideas/record", "/suggestions/ideas/{idea}"),
    "QY0301": (
        "/suggestions/mine", "/suggestions/ideas/new", "/assessment/portraits/{portrait}",
        "/surveys/{open}/answer", "/mentoring/mine", "/mentoring/pairs/{pair}",
        "/mentoring/pairs/{pair}/plan/edit", "/mentoring/pairs/{pair}/end", "/regulations/mine",
    ),
    "QY0102": (
        "/measures", "/measures/tasks/{read}", "/measures/plans", "/measures/plans/1",
        "/assessment/schemes/{scheme}", "/assessment/cycles/{cycle}",
    ),
    "QY0302": ("/training/classes/{booking}/seats",),
    "QY0107": (
        "/training/plan", "/training/classes/new?plan={plan}", "/training/classes/{held}",
        "/training/classes/{effect}/effect", "/surveys/{survey}", "/surveys/questionnaires/{asked}",
    ),
    "QY0108": ("/suggestions/handovers", "/inspections/handovers"),
}  # fmt: skip
QUERIES = {
    "portrait": "SELECT public_id FROM portrait JOIN person ON person.id = person_id "
    "WHERE staff_number = 'QY0301' ORDER BY cycle_id DESC",
    "scheme": "SELECT min(id) FROM assessment_scheme",
    "cycle": "SELECT max(id) FROM assessment_cycle",
    "corrected": "SELECT id FROM question_correction WHERE state = 'applied'",
    "proposed": "SELECT id FROM question_correction WHERE state = 'checked'",
    "running": "SELECT max(e.id) FROM exam e WHERE e.state = 'published' AND NOT e.is_for_named",
    "drafted": "SELECT min(id) FROM exam WHERE state = 'draft'",
    "excuse": "SELECT min(id) FROM exam_excuse WHERE state = 'applied'",
    "draft": "SELECT min(id) FROM sheet_version WHERE state = 'draft' AND drafted_by_id = "
    "(SELECT id FROM person WHERE staff_number = 'QY0103')",
    "approval": "SELECT min(id) FROM sheet_version WHERE state = 'approval'",
    "file": "SELECT public_id FROM question_import",
    "case": "SELECT min(group_id) FROM question_version",
    "cased": "SELECT min(question_id) FROM question_version WHERE group_id IS NOT NULL",
    "waiting": "SELECT id FROM question_review WHERE state = 'waiting'",
    "batch": "SELECT min(id) FROM decision_batch WHERE state = 'draft'",
    "round": "SELECT public_id FROM inspection ORDER BY id DESC",
    "finding": "SELECT public_id FROM finding ORDER BY id DESC",
    "order": "SELECT public_id FROM rectification_order WHERE number IS NOT NULL",
    "unsigned": "SELECT public_id FROM rectification_order WHERE number IS NULL AND state = 'to_sign'",
    "read": "SELECT measure_id FROM measure_indicator WHERE label = '首办成功率'",
    "plan": "SELECT max(id) FROM training_plan_item WHERE kind = 'party'",
    "held": "SELECT public_id FROM training_class WHERE state = 'held' AND kind = 'party'",
    "effect": "SELECT public_id FROM training_class WHERE state = 'archived' AND exam_id IS NOT NULL",
    "booking": "SELECT public_id FROM training_class WHERE state = 'booking' AND kind = 'business'",
    "study": "SELECT public_id FROM training_class WHERE state = 'evaluated' AND kind = 'study'",
    "survey": "SELECT public_id FROM survey WHERE counted >= 5 AND groups <> '[]' ORDER BY id DESC",
    "open": "SELECT s.public_id FROM survey s JOIN survey_roll r ON r.survey_id = s.id "
    "JOIN person p ON p.id = r.person_id WHERE s.closed_at IS NULL AND p.staff_number = 'QY0301'",
    "asked": "SELECT id FROM questionnaire WHERE state = 'review'",
    "pair": PAIR,
    "newcomer": NEWCOMER,
    "assessing": "SELECT public_id FROM mentoring_pair WHERE state = 'assessing'",
    "renewed": "SELECT min(id) FROM regulation_version WHERE number = 2",
    "idea": "SELECT public_id FROM idea WHERE state = 'handling'",
}


@pytest.fixture(scope="module")
def places(demo_hall):
    return {
        "sheet": window_sheet(demo_hall),
        **{name: first(demo_hall, query) for name, query in QUERIES.items()},
    }


@pytest.mark.parametrize("number", PAGES)
def test_every_page_is_accessible_and_fits(demo_hall, open_window, places, number):
    page, faults = open_window(), []
    if number:
        with demo_hall.acting():
            person_id = db.session.query(Person.id).filter_by(staff_number=number).scalar()
        page.context.add_cookies([session_cookie(demo_hall, person_id)])
    for path in PAGES[number]:
        page.goto(demo_hall.base + path.format(**places))
        expect(page.locator("h1").first).to_be_attached()
        faults += [f"{path} {fault}" for fault in faults_of(page)]
    assert not faults, "\n".join(faults)
