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
COOKIE = "clean-window"
# CSRF tokens by the cookie that they go with, and that cookie by the session of the world in it.
_tokens: dict[str, str] = {}
_cookies: dict[str, str] = {}


def session_of(client: FlaskClient) -> str:
    """Give the world's session in a visitor's cookie: its token, or that of the first step."""
    with client.session_transaction() as session:
        return session.get("_user_id") or session.get("challenge") or ""


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
        """Give a CSRF token of this session; it is asked for once."""
        if self.cookie not in _tokens:
            session = session_of(self.client)
            token = self.client.get("/sign-in/again").get_json()["csrf_token"]
            _tokens[self.cookie] = token
            if session:
                _cookies[session] = self.cookie
        return _tokens[self.cookie]

    @property
    def cookie(self) -> str:
        """Give the value of the cookie that this visitor has; '' for none."""
        found = self.client.get_cookie(COOKIE)
        return found.value if found else ""

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
        if who != "anon":
            # Of the other one the password was right, and the code is still to come.
            key, token = "challenge" if who == "challenged" else "_user_id", self.world.tokens[who]
            if token in _cookies:
                client.set_cookie(COOKIE, _cookies[token])
            else:
                with client.session_transaction() as session:
                    session[key] = token
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
