"""Plans and measures through the pages, as their users make them."""

from sqlalchemy import select

from app.kernel import db
from app.measures.models import Measure, MeasureIndicator, MeasurePlan

PLAN = "2025-efficiency-plan"


def load_plans(browse):
    """Load both plans that come with the site."""
    office = browse("office")
    for _ in range(2):
        page = office.get("/measures/plans")
        form = page.all('form[action*="/measures/plans/load/"]')[0]
        office.submit(page, form=f'form[action="{form.get("action")}"]')


def find(app, code, short="效能"):
    """Give the address and the first indicator of a row, by its number in a plan."""
    with app.app_context():
        statement = (
            select(Measure.id, MeasureIndicator.id)
            .join(MeasurePlan, MeasurePlan.id == Measure.plan_id)
            .join(MeasureIndicator, MeasureIndicator.measure_id == Measure.id)
            .where(Measure.code == code, MeasurePlan.short == short)
            .order_by(MeasurePlan.id.desc(), MeasureIndicator.place)
        )
        measure_id, indicator_id = db.session.execute(statement).first()
    return f"/measures/tasks/{measure_id}", f"/measures/indicators/{indicator_id}"


def assign(browse, url, **values):
    """Give a row to a department, as the office."""
    office = browse("office")
    given = {"department_id": "1", "partners": "区税务局", "ends_on": "2026-12-31", **values}
    return office.submit(office.get(f"{url}/assign"), given, form="#assign-form")


def read(browse, indicator, who="lead", status=303, **values):
    """Type a reading."""
    browser = browse(who)
    given = {"source": "平台报表", **values}
    page = browser.get(f"{indicator}/readings/new")
    return browser.submit(page, given, form="#reading-form", status=status)


def do(browse, who, url, move, status=303, **values):
    """Make a move on its page, or by its button."""
    browser = browse(who)
    if move == "receive":
        page = browser.get(url)
        return browser.submit(page, values, form=f'form[action="{url}/receive"]', status=status)
    page = browser.get(f"{url}/{move}")
    return browser.submit(page, values, form=f'form[action="{url}/{move}"]', status=status)


def light_on(browse, url):
    """Give the words of the light at the head of a row."""
    return browse("chief").get(url).text_of(".page-head")
