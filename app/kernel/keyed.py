"""Digests with the site's own key: the same at every look, and to be worked out by nobody else."""

import hmac
from hashlib import sha256

from flask import current_app


def digest(text: str) -> str:
    """Give the digest of a text, 64 hexadecimal digits; other for every site."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, text.encode(), sha256).hexdigest()
