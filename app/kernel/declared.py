"""What each view declares: the permission that it needs, or that it is public, and how it answers.

A view declares one permission with `@require`, or is one of the few `PUBLIC_ENDPOINTS` with
`@public`; a route with neither keeps the site from starting. Who holds which permission stands in
permissions.py, and `guard` asks both before any view runs.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask

from app.kernel.permissions import DEMO_ENDPOINTS, PUBLIC_ENDPOINTS, Permission


class UndeclaredRouteError(Exception):
    """A route declares neither a permission nor that it is public: the site does not start."""


View = TypeVar("View", bound=Callable[..., Any])

_required: dict[Callable[..., Any], Permission] = {}
_public: set[Callable[..., Any]] = set()
_answers_json: set[Callable[..., Any]] = set()
_proven: set[Callable[..., Any]] = set()
_polling: set[Callable[..., Any]] = set()
_delegable: set[Callable[..., Any]] = set()
_untraced: set[Callable[..., Any]] = set()
_signed_forms: set[Callable[..., Any]] = set()
_largest_body: dict[Callable[..., Any], int] = {}


def require(permission: Permission) -> Callable[[View], View]:
    """Declare the permission that a view needs."""

    def declare(view: View) -> View:
        _required[view] = permission
        return view

    return declare


def public(view: View) -> View:
    """Declare that a view needs no sign-in; its endpoint must stand in PUBLIC_ENDPOINTS."""
    _public.add(view)
    return view


def answers_json(view: View) -> View:
    """Declare that a script calls this view: refusals come as JSON, never as a sign-in page."""
    _answers_json.add(view)
    return view


def proven(view: View) -> View:
    """Declare that a view is dangerous: it wants the password typed within the last minutes."""
    _proven.add(view)
    return view


def polling(view: View) -> View:
    """Declare that an open page asks this view for its fragment again and again, by itself.

    Such a request shows that a page is open and not that anybody is there: it keeps no session
    alive. The page itself, which a person opens, does.
    """
    _polling.add(view)
    return view


def delegable(view: View) -> View:
    """Declare that the B角 of somebody who is away may open this view in his place.

    It decides by itself, through the engine of workflows, what he may do there.
    """
    _delegable.add(view)
    return view


def untraced(view: View) -> View:
    """Declare that a view takes what its sender was promised to stay unknown for, though signed in.

    His session keeps no time of it, and a refusal is written down without him.
    """
    _untraced.add(view)
    return view


def is_untraced(app: Flask, endpoint: str) -> bool:
    """Tell whether nothing may remember who has opened a view, or when."""
    return app.view_functions[endpoint] in _untraced


def is_delegable(app: Flask, endpoint: str) -> bool:
    """Tell whether a view is open to those who act in another's place."""
    return app.view_functions[endpoint] in _delegable


def is_polled(app: Flask, endpoint: str) -> bool:
    """Tell whether fragments of this endpoint are asked for by a page and not by a person."""
    return app.view_functions[endpoint] in _polling


def signed_form(view: View) -> View:
    """Declare that a public view takes forms with a signed token: it has no session to hold one."""
    _signed_forms.add(view)
    return view


def has_signed_form(app: Flask, endpoint: str) -> bool:
    """Tell whether the forms of an endpoint carry a signed token instead of the session's."""
    return app.view_functions[endpoint] in _signed_forms


def takes_bytes(most: int) -> Callable[[View], View]:
    """Declare that a view takes a larger body than the site's, such as a photo (IN3)."""

    def declare(view: View) -> View:
        _largest_body[view] = most
        return view

    return declare


def largest_body(app: Flask, endpoint: str) -> int | None:
    """Give how many bytes an endpoint takes where that is more than the site's limit."""
    return _largest_body.get(app.view_functions[endpoint])


def needs_proof(app: Flask, endpoint: str) -> bool:
    """Tell whether an endpoint wants the password typed again."""
    return app.view_functions[endpoint] in _proven


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """Give the permission that an endpoint needs; None for a public one."""
    return _required.get(app.view_functions[endpoint])


def wants_json(app: Flask, endpoint: str | None) -> bool:
    """Tell whether refusals of this endpoint are read by a script."""
    return endpoint is not None and app.view_functions.get(endpoint) in _answers_json


def check_declarations(app: Flask) -> None:
    """Refuse to start with a route that nobody declared; raises UndeclaredRouteError."""
    allowed = PUBLIC_ENDPOINTS | (DEMO_ENDPOINTS if app.config["IS_DEMO"] else frozenset())
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if (view in _public) == (view in _required):
            message = f"{rule.endpoint} must be either public or require one permission"
            raise UndeclaredRouteError(message)
        if view in _public and rule.endpoint not in allowed:
            message = f"{rule.endpoint} is public but not in PUBLIC_ENDPOINTS"
            raise UndeclaredRouteError(message)
