"""Administrators work from named networks only (等保: 应限制管理终端的接入地址).

Where the deployment names none, they may come from anywhere. From elsewhere a right password opens
nothing and a living session answers 403; both are written down.
"""

from flask import abort, current_app, request

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import db
from app.kernel.client_address import is_within, parse
from app.kernel.config import Config
from app.kernel.permissions import Principal


def may_administer_from(address: str) -> bool:
    """Tell whether an administrator's account may be used from there."""
    config: Config = current_app.config["SITE"]
    return not config.admin_networks or is_within(parse(address), config.admin_networks)


def refuse_from_elsewhere(user: Principal) -> None:
    """Answer 403 to an administrator's session from a foreign network; a check of the guard."""
    if not user.is_administrator or may_administer_from(request.remote_addr or ""):
        return
    with db.write():
        append(
            AuditEvent.ACCOUNTS_NETWORK_REFUSED,
            person_id=user.person_id,
            object_type="account",
            object_id=user.account_id,
        )
    abort(403)
