"""「疑似涉廉，转纪检」: nothing is written but a number, and nobody but its two people finds it."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEntry
from app.inbox.models import Notice, OpenStep
from app.inspections.models import Finding, Handover, Inspection
from app.jobs.models import Job
from app.kernel import db
from app.kernel.permissions import Role
from tests.inspections import factories
from tests.support import inside
from tests.support.inside import count, one, person

FREE = ("textarea", "input[type=text]", "input[type=file]", "input:not([type])")
OTHERS = ("staff", "other", "clerk", "chief", "lead", "office", "leader", "sysadmin", "auditor")


@pytest.fixture
def hall(app):
    inside.use(app)
    return factories.furnish()


@pytest.fixture
def handed(hall, browse):
    """One hand-over through the page; gives its address."""
    inspector = browse("inspector")
    page = inspector.get("/inspections/handovers/new")
    return inspector.submit(page, form="#handover-form").location


@pytest.mark.db
def test_form_has_no_place_for_a_text_and_takes_none(hall, browse):
    inspector = browse("inspector")
    page = inspector.get("/inspections/handovers/new")
    for css in FREE:
        assert not page.all(f"#handover-form {css}"), css
    hidden = {e.get("name"): e.get("value") for e in page.all("#handover-form input")}
    inspector.post(page.url, {**hidden, "note": "某人收受土特产", "content": "某人收受土特产"})
    stored = inside.run(lambda: db.session.execute(text("SELECT * FROM handover")).all())
    assert "土特产" not in repr(stored)
    assert len(stored) == 1


@pytest.mark.db
def test_only_the_giver_and_the_named_receiver_find_it(handed, browse):
    slip = one(Handover).slip_number
    for who in ("inspector", "discipline"):
        assert slip in browse(who).get(handed).text
        assert slip in browse(who).get("/inspections/handovers").text
    for who in OTHERS:
        browse(who).get(handed, status=403)
        browse(who).get("/inspections/handovers", status=403)


@pytest.mark.db
def test_another_inspector_and_another_of_discipline_find_nothing(handed, browse):
    slip = one(Handover).slip_number
    factories.grant(person("staff"), Role.INSPECTOR)
    factories.grant(person("other"), Role.DISCIPLINE)
    for who in ("staff", "other"):
        browse(who).get(handed, status=404)
        assert slip not in browse(who).get("/inspections/handovers").text


@pytest.mark.db
def test_nothing_else_of_the_site_changes(hall, browse):
    round_id, _ = factories.begin(hall)
    browser = browse("inspector")
    page = browser.get("/inspections/handovers/new")
    models = (AuditEntry, OpenStep, Notice, Job, Finding, Inspection)
    before = [inside.run(lambda model=each: rows_of(model)) for each in models]
    browser.submit(page, form="#handover-form")
    assert [inside.run(lambda model=each: rows_of(model)) for each in models] == before
    assert count(Handover) == 1
    assert round_id


def rows_of(model):
    """Give a table as it is."""
    return db.session.execute(select(*model.__table__.columns)).all()


@pytest.mark.db
def test_no_list_export_or_search_shows_it(handed, browse):
    slip = one(Handover).slip_number
    for who, path in (
        ("inspector", "/"),
        ("inspector", "/inspections"),
        ("inspector", f"/inspections?q={slip}"),
        ("inspector", "/inspections/findings"),
        ("chief", "/inspections/findings"),
        ("chief", "/rectifications"),
        ("auditor", f"/audit?q={slip}"),
        ("discipline", "/"),
        ("discipline", "/inbox"),
    ):
        page = browse(who).get(path)
        found = page.text.replace(f"“{slip}”", "")
        assert slip not in found, path
        for entry in ("巡查移送单", "意见移送单"):
            found = found.replace(entry, "", 1)
        assert "移送单" not in found, f"{path} counts"


def test_numbers_tell_nothing_of_how_many_there_are(hall, browse):
    inspector = browse("inspector")
    for _ in range(3):
        page = inspector.get("/inspections/handovers/new")
        inspector.submit(page, form="#handover-form")
    codes = [each.slip_number.split("-")[1] for each in rows_in_order()]
    assert len(set(codes)) == 3
    assert not all(code.isdigit() for code in codes)
    assert "共3" not in browse("inspector").get("/inspections/handovers").text


def rows_in_order():
    return inside.run(
        lambda: db.session.scalars(select(Handover).order_by(Handover.slip_number)).all()
    )


@pytest.mark.db
def test_double_tap_gives_one_number(hall, browse):
    inspector = browse("inspector")
    page = inspector.get("/inspections/handovers/new")
    first, second = (inspector.submit(page, form="#handover-form") for _ in range(2))
    assert first.location == second.location
    assert count(Handover) == 1


@pytest.mark.db
@pytest.mark.parametrize("statement", ["DELETE FROM handover", "UPDATE handover SET channel = 'x'"])
def test_database_keeps_a_handover_as_it_is(handed, statement):
    with pytest.raises(IntegrityError):
        inside.write(lambda: db.session.execute(text(statement)))


def test_slip_has_the_six_fields_and_no_more(handed, browse):
    labels = [each.text for each in browse("inspector").get(handed).all("dl.summary dt")]
    assert labels == ["序号", "日期", "来源渠道", "移交人", "接收人", "签收"]


def test_without_a_named_receiver_there_is_no_slip(hall, browse):
    inside.write(
        lambda: db.session.execute(
            text("UPDATE role_grant SET role = 'staff' WHERE role = 'discipline'")
        )
    )
    page = browse("inspector").get("/inspections/handovers/new")
    assert "请直接当面移送" in page.text
    assert not page.all("#handover-form")
