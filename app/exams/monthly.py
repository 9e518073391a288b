"""Which exams are 一月一考: tests after a class are none, and a 补考 is no month of its own."""

from sqlalchemy import ColumnElement, and_

from app.exams.models import Exam

# How many of them a course shows.
MONTHS = 12


def is_monthly() -> ColumnElement[bool]:
    """Give the condition in SQL."""
    return and_(Exam.is_for_named.is_(False), Exam.makeup_of_id.is_(None))
