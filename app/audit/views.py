"""The auditor's pages: the list with its alerts, one entry, the chain and its verification.

Whoever looks is written down himself, before he sees anything (AL7); nothing can be changed here.
"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.audit import alerts, heads, labels, lists, verification
from app.audit.exports import answer_export
from app.audit.models import AuditEntry, AuditHead, AuditVerification
from app.audit.names import person_names
from app.audit.retention import retention_days
from app.audit.service import record_read
from app.kernel import db, formats, htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

MOST_VERIFICATIONS = 10


@blueprint.get("")
@require(Permission.AUDIT_LOG_READ)
def list_entries() -> ResponseReturnValue:
    """Show the log, the newest entry first; on top what should be looked at."""
    record_read(
        person_id=signed_in().person_id,
        object_type="audit_log",
        object_id="",
        filters=request.query_string.decode()[:500],
    )
    view = listing.show(
        lists.ENTRIES,
        select(AuditEntry),
        request.args,
        url=url_for(".list_entries"),
        export_url=url_for(".export_entries"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("audit/list_entries.html", listing=view, alerts=alerts.list_alerts())


@blueprint.get("/export")
@require(Permission.AUDIT_LOG_EXPORT)
def export_entries() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    return answer_export(
        lists.SHEET,
        select(AuditEntry),
        what="audit_log",
        name="审计日志.xlsx",
        user=signed_in(),
    )


@blueprint.get("/<int:seq>")
@require(Permission.AUDIT_LOG_READ)
def show_entry(seq: int) -> ResponseReturnValue:
    """Show one entry with all that it holds."""
    entry = db.session.get(AuditEntry, seq)
    if entry is None:
        abort(404)
    record_read(person_id=signed_in().person_id, object_type="audit_log", object_id=seq)
    [row] = lists.with_names([(entry,)])
    return render_template(
        "audit/show_entry.html",
        entry=entry,
        rows=[
            ("时间", lists.second(row)),
            ("人员", row.person),
            ("身份", labels.acted_as_text(entry.acted_as) or "当时没有记录"),
            ("事项", labels.event_label(entry.event)),
            ("对象", labels.object_text(entry.object_type, entry.object_id) or "无"),
            ("结果", labels.RESULT_LABELS[entry.result]),
            # 公众页面 keep neither, so that an opinion can't be traced to whoever sent it.
            ("地址", entry.address or "本机，或者公众页面"),
            ("请求编号", entry.request_id or "不是网页请求，或者公众页面"),
        ],
        data=labels.data_rows(entry.data),
    )


@blueprint.get("/chain")
@require(Permission.AUDIT_LOG_VERIFY)
def show_chain() -> ResponseReturnValue:
    """Show the head, the last head outside the database for printing, and what was verified."""
    seq, hash_ = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    done = verification.list_verifications(limit=MOST_VERIFICATIONS)
    names = person_names({each.ordered_by_id for each in done if each.ordered_by_id})
    return render_template(
        "audit/show_chain.html",
        seq=seq,
        code=heads.short_code(hash_),
        outside=heads.latest_head(),
        retention_days=retention_days(),
        verifications=[verification_row(each, names.get(each.ordered_by_id or 0)) for each in done],
    )


def verification_row(done: AuditVerification, name: str | None) -> list[str]:
    """Give one verification as the page's table shows it."""
    return [
        formats.moment(done.at),
        labels.VERDICT_LABELS[done.verdict],
        done.detail,
        str(done.checked),
        name or "系统",
    ]


@blueprint.post("/chain/verify")
@require(Permission.AUDIT_LOG_VERIFY)
def verify_chain() -> ResponseReturnValue:
    """Order a verification and go where its progress is shown."""
    with db.write():
        public_id = verification.order_verification(ordered_by_id=signed_in().person_id)
    return redirect(url_for("jobs.show_job", public_id=public_id), 303)
