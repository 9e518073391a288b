"""What moves of a pair ask for and do: numbers, the agreed text, records, 事项授权.

出师 is refused until every item is 独立 and the 出师考核 was passed, and it writes the 事项授权 in
the name of whoever decides, in the same transaction. An early end closes what waits and says
nothing of anybody.
"""

from datetime import date, timedelta

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.roster import authorisations, periods
from app.accounts.roster.models import Authorisation, ServiceItem
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.permissions import GRANTS, Permission
from app.mentoring import months, people, plans, presence, records, signing
from app.mentoring.models import EndReason, MentoringAssessment, MentoringPair
from app.mentoring.settings import EXTENSION_MONTHS
from app.settings import service as settings
from app.workflow.definition import Act, refuse
from app.workflow.numbering import next_number

SERIES, CERTIFICATES = "师徒", "出师"
# From when on an extension can be decided: a month before the term ends.
EXTENDABLE = timedelta(days=31)
NOT_PASSED = "还没有通过出师考核，不能出师。"
NOT_GIVER = "“{name}”是别的部门的事项，你不能授权；请由能授权的负责人批准出师。"
EXTENDED = "已经延长过一次，不能再延长。"
TOO_EARLY = "期限到{until}，离期满一个月以内才能延长。"
REASON_IN_WORDS = "选了“其他”的，请写明情况。"
OVER_ALREADY = "结对期限到{until}，已经过了，请退回后重新提出。"


def check_submission(pair: MentoringPair, act: Act) -> None:
    """Refuse to send what can't be agreed on; raises RefusedError."""
    del act
    check_both_here(pair, Act(decided_by_id=None))
    check_parties(pair)
    if not plans.list_items(pair.id):
        refuse(form=plans.NO_ITEM)


def check_parties(pair: MentoringPair) -> None:
    """Refuse a pair whose master has no room any more or whose assessor stands too near."""
    people.check_room(pair)
    people.check_assessor(
        assessor_id=pair.assessor_id,
        master_id=pair.master_id,
        apprentice_id=pair.apprentice_id,
        department_id=pair.department_id,
    )


def check_approval(pair: MentoringPair, act: Act) -> None:
    """Look once more before a pair begins; raises RefusedError."""
    check_submission(pair, act)
    elsewhere = presence.elsewhere_text(pair)
    if elsewhere:
        refuse(form=elsewhere)
    if pair.ends_on <= clock.today():
        refuse(form=OVER_ALREADY.format(until=formats.day(pair.ends_on)))


def check_both_here(pair: MentoringPair, act: Act) -> None:
    """Refuse what needs both of the two once one of them has left; raises RefusedError."""
    del act
    left = presence.left_text(pair)
    if left:
        refuse(form=left)


def begin_pair(pair: MentoringPair, act: Act) -> None:
    """Give the number, keep the agreed text, and open the record of the first month."""
    # It is approved already and has no number yet: it must not be sent like that.
    with db.session.no_autoflush:
        pair.number = next_number(SERIES, on=clock.today())
    plans.add_change(pair, before=None, reason="", by_id=act.decided_by_id)
    for month in records.months_to_open(pair):
        records.open_month(pair, month)


def check_ready(pair: MentoringPair, act: Act) -> None:
    """Refuse the 出师考核 while an item is not assessed as 独立; raises RefusedError."""
    del act
    open_items = [
        each.service_item.name
        for each in plans.list_items(pair.id)
        if each.item.assessed_on is None
    ]
    if open_items:
        refuse(form=f"还有{len(open_items)}个事项没有考核为独立：{'、'.join(open_items)}。")


def check_final_request(pair: MentoringPair, act: Act) -> None:
    """Refuse to ask for a 出师考核 that nobody could hold; raises RefusedError."""
    check_ready(pair, act)
    if presence.left_on(pair.assessor_id):
        refuse(form=presence.no_assessor_text(pair))


def check_final(pair: MentoringPair, act: Act) -> None:
    """Refuse a result that its lines do not bear; raises RefusedError."""
    given = act.data["assessment"]
    first = pair.approved_at and clock.local(pair.approved_at).date()
    if given.held_on > clock.today() or (first and given.held_on < first):
        refuse(held_on="考核日期要在结对以后、今天以前。")


def keep_final(pair: MentoringPair, act: Act) -> None:
    """Write the 出师考核 down."""
    signing.add_assessment(pair, act.data["assessment"], assessor_id=act.decided_by_id or 0)


def check_graduation(pair: MentoringPair, act: Act) -> None:
    """Refuse 出师 without every item and the assessment, or by who may not authorise."""
    check_ready(pair, act)
    last = db.session.scalars(
        select(MentoringAssessment)
        .where(
            MentoringAssessment.pair_id == pair.id, MentoringAssessment.service_item_id.is_(None)
        )
        .order_by(MentoringAssessment.id.desc())
        .limit(1)
    ).one_or_none()
    if last is None or not last.is_passed:
        refuse(form=NOT_PASSED)
    check_giver(pair, act)


def check_giver(pair: MentoringPair, act: Act) -> None:
    """Refuse whoever may not authorise for one of the 事项; raises RefusedError."""
    on = act.signed_on or clock.today()
    give = Permission.ACCOUNTS_AUTHORISATION_GIVE
    scopes = {
        each.department_id
        for each in accounts.read_grants(act.decided_by_id or 0, on)
        if give in GRANTS[each.role]
    }
    for row in plans.list_items(pair.id):
        is_given = is_in_use(row.service_item)
        if is_given and not scopes & {None, row.service_item.department_id}:
            refuse(form=NOT_GIVER.format(name=row.service_item.name))


def graduate(pair: MentoringPair, act: Act) -> None:
    """Number the certificate and authorise the apprentice for every item from today on.

    Nobody is authorised for a 事项 that was closed meanwhile, and nobody's 出师 hangs on it.
    """
    with db.session.no_autoflush:
        pair.certificate_number = next_number(CERTIFICATES, on=clock.today())
    db.session.flush()
    for row in plans.list_items(pair.id):
        if is_in_use(row.service_item):
            row.item.authorisation_id = authorise(pair, row.service_item, act.decided_by_id or 0)
    db.session.flush()
    records.close_open(pair)


def is_in_use(item: ServiceItem) -> bool:
    """Tell whether a 事项 has no end in sight: one that has can't be given without an end."""
    return item.closed_on is None


def authorise(pair: MentoringPair, item: ServiceItem, by_id: int) -> int:
    """Give the 事项授权; one that is in force without an end already stays as it is."""
    today = clock.today()
    present = db.session.scalar(
        select(Authorisation).where(
            Authorisation.person_id == pair.apprentice_id,
            Authorisation.service_item_id == item.id,
            periods.in_force(Authorisation, today),
        )
    )
    if present is not None:
        return present.id
    try:
        return authorisations.give_authorisation(
            person_id=pair.apprentice_id,
            service_item_id=item.id,
            starts_on=today,
            ends_on=None,
            granted_by_id=by_id,
        )
    except RefusedError as refused:
        raise RefusedError(form=f"事项“{item.name}”不能授权：{refused}") from refused


def check_extension(pair: MentoringPair, act: Act) -> None:
    """Let a term be extended once, near its end; raises RefusedError."""
    del act
    if pair.is_extended:
        refuse(form=EXTENDED)
    if clock.today() < pair.ends_on - EXTENDABLE:
        refuse(form=TOO_EARLY.format(until=formats.day(pair.ends_on)))


def extend(pair: MentoringPair, act: Act) -> None:
    """Move the end on, as a numbered 变更 of what was agreed."""
    before = plans.terms_of(pair)
    pair.ends_on = extended_end(pair)
    pair.is_extended = True
    plans.add_change(pair, before=before, reason=act.reason, by_id=act.decided_by_id)


def extended_end(pair: MentoringPair) -> date:
    """Give the last day of an extended term."""
    after = pair.ends_on + timedelta(days=1)
    return months.end_of_term(after, settings.get(EXTENSION_MONTHS))


def check_end(pair: MentoringPair, act: Act) -> None:
    """Ask for words where no reason of the list fits; raises RefusedError."""
    del pair
    if act.data["reason"] is EndReason.OTHER and not act.data["note"]:
        refuse(note=REASON_IN_WORDS)


def ask_end(pair: MentoringPair, act: Act) -> None:
    """Keep why the end is asked for; the site that asks is no person who could not decide."""
    pair.end_reason, pair.end_note = act.data["reason"], act.data["note"]
    if act.decided_by_id is None:
        pair.end_asked_by_id = pair.end_asked_at = None


def keep_on(pair: MentoringPair, act: Act) -> None:
    """Forget that an end was asked for; the path still says it."""
    del act
    pair.end_reason, pair.end_note = None, ""


def end_pair(pair: MentoringPair, act: Act) -> None:
    """Close what waits; no judgement is written anywhere."""
    del act
    records.close_open(pair)
