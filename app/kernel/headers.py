"""The headers of every answer, exact: named content policies and what else protects a browser.

`site` is the policy of all pages; `device` lets a camera preview or a cached slide draw blob images
and holds only for the endpoints listed here. `file` is for pictures that people uploaded: whatever
a browser takes one for, it runs nothing and belongs to no site (IN5).
"""

from flask import Flask, Response, current_app, request

SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
DEVICE_POLICY = SITE_POLICY.replace("img-src 'self' data:", "img-src 'self' data: blob:")

# Photo capture will stand here too; every other endpoint has the site's policy.
DEVICE_ENDPOINTS = frozenset(
    {"screens.show_player", "screens.show_manifest", "screens.serve_worker"}
)

FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
FILE_ENDPOINTS = frozenset(
    {
        "accounts.show_photo",
        "accounts.show_own_photo",
        "inspections.show_photo",
        "rectifications.show_photo",
        "rectifications.show_order_scan",
        "commitments.show_duty_photo",
        "commitments.show_rating_code",
        "commitments.show_sheet_scan",
        "commitments.show_plate_scan",
        "suggestions.show_picture",
        "suggestions.show_evidence",
        "training.show_class_scan",
        "training.show_material",
        "training.show_record_photo",
        "suggestions.show_idea_scan",
        "suggestions.show_order_scan",
        "measures.show_evidence",
        "measures.show_task_scan",
        "mentoring.show_pair_scan",
        "mentoring.show_record_scan",
        "inspections.show_own_photo",
        "assessment.show_scheme_scan",
        "assessment.show_cycle_scan",
        "exams.show_paper_scan",
        "exams.show_question_picture",
        "exams.show_paper_picture",
        "questions.show_item_picture",
        "questions.export_original",
    }
)

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TRANSPORT_SECURITY = "max-age=31536000"


def init(app: Flask) -> None:
    """Put the headers on every answer, error pages and static files included."""
    app.after_request(add_headers)


def policy_of(endpoint: str | None) -> str:
    """Give the content policy of an endpoint."""
    if endpoint in FILE_ENDPOINTS:
        return FILE_POLICY
    return DEVICE_POLICY if endpoint in DEVICE_ENDPOINTS else SITE_POLICY


def add_headers(response: Response) -> Response:
    """Set what every answer carries; only static files may be kept by a browser."""
    response.headers.update(FIXED_HEADERS)
    response.headers["Content-Security-Policy"] = policy_of(request.endpoint)
    if not current_app.config["IS_PLAIN_HTTP"]:
        response.headers["Strict-Transport-Security"] = TRANSPORT_SECURITY
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("HX-Request")
    return response
