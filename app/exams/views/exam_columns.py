"""The columns that lists of exams share: the title, what it is now, and when it is open."""

from collections.abc import Callable
from typing import TypeVar

from flask import url_for

from app.exams.models import EXAM_PHASE_LABELS, Exam, ExamPhase
from app.kernel import clock, formats
from app.kernel.listing import Cell, Column

Row = TypeVar("Row")

PHASE_TAGS = {
    ExamPhase.DRAFT: "tag",
    ExamPhase.SUBMITTED: "tag-amber",
    ExamPhase.REVIEWED: "tag-amber",
    ExamPhase.APPROVED: "tag-amber",
    ExamPhase.SCHEDULED: "tag-blue",
    ExamPhase.OPEN: "tag-green",
    ExamPhase.CLOSED: "tag-amber",
    ExamPhase.GRADED: "tag-amber",
    ExamPhase.RELEASED: "tag",
    ExamPhase.CANCELLED: "tag",
}


def title_column(exam_of: Callable[[Row], Exam], endpoint: str) -> Column[Row]:
    """Show the title; it leads to a page of the exam."""

    def cell(row: Row) -> Cell:
        exam = exam_of(row)
        return Cell(text=exam.title, href=url_for(endpoint, exam_id=exam.id))

    return Column(name="title", label="考试", cell=cell, sort=Exam.title)


def phase_column(exam_of: Callable[[Row], Exam]) -> Column[Row]:
    """Show what an exam is now."""

    def cell(row: Row) -> Cell:
        phase = exam_of(row).phase(clock.now())
        return Cell(text=EXAM_PHASE_LABELS[phase], kind=PHASE_TAGS[phase])

    return Column(name="phase", label="状态", cell=cell)


def time_columns(exam_of: Callable[[Row], Exam]) -> list[Column[Row]]:
    """Show from when to when an exam is open."""
    return [
        Column(
            name="opens",
            label="开放时间",
            cell=lambda row: formats.short_moment(exam_of(row).opens_at),
            sort=Exam.opens_at,
            export=lambda row: exam_of(row).opens_at,
        ),
        Column(
            name="closes",
            label="结束时间",
            cell=lambda row: formats.short_moment(exam_of(row).closes_at),
            sort=Exam.closes_at,
            export=lambda row: exam_of(row).closes_at,
        ),
    ]
