"""What surrounds every page: the hall, the person, the navigation, the mark of a demonstration."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import Flask, current_app, has_request_context, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from app.accounts import service as accounts
from app.inbox import service as inbox
from app.kernel.config import Config
from app.kernel.feature import NavigationEntry, Section, features
from app.kernel.permissions import Permission, Principal, principal

SITE_NAME = "清廉窗口"


@dataclass(frozen=True, kw_only=True)
class Link:
    """One line of the navigation as the page draws it; a section that is open has entries below."""

    label: str
    url: str
    is_current: bool
    entries: Sequence["Link"] = ()


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
        "tour_url": url_for("entrance.show_tour") if config.is_demo else "",
        "is_plain_http": config.is_plain_http and not config.is_demo,
        "home_url": url_for("home.show_home"),
        "inbox_url": url_for("inbox.list_steps"),
        "count_waiting": partial(count_waiting, user),
        "sign_out_url": url_for("accounts.sign_out"),
    }


def read_surroundings() -> tuple[Principal | None, str]:
    """Read person and hall; an error page must do without them when the database is down."""
    try:
        return principal() if request.endpoint else None, accounts.hall_name()
    except SQLAlchemyError:
        return None, accounts.UNNAMED_HALL


def count_waiting(user: Principal | None) -> int:
    """Count what waits for a person, as 待办 lists it; asked by pages that show it."""
    return inbox.count_steps(user) if user else 0


def refuse_all(_permission: Permission) -> bool:
    """Answer `can` for somebody who is not signed in."""
    return False


def navigation_of(user: Principal) -> list[Link]:
    """Give a person's navigation: the sections that his permissions open, in the site's order.

    A section with one entry is that entry; of the others only the open one shows what it holds.
    """
    entries = sorted(
        (entry for room in features(current_app) for entry in room.navigation),
        key=lambda entry: entry.position,
    )
    mine = [entry for entry in entries if user.can(entry.permission)]
    sections = [[each for each in mine if each.section is section] for section in Section]
    return [link_of(found) for found in sections if found]


def link_of(found: Sequence[NavigationEntry]) -> Link:
    """Draw a section with its entries."""
    links = [
        Link(
            label=entry.label,
            url=url_for(entry.endpoint),
            is_current=request.endpoint in {entry.endpoint, *entry.endpoints},
        )
        for entry in found
    ]
    if len(links) == 1:
        return links[0]
    is_open = any(each.is_current for each in links)
    return Link(
        label=found[0].section.value,
        url=links[0].url,
        is_current=is_open,
        entries=links if is_open else (),
    )
