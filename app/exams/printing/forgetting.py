"""What goes with a person who left long ago: the papers of exams on which his name stands."""

from sqlalchemy import select

from app.exams.models import ExamNotice, Sitting
from app.exams.printing.department import DEPARTMENT_SHEET
from app.exams.printing.evidence_pack import EVIDENCE_PACK
from app.exams.printing.notice import NOTICE
from app.exams.printing.result_sheet import RESULT_SHEET
from app.files.papers import erase_papers
from app.kernel import db


def forget_person(person_id: int) -> None:
    """Delete them, in the open write; printed again, they no longer name him."""
    for sitting in db.session.scalars(select(Sitting).where(Sitting.person_id == person_id)).all():
        for kind in (RESULT_SHEET, EVIDENCE_PACK):
            erase_papers(kind.name, sitting.id)
        erase_papers(DEPARTMENT_SHEET.name, sitting.exam_id, part=sitting.department_id)
    for notice in db.session.scalars(select(ExamNotice)).all():
        if person_id in notice.praised_ids:
            erase_papers(NOTICE.name, notice.exam_id)
