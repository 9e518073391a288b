"""Pictures into the site: by content only, drawn anew, with nothing of what a camera adds."""

import logging
from collections.abc import Mapping
from typing import Any

from app.kernel import children
from app.kernel.forms import RefusedError

logger = logging.getLogger(__name__)

CHILD_MEMORY = 640 << 20
CHILD_SECONDS = 10
LONGEST = 1600
"""Points on the longer side: enough for a sheet of paper, and about 300 KB."""
MEDIA_TYPE = "image/jpeg"
BUSY = "正在处理别的图片，请过一会儿再上传。"
NOT_READ = "这张图片处理不了：它可能已经损坏。请换一张再上传。"


def draw_anew(
    content: bytes, *, longest: int = LONGEST, shape: tuple[int, int] | None = None
) -> bytes:
    """Give an uploaded picture as a fresh JPEG; in a child process, not inside a write.

    `shape` is a width and a height in whose proportion its middle is cut out. Raises
    RefusedError(file=...) with what to do.
    """
    return draw_in_child(
        "app.kernel.images_child",
        content,
        seconds=CHILD_SECONDS,
        options={"longest": longest, "shape": shape},
        not_read=NOT_READ,
    )


def draw_in_child(
    module: str, content: bytes, *, seconds: int, options: Mapping[str, Any], not_read: str
) -> bytes:
    """Run a drawing child on an upload; raises RefusedError(file=...) with what to do.

    `not_read` is said where the child broke, or took too long or too much.
    """
    try:
        return children.run(module, content, memory=CHILD_MEMORY, seconds=seconds, options=options)
    except children.ChildRefusedError as refused:
        raise RefusedError(file=str(refused)) from refused
    except children.ChildBusyError as busy:
        raise RefusedError(file=BUSY) from busy
    except children.ChildBrokenError as broken:
        logger.warning("an upload was refused by %s: %s", module, broken)
        raise RefusedError(file=not_read) from broken
