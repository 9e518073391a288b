"""Forms of pages that anybody may open: no session and no cookie, a signed token instead (PU2).

"Public suggestion: signed form token, honeypot, minimum fill time." The token says for which page
it was handed out and when; whoever sends none, or one that somebody made up, gets 400. A person who
was too quick, too slow, or filled in the field that no person sees keeps what he typed. How often
an address may send stands in app/accounts/arrivals.py, which has a table.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeSerializer
from wtforms import HiddenField, StringField, ValidationError

from app.kernel import clock
from app.kernel.forms import BaseForm

SALT = "public-form"
TOKEN_FIELD = "csrf_token"  # noqa: S105 - the name of a field.
NONCE_BYTES = 16
# Nobody has read a page and written a sentence before that.
WRITING = timedelta(seconds=3)
LONGEST = timedelta(hours=12)
TOO_QUICK = "填写得太快了，请核对内容以后再提交一次。"
TOO_SLOW = "这一页打开得太久了，填写的内容还在，请再提交一次。"
TRAP_FILLED = "这一栏请留空。"


def serializer() -> URLSafeSerializer:
    """Give what signs the tokens of these forms and of nothing else."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)


def make_token(endpoint: str) -> str:
    """Give a token for the forms of one page, with a number that no other has."""
    issued = clock.now().isoformat()
    return serializer().dumps([endpoint, secrets.token_urlsafe(NONCE_BYTES), issued])


def read_token() -> tuple[str, str, datetime] | None:
    """Give endpoint, number and time of this request's token; None for one that is not ours."""
    text = request.form.get(TOKEN_FIELD, "")
    try:
        endpoint, nonce, issued = serializer().loads(text)
    except (BadData, ValueError, TypeError):
        return None
    return str(endpoint), str(nonce), datetime.fromisoformat(issued)


def check_token() -> None:
    """Refuse a form that the site did not hand out for this page; raises CSRFError."""
    token = read_token()
    if token is None or token[0] != request.endpoint:
        raise CSRFError("the signed token of a public form is missing or forged")


def nonce() -> str:
    """Give the number of this request's token, after `check_token`."""
    token = read_token()
    return token[1] if token else ""


class PublicForm(BaseForm):
    """A form of a public page. `renew` puts a fresh token into it where the old one is used up."""

    # How long it takes a person at least; nothing for a form of one choice.
    shortest = WRITING
    csrf_token = HiddenField()
    # Hidden by the style sheet: a person leaves it empty, a program fills in whatever it finds.
    website = StringField("网址（请留空）")

    def validate_website(self, field: StringField) -> None:
        """Refuse what fills in everything."""
        if field.data:
            raise ValidationError(TRAP_FILLED)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - WTForms' own.
        """Look at the time that it took, beside the fields."""
        is_valid: bool = super().validate(extra_validators)
        token = read_token()
        age = clock.now() - token[2] if token else LONGEST
        if self.shortest <= age < LONGEST:
            return is_valid
        if age >= LONGEST:
            self.renew()
        self.form_errors.append(TOO_QUICK if age < self.shortest else TOO_SLOW)
        return False

    def renew(self) -> None:
        """Give the form the token of a new page."""
        self.csrf_token.data = make_token(request.endpoint or "")
