"""What surrounds every page: the hall, the person, the navigation, the mark of a demonstration."""

from dataclasses import dataclass

from flask import Flask, current_app, has_request_context, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import service as accounts
from app.kernel.config import Config
from app.kernel.feature import features
from app.kernel.permissions import Permission, Principal, principal

SITE_NAME = "清廉窗口"


@dataclass(frozen=True, kw_only=True)
class Link:
    """One entry of the navigation as the page draws it."""

    label: str
    url: str
    is_current: bool
    count: int | None = None


def init(app: Flask) -> None:
    """Give every template what the base page shows."""
    app.context_processor(surroundings)


def surroundings() -> dict[str, object]:
    """Gather it for one page; a template rendered outside a request gets nothing."""
    if not has_request_context():
        return {}
    config: Config = current_app.config["SITE"]
    user, hall_name = read_surroundings()
    return {
        "principal": user,
        "can": user.can if user else refuse_all,
        "Permission": Permission,
        "navigation": navigation_of(user) if user else [],
        "hall_name": hall_name,
        "site_name": SITE_NAME,
        "is_demo": config.is_demo,
        "is_plain_http": config.is_plain_http and not config.is_demo,
        "home_url": url_for("home.show_home"),
        "sign_out_url": url_for("accounts.sign_out"),
    }


def read_surroundings() -> tuple[Principal | None, str]:
    """Read person and hall; an error page must do without them when the database is down."""
    try:
        return principal() if request.endpoint else None, accounts.hall_name()
    except SQLAlchemyError:
        return None, accounts.UNNAMED_HALL


def refuse_all(_permission: Permission) -> bool:
    """Answer `can` for somebody who is not signed in."""
    return False


def navigation_of(user: Principal) -> list[Link]:
    """Give a person's navigation: what his permissions open, in the site's order."""
    entries = sorted(
        (entry for room in features(current_app) for entry in room.navigation),
        key=lambda entry: entry.position,
    )
    return [
        Link(
            label=entry.label,
            url=url_for(entry.endpoint),
            is_current=request.endpoint in {entry.endpoint, *entry.endpoints},
        )
        for entry in entries
        if user.can(entry.permission)
    ]
