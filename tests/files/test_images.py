"""Pictures into the site: IN4, with every picture made here."""

import io
import resource
import struct
import time
import zipfile
import zlib

import pytest
from PIL import Image

from app.files import images
from app.kernel import children, images_child
from app.kernel.forms import RefusedError

RED = (200, 30, 30)


def picture(kind="JPEG", size=(80, 40), mode="RGB", color=RED, **options) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, color).save(buffer, kind, **options)
    return buffer.getvalue()


def with_place(orientation=1) -> bytes:
    """Make a photo as a telephone does: with the place, the owner and the way it was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = "拍摄人张某"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (31.0, 24.0, 17.0)
    place[3], place[4] = "E", (121.0, 29.0, 22.0)
    return picture(exif=exif, comment=b"a comment")


def bomb(width=14_000, height=14_000) -> bytes:
    """Make a PNG of 196 million points in some kilobytes."""
    packer, row, packed = zlib.compressobj(9), bytes(width // 8 + 1), []
    packed = [packer.compress(row) for _ in range(height)]
    data = b"".join(packed) + packer.flush()

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def opened(content: bytes) -> Image.Image:
    drawn = Image.open(io.BytesIO(content))
    drawn.load()
    return drawn


def refusal(content: bytes) -> str:
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(RefusedError) as caught:
        images.draw_anew(content)
    # Two seconds on a machine of its own; the tests share theirs.
    assert time.monotonic() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024
    return caught.value.errors["file"]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_three_kinds_come_out_as_jpeg(kind):
    drawn = opened(images.draw_anew(picture(kind)))
    assert (drawn.format, drawn.size, drawn.mode) == ("JPEG", (80, 40), "RGB")
    assert all(abs(a - b) < 12 for a, b in zip(drawn.getpixel((5, 5)), RED, strict=True))


def test_no_place_owner_or_comment_comes_out():
    given = with_place()
    assert Image.open(io.BytesIO(given)).getexif().get_ifd(0x8825)
    made = images.draw_anew(given)
    drawn = opened(made)
    assert dict(drawn.getexif()) == {}
    assert set(drawn.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"Exif", "拍摄人张某".encode(), b"a comment", b"GPS"):
        assert trace not in made


def test_a_photo_that_was_taken_sideways_stands_upright():
    assert opened(images.draw_anew(with_place(orientation=6))).size == (40, 80)


def test_a_large_photo_is_made_smaller():
    assert opened(images.draw_anew(picture(size=(4000, 3000)))).size == (1600, 1200)
    assert opened(images.draw_anew(picture(size=(400, 300)), longest=200)).size == (200, 150)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_see_through_becomes_white(mode):
    color = {"RGBA": (10, 10, 10, 0), "LA": (10, 0), "P": 0}[mode]
    options = {"transparency": 0} if mode == "P" else {}
    drawn = opened(images.draw_anew(picture("PNG", mode=mode, color=color, **options)))
    assert drawn.getpixel((5, 5)) == (255, 255, 255)


def test_a_bomb_is_refused_before_it_is_drawn():
    made = bomb()
    assert len(made) < 200_000
    assert refusal(made) == images_child.TOO_LARGE


def test_forty_million_points_are_drawn_and_one_more_is_not():
    assert opened(images.draw_anew(bomb(8000, 5000))).size == (1600, 1000)
    assert refusal(bomb(8000, 5001)) == images_child.TOO_LARGE


def test_a_second_file_behind_the_picture_is_gone():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    made = images.draw_anew(picture() + buffer.getvalue() + b"<script>alert(1)</script>")
    assert b"PK\x03\x04" not in made
    assert b"script" not in made


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"


@pytest.mark.parametrize(
    "content",
    [SVG, EPS, b"<html><script>alert(1)</script></html>", picture("GIF"), picture("BMP"),
     picture("TIFF"), b"", b"\xff\xd8\xff\xe0", picture("PNG")[:60]],
    ids=["svg", "eps", "html", "gif", "bmp", "tiff", "empty", "head", "cut"],
)  # fmt: skip
def test_anything_else_is_refused_whatever_its_name(content):
    assert refusal(content) == images_child.NO_PICTURE


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (children.ChildBusyError(), images.BUSY),
        (children.ChildBrokenError("status -9"), images.NOT_READ),
    ],
)
def test_a_busy_or_broken_child_is_a_refusal_with_what_to_do(monkeypatch, fault, message):
    def fail(*_, **__):
        raise fault

    monkeypatch.setattr(children, "run", fail)
    assert refusal(picture()) == message


def test_the_child_draws_in_any_process(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    assert opened(images_child.work(picture("WEBP"), {"longest": 20})).size == (20, 10)
    assert opened(images_child.work(picture("PNG", mode="LA", color=(1, 0)), {"longest": 9}))
    with pytest.raises(children.ChildRefusedError, match="JPG"):
        images_child.work(SVG, {"longest": 20})
