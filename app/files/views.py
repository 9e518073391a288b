"""核对文件: what the 校验码 of a printed paper tells anybody who works here."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.files import verifying
from app.files.verifying import VERDICT_LABELS
from app.kernel.declared import require
from app.kernel.permissions import Permission

blueprint = Blueprint("documents", __name__, url_prefix="/documents")

VERIFY = Permission.FILES_DOCUMENT_VERIFY
LONGEST = 40


@blueprint.get("/verify")
@require(VERIFY)
def find_document() -> ResponseReturnValue:
    """Ask for the 校验码 of a paper, and lead to what it tells."""
    code = request.args.get("code", "")[:LONGEST].strip()
    if code:
        return redirect(url_for(".verify_document", code=verifying.normalise(code) or "unknown"))
    return render_template("files/verify_document.html", found=None, label="")


@blueprint.get("/verify/<string:code>")
@require(VERIFY)
def verify_document(code: str) -> ResponseReturnValue:
    """Tell whether a paper with this code is ours, and whether it still holds."""
    found = verifying.check_code(code)
    return render_template(
        "files/verify_document.html", found=found, label=VERDICT_LABELS[found.verdict]
    )
