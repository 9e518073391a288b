"""What forms of this room offer from the registers of the hall."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from app.accounts.roster.models import ServiceItem
from app.kernel import clock, db


def list_service_items() -> Sequence[ServiceItem]:
    """Give the 事项 in use, by name."""
    open_now = or_(ServiceItem.closed_on.is_(None), ServiceItem.closed_on > clock.today())
    return db.session.scalars(
        select(ServiceItem).where(open_now).order_by(ServiceItem.name, ServiceItem.id)
    ).all()
