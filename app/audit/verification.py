"""Verifying as a job: ordered on the auditor's page, done by the worker, its verdict kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.audit import heads, verify
from app.audit.models import AuditEvent, AuditVerification
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.feature import ORDER_JOB, JobOrder, JobRun

JOB = "audit.verify"


def order_verification(*, ordered_by_id: int) -> str:
    """Order a verification in the open write; gives the job's public id. One at a time."""
    order: JobOrder = current_app.extensions[ORDER_JOB]
    public_id = order(
        kind=JOB,
        # Whoever orders it may follow it, so each has his own.
        key=f"{JOB}:{ordered_by_id}",
        title="核对日志链",
        payload={"ordered_by_id": ordered_by_id},
        ordered_by_id=ordered_by_id,
    )
    append(AuditEvent.AUDIT_VERIFICATION_ORDERED, person_id=ordered_by_id, object_type="audit_log")
    return public_id


def run_verification(run: JobRun) -> Mapping[str, Any]:
    """Verify the chain and keep the verdict; nothing of an earlier try is taken over."""
    report = verify.check(
        heads.read_heads(), lambda done, total: run.progress(done=done, total=total)
    )
    with db.write():
        keep(report, ordered_by_id=run.payload["ordered_by_id"])
    return {"endpoint": "audit.show_chain", "label": "查看核对结果"}


def keep(report: verify.Report, *, ordered_by_id: int | None) -> None:
    """Add a verification with its event to the open write."""
    db.session.add(
        AuditVerification(
            at=clock.now(),
            ordered_by_id=ordered_by_id,
            verdict=report.verdict,
            broken_at=report.at,
            detail=report.detail,
            checked=report.checked,
            last_seq=report.last,
            last_hash=report.last_hash,
        )
    )
    append(
        AuditEvent.AUDIT_VERIFIED,
        person_id=ordered_by_id,
        object_type="audit_log",
        verdict=report.verdict,
        detail=report.detail,
        checked=report.checked,
    )


def list_verifications(*, limit: int) -> Sequence[AuditVerification]:
    """Give the last verifications, newest first."""
    newest = select(AuditVerification).order_by(AuditVerification.id.desc()).limit(limit)
    return db.session.scalars(newest).all()
