"""Which template draws which page: the one of its name, unless DRAWN_BY says why another does."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, template_rendered

import app as application
from app.workflow import panels
from tests.site.table import Row

REGISTERS = ("department", "window", "post", "service_item", "committee")
# Pages that are drawn by the template of another, each with its reason.
ONE_FORM = "The small forms about a person are drawn alike."
DRAWN_BY = {
    "accounts.new_person": ("edit_person", ONE_FORM),
    "accounts.transfer_person": ("edit_person", ONE_FORM),
    "accounts.leave_person": ("edit_person", ONE_FORM),
    "accounts.new_absence": ("edit_person", ONE_FORM),
    "accounts.new_role": ("edit_person", ONE_FORM),
    "accounts.new_deputy": ("edit_person", ONE_FORM),
    "accounts.edit_political_status": ("edit_person", ONE_FORM),
    "accounts.new_authorisation": ("edit_person", ONE_FORM),
    "accounts.end_role": ("edit_person", ONE_FORM),
    **{
        f"accounts.list_{word}s": ("list_register", "Registers are drawn alike.")
        for word in REGISTERS
    },
    **{
        f"accounts.{act}_{word}": ("edit_register", "Registers are drawn alike.")
        for word in REGISTERS
        for act in ("new", "edit")
    },
    "exams.new_paper": ("edit_paper", "The same form, empty."),
    "inspections.new_duty": ("edit_duty", "The same form, empty."),
    "inspections.new_item": ("edit_item", "The same form, empty."),
    "rectifications.new_order": ("edit_order", "The same form, empty."),
    "exams.show_person_result": ("show_result", "What the person himself sees."),
    "screens.new_group": ("edit_group", "The same form, empty."),
    "questions.new_question": ("edit_question", "The same form, empty."),
    "suggestions.new_order": ("edit_order", "The same form, empty."),
    "regulations.new_rule": ("edit_version", "The same form, empty."),
    "regulations.new_version": ("edit_version", "The same form, with the words of the last one."),
    "regulations.new_risk": ("revise_risk", "The same form, empty."),
    "surveys.new_question": ("edit_question", "The same form, empty."),
    "training.new_class": ("edit_class", "The same form, empty."),
    "training.drop_plan_item": ("confirm", "It asks, and nothing else."),
    "assessment.edit_comment": ("edit_words", "Words on a portrait are written alike."),
    "assessment.edit_opinion": ("edit_words", "Words on a portrait are written alike."),
    "assessment.edit_own_opinion": ("edit_words", "Words on a portrait are written alike."),
    "exams.control_exam": ("control", "One page for every act, on all and on one."),
    "exams.control_sitting": ("control", "One page for every act, on all and on one."),
    "documents.find_document": ("verify_document", "The same page, before a code was typed."),
    # Moves of all workflows are drawn alike, and so are their signed sheets.
    **{
        panels.endpoint_of(flow, move, is_signed=is_signed): (template, "Made from the table.")
        for room in application.FEATURES
        for flow in room.flows
        for move in flow.moves
        for is_signed, template in ((False, "make_move"), (True, "record_signature"))
        if not move.endpoint
    },
}


@contextmanager
def rendered(site: Flask) -> Iterator[list[str]]:
    """Collect the names of the templates that are rendered, without their folders."""
    names: list[str] = []

    def remember(_sender, template, **_rest):
        names.append(template.name.rpartition("/")[2])

    with template_rendered.connected_to(remember, site):
        yield names


def drawing_fault(row: Row, kind: str, names: list[str]) -> str:
    """Say what is wrong with the templates of an answer; pieces begin with an underscore."""
    pages = [name for name in names if not name.startswith("_")]
    if kind == "fragment":
        return "a fragment is no page" if pages and pages != names else ""
    endpoint = row["endpoint"]
    wanted = DRAWN_BY.get(endpoint, (endpoint.split(".")[1],))[0]
    return f"drawn by {pages}, not by {wanted}" if pages not in ([], [f"{wanted}.html"]) else ""
