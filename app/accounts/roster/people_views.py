"""Pages of the people of the hall: list, one person, and each thing that changes about him."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import roles, service
from app.accounts.models import EMPLOYMENT_LABELS, Department, Employment, Person
from app.accounts.person_columns import person_columns
from app.accounts.privacy import photos
from app.accounts.roster import authorisations, deputies, people, political
from app.accounts.roster.models import (
    ABSENCE_KIND_LABELS,
    POST_GROUP_LABELS,
    Placement,
    Post,
    PostGroup,
    ServiceWindow,
)
from app.accounts.roster.people import PersonRow
from app.accounts.roster.people_forms import (
    NONE,
    AbsenceForm,
    LeavingForm,
    NewPersonForm,
    ParticularsForm,
    TransferForm,
)
from app.accounts.roster.placements import not_left
from app.accounts.roster.register_views import STALE, tabs_of
from app.accounts.views import blueprint
from app.audit.exports import answer_export
from app.audit.service import record_read
from app.kernel import clock, formats, htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import BaseForm, StaleEditError, ask_first, date_in, text_in
from app.kernel.permissions import ROLE_LABELS, Permission, Principal, signed_in

READ, EDIT = Permission.ACCOUNTS_ROSTER_READ, Permission.ACCOUNTS_ROSTER_EDIT
LEAVING_QUESTION = (
    "离岗登记后，这个人的角色、A/B角和事项授权到当日为止，次日起不能登录；作过的答卷和成绩都保留。"
)
TRANSFER_NOTE = "A/B角和事项授权不随调动结束；调动以后，请在本人页面核对，不再适用的写明结束日期。"
COMING_BACK = "撤销后，这个人回到原来的岗位；原有的角色要重新申请，A/B角和事项授权要重新登记。"


def state_cell(row: PersonRow) -> listing.Cell:
    """Say whether somebody is at his post today."""
    today = clock.today()
    if row.person.anonymised_at is not None:
        return listing.Cell(text="已匿名", kind="tag")
    if row.person.left_on is not None and row.person.left_on < today:
        return listing.Cell(text=f"{formats.month_day(row.person.left_on)}离岗", kind="tag")
    if row.person.joined_on > today:
        return listing.Cell(text=f"{formats.month_day(row.person.joined_on)}入职", kind="tag-blue")
    if row.absence is not None:
        return listing.Cell(text=ABSENCE_KIND_LABELS[row.absence.kind], kind="tag-amber")
    return listing.Cell(text="在岗", kind="tag-green")


def is_in_service(value: str) -> Any:  # noqa: ANN401 - a condition.
    """Filter by service."""
    here = not_left(clock.today())
    return here if value == "here" else ~here


PEOPLE: listing.Listing[PersonRow] = listing.Listing(
    id="people-list",
    noun="人",
    title="人员",
    row=people.row_of,
    columns=[
        *person_columns(lambda row: person_url(row.person.id)),
        listing.Column(
            name="department",
            label="部门",
            cell=lambda row: row.department.name,
            sort=Department.position,
        ),
        listing.Column(
            name="window",
            label="窗口",
            cell=lambda row: row.window.number if row.window else "",
            sort=ServiceWindow.number,
            is_short=True,
        ),
        listing.Column(name="post", label="岗位", cell=lambda row: row.post.name, sort=Post.name),
        listing.Column(
            name="employment",
            label="用工性质",
            cell=lambda row: (
                EMPLOYMENT_LABELS[row.person.employment] if row.person.employment else ""
            ),
            sort=Person.employment,
            is_short=True,
        ),
        listing.Column(
            name="phone",
            label="手机",
            cell=lambda row: formats.mask_phone(row.person.phone),
            is_short=True,
        ),
        listing.Column(
            name="joined",
            label="入职日期",
            cell=lambda row: formats.day(row.person.joined_on),
            sort=Person.joined_on,
            export=lambda row: row.person.joined_on,
            is_short=True,
        ),
        listing.Column(name="state", label="在岗情况", cell=state_cell),
    ],
    search=(Person.name, Person.staff_number, Person.name_key, Department.name),
    search_label="姓名、拼音、工号或部门",
    filters=[
        listing.Filter(
            name="group",
            label="岗位类别",
            options=[(each.value, label) for each, label in POST_GROUP_LABELS.items()],
            where=lambda value: Post.post_group == PostGroup(value),
        ),
        listing.Filter(
            name="employment",
            label="用工性质",
            options=[(each.value, label) for each, label in EMPLOYMENT_LABELS.items()],
            where=lambda value: Person.employment == Employment(value),
        ),
        listing.Filter(
            name="service",
            label="在职",
            options=[("here", "在职"), ("left", "已离岗")],
            where=is_in_service,
        ),
    ],
    default_sort="person",
    tie_break=(Person.name_key, Person.staff_number),
    empty_text="还没有登记人员。",
)


def people_for(user: Principal) -> listing.Listing[PersonRow]:
    """Declare the list for somebody: who sees the whole hall may choose a department."""
    if user.departments_of(READ) is not None:
        return PEOPLE
    chosen = listing.Filter(
        name="department",
        label="部门",
        options=[(str(each.id), each.name) for each in service.list_departments()],
        where=lambda value: Placement.department_id == int(value),
    )
    return replace(PEOPLE, filters=[chosen, *PEOPLE.filters])


@blueprint.get("/people")
@require(READ)
def list_people() -> ResponseReturnValue:
    """List the people whom I may see."""
    user = signed_in()
    may_edit = user.can(EDIT)
    new_url = url_for("accounts.new_person")
    view = listing.show(
        people_for(user),
        people.select_people_for(user),
        request.args,
        url=url_for("accounts.list_people"),
        export_url=url_for("accounts.export_people"),
        empty_action=("登记第一个人", new_url) if may_edit else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "accounts/list_people.html",
        listing=view,
        tabs=tabs_of(None),
        new_url=new_url if may_edit else None,
    )


@blueprint.get("/people/export")
@require(READ)
def export_people() -> ResponseReturnValue:
    """Give the list as an Excel file; telephone numbers stay masked."""
    user = signed_in()
    return answer_export(
        people_for(user), people.select_people_for(user), what="people", name="人员.xlsx", user=user
    )


@blueprint.get("/people/<int:person_id>")
@require(READ)
def show_person(person_id: int) -> ResponseReturnValue:
    """Show a person: where he works and has worked, absences, roles."""
    return draw_person(load(person_id))


@blueprint.post("/people/<int:person_id>/phone")
@require(Permission.ACCOUNTS_PHONE_READ)
def show_phone(person_id: int) -> ResponseReturnValue:
    """Show the whole telephone number once; the log says who looked."""
    row = load(person_id)
    record_read(person_id=signed_in().person_id, object_type="person_phone", object_id=person_id)
    return draw_person(row, phone=row.person.phone)


def draw_person(
    row: PersonRow, *, phone: str = "", political_text: str = ""
) -> ResponseReturnValue:
    """Draw the page of a person; the telephone and 政治面貌 only where they were asked for."""
    user = signed_in()
    today = clock.today()
    mine = row.person.anonymised_at is None and people.may_edit(user, row.placement.department_id)
    return render_template(
        "accounts/show_person.html",
        row=row,
        state=state_cell(row),
        phone=phone or formats.mask_phone(row.person.phone),
        may_see_phone=user.can(Permission.ACCOUNTS_PHONE_READ) and not phone,
        political_text=political_text,
        may_see_political=political.may_look(user, row.placement.department_id),
        employment=EMPLOYMENT_LABELS[row.person.employment] if row.person.employment else "",
        path=people.list_placements(row.person.id),
        absences=people.list_absences(row.person.id),
        pairs=deputies.list_deputies(row.person.id),
        given=authorisations.list_authorisations(user, row.person.id)
        if user.can(authorisations.READ)
        else [],
        may_give=user.can(authorisations.GIVE) and row.person.id != user.person_id,
        coming_back=COMING_BACK,
        kinds=ABSENCE_KIND_LABELS,
        grants=[
            (each, ROLE_LABELS[each.grant.role], *roles.state_of(each.grant, today))
            for each in roles.list_grants(row.person.id)
        ],
        may_edit=mine,
        may_request=user.can(Permission.ACCOUNTS_ROLE_REQUEST),
        is_here=row.person.left_on is None,
        photo=photos.get_file(row.person.id),
        may_order_copy=mine and user.can(Permission.ACCOUNTS_COPY_ORDER),
    )


@blueprint.route("/people/new", methods=["GET", "POST"])
@require(EDIT)
def new_person() -> ResponseReturnValue:
    """Register a person who joins."""
    user = signed_in()
    form = NewPersonForm()
    form.prepare(user.departments_of(EDIT))
    if request.method != "POST":
        form.joined_on.data = clock.today()
        return draw_form(form, "登记人员", url_for("accounts.list_people"))

    def act() -> int:
        return people.add_person(
            particulars=form.particulars(),
            place=form.place(),
            joined_on=date_in(form.joined_on),
            added_by_id=user.person_id,
        )

    person_id = save(form, act)
    if person_id is None:
        return draw_form(form, "登记人员", url_for("accounts.list_people"), status=422)
    flash("已登记。账号要激活后才能登录。", "success")
    return redirect(person_url(person_id), 303)


@blueprint.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@require(EDIT)
def edit_person(person_id: int) -> ResponseReturnValue:
    """Change what is written about a person himself."""
    row = load_mine(person_id)
    form = ParticularsForm(obj=None if request.method == "POST" else row.person)
    back = person_url(person_id)
    if request.method != "POST":
        return draw_form(form, f"修改{row.person.name}", back)

    def act() -> bool:
        people.change_person(
            person_id=person_id,
            seen_version=form.version.data,
            particulars=form.particulars(),
            changed_by_id=signed_in().person_id,
        )
        return True

    try:
        is_saved = save(form, act)
    except StaleEditError:
        form.add_errors({"": STALE})
        form.version.data = row.person.version
        return draw_form(form, f"修改{row.person.name}", back, stored=row.person, status=409)
    if not is_saved:
        return draw_form(form, f"修改{row.person.name}", back, status=422)
    flash("已保存。", "success")
    return redirect(back, 303)


@blueprint.route("/people/<int:person_id>/transfer", methods=["GET", "POST"])
@require(EDIT)
def transfer_person(person_id: int) -> ResponseReturnValue:
    """Let a person work elsewhere from a day on."""
    row = load_mine(person_id)
    form = TransferForm()
    form.prepare(None)
    back = person_url(person_id)
    title = f"{row.person.name}调动"
    if request.method != "POST":
        form.department_id.data = row.placement.department_id
        form.window_id.data = row.placement.window_id or NONE
        form.post_id.data = row.placement.post_id
        return draw_form(form, title, back, note=TRANSFER_NOTE)

    def act() -> bool:
        people.transfer(
            person_id=person_id,
            place=form.place(),
            starts_on=date_in(form.starts_on),
            by_id=signed_in().person_id,
        )
        return True

    if not save(form, act):
        return draw_form(form, title, back, note=TRANSFER_NOTE, status=422)
    flash("已登记调动。", "success")
    return redirect(url_for("accounts.list_people"), 303)


@blueprint.post("/people/<int:person_id>/transfer/cancel")
@require(EDIT)
def cancel_transfer(person_id: int) -> ResponseReturnValue:
    """Take back the last transfer."""
    load_mine(person_id)
    asked = ask_first(
        title="撤销最近一次调动？",
        question="撤销后，这个人按调动以前的部门、窗口和岗位计。",
        label="撤销调动",
        back_url=person_url(person_id),
    )
    if asked is not None:
        return asked
    return move(
        lambda: people.cancel_transfer(person_id=person_id, by_id=signed_in().person_id),
        done="已撤销调动。",
        to=person_url(person_id),
    )


@blueprint.route("/people/<int:person_id>/leave", methods=["GET", "POST"])
@require(EDIT)
def leave_person(person_id: int) -> ResponseReturnValue:
    """Register a person's last day."""
    row = load_mine(person_id)
    form = LeavingForm()
    back = person_url(person_id)
    title = f"{row.person.name}离岗"
    if request.method != "POST":
        form.left_on.data = clock.today()
        return draw_form(form, title, back, note=LEAVING_QUESTION)

    def act() -> bool:
        people.let_leave(
            person_id=person_id, left_on=date_in(form.left_on), by_id=signed_in().person_id
        )
        return True

    if not save(form, act):
        return draw_form(form, title, back, note=LEAVING_QUESTION, status=422)
    flash("已登记离岗。", "success")
    return redirect(back, 303)


@blueprint.post("/people/<int:person_id>/leave/cancel")
@require(EDIT)
def cancel_leaving(person_id: int) -> ResponseReturnValue:
    """Take back a departure."""
    load_mine(person_id)
    asked = ask_first(
        title="撤销离岗登记？",
        question=COMING_BACK,
        label="撤销离岗",
        back_url=person_url(person_id),
    )
    if asked is not None:
        return asked
    return move(
        lambda: people.cancel_leaving(person_id=person_id, by_id=signed_in().person_id),
        done="已撤销离岗登记。",
        to=person_url(person_id),
    )


@blueprint.route("/people/<int:person_id>/absences/new", methods=["GET", "POST"])
@require(EDIT)
def new_absence(person_id: int) -> ResponseReturnValue:
    """Register that a person is not at his post, and who stands in."""
    row = load_mine(person_id)
    form = AbsenceForm()
    back = person_url(person_id)
    title = f"登记{row.person.name}不在岗"
    if request.method != "POST":
        return draw_form(form, title, back)

    def act() -> bool:
        number = text_in(form.covered_by)
        covered_by_id = people.need_colleague(number, field="covered_by") if number else None
        people.add_absence(
            person_id=person_id,
            kind=form.kind.data,
            starts_on=date_in(form.starts_on),
            ends_on=date_in(form.ends_on),
            covered_by_id=covered_by_id,
            by_id=signed_in().person_id,
        )
        return True

    if not save(form, act):
        return draw_form(form, title, back, status=422)
    flash("已登记。", "success")
    return redirect(back, 303)


@blueprint.post("/people/<int:person_id>/absences/<int:absence_id>/cancel")
@require(EDIT)
def cancel_absence(person_id: int, absence_id: int) -> ResponseReturnValue:
    """Take an absence back."""
    load_mine(person_id)
    return move(
        lambda: people.cancel_absence(
            person_id=person_id, absence_id=absence_id, by_id=signed_in().person_id
        ),
        done="已取消这条记录。",
        to=person_url(person_id),
    )


def person_url(person_id: int) -> str:
    """Give the address of a person's page."""
    return url_for("accounts.show_person", person_id=person_id)


def load(person_id: int) -> PersonRow:
    """Load a person whom I may see, or answer 404."""
    row = people.get_person_for(signed_in(), person_id)
    if row is None:
        abort(404)
    return row


def load_mine(person_id: int) -> PersonRow:
    """Load a person whose roster I keep: 404 where I may not see him, 403 where only read."""
    row = load(person_id)
    if not people.may_edit(signed_in(), row.placement.department_id):
        abort(403)
    return row


def draw_form(
    form: BaseForm,
    title: str,
    back_url: str,
    *,
    note: str = "",
    stored: Person | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Draw one of the small forms about a person."""
    page = render_template(
        "accounts/edit_person.html",
        form=form,
        title=title,
        note=note,
        stored=stored,
        employments=EMPLOYMENT_LABELS,
        fields=[each for each in form if each.type not in {"VersionField", "CSRFTokenField"}],
        back_url=back_url,
    )
    return page, status
