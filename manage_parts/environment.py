"""The Python environment `.venv`: made once from a hashed lock, stamped, and then left alone."""

import fcntl
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from manage_parts import packages
from manage_parts.console import ROOT, Refusal, say, succeeds

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FONTS = VENV / "fonts"
FANG_SONG = VENV / "fang-song" / "FandolFang-Regular.otf"
# One file of a package of 49 MB, whose other files a site has no use for.
FANG_SONG_FROM = ("texlive-lang-chinese", "*/fandol/FandolFang-Regular.otf")
LOCKS = ROOT / "requirements"
FONT_MAKER = ROOT / "app" / "kernel" / "fonts.py"
# manage itself may run inside an activated .venv, which has no pip: the set-up always uses the
# interpreter below it.
BASE_PYTHON = Path(sys.base_prefix, "bin", "python{}.{}".format(*sys.version_info))
# pip warns root, who would spoil the system's packages; ours go into folders of their own.
AS_ROOT_TOO = ("--root-user-action", "ignore")
SATISFIED_BY = {"runtime": ("runtime", "develop"), "develop": ("develop",)}
"""A lock counts as installed when any of these locks is; develop holds all of runtime."""


def ensure(lock: str) -> None:
    """Make .venv hold the lock `runtime` or `develop`; quick when it already does."""
    if is_installed(lock):
        return
    with one_at_a_time():
        if not is_installed(lock):
            install(lock)


def ensure_fonts() -> None:
    """Cut the fonts for PDFs, once for each version of the page that cuts them."""
    stamp, expected = VENV / ".stamp-fonts", fingerprint(lock_of("runtime"), FONT_MAKER)
    if FONTS.is_dir() and read(stamp) == expected:
        return
    with one_at_a_time():
        say("正在准备中文字体……")
        if not FANG_SONG.is_file() and not packages.fetch_file(*FANG_SONG_FROM, FANG_SONG):
            say("没有取到仿宋字体，通报的正文改用宋体。")
        if not succeeds([PYTHON, "-m", "app.kernel.fonts", FONTS]):
            raise Refusal("没能准备好中文字体，原因见上。")
        stamp.write_text(expected)


def is_installed(lock: str) -> bool:
    """Whether a stamp says that the present text of the lock, or of a larger one, is installed."""
    return any(read(stamp_of(name)) == lock_digest(name) for name in SATISFIED_BY[lock])


def stamp_of(lock: str) -> Path:
    """The file that remembers what was installed; it goes away together with .venv."""
    return VENV / f".stamp-{lock}"


def lock_of(name: str) -> Path:
    """The file with the pins and their hashes."""
    return LOCKS / f"{name}.txt"


def lock_digest(name: str) -> str:
    """Sum up the lock and the interpreter, which a system upgrade replaces under .venv."""
    return f"{fingerprint(lock_of(name))} {PYTHON.resolve()}"


def fingerprint(*files: Path) -> str:
    """Sum up the contents of some files."""
    sums = (hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    return " ".join(sums)


def read(stamp: Path) -> str | None:
    """Read a stamp, None where there is none."""
    try:
        return stamp.read_text()
    except OSError:
        return None


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second manage in another terminal wait until the first has set up."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def install(lock: str) -> None:
    """Install every pin of the lock with uv, or with pip where uv can't be had or fails."""
    ensure_venv()
    say("正在安装 Python 依赖（首次约需一分钟）……")
    if not install_with_uv(lock):
        say("uv 用不上，改用 pip（较慢，约需两分钟）……")
        if not install_with_pip(lock):
            raise Refusal("没能装上 Python 依赖，原因见上。")
    stamp_of(lock).write_text(lock_digest(lock))


def ensure_venv() -> None:
    """Make .venv and the pip that fills it, where they are missing."""
    if not has_pip():
        packages.ensure([packages.PIP])
    make_venv()


def has_pip() -> bool:
    """Whether the interpreter has pip; Debian packages it apart."""
    look = "import importlib.util as util, sys; sys.exit(util.find_spec('pip') is None)"
    return succeeds([BASE_PYTHON, "-c", look])


def make_venv() -> None:
    """Make .venv, or make it anew where its interpreter went away with a system upgrade."""
    whole = "import os, sys, sysconfig; sys.exit(not os.path.isdir(sysconfig.get_path('purelib')))"
    if PYTHON.exists() and succeeds([PYTHON, "-c", whole]):
        return
    say("正在建立 .venv……")
    # Without pip: minimal Debian has no ensurepip, and nothing in .venv needs it.
    if not succeeds([BASE_PYTHON, "-m", "venv", "--without-pip", "--clear", VENV]):
        raise Refusal("没能建立 .venv，原因见上。")


def install_with_uv(lock: str) -> bool:
    """Install the lock in seconds."""
    pins = ["--require-hashes", "-r", lock_of(lock)]
    with fetched_uv() as uv:
        # Compiled, as pip does: who runs the site may not be allowed to write into .venv, and would
        # compile everything again at each start.
        command = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON, *pins]
        return uv is not None and succeeds(command, uv_environment())


def install_with_pip(lock: str) -> bool:
    """Install the lock in a minute or two, with whatever configuration pip has."""
    pins = ["--require-hashes", "-r", lock_of(lock)]
    return succeeds([*pip("--quiet", "--python", PYTHON, "install"), *AS_ROOT_TOO, *pins])


@contextmanager
def fetched_uv() -> Iterator[Path | None]:
    """Fetch the pinned uv for as long as it is needed, None where it can't be had.

    It is 60 MB that a running site has no use for. It lies in .venv meanwhile, since a hardened
    server runs no programs from /tmp.
    """
    with tempfile.TemporaryDirectory(prefix="uv-", dir=VENV) as folder:
        pins = ["--no-deps", "--require-hashes", "-r", lock_of("uv")]
        install = pip("--quiet", "install", *AS_ROOT_TOO, "--target", folder)
        fetched = succeeds([*install, *pins])
        yield Path(folder, "bin", "uv") if fetched else None


def pip(*words: object) -> list[object]:
    """Begin a pip call that asks nothing."""
    return [BASE_PYTHON, "-m", "pip", "--no-input", "--disable-pip-version-check", *words]


def uv_environment() -> dict[str, str]:
    """Hand uv the index and the certificate that the user gave to pip; it reads none of that."""
    given = pip_settings()
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_LINK_MODE="copy")
    if "index-url" in given and "UV_INDEX_URL" not in environment:
        environment.setdefault("UV_DEFAULT_INDEX", given["index-url"])
    if "cert" in given:
        environment.setdefault("SSL_CERT_FILE", given["cert"])
    return environment


def pip_settings() -> dict[str, str]:
    """Ask pip for its settings, from its files and from the environment alike."""
    command = [str(word) for word in pip("config", "list")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return parse_pip_settings(done.stdout)


def parse_pip_settings(listing: str) -> dict[str, str]:
    """Take index-url and cert, from the narrowest of pip's three scopes that names them."""
    found: dict[str, str] = {}
    for scope in ("global", "install", ":env:"):
        line = rf"^{re.escape(scope)}\.(index-url|cert)='(.*)'$"
        found.update(re.findall(line, listing, re.MULTILINE))
    return found
