"""What tests of several files of this room stand in."""

import pytest


@pytest.fixture
def hall(app, monkeypatch):
    """Work inside the application; wake-ups are the business of another process."""
    monkeypatch.setitem(app.extensions, "wake-worker", lambda _job_id: None)
    with app.app_context():
        yield app
