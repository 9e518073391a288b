"""清廉窗口: the application, put together from its configuration, its kernel and its rooms."""

from flask import Flask

from app import (
    accounts,
    assessment,
    audit,
    commitments,
    exams,
    files,
    home,
    inbox,
    inspections,
    jobs,
    measures,
    mentoring,
    questions,
    rectifications,
    regulations,
    screens,
    suggestions,
    surveys,
    training,
    workdays,
    workflow,
)
from app import settings as settings_room
from app.kernel import (
    client_address,
    config,
    converters,
    db,
    declared,
    errors,
    formats,
    forms,
    guard,
    headers,
    htmx,
    logs,
    site,
    static_files,
)
from app.kernel.config import ROOT, Config

FEATURES = (
    audit.FEATURE,
    jobs.FEATURE,
    files.FEATURE,
    settings_room.FEATURE,
    accounts.FEATURE,
    workdays.FEATURE,
    inbox.FEATURE,
    workflow.FEATURE,
    regulations.FEATURE,
    questions.FEATURE,
    rectifications.FEATURE,
    exams.FEATURE,
    surveys.FEATURE,
    training.FEATURE,
    mentoring.FEATURE,
    inspections.FEATURE,
    commitments.FEATURE,
    suggestions.FEATURE,
    measures.FEATURE,
    assessment.FEATURE,
    screens.FEATURE,
    home.FEATURE,
)

MAX_BODY_BYTES = 2 * 1024 * 1024
MAX_FORM_PARTS = 500


def create_app(settings: Config | None = None) -> Flask:
    """Build the site; raises ConfigError or UndeclaredRouteError rather than start half right."""
    settings = settings or config.read_config()
    app = Flask(
        __name__,
        root_path=str(ROOT),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
        instance_path=str(settings.var),
    )
    app.config.update(
        SITE=settings,
        IS_DEMO=settings.is_demo,
        IS_PLAIN_HTTP=settings.is_plain_http,
        SIGN_IN_ENDPOINT="entrance.show_entrance" if settings.is_demo else "accounts.sign_in",
        # Commands run without a key; `require_ready` refuses to serve without one.
        SECRET_KEY=config.find_secret_key(settings),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SESSION_COOKIE_NAME="clean-window" if settings.is_plain_http else "__Host-clean-window",
        SESSION_COOKIE_SECURE=not settings.is_plain_http,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
    )
    app.extensions["clean-window"] = FEATURES
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for page in (
        client_address, logs, converters, db, htmx, forms, formats, static_files, headers, errors,
        guard,
    ):  # fmt: skip
        page.init(app)
    app.register_blueprint(site.blueprint)
    for feature in FEATURES:
        if feature.blueprint is not None:
            app.register_blueprint(feature.blueprint)
        if feature.cli is not None:
            app.cli.add_command(feature.cli)
        if feature.init is not None:
            feature.init(app)
    declared.check_declarations(app)
    return app
