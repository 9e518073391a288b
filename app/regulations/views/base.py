"""What all pages of the room share."""

from http import HTTPStatus

from flask import Blueprint
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Department
from app.accounts.roster.models import Post
from app.accounts.roster.placements import is_open
from app.kernel import clock, db
from app.kernel.permissions import Permission, signed_in

blueprint = Blueprint("regulations", __name__, url_prefix="/regulations")

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
STALE = HTTPStatus.CONFLICT.value
STALE_EDIT = "别人刚改过这一项，你的修改还没有保存；请返回看过最新内容再改。"


def list_posts() -> list[Post]:
    """Give the posts that are in use, by name."""
    found = db.session.scalars(
        select(Post).where(is_open(Post, clock.today())).order_by(Post.name, Post.id)
    )
    return list(found)


def departments_for(permission: Permission) -> list[Department]:
    """Give the departments in which somebody may do something, in their 序列."""
    scope = signed_in().departments_of(permission)
    return [each for each in accounts.list_departments() if scope is None or each.id in scope]
