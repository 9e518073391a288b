"""What the signed cookie carries: the secret of a server-side session, and the CSRF secret."""

from flask import session

from app.accounts.sessions import SignedIn

# Under this name Flask-Login looks for it.
SESSION_KEY = "_user_id"


def remember(signed: SignedIn) -> None:
    """Begin a new browser session: a new id and a new CSRF secret, nothing kept from before."""
    session.clear()
    session[SESSION_KEY] = signed.token
