"""The one door for the scan of a signed sheet: a photo or a PDF, drawn anew, pictures only.

"Every approving move can be done 线下签批、经办人代录: who signed, when, meeting and minute number,
scan of the signed sheet."

How a room takes one, outside of any write until the row:

    @takes_bytes(scans.MAX_BYTES)                  # on the view: more than the site's usual body
    upload = take_upload(form, max_bytes=scans.MAX_BYTES)
    scan = scans.keep_scan(upload)                 # RefusedError(file=...) says what to do
    sha256 = files.put_content(scan.content)
    with db.write():
        file = files.add_file(sha256=sha256, size=len(scan.content),
                              media_type=scan.media_type, name=f"签批单{scan.suffix}")
"""

from typing import NamedTuple

from app.files import images
from app.files.uploads import Upload
from app.kernel.forms import RefusedError

MAX_BYTES = 10 << 20
MAX_PAGES = 10
LONGEST = 2200
"""Points on the longer side: A4 at about 190 to the inch, so that a signature can be compared."""
PDF_TYPE = "application/pdf"
ACCEPTED = ".jpg,.jpeg,.png,.pdf"
"""For the `accept` of a file field; what a file really is decides its content."""
HINT = f"JPG、PNG图片或PDF（{MAX_PAGES}页、{MAX_BYTES >> 20}MB以内），签批那一页要看得清。"
CHILD_SECONDS = 20
# A PDF may have this much of anything before its first words.
HEAD = 1024
NOT_READ = "这个PDF处理不了：内容过大或者已经损坏。请按A4重新扫描，或者改传JPG、PNG图片。"
NO_SCAN = "这不是能用的扫描件。请用JPG、PNG图片或者PDF。"


class Scan(NamedTuple):
    """A scan as the site keeps it; nothing of the bytes that were sent is in it."""

    content: bytes
    media_type: str

    @property
    def suffix(self) -> str:
        """The end of the name under which a person saves it."""
        return ".pdf" if self.media_type == PDF_TYPE else ".jpg"


def keep_scan(upload: Upload) -> Scan:
    """Give an uploaded scan drawn anew; in a child process, not inside a write.

    A picture becomes one JPEG, a PDF one whose pages are pictures. Raises RefusedError(file=...).
    """
    if len(upload.content) > MAX_BYTES:
        raise RefusedError(file=f"文件超过{MAX_BYTES >> 20}MB，请缩小后再上传。")
    if b"%PDF-" in upload.content[:HEAD]:
        return Scan(draw_document(upload.content), PDF_TYPE)
    return Scan(draw_picture(upload.content), images.MEDIA_TYPE)


def draw_picture(content: bytes) -> bytes:
    """Draw a photo of a sheet; what is no picture at all is told what would do."""
    if not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        raise RefusedError(file=NO_SCAN)
    return images.draw_anew(content, longest=LONGEST)


def draw_document(content: bytes) -> bytes:
    """Draw the pages of a PDF in a child process; raises RefusedError(file=...)."""
    return images.draw_in_child(
        "app.kernel.scans_child",
        content,
        seconds=CHILD_SECONDS,
        options={"pages": MAX_PAGES, "longest": LONGEST},
        not_read=NOT_READ,
    )
