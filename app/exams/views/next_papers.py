"""Drafts that come of another exam: 复制上期, 补考."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.exams.kinds import MAKEUP_RULE_LABELS, MakeupRule
from app.exams.models import ExamState
from app.exams.service import copying, makeups, papers
from app.exams.views import blueprint
from app.exams.views.papers import load, paper_url
from app.kernel import db
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import BaseForm, RefusedError
from app.kernel.permissions import Permission, signed_in

COPIED = "已复制为下一期草稿，请核对时间和试卷后送审。"
COPIED_DRAWN = "已复制为下一期草稿，正在组卷。请核对时间，看过各套卷后送审。"


class MakeupForm(BaseForm):
    """Which mark counts."""

    rule = SelectField(
        "成绩以哪一次为准",
        choices=[SelectChoice(each.value, label) for each, label in MAKEUP_RULE_LABELS.items()],
        default=MakeupRule.PASS_ONLY.value,
        description="缓考的人没有考过，总按补考成绩计。",
    )


@blueprint.post("/papers/<int:exam_id>/copy")
@require(Permission.EXAMS_PAPER_DRAFT)
def copy_paper(exam_id: int) -> ResponseReturnValue:
    """复制上期: draft the next month's exam and draw its forms."""
    load(exam_id)
    try:
        with db.write():
            made = copying.copy_paper(source_id=exam_id, copied_by_id=signed_in().person_id)
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(paper_url(exam_id), 303)
    flash(COPIED_DRAWN if papers.list_rows(made) else COPIED, "success")
    return redirect(paper_url(made), 303)


@blueprint.route("/papers/<int:exam_id>/makeup", methods=["GET", "POST"])
@require(Permission.EXAMS_PAPER_DRAFT)
def draft_makeup(exam_id: int) -> ResponseReturnValue:
    """Show who is to sit again and why; then draft the 补考."""
    exam = load(exam_id)
    form = MakeupForm()
    if exam.state is not ExamState.RELEASED:
        flash(makeups.NOT_RELEASED, "error")
        return redirect(paper_url(exam_id), 303)
    status = 200
    if request.method == "POST":
        user = signed_in()

        def draft() -> int:
            rule = MakeupRule(form.rule.data)
            return makeups.draft_makeup(source_id=exam_id, rule=rule, drafted_by_id=user.person_id)

        made = save(form, draft)
        if made is not None:
            flash("已起草补考，请核对时间和试卷后送审。", "success")
            return redirect(paper_url(made), 303)
        status = 422
    people = list(makeups.list_candidates(exam).values())
    counts = [
        (label, people.count(reason)) for reason, label in makeups.MAKEUP_REASON_LABELS.items()
    ]
    page = render_template(
        "exams/draft_makeup.html", exam=exam, form=form, counts=counts, total=len(people)
    )
    return page, status
