"""Fixtures of the exam tests: a published paper of three questions, and people who sit it."""

import pytest

from tests.exams.factories import Examinee, publish_exam


@pytest.fixture
def exam_id(app):
    """An exam with one question of each kind, open from now on for eight hours."""
    with app.app_context():
        return publish_exam()


@pytest.fixture
def enter(browse, exam_id):
    """Let a member of the cast start the exam; gives the examinee."""

    def start(who="staff"):
        examinee = Examinee(browse(who), exam_id)
        examinee.start()
        return examinee

    return start
