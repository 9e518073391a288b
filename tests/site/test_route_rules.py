"""Names, addresses and navigation: one word per thing, and every page can be reached (AC1)."""

import re

import pytest
from flask import Blueprint

import app as application
from app import create_app
from app.kernel import config
from app.kernel.declared import UndeclaredRouteError, public, require
from app.kernel.feature import Feature, features
from app.kernel.permissions import GRANTS, Permission, Role
from tests.site.table import find_row, status_of
from tests.site.world import ROLES

MOST_ENTRIES = 7
VERB_NOUN = re.compile(r"[a-z]+(_[a-z]+)+")
STEP = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.(pdf|docx))?")
VARIABLE = re.compile(r"<(int|string(\(length=\d+\))?|path):[a-z_]+>")
# Pages that stand under no entry of the navigation, each with its reason.
ASIDE = {
    "accounts.sign_in": "Whoever is here has no navigation yet.",
    "accounts.sign_in_again": "JSON for the sitting's script.",
    "accounts.enter_code": "The second step of signing in: still no navigation.",
    "accounts.show_own_account": "Reached by one's own name at the top of every page.",
    "accounts.change_password": "From 我的账号, or led to.",
    "accounts.add_factor": "From 我的账号, or led to.",
    "accounts.confirm_password": "Stands in the way of a dangerous act.",
    "accounts.accept_appointment": "From the task on the home page.",
    "accounts.set_up": "Before there is anybody.",
    "accounts.show_photo": "A picture.",
    "accounts.show_own_photo": "A picture.",
    "accounts.show_copy": "Reached from its job, whoever ordered it.",
    "entrance.show_entrance": "The way into the demonstration.",
    "entrance.show_tour": "From the entrance, and from the mark on every page of a demonstration.",
    "exams.show_sitting": "A sitting has no navigation: nothing distracts.",
    "screens.show_player": "What a hall screen shows; nobody signs in there.",
    "screens.show_manifest": "JSON for the player.",
    "screens.serve_worker": "A script for the player.",
    "exams.show_question_picture": "A picture.",
    "exams.show_paper_picture": "A picture.",
    "exams.show_sheet": "A PDF.",
    **{
        f"exams.show_{word}_paper": "A PDF."
        for word in (
            "notice",
            "department",
            "pages",
            "booklet",
            "answer_sheet",
            "keys",
            "evidence",
        )
    },
    "inspections.show_photo": "A picture.",
    "questions.show_picture": "A picture.",
    "questions.show_review_paper": "A PDF.",
    "questions.show_review_scan": "A scan.",
    "questions.show_item_picture": "A picture.",
    "inspections.show_record_paper": "A PDF.",
    "rectifications.show_photo": "A picture.",
    "rectifications.show_order_paper": "A PDF.",
    "rectifications.show_order_scan": "A picture of a signed sheet.",
    "gallery.show_gallery": "For whoever builds pages; demonstration only.",
    "deadlines.recount_deadlines": "From the task on the home page of whoever keeps the calendar.",
    "inbox.list_steps": "Reached from the top of every page.",
    "inbox.list_notices": "Beside 待办.",
    "workflow.show_batch_paper": "A PDF.",
    "commitments.show_desk_card": "A PDF.",
    "commitments.show_poster": "A PDF.",
    "commitments.show_notice": "A PDF.",
    "commitments.show_rating_code": "A picture.",
    "commitments.show_duty_photo": "A picture.",
    "commitments.show_sheet_scan": "A scan.",
    "commitments.show_plate_scan": "A scan.",
    "commitments.list_disclosed": "For the public, which has no navigation.",
    "commitments.show_disclosed": "For the public, which has no navigation.",
    "jobs.show_job": "Reached from what ordered it, whatever room that is.",
    "site.serve_static": "Files.",
    "suggestions.new_public_idea": "For anybody: outside of the site's frame.",
    "suggestions.follow_idea": "For anybody: outside of the site's frame.",
    "suggestions.show_picture": "A picture.",
    "suggestions.show_evidence": "A picture.",
    "suggestions.show_idea_scan": "A scan.",
    "mentoring.show_pair_scan": "A scan.",
    "mentoring.show_record_scan": "A scan.",
    "mentoring.show_agreement_paper": "A PDF.",
    "mentoring.show_certificate_paper": "A PDF.",
    "mentoring.show_archive_paper": "A PDF.",
    "suggestions.show_order_scan": "A scan.",
    "suggestions.show_order_paper": "A PDF.",
    "regulations.show_version_paper": "A PDF.",
    "regulations.show_risks_paper": "A PDF.",
    "regulations.show_version_scan": "A scan.",
    "regulations.show_risk_scan": "A scan.",
    "surveys.answer_survey": "From the task on the home page of whoever was asked.",
    "surveys.show_report_paper": "A PDF.",
    "surveys.show_questionnaire_scan": "A scan.",
    "training.show_class_scan": "A scan.",
    "training.show_material": "A picture or a PDF.",
    "training.show_record_photo": "A picture.",
    "training.show_sign_sheet_paper": "A PDF.",
    "training.show_effect_paper": "A PDF.",
    "training.show_record_paper": "A PDF.",
    "measures.show_evidence": "A file.",
    "measures.show_task_scan": "A scan.",
    "measures.show_board_paper": "A PDF.",
    "measures.show_changes_paper": "A PDF.",
    "assessment.show_portrait_paper": "A PDF.",
    "assessment.show_letter_paper": "A PDF.",
    "assessment.show_sheet_paper": "A PDF.",
    "assessment.show_scheme_scan": "A scan.",
    "assessment.show_cycle_scan": "A scan.",
    "exams.show_paper_scan": "A scan.",
    "documents.find_document": "From a printed paper: whoever holds one looks here.",
    "documents.verify_document": "From a printed paper: whoever holds one looks here.",
    "exams.show_mark": "Opened from a point of a portrait.",
    "inspections.show_own_finding": "Opened from a point of a portrait.",
    "inspections.show_own_check": "Opened from a point of a portrait.",
    "inspections.show_own_photo": "A picture.",
    "suggestions.show_adopted_idea": "Opened from a point of a portrait.",
    "site.show_health": "JSON for the supervisor.",
}


def rules_of(site):
    return list(site.url_map.iter_rules())


def test_every_step_of_an_address_is_kebab_case_and_every_variable_typed(app):
    for rule in rules_of(app):
        for step in rule.rule.strip("/").split("/"):
            if step:
                assert STEP.fullmatch(step) or VARIABLE.fullmatch(step), rule.rule


def test_every_view_is_named_verb_noun(app):
    for rule in rules_of(app):
        assert VERB_NOUN.fullmatch(rule.endpoint.split(".")[1]), rule.endpoint
        assert app.view_functions[rule.endpoint].__name__ == rule.endpoint.split(".")[1]


def entries_of(site):
    return [entry for room in features(site) for entry in room.navigation]


def test_navigation_knows_every_page(app):
    known = {name for entry in entries_of(app) for name in (entry.endpoint, *entry.endpoints)}
    pages = {
        rule.endpoint
        for rule in rules_of(app)
        if "GET" in rule.methods and not rule.endpoint.split(".")[1].startswith("export_")
    }
    fragments = {name for name in pages if name.endswith("_fragment")}
    assert pages - fragments - known == set(ASIDE)
    assert known <= pages, "an entry names a page that is gone"


def test_page_stands_under_one_entry_only(app):
    named = [name for entry in entries_of(app) for name in (entry.endpoint, *entry.endpoints)]
    assert sorted(named) == sorted(set(named))


@pytest.mark.parametrize("role", Role)
def test_role_has_at_most_seven_entries(role, app):
    mine = {entry.section for entry in entries_of(app) if entry.permission in GRANTS[role]}
    assert 1 <= len(mine) <= MOST_ENTRIES


@pytest.mark.parametrize("who", ROLES)
def test_every_entry_that_somebody_sees_opens_for_him_and_is_marked_there(who, hall):
    visit = hall.visit(who)
    for link in visit.browser.get("/").all("nav#side a"):
        page = visit.browser.get(link.get("href"))
        assert page.one("nav#side a[aria-current=page]").get("href") == link.get("href")


@pytest.mark.parametrize("who", ROLES)
def test_nobody_sees_an_entry_that_stays_shut(who, hall):
    visit = hall.visit(who)
    sections = {link.get("href") for link in visit.browser.get("/").all("nav#side a")}
    seen = {
        link.get("href")
        for section in sections
        for link in visit.browser.get(section).all("nav#side a")
    }
    for entry in entries_of(hall.app):
        row = find_row("GET", entry.endpoint)
        assert (hall.url(row) in seen) == (status_of(row, who) == 200 and may(who, entry))


ROLES_OF = {
    "chief": Role.SECTION_CHIEF,
    "other": Role.STAFF,
    "lead": Role.WINDOW_LEAD,
    "branch": Role.PARTY_BRANCH,
    "officer": Role.FEEDBACK_OFFICER,
}


def may(who, entry):
    """Tell whether the role of a member of the cast holds an entry's permission."""
    role = ROLES_OF.get(who) or Role(who)
    return entry.permission in GRANTS[role]


def site_with(monkeypatch, tmp_path, view):
    """Start the site with one room more, whose only view is this."""
    blueprint = Blueprint("extra", __name__)
    blueprint.add_url_rule("/extra", "show_extra", view)
    rooms = (*application.FEATURES, Feature(name="extra", blueprint=blueprint))
    monkeypatch.setattr(application, "FEATURES", rooms)
    return create_app(config.read_config({"CLEAN_WINDOW_VAR": str(tmp_path)}))


def test_site_does_not_start_with_a_route_that_nobody_declared(monkeypatch, tmp_path):
    with pytest.raises(UndeclaredRouteError, match=r"extra\.show_extra must be"):
        site_with(monkeypatch, tmp_path, lambda: "")


def test_site_does_not_start_with_a_public_route_outside_of_the_list(monkeypatch, tmp_path):
    with pytest.raises(UndeclaredRouteError, match=r"extra\.show_extra is public"):
        site_with(monkeypatch, tmp_path, public(lambda: ""))


def test_site_does_not_start_with_a_route_that_is_both(monkeypatch, tmp_path):
    both = require(Permission.HOME_PAGE_VIEW)(public(lambda: ""))
    with pytest.raises(UndeclaredRouteError):
        site_with(monkeypatch, tmp_path, both)


def test_site_starts_with_a_declared_route(monkeypatch, tmp_path):
    declared = require(Permission.HOME_PAGE_VIEW)(lambda: "")
    assert "extra.show_extra" in site_with(monkeypatch, tmp_path, declared).view_functions
