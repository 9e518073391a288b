"""Papers of a pair: 结对协议书, 出师证书, 带教档案."""

from flask import abort

from app.files.papers import add_routes
from app.kernel.permissions import Permission
from app.mentoring import papers
from app.mentoring.models import MentoringPair, PairState
from app.mentoring.views import blueprint
from app.mentoring.views.loading import load

RULE = "/pairs/<string:public_id>"
VIEW = Permission.HOME_PAGE_VIEW


def load_graduated(public_id: str) -> MentoringPair:
    """Load a pair that ended with 出师, or answer 404."""
    pair = load(public_id)
    if pair.state is not PairState.GRADUATED:
        abort(404)
    return pair


def load_agreed(public_id: str) -> MentoringPair:
    """Load a pair that was approved, or answer 404."""
    pair = load(public_id)
    if pair.approved_at is None:
        abort(404)
    return pair


add_routes(blueprint, papers.AGREEMENT, RULE, VIEW, load)
add_routes(blueprint, papers.CERTIFICATE, RULE, VIEW, load_graduated)
add_routes(blueprint, papers.ARCHIVE, RULE, VIEW, load_agreed)
