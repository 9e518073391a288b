"""Somebody in the world who sends any request to any route, with a token where one is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.site.world import World
from tests.support.pages import Browser

FRAGMENT = {"HX-Request": "true"}


@dataclass(frozen=True)
class Visit:
    """One visitor."""

    app: Flask
    client: FlaskClient
    who: str

    @property
    def browser(self) -> Browser:
        """The same visitor with the page client that checks every page."""
        return Browser(app=self.app, client=self.client, who=self.who)

    def token(self) -> str:
        """Give a CSRF token of this session."""
        answer = self.client.get("/sign-in/again").get_json()
        return answer["csrf_token"]

    def send(
        self,
        method: str,
        url: str,
        data: Any = None,
        *,
        fragment: bool = False,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> TestResponse:
        """Send a request; one that writes carries a valid token."""
        sent = dict(FRAGMENT if fragment else {})
        if method not in {"GET", "HEAD", "OPTIONS"}:
            sent["X-CSRFToken"] = self.token()
        sent.update(headers or {})
        return self.client.open(url, method=method, data=data, headers=sent, **options)


def visit(app: Flask, world: World, who: str) -> Visit:
    """Let a member of the cast in with his session of the world; `anon` has none."""
    client = app.test_client()
    if who != "anon":
        with client.session_transaction() as session:
            session["_user_id"] = world.tokens[who]
    return Visit(app, client, who)
