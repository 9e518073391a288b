"""What a view does around one service call: a single write, and the refusal said where it belongs.

A refusal changes nothing. It stands beside the fields of a form, or above the page that one goes
back to.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.kernel.forms import BaseForm, RefusedError

Result = TypeVar("Result")


def save(form: BaseForm, act: Callable[[], Result]) -> Result | None:
    """Run a service call in a write; None when the form or the service refuses.

    `act` gives anything but None. StaleEditError goes through: its page shows what is stored.
    """
    return attempt(form, act) if form.validate() else None


def attempt(form: BaseForm, act: Callable[[], Result]) -> Result | None:
    """Run a service call in a write for a form that is right; None when the service refuses."""
    try:
        with db.write():
            return act()
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return None


def move(act: Callable[[], object], *, done: str, to: str) -> ResponseReturnValue:
    """Run a service call in a write, say what came of it, and go to a page."""
    try:
        with db.write():
            act()
    except RefusedError as refused:
        flash(str(refused), "error")
    else:
        flash(done, "success")
    return redirect(to, 303)
