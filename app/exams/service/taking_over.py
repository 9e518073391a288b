"""Going on in another browser: openly, and written down for both.

SE6: the answers stay; what the old browser still sends is kept aside, neither lost nor mixed in.
"""

from app.audit.models import AuditEvent
from app.audit.service import append
from app.exams.models import Sitting
from app.kernel import clock, db
from app.kernel.forms import RefusedError


def take_over(*, sitting_id: int, device: str, person_id: int) -> None:
    """Let another browser answer from now on; raises RefusedError once the sitting is over."""
    sitting = db.session.get_one(Sitting, sitting_id, with_for_update=True)
    if sitting.started_at is None or sitting.is_over(clock.now()):
        raise RefusedError(form="这场考试已经结束，不用换设备。")
    before, sitting.device = sitting.device, device
    if before == device:
        return
    append(
        AuditEvent.EXAMS_TAKEN_OVER,
        person_id=person_id,
        object_type="sitting",
        object_id=sitting.public_id,
    )
