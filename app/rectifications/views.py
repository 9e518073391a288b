"""The pages of 整改: the ledger, one order with its path, drafting, the 回执 and its photos."""

from collections.abc import Callable
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.roster.models import ServiceWindow
from app.accounts.roster.placements import is_open
from app.audit.exports import answer_export
from app.files import images, papers, scans
from app.files import service as files
from app.files.kept_photos import Kept, take_photo
from app.files.models import StoredFile
from app.files.uploads import Upload, UploadForm, check_marks, read_file, take_upload
from app.kernel import clock, db, htmx, listing
from app.kernel.acts import attempt, save
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, signed_in
from app.rectifications import lists, service
from app.rectifications.forms import EvidenceForm, OrderForm, PaperReplyForm, ReplyForm
from app.rectifications.models import OrderState, RectificationOrder
from app.rectifications.papers import PAPER
from app.rectifications.service import Content, Finders, OrderRow, Source
from app.rectifications.small_hall import hint_for
from app.rectifications.workflow import FLOW, appeal_until, count_photos
from app.regulations import service as regulations
from app.workflow import service as workflow
from app.workflow.pages import read_signature, register_moves
from app.workflow.panels import endpoint_of, panel_of

blueprint = Blueprint("rectifications", __name__, url_prefix="/rectifications")

READ = Permission.RECTIFICATIONS_ORDER_READ
ISSUE = Permission.RECTIFICATIONS_ORDER_ISSUE
REPLY = Permission.RECTIFICATIONS_ORDER_REPLY
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
STALE = HTTPStatus.CONFLICT.value
MAX_PHOTO = 10 * 1024 * 1024
CACHE = "private, max-age=300"
# What stands under the ledger's entry of the navigation: pages of moves are made from the table.
PAGES = frozenset(
    {
        *(f"rectifications.{name}_order" for name in ("show", "new", "edit", "reply")),
        "rectifications.new_photo",
        *(endpoint_of(FLOW, each) for each in FLOW.moves if not each.endpoint),
        *(endpoint_of(FLOW, each, is_signed=True) for each in FLOW.moves if each.is_signable),
    }
)


@blueprint.get("")
@require(READ)
def list_orders() -> ResponseReturnValue:
    """List the orders that I may see."""
    user = signed_in()
    view = listing.show(
        ledger(),
        service.select_orders_for(user),
        request.args,
        url=url_for(".list_orders"),
        export_url=url_for(".export_orders"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "rectifications/list_orders.html", listing=view, may_issue=user.can(ISSUE)
    )


@blueprint.get("/export")
@require(READ)
def export_orders() -> ResponseReturnValue:
    """Give the ledger as an Excel file."""
    user = signed_in()
    return answer_export(
        ledger(is_sheet=True),
        service.select_orders_for(user),
        what="rectification_order",
        name="整改台账.xlsx",
        user=user,
    )


def ledger(*, is_sheet: bool = False) -> listing.Listing[OrderRow]:
    """Give the ledger with the departments that I may choose from."""
    mine = signed_in().departments_of(READ)
    return lists.make_orders(
        [each for each in accounts.list_departments() if mine is None or each.id in mine],
        is_sheet=is_sheet,
    )


@blueprint.get("/<string:public_id>")
@require(READ)
def show_order(public_id: str) -> ResponseReturnValue:
    """Show an order: what it says, what may be done, its photos, its whole path."""
    row, user = load_row(public_id), signed_in()
    order = row.order
    return render_template(
        "rectifications/show_order.html",
        row=row,
        order=order,
        panel=panel_of(FLOW, order, user),
        hint=hint_for(order),
        details=details_of(row),
        answer=answer_of(order),
        photos=service.list_photos(order.id),
        may_amend=order.state is OrderState.RETURNED and order.drafted_by_id == user.person_id,
        may_add_photo=order.state is OrderState.MENDING
        and user.can(REPLY, department_id=order.department_id),
        source_url=source_url(order),
    )


def details_of(row: OrderRow) -> list[dict[str, str]]:
    """Give what an order says, line by line."""
    notice = PAPER.snapshot(row.order.id)
    lines = [
        ("送达部门", notice.department), ("窗口", notice.window), ("来源", notice.source),
        ("发现时间", notice.found_at), ("事实", notice.fact), ("违反依据", notice.basis),
        ("严重程度", notice.severity), ("整改要求", notice.requirement),
        ("时限", notice.time_limit), ("开单人", notice.drafted_by),
    ]  # fmt: skip
    if row.order.received_at is not None and row.order.decided_by_id is None:
        until = clock.local(appeal_until(row.order))
        lines.append(("申诉截止", f"{until.month}月{until.day}日{until:%H:%M}"))
    found = [{"label": label, "text": text} for label, text in lines]
    cited = regulations.get_article(row.order.article_id)
    if cited is not None and signed_in().can(Permission.REGULATIONS_RULE_READ):
        basis = next(each for each in found if each["label"] == "违反依据")
        url = url_for("regulations.show_article", article_id=cited.article_id)
        basis |= {"url": url, "act": "看条文"}
    return found


def answer_of(order: RectificationOrder) -> list[dict[str, str]]:
    """Give the 回执, line by line; none before there is one."""
    if order.repaired_at is None:
        return []
    notice = PAPER.snapshot(order.id)
    lines = (
        ("原因", notice.cause), ("整改措施", notice.measure), ("责任人", notice.responsible),
        ("完成日期", notice.done_on), ("单位负责人", notice.unit_lead),
        ("复查人", notice.rechecked_by), ("复查结果", notice.result),
    )  # fmt: skip
    return [{"label": label, "text": text} for label, text in lines]


def source_url(order: RectificationOrder) -> str | None:
    """Give the address of what an order came from, where its reader may go there."""
    if order.source_endpoint not in current_app.view_functions:
        return None
    if signed_in().departments_of(READ) is not None:
        return None
    return url_for(order.source_endpoint, **order.source_arguments)


def load_row(public_id: str) -> OrderRow:
    """Load an order that I may see, or answer 404."""
    row = service.get_order_for(signed_in(), public_id)
    if row is None:
        abort(404)
    return row


def load(public_id: str) -> RectificationOrder:
    """Load an order that I may see, or answer 404."""
    return load_row(public_id).order


@blueprint.route("/new", methods=["GET", "POST"])
@require(ISSUE)
def new_order() -> ResponseReturnValue:
    """Draft an order that comes from none of the site's records, such as an outside report."""
    form = prepare(OrderForm(version=0))
    if request.method != "POST":
        return show_form(form)
    order = save(form, lambda: open_order(form.read_content()))
    if order is None:
        return show_form(form, status=REFUSED)
    flash("已送签发，签发后送达部门。", "success")
    return redirect(url_for(".show_order", public_id=order), 303)


def open_order(content: Content) -> str:
    """Open an order in the open write; gives its public id."""
    user = signed_in()
    order = service.issue(
        content=content,
        source=Source(label="经办人录入"),
        found_at=clock.now(),
        finders=Finders(found_by_id=user.person_id),
        user=user,
    )
    return order.public_id


@blueprint.route("/<string:public_id>/edit", methods=["GET", "POST"])
@require(ISSUE)
def edit_order(public_id: str) -> ResponseReturnValue:
    """Amend an order that was sent back to me."""
    order, user = load(public_id), signed_in()
    if order.drafted_by_id != user.person_id:
        abort(404)
    form = prepare(OrderForm(obj=order), order.article_id)
    if request.method != "POST":
        form.window_id.data = order.window_id or 0
        form.article_id.data = order.article_id or 0
        return show_form(form, order=order)

    def act() -> bool:
        service.amend(
            order_id=order.id,
            seen_version=form.version.data,
            content=form.read_content(),
            user=user,
        )
        return True

    return answer(form, order, act, "已保存，请再送签发。")


def answer(
    form: OrderForm, order: RectificationOrder, act: Callable[[], bool], done: str
) -> ResponseReturnValue:
    """Save an amended order, or show its form with what is wrong."""
    try:
        if save(form, act) is None:
            return show_form(form, order=order, status=REFUSED)
    except StaleEditError:
        form.form_errors.append("别人刚改过这张通知单，请返回看过最新内容再改。")
        return show_form(form, order=order, status=STALE)
    flash(done, "success")
    return redirect(url_for(".show_order", public_id=order.public_id), 303)


def prepare(form: OrderForm, cited: int | None = None) -> OrderForm:
    """Fill in what may be chosen."""
    form.prepare_articles(cited)
    windows = db.session.scalars(
        select(ServiceWindow)
        .where(is_open(ServiceWindow, clock.today()))
        .order_by(ServiceWindow.number)
    ).all()
    form.prepare(accounts.list_departments(), windows)
    return form


def show_form(
    form: OrderForm, *, order: RectificationOrder | None = None, status: int = 200
) -> ResponseReturnValue:
    """Show the form of an order."""
    return render_template("rectifications/edit_order.html", form=form, order=order), status


@blueprint.route("/<string:public_id>/reply", methods=["GET", "POST"])
@require(REPLY)
@takes_bytes(MAX_PHOTO)
def reply_order(public_id: str) -> ResponseReturnValue:
    """Fill in the 回执 and send it to the re-check."""
    order = load_mine(public_id)
    form = ReplyForm(version=order.version, done_on=clock.today())
    if request.method != "POST":
        return show_upload("reply_order", form, order)
    photo = take_photo(form, max_bytes=MAX_PHOTO)
    if form.errors or not enter_reply(order, form, photo):
        return show_upload("reply_order", form, order, status=REFUSED)
    flash("回执已提交，等复查。", "success")
    return redirect(url_for(".show_order", public_id=public_id), 303)


@blueprint.route("/<string:public_id>/reply/signed", methods=["GET", "POST"])
@require(Permission.WORKFLOW_SIGNATURE_RECORD)
@takes_bytes(scans.MAX_BYTES + MAX_PHOTO)
def sign_reply_order(public_id: str) -> ResponseReturnValue:
    """Enter a 回执 that a department has sent on paper, with its scan and a photo."""
    order, user = load(public_id), signed_in()
    if not workflow.may_record(FLOW, order, user):
        abort(403)
    form = PaperReplyForm(version=order.version)
    if request.method != "POST":
        return show_upload("sign_reply_order", form, order)
    photo = take_photo(form, max_bytes=MAX_PHOTO, name="photo", is_alone=False)
    scan = take_scan(form)
    if scan is None or form.errors or not enter_reply(order, form, photo, scan):
        return show_upload("sign_reply_order", form, order, status=REFUSED)
    flash("已代录回执，等复查。", "success")
    return redirect(url_for(".show_order", public_id=public_id), 303)


def take_scan(form: PaperReplyForm) -> tuple[scans.Scan, str] | None:
    """Give the scan of the 回执 with its hash; None with the reason on the form."""
    try:
        upload = read_file(scans.MAX_BYTES)
        check_marks(upload)
        if form.errors:
            return None
        scan = scans.keep_scan(upload)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return None
    return scan, files.put_content(scan.content)


def enter_reply(
    order: RectificationOrder,
    form: ReplyForm,
    photo: Kept | None,
    scanned: tuple[scans.Scan, str] | None = None,
) -> bool:
    """Add the photo and hand the 回执 in, in one write, with its scan where it came on paper.

    False where it is refused.
    """

    def act() -> bool:
        add_kept(order, photo)
        service.reply(
            order_id=order.id,
            seen_version=form.version.data,
            answer=form.read_reply(),
            user=signed_in(),
            signature=read_signature(form, *scanned) if scanned else None,
        )
        return True

    return attempt(form, act) is not None


def add_kept(order: RectificationOrder, photo: Kept | None) -> None:
    """Add the photo that came with a 回执, in the open write."""
    if photo is not None:
        service.add_photo(order_id=order.id, sha256=photo.sha256, size=photo.size, user=signed_in())


def store(form: UploadForm, upload: Upload | None) -> list[tuple[str, int]]:
    """Draw a photo anew and store its bytes; none where none was chosen or it can't be read."""
    if upload is None:
        return []
    try:
        content = images.draw_anew(upload.content)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return []
    return [(files.put_content(content), len(content))]


@blueprint.route("/<string:public_id>/photos/new", methods=["GET", "POST"])
@require(REPLY)
@takes_bytes(MAX_PHOTO)
def new_photo(public_id: str) -> ResponseReturnValue:
    """Add a photo of what was mended."""
    order, user, form = load_mine(public_id), signed_in(), EvidenceForm()
    if request.method != "POST":
        return show_upload("new_photo", form, order)
    stored = store(form, take_upload(form, max_bytes=MAX_PHOTO))

    def act() -> bool:
        for sha256, size in stored:
            service.add_photo(order_id=order.id, sha256=sha256, size=size, user=user)
        return True

    if form.errors or attempt(form, act) is None:
        return show_upload("new_photo", form, order, status=REFUSED)
    flash("照片已保存。", "success")
    return redirect(url_for(".show_order", public_id=public_id), 303)


def load_mine(public_id: str) -> RectificationOrder:
    """Load an order of a department for which I answer: 403 to whoever only reads it."""
    order = load(public_id)
    if not signed_in().can(REPLY, department_id=order.department_id):
        abort(403)
    return order


def show_upload(
    name: str, form: UploadForm, order: RectificationOrder, *, status: int = 200
) -> ResponseReturnValue:
    """Show a form with a photo."""
    page = render_template(
        f"rectifications/{name}.html",
        form=form,
        order=order,
        photos=count_photos(order),
        scans=scans.ACCEPTED,
    )
    return page, status


@blueprint.get("/photos/<string:photo_id>")
@require(READ)
def show_photo(photo_id: str) -> ResponseReturnValue:
    """Give a photo of an order that I may see."""
    return answer_with(service.get_photo_for(signed_in(), photo_id))


def answer_with(file: StoredFile | None) -> Response:
    """Answer with a picture, or 404: a browser that opens it by itself saves it (IN5)."""
    if file is None:
        abort(404)
    try:
        response = files.answer_with(file, is_inline=False)
    except files.DamagedFileError:
        abort(404)
    response.headers["Cache-Control"] = CACHE
    return response


register_moves(blueprint, FLOW, rule="/<string:public_id>", load=load)
papers.add_routes(blueprint, PAPER, "/<string:public_id>", READ, load)
