"""How pages of 巡查 get their records: only through loaders that take the user."""

from flask import abort

from app.inspections import findings, rounds
from app.inspections.findings import FindingRow
from app.inspections.models import ChecklistItem, Inspection
from app.inspections.rounds import RoundRow
from app.kernel import db
from app.kernel.permissions import signed_in


def load_row(public_id: str) -> RoundRow:
    """Load a round that I may see, or answer 404."""
    row = rounds.get_round_for(signed_in(), public_id)
    if row is None:
        abort(404)
    return row


def load(public_id: str) -> Inspection:
    """Load a round that I may see, or answer 404."""
    return load_row(public_id).inspection


def load_mine(public_id: str) -> Inspection:
    """Load a round that I am on: 404 where I may not see it, 403 where I only may."""
    inspection = load(public_id)
    if not rounds.is_mine(inspection, signed_in()):
        abort(403)
    return inspection


def load_item(inspection: Inspection, item_id: int) -> ChecklistItem:
    """Load an item of a round's own checklist, or answer 404."""
    item = db.session.get(ChecklistItem, item_id)
    if item is None or item.checklist_id != inspection.checklist_id:
        abort(404)
    return item


def load_finding(public_id: str) -> FindingRow:
    """Load a finding that I may see, or answer 404."""
    row = findings.get_finding_for(signed_in(), public_id)
    if row is None:
        abort(404)
    return row


def load_my_finding(public_id: str) -> FindingRow:
    """Load a finding of a round that I am on: 404 or 403 otherwise."""
    row = load_finding(public_id)
    if not rounds.is_mine(row.inspection, signed_in()):
        abort(403)
    return row
