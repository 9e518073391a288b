"""The way in for servers and commands: `gunicorn "wsgi:serve()"` and `flask --app wsgi VERB`."""

from flask import Flask

from app import create_app
from app.home.commands import require_ready

app = create_app()


def serve() -> Flask:
    """Give the application to a server; raises ConfigError where the site is not ready."""
    require_ready(app)
    return app
