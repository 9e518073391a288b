"""Static files under the hash of their tree: a new version has new addresses, so browsers may keep
them for ever, and modules that import one another stay together.

Text files are compressed once in memory. Pages are not compressed here: they carry secrets beside
text that others can choose, and a front proxy may decide otherwise.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.declared import public

KEEP_FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSED_SUFFIXES = frozenset({".css", ".js", ".svg", ".json"})
HASH_LENGTH = 12


@dataclass(frozen=True)
class StaticFile:
    """One file of the tree, held in memory."""

    body: bytes
    compressed: bytes | None
    media_type: str


@lru_cache(maxsize=4)
def read_tree(folder: Path) -> tuple[str, dict[str, StaticFile]]:
    """Read all static files; returns the tree's hash and the files by path."""
    digest, files = hashlib.sha256(), {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            name, body = path.relative_to(folder).as_posix(), path.read_bytes()
            digest.update(name.encode() + b"\0" + hashlib.sha256(body).digest())
            files[name] = StaticFile(body, compress(path, body), media_type_of(name))
    return digest.hexdigest()[:HASH_LENGTH], files


def media_type_of(name: str) -> str:
    """Give the media type by name; scripts need the exact one under nosniff."""
    if name.endswith(".js"):
        return "text/javascript; charset=utf-8"
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith("text/") else guessed


def compress(path: Path, body: bytes) -> bytes | None:
    """Compress text; the fixed time keeps the bytes the same at every start."""
    return gzip.compress(body, 9, mtime=0) if path.suffix in COMPRESSED_SUFFIXES else None


def init(app: Flask) -> None:
    """Offer `static_url(path)` to templates."""
    app.jinja_env.globals["static_url"] = static_url


def static_url(path: str) -> str:
    """Give the address of a static file; raises KeyError for one that does not exist."""
    tree_hash, files = read_tree(static_folder())
    files[path]
    return url_for("site.serve_static", tree_hash=tree_hash, path=path)


def static_folder() -> Path:
    """Where the files lie."""
    return Path(current_app.root_path) / "static"


@public
def serve_static(tree_hash: str, path: str) -> ResponseReturnValue:
    """Serve a file; an address of an older tree leads to the present one and is not kept."""
    present, files = read_tree(static_folder())
    if path not in files:
        abort(404)
    if tree_hash != present:
        return redirect(url_for("site.serve_static", tree_hash=present, path=path), 302)
    file = files[path]
    response = Response(file.body, content_type=file.media_type)
    if file.compressed is not None:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"]:
            response.set_data(file.compressed)
            response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = KEEP_FOR_EVER
    return response
