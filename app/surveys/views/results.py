"""What came of surveys: the list, the report as page, Excel and PDF, and the release of words."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.audit.service import record_export, record_read
from app.files import papers
from app.kernel import htmx, listing, spreadsheets
from app.kernel.acts import attempt
from app.kernel.declared import require
from app.kernel.forms import ask_first, text_in
from app.kernel.permissions import Permission, signed_in
from app.surveys import comments, lists, service
from app.surveys.forms import CoverForm, lines_of
from app.surveys.models import Survey
from app.surveys.papers import REPORT
from app.surveys.reports import Report, report_of
from app.surveys.views import blueprint

READ = Permission.SURVEYS_RESULT_READ
REFUSED = 422


@blueprint.get("")
@require(READ)
def list_surveys() -> ResponseReturnValue:
    """List the surveys with what may be told of each."""
    view = listing.show(
        lists.SURVEYS,
        lists.select_surveys(),
        request.args,
        url=url_for(".list_surveys"),
        export_url=url_for(".export_surveys"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "surveys/list_surveys.html",
        listing=view,
        has_questionnaire=service.get_in_use() is not None,
    )


@blueprint.get("/export")
@require(READ)
def export_surveys() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    return answer_export(
        lists.SURVEYS,
        lists.select_surveys(),
        what="surveys",
        name="满意度调查.xlsx",
        user=signed_in(),
    )


@blueprint.get("/<string:public_id>")
@require(READ)
def show_survey(public_id: str) -> ResponseReturnValue:
    """Show what may be told of a survey; who looks at results stands in the log."""
    survey, user = load(public_id), signed_in()
    report = report_of(survey)
    words = comments.comments_for(user, survey)
    if survey.is_shown:
        record_read(person_id=user.person_id, object_type="survey", object_id=survey.public_id)
    return render_template(
        "surveys/show_survey.html",
        survey=survey,
        report=report,
        comments=words,
        has_comments=comments.has_comments(survey),
    )


def load(public_id: str) -> Survey:
    """Load a survey, or answer 404."""
    survey = service.get_survey(public_id)
    if survey is None:
        abort(404)
    return survey


def load_closed(public_id: str) -> Survey:
    """Load a survey that has been counted, or answer 404: before that there is no report."""
    survey = load(public_id)
    if survey.counted is None:
        abort(404)
    return survey


papers.add_routes(blueprint, REPORT, "/<string:public_id>", READ, load_closed)


@blueprint.get("/<string:public_id>/export")
@require(READ)
def export_survey(public_id: str) -> ResponseReturnValue:
    """Give the report as an Excel file: the same figures as the page, and no words."""
    survey, user = load_closed(public_id), signed_in()
    report = report_of(survey)
    record_export(person_id=user.person_id, what="survey", state=survey.public_id)
    content = spreadsheets.write_book(sheets_of(report))
    return spreadsheets.answer_with(content, f"{report.title}.xlsx")


def sheets_of(report: Report) -> list[spreadsheets.Sheet]:
    """Write a report as sheets."""
    head = [
        ("调查", report.title),
        ("开放时间", report.period),
        ("应填人数", str(report.invited)),
        *([("说明", report.hidden)] if report.hidden else []),
        ("回收份数", report.n),
        ("回收率", report.rate),
        ("满意率（满意+很满意）", report.satisfied),
        ("平均分", report.mean),
        ("一句话", report.sentence),
    ]
    lines = [
        row
        for each in report.questions
        for row in [
            (each.heading, each.figures, "", each.remark or each.condition),
            *(("", label, count, share) for label, count, share in each.rows),
        ]
    ]
    found: list[spreadsheets.Sheet] = [("总体", ("项目", "内容"), head)]
    if report.scales:
        found.append(("满意度题", ("题目", "作答人数", "平均分", "满意率"), report.scales))
    if lines:
        found.append(("各题", ("题目", "选项", "人数", "占比或说明"), lines))
    if report.groups:
        found.append(("按部门", ("部门", "人数", "平均分", "满意率"), report.groups))
    found.append(("统计说明", ("说明",), [(each,) for each in report.definitions]))
    return found


@blueprint.route("/<string:public_id>/comments", methods=["GET", "POST"])
@require(Permission.SURVEYS_COMMENT_RELEASE)
def release_comments(public_id: str) -> ResponseReturnValue:
    """Read what was written, cover names in it, and let the others read it."""
    survey, form = load_closed(public_id), CoverForm()
    if not comments.has_comments(survey) or survey.comments_released_at is not None:
        abort(404)
    if request.method != "POST":
        return draw(survey, form)
    return let_go(survey, form) if "release" in request.form else cover(survey, form)


def cover(survey: Survey, form: CoverForm) -> ResponseReturnValue:
    """Cover names for good."""
    user, words = signed_in(), lines_of(text_in(form.words))

    def act() -> bool:
        comments.cover(survey_id=survey.id, words=words, user=user)
        return True

    if not form.validate() or not attempt(form, act):
        return draw(survey, form, status=REFUSED)
    flash("已遮盖。", "success")
    return redirect(url_for(".release_comments", public_id=survey.public_id), 303)


def let_go(survey: Survey, form: CoverForm) -> ResponseReturnValue:
    """Ask once more, and release."""
    user = signed_in()
    asked = ask_first(
        title="放行文字意见",
        question="放行以后中心领导等能看结果的人都看得到这些意见，不能再遮盖。姓名都遮盖了吗？",
        label="放行",
        back_url=url_for(".release_comments", public_id=survey.public_id),
    )
    if asked is not None:
        return asked

    def act() -> bool:
        comments.release(survey_id=survey.id, user=user)
        return True

    if not attempt(form, act):
        return draw(survey, form, status=REFUSED)
    flash("已放行。", "success")
    return redirect(url_for(".show_survey", public_id=survey.public_id), 303)


def draw(survey: Survey, form: CoverForm, *, status: int = 200) -> ResponseReturnValue:
    """Draw what was written, with the form."""
    page = render_template(
        "surveys/release_comments.html",
        survey=survey,
        form=form,
        comments=comments.list_comments(survey),
    )
    return page, status
