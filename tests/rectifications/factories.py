"""Orders for tests, brought as far as a test needs them, by the people of the cast."""

from datetime import timedelta

from app.files import service as files
from app.kernel import clock, db
from app.rectifications import service
from app.rectifications.models import Cause, RectificationOrder, Severity
from app.rectifications.service import Content, Finders, Reply, Source
from app.rectifications.workflow import FLOW
from app.workflow import service as workflow
from tests.inspections.factories import picture, principal
from tests.support import cast
from tests.support.inside import inside

FACT = "2026年11月20日 9:40，A01窗口，暂停服务未摆牌。"


@inside
def issue(
    *,
    who="inspector",
    drafter=None,
    severity=Severity.MINOR,
    department=0,
    source=None,
    mate=None,
    leader=None,
):
    """Issue an order to a department of the cast; gives its id and its public id."""
    content = Content(
        department_id=cast.department_ids()[department],
        window_id=None,
        severity=severity,
        fact=FACT,
        basis="清廉窗口创建实施方案 任务举措8",
        requirement="摆放暂停服务牌，写明替代窗口。",
    )
    with db.write():
        order = service.issue(
            content=content,
            source=source or Source(label="巡查2026-007"),
            found_at=clock.now() - timedelta(minutes=20),
            finders=Finders(found_by_id=cast.person_id(who), found_with_id=mate, led_by_id=leader),
            user=cast.principal(drafter or who),
        )
        return order.id, order.public_id


@inside
def move(order_id, name, who, reason="按规定。"):
    """Let one of the cast, or somebody by his id, make a move."""
    user = cast.principal(who) if isinstance(who, str) else principal(who)
    with db.write():
        workflow.execute(FLOW, record_id=order_id, name=name, user=user, reason=reason)


@inside
def add_photo(order_id, who="lead"):
    content = picture()
    sha256 = files.put_content(content)
    with db.write():
        service.add_photo(
            order_id=order_id, sha256=sha256, size=len(content), user=cast.principal(who)
        )


@inside
def reply(order_id, *, responsible="SY001", measure="补齐暂停服务牌，班前逐窗检查。"):
    """Hand in the 回执 as the lead."""
    answer = Reply(
        cause=Cause.PROCESS,
        measure=measure,
        responsible_number=responsible,
        done_on=clock.today(),
    )
    with db.write():
        order = db.session.get_one(RectificationOrder, order_id)
        service.reply(
            order_id=order_id,
            seen_version=order.version,
            answer=answer,
            user=cast.principal("lead"),
        )


def mending(**options):
    """Bring an order to where it is being mended."""
    order_id, public_id = issue(**options)
    move(order_id, "sign", "chief")
    move(order_id, "receive", "lead")
    return order_id, public_id


def to_recheck(**options):
    """Bring an order to where it waits for its re-check."""
    order_id, public_id = mending(**options)
    add_photo(order_id)
    reply(order_id)
    return order_id, public_id


def to_close(checker, **options):
    """Bring an order to where it waits for 销号."""
    order_id, public_id = to_recheck(**options)
    move(order_id, "pass", checker)
    return order_id, public_id
