"""Forgetting who has left: after the term nobody can tell any more who somebody was.

"Per-person export and deletion/anonymisation at departure; scores kept as statistics" (DP3). The
name gives way to 已离岗人员 with a number, the 工号 to a random mark; whatever opens a door and
whatever is only about the person goes. Results, placements and the log keep the number alone.
Whoever has unfinished business is put off until it is finished.
"""

import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, or_, select

from app.accounts import roles, service, settings
from app.accounts.appointment_models import Appointment
from app.accounts.models import Account, Person, RoleGrant, SignInSession, SignInThrottle
from app.accounts.passwords import NO_PASSWORD
from app.accounts.privacy import copies, photos
from app.accounts.privacy.models import PersonalCopy
from app.accounts.roster.imports.models import RosterImport, RosterImportState
from app.accounts.roster.models import Absence
from app.accounts.sign_in_models import (
    ActivationCode,
    PasswordHistory,
    RecoveryCode,
    SecondFactor,
    SignInChallenge,
)
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.feature import features

logger = logging.getLogger(__name__)

NAME = "已离岗人员"
MARK_BYTES = 8
# What opens a door or tells when somebody came in; all of them belong to an account.
OF_ACCOUNT = (
    SignInSession,
    SignInChallenge,
    RecoveryCode,
    SecondFactor,
    ActivationCode,
    PasswordHistory,
)
OPEN_STATES = (
    RosterImportState.READING,
    RosterImportState.PREVIEWED,
    RosterImportState.FAULTY,
)


def anonymise_departed() -> None:
    """Anonymise everybody whose term is over, each in a write of his own; the worker calls it."""
    for person_id in list_due():
        with db.write():
            is_done = anonymise(person_id)
        if not is_done:
            logger.info("person %s is put off: unfinished business", person_id)


def list_due() -> Sequence[int]:
    """Give who left longer ago than the term and is not anonymised yet."""
    last = clock.today() - timedelta(days=settings.anonymise_after_days())
    due = select(Person.id).where(Person.left_on < last, Person.anonymised_at.is_(None))
    return db.session.scalars(due.order_by(Person.id)).all()


def anonymise(person_id: int) -> bool:
    """Anonymise one person in the open write; False where it was done or must wait."""
    person = db.session.get_one(Person, person_id, with_for_update=True)
    if person.anonymised_at is not None or is_unfinished(person_id):
        return False
    for room in features(current_app):
        if room.forget_person is not None:
            room.forget_person(person_id)
    rename(person)
    append(
        AuditEvent.ACCOUNTS_ANONYMISED, person_id=None, object_type="person", object_id=person_id
    )
    return True


def rename(person: Person) -> None:
    """Let nothing on the row of a person say who he was. The days stay: they count him."""
    person.name = f"{NAME}{person.id}"
    person.name_key = service.sort_key(person.name)
    person.staff_number = new_mark()
    person.phone, person.employment, person.political_status = "", None, None
    person.anonymised_at = clock.now()
    db.session.flush()


def new_mark() -> str:
    """Give a mark in place of a 工号 or a login name; nobody's number looks like it."""
    return f"lg-{secrets.token_hex(MARK_BYTES)}"


def is_unfinished(person_id: int) -> bool:
    """Tell whether something waits that is about the person, or that he has begun."""
    return has_waiting_grant(person_id) or stands_in_import(person_id)


def has_waiting_grant(person_id: int) -> bool:
    """Tell whether a role waits for its decision: his own, or one that he asked for."""
    waiting = select(RoleGrant.id).where(
        roles.waits(),
        or_(RoleGrant.person_id == person_id, RoleGrant.requested_by_id == person_id),
    )
    return db.session.scalar(waiting.limit(1)) is not None


def stands_in_import(person_id: int) -> bool:
    """Tell whether a roster that he uploaded is open, or one could be undone that changed him."""
    kept = select(RosterImport).where(
        RosterImport.erased_at.is_(None),
        RosterImport.state.in_((*OPEN_STATES, RosterImportState.APPLIED)),
    )
    return any(concerns(each, person_id) for each in db.session.scalars(kept))


def concerns(imported: RosterImport, person_id: int) -> bool:
    """Tell whether an import that is not erased yet hangs on a person."""
    if imported.state in OPEN_STATES:
        return imported.uploaded_by_id == person_id
    made = imported.made
    named = {*made.get("people", ()), *map(int, made.get("changed", ()))}
    return person_id in named | {each[0] for each in made.get("departed", ())}


def forget_person(person_id: int) -> None:
    """Delete what this room holds only for the person's sake, and close his accounts."""
    photos.erase(person_id)
    for copy in db.session.scalars(
        select(PersonalCopy).where(
            PersonalCopy.person_id == person_id, PersonalCopy.file_id.is_not(None)
        )
    ).all():
        copies.erase(copy)
    # Why he was away is nobody's business any more; who stood in for others stays with them.
    db.session.execute(delete(Absence).where(Absence.person_id == person_id))
    for account in db.session.scalars(
        select(Account).where(Account.person_id == person_id).with_for_update()
    ).all():
        close(account)
    for appointment in db.session.scalars(
        select(Appointment).where(Appointment.person_id == person_id)
    ).all():
        appointment.login_name = new_mark()
        if appointment.accepted_at is None and appointment.ended_at is None:
            appointment.ended_at = clock.now()
    db.session.flush()


def close(account: Account) -> None:
    """Take from an account its name and whatever opens it."""
    db.session.execute(
        delete(SignInThrottle).where(SignInThrottle.login_name == account.login_name)
    )
    for table in OF_ACCOUNT:
        db.session.execute(delete(table).where(table.account_id == account.id))
    account.login_name, account.password_hash = new_mark(), NO_PASSWORD
    account.disabled_at = account.disabled_at or clock.now()
    db.session.flush()
