"""The way in for servers and commands: `gunicorn "wsgi:serve()"` and `flask --app wsgi VERB`."""

import os

from flask import Flask

from app import create_app
from app.home.commands import require_ready

# What the site writes belongs to its own user: database, queue, files.
os.umask(0o077)

app = create_app()


def serve() -> Flask:
    """Give the application to a server; raises ConfigError where the site is not ready."""
    require_ready(app)
    return app
