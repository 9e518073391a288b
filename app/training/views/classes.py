"""The ledger of classes, one's own, one class, and its draft."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.audit.exports import answer_export
from app.files import papers as printed
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, Principal, signed_in
from app.surveys import service as surveys
from app.training import classes, effects, lists, materials, papers, plan, post_tests
from app.training import sign_ins as signing
from app.training.forms import SUBMIT, ClassForm, CodeForm
from app.training.models import (
    CLASS_KIND_LABELS,
    DRAFT_STATES,
    HELD_STATES,
    REVIEW_STATES,
    ClassKind,
    ClassState,
    PlanItem,
    TrainingClass,
)
from app.training.views import blueprint
from app.training.views.loading import DRAFT, REFUSED, STALE, load, load_listed, load_own
from app.training.workflow import FLOW, SOURCE
from app.workflow import service as workflow
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

VIEW, READ = Permission.TRAINING_CLASS_VIEW, Permission.TRAINING_CLASS_READ
TEST = Permission.EXAMS_PAPER_DRAFT
STALE_TEXT = "别人刚改过这个课堂，请返回看过最新内容再改。"


@blueprint.get("/classes")
@require(READ)
def list_classes() -> ResponseReturnValue:
    """List the classes that I may see."""
    user = signed_in()
    view = listing.show(
        lists.CLASSES,
        lists.select_ledger(user),
        request.args,
        url=url_for("training.list_classes"),
        export_url=url_for("training.export_classes"),
        empty_action=("新建课堂", url_for("training.new_class")) if user.can(DRAFT) else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "training/list_classes.html",
        listing=view,
        tabs=lists.tabs_of(user, "training.list_classes"),
        may_draft=user.can(DRAFT),
    )


@blueprint.get("/classes/export")
@require(READ)
def export_classes() -> Response:
    """Give the ledger as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.CLASSES,
        lists.select_ledger(user),
        what="classes",
        name="培训课堂.xlsx",
        user=user,
    )


@blueprint.get("/own-classes")
@require(VIEW)
def list_own_classes() -> ResponseReturnValue:
    """List the classes for which I am booked, or that I teach."""
    user = signed_in()
    view = listing.show(
        lists.OWN_CLASSES,
        lists.select_own(user),
        request.args,
        url=url_for("training.list_own_classes"),
        export_url=url_for("training.export_own_classes"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("training/list_own_classes.html", listing=view)


@blueprint.get("/own-classes/export")
@require(VIEW)
def export_own_classes() -> Response:
    """Give my classes as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.OWN_CLASSES,
        lists.select_own(user),
        what="own_classes",
        name="我的课堂.xlsx",
        user=user,
    )


@blueprint.get("/classes/<string:public_id>")
@require(VIEW)
def show_class(public_id: str) -> ResponseReturnValue:
    """Show a class: what it is, what I may do, and how I stand to it."""
    found, user = load(public_id), signed_in()
    is_listed = classes.get_listed_for(user, public_id) is not None
    return render_template(
        "training/show_class.html",
        found=found,
        kind=CLASS_KIND_LABELS[found.kind],
        facts=facts_of(found, is_listed=is_listed),
        counts=classes.count(found.id) if is_listed else None,
        is_held=found.state in HELD_STATES,
        panel=panel_of(FLOW, found, user) if is_listed else None,
        acts=acts_of(found, user) if is_listed else [],
        materials=materials.list_materials(found.id),
        may_remove=is_listed and classes.covers(user, DRAFT, found),
        **own_part(found, user),
    )


def facts_of(found: TrainingClass, *, is_listed: bool) -> list[dict[str, str]]:
    """Give what is told of a class."""
    start = clock.local(found.starts_at).date()
    hours = f"{formats.time_of_day(found.starts_at)}—{formats.time_of_day(found.ends_at)}"
    lines = [
        ("时间", f"{formats.day(start)} {formats.weekday(start)} {hours}"),
        ("地点", found.place),
        ("讲师", found.teacher),
        ("对象", classes.audience_text(found)),
    ]
    if found.aim:
        lines.append(("预期改变", found.aim))
    if is_listed:
        lines += [
            ("座位", f"{found.seats}个" if found.seats else "不限"),
            ("训后测试", post_tests.state_text(found)),
            ("满意度调查", survey_text(found)),
        ]
    if is_listed and found.conclusion:
        lines.append(("评估结论", found.conclusion))
    return [{"label": label, "text": text} for label, text in lines]


def survey_text(found: TrainingClass) -> str:
    """Say how far the survey of a class is; where none was opened, why."""
    if not found.has_survey:
        return "不安排"
    if found.held_at is None:
        return "课后自动发给签到人员"
    told = surveys.result_of(source=SOURCE, source_id=found.id)
    if told is None:
        return "没有开启：签到不足5人，或者当时没有在用的问卷"
    return "已截止，结果见成效" if told.is_closed else f"已发给签到的{told.invited}人，截止后看结果"


def acts_of(found: TrainingClass, user: Principal) -> list[dict[str, str]]:
    """Give the ways from a class's page: (label, address); `is_post` for those that write."""
    is_mine = classes.covers(user, DRAFT, found)
    acts: list[tuple[str, str, bool]] = []
    if found.state in DRAFT_STATES and found.drafted_by_id == user.person_id:
        acts.append(("修改", "training.edit_class", False))
    if is_mine:
        acts += organiser_acts(found)
    if found.state is ClassState.BOOKING and user.can(Permission.TRAINING_SEAT_BOOK):
        acts.append(("报名", "training.book_seats", False))
    if post_tests.may_begin(found) and user.can(TEST):
        acts.append(("出训后测试卷", "training.make_test", True))
    if effects.is_held(found):
        acts.append(("成效", "training.show_effect", False))
    if found.kind is ClassKind.STUDY and materials.get_record(found.id):
        acts.append(paper_act(papers.RECORD, found))
    found_acts = [
        {
            "label": label,
            "url": url_for(endpoint, public_id=found.public_id),
            "is_post": "yes" if is_post else "",
        }
        for label, endpoint, is_post in acts
    ]
    if user.can(TEST) and found.exam_id is not None:
        url = url_for("exams.show_paper", exam_id=found.exam_id)
        found_acts.append({"label": "看测试卷", "url": url, "is_post": ""})
    if user.can(DRAFT) and found.state not in {*DRAFT_STATES, *REVIEW_STATES}:
        found_acts += copy_acts(found)
    return found_acts


def organiser_acts(found: TrainingClass) -> list[tuple[str, str, bool]]:
    """Give what the organiser does beside the moves."""
    acts = []
    if found.state is ClassState.BOOKING:
        acts.append(paper_act(papers.SIGN_SHEET, found))
    if found.state is ClassState.BOOKING and is_its_day(found):
        acts += [
            ("登记签到", "training.edit_sign_ins", False),
            ("签到码", "training.show_code", False),
        ]
    if found.state in {ClassState.HELD, ClassState.EVALUATED} and found.kind is ClassKind.STUDY:
        acts.append(("写学习会记录", "training.edit_record", False))
    is_over = found.state in {ClassState.ARCHIVED, ClassState.CANCELLED, ClassState.DROPPED}
    return acts if is_over else [*acts, ("上传课件", "training.new_material", False)]


def is_its_day(found: TrainingClass) -> bool:
    """Tell whether a class is today, or was."""
    return clock.local(found.starts_at).date() <= clock.today()


def paper_act(kind: printed.PaperKind, found: TrainingClass) -> tuple[str, str, bool]:
    """Give the way to a paper: to open it once it is printed as the class stands now."""
    if printed.is_ready(kind, found.id):
        return f"打开{kind.title}", kind.endpoint, False
    return f"打印{kind.title}", f"training.print_{kind.word}", True


def copy_acts(found: TrainingClass) -> list[dict[str, str]]:
    """Give the ways to the next class: the same again, or a second session of it."""
    copy = url_for("training.new_class", copy=found.public_id)
    acts = [{"label": "复制一期", "url": copy, "is_post": ""}]
    if found.state is ClassState.BOOKING:
        second = url_for("training.new_class", copy=found.public_id, part=2)
        acts.append({"label": "分两期", "url": second, "is_post": ""})
    return acts


def own_part(found: TrainingClass, user: Principal) -> dict[str, object]:
    """Give how I stand to a class, and the field for the code on the wall where it takes one."""
    seat = signing.get_seat(found.id, user.person_id)
    if seat is None:
        return {"own_state": "", "code_form": None}
    may_sign = seat.signed_at is None and signing.takes_codes(found)
    return {
        "own_state": lists.own_state(lists.OwnRow(found=found, seat=seat)),
        "code_form": CodeForm(formdata=None) if may_sign else None,
    }


@blueprint.route("/classes/new", methods=["GET", "POST"])
@require(DRAFT)
def new_class() -> ResponseReturnValue:
    """Draft a class: from a line of the plan, from the last one, or from nothing."""
    user = signed_in()
    item, source = read_source(user)
    form = ClassForm(version=0)
    form.prepare(accounts.list_departments())
    if request.method != "POST":
        start_from(form, item, source)
        return show_form(form, item=item, source=source)
    public_id = save(form, lambda: add_class(form, item, source))
    if public_id is None:
        return show_form(form, item=item, source=source, status=REFUSED)
    flash("已送审。" if request.form.get("act") == SUBMIT else "已保存草稿。", "success")
    return redirect(url_for("training.show_class", public_id=public_id), 303)


def read_source(user: Principal) -> tuple[PlanItem | None, TrainingClass | None]:
    """Give the line of the plan and the class from which a new one starts; 404 for none."""
    plan_id, copy = request.args.get("plan", ""), request.args.get("copy", "")
    item = plan.get_item(int(plan_id)) if plan_id.isascii() and plan_id.isdigit() else None
    if plan_id and item is None:
        abort(404)
    if copy:
        return item, load_listed(copy)
    return item, classes.find_last(user, item.kind, item.title) if item else None


def start_from(form: ClassForm, item: PlanItem | None, source: TrainingClass | None) -> None:
    """Fill in what a new class starts from."""
    if source is not None:
        is_second = request.args.get("part") == "2"
        form.fill(classes.proposal(source, item, is_second=is_second), 0)
        return
    form.has_test.data = form.has_survey.data = True
    if item is not None:
        form.kind.data, form.title.data = item.kind.value, item.title


def add_class(form: ClassForm, item: PlanItem | None, source: TrainingClass | None) -> str:
    """Add a class in the open write and send it for approval where that was pressed."""
    user = signed_in()
    found = classes.draft(
        content=form.read_content(),
        user=user,
        copied_from_id=source.id if source else None,
        plan_item_id=item.id if item else None,
    )
    workflow.begin(FLOW, found, user=user)
    submit_if_pressed(found, user)
    return found.public_id


def submit_if_pressed(found: TrainingClass, user: Principal) -> None:
    """Send a draft for approval in the open write, where its form was sent by that button."""
    if request.form.get("act") != SUBMIT:
        return
    name = "submit-party" if found.state is ClassState.PARTY_DRAFT else "submit"
    workflow.execute(FLOW, record_id=found.id, name=name, user=user)


@blueprint.route("/classes/<string:public_id>/edit", methods=["GET", "POST"])
@require(DRAFT)
def edit_class(public_id: str) -> ResponseReturnValue:
    """Change my draft."""
    found, user = load_own(public_id), signed_in()
    if found.drafted_by_id != user.person_id:
        abort(404)
    form = ClassForm()
    form.prepare(accounts.list_departments())
    if request.method != "POST":
        form.fill(classes.content_of(found), found.version)
        return show_form(form, found=found)

    def act() -> bool:
        changed = classes.edit(
            class_id=found.id,
            seen_version=form.version.data,
            content=form.read_content(),
            user=user,
        )
        submit_if_pressed(changed, user)
        return True

    try:
        if save(form, act) is None:
            return show_form(form, found=found, status=REFUSED)
    except StaleEditError:
        form.form_errors.append(STALE_TEXT)
        return show_form(form, found=found, status=STALE)
    flash("已保存。", "success")
    return redirect(url_for("training.show_class", public_id=public_id), 303)


def show_form(
    form: ClassForm,
    *,
    found: TrainingClass | None = None,
    item: PlanItem | None = None,
    source: TrainingClass | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the form of a class."""
    page = render_template(
        "training/edit_class.html",
        form=form,
        found=found,
        item=item,
        source=source,
        action=request.full_path.rstrip("?"),
    )
    return page, status


@blueprint.post("/classes/<string:public_id>/test")
@require(TEST)
def make_test(public_id: str) -> ResponseReturnValue:
    """Draft the paper of a class's test, and go on to choose its questions."""
    found, user = load_listed(public_id), signed_in()
    try:
        with db.write():
            exam_id = post_tests.begin_once(found.id, by_id=user.person_id)
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(url_for("training.show_class", public_id=public_id), 303)
    flash("已建好测试卷，请选题，核对合格分以后送审。", "success")
    return redirect(url_for("exams.choose_questions", exam_id=exam_id), 303)


register_moves(blueprint, FLOW, rule="/classes/<string:public_id>", load=load_listed)
printed.add_routes(blueprint, papers.SIGN_SHEET, "/classes/<string:public_id>", DRAFT, load_own)
printed.add_routes(blueprint, papers.RECORD, "/classes/<string:public_id>", READ, load_listed)
printed.add_routes(blueprint, papers.EFFECT, "/classes/<string:public_id>", READ, load_listed)
