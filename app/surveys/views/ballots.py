"""The ballot: a plain form, kept nowhere until it is put in, and never seen again after that.

"An anonymous survey makes no open step, notice, event or last-seen per person": its page is
untraced, writes nothing to the database, and puts nothing into the session, not even a message.
"""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import clock, formats
from app.kernel.declared import require, untraced
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in
from app.surveys import questions, service
from app.surveys.forms import BallotForm, make_ballot_form
from app.surveys.service import Invitation
from app.surveys.views import blueprint

REFUSED = 422


@blueprint.route("/<string:public_id>/answer", methods=["GET", "POST"])
@require(Permission.SURVEYS_BALLOT_CAST)
@untraced
def answer_survey(public_id: str) -> ResponseReturnValue:
    """Show the ballot and put it in; who has done so is thanked, once or twice alike."""
    invited, user = load(public_id), signed_in()
    asked = service.questions_of(invited.survey)
    form = make_ballot_form(asked)
    is_over = service.is_over(invited.survey, clock.now())
    if request.method != "POST" or invited.has_answered or is_over:
        return draw(invited, form)
    try:
        filled = questions.read_filled(asked, form.typed)
        service.cast(public_id=public_id, person_id=user.person_id, filled=filled)
    except questions.UnfilledError as unfilled:
        form.tell(unfilled.errors)
        return draw(invited, form, status=REFUSED)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return draw(invited, form, status=REFUSED)
    return redirect(url_for(".answer_survey", public_id=public_id), 303)


def load(public_id: str) -> Invitation:
    """Load a survey that I was asked to answer, or answer 404; administrators are asked nothing."""
    user = signed_in()
    found = None
    if not user.is_administrator:
        found = service.get_invitation(public_id, user.person_id)
    if found is None:
        abort(404)
    return found


def draw(invited: Invitation, form: BallotForm, *, status: int = 200) -> ResponseReturnValue:
    """Draw the ballot, or say that it is in or that it is too late."""
    page = render_template(
        "surveys/answer_survey.html",
        survey=invited.survey,
        group_label=invited.group_label,
        has_answered=invited.has_answered,
        is_over=service.is_over(invited.survey, clock.now()),
        until=formats.moment(invited.survey.closes_at),
        form=form,
    )
    return page, status
