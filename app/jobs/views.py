"""The page that shows how far a job is, and its fragment, asked for once a second."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from app.jobs import service
from app.jobs.models import JOB_STATE_LABELS, OPEN_STATES, Job, JobState
from app.kernel import htmx
from app.kernel.declared import polling, require
from app.kernel.permissions import Permission, signed_in

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")


@blueprint.get("/<string:public_id>")
@require(Permission.JOBS_JOB_READ)
@polling
def show_job(public_id: str) -> ResponseReturnValue:
    """Show a job that I ordered; polling ends when it has ended."""
    job = service.get_job_for(signed_in(), public_id)
    if job is None:
        abort(404)
    context = {"job": describe(job)}
    if not htmx.is_fragment_request():
        return render_template("jobs/show_job.html", **context)
    body = render_template("jobs/_job.html", **context)
    is_open = job.state in OPEN_STATES
    return htmx.respond(body, status=200 if is_open else htmx.STOP_POLLING)


def describe(job: Job) -> dict[str, object]:
    """Give what the progress macro reads of a job."""
    return {
        "url": url_for("jobs.show_job", public_id=job.public_id),
        "number": job.public_id,
        "title": job.title,
        "state": JOB_STATE_LABELS[job.state],
        "is_open": job.state in OPEN_STATES,
        "is_done": job.state is JobState.DONE,
        "done": job.done,
        "total": job.total,
        "result_url": result_url(job),
        "result_label": job.result.get("label", "打开"),
        "error": f"{job.error}（编号 {job.public_id}）",
    }


def result_url(job: Job) -> str | None:
    """Give the page that shows what a job made; the worker knows endpoints, not addresses."""
    endpoint = job.result.get("endpoint")
    return url_for(endpoint, **job.result.get("values", {})) if endpoint else None
