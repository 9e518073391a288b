"""What the public reads without a session: departments in their 序列, and one with its windows.

Nothing here asks who is reading, sets a cookie or shows anything that is not 公开中.
"""

from itertools import groupby

from flask import Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.privacy import photos
from app.commitments import disclosure, identity
from app.commitments.views import blueprint
from app.files import service as files
from app.kernel.declared import public
from app.kernel.listing import MAX_QUERY

# Shorter than the hour within which a photo must be gone, and short for what is withdrawn.
CACHE = "public, max-age=60"
PHOTO_CACHE = "public, max-age=300"


@blueprint.get("/public/commitments")
@public
def list_disclosed() -> ResponseReturnValue:
    """List the departments with what they promise; `q` looks for words, also window numbers."""
    words = "".join(c for c in request.args.get("q", "") if c.isprintable()).strip()[:MAX_QUERY]
    found = disclosure.list_in_force(disclosure.search(words))
    groups = [
        (department_id, list(group))
        for department_id, group in groupby(found, key=lambda each: each.department_id)
    ]
    page = render_template(
        "commitments/list_disclosed.html",
        words=words,
        groups=groups,
        url=url_for("commitments.list_disclosed"),
    )
    return kept_briefly(page)


@blueprint.get("/public/commitments/<int:department_id>")
@public
def show_disclosed(department_id: int) -> ResponseReturnValue:
    """Show what a department promises, and each of its windows with who is on duty."""
    found = disclosure.list_of_department(department_id)
    if not found:
        abort(404)
    windows = disclosure.windows_of(found)
    staffed = identity.on_duty([window.id for group in windows.values() for window in group])
    page = render_template(
        "commitments/show_disclosed.html",
        sheets=found,
        windows=windows,
        staffed=staffed,
        list_url=url_for("commitments.list_disclosed"),
    )
    return kept_briefly(page)


@blueprint.get("/public/commitments/photos/<int:person_id>")
@public
def show_duty_photo(person_id: int) -> ResponseReturnValue:
    """Give the photo of somebody on duty at a window with a public sheet, and of nobody else."""
    file = photos.get_file(person_id) if disclosure.shows_person(person_id) else None
    if file is None:
        abort(404)
    try:
        response = files.answer_with(file, is_inline=False)
    except files.DamagedFileError:
        abort(404)
    response.headers["Cache-Control"] = PHOTO_CACHE
    return response


def kept_briefly(page: str) -> Response:
    """Let a browser keep a page for a minute: a hall's network is slow, what it shows may go."""
    response = make_response(page)
    response.headers["Cache-Control"] = CACHE
    return response
