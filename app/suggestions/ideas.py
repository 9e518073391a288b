"""Sending, reading and following ideas; their moves are made by the workflow (idea_flow.py).

效能10 “征集机制、创新企业群众意见建议”. What was handed over to 纪检
exists for no list, search, count and loader here: every one of them begins with `visible`. Its
sender alone reads one sentence.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from app.accounts.models import Department, Person
from app.accounts.roster.models import ServiceItem
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.files.models import StoredFile
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.suggestions import codes, similar
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.models import (
    Idea,
    IdeaChannel,
    IdeaKind,
    IdeaMessage,
    IdeaRating,
    IdeaState,
)
from app.workflow import service as workflow
from app.workflow.service import begin

PUBLIC_ID_BYTES = 12
MOST_COMPARED = 500
WAITING = (IdeaState.STAFF_WAITING, IdeaState.PUBLIC_WAITING)
# What somebody who takes in has looked at and kept: it may be shown to others as similar.
TAKEN_IN = (IdeaState.HANDLING, IdeaState.EXTENDING, IdeaState.MERGED, IdeaState.ANSWERED)
GONE = (IdeaState.HANDED_OVER, IdeaState.ERASED)
# What an idea may still be added to by its sender.
OPEN = (
    IdeaState.STAFF_WAITING,
    IdeaState.PUBLIC_WAITING,
    IdeaState.HANDLING,
    IdeaState.EXTENDING,
)


class SentBeforeError(Exception):
    """This very form was sent before, with another text: its sender needs a new one."""


@dataclass(frozen=True, kw_only=True)
class Content:
    """What somebody proposes."""

    problem: str
    title: str = ""
    proposal: str = ""
    department_id: int | None = None
    service_item_id: int | None = None
    contact: str = ""
    has_consent: bool = False


@dataclass(frozen=True, kw_only=True)
class Message:
    """One line of what was asked and answered."""

    is_question: bool
    text: str
    who: str
    at: object


def visible() -> ColumnElement[bool]:
    """Give the condition that an idea was not handed over."""
    return Idea.state.not_in(GONE)


def select_ideas_for(user: Principal) -> Statement:
    """Select what somebody handles, with department and author.

    What waits to be taken in is for those who take in, and for nobody else.
    """
    departments = user.departments_of(Permission.SUGGESTIONS_IDEA_READ)
    statement = (
        select(Idea, Department.name, Person.name)
        .outerjoin(Department, Department.id == Idea.department_id)
        .outerjoin(Person, Person.id == Idea.author_id)
        .where(visible())
    )
    if not user.can(Permission.SUGGESTIONS_IDEA_TRIAGE):
        # Nobody has looked at it yet: it may be 涉廉材料. Whoever typed it in knows it already.
        is_seen = Idea.state.not_in(WAITING)
        statement = statement.where(or_(is_seen, Idea.drafted_by_id == user.person_id))
    if departments is None:
        return statement
    return statement.where(Idea.department_id.in_(departments))


def select_own(user: Principal) -> Statement:
    """Select somebody's own 金点子; of what was handed over no more than that is shown."""
    return (
        select(Idea, Department.name)
        .outerjoin(Department, Department.id == Idea.department_id)
        .where(Idea.author_id == user.person_id)
    )


def get_handled(user: Principal, public_id: str) -> Idea | None:
    """Give an idea that somebody handles; none that was handed over."""
    return db.session.scalar(select_ideas_for(user).where(Idea.public_id == public_id))


def get_own(user: Principal, public_id: str) -> Idea | None:
    """Give somebody's own idea."""
    return db.session.scalar(select_own(user).where(Idea.public_id == public_id))


def get_idea_for(user: Principal, public_id: str) -> Idea | None:
    """Give an idea that is somebody's own, or that he handles."""
    own = get_own(user, public_id)
    return own if own is not None else get_handled(user, public_id)


def blank_idea(kind: IdeaKind, channel: IdeaChannel, content: Content) -> Idea:
    """Give a new idea."""
    is_staff = kind is IdeaKind.STAFF
    now = clock.now()
    return Idea(
        public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
        kind=kind,
        channel=channel,
        state=IdeaState.STAFF_WAITING if is_staff else IdeaState.PUBLIC_WAITING,
        received_on=clock.today(),
        title=content.title,
        problem=content.problem,
        proposal=content.proposal,
        department_id=content.department_id,
        service_item_id=content.service_item_id,
        contact=content.contact,
        consented_at=now if content.contact else None,
        extension_reason="",
        extension_opinion="",
        finding="",
        answer="",
        reason="",
        drafted_at=now,
        moved_at=now,
        version=1,
    )


def check(content: Content) -> None:
    """Refuse what can't be stored; raises RefusedError."""
    errors = {}
    if content.department_id is not None and not db.session.get(Department, content.department_id):
        errors["department_id"] = "没有这个部门，请重新选。"
    item_id = content.service_item_id
    if item_id is not None and not db.session.get(ServiceItem, item_id):
        errors["service_item_id"] = "没有这个事项，请重新选。"
    if content.contact and not content.has_consent:
        errors["has_consent"] = "留了电话的，请勾选同意；不想留的，请清空电话。"
    if errors:
        raise RefusedError(**errors)


def submit(*, content: Content, user: Principal) -> Idea:
    """Take a 金点子 of somebody of the hall; raises RefusedError."""
    check(content)
    idea = blank_idea(IdeaKind.STAFF, IdeaChannel.SITE, content)
    idea.author_id = idea.drafted_by_id = user.person_id
    return add(idea, user)


def record(
    *,
    content: Content,
    channel: IdeaChannel,
    received_on: date,
    user: Principal,
    outside: tuple[str, str] | None = None,
) -> Idea:
    """Take what the public wrote on paper, said or sent elsewhere; raises RefusedError.

    `outside` is the outside form and the number that it gave.
    """
    check(content)
    if received_on > clock.today():
        raise RefusedError(received_on="收到的日期不能晚于今天。")
    idea = blank_idea(IdeaKind.PUBLIC, channel, content)
    idea.received_on = received_on
    idea.outside_source, idea.outside_number = outside or (None, None)
    return add(idea, user)


def send(*, content: Content, channel: IdeaChannel, nonce: str) -> str:
    """Take an opinion of somebody without an account; gives the code that he follows it by.

    Sent twice it is taken once. Raises SentBeforeError for the same form with another text, and
    RefusedError.
    """
    check(content)
    code = codes.make_code(nonce)
    before = find_by_code(code)
    if before is not None:
        if not says(before, content):
            raise SentBeforeError
        return code
    idea = blank_idea(IdeaKind.PUBLIC, channel, content)
    idea.code_hash = codes.hash_code(code)
    add(idea, None)
    return code


def is_repeat(code: str, content: Content) -> bool:
    """Tell whether just this was taken before: whoever taps twice gets his code once more."""
    before = find_by_code(code)
    return before is not None and says(before, content)


def says(idea: Idea, content: Content) -> bool:
    """Tell whether an idea says this; one whose content was erased may have."""
    return idea.problem in {content.problem, ""}


def add(idea: Idea, user: Principal | None) -> Idea:
    """Add an idea and start its way."""
    db.session.add(idea)
    db.session.flush()
    begin(IDEA_FLOW, idea, user=user)
    return idea


def find_by_code(code: str) -> Idea | None:
    """Give the opinion that a code belongs to, whatever became of it."""
    wanted = codes.hash_code(code) if code else ""
    idea = db.session.scalar(select(Idea).where(Idea.code_hash == wanted)) if wanted else None
    if idea is None or not codes.is_same(idea.code_hash or "", wanted):
        return None
    return idea


def answered_with(idea: Idea) -> Idea:
    """Give the idea whose answer counts: its own, or that of the one which it was merged into."""
    if idea.state is IdeaState.MERGED and idea.merged_into_id is not None:
        return db.session.get_one(Idea, idea.merged_into_id)
    return idea


def note_seen(idea_id: int) -> None:
    """Write down when the sender first read his answer, in the open write."""
    idea = db.session.get_one(Idea, idea_id, with_for_update=True)
    if idea.seen_at is None and not idea.is_gone:
        idea.seen_at = clock.now()
        log(AuditEvent.SUGGESTIONS_ANSWER_SEEN, idea, None)
        db.session.flush()


def ask(*, idea_id: int, text: str, user: Principal) -> None:
    """Ask the sender something, in the open write; raises RefusedError."""
    idea = db.session.get_one(Idea, idea_id, with_for_update=True)
    if idea.state is not IdeaState.HANDLING:
        raise RefusedError(text="只有办理中的意见可以追问。")
    if idea.author_id == user.person_id:
        raise RefusedError(text="提出人不能办理自己的意见。")
    add_message(idea, text, user.person_id)
    log(AuditEvent.SUGGESTIONS_QUESTION_ASKED, idea, user.person_id)
    if idea.author_id is not None:
        tell(idea, "办理人有一个问题，请回答。")


def reply(*, idea_id: int, text: str, user: Principal | None) -> None:
    """Answer what was asked, as its sender, in the open write; raises RefusedError."""
    idea = db.session.get_one(Idea, idea_id, with_for_update=True)
    if idea.state not in OPEN or not is_asked(idea):
        raise RefusedError(text="现在没有要回答的问题。")
    add_message(idea, text, None)
    log(AuditEvent.SUGGESTIONS_REPLIED, idea, user.person_id if user else None)


def is_asked(idea: Idea) -> bool:
    """Tell whether the last word was a question."""
    last = db.session.scalar(
        select(IdeaMessage)
        .where(IdeaMessage.idea_id == idea.id)
        .order_by(IdeaMessage.id.desc())
        .limit(1)
    )
    return last is not None and last.asked_by_id is not None


def add_message(idea: Idea, text: str, asked_by_id: int | None) -> None:
    """Add a line to what was asked and answered."""
    now = clock.now()
    db.session.add(IdeaMessage(idea_id=idea.id, asked_by_id=asked_by_id, text=text, at=now))
    workflow.touch(idea)
    db.session.flush()


def list_messages(idea: Idea) -> list[Message]:
    """Give what was asked and answered, oldest first."""
    rows = db.session.execute(
        select(IdeaMessage, Person.name)
        .outerjoin(Person, Person.id == IdeaMessage.asked_by_id)
        .where(IdeaMessage.idea_id == idea.id)
        .order_by(IdeaMessage.id)
    )
    return [
        Message(
            is_question=each.asked_by_id is not None,
            text=each.text,
            who=name or "",
            at=each.at,
        )
        for each, name in rows
    ]


def rate(*, idea_id: int, rating: IdeaRating, user: Principal | None) -> None:
    """Say what the sender thinks of the answer, once, in the open write; raises RefusedError."""
    idea = db.session.get_one(Idea, idea_id, with_for_update=True)
    if answered_with(idea).state is not IdeaState.ANSWERED:
        raise RefusedError(rating="还没有答复，请得到答复以后再评价。")
    if idea.rating is not None:
        raise RefusedError(rating="已经评价过了。")
    idea.rating, idea.rated_at = rating, clock.now()
    log(AuditEvent.SUGGESTIONS_RATED, idea, user.person_id if user else None)
    db.session.flush()


def set_picture(*, idea_id: int, sha256: str, size: int, user: Principal) -> None:
    """Put a picture beside one's own idea, in the open write; raises RefusedError."""
    idea = db.session.get_one(Idea, idea_id, with_for_update=True)
    if idea.state is not IdeaState.STAFF_WAITING:
        raise RefusedError(file="已经开始办理，不能再加图片。")
    before = idea.picture_id
    file = files.add_file(sha256=sha256, size=size, media_type="image/jpeg", name="金点子图片.jpg")
    idea.picture_id = file.id
    db.session.flush()
    if before is not None:
        files.erase_file(db.session.get_one(StoredFile, before))
    log(AuditEvent.SUGGESTIONS_PICTURE_ADDED, idea, user.person_id)


def tell(idea: Idea, text: str) -> None:
    """Write a notice to the author of an idea."""
    if idea.author_id is not None:
        inbox.tell(
            [idea.author_id],
            text,
            endpoint="suggestions.show_idea",
            arguments={"public_id": idea.public_id},
        )


def similar_to(
    text: str,
    *,
    kind: IdeaKind | None = None,
    but: int | None = None,
    among: Sequence[IdeaState] = TAKEN_IN,
) -> list[Idea]:
    """Give the ideas that say much the same; without more said, of those that were taken in."""
    statement = select(Idea).where(Idea.state.in_(among))
    if kind is not None:
        statement = statement.where(Idea.kind == kind)
    if but is not None:
        statement = statement.where(Idea.id != but)
    recent = db.session.scalars(statement.order_by(Idea.id.desc()).limit(MOST_COMPARED)).all()
    by_id = {each.id: each for each in recent}
    texts = [(each.id, f"{each.title}{each.problem}{each.proposal}") for each in recent]
    return [by_id[found] for found in similar.find_similar(text, texts)]


def list_mergeable(user: Principal, idea: Idea) -> Sequence[Idea]:
    """Give the open ideas that another may be merged into: those like it first, then the newest."""
    open_ones = db.session.scalars(
        select_ideas_for(user)
        .where(
            Idea.state.in_(OPEN),
            Idea.id != idea.id,
            or_(Idea.author_id.is_(None), Idea.author_id != user.person_id),
        )
        .order_by(Idea.id.desc())
        .limit(MOST_COMPARED)
    ).all()
    text = f"{idea.title}{idea.problem}{idea.proposal}"
    texts = [(each.id, f"{each.title}{each.problem}{each.proposal}") for each in open_ones]
    first = similar.find_similar(text, texts)
    return sorted(
        open_ones, key=lambda each: first.index(each.id) if each.id in first else MOST_COMPARED
    )


def log(event: AuditEvent, idea: Idea, person_id: int | None, **data: object) -> None:
    """Write down what was done with an idea; never a word of it."""
    append(event, person_id=person_id, object_type="idea", object_id=idea.id, **data)
