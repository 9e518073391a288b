"""The site in the middle of a month, and visitors who send it any request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.site.table import Row
from tests.site.world import World
from tests.support.pages import Browser

FRAGMENT = {"HX-Request": "true"}
SAFE = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True)
class Visit:
    """Somebody in the hall."""

    app: Flask
    client: FlaskClient
    who: str

    @property
    def browser(self) -> Browser:
        """The same visitor with the page client that checks every page."""
        return Browser(app=self.app, client=self.client, who=self.who)

    def token(self) -> str:
        """Give a CSRF token of this session."""
        return self.client.get("/sign-in/again").get_json()["csrf_token"]

    def send(
        self,
        method: str,
        url: str,
        data: Any = None,
        *,
        fragment: bool = False,
        **options: Any,
    ) -> TestResponse:
        """Send a request; one that writes carries a valid token."""
        headers = {**(FRAGMENT if fragment else {}), **options.pop("headers", {})}
        if method not in SAFE:
            headers["X-CSRFToken"] = self.token()
        return self.client.open(url, method=method, data=data, headers=headers, **options)


@dataclass
class Hall:
    """The site, what is in it, and the way to put that back."""

    app: Flask
    restore: Callable[[], World]
    world: World

    def put_back(self) -> None:
        """Let everything be as it was made."""
        self.world = self.restore()

    def visit(self, who: str) -> Visit:
        """Let a member of the cast in with his session of the world; `anon` has none."""
        client = self.app.test_client()
        if who == "challenged":
            # Whose password was right, and whose code is still to come.
            with client.session_transaction() as session:
                session["challenge"] = self.world.tokens[who]
        elif who != "anon":
            with client.session_transaction() as session:
                session["_user_id"] = self.world.tokens[who]
        return Visit(self.app, client, who)

    def url(self, row: Row) -> str:
        """Give the address of a row of the table."""
        return self.address(row["endpoint"], row["object"], rule=row["rule"])

    def address(self, endpoint: str, name: str = "", *, rule: str = "", method: str = "GET") -> str:
        """Give the address of an endpoint for an object of the world."""
        given: Mapping[str, Any] = self.world.objects[name] if name else {}
        fitting = [
            each
            for each in self.app.url_map.iter_rules(endpoint)
            if each.rule == rule or (not rule and method in each.methods)
        ]
        # Of several the one that takes the object, or the plain one.
        chosen = min(fitting, key=lambda each: bool(each.arguments) != bool(name))
        with self.app.test_request_context():
            built = chosen.build({each: given[each] for each in chosen.arguments})
        assert built, f"{endpoint} takes no {name}"
        return built[1]
