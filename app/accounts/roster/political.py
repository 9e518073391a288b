"""政治面貌, off by default: kept only where the hall has switched it on.

"政治面貌 is off by default; only 「党员示范岗(支部确认)」 and the branch's own lists".
Switched off it stands in no form, page, file or log, and what is stored is not read. Switched on,
the 经办人 who keeps the roster enters it; he and the 党支部 look at it, each look leaves its mark.
No list and no export ever carries it.
"""

from app.accounts.models import Person, PoliticalStatus
from app.accounts.settings import POLITICAL_STATUS
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import db
from app.kernel.forms import StaleEditError
from app.kernel.permissions import Permission, Principal
from app.settings import service as settings


def is_kept() -> bool:
    """Tell whether the hall keeps it today."""
    return settings.get(POLITICAL_STATUS)


def may_look(principal: Principal, department_id: int) -> bool:
    """Tell whether this principal may see it of somebody who works in a department."""
    return is_kept() and principal.can(
        Permission.ACCOUNTS_POLITICAL_READ, department_id=department_id
    )


def get_status(person_id: int) -> PoliticalStatus | None:
    """Give what is stored; only for pages that have asked `may_look` and leave their mark."""
    return db.session.get_one(Person, person_id).political_status


def change_status(
    *, person_id: int, seen_version: int, status: PoliticalStatus | None, changed_by_id: int
) -> None:
    """Enter it, change it or take it away; raises StaleEditError for an edit of another version.

    The log says that it was changed, never to what.
    """
    person = db.session.get_one(Person, person_id, with_for_update=True)
    if person.version != seen_version:
        raise StaleEditError
    if person.political_status == status:
        return
    person.political_status = status
    db.session.flush()
    append(
        AuditEvent.ACCOUNTS_PERSON_CHANGED,
        person_id=changed_by_id,
        object_type="person",
        object_id=person_id,
        changed=["political_status"],
    )
