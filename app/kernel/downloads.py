"""Content that a browser saves or shows under a Chinese name, written as RFC 6266 wants it."""

from urllib.parse import quote

from flask import Response


def answer(content: bytes, name: str, media_type: str, *, is_inline: bool = False) -> Response:
    """Answer a request with a file."""
    response = Response(content, content_type=media_type)
    way = "inline" if is_inline else "attachment"
    response.headers["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name, safe='')}"
    return response
