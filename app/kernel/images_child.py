"""Draws one uploaded picture anew inside a limited child process; see app/files/images.py.

What comes out holds the picture's points and nothing else: no EXIF, no place where it was taken, no
comment, no second file behind the first.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from app.kernel.children import ChildRefusedError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 40_000_000
QUALITY = 85
WHITE = (255, 255, 255)

NO_PICTURE = "这不是能用的图片。请用 JPG、PNG 或 WEBP 格式的照片。"
TOO_LARGE = "图片超过4000万像素。请先缩小，或者换一张再上传。"


def work(content: bytes, options: Mapping[str, Any]) -> bytes:
    """Give the picture as JPEG, `longest` points at most on its longer side.

    With `shape`, a width and a height, its middle is cut out in that proportion and is no larger
    than that. Raises ChildRefusedError for what is no picture, by its content and not by its name.
    """
    # The size is looked at here, before a single point is unpacked.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ChildRefusedError(TOO_LARGE)
            return draw(picture, options["longest"], options.get("shape"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ChildRefusedError(NO_PICTURE) from error


def draw(picture: Image.Image, longest: int, shape: Sequence[int] | None) -> bytes:
    """Draw a picture upright, small enough, on white, and write it without any of its extras."""
    # A JPEG is decoded at about the size that is wanted, which saves most of the memory.
    picture.draft("RGB", (longest, longest))
    upright = ImageOps.exif_transpose(picture)
    if shape is not None:
        upright = cut_out(upright, *shape)
    upright.thumbnail((longest, longest))
    canvas = Image.new("RGB", upright.size, WHITE)
    if upright.has_transparency_data:
        see_through = upright.convert("RGBA")
        canvas.paste(see_through, mask=see_through.getchannel("A"))
    else:
        canvas.paste(upright.convert("RGB"))
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


def cut_out(upright: Image.Image, width: int, height: int) -> Image.Image:
    """Cut out the largest part in the proportion of a portrait, where the face is: a bit high.

    A picture that is smaller than wanted is cut and not blown up.
    """
    scale = min(1.0, upright.width / width, upright.height / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return ImageOps.fit(upright, size, centering=(0.5, 0.4))
