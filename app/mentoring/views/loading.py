"""How pages of 师徒结对 get their records: only through loaders that take the user."""

from http import HTTPStatus

from flask import abort, url_for

from app.accounts.roster.models import ServiceItem
from app.kernel.permissions import signed_in
from app.mentoring import pairs, records, signing
from app.mentoring.models import MentoringItem, MentoringPair, MentoringRecord
from app.mentoring.pairs import PairRow
from app.mentoring.record_flow import pair_of

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
STALE = HTTPStatus.CONFLICT.value


def load_row(public_id: str) -> PairRow:
    """Load a pair with the two that I may see, or answer 404."""
    row = pairs.get_pair_for(signed_in(), public_id)
    if row is None:
        abort(404)
    return row


def load(public_id: str) -> MentoringPair:
    """Load a pair that I may see, or answer 404."""
    return load_row(public_id).pair


def load_record(public_id: str) -> MentoringRecord:
    """Load a record of a pair that I may see, or answer 404."""
    record = records.get_record(public_id)
    if record is None or pairs.get_pair_for(signed_in(), pair_of(record).public_id) is None:
        abort(404)
    return record


def load_item(pair: MentoringPair, item_id: int) -> tuple[MentoringItem, ServiceItem]:
    """Load an item of a pair, or answer 404."""
    found = signing.load_item(pair, item_id)
    if found is None:
        abort(404)
    return found


def pair_url(pair: MentoringPair) -> str:
    """Give the address of a pair."""
    return url_for("mentoring.show_pair", public_id=pair.public_id)
