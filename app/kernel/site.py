"""What belongs to the whole site and to no room: static files and the health page."""

from collections.abc import Callable

from flask import Blueprint, Flask, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import db
from app.kernel.declared import public
from app.kernel.static_files import serve_static

HealthCheck = Callable[[], bool]

blueprint = Blueprint("site", __name__)
blueprint.add_url_rule(
    "/static/<string(length=12):tree_hash>/<path:path>", "serve_static", serve_static
)


def add_health_check(app: Flask, check: HealthCheck) -> None:
    """Let a room say whether its part is well; a check may read the database."""
    app.extensions.setdefault("health-checks", []).append(check)


@blueprint.get("/healthz")
@public
def show_health() -> ResponseReturnValue:
    """Say ok or degraded, and nothing else."""
    checks: list[HealthCheck] = current_app.extensions.get("health-checks", [])
    try:
        is_well = db.session.execute(text("SELECT 1")).scalar() == 1 and all(
            check() for check in checks
        )
    except SQLAlchemyError:
        is_well = False
    return jsonify(status="ok" if is_well else "degraded")
