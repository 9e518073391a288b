"""What the screens themselves ask for: the page, its manifest, its service worker. No session.

Nothing here reads who asks, sets a cookie or shows more than the public may see on the glass.
"""

from flask import Response, abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.kernel import static_files
from app.kernel.declared import answers_json, public
from app.screens import drawing, playlists
from app.screens.models import ScreenGroup
from app.screens.service import get_group_by_slug
from app.screens.views import blueprint

WORKER = "screens/worker.js"
# A player asks again and again; between two players a proxy keeps nothing unasked.
ASK_AGAIN = "no-cache"


@blueprint.get("/public/screen/<string:slug>")
@public
def show_player(slug: str) -> ResponseReturnValue:
    """Show the page of a group's screens; it stands there before its script has done anything."""
    group = load(slug)
    return drawing.render(
        "screens/show_player.html",
        group=group,
        hall_name=accounts.hall_name(),
        layout=playlists.layout_of(group).name,
        manifest_url=url_for("screens.show_manifest", slug=slug),
        worker_url=url_for("screens.serve_worker"),
        scope=url_for("screens.show_player", slug=slug).rpartition("/")[0] + "/",
        shell=playlists.shell_of(group),
    )


@blueprint.get("/public/screen/<string:slug>/manifest")
@public
@answers_json
def show_manifest(slug: str) -> ResponseReturnValue:
    """Give the playlist; 304 to whoever has it already."""
    manifest = playlists.build_manifest(load(slug))
    response = jsonify(manifest)
    response.set_etag(f"{manifest['hash']}-{manifest['shell']}", weak=True)
    response.headers["Cache-Control"] = ASK_AGAIN
    answer = response.make_conditional(request)
    # The web server says it; this one would come from another clock than the manifest's.
    answer.headers.pop("Date", None)
    return answer


@blueprint.get("/public/screen-worker")
@public
def serve_worker() -> ResponseReturnValue:
    """Serve the service worker from where it may control the players; never from a cache."""
    _, files = static_files.read_tree(static_files.static_folder())
    response = Response(files[WORKER].body, content_type=files[WORKER].media_type)
    response.headers["Cache-Control"] = ASK_AGAIN
    return response


def load(slug: str) -> ScreenGroup:
    """Load a group by its address, or answer 404; one that is stopped has an empty playlist."""
    group = get_group_by_slug(slug)
    if group is None:
        abort(404)
    return group
