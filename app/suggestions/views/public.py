"""直通车 for anybody: send an opinion, get the code that it is followed by (following.py).

No session and no cookie (PU1); over the limit 429 in Chinese that keeps what was typed (PU2).
"""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import arrivals
from app.accounts.arrivals import Limit, TooManyError
from app.kernel import db, public_forms
from app.kernel.declared import public, signed_form
from app.kernel.forms import RefusedError
from app.settings import service as settings
from app.suggestions import codes, ideas
from app.suggestions import settings as numbers
from app.suggestions.forms import PublicIdeaForm, department_choices
from app.suggestions.views import blueprint
from app.suggestions.views.following import (
    REFUSED,
    RETRY_AFTER,
    TOO_MANY,
    address,
    followed_by,
    where,
)

FULL = "现在提交的人太多，请过一个小时再提交；填写的内容还在这一页，也可以先复制下来。"
SENT_BEFORE = "这一页已经提交过一件；要再提一件，请核对内容以后再提交一次。"


def sending() -> Limit:
    """Give how many opinions are taken within an hour."""
    values = settings.get_all([numbers.PER_ADDRESS, numbers.ALTOGETHER])
    return Limit(
        form="idea",
        per_address=values[numbers.PER_ADDRESS.key],
        altogether=values[numbers.ALTOGETHER.key],
    )


@blueprint.route("/public/suggestions/new", methods=["GET", "POST"])
@public
@signed_form
def new_public_idea() -> ResponseReturnValue:
    """Take an opinion, and show the code that it is followed by, once."""
    form = PublicIdeaForm()
    form.department_id.choices = department_choices()
    if request.method != "POST":
        form.renew()
        return show_form(form)
    code = codes.make_code(public_forms.nonce())
    if ideas.is_repeat(code, form.content()):
        # It counts once, so that the last one that is taken never costs its sender his code.
        return show_code(code)
    try:
        arrivals.check(sending(), address())
        return send(form)
    except TooManyError:
        page, _ = show_form(form, problem=FULL)
        return page, TOO_MANY, RETRY_AFTER


def send(form: PublicIdeaForm) -> ResponseReturnValue:
    """Take what was typed; raises TooManyError."""
    if not form.validate():
        return show_form(form, status=REFUSED)
    try:
        with db.write():
            code = take(form)
    except ideas.SentBeforeError:
        form.renew()
        form.add_errors({"": SENT_BEFORE})
        return show_form(form, status=REFUSED)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_form(form, status=REFUSED)
    return show_code(code)


def take(form: PublicIdeaForm) -> str:
    """Take an opinion in the open write, and count it; gives its code.

    Raises TooManyError, SentBeforeError and RefusedError.
    """
    nonce, content = public_forms.nonce(), form.content()
    code = codes.make_code(nonce)
    if ideas.is_repeat(code, content):
        return code
    arrivals.take(sending(), address())
    return ideas.send(content=content, channel=form.channel.data, nonce=nonce)


def show_code(code: str) -> str:
    """Show the code that an opinion is followed by."""
    return render_template(
        "suggestions/show_code.html", code=codes.show_code(code), followed=followed_by(code)
    )


def show_form(form: PublicIdeaForm, *, problem: str = "", status: int = 200) -> tuple[str, int]:
    """Show the form below what does not belong here."""
    page = render_template(
        "suggestions/new_public_idea.html",
        form=form,
        problem=problem,
        days=settings.get(numbers.PUBLIC_TRIAGE),
        **where(),
    )
    return page, status
