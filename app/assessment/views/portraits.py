"""Pages of 个人考核画像: one's own, the page of one, of one row, what people write, the papers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BuildError

from app.accounts import service as accounts
from app.assessment import effects, lists, objections, papers, portraits, scoring
from app.assessment.collecting import all_rules
from app.assessment.content import METHOD_LABELS
from app.assessment.forms import CommentForm, ObjectionForm, OpinionForm, OwnOpinionForm
from app.assessment.models import (
    UNIT_OPINION_LABELS,
    FrozenFact,
    ObjectionGround,
    Portrait,
    PortraitKind,
    PortraitRow,
    UnitOpinion,
)
from app.assessment.paper_texts import points_text
from app.assessment.portraits import PortraitView
from app.assessment.views import blueprint
from app.assessment.workflow import OBJECTION_FLOW
from app.audit.exports import answer_export
from app.files import papers as paper_pages
from app.kernel import htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.evidence import EvidenceState
from app.kernel.forms import StaleEditError, VersionedForm, text_in
from app.kernel.permissions import Permission, signed_in

OWN = Permission.ASSESSMENT_OWN_READ
WRITE = Permission.ASSESSMENT_COMMENT_WRITE
REFUSED, STALE = 422, 409
STALE_TEXT = "你打开之后，这份画像有了新的一版，没有保存。请看过最新的内容再写。"
HIDDEN = "调入前的记录，只列分值"


@blueprint.get("/portraits")
@require(OWN)
def list_own_portraits() -> ResponseReturnValue:
    """List my own portraits."""
    view = listing.show(
        lists.OWN,
        portraits.select_own(signed_in()),
        request.args,
        url=url_for(".list_own_portraits"),
        export_url=url_for(".export_own_portraits"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("assessment/list_own_portraits.html", listing=view)


@blueprint.get("/portraits/export")
@require(OWN)
def export_own_portraits() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.OWN, portraits.select_own(user), what="own_portraits", name="我的考核.xlsx", user=user
    )


@blueprint.get("/portraits/<string:public_id>")
@require(OWN)
def show_portrait(public_id: str) -> ResponseReturnValue:
    """Show a portrait: figures, every row, what does not count, opinions, versions."""
    view, user = load_view(public_id), signed_in()
    portrait = view.portrait
    rows = effects.rows_of(portrait.id)
    kind = papers.kind_of(portrait)
    shown = papers.read_portrait(portrait.id)
    reads_all = portraits.reads_all_rows(user, view, rows)
    is_own = portrait.person_id == user.person_id
    may_write = not is_own and user.can(WRITE, department_id=portrait.department_id)
    return render_template(
        "assessment/show_portrait.html",
        view=view,
        portrait=portrait,
        shown=shown,
        radar=papers.shape_of(shown),
        groups=groups_of(view, rows),
        objections=portraits.objections_of(portrait.id),
        objection_flow=OBJECTION_FLOW,
        editions=portraits.editions_of(portrait.id),
        names=accounts.names_of([portrait.commented_by_id, portrait.unit_by_id]),
        unit_labels=UNIT_OPINION_LABELS,
        is_own=is_own,
        is_letter=portrait.kind is PortraitKind.FACTS,
        may_write=may_write and view.is_own_open,
        may_answer=is_own and view.is_own_open,
        may_object=objections.may_object(user, view),
        reads_all=reads_all,
        print_word=kind.word,
        is_printed=reads_all and paper_pages.is_ready(kind, portrait.id),
        paper_title=kind.title,
    )


def groups_of(view: PortraitView, rows: list[PortraitRow] | Any) -> list[tuple[str, list[Any]]]:  # noqa: ANN401
    """Put the rows under their dimensions, those that score nothing last."""
    found, rules, user = portraits.content_of(view.cycle), all_rules(), signed_in()
    groups: dict[str, list[Any]] = {each.name: [] for each in found.dimensions}
    is_letter = view.portrait.kind is PortraitKind.FACTS
    for row in rows:
        item = found.item_of(row.rule)
        name = found.dimension_of(row.rule) or ("加分" if item else "只记不计分")
        label = rules[row.rule].label if row.rule in rules else row.rule
        key, is_open = label if is_letter else name, portraits.may_read_row(user, view, row)
        groups.setdefault(key, []).append(
            {
                "row": row,
                "label": label,
                "text": row.text if is_open else HIDDEN,
                "clause": row.clause if is_open else "",
                "number": row.number if is_open else "",
                "is_open": is_open,
                "points": points_text(row),
                "is_counted": row.state is EvidenceState.COUNTED,
            }
        )
    return [(name, each) for name, each in groups.items() if each]


@blueprint.get("/portraits/<string:public_id>/rows/<int:place>")
@require(OWN)
def show_row(public_id: str, place: int) -> ResponseReturnValue:
    """Show one row: the fact, how it counts with its own numbers, and the way to its record."""
    view, row = load_row(public_id, place)
    user, found = signed_in(), portraits.content_of(view.cycle)
    rule = all_rules().get(row.rule)
    item = found.item_of(row.rule)
    objection = portraits.objections_of(view.portrait.id).get(row.id)
    return render_template(
        "assessment/show_row.html",
        view=view,
        row=row,
        rule=rule,
        item=item,
        dimension=found.dimension_of(row.rule),
        method=METHOD_LABELS[item.method] if item else "",
        points=points_text(row),
        share=share_text(row),
        scheme=portraits.scheme_of(view.cycle),
        record_url=record_url(row),
        objection=objection,
        objection_state=OBJECTION_FLOW.state(objection.state) if objection else None,
        may_object=objections.may_object(user, view)
        and objection is None
        and row.state is not EvidenceState.OVERTURNED,
    )


def share_text(row: PortraitRow) -> str:
    """Write a row's share with its own numbers."""
    if not row.denominator:
        return ""
    share = scoring.tenth(min(row.amount / row.denominator, Decimal(1)) * 100)
    return f"{row.amount.normalize():f} ÷ {row.denominator.normalize():f} = {share}%"


def record_url(row: FrozenFact) -> str:
    """Give the address of the record behind a row; '' where its room is gone."""
    try:
        return url_for(row.endpoint, **row.arguments)
    except BuildError:
        return ""


@blueprint.route("/portraits/<string:public_id>/comment", methods=["GET", "POST"])
@require(WRITE)
def edit_comment(public_id: str) -> ResponseReturnValue:
    """Write the 评语."""
    view, user, form = load_written(public_id), signed_in(), CommentForm()
    if request.method != "POST":
        form.text.data = view.portrait.comment
    return answer_words(
        form,
        view,
        "人工评语",
        lambda: portraits.write_comment(
            public_id=public_id, seen_version=form.version.data, text=text_in(form.text), user=user
        ),
    )


@blueprint.route("/portraits/<string:public_id>/opinion", methods=["GET", "POST"])
@require(WRITE)
def edit_opinion(public_id: str) -> ResponseReturnValue:
    """Write the 科室意见."""
    view, user, form = load_written(public_id), signed_in(), OpinionForm()
    if request.method != "POST" and view.portrait.unit_opinion:
        form.opinion.data = view.portrait.unit_opinion.value
        form.text.data = view.portrait.unit_note
    return answer_words(
        form,
        view,
        "科室意见",
        lambda: portraits.write_opinion(
            public_id=public_id,
            seen_version=form.version.data,
            opinion=UnitOpinion(form.opinion.data),
            text=text_in(form.text),
            user=user,
        ),
    )


@blueprint.route("/portraits/<string:public_id>/own-opinion", methods=["GET", "POST"])
@require(OWN)
def edit_own_opinion(public_id: str) -> ResponseReturnValue:
    """Write my own opinion of my portrait."""
    view, user, form = load_own(public_id), signed_in(), OwnOpinionForm()
    if request.method != "POST":
        form.text.data = view.portrait.own_opinion
    return answer_words(
        form,
        view,
        "本人意见",
        lambda: portraits.write_own_opinion(
            public_id=public_id, seen_version=form.version.data, text=text_in(form.text), user=user
        ),
    )


def answer_words(
    form: VersionedForm, view: PortraitView, title: str, write: Callable[[], None]
) -> ResponseReturnValue:
    """Show a form for words on a portrait, or keep them."""
    if request.method != "POST":
        form.version.data = view.portrait.edition
        return draw_words(form, view, title)

    def act() -> bool:
        write()
        return True

    try:
        is_saved = save(form, act)
    except StaleEditError:
        form.add_errors({"": STALE_TEXT})
        form.version.data = view.portrait.edition
        return draw_words(form, view, title, status=STALE)
    if not is_saved:
        return draw_words(form, view, title, status=REFUSED)
    flash(f"已保存{title}。", "success")
    return redirect(url_for(".show_portrait", public_id=view.portrait.public_id), 303)


def draw_words(
    form: VersionedForm, view: PortraitView, title: str, *, status: int = 200
) -> ResponseReturnValue:
    """Draw a form for words."""
    page = render_template("assessment/edit_words.html", form=form, view=view, words=title)
    return page, status


@blueprint.route(
    "/portraits/<string:public_id>/rows/<int:place>/objection", methods=["GET", "POST"]
)
@require(OWN)
def new_objection(public_id: str, place: int) -> ResponseReturnValue:
    """Object to a row of my own portrait."""
    view, user, form = load_own(public_id), signed_in(), ObjectionForm()
    row = portraits.get_row(view.portrait.id, place)
    if row is None:
        abort(404)
    if request.method != "POST":
        return draw_objection(form, view, row)

    def act() -> str:
        return objections.object_to(
            view=view,
            place=place,
            ground=ObjectionGround(form.ground.data),
            reason=text_in(form.reason),
            user=user,
        ).public_id

    objection_id = save(form, act)
    if objection_id is None:
        return draw_objection(form, view, row, status=REFUSED)
    flash("已提出异议，由没有参与这份画像的人答复，结果会通知你。", "success")
    return redirect(url_for(".show_objection", public_id=objection_id), 303)


def draw_objection(
    form: ObjectionForm, view: PortraitView, row: PortraitRow, *, status: int = 200
) -> ResponseReturnValue:
    """Draw the form of an objection."""
    return render_template("assessment/new_objection.html", form=form, view=view, row=row), status


def load_view(public_id: str) -> PortraitView:
    """Load a portrait that is mine or that I read, or answer 404."""
    view = portraits.get_portrait_for(signed_in(), public_id)
    if view is None:
        abort(404)
    return view


def load_own(public_id: str) -> PortraitView:
    """Load my own portrait, or answer 404."""
    view = load_view(public_id)
    if view.portrait.person_id != signed_in().person_id:
        abort(404)
    return view


def load_written(public_id: str) -> PortraitView:
    """Load a portrait on which I may write: 404 where I may not read it, 403 where I only may."""
    view, user = load_view(public_id), signed_in()
    is_own = view.portrait.person_id == user.person_id
    if is_own or not user.can(WRITE, department_id=view.portrait.department_id):
        abort(403)
    return view


def load_row(public_id: str, place: int) -> tuple[PortraitView, PortraitRow]:
    """Load a row that I may read, or answer 404."""
    view = load_view(public_id)
    row = portraits.get_row(view.portrait.id, place)
    if row is None or not portraits.may_read_row(signed_in(), view, row):
        abort(404)
    return view, row


def load_paper(public_id: str, kind: PortraitKind) -> Portrait:
    """Load a portrait whose every row I may read, of one kind, or answer 404."""
    view = load_view(public_id)
    rows = effects.rows_of(view.portrait.id)
    if view.portrait.kind is not kind or not portraits.reads_all_rows(signed_in(), view, rows):
        abort(404)
    return view.portrait


def load_scored(public_id: str) -> Portrait:
    """Load a portrait to be printed, or answer 404."""
    return load_paper(public_id, PortraitKind.SCORED)


def load_letter(public_id: str) -> Portrait:
    """Load a letter to be printed, or answer 404."""
    return load_paper(public_id, PortraitKind.FACTS)


RULE = "/portraits/<string:public_id>"
paper_pages.add_routes(blueprint, papers.PORTRAIT, RULE, OWN, load_scored)
paper_pages.add_routes(blueprint, papers.LETTER, RULE, OWN, load_letter)
