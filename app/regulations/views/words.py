"""The form in which the words of a version are typed or pasted, with its preview."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.kernel import clock
from app.kernel.permissions import Permission, signed_in
from app.regulations import texts
from app.regulations.forms import RuleForm
from app.regulations.models import Regulation, RegulationVersion
from app.regulations.views.base import departments_for

DRAFT = Permission.REGULATIONS_RULE_DRAFT
PREVIEW = "preview"


def asks_preview(form: RuleForm) -> bool:
    """Tell whether only the preview was asked for, of a text that is there."""
    return PREVIEW in request.form and bool(form.text.data)


def empty_form(**given: object) -> RuleForm:
    """Give the form with the places for which I may draft."""
    scope = signed_in().departments_of(DRAFT)
    form = RuleForm(**{"version": 0, "effective_on": clock.today(), **given})
    form.prepare(
        accounts.list_departments() if scope is None else departments_for(DRAFT),
        has_centre=scope is None,
    )
    return form


def show_form(
    form: RuleForm,
    *,
    rule: Regulation | None = None,
    version: RegulationVersion | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the form, and how the text that was typed is split."""
    page = render_template(
        "regulations/edit_version.html",
        form=form,
        rule=rule,
        version=version,
        found=texts.split(form.text.data) if request.method == "POST" and form.text.data else None,
    )
    return page, status
