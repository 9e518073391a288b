"""The headers of every answer, to the letter: what stands in app/kernel/headers.py, once more."""

from typing import Any

SITE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
DEVICE = SITE.replace("img-src 'self' data:", "img-src 'self' data: blob:")
FILE = "default-src 'none'; frame-ancestors 'none'; sandbox"
# Pictures that people uploaded: a browser keeps them for less than the hour that HALL 6.7 gives.
FILES = {
    "accounts.show_photo": "private, max-age=300",
    "accounts.show_own_photo": "private, max-age=300",
    "inspections.show_photo": "private, max-age=300",
    "rectifications.show_photo": "private, max-age=300",
    "rectifications.show_order_scan": "no-store",
    "commitments.show_rating_code": "private, max-age=300",
    "commitments.show_duty_photo": "public, max-age=300",
    "commitments.show_sheet_scan": "no-store",
    "commitments.show_plate_scan": "no-store",
    "suggestions.show_picture": "private, max-age=300",
    "suggestions.show_evidence": "private, max-age=300",
    "suggestions.show_idea_scan": "no-store",
    "mentoring.show_pair_scan": "no-store",
    "mentoring.show_record_scan": "no-store",
    "suggestions.show_order_scan": "no-store",
    "training.show_class_scan": "no-store",
    "training.show_material": "no-store",
    "training.show_record_photo": "private, max-age=300",
    "measures.show_evidence": "no-store",
    "measures.show_task_scan": "no-store",
    "inspections.show_own_photo": "private, max-age=300",
    "assessment.show_scheme_scan": "no-store",
    "assessment.show_cycle_scan": "no-store",
    "exams.show_paper_scan": "no-store",
    "questions.show_item_picture": "no-store",
    "exams.show_question_picture": "private, max-age=14400, immutable",
    "exams.show_paper_picture": "private, max-age=14400, immutable",
    "questions.export_original": "no-store",
}
# What hall screens ask for; they ask again each time whether it is still so.
DEVICES = {
    "screens.show_player": "no-store",
    "screens.show_manifest": "no-cache",
    "screens.serve_worker": "no-cache",
}
# Pages of the public, which a browser keeps for a minute; papers, which it opens by itself.
OTHERWISE_KEPT = {
    "commitments.list_disclosed": "public, max-age=60",
    "commitments.show_disclosed": "public, max-age=60",
    "workflow.show_batch_paper": "no-store",
    "commitments.show_desk_card": "no-store",
    "commitments.show_poster": "no-store",
    "commitments.show_notice": "no-store",
}
ALWAYS = {
    "Content-Security-Policy": SITE,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# What else may stand on an answer, beside what says what it is and how long.
OTHERS = {
    "Cache-Control", "Vary", "Content-Type", "Content-Length", "Content-Disposition",
    "Content-Encoding", "Location", "Set-Cookie", "HX-Redirect", "X-Request-ID", "Allow",
    "Retry-After", "Clear-Site-Data", "ETag",
}  # fmt: skip
FOREVER = "public, max-age=31536000, immutable"
# The only answers that a browser keeps.
KEPT = "site.serve_static"


def check_headers(
    answer: Any,
    *,
    policy: str = SITE,
    is_kept: bool = False,
    has_tls: bool = False,
    kept_for: str = "no-store",
) -> None:
    """Compare the headers of one answer, and find none that nobody has thought of."""
    wanted = {**ALWAYS, "Content-Security-Policy": policy}
    if has_tls:
        wanted["Strict-Transport-Security"] = "max-age=31536000"
    found = {name: answer.headers.get(name) for name in wanted}
    changed = {name: value for name, value in found.items() if value != wanted[name]}
    assert not changed, f"headers that should be others: {changed}"
    unknown = set(answer.headers.keys()) - OTHERS - set(wanted)
    assert not unknown, f"headers that nobody has thought of: {unknown}"
    doubled = [name for name in wanted if len(answer.headers.getlist(name)) != 1]
    assert not doubled, f"headers twice: {doubled}"
    caching = answer.headers["Cache-Control"]
    assert caching == (FOREVER if is_kept else kept_for), f"Cache-Control: {caching}"
    is_varied = (
        is_kept or kept_for != "no-store" or "HX-Request" in answer.headers["Vary"].split(", ")
    )
    assert is_varied, f"Vary: {answer.headers['Vary']}"
