"""The door for scans of signed sheets, with every hostile file made here."""

import io
import resource
import time

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from pypdfium2 import raw

from app.files import images, scans
from app.files.uploads import Upload
from app.kernel import children, scans_child
from app.kernel.forms import RefusedError
from tests.files.test_images import bomb, picture, with_place

A4 = (595, 842)


def sheet(pages=1, size=(620, 877)) -> bytes:
    """Make a PDF as a scanner does: each page is a picture with its number of strokes."""
    drawn = []
    for number in range(pages):
        image = Image.new("RGB", size, (255, 255, 255))
        draw = ImageDraw.Draw(image)
        for place in range(number + 1):
            draw.rectangle((40 + 50 * place, 40, 60 + 50 * place, 400), fill=(200, 0, 0))
        drawn.append(image)
    buffer = io.BytesIO()
    options = {"title": "机密的题目", "author": "扫描人张某", "resolution": 75}
    drawn[0].save(buffer, "PDF", save_all=True, append_images=drawn[1:], **options)
    return buffer.getvalue()


def document(body: bytes, *, page: bytes = b"/MediaBox [0 0 595 842]", root: bytes = b"") -> bytes:
    """Write a PDF by hand, with one page whose content is `body`."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R " + root + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R " + page + b" /Contents 4 0 R >>",
        b"<< /Length " + str(len(body)).encode() + b" >>\nstream\n" + body + b"\nendstream",
        b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
        b"<< /Type /EmbeddedFile /Length 9 >>\nstream\nPK\x03\x04virus\nendstream",
    ]
    written, offsets = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(written))
        written += str(number).encode() + b" 0 obj\n" + part + b"\nendobj\n"
    rows = b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    size = str(len(parts) + 1).encode()
    table = b"xref\n0 " + size + b"\n0000000000 65535 f \n" + rows
    end = b"trailer\n<< /Size " + size + b" /Root 1 0 R >>\nstartxref\n"
    return written + table + end + str(len(written)).encode() + b"\n%%EOF\n"


def kept(content: bytes, name="签批单.pdf") -> scans.Scan:
    return scans.keep_scan(Upload(name=name, content=content))


def refusal(content: bytes) -> str:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(RefusedError) as caught:
        kept(content)
    assert time.monotonic() - began < 45
    # The process that asks never opens the file.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 80 * 1024
    return caught.value.errors["file"]


def test_a_scanned_document_keeps_its_pages_in_order_and_nothing_else():
    scan = kept(sheet(pages=3))
    assert (scan.media_type, scan.suffix) == ("application/pdf", ".pdf")
    opened = pypdfium2.PdfDocument(scan.content)
    assert len(opened) == 3
    assert not any(opened.get_metadata_dict().values())
    for trace in ("机密的题目", "扫描人张某"):
        assert trace.encode() not in scan.content
        assert trace.encode("utf-16-be") not in scan.content
    for number, page in enumerate(opened):
        assert tuple(round(side) for side in page.get_size()) == A4
        kinds = [each.type for each in page.get_objects()]
        assert kinds == [raw.FPDF_PAGEOBJ_IMAGE]
        drawn = page.render(scale=1).to_pil().convert("RGB")
        strokes = [drawn.getpixel((48 + place * 48, 100))[1] < 100 for place in range(3)]
        assert strokes == [place <= number for place in range(3)]


def test_scripts_attachments_and_text_that_nobody_sees_are_gone():
    body = b"BT /F1 12 Tf 3 Tr 100 700 Td (hidden words) Tj ET 1 0 0 rg 50 50 99 99 re f"
    root = b"/OpenAction 5 0 R /Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>"
    made = kept(document(body, root=root)).content
    for trace in (b"JavaScript", b"OpenAction", b"EmbeddedFile", b"PK\x03\x04", b"hidden words"):
        assert trace not in made
    page = pypdfium2.PdfDocument(made)[0]
    assert not page.get_textpage().get_text_range()
    assert page.render(scale=1).to_pil().convert("RGB").getpixel((90, 780))[1] < 100


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_of_a_sheet_is_drawn_anew_larger_than_other_pictures(kind):
    scan = kept(picture(kind, size=(3000, 4000)), name="签批单")
    assert (scan.media_type, scan.suffix) == ("image/jpeg", ".jpg")
    assert Image.open(io.BytesIO(scan.content)).size == (1650, 2200)


def test_a_photo_says_nothing_of_where_it_was_taken():
    scan = kept(with_place(orientation=6))
    assert dict(Image.open(io.BytesIO(scan.content)).getexif()) == {}
    assert Image.open(io.BytesIO(scan.content)).size == (40, 80)


def test_ten_pages_are_taken_and_eleven_are_not():
    assert len(pypdfium2.PdfDocument(kept(sheet(pages=10)).content)) == 10
    assert refusal(sheet(pages=11)) == scans_child.TOO_MANY.format(pages=11, most=10)


@pytest.mark.parametrize("box", [b"[0 0 900000 900000]", b"[0 0 14401 10]"])
def test_a_sheet_of_no_sensible_size_is_refused(box):
    assert refusal(document(b"", page=b"/MediaBox " + box)) == scans_child.TOO_LARGE


def test_a_long_thin_page_is_drawn_and_not_blown_up():
    made = kept(document(b"", page=b"/MediaBox [0 0 14000 2]")).content
    assert len(made) < 50_000


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n", b"%PDF-1.4\n" + bytes(2000), sheet()[:500], b"%PDF-1.7\n%%EOF",
     document(b"").replace(b"/Kids [3 0 R] /Count 1", b"/Kids [9 9 R] /Count 1")],
    ids=["head", "zeros", "cut", "end", "no page"],
)  # fmt: skip
def test_a_broken_document_is_refused(content):
    assert refusal(content) in {scans_child.BROKEN, scans_child.EMPTY, scans_child.TOO_LARGE}


def locked() -> bytes:
    """Give a PDF that asks for a password: any wrong /O and /U make it unreadable."""
    content = document(b"").replace(b"trailer\n<< ", b"trailer\n<< /Encrypt 7 0 R /ID [<00> <00>] ")
    rule = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32
    # Written before the table, whose offsets of the other objects stay right.
    head, _, rest = content.partition(b"xref\n")
    table = rest.replace(b"0 7\n", b"0 8\n").replace(b"/Size 7", b"/Size 8")
    rows, _, end = table.partition(b"trailer")
    row = f"{len(head):010d} 00000 n \n".encode()
    added = b"7 0 obj\n" + rule + b"> >>\nendobj\n"
    before, _, _ = end.partition(b"startxref")
    start = str(len(head) + len(added)).encode()
    return head + added + b"xref\n" + rows + row + b"trailer" + before + b"startxref\n" + start


def test_a_document_with_a_password_is_refused_and_says_what_to_do():
    assert refusal(locked()) == scans_child.LOCKED


def test_a_document_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(scans, "CHILD_SECONDS", 2)
    body = b"q 0 0 595 842 re f Q\n" * 10
    # A form that draws itself and others that draw it, two to the fortieth times.
    forms = b"".join(
        f"{number} 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << "
        f"/XObject << /F {number + 1} 0 R >> >> /Length 12 >>\nstream\n/F Do /F Do \n"
        "endstream\nendobj\n".encode()
        for number in range(10, 50)
    )
    last = (
        b"50 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length 210 >>\nstream\n"
        + body
        + b"\nendstream\nendobj\n"
    )
    page = b"/MediaBox [0 0 595 842] /Resources << /XObject << /F 10 0 R >> >>"
    content = document(b"/F Do", page=page)
    # Without a table the reader looks for the objects itself.
    head = content.partition(b"xref\n")[0]
    trailer = b"trailer\n<< /Size 51 /Root 1 0 R >>\n%%EOF\n"
    assert refusal(head + forms + last + trailer) == scans.NOT_READ


def test_a_picture_of_too_many_points_is_refused():
    assert "4000万像素" in refusal(bomb())


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 a document of another program", b"<html>", picture("GIF"), picture("BMP")],
)
def test_anything_else_is_refused_whatever_its_name(content):
    assert refusal(content) == scans.NO_SCAN


def test_a_file_of_more_than_ten_megabytes_is_refused_unopened():
    assert "10MB" in refusal(sheet() + bytes(10 << 20))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (children.ChildBusyError(), images.BUSY),
        (children.ChildBrokenError("status -9"), scans.NOT_READ),
    ],
)
def test_a_busy_or_broken_child_is_a_refusal_with_what_to_do(monkeypatch, fault, message):
    def fail(*_, **__):
        raise fault

    monkeypatch.setattr(children, "run", fail)
    assert refusal(sheet()) == message


def test_the_child_draws_in_any_process():
    options = {"pages": 2, "longest": 100}
    made = scans_child.work(sheet(pages=2), options)
    assert len(pypdfium2.PdfDocument(made)) == 2
    for content in (sheet(pages=3), locked(), b"%PDF-"):
        with pytest.raises(children.ChildRefusedError):
            scans_child.work(content, options)
    with pytest.raises(children.ChildRefusedError, match="尺寸"):
        scans_child.work(document(b"", page=b"/MediaBox [0 0 99999 9]"), options)
