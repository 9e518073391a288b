"""Failed sign-ins are counted by address and from everywhere, beside the count per login name.

Only failures count: a hall behind one address signs in as often as it likes. Within five minutes an
address may fail a hundred times and all together a thousand; who comes after is refused like
everybody who is refused. The counts lie in the database, so that a restart forgets nothing.
"""

from datetime import timedelta
from ipaddress import IPv6Address, ip_network

from sqlalchemy import case, delete

from app.accounts.sign_in_models import AddressThrottle
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.client_address import parse

WINDOW = timedelta(minutes=5)
EVERYWHERE = ""
MOST_PER_ADDRESS = 100
MOST_FROM_EVERYWHERE = 1000
IPV6_HOME = 64


def scope_of(address: str) -> str:
    """Give what is counted as one address: of IPv6 the whole network of a household."""
    found = parse(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, IPV6_HOME), strict=False).network_address)
    return str(found) if found else "unknown"


def is_limited(address: str) -> bool:
    """Tell whether sign-ins from there are refused at the moment."""
    return reached(scope_of(address), MOST_PER_ADDRESS) or reached(EVERYWHERE, MOST_FROM_EVERYWHERE)


def reached(scope: str, most: int) -> bool:
    """Tell whether a count of the present window has reached its limit."""
    row = db.session.get(AddressThrottle, scope)
    return row is not None and row.failures >= most and row.since > clock.now() - WINDOW


def count_failure(address: str) -> None:
    """Count a failure for the address and for everywhere, in the open write."""
    sweep(address)
    for scope, most in ((scope_of(address), MOST_PER_ADDRESS), (EVERYWHERE, MOST_FROM_EVERYWHERE)):
        if count(scope) == most:
            append(AuditEvent.ACCOUNTS_ADDRESS_LIMITED, person_id=None, is_global=scope == "")


def count(scope: str) -> int:
    """Add one to a count; a window that is over begins anew. Gives the count."""
    now = clock.now()
    is_over = AddressThrottle.since <= now - WINDOW
    statement = db.insert(AddressThrottle).values(address=scope, failures=1, since=now)
    failures: int = db.session.scalars(
        statement.on_conflict_do_update(
            index_elements=["address"],
            set_={
                "failures": case((is_over, 1), else_=AddressThrottle.failures + 1),
                "since": case((is_over, now), else_=AddressThrottle.since),
            },
        ).returning(AddressThrottle.failures)
    ).one()
    return failures


def sweep(address: str) -> None:
    """Forget addresses whose window is over: who came from where is kept no longer than needed."""
    kept = {scope_of(address), EVERYWHERE}
    db.session.execute(
        delete(AddressThrottle).where(
            AddressThrottle.since <= clock.now() - WINDOW, AddressThrottle.address.not_in(kept)
        )
    )
