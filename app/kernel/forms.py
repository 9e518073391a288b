"""Base of all forms: Chinese messages, trimmed text, and nothing that a database would choke on.

CSRF is checked once for every request by the guard, so forms don't check it again. Rules that need
the database live in the room's service.
"""

import contextlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from unicodedata import category

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DecimalField, Field, ValidationError
from wtforms.fields.core import UnboundField
from wtforms.fields.simple import HiddenField, PasswordField, StringField

MAX_TEXT = 5000
# The password that a dangerous act asks for again; no page ever carries it along.
PROOF_FIELD = "proof_password"
PASSWORD_FIELDS = frozenset({PROOF_FIELD, "password", "repeated", "present"})
PLACES = 2
MAX_DIGITS = 12
UNKNOWN_VERSION = -1
# Control characters, foreign line ends, private and half characters: no font draws them.
UNSEEN = frozenset({"Cc", "Zl", "Zp", "Co", "Cs"})

_babel = Babel()


def init(app: Flask) -> None:
    """Take WTForms' own messages from its Chinese catalogue."""
    app.config["BABEL_DEFAULT_LOCALE"] = "zh_CN"
    _babel.init_app(app)


def trim(value: object) -> object:
    """Take blanks off both ends, full-width ones too, and make line ends uniform."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def plain_text(form: object, field: Field) -> None:
    """Refuse control characters and endless text; PostgreSQL stores no NUL."""
    del form
    text = field.data
    if not isinstance(text, str):
        return
    if len(text) > MAX_TEXT:
        message = f"最多{MAX_TEXT}个字，现在有{len(text)}个字。"
        raise ValidationError(message)
    if any(category(c) in UNSEEN and c not in "\n\t" for c in text):
        message = "含有看不见的控制字符，请重新输入这一项。"
        raise ValidationError(message)


class BaseForm(FlaskForm):  # type: ignore[misc]
    """A form of the site; every text field is trimmed and checked for control characters.

    A password is checked but not trimmed: it is taken as it was typed.
    """

    class Meta:
        """Options that WTForms reads."""

        csrf = False

        def wrap_formdata(self, form: "BaseForm", formdata: Any) -> Any:  # noqa: ANN401
            """Read what was typed: no file and no JSON stands in for the text of a field."""
            del form
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            return request.form if request.method == "POST" and request.form else None

        def bind_field(self, form: "BaseForm", unbound: UnboundField, options: Any) -> Field:  # type: ignore[type-arg]  # noqa: ANN401
            """Give every text field its filter and check."""
            kind = unbound.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options = {**options, "filters": (trim, *options.get("filters", ()))}
            field: Field = unbound.bind(form=form, **options)
            if isinstance(field, StringField):
                field.validators = (plain_text, *field.validators)
            return field

    def add_errors(self, errors: Mapping[str, str]) -> None:
        """Put what the service refused beside the fields it concerns; '' is the whole form."""
        for name, message in errors.items():
            if name and name in self:
                self[name].errors = [*self[name].errors, message]
            else:
                self.form_errors.append(message)


class VersionField(HiddenField):
    """The version that a form was filled in on; junk, or none, counts as one that never was."""

    data: int  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A body without any field is no form to WTForms: nothing would be read of it.
        super().__init__(*args, **{"default": UNKNOWN_VERSION, **kwargs})

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number."""
        self.data = UNKNOWN_VERSION
        with contextlib.suppress(ValueError, IndexError):
            self.data = int(valuelist[0])


class VersionedForm(BaseForm):
    """A form that edits what others may have changed meanwhile."""

    version = VersionField()


class MarksField(DecimalField):
    """Marks as people type them: what has more than two places is refused, never rounded."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a number; NaN and infinity are none."""
        super().process_formdata(valuelist)
        if self.data is None or not self.data.is_finite() or self.data.adjusted() > MAX_DIGITS:
            self.data = None
        elif int(self.data.normalize().as_tuple().exponent) < -PLACES:
            message = "最多写两位小数。"
            raise ValueError(message)


def text_in(field: Field) -> str:
    """Give the text that a person typed into a field; nothing typed is the empty text."""
    return field.data if isinstance(field.data, str) else ""


def date_in(field: Field) -> date:
    """Give the day that a person typed into a field that must be filled in."""
    if not isinstance(field.data, date):
        raise RefusedError(**{field.name: "请填写日期。"})
    return field.data


class StaleEditError(Exception):
    """Somebody else has changed the record since this form was opened; nothing was written."""


class RefusedError(Exception):
    """A service refuses an input: `errors` maps field names to messages that say what to do."""

    def __init__(self, **errors: str) -> None:
        super().__init__("；".join(errors.values()))
        # The whole form is named `form`, because '' can't be a keyword.
        self.errors = {("" if name == "form" else name): text for name, text in errors.items()}


def ask_first(
    *, title: str, question: str, label: str, back_url: str
) -> ResponseReturnValue | None:
    """Give the page that asks once more, unless the form says `confirmed=yes`.

    For acts that can not be taken back. With scripts the question was put in a dialog, which sends
    that field (`data-confirm`, static/js/app.js); what else was posted is posted again.
    """
    if request.form.get("confirmed") == "yes":
        return None
    return render_template(
        "kernel/confirm.html",
        title=title,
        question=question,
        label=label,
        fields=posted_fields(but={"confirmed"}),
        back_url=back_url,
    )


def posted_fields(*, but: Collection[str]) -> list[tuple[str, str]]:
    """Give what was posted, to be posted again by a page in between; no token and no password.

    Whoever had typed a new password types it once more: no page holds one in clear.
    """
    left_out = {"csrf_token", *PASSWORD_FIELDS, *but}
    return [pair for pair in request.form.items(multi=True) if pair[0] not in left_out]
