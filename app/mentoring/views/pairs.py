"""The list of pairs, my pairs, and one pair with its matrix of 事项."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.audit.exports import answer_export
from app.files import papers as paper_pages
from app.kernel import clock, formats, htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.mentoring import effects, months, papers, plans, presence, records, signing, wording
from app.mentoring.lists import OWN_PAIRS, is_term_over, make_pairs
from app.mentoring.models import (
    END_REASON_LABELS,
    LEVEL_LABELS,
    Level,
    MentoringChange,
    MentoringPair,
    PairState,
)
from app.mentoring.pairs import PairRow, select_own_pairs, select_pairs_for
from app.mentoring.plans import ItemRow
from app.mentoring.views import blueprint
from app.mentoring.views.loading import load_row
from app.mentoring.workflow import PAIR_FLOW
from app.workflow.panels import Panel, panel_of

READ = Permission.MENTORING_PAIR_READ
JOIN = Permission.MENTORING_PAIR_JOIN
DRAFT = Permission.MENTORING_PAIR_DRAFT
SIGN_LABELS = {Level.WATCH: "签“看”", Level.ASSIST: "签“陪”", Level.SOLO: "签“独立”"}


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """One 事项 of the matrix: what was signed when, and what I can do about it."""

    item_id: int
    name: str
    code: str
    planned: str
    watched: str
    assisted: str
    signed: str
    assessed: str
    level: str
    kind: str
    # (level, label) of what its master can sign next.
    next_sign: tuple[str, str] | None
    can_assess: bool


@blueprint.get("/pairs")
@require(READ)
def list_pairs() -> ResponseReturnValue:
    """List the pairs that I follow."""
    user = signed_in()
    view = listing.show(
        make_pairs(accounts.list_departments()),
        select_pairs_for(user),
        request.args,
        url=url_for(".list_pairs"),
        export_url=url_for(".export_pairs"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("mentoring/list_pairs.html", listing=view, may_draft=user.can(DRAFT))


@blueprint.get("/pairs/export")
@require(READ)
def export_pairs() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        make_pairs(accounts.list_departments()),
        select_pairs_for(user),
        what="mentoring_pairs",
        name="师徒结对.xlsx",
        user=user,
    )


@blueprint.get("/mine")
@require(JOIN)
def list_own_pairs() -> ResponseReturnValue:
    """List the pairs in which I am one of the two, or assess."""
    user = signed_in()
    view = listing.show(
        OWN_PAIRS,
        select_own_pairs(user),
        request.args,
        url=url_for(".list_own_pairs"),
        export_url=url_for(".export_own_pairs"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("mentoring/list_own_pairs.html", listing=view)


@blueprint.get("/mine/export")
@require(JOIN)
def export_own_pairs() -> ResponseReturnValue:
    """Give my pairs as an Excel file."""
    user = signed_in()
    return answer_export(
        OWN_PAIRS, select_own_pairs(user), what="mentoring_pairs", name="我的师徒.xlsx", user=user
    )


@blueprint.get("/pairs/<string:public_id>")
@require(Permission.HOME_PAGE_VIEW)
def show_pair(public_id: str) -> ResponseReturnValue:
    """Show a pair: the matrix of its 事项, its months, assessments, agreement and changes."""
    row, user = load_row(public_id), signed_in()
    pair = row.pair
    items = plans.list_items(pair.id)
    changes = plans.list_changes(pair.id)
    return render_template(
        "mentoring/show_pair.html",
        row=row,
        pair=pair,
        panel=panel_for(pair),
        matrix=[matrix_row(pair, each) for each in items],
        progress=progress_of(items),
        is_term_over=is_term_over(pair),
        warnings=presence.warnings_of(pair),
        months=[each for each in records.list_months(pair) if each.text != records.TO_COME],
        assessments=signing.list_assessments(pair.id),
        details=details_of(row),
        duties=wording.DUTIES,
        changes=[change_view(each) for each in changes[1:]],
        can_change=plans.may_change(pair, user),
        prints=prints_of(pair),
        no_sharing=wording.NO_SHARING,
    )


def panel_for(pair: MentoringPair) -> Panel:
    """Gather the panel, without what would be refused now, and each page once."""
    panel, refused = panel_of(PAIR_FLOW, pair, signed_in()), []
    if pair.state is PairState.RUNNING:
        if any(each.item.assessed_on is None for each in plans.list_items(pair.id)):
            refused += ["/ask-final", "/ask-final-department"]
        if pair.is_extended or clock.today() < pair.ends_on - effects.EXTENDABLE:
            refused += ["/extend", "/extend/signed"]
    moves = {each.url: each for each in panel.moves if not each.url.endswith(tuple(refused))}
    signed = {each.url: each for each in panel.signed if not each.url.endswith(tuple(refused))}
    return replace(panel, moves=list(moves.values()), signed=list(signed.values()))


def matrix_row(pair: MentoringPair, row: ItemRow) -> MatrixRow:
    """Write one 事项 as the matrix shows it."""
    item, user = row.item, signed_in()
    is_running = pair.state is PairState.RUNNING and clock.today() >= pair.starts_on
    coming = signing.next_level(item)
    may_sign = is_running and pair.master_id == user.person_id and coming is not None
    is_late = item.assessed_on is None and clock.today() > months.last_of(item.planned_on)
    kinds = {Level.ASSESSED: "green", Level.SOLO: "amber", Level.NONE: ""}
    return MatrixRow(
        item_id=item.id,
        name=row.service_item.name,
        code=row.service_item.code,
        planned=f"{months.label(item.planned_on)}{'（已过）' if is_late else ''}",
        watched=day_text(item.watched_on),
        assisted=day_text(item.assisted_on),
        signed=day_text(item.signed_on),
        assessed=day_text(item.assessed_on),
        level=LEVEL_LABELS[item.level],
        kind=kinds.get(item.level, "blue"),
        next_sign=(coming.value, SIGN_LABELS[coming]) if may_sign and coming else None,
        can_assess=is_running and pair.assessor_id == user.person_id and item.level is Level.SOLO,
    )


def day_text(day: date | None) -> str:
    """Write a day shortly; nothing where there is none."""
    return f"{day.month}月{day.day}日" if day else ""


def progress_of(items: Sequence[ItemRow]) -> str:
    """Say how far the plan is, with its denominator."""
    done = sum(each.item.assessed_on is not None for each in items)
    return f"独立{done}项，计划{len(items)}项"


def details_of(row: PairRow) -> list[dict[str, str]]:
    """Give what stands in the agreement besides the 事项."""
    pair = row.pair
    names = accounts.names_of({pair.assessor_id})
    found = [
        ("师傅", f"{row.master.name}（{row.master.staff_number}）"),
        ("徒弟", f"{row.apprentice.name}（{row.apprentice.staff_number}）"),
        ("所在部门", row.department.name),
        ("期限", plans.terms_of(pair).term + ("（已延长一次）" if pair.is_extended else "")),
        ("目标", pair.goals),
        ("考核人", names[pair.assessor_id]),
        ("提出时列出的理由", pair.reasons),
    ]
    if pair.certificate_number:
        found.append(("出师证书", pair.certificate_number))
    if pair.state is PairState.ENDED and pair.end_reason is not None:
        reason = END_REASON_LABELS[pair.end_reason]
        found.append(("提前结束", f"{reason}。{pair.end_note}不计任何负面记录。"))
    return [{"label": label, "text": text} for label, text in found]


def change_view(change: MentoringChange) -> dict[str, Any]:
    """Write a 变更 with the whole text before and after."""
    return {
        "number": change.number,
        "reason": change.reason,
        "made": f"{accounts.names_of({change.made_by_id}).get(change.made_by_id or 0, '')}　"
        f"{formats.moment(change.made_at)}",
        "before": terms_text(plans.terms_from(change.before)),
        "after": terms_text(plans.terms_from(change.after)),
    }


def terms_text(terms: plans.Terms) -> list[str]:
    """Write an agreed text line by line."""
    return [
        f"期限：{terms.term}",
        f"目标：{terms.goals}",
        f"考核人：{terms.assessor}",
        *(f"{name}：{month}独立" for name, month in terms.items),
    ]


def prints_of(pair: MentoringPair) -> list[dict[str, str]]:
    """Give the papers of a pair: the way to print each, or to open it."""
    found = []
    for kind in papers.kinds_of(pair):
        is_ready = paper_pages.is_ready(kind, pair.id)
        endpoint = kind.endpoint if is_ready else f"mentoring.print_{kind.word}"
        found.append(
            {
                "label": f"{'打开' if is_ready else '打印'}{kind.title}",
                "url": url_for(endpoint, public_id=pair.public_id),
                "is_ready": "yes" if is_ready else "",
            }
        )
    return found
