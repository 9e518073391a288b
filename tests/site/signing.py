"""Decisions of the world that were signed on paper and entered by the clerk."""

from app.files import service as files
from app.kernel import clock, db
from app.workflow.definition import Flow, Signature
from app.workflow.service import execute
from tests.support import cast

SCAN = b"\xff\xd8\xff stands for the scan of a signed sheet of "


def sign_on_paper(flow: Flow, record_id: int, name: str, signer: str, mark: str) -> None:
    """Make a move that somebody of the cast has signed on paper."""
    content = SCAN + f"{flow.name} {record_id}".encode()
    sha256 = files.put_content(content)
    with db.write():
        scan = files.add_file(
            sha256=sha256, size=len(content), media_type="image/jpeg", name="签批单.jpg"
        )
        signature = Signature(
            signed_by_id=cast.person_id(signer),
            signed_on=clock.today(),
            meeting=f"主任办公会{mark}",
            minute_number="7",
            scan_file_id=scan.id,
        )
        clerk = cast.principal("clerk")
        execute(flow, record_id=record_id, name=name, user=clerk, signature=signature)
