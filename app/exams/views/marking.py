"""Pages of 人工评卷: how far an exam is, and one answer after another, nobody knowing whose."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.exams.faces import face_of
from app.exams.marking_form import MarkingForm
from app.exams.models import Exam, PaperKey, PaperQuestion
from app.exams.service import grading, hand_answers, hand_marking
from app.exams.service.hand_answers import HandAnswer
from app.exams.views import blueprint, pictures
from app.exams.views.papers import load
from app.kernel import clock, db
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.questions import service as questions
from app.questions.key_reading import record_keys_read
from app.questions.kinds import QUESTION_KIND_LABELS

MARK = Permission.EXAMS_ANSWER_MARK
NOT_YET = "考试结束、全部交卷以后才能评分。"
NO_CODE = "没有说明评的是哪一份答卷，没有保存。请打开下一份，再评一次。"
NOT_FOR_ME = "这份答卷已经由别人评了，或者不由你评，没有保存你的分数。"


@blueprint.get("/papers/<int:exam_id>/marking")
@require(MARK)
def list_marking(exam_id: int) -> ResponseReturnValue:
    """List the questions that people mark, and how far each is."""
    exam = load(exam_id)
    return render_template(
        "exams/list_marking.html",
        exam=exam,
        questions=hand_answers.list_progress(exam_id, signed_in().person_id),
        hidden=questions.hidden_from(signed_in()),
        is_open=is_open(exam),
        kinds=QUESTION_KIND_LABELS,
        percent=hand_answers.rule_of(exam).percent,
    )


def is_open(exam: Exam) -> bool:
    """Tell whether answers are marked now: nobody answers any more, and no marks are out."""
    return exam.state in hand_marking.MARKABLE and grading.is_finished(exam, clock.now())


@blueprint.route("/papers/<int:exam_id>/marking/<int:number>", methods=["GET", "POST"])
@require(MARK)
def mark_answers(exam_id: int, number: int) -> ResponseReturnValue:
    """Mark the answer under `code`, or the next one that waits for me."""
    exam = load(exam_id)
    question = find_question(exam, number)
    if not is_open(exam):
        flash(NOT_YET if exam.released_at is None else hand_marking.RELEASED, "error")
        return redirect(url_for("exams.list_marking", exam_id=exam_id), 303)
    record_keys_read(signed_in(), [question.question_id])
    answers = hand_answers.list_answers(exam, question, signed_in().person_id)
    code = request.values.get("code", "")
    answer = find_answer(answers, code)
    form = MarkingForm()
    if request.method == "POST":
        if answer is None or not code:
            lost = NOT_FOR_ME if code else NO_CODE
            return show_answer(exam, question, answers, None, form, lost=lost, status=422)
        return take_marks(exam, question, answers, answer, form)
    if code and answer is None:
        flash(NOT_FOR_ME, "error")
        return redirect(url_for("exams.mark_answers", exam_id=exam_id, number=number), 303)
    form.fill(answer.mine if answer else None)
    return show_answer(exam, question, answers, answer, form)


def take_marks(
    exam: Exam,
    question: PaperQuestion,
    answers: Sequence[HandAnswer],
    answer: HandAnswer,
    form: MarkingForm,
) -> ResponseReturnValue:
    """Store what was typed for an answer, and go on with the next one."""

    def act() -> bool:
        grading.mark_by_hand(
            exam_id=exam.id,
            number=question.number,
            code=answer.code,
            marking=form.marking(),
            user=signed_in(),
        )
        return True

    if save(form, act) is None:
        return show_answer(exam, question, answers, answer, form, status=422)
    flash(f"答卷{answer.code}已评{form.marks.data}分。", "success")
    return redirect(url_for("exams.mark_answers", exam_id=exam.id, number=question.number), 303)


def find_question(exam: Exam, number: int) -> PaperQuestion:
    """Give a question that people mark and whose key I may see, or answer 404."""
    found = [each for each in hand_answers.list_hand_questions(exam.id) if each.number == number]
    if not found or found[0].question_id in questions.hidden_from(signed_in()):
        abort(404)
    return found[0]


def find_answer(answers: Sequence[HandAnswer], code: str) -> HandAnswer | None:
    """Give the answer that was asked for, if it is mine to mark; else the first that waits."""
    if code:
        return next((each for each in answers if each.code == code and is_for_me(each)), None)
    return next((each for each in answers if each.round), None)


def is_for_me(answer: HandAnswer) -> bool:
    """Tell whether I have marked an answer, or it waits for me."""
    return answer.mine is not None or answer.round is not None


def show_answer(
    exam: Exam,
    question: PaperQuestion,
    answers: Sequence[HandAnswer],
    answer: HandAnswer | None,
    form: MarkingForm,
    *,
    lost: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    """Show one answer beside the question and what a good answer says.

    `lost` says why what was typed is stored for no answer; it is shown to be used again.
    """
    key = db.session.get_one(PaperKey, (exam.id, question.number))
    page = render_template(
        "exams/mark_answers.html",
        exam=exam,
        question=question,
        question_face=face_of(question),
        pictures_at=pictures.of_paper(exam.id),
        kind=QUESTION_KIND_LABELS[question.kind],
        model="\n".join(map(str, key.key)),
        basis=key.basis,
        analysis=key.analysis,
        answer=answer,
        form=form,
        lost=lost,
        mine=[each for each in answers if each.mine],
        progress=hand_answers.progress_of(question, answers),
    )
    return page, status
