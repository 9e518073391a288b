"""The one-time code that lets the first person in: printed at the start, gone once used."""

import hmac
import secrets
from pathlib import Path

from flask import current_app

from app.kernel.config import Config, write_secret

CODE_BYTES = 9
# As the command prints it: who copies the whole line is let in too.
LABEL = "启动码："


def path_of_code() -> Path:
    """Where the code waits for its use; readable by the owner of the site alone."""
    config: Config = current_app.config["SITE"]
    return config.var / "secrets" / "set-up-code"


def make() -> str:
    """Make a new code and return it; an older one is void."""
    code = secrets.token_hex(CODE_BYTES)
    write_secret(path_of_code(), code)
    return code


def is_right(code: str) -> bool:
    """Compare a typed code in constant time; without a waiting code nothing is right."""
    try:
        expected = path_of_code().read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return False
    typed = code.removeprefix(LABEL).strip()
    return hmac.compare_digest(expected.encode(), typed.encode())


def use_up() -> None:
    """Void the code."""
    path_of_code().unlink(missing_ok=True)
