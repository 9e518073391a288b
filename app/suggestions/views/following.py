"""Following an opinion by its code: where it stands, a question back, the answer, a rating.

"A citizen can send, follow and rate from a phone in ≤3 screens, with no login, and gets 先行联系
within 1 工作日 or the delay is visible to him." A wrong code is tried so often an hour and no more
(PU3); the code stands in no address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import arrivals, hall
from app.accounts.arrivals import Limit, TooManyError
from app.kernel import db, formats, public_forms
from app.kernel.declared import public, signed_form
from app.kernel.forms import RefusedError, text_in
from app.settings import service as settings
from app.suggestions import codes, ideas
from app.suggestions import settings as numbers
from app.suggestions.forms import FollowForm, PublicRatingForm, PublicReplyForm
from app.suggestions.lists import HANDED_ON, is_late
from app.suggestions.models import IDEA_OUTCOME_LABELS, IDEA_RATING_LABELS, Idea, IdeaState
from app.suggestions.views import blueprint

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS.value
RETRY_AFTER = {"Retry-After": "3600"}
TRIED_OFTEN = "查询得太频繁，请过一个小时再查。"
NOT_FOUND = "没有找到这个查询码，请核对；字母不分大小写，没有数字0和1。"
WAITING = "已收到，最迟{due}先行联系并受理"
WAITING_LATE = "已收到；本应在{due}前先行联系，现在晚了，工作人员会尽快办理"
HANDLING = "正在办理，{due}前答复"
HANDLING_LATE = "正在办理；本应在{due}前答复，现在晚了，工作人员会尽快答复"


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What the sender reads of his opinion."""

    code: str
    received: str
    state: str
    outcome: str = ""
    answer: str = ""
    reason: str = ""
    answered: str = ""
    rating: str = ""
    question: str = ""
    can_rate: bool = False


def limit() -> Limit:
    """Give how many wrong codes are tried within an hour from one address."""
    return Limit(form="idea-code", per_address=settings.get(numbers.FOLLOWS_PER_ADDRESS))


def address() -> str:
    """Give where this request comes from."""
    return request.remote_addr or ""


def where() -> dict[str, str]:
    """Give where 检举控告 belongs, in the hall's words."""
    return {
        "discipline_phone": hall.get_profile().discipline_phone,
        "channels": settings.get(numbers.CHANNELS_TEXT),
    }


def followed_by(code: str) -> Followed | None:
    """Give what the sender reads by a code that he has just got."""
    idea = ideas.find_by_code(code)
    return followed_of(idea, code) if idea else None


def followed_of(idea: Idea, code: str) -> Followed:
    """Put an opinion into what its sender may read: of a merged one the answer of the other."""
    received = formats.day(idea.received_on)
    shown = ideas.answered_with(idea)
    if shown.is_gone:
        return Followed(code=code, received=received, state=HANDED_ON)
    messages = ideas.list_messages(idea)
    question = messages[-1].text if messages and messages[-1].is_question else ""
    return Followed(
        code=code,
        received=received,
        state=state_text(shown),
        outcome=IDEA_OUTCOME_LABELS[shown.outcome] if shown.outcome else "",
        answer=shown.answer,
        reason=shown.reason,
        answered=formats.moment(shown.answered_at) if shown.answered_at else "",
        rating=IDEA_RATING_LABELS[idea.rating] if idea.rating else "",
        question=question if idea.state in ideas.OPEN else "",
        can_rate=shown.state is IdeaState.ANSWERED and idea.rating is None,
    )


def state_text(idea: Idea) -> str:
    """Say where an opinion stands, and that it is late where it is."""
    if idea.state is IdeaState.ANSWERED:
        return "已答复"
    if idea.state is IdeaState.REFUSED:
        return "不予受理"
    if idea.due_at is None:
        return "正在办理"
    late = is_late(idea.due_at)
    due = formats.short_moment(idea.due_at)
    if idea.state in {IdeaState.STAFF_WAITING, IdeaState.PUBLIC_WAITING}:
        return (WAITING_LATE if late else WAITING).format(due=due)
    if idea.state is IdeaState.EXTENDING:
        return "正在办理，已申请延期"
    return (HANDLING_LATE if late else HANDLING).format(due=due)


@blueprint.route("/public/suggestions/follow", methods=["GET", "POST"])
@public
@signed_form
def follow_idea() -> ResponseReturnValue:
    """Show an opinion to whoever has its code."""
    form = FollowForm()
    if request.method != "POST":
        form.renew()
        return show_page(form)
    if not form.validate():
        return show_page(form, status=REFUSED)
    try:
        idea = find(text_in(form.code))
    except TooManyError:
        return too_many(form)
    if idea is None:
        form.add_errors({"code": NOT_FOUND})
        return show_page(form, status=REFUSED)
    note_seen(idea)
    return show_page(form, idea=idea, code=codes.read_code(text_in(form.code)))


def note_seen(idea: Idea) -> None:
    """Write down that the sender has read his answer, the first time."""
    shown = ideas.answered_with(idea)
    if shown.answered_at is not None and idea.seen_at is None and not shown.is_gone:
        with db.write():
            ideas.note_seen(idea.id)


def find(typed: str) -> Idea | None:
    """Find the opinion of a code; counts a wrong one, up to the limit. Raises TooManyError.

    A right code has 77 bits and is never refused: a whole street may share one address.
    """
    idea = ideas.find_by_code(codes.read_code(typed))
    if idea is None:
        arrivals.check(limit(), address())
        with db.write():
            arrivals.take(limit(), address())
    return idea


def too_many(form: FollowForm) -> ResponseReturnValue:
    """Answer whoever tried too often."""
    page, _ = show_page(form, problem=TRIED_OFTEN)
    return page, TOO_MANY, RETRY_AFTER


def show_page(
    form: FollowForm,
    *,
    idea: Idea | None = None,
    code: str = "",
    problem: str = "",
    done: str = "",
    reply: PublicReplyForm | None = None,
    rating: PublicRatingForm | None = None,
    status: int = 200,
) -> tuple[str, int]:
    """Show the form for a code, or the opinion that it belongs to."""
    page = render_template(
        "suggestions/follow_idea.html",
        form=form,
        problem=problem,
        done=done,
        followed=followed_of(idea, code) if idea else None,
        reply=reply or prepared(PublicReplyForm(formdata=None), "suggestions.reply_idea", code),
        rating=rating or prepared(PublicRatingForm(formdata=None), "suggestions.rate_idea", code),
        **where(),
    )
    return page, status


def prepared(
    form: PublicReplyForm | PublicRatingForm, endpoint: str, code: str
) -> PublicReplyForm | PublicRatingForm:
    """Give an empty form for another page the token of that page, and the code."""
    form.csrf_token.data, form.code.data = public_forms.make_token(endpoint), code
    return form


@blueprint.post("/public/suggestions/reply")
@public
@signed_form
def reply_idea() -> ResponseReturnValue:
    """Take what the sender answers to a question."""
    form = PublicReplyForm()

    def act(idea: Idea) -> None:
        ideas.reply(idea_id=idea.id, text=text_in(form.text), user=None)

    return answer_act(form, act, done="你的回答已经收到。")


@blueprint.post("/public/suggestions/rate")
@public
@signed_form
def rate_idea() -> ResponseReturnValue:
    """Take what the sender thinks of the answer."""
    form = PublicRatingForm()

    def act(idea: Idea) -> None:
        ideas.rate(idea_id=idea.id, rating=form.rating.data, user=None)

    return answer_act(form, act, done="谢谢你的评价。")


def answer_act(
    form: PublicReplyForm | PublicRatingForm, act: Callable[[Idea], None], *, done: str
) -> ResponseReturnValue:
    """Do something with the opinion of a code, and show it again."""
    follow = FollowForm(formdata=None)
    follow.csrf_token.data = public_forms.make_token("suggestions.follow_idea")
    try:
        idea = find(text_in(form.code))
    except TooManyError:
        return too_many(follow)
    if idea is None:
        follow.add_errors({"code": NOT_FOUND})
        return show_page(follow, status=REFUSED)
    code = codes.read_code(text_in(form.code))
    if form.validate() and try_act(form, idea, act):
        fresh = ideas.find_by_code(code)
        return show_page(follow, idea=fresh, code=code, done=done)
    sent = {"reply" if isinstance(form, PublicReplyForm) else "rating": form}
    return show_page(follow, idea=idea, code=code, status=REFUSED, **sent)


def try_act(
    form: PublicReplyForm | PublicRatingForm, idea: Idea, act: Callable[[Idea], None]
) -> bool:
    """Do it in one write; False with the reasons on the form."""
    try:
        with db.write():
            act(idea)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return False
    return True
